// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Metacopies: what stands in the upper after each step, and where data come from.
 */
#include "world.h"

#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

static const char *mark(enum ovl_mark_kind kind)
{
	return ovl_mark_name(geteuid() == 0 ? OVL_PREFIX_TRUSTED : OVL_PREFIX_USER, kind);
}

static bool is_metacopy(const char *path)
{
	return getxattr(path, mark(OVL_MARK_METACOPY), NULL, 0) == 0;
}

static void assert_redirect(const char *path, const char *redirect)
{
	char value[256] = "";
	assert_int_equal(getxattr(path, mark(OVL_MARK_REDIRECT), value, sizeof(value) - 1),
		strlen(redirect));
	assert_string_equal(value, redirect);
}

static void start(struct world *w, const char *layers, unsigned flags)
{
	support_empty();
	support_tree(layers);
	world_open(w, flags);
}

static void test_made_and_completed(void **state)
{
	struct world w;
	(void)state;
	start(&w, "l1/f=content u/", WORLD_METACOPY);
	assert_int_equal(world_chmod(&w, "f", 0600), 0);
	assert_true(is_metacopy("u/f"));
	assert_string_equal(world_read(&w, "f"), "content");
	world_reopen(&w, WORLD_METACOPY);
	assert_string_equal(world_read(&w, "f"), "content");
	assert_int_equal(world_write(&w, "f", "C", 0), 1);
	assert_false(is_metacopy("u/f"));
	assert_string_equal(world_read(&w, "f"), "Content");
	world_reopen(&w, WORLD_METACOPY);
	assert_string_equal(world_read(&w, "f"), "Content");
	world_close(&w);
}

static void test_off_copies_data(void **state)
{
	struct world w;
	(void)state;
	start(&w, "l1/f=content u/", WORLD_REDIRECT);
	assert_int_equal(world_chmod(&w, "f", 0600), 0);
	assert_false(is_metacopy("u/f"));
	world_close(&w);
}

static void test_truncated(void **state)
{
	struct world w;
	(void)state;
	start(&w, "l1/f=content u/", WORLD_METACOPY);
	assert_int_equal(world_chmod(&w, "f", 0600), 0);
	assert_int_equal(world_truncate(&w, "f", 3), 0);
	assert_false(is_metacopy("u/f"));
	assert_string_equal(world_read(&w, "f"), "con");
	world_close(&w);
}

static void test_renamed_and_linked(void **state)
{
	struct world w;
	(void)state;
	start(&w, "l1/d/f=1 l1/d/g=2 l1/d/h=3 u/", WORLD_METACOPY);
	assert_int_equal(world_rename(&w, "d/f", "d/f2", 0), 0);
	assert_int_equal(world_rename(&w, "d/g", "g2", 0), 0);
	assert_int_equal(world_link(&w, "d/h", "h2"), 0);
	assert_redirect("u/d/f2", "f");
	assert_redirect("u/g2", "/d/g");
	assert_redirect("u/h2", "/d/h");
	world_reopen(&w, WORLD_METACOPY);
	assert_string_equal(world_read(&w, "d/f2"), "1");
	assert_string_equal(world_read(&w, "g2"), "2");
	assert_string_equal(world_read(&w, "d/h"), "3");
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_made_and_completed),
		TEST(test_off_copies_data),
		TEST(test_truncated),
		TEST(test_renamed_and_linked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
