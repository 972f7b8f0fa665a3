// SPDX-License-Identifier: GPL-2.0-or-later
/* Making whiteouts in each way that an upper may need. */
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "whiteout.h"

/* An upper as it may be. */
static const struct way {
	const char *name;
	enum ovl_whiteouts form;
	bool rename;
} ways[] = {
	{"all there", OVL_WHITEOUTS_DEVICES, true},
	{"no RENAME_WHITEOUT", OVL_WHITEOUTS_DEVICES, false},
	{"no devices", OVL_WHITEOUTS_AUFS, false},
	{"nor .wh. files", OVL_WHITEOUTS_XATTRS, false},
};

static void open_way(struct world *w, const struct way *way, int *ret_upper)
{
	support_empty();
	support_tree("l1/ u/file=content u/dir/in=x u/empty/ u/link>file");
	world_open(w, WORLD_USER_MARKS);
	w->fs->whiteouts = way->form;
	w->fs->upper_has_whiteout_rename = way->rename;
	*ret_upper = open("u", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static void close_way(struct world *w, int upper)
{
	close(upper);
	world_close(w);
}

/* Is there a whiteout of that name in the upper, and just it? */
static void check_whiteout(const struct way *way, const char *name, bool there)
{
	char path[300], aufs[300];
	struct stat st;
	snprintf(path, sizeof(path), "u/%s", name);
	snprintf(aufs, sizeof(aufs), "u/.wh.%s", name);
	if (way->form != OVL_WHITEOUTS_AUFS) {
		assert_int_equal(support_kind(path), there ? 'w' : '-');
		assert_int_equal(support_kind(aufs), '-');
		bool marked = way->form == OVL_WHITEOUTS_XATTRS;
		assert_true(
			support_has_xattr(path, "user.overlay.whiteout", "y") == (there && marked));
		if (there && marked)
			assert_true(support_has_xattr("u", "user.overlay.opaque", "x"));
	} else {
		assert_int_equal(support_kind(path), '-');
		assert_int_equal(support_kind(aufs), there ? 'f' : '-');
		if (there) {
			assert_int_equal(lstat(aufs, &st), 0);
			assert_int_equal(st.st_size, 0);
		}
	}
}

static void test_make_and_remove(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(ways); i++) {
		struct world w;
		int upper;
		open_way(&w, &ways[i], &upper);
		assert_int_equal(ovl_whiteout_make(w.fs, sys_at(upper, "gone")), 0);
		check_whiteout(&ways[i], "gone", true);
		assert_int_equal(ovl_whiteout_remove(w.fs, sys_at(upper, "gone")), 0);
		check_whiteout(&ways[i], "gone", false);
		assert_int_equal(ovl_whiteout_remove(w.fs, sys_at(upper, "gone")), 0);
		uint8_t flags = ovl_whiteout_entry_flags(w.fs);
		assert_true(flags & OVL_ENTRY_CLOSED);
		assert_true(!!(flags & OVL_ENTRY_AUFS_WH) == (ways[i].form == OVL_WHITEOUTS_AUFS));
		assert_true(!(flags & OVL_ENTRY_UPPER_WH) == !!(flags & OVL_ENTRY_AUFS_WH));
		close_way(&w, upper);
	}
}

static ino_t inode_of(const char *path, nlink_t *ret_links)
{
	struct stat st;
	assert_int_equal(lstat(path, &st), 0);
	*ret_links = st.st_nlink;
	return st.st_ino;
}

/* Whiteouts are links of one, as the kernel's, until somebody takes it away. */
static void test_one_inode_for_all(void **state)
{
	struct world w;
	nlink_t links;
	int upper;
	(void)state;
	open_way(&w, &ways[0], &upper);
	assert_int_equal(ovl_whiteout_make(w.fs, sys_at(upper, "a")), 0);
	assert_int_equal(ovl_whiteout_make(w.fs, sys_at(upper, "b")), 0);
	ino_t ino = inode_of("u/a", &links);
	assert_int_equal(links, 3);
	assert_true(inode_of("u/b", &links) == ino);
	chmod("w/work", 0700);
	assert_int_equal(unlink("w/work/whiteout"), 0);
	assert_int_equal(ovl_whiteout_make(w.fs, sys_at(upper, "c")), 0);
	assert_int_equal(ovl_whiteout_make(w.fs, sys_at(upper, "c")), -EEXIST);
	check_whiteout(&ways[0], "c", true);
	assert_true(inode_of("u/c", &links) != ino);
	assert_int_equal(links, 2);
	close_way(&w, upper);
	assert_int_equal(support_kind("w/work/whiteout"), '-');
}

static void test_move_aside(void **state)
{
	static const char *const names[] = {"file", "dir", "empty", "link"};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(ways); i++) {
		struct world w;
		int upper;
		char temp[OVL_TEMP_NAME_SIZE], path[64];
		open_way(&w, &ways[i], &upper);
		for (size_t k = 0; k < N_ELEMENTS(names); k++) {
			ovl_temp_name(w.fs, temp);
			struct sys_at at = sys_at(upper, names[k]);
			snprintf(path, sizeof(path), "u/%s", names[k]);
			char kind = support_kind(path);
			assert_int_equal(ovl_whiteout_move_aside(w.fs, at, temp), 0);
			check_whiteout(&ways[i], names[k], true);
			snprintf(path, sizeof(path), "w/work/%s", temp);
			chmod("w/work", 0700);
			assert_int_equal(support_kind(path), kind);
			ovl_work_remove(w.fs, temp, kind == 'd');
			/* Not more than one level is emptied: dir had a file in it. */
			assert_int_equal(support_kind(path), '-');
		}
		assert_int_equal(world_leftovers(), 0);
		close_way(&w, upper);
	}
}

