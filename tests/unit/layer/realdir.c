// SPDX-License-Identifier: GPL-2.0-or-later
/* Real directories: the bound of the cache, the way along parents, renames under way. */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "layer/layer.h"

/* One layer, "l", and its root. */
struct tree {
	struct ovl_realdir_cache cache;
	struct ovl_layer layer;
	struct ovl_realdir *root;
	unsigned fds; /* open when it was made, the root's own included */
};

static void tree_init(struct tree *t, unsigned max_open)
{
	assert_int_equal(ovl_realdir_cache_init(&t->cache, max_open), 0);
	t->layer = (struct ovl_layer){.index = 1};
	int fd = open("l", O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	t->root = ovl_realdir_new_root(&t->layer, fd);
	t->fds = support_count_fds();
}

static void tree_clear(struct tree *t)
{
	ovl_realdir_unref(&t->cache, t->root);
	assert_int_equal(support_count_fds(), t->fds - 1);
	ovl_realdir_cache_clear(&t->cache);
}

static struct ovl_realdir *child(struct tree *t, struct ovl_realdir *parent, const char *name)
{
	struct ovl_realdir *dir = ovl_realdir_new(&t->cache, parent, name);
	assert_non_null(dir);
	return dir;
}

/* Is dir's descriptor open on what stands at path? */
static bool leads_to(struct tree *t, struct ovl_realdir *dir, const char *path)
{
	struct stat a, b;
	int fd = ovl_realdir_hold(&t->cache, dir);
	if (fd < 0)
		return false;
	bool same = fstat(fd, &a) == 0 && lstat(path, &b) == 0 && a.st_ino == b.st_ino;
	ovl_realdir_release(&t->cache, dir);
	return same;
}

static void test_nothing_is_opened_early(void **state)
{
	struct tree t;
	(void)state;
	support_tree("l/a/b/");
	tree_init(&t, 10);
	struct ovl_realdir *a = child(&t, t.root, "a"), *b = child(&t, a, "b");
	struct ovl_realdir *none = child(&t, t.root, "none");
	assert_int_equal(support_count_fds(), t.fds);
	assert_true(leads_to(&t, b, "l/a/b"));
	assert_true(leads_to(&t, t.root, "l"));
	assert_true(support_count_fds() > t.fds);
	assert_int_equal(ovl_realdir_hold(&t.cache, none), -ENOENT);
	ovl_realdir_unref(&t.cache, none);
	ovl_realdir_unref(&t.cache, a); /* b keeps its parent */
	assert_true(leads_to(&t, b, "l/a/b"));
	ovl_realdir_unref(&t.cache, b);
	assert_int_equal(support_count_fds(), t.fds);
	ovl_realdir_unref(&t.cache, NULL);
	tree_clear(&t);
}

#define WIDE 50

static void test_bound(void **state)
{
	struct ovl_realdir *dirs[WIDE];
	struct tree t;
	char name[32], path[32];
	(void)state;
	for (unsigned max = 0; max < 8; max += max < 2 ? 1 : 5) {
		support_empty();
		support_tree("l/");
		tree_init(&t, max);
		for (int i = 0; i < WIDE; i++) {
			snprintf(path, sizeof(path), "l/%d", i);
			assert_int_equal(mkdir(path, 0755), 0);
			snprintf(name, sizeof(name), "%d", i);
			dirs[i] = child(&t, t.root, name);
		}
		for (int i = 0; i < 3 * WIDE; i++) {
			snprintf(path, sizeof(path), "l/%d", i * 7 % WIDE);
			assert_true(leads_to(&t, dirs[i * 7 % WIDE], path));
			assert_in_range(support_count_fds(), t.fds, t.fds + max);
		}
		for (int i = 0; i < WIDE; i++)
			ovl_realdir_unref(&t.cache, dirs[i]);
		assert_int_equal(support_count_fds(), t.fds);
		tree_clear(&t);
	}
}

static void test_held_stay_open(void **state)
{
	struct ovl_realdir *dirs[WIDE];
	int fds[WIDE];
	struct tree t;
	struct stat st;
	char path[32];
	(void)state;
	support_tree("l/");
	tree_init(&t, 2);
	for (int i = 0; i < WIDE; i++) {
		snprintf(path, sizeof(path), "l/%d", i);
		assert_int_equal(mkdir(path, 0755), 0);
		dirs[i] = child(&t, t.root, path + 2);
		fds[i] = ovl_realdir_hold(&t.cache, dirs[i]);
		assert_true(fds[i] >= 0);
		assert_int_equal(ovl_realdir_hold(&t.cache, dirs[i]), fds[i]); /* twice */
	}
	for (int i = 0; i < WIDE; i++) {
		ovl_realdir_release(&t.cache, dirs[i]);
		assert_int_equal(fstat(fds[i], &st), 0);
	}
	for (int i = 0; i < WIDE; i++)
		ovl_realdir_release(&t.cache, dirs[i]);
	assert_in_range(support_count_fds(), t.fds, t.fds + 2);
	for (int i = 0; i < WIDE; i++)
		ovl_realdir_unref(&t.cache, dirs[i]);
	tree_clear(&t);
}

#define DEEP 1500

/* Far beyond PATH_MAX, and with fewer descriptors than levels. */
static void test_deep(void **state)
{
	struct ovl_realdir *dirs[DEEP];
	struct tree t;
	(void)state;
	support_tree("l/");
	int at = open("l", O_PATH | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; i < DEEP; i++) {
		assert_int_equal(mkdirat(at, "level", 0755), 0);
		int next = openat(at, "level", O_PATH | O_DIRECTORY | O_CLOEXEC);
		close(at);
		at = next;
	}
	struct stat deepest, st;
	assert_int_equal(fstat(at, &deepest), 0);
	close(at);
	tree_init(&t, 3);
	for (int i = 0; i < DEEP; i++)
		dirs[i] = child(&t, i ? dirs[i - 1] : t.root, "level");
	int fd = ovl_realdir_hold(&t.cache, dirs[DEEP - 1]);
	assert_int_equal(fstat(fd, &st), 0);
	assert_true(st.st_ino == deepest.st_ino);
	ovl_realdir_release(&t.cache, dirs[DEEP - 1]);
	assert_in_range(support_count_fds(), t.fds, t.fds + 3);
	for (int i = DEEP - 1; i >= 0; i--)
		ovl_realdir_unref(&t.cache, dirs[i]);
	tree_clear(&t);
}

static void test_rename_moves(void **state)
{
	struct tree t;
	(void)state;
	support_tree("l/a/b/c/ l/x/ l/file=1");
	tree_init(&t, 1);
	struct ovl_realdir *a = child(&t, t.root, "a"), *b = child(&t, a, "b");
	struct ovl_realdir *c = child(&t, b, "c"), *x = child(&t, t.root, "x");
	assert_int_equal(ovl_realdir_rename(&t.cache, a, "b", x, "moved", 0, b, NULL), 0);
	assert_true(leads_to(&t, x, "l/x"));
	assert_true(leads_to(&t, c, "l/x/moved/c"));
	assert_ptr_equal(b->parent, x);
	assert_string_equal(b->name, "moved");
	/* Something that no node stands for. */
	assert_int_equal(
		ovl_realdir_rename(&t.cache, t.root, "file", b, "file2", 0, NULL, NULL), 0);
	assert_string_equal(support_read("l/x/moved/file2"), "1");
	/* The place is taken: nothing changes. */
	support_tree("l/full/y=1");
	int r = ovl_realdir_rename(&t.cache, x, "moved", t.root, "full", 0, b, NULL);
	assert_true(r == -ENOTEMPTY || r == -EEXIST);
	r = ovl_realdir_rename(&t.cache, x, "moved", t.root, "a", RENAME_NOREPLACE, b, NULL);
	assert_int_equal(r, -EEXIST);
	assert_string_equal(b->name, "moved");
	assert_true(leads_to(&t, c, "l/x/moved/c"));
	r = ovl_realdir_rename(&t.cache, x, "none", t.root, "full2", 0, NULL, NULL);
	assert_int_equal(r, -ENOENT);
	ovl_realdir_unref(&t.cache, c);
	ovl_realdir_unref(&t.cache, b);
	ovl_realdir_unref(&t.cache, a);
	ovl_realdir_unref(&t.cache, x);
	tree_clear(&t);
}

static void test_rename_exchanges(void **state)
{
	struct tree t;
	(void)state;
	support_tree("l/a/in_a/ l/p/b/in_b/");
	tree_init(&t, 1);
	struct ovl_realdir *a = child(&t, t.root, "a"), *p = child(&t, t.root, "p");
	struct ovl_realdir *b = child(&t, p, "b"), *in_a = child(&t, a, "in_a");
	struct ovl_realdir *in_b = child(&t, b, "in_b");
	assert_int_equal(
		ovl_realdir_rename(&t.cache, t.root, "a", p, "b", RENAME_EXCHANGE, a, b), 0);
	assert_true(leads_to(&t, p, "l/p"));
	assert_true(leads_to(&t, in_a, "l/p/b/in_a"));
	assert_true(leads_to(&t, in_b, "l/a/in_b"));
	assert_string_equal(a->name, "b");
	assert_string_equal(b->name, "a");
	assert_ptr_equal(a->parent, p);
	assert_ptr_equal(b->parent, t.root);
	ovl_realdir_unref(&t.cache, in_b);
	ovl_realdir_unref(&t.cache, in_a);
	ovl_realdir_unref(&t.cache, b);
	ovl_realdir_unref(&t.cache, p);
	ovl_realdir_unref(&t.cache, a);
	tree_clear(&t);
}

static void test_removed_is_kept(void **state)
{
	struct ovl_realdir *others[4];
	struct tree t;
	struct stat before, st;
	(void)state;
	support_tree("l/d/ l/0/ l/1/ l/2/ l/3/");
	tree_init(&t, 1);
	struct ovl_realdir *d = child(&t, t.root, "d");
	assert_int_equal(lstat("l/d", &before), 0);
	assert_true(ovl_realdir_hold(&t.cache, d) >= 0);
	ovl_realdir_keep_open(&t.cache, d);
	ovl_realdir_keep_open(&t.cache, d);
	assert_int_equal(rmdir("l/d"), 0);
	ovl_realdir_release(&t.cache, d);
	for (int i = 0; i < 4; i++) {
		char name[2] = {(char)('0' + i), '\0'};
		others[i] = child(&t, t.root, name);
		assert_true(ovl_realdir_hold(&t.cache, others[i]) >= 0);
		ovl_realdir_release(&t.cache, others[i]);
	}
	int fd = ovl_realdir_hold(&t.cache, d); /* nothing else would lead there */
	assert_int_equal(fstat(fd, &st), 0);
	assert_true(st.st_ino == before.st_ino);
	ovl_realdir_release(&t.cache, d);
	assert_in_range(support_count_fds(), t.fds + 1, t.fds + 2); /* it counts apart */
	ovl_realdir_unref(&t.cache, d);
	assert_in_range(support_count_fds(), t.fds, t.fds + 1);
	for (int i = 0; i < 4; i++)
		ovl_realdir_unref(&t.cache, others[i]);
	tree_clear(&t);
}

/* Somebody puts a link where a directory was: it is not followed, wherever on the way it stands. */
static void test_links_in_the_way(void **state)
{
	static const char *const targets[] = {"/", "../out", "b2", "."};
	struct tree t;
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(targets); i++) {
		support_empty();
		support_tree("l/a/b/c/ out/c/secret=x l/b2/c/");
		tree_init(&t, 0);
		struct ovl_realdir *a = child(&t, t.root, "a"), *b = child(&t, a, "b");
		struct ovl_realdir *c = child(&t, b, "c");
		assert_true(leads_to(&t, c, "l/a/b/c"));
		assert_int_equal(rename("l/a/b", "l/aside"), 0);
		assert_int_equal(symlink(targets[i], "l/a/b"), 0);
		int r = ovl_realdir_hold(&t.cache, c);
		assert_true(r == -ENOTDIR || r == -ELOOP);
		r = ovl_realdir_hold(&t.cache, b);
		assert_true(r == -ENOTDIR || r == -ELOOP);
		assert_int_equal(unlink("l/a/b"), 0);
		assert_int_equal(ovl_realdir_hold(&t.cache, c), -ENOENT);
		support_tree("l/a/b=file");
		assert_int_equal(ovl_realdir_hold(&t.cache, c), -ENOTDIR);
		assert_int_equal(support_count_fds(), t.fds);
		ovl_realdir_unref(&t.cache, c);
		ovl_realdir_unref(&t.cache, b);
		ovl_realdir_unref(&t.cache, a);
		tree_clear(&t);
	}
}

