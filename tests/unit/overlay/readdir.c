// SPDX-License-Identifier: GPL-2.0-or-later
/* Listings: resumable from any offset, whatever comes and goes meanwhile. */
#include "world.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A reader with a buffer for so many entries at a time. */
struct reader {
	struct world *w;
	struct ovl_inode *dir;
	bool plus;
	unsigned room, left; /* entries per call, and in this one */
	uint64_t offset;
	uint8_t seen[8192]; /* by number, how often nNUMBER was listed */
	unsigned n, dots, with_node;
};

static bool has_room(void *data, size_t length)
{
	struct reader *r = data;
	assert_in_range(length, 1, 255);
	return r->left > 0;
}

static void add(void *data, const struct ovl_dirent *d)
{
	struct reader *r = data;
	assert_true(r->left > 0);
	r->left--;
	assert_in_range(d->next, 1, INT64_MAX);
	r->offset = d->next;
	r->n++;
	if (d->node) {
		r->with_node++;
		assert_true(d->node->st.st_ino == d->ino);
		assert_int_equal(IFTODT(d->node->st.st_mode), d->type);
		ovl_inode_forget(r->w->fs, d->node->nodeid, 1);
	}
	if (strcmp(d->name, ".") == 0 || strcmp(d->name, "..") == 0) {
		/* First of all, and in that order. */
		assert_int_equal(r->n, d->name[1] ? 2 : 1);
		assert_null(d->node);
		assert_int_equal(d->type, DT_DIR);
		r->dots++;
		return;
	}
	if (d->name[0] == 'n')
		r->seen[atoi(d->name + 1)]++;
}

/* One call. Returns whether there was anything. */
static bool read_some(struct reader *r)
{
	struct ovl_lister lister = {has_room, add, r, NULL};
	unsigned before = r->n;
	r->left = r->room;
	assert_int_equal(ovl_readdir(r->w->fs, r->dir, r->offset, r->plus, &lister), 0);
	return r->n > before;
}

static void open_reader(struct reader *r, struct world *w, const char *path, unsigned room)
{
	*r = (struct reader){.w = w, .room = room};
	r->dir = world_get(w, path);
}

static void make_files(const char *layer, int from, int to)
{
	char path[64];
	for (int i = from; i < to; i++) {
		snprintf(path, sizeof(path), "%s/n%d=x", layer, i);
		support_tree(path);
	}
}

static void test_in_pieces(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/ l2/ u/");
	make_files("l1", 0, 100);
	make_files("l2", 50, 150);
	make_files("u", 140, 200);
	support_tree("u/n300! u/n0!");
	world_open(&w, 0);
	for (unsigned room = 1; room < 400; room = room * 2 + 1)
		for (int plus = 0; plus < 2; plus++) {
			struct reader r;
			open_reader(&r, &w, "", room);
			r.plus = plus;
			while (read_some(&r))
				;
			assert_int_equal(r.n, 2 + 199);
			assert_int_equal(r.dots, 2);
			assert_int_equal(r.with_node, plus ? 199 : 0);
			for (int i = 0; i < 301; i++)
				assert_int_equal(r.seen[i], i > 0 && i < 200);
			assert_false(read_some(&r)); /* the end stays the end */
			world_put(&w, r.dir);
		}
	world_close(&w);
}

/* Every second file without its node: it is listed all the same. */
static bool wants_every_second(void *data, uint8_t type)
{
	struct reader *r = data;
	return type != DT_REG || r->n % 2 == 0;
}

static void test_some_nodes(void **state)
{
	struct reader r;
	struct world w;
	(void)state;
	support_tree("l1/d/ u/");
	make_files("l1", 0, 40);
	world_open(&w, 0);
	open_reader(&r, &w, "", 100);
	struct ovl_lister lister = {has_room, add, &r, wants_every_second};
	r.left = r.room;
	assert_int_equal(ovl_readdir(w.fs, r.dir, 0, true, &lister), 0);
	assert_int_equal(r.n, 2 + 41);
	/* 21 places are even; the directory is at one of them, or one more. */
	assert_in_range(r.with_node, 21, 22);
	world_put(&w, r.dir);
	world_close(&w);
}