static void test_move_aside_of_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(ways); i++) {
		struct world w;
		int upper;
		char temp[OVL_TEMP_NAME_SIZE];
		open_way(&w, &ways[i], &upper);
		ovl_temp_name(w.fs, temp);
		assert_int_equal(
			ovl_whiteout_move_aside(w.fs, sys_at(upper, "none"), temp), -ENOENT);
		if (support_kind("u/none") != '-' || support_kind("u/.wh.none") != '-')
			fail_msg("%s: something was left", ways[i].name);
		assert_int_equal(world_leftovers(), 0);
		close_way(&w, upper);
	}
}

static void test_names_too_long_for_aufs(void **state)
{
	char name[256];
	struct world w;
	int upper;
	(void)state;
	open_way(&w, &ways[2], &upper);
	memset(name, 'n', 255);
	name[255] = '\0';
	assert_int_equal(ovl_whiteout_make(w.fs, sys_at(upper, name)), -ENAMETOOLONG);
	name[251] = '\0';
	assert_int_equal(ovl_whiteout_make(w.fs, sys_at(upper, name)), 0);
	check_whiteout(&ways[2], name, true);
	close_way(&w, upper);
}

/* A directory that is opaque stays so. */
static void test_marked_in_opaque(void **state)
{
	struct world w;
	int upper;
	(void)state;
	open_way(&w, &ways[3], &upper);
	assert_int_equal(ovl_opaque_make(w.fs, sys_at_fd(upper)), 0);
	assert_int_equal(ovl_whiteout_make(w.fs, sys_at(upper, "gone")), 0);
	assert_true(support_has_xattr("u", "user.overlay.opaque", "y"));
	assert_int_equal(ovl_whiteout_make(w.fs, sys_at(upper, "file")), -EEXIST);
	assert_int_equal(support_kind("u/file"), 'f');
	assert_int_equal(world_leftovers(), 0);
	close_way(&w, upper);
}

static void test_opaque(void **state)
{
	struct world w;
	int upper;
	(void)state;
	open_way(&w, &ways[0], &upper);
	assert_int_equal(ovl_opaque_make(w.fs, sys_at(upper, "empty")), 0);
	assert_true(support_has_xattr("u/empty", "user.overlay.opaque", "y"));
	assert_int_equal(support_kind("u/empty/.wh..wh..opq"), '-');
	assert_int_equal(ovl_opaque_make(w.fs, sys_at(upper, "empty")), 0);
	w.fs->upper_has_xattrs = false;
	assert_int_equal(ovl_opaque_make(w.fs, sys_at(upper, "dir")), 0);
	assert_false(support_has_xattr("u/dir", "user.overlay.opaque", NULL));
	assert_int_equal(support_kind("u/dir/.wh..wh..opq"), 'f');
	assert_int_equal(ovl_opaque_make(w.fs, sys_at(upper, "dir")), 0);
	close_way(&w, upper);
}

static void test_work_remove(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/ u/");
	world_open(&w, 0);
	chmod("w/work", 0700);
	support_tree("w/work/f=x w/work/d/ w/work/full/a! w/work/full/.wh.b= w/work/full/c=x");
	ovl_work_remove(w.fs, "f", false);
	ovl_work_remove(w.fs, "d", true);
	ovl_work_remove(w.fs, "full", true);
	ovl_work_remove(w.fs, "none", true);
	ovl_work_remove(w.fs, "none", false);
	assert_int_equal(world_leftovers(), 0);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_make_and_remove),
		TEST(test_one_inode_for_all),
		TEST(test_move_aside),
		TEST(test_move_aside_of_nothing),
		TEST(test_names_too_long_for_aufs),
		TEST(test_marked_in_opaque),
		TEST(test_opaque),
		TEST(test_work_remove),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
