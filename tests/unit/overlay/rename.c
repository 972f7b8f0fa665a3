// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Renaming: every sort of source onto every sort of target, against what rename(2) does to a plain
 * directory with the same content; now and after a remount.
 */
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

/* What can stand at a name: layers with NAME for the name, and the same as a plain tree ("" = users
 * see nothing). */
static const struct thing {
	const char *layers, *plain;
	bool lower_dir; /* a directory with something in a lower layer */
} things[] = {
	{"", "", false},
	{"l1/NAME=low", "NAME=low", false},
	{"u/NAME=up", "NAME=up", false},
	{"l1/NAME=low u/NAME=both", "NAME=both", false},
	{"l1/NAME>to", "NAME>to", false},
	{"u/NAME|", "NAME|", false},
	{"l1/NAME=low u/NAME!", "", false},
	{"l1/NAME/x=low u/NAME!", "", false},
	{"l1/NAME! l2/NAME=low", "", false},
	{"u/NAME/", "NAME/", false},
	{"u/NAME/k=kid", "NAME/k=kid", false},
	{"l1/NAME/hid=1 u/NAME/k=kid u/NAME@opaque=y", "NAME/k=kid", false},
	{"l1/NAME=low u/NAME/k=kid", "NAME/k=kid", false},
	{"l1/NAME/", "NAME/", true},
	{"l1/NAME/a=1 l2/NAME/b=2", "NAME/a=1 NAME/b=2", true},
	{"l1/NAME/a=1 u/NAME/b=2", "NAME/a=1 NAME/b=2", true},
	{"l1/NAME/a=1 u/NAME/a!", "NAME/", true},
	{"l1/NAME/a=1 l1/NAME/s/t=1 u/NAME/a! u/NAME/s/v=2", "NAME/s/t=1 NAME/s/v=2", true},
};

static const unsigned all_flags[] = {0, WORLD_USER_MARKS, WORLD_AUFS, WORLD_NO_WHITEOUT_RENAME,
	WORLD_NO_XATTRS, WORLD_COLD, WORLD_XATTR_WHITEOUTS};

static const struct pair {
	const char *from, *to;
} pairs[] = {{"n", "m"}, {"n", "d/m"}, {"d/n", "m"}};

/* words with NAME replaced, after prefix; appended to text. */
static void append_words(char **text, const char *words, const char *name, const char *prefix)
{
	char *copy = strdup(words), *rest = copy;
	for (char *word; (word = strsep(&rest, " "));) {
		if (!*word)
			continue;
		char *at = strstr(word, "NAME");
		support_append(text, " %s%.*s%s%s", prefix, (int)(at - word), word, name, at + 4);
	}
	free(copy);
}

/* A plain directory's dump in the words of world_view(), reduced to names, kinds and contents. */
static char *reduce_disk(const char *path)
{
	char *dump = support_dump(path, false), *text = NULL, *rest = dump;
	support_append(&text, "%s", "");
	for (char *line; (line = strsep(&rest, "\n"));) {
		char name[256], kind;
		if (sscanf(line, "%255s %c", name, &kind) != 2)
			continue;
		char *hash = strchr(line, '#'), *arrow = strstr(line, "-> ");
		support_append(&text, "%s %c %.9s%s\n", name + strlen(path), kind, hash ? hash : "",
			arrow ? arrow : "");
	}
	free(dump);
	return text;
}

static char *reduce_view(struct world *w)
{
	char *view = world_view(w, false), *text = NULL, *rest = view;
	support_append(&text, "%s", "");
	for (char *line; (line = strsep(&rest, "\n"));) {
		char name[256] = "";
		unsigned mode;
		if (strstr(line, "DIFFERS") || strstr(line, "LISTED, BUT"))
			support_append(&text, "%s\n", line);
		if (line[0] == ' ' ? sscanf(line, " %o", &mode) != 1
				   : sscanf(line, "%255s %o", name, &mode) != 2)
			continue;
		char *hash = strchr(line, '#'), *arrow = strstr(line, "-> ");
		char kind = S_ISDIR(mode)    ? 'd'
			    : S_ISREG(mode)  ? 'f'
			    : S_ISLNK(mode)  ? 'l'
			    : S_ISFIFO(mode) ? 'p'
					     : 'o';
		support_append(
			&text, "%s %c %.9s%s\n", name, kind, hash ? hash : "", arrow ? arrow : "");
	}
	free(view);
	return text;
}

struct matrix {
	const struct thing *from, *to;
	const struct pair *names;
	unsigned flags, rename_flags;
};

static void describe(const struct matrix *m, char *text, size_t size)
{
	snprintf(text, size, "'%s' -> '%s' (%s -> %s, flags %#x, rename flags %u)", m->from->layers,
		m->to->layers, m->names->from, m->names->to, m->flags, m->rename_flags);
}

