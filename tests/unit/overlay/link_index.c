// SPDX-License-Identifier: GPL-2.0-or-later
/* The link index: its names, its counts, and what a mount makes of what it finds there. */
#include "world.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "link_index.h"
#include "sys/xattrs.h"

#define FLAGS (WORLD_INDEX | WORLD_USER_MARKS)

static void test_names(void **state)
{
	uint8_t handle[OVL_FB_MAX] = {0, 0xfb, 0x1d, 0xa9}, back[OVL_FB_MAX];
	ovl_link_name name;
	(void)state;
	assert_int_equal(ovl_link_index_format(handle, 4, name), 0);
	assert_string_equal(name, "00fb1da9");
	assert_int_equal(ovl_link_index_parse(name, back), 4);
	assert_memory_equal(back, handle, 4);
	assert_int_equal(ovl_link_index_format(handle, 127, name), 0);
	assert_int_equal(strlen(name), 254);
	assert_int_equal(ovl_link_index_format(handle, 128, name), -EOPNOTSUPP);
	assert_int_equal(ovl_link_index_parse("00f", back), -EINVAL);
	assert_int_equal(ovl_link_index_parse("00FB", back), -EINVAL);
	assert_int_equal(ovl_link_index_parse("#1", back), -EINVAL);
	assert_int_equal(ovl_link_index_parse("", back), 0);
}

static nlink_t links(struct world *w, const char *path)
{
	struct stat st;
	assert_int_equal(world_stat(w, path, &st), 1);
	return st.st_nlink;
}

/* The only entry of the link index; "" where there is none. */
static const char *only_entry(void)
{
	static char path[300];
	DIR *dir = opendir("w/index");
	path[0] = '\0';
	assert_non_null(dir);
	for (struct dirent *d; (d = readdir(dir));)
		if (d->d_name[0] != '.')
			snprintf(path, sizeof(path), "w/index/%s", d->d_name);
	closedir(dir);
	return path;
}

static const char *mark_of(const char *path)
{
	static char value[32];
	ssize_t size = getxattr(path, "user.overlay.nlink", value, sizeof(value) - 1);
	value[size < 0 ? 0 : size] = '\0';
	return value;
}

/* The marks are, step by step, what kernel overlayfs (6.18) writes. */
static void test_marks_as_the_kernel(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/a=text l1/b+l1/a l1/c+l1/a u/");
	world_open(&w, FLAGS);
	assert_int_equal(world_write(&w, "a", "TEXT", 0), 4);
	assert_string_equal(mark_of("u/a"), "U+1");
	assert_int_equal(support_kind("u/b"), '-');
	assert_int_equal(links(&w, "b"), 3);
	assert_string_equal(world_read(&w, "b"), "TEXT");
	assert_int_equal(world_unlink(&w, "c"), 0);
	assert_string_equal(mark_of("u/a"), "U+0");
	assert_int_equal(support_kind("u/c"), 'w');
	assert_int_equal(links(&w, "a"), 2);
	assert_int_equal(world_link(&w, "b", "d"), 0);
	assert_int_equal(links(&w, "d"), 3);
	world_reopen(&w, FLAGS);
	assert_int_equal(links(&w, "b"), 3);
	assert_int_equal(world_rename(&w, "b", "e", 0), 0);
	assert_string_equal(mark_of("u/e"), "U-1");
	assert_int_equal(links(&w, "e"), 3);
	assert_int_equal(world_unlink(&w, "a"), 0);
	assert_int_equal(world_unlink(&w, "d"), 0);
	assert_int_equal(links(&w, "e"), 1);
	assert_string_equal(world_read(&w, "e"), "TEXT");
	assert_int_equal(world_unlink(&w, "e"), 0);
	assert_string_equal(only_entry(), "");
	world_close(&w);
}

struct odd_mark {
	const char *value; /* NULL: none */
	nlink_t expected;  /* of a file of which 2 of 3 names are copied up: 3 real links */
};

static void test_odd_marks(void **state)
{
	static const struct odd_mark marks[] = {
		{"U+0", 3},
		{"L+0", 3},
		{"L-1", 2},
		{"U-2", 1},
		{"U-3", 3}, /* no links at all: what the upper has */
		{"U-99", 3},
		{NULL, 3},
		{"", 3},
		{"junk", 3},
		{"U0", 3},
		{"U+0x", 3},
		{"U+99999999999", 3},
		{"U+12345678901234567890", 3},
	};
	struct world w;
	(void)state;
	support_tree("l1/a=text l1/b+l1/a l1/c+l1/a u/");
	world_open(&w, FLAGS);
	assert_int_equal(world_chmod(&w, "a", 0600), 0);
	assert_int_equal(world_rename(&w, "b", "b2", 0), 0);
	for (size_t i = 0; i < N_ELEMENTS(marks); i++) {
		if (marks[i].value)
			assert_int_equal(setxattr("u/a", "user.overlay.nlink", marks[i].value,
						 strlen(marks[i].value), 0),
				0);
		else
			assert_int_equal(removexattr("u/a", "user.overlay.nlink"), 0);
		world_reopen(&w, FLAGS);
		if (links(&w, "c") != marks[i].expected)
			fail_msg("%s: %lu links", marks[i].value ? marks[i].value : "none",
				(unsigned long)links(&w, "c"));
	}
	world_close(&w);
}

