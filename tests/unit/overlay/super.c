// SPDX-License-Identifier: GPL-2.0-or-later
/* The overlay as a whole: work/ made clean, marks that forbid a mount, errors, what it leaves. */
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sys/object.h"

/* Opens the layers and gives what ovl_fs_new() says; closes it again where it works. */
static int try_open(void (*apply)(struct ovl_config *))
{
	struct world w;
	world_prepare(&w, 0);
	if (apply)
		apply(&w.config);
	int r = world_start(&w, 0);
	if (r == 0)
		world_close(&w);
	return r;
}

static int try_plain(void)
{
	return try_open(NULL);
}

static void test_work_is_made_and_empty(void **state)
{
	struct stat st;
	(void)state;
	support_tree("l1/ u/");
	struct world w;
	world_open(&w, 0);
	assert_int_equal(lstat("w/work", &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	if (geteuid() == 0)
		assert_int_equal(st.st_mode & 07777, 0);
	assert_int_equal(world_leftovers(), 0);
	assert_false(ovl_fs_is_read_only(w.fs));
	world_close(&w);
	assert_int_equal(support_kind("w/work"), 'd');
	char *upper = support_dump("u", false);
	assert_null(strchr(strchr(upper, '\n') + 1, '\n')); /* probing left nothing there */
	free(upper);
}

static void test_leftovers_are_removed(void **state)
{
	(void)state;
	support_tree("l1/ u/ w/work/#1=x w/work/#2/wh! w/work/#2/sub/deep/file=x w/work/#3>l "
		     "w/work/#4! w/work/#5| w/work/.wh.x=");
	assert_int_equal(chmod("w/work/#2", 0), 0);
	assert_int_equal(chmod("w/work/#1", 0), 0);
	assert_int_equal(chmod("w/work", 0), 0);
	struct world w;
	world_open(&w, 0);
	assert_int_equal(world_leftovers(), 0);
	world_close(&w);
}

static void test_work_may_be_something_else(void **state)
{
	static const char *const layers[] = {"w/work=file", "w/work>nowhere", "w/work>../l1"};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(layers); i++) {
		support_empty();
		support_tree("l1/precious=x u/");
		support_tree(layers[i]);
		int r = try_plain();
		/* Replaced or refused; what a link leads to is not touched. */
		if (r == 0)
			assert_int_equal(support_kind("w/work"), 'd');
		assert_string_equal(support_read("l1/precious"), "x");
	}
}

static void test_links_in_work_are_not_followed(void **state)
{
	(void)state;
	support_tree("l1/ u/ out/precious=x w/work/#1>../../out w/work/#2/l>../../../out");
	assert_int_equal(try_plain(), 0);
	assert_string_equal(support_read("out/precious"), "x");
}

static void test_incompat_forbids(void **state)
{
	static const char *const marks[] = {
		"w/work/incompat/volatile/dirty=", "w/work/incompat/volatile/",
		"w/work/incompat/something=", "w/work/incompat/unknown/x="};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(marks); i++) {
		support_empty();
		support_tree("l1/ u/");
		support_tree(marks[i]);
		char path[64];
		snprintf(path, sizeof(path), "%s", marks[i]);
		path[strcspn(path, "=")] = '\0';
		assert_int_equal(try_plain(), -EINVAL);
		assert_int_equal(try_plain(), -EINVAL); /* and keeps it */
		assert_int_not_equal(support_kind(path), '-');
	}
	support_empty();
	support_tree("l1/ u/ w/work/incompat/"); /* nothing in it */
	assert_int_equal(try_plain(), 0);
}

static void make_volatile(struct ovl_config *config)
{
	config->sync = OVL_SYNC_VOLATILE;
}

static void test_volatile_leaves_its_mark(void **state)
{
	(void)state;
	support_tree("l1/ u/");
	assert_int_equal(try_open(make_volatile), 0);
	chmod("w/work", 0700);
	assert_int_equal(support_kind("w/work/incompat/volatile/dirty"), 'f');
	assert_int_equal(try_open(make_volatile), -EINVAL);
	assert_int_equal(try_plain(), -EINVAL);
	assert_int_equal(unlink("w/work/incompat/volatile/dirty"), 0);
	assert_int_equal(rmdir("w/work/incompat/volatile"), 0);
	assert_int_equal(try_plain(), 0);
}