static void make_both(const struct matrix *m)
{
	char *layers = NULL, *plain = NULL;
	support_append(&layers, "l1/d/keep=1 l2/z=1 u/ plain/d/keep=1 plain/z=1");
	append_words(&layers, m->from->layers, m->names->from, "");
	append_words(&layers, m->to->layers, m->names->to, "");
	append_words(&plain, m->from->plain, m->names->from, "plain/");
	append_words(&plain, m->to->plain, m->names->to, "plain/");
	/* "l1/NAME" has its layer in front already. */
	support_empty();
	support_tree(layers);
	if (plain)
		support_tree(plain);
	free(layers);
	free(plain);
}

/* Is a directory moved that could not be without redirects? */
static bool is_refused(const struct matrix *m)
{
	return m->from->lower_dir || ((m->rename_flags & RENAME_EXCHANGE) && m->to->lower_dir);
}

static void check_pair(const struct matrix *m)
{
	char what[256], from[64], to[64];
	struct world w;

	describe(m, what, sizeof(what));
	make_both(m);
	char *lower = support_dump("l1", true);
	snprintf(from, sizeof(from), "plain/%s", m->names->from);
	snprintf(to, sizeof(to), "plain/%s", m->names->to);
	world_open(&w, m->flags);
	bool redirects = w.fs->makes_redirects;
	int r = world_rename(&w, m->names->from, m->names->to, m->rename_flags);
	int expected = 0;
	if (is_refused(m) && !redirects && r == -EXDEV)
		expected = -EXDEV;
	else if (renameat2(AT_FDCWD, from, AT_FDCWD, to, m->rename_flags) < 0)
		expected = -errno;
	if (expected == -ENOTEMPTY && r == -EEXIST)
		r = expected;
	if (r != expected)
		fail_msg("%s: %s instead of %s", what, strerror(-r), strerror(-expected));
	char *plain = reduce_disk("plain");
	for (int remounted = 0; remounted < 2; remounted++) {
		char *view = reduce_view(&w);
		if (strcmp(view, plain) != 0)
			fail_msg("%s: after %s\n%s instead of\n%s", what,
				remounted ? "a remount" : "it", view, plain);
		free(view);
		world_reopen(&w, m->flags);
	}
	assert_int_equal(world_leftovers(), 0);
	world_close(&w);
	char *now = support_dump("l1", true);
	assert_string_equal(lower, now);
	free(now);
	free(lower);
	free(plain);
}

static void check_matrix(unsigned flags, unsigned rename_flags)
{
	for (size_t p = 0; p < N_ELEMENTS(pairs); p++)
		for (size_t i = 0; i < N_ELEMENTS(things); i++)
			for (size_t k = 0; k < N_ELEMENTS(things); k++)
				check_pair(&(struct matrix){
					&things[i], &things[k], &pairs[p], flags, rename_flags});
}

static void test_plain(void **state)
{
	(void)state;
	for (size_t f = 0; f < N_ELEMENTS(all_flags); f++)
		check_matrix(all_flags[f], 0);
}

static void test_noreplace(void **state)
{
	(void)state;
	check_matrix(0, RENAME_NOREPLACE);
}

static void test_exchange(void **state)
{
	(void)state;
	check_matrix(0, RENAME_EXCHANGE);
	check_matrix(WORLD_AUFS, RENAME_EXCHANGE);
}

static void test_with_redirects(void **state)
{
	(void)state;
	check_matrix(WORLD_REDIRECT, 0);
	check_matrix(WORLD_REDIRECT, RENAME_EXCHANGE);
	check_matrix(WORLD_REDIRECT | WORLD_COLD, 0);
}

static void test_flags(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/a=1 l1/b=2 l1/d/ u/");
	world_open(&w, 0);
	/* As the kernel's overlay: RENAME_WHITEOUT is not for users. */
	assert_int_equal(world_rename(&w, "a", "c", RENAME_WHITEOUT), -EINVAL);
	assert_int_equal(world_rename(&w, "a", "c", RENAME_NOREPLACE | RENAME_EXCHANGE), -EINVAL);
	assert_int_equal(world_rename(&w, "a", "c", 1u << 20), -EINVAL);
	assert_int_equal(world_rename(&w, "a", "none", RENAME_EXCHANGE), -ENOENT);
	assert_int_equal(world_rename(&w, "a", "a", 0), 0);
	assert_int_equal(world_rename(&w, "a", "b", RENAME_NOREPLACE), -EEXIST);
	char name[300];
	memset(name, 'n', 256);
	name[256] = '\0';
	assert_int_equal(world_rename(&w, "a", name, 0), -ENAMETOOLONG);
	assert_string_equal(world_names(&w, ""), "a b d");
	world_close(&w);
}

static void test_names_of_one_file(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/x=1 u/a=content u/b+u/a u/d/c+u/a");
	world_open(&w, 0);
	/* rename(2): two names of one file: nothing is done. */
	assert_int_equal(world_rename(&w, "a", "b", 0), 0);
	assert_int_equal(world_rename(&w, "a", "d/c", 0), 0);
	assert_string_equal(world_names(&w, ""), "a b d x");
	assert_string_equal(world_names(&w, "d"), "c");
	world_close(&w);
}