static void test_no_room(void **state)
{
	struct reader r;
	struct world w;
	(void)state;
	support_tree("l1/n1=x u/");
	world_open(&w, 0);
	open_reader(&r, &w, "", 0);
	assert_false(read_some(&r));
	assert_true(r.offset == 0);
	world_put(&w, r.dir);
	world_close(&w);
}

static void test_seeking_back(void **state)
{
	uint64_t offsets[64];
	struct reader r;
	struct world w;
	(void)state;
	support_tree("l1/ u/");
	make_files("l1", 0, 40);
	world_open(&w, 0);
	open_reader(&r, &w, "", 1);
	for (unsigned i = 0; i < 42; i++) {
		assert_true(read_some(&r));
		offsets[i] = r.offset;
	}
	/* seekdir(telldir()): from each place exactly the rest is listed. */
	for (unsigned i = 2; i < 42; i++) {
		struct reader back;
		open_reader(&back, &w, "", 100);
		back.offset = offsets[i];
		back.n = 2;
		while (read_some(&back))
			;
		assert_int_equal(back.n - 2, 41 - i);
		world_put(&w, back.dir);
	}
	world_put(&w, r.dir);
	world_close(&w);
}

/* rm -rf, as readdir and unlink in turns: everything goes, nothing is left out. */
static void test_removing_while_listing(void **state)
{
	(void)state;
	for (unsigned room = 1; room < 40; room += 7) {
		struct reader r;
		struct world w;
		char name[16];
		bool gone[200] = {false};
		support_empty();
		support_tree("l1/ u/");
		make_files("l1", 0, 100);
		make_files("u", 100, 200);
		world_open(&w, 0);
		open_reader(&r, &w, "", room);
		while (read_some(&r))
			for (int i = 0; i < 200; i++)
				if (r.seen[i] && !gone[i]) {
					snprintf(name, sizeof(name), "n%d", i);
					assert_int_equal(world_unlink(&w, name), 0);
					gone[i] = true;
				}
		for (int i = 0; i < 200; i++)
			assert_int_equal(r.seen[i], 1);
		assert_string_equal(world_names(&w, ""), "");
		world_put(&w, r.dir);
		world_close(&w);
	}
}

/* Every name that is listed is renamed to a new one: the listing ends all the same. */
static void test_renaming_while_listing(void **state)
{
	struct reader r;
	struct world w;
	char from[16], to[16];
	bool moved[1000] = {false};
	(void)state;
	support_tree("l1/ u/");
	make_files("u", 0, 100);
	world_open(&w, 0);
	open_reader(&r, &w, "", 10);
	for (unsigned calls = 0; read_some(&r); calls++) {
		assert_in_range(calls, 0, 50);
		for (int i = 0; i < 100; i++)
			if (r.seen[i] && !moved[i]) {
				snprintf(from, sizeof(from), "n%d", i);
				snprintf(to, sizeof(to), "n%d", i + 1000);
				assert_int_equal(world_rename(&w, from, to, 0), 0);
				moved[i] = true;
			}
	}
	for (int i = 0; i < 100; i++)
		assert_int_equal(r.seen[i], 1);
	world_put(&w, r.dir);
	world_close(&w);
}

/* What copy-up, chmod and rename over a name do to it does not move it. */
static void test_changing_while_listing(void **state)
{
	struct reader r;
	struct world w;
	char name[16];
	(void)state;
	support_tree("l1/ u/");
	make_files("l1", 0, 100);
	world_open(&w, 0);
	open_reader(&r, &w, "", 7);
	for (int i = 0; read_some(&r); i++) {
		snprintf(name, sizeof(name), "n%d", i * 13 % 100);
		assert_int_equal(world_chmod(&w, name, 0600), 0);
		snprintf(name, sizeof(name), "n%d", i * 29 % 100);
		assert_int_equal(world_write(&w, name, "y", 0), 1);
		snprintf(name, sizeof(name), "m%d", i);
		assert_int_equal(world_mknod(&w, name, S_IFREG | 0644, 0), 0);
	}
	for (int i = 0; i < 100; i++)
		assert_int_equal(r.seen[i], 1);
	world_put(&w, r.dir);
	world_close(&w);
}