static void test_read_only(void **state)
{
	struct ovl_change change = {.set = OVL_SET_MODE, .mode = 0600};
	struct world w;
	(void)state;
	support_tree("l1/f=content l1/d/ l2/g=2");
	world_open(&w, 0);
	assert_true(ovl_fs_is_read_only(w.fs));
	assert_string_equal(world_names(&w, ""), "d f g");
	assert_int_equal(world_mknod(&w, "new", S_IFREG | 0644, 0), -EROFS);
	assert_int_equal(world_mkdir(&w, "new", 0755), -EROFS);
	assert_int_equal(world_symlink(&w, "x", "new"), -EROFS);
	assert_int_equal(world_link(&w, "f", "new"), -EROFS);
	assert_int_equal(world_unlink(&w, "f"), -EROFS);
	assert_int_equal(world_rmdir(&w, "d"), -EROFS);
	assert_int_equal(world_rename(&w, "f", "new", 0), -EROFS);
	assert_int_equal(world_write(&w, "f", "x", 0), -EROFS);
	assert_int_equal(world_setattr(&w, "f", &change), -EROFS);
	assert_int_equal(world_setattr(&w, "d", &change), -EROFS);
	assert_int_equal(world_truncate(&w, "f", 0), -EROFS);
	assert_int_equal(world_setxattr(&w, "f", "user.a", "x"), -EROFS);
	struct ovl_inode *f = world_get(&w, "f");
	assert_int_equal(ovl_fsync(w.fs, f, false), 0);
	world_put(&w, f);
	assert_string_equal(world_read(&w, "f"), "content");
	world_close(&w);
	assert_int_equal(support_kind("w"), '-');
}

static void want_data_layers(struct ovl_config *config)
{
	config->n_data = 1;
}

static void test_errors(void **state)
{
	(void)state;
	support_tree("l1/ l2/ u/ file=x");
	int r = try_open(want_data_layers);
	assert_true(r == 0 || r == -EOPNOTSUPP);
	struct world w;
	/* A descriptor that is none. */
	world_prepare(&w, 0);
	int good = w.fds[0];
	w.fds[0] = -1;
	assert_int_equal(world_start(&w, 0), -EBADF);
	close(good);
	if (geteuid() == 0)
		return;
	assert_int_equal(chmod("w", 0555), 0);
	assert_int_equal(rmdir("w/work"), -1);
	assert_int_equal(try_plain(), -EACCES);
	assert_int_equal(chmod("w", 0755), 0);
}

/* The layers are the overlay's own from then on: the caller may close its descriptors (world.c
 * does) and their paths may come to mean something else. */
static void test_layers_are_held(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/f=lower l1/d/e/g=deep u/ other/f=wrong");
	world_open(&w, WORLD_COLD);
	assert_int_equal(rename("l1", "moved"), 0);
	assert_int_equal(rename("other", "l1"), 0);
	assert_string_equal(world_read(&w, "f"), "lower");
	assert_string_equal(world_read(&w, "d/e/g"), "deep");
	assert_int_equal(rename("u", "u2"), 0);
	assert_int_equal(world_write(&w, "f", "UPPER", 0), 5);
	assert_string_equal(support_read("u2/f"), "UPPER");
	world_close(&w);
}

/* A lower is changed behind our back: an error, or the one or the other state; no escape. */
static void test_lowers_change(void **state)
{
	struct stat st;
	struct world w;
	(void)state;
	support_tree("l1/f=content l1/d/x=1 l1/gone=2 u/ secret/x=secret");
	world_open(&w, WORLD_COLD);
	assert_string_equal(world_names(&w, ""), "d f gone");
	assert_int_equal(unlink("l1/gone"), 0);
	assert_int_equal(world_stat(&w, "gone", &st), -ESTALE);
	assert_int_equal(rename("l1/d", "l1/away"), 0);
	assert_int_equal(symlink("../secret", "l1/d"), 0);
	assert_true(world_stat(&w, "d", &st) < 0);
	assert_int_equal(unlink("l1/f"), 0);
	assert_int_equal(symlink("../secret/x", "l1/f"), 0);
	assert_int_equal(world_stat(&w, "f", &st), -ESTALE);
	world_close(&w);
}

static void test_own_device_is_not_entered(void **state)
{
	struct stat st, seen;
	struct world w;
	(void)state;
	support_tree("l1/f=x u/");
	world_open(&w, 0);
	assert_int_equal(stat("l1", &st), 0);
	ovl_fs_set_own_device(w.fs, st.st_dev); /* as if the layer were our own mount */
	assert_int_equal(world_stat(&w, "f", &seen), -ELOOP);
	ovl_fs_set_own_device(w.fs, 0);
	assert_int_equal(world_stat(&w, "f", &seen), 1);
	world_close(&w);
}