/* There and back again: a lower file returns to its own name. */
static void test_there_and_back(void **state)
{
	struct stat before, st;
	struct world w;
	(void)state;
	for (size_t f = 0; f < N_ELEMENTS(all_flags); f++) {
		support_empty();
		support_tree("l1/a=content l1/d/x=1 u/");
		world_open(&w, all_flags[f]);
		assert_int_equal(world_stat(&w, "a", &before), 1);
		for (int i = 0; i < 3; i++) {
			assert_int_equal(world_rename(&w, "a", "d/b", 0), 0);
			assert_int_equal(world_kind(&w, "a"), '-');
			world_reopen(&w, all_flags[f]);
			assert_int_equal(world_rename(&w, "d/b", "a", 0), 0);
			assert_string_equal(world_names(&w, "d"), "x");
		}
		world_reopen(&w, all_flags[f]);
		assert_string_equal(world_read(&w, "a"), "content");
		assert_int_equal(world_stat(&w, "a", &st), 1);
		if (!(all_flags[f] & WORLD_NO_XATTRS))
			assert_true(st.st_ino == before.st_ino);
		world_close(&w);
	}
}

/* The one that is replaced lives on for who has it open, and the one that moved is the same. */
static void test_open_files(void **state)
{
	char text[16] = "";
	struct stat st;
	struct world w;
	(void)state;
	support_tree("l1/a=from l1/b=low u/c=up u/");
	world_open(&w, 0);
	static const char *const victims[] = {"b", "c"};
	static const char *const contents[] = {"low", "up"};
	const char *at = "a";
	for (int i = 0; i < 2; i++) {
		struct ovl_inode *moved = world_get(&w, at), *victim = world_get(&w, victims[i]);
		assert_int_equal(world_rename(&w, at, victims[i], 0), 0);
		assert_int_equal(
			ovl_read(w.fs, victim, text, sizeof(text), 0), strlen(contents[i]));
		assert_memory_equal(text, contents[i], strlen(contents[i]));
		assert_int_equal(ovl_getattr(w.fs, victim, &st), 0);
		assert_int_equal(st.st_nlink, 0);
		struct ovl_inode *now = world_get(&w, victims[i]);
		assert_ptr_equal(now, moved);
		world_put(&w, now);
		world_put(&w, moved);
		world_put(&w, victim);
		at = victims[i];
	}
	world_close(&w);
}

/* A directory that moved takes along what is below, open or not. */
static void test_below_a_moved_directory(void **state)
{
	static const unsigned flags[] = {0, WORLD_COLD};
	struct world w;
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(flags); i++) {
		support_empty();
		support_tree("l1/t/x=1 u/d/e/f/g=deep u/o/p=1 l1/gone/x=1 u/gone!");
		world_open(&w, flags[i]);
		struct ovl_inode *g = world_get(&w, "d/e/f/g"), *e = world_get(&w, "d/e");
		struct ovl_set_id set_id = {0};
		struct ovl_node node;
		assert_int_equal(world_rename(&w, "d", "t/new", 0), 0);
		assert_int_equal(ovl_write(w.fs, g, "DEEP", 4, 0, &set_id), 4);
		assert_int_equal(ovl_mkdir(w.fs, e, "made", 0755, &w.caller, &node), 0);
		ovl_inode_forget(w.fs, node.nodeid, 1);
		assert_string_equal(world_read(&w, "t/new/e/f/g"), "DEEP");
		assert_int_equal(support_kind("u/t/new/e/made"), 'd');
		assert_int_equal(world_rename(&w, "t/new", "o", RENAME_EXCHANGE), 0);
		assert_string_equal(world_read(&w, "o/e/f/g"), "DEEP");
		assert_string_equal(world_names(&w, "t/new"), "p");
		assert_int_equal(world_rename(&w, "o", "gone", 0), 0);
		assert_string_equal(world_names(&w, "gone"), "e");
		assert_true(world_rename(&w, "gone", "gone/e/f/loop", 0) < 0);
		world_put(&w, g);
		world_put(&w, e);
		world_reopen(&w, flags[i]);
		assert_string_equal(world_read(&w, "gone/e/f/g"), "DEEP");
		assert_string_equal(world_names(&w, "gone"), "e");
		world_close(&w);
	}
}

/* Found by fuzzing: the directory that something comes out of is to be replaced by it. */
static void test_over_own_directory(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/dir/b/ u/dir/a/");
	world_open(&w, WORLD_REDIRECT);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(world_rename(&w, "dir/a", "dir", 0), -ENOTEMPTY);
		assert_int_equal(world_rename(&w, "dir/b", "dir", 0), -ENOTEMPTY);
	}
	assert_string_equal(world_names(&w, "dir"), "a b");
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_plain),
		TEST(test_noreplace),
		TEST(test_exchange),
		TEST(test_with_redirects),
		TEST(test_flags),
		TEST(test_names_of_one_file),
		TEST(test_there_and_back),
		TEST(test_open_files),
		TEST(test_below_a_moved_directory),
		TEST(test_over_own_directory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