/* A copy that the upper has no name of: is it kept, with that mark? */
static bool is_kept(const char *mark)
{
	char entry[300];
	struct world w;
	support_empty();
	support_tree("l1/a=text l1/b+l1/a u/");
	world_open(&w, FLAGS);
	assert_int_equal(world_write(&w, "a", "TEXT", 0), 4);
	world_close(&w);
	snprintf(entry, sizeof(entry), "%s", only_entry());
	assert_int_equal(unlink("u/a"), 0);
	if (mark)
		assert_int_equal(setxattr(entry, "user.overlay.nlink", mark, strlen(mark), 0), 0);
	else
		assert_int_equal(removexattr(entry, "user.overlay.nlink"), 0);
	world_open(&w, FLAGS);
	bool kept = only_entry()[0];
	assert_string_equal(world_read(&w, "b"), kept ? "TEXT" : "text");
	world_close(&w);
	return kept;
}

static void test_orphans(void **state)
{
	(void)state;
	assert_true(is_kept("U+0"));
	assert_true(is_kept("U+1"));
	assert_true(is_kept("L+0"));
	assert_true(is_kept("L-1"));
	assert_false(is_kept("U-1"));
	assert_false(is_kept("U-7"));
	assert_false(is_kept("junk"));
	assert_false(is_kept(NULL));
}

/* What ovl_fs_new() says of an index with one more entry. */
static int try_entry(const char *words)
{
	struct world w;
	support_empty();
	support_tree("l1/a=text u/ w/index/");
	support_tree(words);
	world_prepare(&w, FLAGS);
	int r = world_start(&w, FLAGS);
	if (r == 0)
		world_close(&w);
	return r;
}

static void test_entries_that_are_none(void **state)
{
	(void)state;
	assert_int_equal(try_entry("w/index/#1f/x/y=z w/index/#20!"), 0);
	assert_string_equal(only_entry(), "");
	assert_int_equal(try_entry("w/index/notes=x"), -EINVAL);
	assert_int_equal(try_entry("w/index/0123=x"), -EINVAL);
	assert_int_equal(support_kind("w/index/0123"), 'f');
	/* no magic; a later version; without an origin mark */
	assert_int_equal(
		try_entry("w/index/00fa1d0001000000000000000000000000000000000000000000000000=x"),
		-EINVAL);
	assert_int_equal(
		try_entry("w/index/01fb1d0001000000000000000000000000000000000000000000000000=x"),
		-ENODATA);
	assert_int_equal(
		try_entry("w/index/00fb1c0001000000000000000000000000000000000000000000000000=x"),
		-ENODATA);
	/* what nfs_export=on of the kernel leaves */
	assert_int_equal(
		try_entry("w/index/00fb1c0001000000000000000000000000000000000000000000000000!"),
		0);
	assert_int_equal(
		try_entry("w/index/00fb1c0001000000000000000000000000000000000000000000000000/"),
		0);
}

static void test_other_layers(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/a=text l1/b+l1/a other/ u/");
	world_open(&w, FLAGS);
	world_close(&w);
	assert_int_equal(rename("l1", "was"), 0);
	assert_int_equal(rename("other", "l1"), 0);
	world_prepare(&w, FLAGS);
	assert_int_equal(world_start(&w, FLAGS), -ESTALE);
	world_prepare(&w, WORLD_USER_MARKS);
	assert_int_equal(world_start(&w, WORLD_USER_MARKS), 0);
	world_close(&w);
	assert_int_equal(rename("l1", "other"), 0);
	assert_int_equal(rename("was", "l1"), 0);
	assert_int_equal(rename("u", "u2"), 0);
	support_tree("u/");
	world_prepare(&w, FLAGS);
	assert_int_equal(world_start(&w, FLAGS), -ESTALE);
}

/* Without index=on nothing is made, and a link breaks as before. */
static void test_off(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/a=text l1/b+l1/a u/");
	world_open(&w, WORLD_USER_MARKS);
	assert_int_equal(world_write(&w, "a", "TEXT", 0), 4);
	assert_string_equal(world_read(&w, "b"), "text");
	assert_int_equal(support_kind("w/index"), '-');
	assert_int_equal(getxattr("u", "user.overlay.origin", NULL, 0), -1);
	world_close(&w);
}

/* A lower file was given a name behind our back, and all that users see are removed. */
static void test_lower_gets_a_name(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/a=text l1/b+l1/a u/");
	world_open(&w, FLAGS);
	assert_int_equal(world_write(&w, "a", "TEXT", 0), 4);
	assert_int_equal(link("l1/b", "l1/c"), 0);
	world_reopen(&w, FLAGS);
	assert_int_equal(world_unlink(&w, "c"), 0);
	assert_int_equal(world_unlink(&w, "b"), 0);
	assert_string_equal(world_read(&w, "a"), "TEXT");
	assert_int_equal(links(&w, "a"), 1);
	world_reopen(&w, FLAGS);
	assert_int_equal(links(&w, "a"), 1);
	assert_int_equal(world_unlink(&w, "a"), 0);
	assert_string_equal(only_entry(), "");
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_names),
		TEST(test_marks_as_the_kernel),
		TEST(test_odd_marks),
		TEST(test_orphans),
		TEST(test_entries_that_are_none),
		TEST(test_other_layers),
		TEST(test_off),
		TEST(test_lower_gets_a_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