static void test_hold_of_a_real_object(void **state)
{
	struct tree t;
	struct ovl_hold hold;
	struct stat st;
	(void)state;
	support_tree("l/a/f=12345");
	tree_init(&t, 0);
	struct ovl_realdir *a = child(&t, t.root, "a");
	assert_int_equal(ovl_real_hold(&t.cache, &(struct ovl_real){a, "f", -1}, &hold), 0);
	assert_int_equal(sys_stat(hold.at, &st), 0);
	assert_int_equal(st.st_size, 5);
	ovl_real_release(&hold);
	ovl_real_release(&hold); /* harmless */
	assert_int_equal(ovl_real_hold(&t.cache, &(struct ovl_real){a, "", -1}, &hold), 0);
	assert_int_equal(sys_stat(hold.at, &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	ovl_real_release(&hold);
	int fd = open("l/a/f", O_PATH | O_CLOEXEC);
	assert_int_equal(ovl_real_hold(&t.cache, &(struct ovl_real){NULL, "", fd}, &hold), 0);
	assert_int_equal(sys_stat(hold.at, &st), 0);
	assert_int_equal(st.st_size, 5);
	ovl_real_release(&hold);
	close(fd);
	hold = OVL_HOLD_NONE;
	ovl_real_release(&hold);
	assert_int_equal(rename("l/a", "l/b"), 0);
	assert_int_equal(ovl_real_hold(&t.cache, &(struct ovl_real){a, "f", -1}, &hold), -ENOENT);
	ovl_realdir_unref(&t.cache, a);
	tree_clear(&t);
}

/* Threads that walk while others rename back and forth: always there, never another's. */
struct walk {
	struct tree *t;
	struct ovl_realdir *dir;
	ino_t ino;
	int bad;
};

static void *walk(void *data)
{
	struct walk *w = data;
	struct stat st;
	for (int i = 0; i < 4000 && !w->bad; i++) {
		int fd = ovl_realdir_hold(&w->t->cache, w->dir);
		if (fd < 0 || fstat(fd, &st) < 0 || st.st_ino != w->ino)
			w->bad = fd < 0 ? fd : 1;
		if (fd >= 0)
			ovl_realdir_release(&w->t->cache, w->dir);
	}
	return NULL;
}

static void test_walking_while_renaming(void **state)
{
	struct tree t;
	struct stat st;
	pthread_t threads[3];
	struct walk walks[3];
	(void)state;
	support_tree("l/a/b/c/d/ l/x/");
	assert_int_equal(lstat("l/a/b/c/d", &st), 0);
	tree_init(&t, 0);
	struct ovl_realdir *a = child(&t, t.root, "a"), *b = child(&t, a, "b");
	struct ovl_realdir *c = child(&t, b, "c"), *d = child(&t, c, "d");
	struct ovl_realdir *x = child(&t, t.root, "x");
	for (int i = 0; i < 3; i++) {
		walks[i] = (struct walk){&t, d, st.st_ino, 0};
		assert_int_equal(pthread_create(&threads[i], NULL, walk, &walks[i]), 0);
	}
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(ovl_realdir_rename(&t.cache, a, "b", x, "y", 0, b, NULL), 0);
		assert_int_equal(ovl_realdir_rename(&t.cache, x, "y", a, "b", 0, b, NULL), 0);
	}
	for (int i = 0; i < 3; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(walks[i].bad, 0);
	}
	ovl_realdir_unref(&t.cache, d);
	ovl_realdir_unref(&t.cache, c);
	ovl_realdir_unref(&t.cache, b);
	ovl_realdir_unref(&t.cache, a);
	ovl_realdir_unref(&t.cache, x);
	tree_clear(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_nothing_is_opened_early),
		TEST(test_bound),
		TEST(test_held_stay_open),
		TEST(test_deep),
		TEST(test_rename_moves),
		TEST(test_rename_exchanges),
		TEST(test_removed_is_kept),
		TEST(test_links_in_the_way),
		TEST(test_hold_of_a_real_object),
		TEST(test_walking_while_renaming),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