static void test_numbers_agree(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/f=x l1/d/e/g=y l1/l>f l1/p| l1/h1=1 l1/h2+l1/h1 l2/d/x=1 u/d/up=1 u/own=2 "
		     "u/od/x=1 l1/od/y=2 u/od@opaque=y u/both=1 l1/both=2");
	for (unsigned flags = 0; flags <= WORLD_USER_MARKS; flags += WORLD_USER_MARKS) {
		world_open(&w, flags);
		for (int i = 0; i < 2; i++) {
			char *view = world_view(&w, true);
			if (strstr(view, "DIFFERS") || strstr(view, "BUT"))
				fail_msg("%s", view);
			free(view);
			assert_int_equal(world_chmod(&w, "f", 0600), 0);
			assert_int_equal(world_chmod(&w, "d/e/g", 0600), 0);
			assert_int_equal(world_chmod(&w, "h1", 0600), 0);
			assert_int_equal(world_rename(&w, "f", "d/f", 0), 0);
			assert_int_equal(world_rename(&w, "d/f", "f", 0), 0);
			if (i == 0)
				world_reopen(&w, flags);
		}
		world_close(&w);
	}
}

struct dots {
	uint64_t dot, dot_dot;
};

static bool always(void *data, size_t length)
{
	(void)data;
	(void)length;
	return true;
}

static void note_dots(void *data, const struct ovl_dirent *d)
{
	struct dots *dots = data;
	if (strcmp(d->name, ".") == 0)
		dots->dot = d->ino;
	if (strcmp(d->name, "..") == 0)
		dots->dot_dot = d->ino;
}

static void check_dots(struct world *w, const char *path, const char *parent)
{
	struct dots dots;
	struct ovl_lister lister = {always, note_dots, &dots, NULL};
	struct stat own, above;
	struct ovl_inode *dir = world_get(w, path);
	assert_int_equal(ovl_readdir(w->fs, dir, 0, false, &lister), 0);
	assert_int_equal(world_stat(w, path, &own), 1);
	assert_int_equal(world_stat(w, parent, &above), 1);
	assert_true(dots.dot == own.st_ino);
	assert_true(dots.dot_dot == above.st_ino);
	world_put(w, dir);
}

static void test_dots(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/a/b/x=1 u/c/ l2/a/b/y=2");
	world_open(&w, 0);
	check_dots(&w, "", "");
	check_dots(&w, "a", "");
	check_dots(&w, "a/b", "a");
	assert_int_equal(world_chmod(&w, "a/b", 0700), 0);
	check_dots(&w, "a/b", "a");
	assert_int_equal(world_mkdir(&w, "c/d", 0755), 0);
	assert_int_equal(world_rename(&w, "c/d", "a/d", 0), 0);
	check_dots(&w, "a/d", "a");
	world_close(&w);
}

static void test_no_directory(void **state)
{
	struct reader r;
	struct ovl_lister lister = {has_room, add, &r, NULL};
	struct world w;
	(void)state;
	support_tree("l1/f=x l1/l>f u/");
	world_open(&w, 0);
	static const char *const names[] = {"f", "l"};
	for (size_t i = 0; i < 2; i++) {
		open_reader(&r, &w, names[i], 10);
		assert_int_equal(ovl_readdir(w.fs, r.dir, 0, false, &lister), -ENOTDIR);
		world_put(&w, r.dir);
	}
	world_close(&w);
}

/* A layer that cannot be read is never taken for an empty one. */
static void test_unreadable_layer(void **state)
{
	struct reader r;
	struct ovl_lister lister = {always, add, &r, NULL};
	struct world w;
	struct stat st;
	(void)state;
	if (geteuid() == 0)
		skip();
	support_tree("l1/d/x=1 l2/d/y=2 u/");
	assert_int_equal(chmod("l2/d", 0), 0);
	world_open(&w, 0);
	open_reader(&r, &w, "d", 10);
	assert_int_equal(ovl_readdir(w.fs, r.dir, 0, false, &lister), -EACCES);
	assert_int_equal(world_stat(&w, "d/x", &st), -EACCES);
	assert_int_equal(chmod("l2/d", 0755), 0);
	assert_string_equal(world_names(&w, "d"), "x y"); /* and later it works */
	world_put(&w, r.dir);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_in_pieces),
		TEST(test_some_nodes),
		TEST(test_no_room),
		TEST(test_seeking_back),
		TEST(test_removing_while_listing),
		TEST(test_renaming_while_listing),
		TEST(test_changing_while_listing),
		TEST(test_numbers_agree),
		TEST(test_dots),
		TEST(test_no_directory),
		TEST(test_unreadable_layer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
