// SPDX-License-Identifier: GPL-2.0-or-later
/* Which verbs take long is told beforehand: those that copy up or read much, and nothing else. */
#include "world.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static bool is_quick(struct world *w, const char *path, unsigned wants)
{
	struct ovl_inode *inode = world_get(w, path);
	bool quick = ovl_is_quick(w->fs, inode, wants);
	world_put(w, inode);
	return quick;
}

static bool is_quick_to_take(struct world *w, const char *path, bool keep)
{
	const char *name;
	struct ovl_inode *dir = world_parent(w, path, &name);
	bool quick = ovl_is_quick_to_take(w->fs, dir, name, keep);
	world_put(w, dir);
	return quick;
}

static void test_looking_is_quick(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/d/lower=1 u/d/upper=2");
	world_open(&w, 0);
	assert_true(is_quick(&w, "d", 0));
	assert_true(is_quick(&w, "d/lower", 0));
	assert_true(is_quick(&w, "d/upper", 0));
	world_close(&w);
}

static void test_copy_up_is_not(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/d/lower=1 l1/l/lower=1 u/d/upper=2");
	world_open(&w, 0);
	assert_true(is_quick(&w, "d/upper", OVL_WANTS_CHANGE));
	assert_false(is_quick(&w, "d/lower", OVL_WANTS_CHANGE));
	assert_true(is_quick(&w, "d", OVL_WANTS_CHANGE | OVL_WANTS_NAMES));
	assert_false(is_quick(&w, "l", OVL_WANTS_CHANGE | OVL_WANTS_NAMES));
	assert_true(world_write(&w, "d/lower", "x", 0) == 1);
	assert_true(is_quick(&w, "d/lower", OVL_WANTS_CHANGE));
	assert_int_equal(world_chmod(&w, "l", 0700), 0);
	assert_true(is_quick(&w, "l", OVL_WANTS_CHANGE | OVL_WANTS_NAMES));
	world_close(&w);
}

static void test_metacopy_is_not(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/f=1 u/");
	world_open(&w, WORLD_METACOPY);
	assert_int_equal(world_chmod(&w, "f", 0600), 0);
	assert_false(is_quick(&w, "f", OVL_WANTS_CHANGE));
	assert_true(is_quick(&w, "f", 0));
	world_close(&w);
}

/* Of a directory that was never read, the size tells. */
static void test_large_directory_is_not(void **state)
{
	struct world w;
	char name[300];
	(void)state;
	support_tree("l1/large/ l1/small/a=1 u/");
	for (int i = 0; i < 4000; i++) {
		snprintf(name, sizeof(name), "l1/large/%0240d", i);
		close(open(name, O_CREAT | O_WRONLY, 0600));
	}
	struct stat st;
	assert_int_equal(stat("l1/large", &st), 0);
	world_open(&w, 0);
	struct ovl_inode *large = world_get(&w, "large"), *small = world_get(&w, "small");
	assert_true(ovl_is_quick(w.fs, small, OVL_WANTS_NAMES));
	if (st.st_size > 65536)
		assert_false(ovl_is_quick(w.fs, large, OVL_WANTS_NAMES));
	assert_true(world_names(&w, "large") != NULL);
	assert_true(ovl_is_quick(w.fs, large, OVL_WANTS_NAMES)); /* it is in memory now */
	world_put(&w, small);
	world_put(&w, large);
	world_close(&w);
}

static void test_taking(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/d/lower=1 l1/l/x=1 u/d/upper=2 u/d/sub/");
	world_open(&w, 0);
	struct ovl_inode *known = world_get(&w, "d"); /* as the kernel would know it */
	(void)world_names(&w, "d");
	assert_true(is_quick_to_take(&w, "d/upper", false));
	assert_true(is_quick_to_take(&w, "d/upper", true));
	assert_true(is_quick_to_take(&w, "d/lower", false)); /* a whiteout, nothing more */
	assert_false(is_quick_to_take(&w, "d/lower", true));
	assert_true(is_quick_to_take(&w, "d/sub", false));
	assert_false(is_quick_to_take(&w, "d/sub", true));
	assert_true(is_quick_to_take(&w, "d/missing", true));
	assert_false(is_quick_to_take(&w, "l/x", false)); /* its directory is copied up */
	world_put(&w, known);
	world_close(&w);
}

/* With a link index, removing a lower hard link copies the file up first. */
static void test_taking_with_index(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/a=1 l1/b+l1/a u/c=1");
	world_open(&w, WORLD_INDEX);
	(void)world_names(&w, "");
	assert_false(is_quick_to_take(&w, "a", false));
	assert_true(is_quick_to_take(&w, "c", false));
	world_close(&w);
}

/* What somebody else is at may take as long as that: no lock is waited for. */
static void test_waits_for_nobody(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/x=1 u/d/f=1");
	world_open(&w, 0);
	struct ovl_inode *dir = world_get(&w, "d"), *file = world_get(&w, "d/f");
	pthread_rwlock_wrlock(&ovl_dir_of(dir)->lock);
	assert_false(ovl_is_quick(w.fs, dir, OVL_WANTS_NAMES));
	assert_false(ovl_is_quick_to_take(w.fs, dir, "f", false));
	pthread_rwlock_unlock(&ovl_dir_of(dir)->lock);
	ovl_inode_lock(w.fs, file);
	assert_false(ovl_is_quick(w.fs, file, 0));
	ovl_inode_unlock(w.fs, file);
	assert_true(ovl_is_quick(w.fs, file, 0));
	world_put(&w, file);
	world_put(&w, dir);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_looking_is_quick),
		TEST(test_copy_up_is_not),
		TEST(test_metacopy_is_not),
		TEST(test_large_directory_is_not),
		TEST(test_taking),
		TEST(test_taking_with_index),
		TEST(test_waits_for_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