static void test_root_attributes(void **state)
{
	struct stat upper, st;
	struct world w;
	(void)state;
	support_tree("l1/ u/");
	assert_int_equal(chmod("u", 02751), 0);
	assert_int_equal(chmod("l1", 0700), 0);
	world_open(&w, 0);
	assert_int_equal(stat("u", &upper), 0);
	assert_int_equal(world_stat(&w, "", &st), 1);
	assert_int_equal(st.st_mode, S_IFDIR | 02751);
	assert_true(st.st_ino == upper.st_ino); /* kernel: the upper root's */
	assert_int_equal(st.st_nlink, 1);       /* merged */
	struct statvfs vfs;
	assert_int_equal(ovl_statfs(w.fs, &vfs), 0);
	assert_int_equal(vfs.f_namemax, 255);
	world_close(&w);
}

static void test_free_of_nothing(void **state)
{
	(void)state;
	ovl_fs_free(NULL);
}

/* 500 layers, as the kernel has them at most. */
static void test_many_layers(void **state)
{
	static int fds[OVL_MAX_LOWER];
	char path[64];
	struct ovl_fs *fs;
	const char *what;
	(void)state;
	assert_int_equal(mkdir("many", 0755), 0);
	for (int i = 0; i < OVL_MAX_LOWER; i++) {
		snprintf(path, sizeof(path), "many/%d/d/ many/%d/d/f%d=x", i, i, i);
		support_tree(path);
		snprintf(path, sizeof(path), "many/%d", i);
		fds[i] = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
		assert_true(fds[i] >= 0);
	}
	struct ovl_config config = {.lower_fds = fds,
		.n_lower = OVL_MAX_LOWER,
		.upper_fd = -1,
		.work_fd = -1,
		.sync = OVL_SYNC_NONE};
	assert_int_equal(ovl_fs_new(&config, &fs, &what), 0);
	for (int i = 0; i < OVL_MAX_LOWER; i++)
		close(fds[i]);
	struct world w = {.fs = fs};
	for (int i = 0; i < OVL_MAX_LOWER; i += 7) {
		snprintf(path, sizeof(path), "d/f%d", i);
		assert_string_equal(world_read(&w, path), "x");
	}
	assert_int_equal(world_kind(&w, "d/none"), '-');
	world_close(&w);
}

/* Where several file systems are in play no number of one is that of another's file. */
static void test_inode_numbers_differ(void **state)
{
	static const uint64_t inos[] = {1, 2, 0xffffffff, (uint64_t)1 << 56,
		((uint64_t)1 << 56) | 1, ((uint64_t)2 << 56) | 1, (uint64_t)1 << 63, UINT64_MAX};
	static const uint32_t fsids[] = {0, 1, 2, 0x7f, 0x80, 0x81, 1u << 31};
	enum { N = N_ELEMENTS(inos) * N_ELEMENTS(fsids) };
	struct ovl_fs many = {.is_one_file_system = false}, one = {.is_one_file_system = true};
	uint64_t seen[N];
	(void)state;
	for (size_t i = 0; i < N; i++) {
		seen[i] =
			ovl_map_ino(&many, fsids[i / N_ELEMENTS(inos)], inos[i % N_ELEMENTS(inos)]);
		assert_true(seen[i] != 0);
		for (size_t k = 0; k < i; k++)
			assert_true(seen[k] != seen[i]);
	}
	for (size_t i = 0; i < N_ELEMENTS(inos); i++)
		assert_true(ovl_map_ino(&one, 0, inos[i]) == inos[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_work_is_made_and_empty),
		TEST(test_leftovers_are_removed),
		TEST(test_work_may_be_something_else),
		TEST(test_links_in_work_are_not_followed),
		TEST(test_incompat_forbids),
		TEST(test_volatile_leaves_its_mark),
		TEST(test_read_only),
		TEST(test_errors),
		TEST(test_layers_are_held),
		TEST(test_lowers_change),
		TEST(test_own_device_is_not_entered),
		TEST(test_root_attributes),
		TEST(test_free_of_nothing),
		TEST(test_inode_numbers_differ),
		TEST(test_many_layers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
