// SPDX-License-Identifier: GPL-2.0-or-later
/* The contents of files, and the cache of backing files. */
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "file.h"

static void test_read(void **state)
{
	static const char *const names[] = {"low", "up", "both"};
	char text[16];
	struct world w;
	(void)state;
	support_tree("l1/low=content u/up=content l1/both=x u/both=content l1/d/ l1/l>low l1/p|");
	world_open(&w, 0);
	for (size_t i = 0; i < 3; i++) {
		struct ovl_inode *f = world_get(&w, names[i]);
		assert_int_equal(ovl_read(w.fs, f, text, sizeof(text), 0), 7);
		assert_int_equal(ovl_read(w.fs, f, text, 3, 2), 3);
		assert_memory_equal(text, "nte", 3);
		assert_int_equal(ovl_read(w.fs, f, text, sizeof(text), 7), 0);
		assert_int_equal(ovl_read(w.fs, f, text, sizeof(text), 1 << 30), 0);
		assert_int_equal(ovl_read(w.fs, f, text, 0, 0), 0);
		world_put(&w, f);
	}
	static const char *const others[] = {"d", "l", "p"};
	for (size_t i = 0; i < 3; i++) {
		struct ovl_set_id set_id = {0};
		struct ovl_inode *f = world_get(&w, others[i]);
		int expected = i == 0 ? -EISDIR : -EINVAL;
		assert_int_equal(ovl_read(w.fs, f, text, sizeof(text), 0), expected);
		assert_int_equal(ovl_write(w.fs, f, "x", 1, 0, &set_id), expected);
		world_put(&w, f);
	}
	/* Reading copies nothing up. */
	assert_int_equal(support_kind("u/low"), '-');
	world_close(&w);
}

/* [D] atime of lower files is never updated. */
static void test_atime_of_the_lower_stays(void **state)
{
	struct stat st;
	struct world w;
	(void)state;
	support_tree("l1/f=content l1/d/x=1 u/");
	world_open(&w, 0);
	assert_string_equal(world_read(&w, "f"), "content");
	assert_int_equal(world_write(&w, "f", "C", 0), 1);
	assert_int_equal(stat("l1/f", &st), 0);
	assert_int_equal(st.st_atime, SUPPORT_TIME);
	assert_string_equal(world_names(&w, "d"), "x");
	assert_int_equal(stat("l1/d", &st), 0);
	assert_int_equal(st.st_atime, SUPPORT_TIME);
	world_close(&w);
}

/* Who opened before the copy-up reads what was written after it; and size and times are told. */
static void test_written_after_it_was_opened(void **state)
{
	char text[16] = "";
	struct ovl_set_id set_id = {0};
	struct stat st;
	struct world w;
	(void)state;
	support_tree("l1/f=content u/");
	world_open(&w, 0);
	struct ovl_inode *f = world_get(&w, "f");
	assert_int_equal(ovl_read(w.fs, f, text, 7, 0), 7); /* opens the lower one */
	assert_int_equal(ovl_write(w.fs, f, "CON", 3, 0, &set_id), 3);
	assert_int_equal(ovl_read(w.fs, f, text, 16, 0), 7);
	assert_memory_equal(text, "CONtent", 7);
	assert_int_equal(ovl_write(w.fs, f, "end", 3, 10, &set_id), 3);
	assert_int_equal(ovl_getattr(w.fs, f, &st), 0);
	assert_int_equal(st.st_size, 13);
	assert_int_equal(ovl_read(w.fs, f, text, 16, 0), 13);
	assert_memory_equal(text, "CONtent\0\0\0end", 13);
	assert_string_equal(support_read("l1/f"), "content");
	world_put(&w, f);
	world_close(&w);
}

static void test_modes_that_forbid(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/f=content u/g=content u/");
	assert_int_equal(chmod("u/g", 0), 0);
	assert_int_equal(chmod("l1/f", 0444), 0);
	world_open(&w, 0);
	/* The kernel has checked permissions: the file was open before the mode said no. */
	assert_int_equal(world_write(&w, "f", "C", 0), 1);
	assert_string_equal(world_read(&w, "f"), "Content");
	assert_int_equal(world_write(&w, "g", "C", 0), 1);
	assert_string_equal(world_read(&w, "g"), "Content");
	struct stat st;
	assert_int_equal(world_stat(&w, "g", &st), 1);
	assert_int_equal(st.st_mode & 07777, 0);
	assert_int_equal(world_stat(&w, "f", &st), 1);
	assert_int_equal(st.st_mode & 07777, 0444);
	world_close(&w);
}

static void test_fallocate(void **state)
{
	struct ovl_set_id set_id = {0};
	struct stat st;
	struct world w;
	(void)state;
	support_tree("l1/f=content u/");
	world_open(&w, 0);
	struct ovl_inode *f = world_get(&w, "f");
	int r = ovl_fallocate(w.fs, f, 0, 0, 100000, &set_id);
	if (r == 0) {
		assert_int_equal(ovl_getattr(w.fs, f, &st), 0);
		assert_int_equal(st.st_size, 100000);
		assert_string_equal(support_read("u/f"), "content");
		assert_int_equal(ovl_fallocate(w.fs, f, 0, 0, 0, &set_id), -EINVAL);
	}
	world_put(&w, f);
	world_close(&w);
}

static void test_lseek(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/ u/");
	int fd = open("l1/f", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	assert_int_equal(pwrite(fd, "x", 1, 1 << 20), 1);
	assert_int_equal(ftruncate(fd, 3 << 20), 0);
	off_t data = lseek(fd, 0, SEEK_DATA), hole = lseek(fd, data, SEEK_HOLE);
	close(fd);
	world_open(&w, 0);
	struct ovl_inode *f = world_get(&w, "f");
	for (int copied = 0; copied < 2; copied++) {
		assert_int_equal(ovl_lseek(w.fs, f, 0, SEEK_DATA), data);
		assert_int_equal(ovl_lseek(w.fs, f, data, SEEK_HOLE), hole);
		assert_int_equal(ovl_lseek(w.fs, f, 0, SEEK_END), 3 << 20);
		assert_int_equal(ovl_lseek(w.fs, f, 3 << 20, SEEK_DATA), -ENXIO);
		assert_int_equal(world_chmod(&w, "f", 0600), 0);
	}
	world_put(&w, f);
	world_close(&w);
}

static void test_copy_file_range(void **state)
{
	struct ovl_set_id set_id = {0};
	struct world w;
	(void)state;
	support_tree("l1/in=0123456789 l1/out=abcdefghij u/");
	world_open(&w, 0);
	struct ovl_inode *in = world_get(&w, "in"), *out = world_get(&w, "out");
	ssize_t r = ovl_copy_file_range(w.fs, in, 2, out, 5, 3, &set_id);
	if (r > 0) {
		assert_int_equal(r, 3);
		assert_string_equal(world_read(&w, "out"), "abcde234ij");
		assert_int_equal(ovl_copy_file_range(w.fs, in, 100, out, 0, 3, &set_id), 0);
		/* Within one file, which is written. */
		assert_int_equal(ovl_copy_file_range(w.fs, out, 0, out, 8, 2, &set_id), 2);
		assert_string_equal(world_read(&w, "out"), "abcde234ab");
	}
	assert_int_equal(support_kind("u/in"), '-'); /* it was only read */
	assert_string_equal(support_read("l1/out"), "abcdefghij");
	world_put(&w, in);
	world_put(&w, out);
	world_close(&w);
}

static void test_fsync(void **state)
{
	static const enum ovl_sync kinds[] = {
		OVL_SYNC_AUTO, OVL_SYNC_STRICT, OVL_SYNC_NONE, OVL_SYNC_VOLATILE};
	static const char *const names[] = {"low", "up", "dir", "udir", "link", ""};
	(void)state;
	for (size_t k = 0; k < N_ELEMENTS(kinds); k++) {
		struct world w;
		support_empty();
		support_tree("l1/low=x u/up=y l1/dir/x=1 u/udir/ l1/link>low");
		world_prepare(&w, 0);
		w.config.sync = kinds[k];
		assert_int_equal(world_start(&w, 0), 0);
		for (size_t i = 0; i < N_ELEMENTS(names); i++) {
			struct ovl_inode *f = world_get(&w, names[i]);
			assert_int_equal(ovl_fsync(w.fs, f, false), 0);
			assert_int_equal(ovl_fsync(w.fs, f, true), 0);
			world_put(&w, f);
		}
		assert_int_equal(support_kind("u/low"), '-');
		world_close(&w);
	}
}

static void test_ioctl(void **state)
{
	int flags;
	struct world w;
	(void)state;
	support_tree("l1/f=x l1/d/y=1 l1/p| u/");
	world_open(&w, 0);
	struct ovl_inode *f = world_get(&w, "f"), *p = world_get(&w, "p");
	int fd = open("l1/f", O_RDONLY | O_CLOEXEC), real;
	bool known = ioctl(fd, FS_IOC_GETFLAGS, &real) == 0;
	close(fd);
	int r = ovl_ioctl_get(w.fs, f, FS_IOC_GETFLAGS, &flags);
	assert_int_equal(r, known ? 0 : -ENOTTY);
	if (known) {
		assert_int_equal(flags, real);
		flags |= FS_NODUMP_FL;
		assert_int_equal(ovl_ioctl_set(w.fs, f, FS_IOC_SETFLAGS, &flags), 0);
		assert_int_equal(support_kind("u/f"), 'f');
		assert_int_equal(ovl_ioctl_get(w.fs, f, FS_IOC_GETFLAGS, &flags), 0);
		assert_true(flags & FS_NODUMP_FL);
	}
	assert_int_equal(ovl_ioctl_get(w.fs, p, FS_IOC_GETFLAGS, &flags), -ENOTTY);
	assert_int_equal(ovl_ioctl_set(w.fs, p, FS_IOC_SETFLAGS, &flags), -ENOTTY);
	world_put(&w, f);
	world_put(&w, p);
	world_close(&w);
}

/* -- the cache of backing files -----------------------------------------------------------------
 */

#define WIDE 40

static void test_cache_is_bounded(void **state)
{
	struct ovl_inode *files[WIDE];
	char path[32], text[8];
	struct world w;
	(void)state;
	support_tree("l1/ u/");
	for (int i = 0; i < WIDE; i++) {
		snprintf(path, sizeof(path), "%s/f%d=%d", i % 2 ? "u" : "l1", i, i % 10);
		support_tree(path);
	}
	for (unsigned max = 0; max < 9; max += 4) {
		world_open(&w, 0);
		for (int i = 0; i < WIDE; i++) {
			snprintf(path, sizeof(path), "f%d", i);
			files[i] = world_get(&w, path);
		}
		w.fs->files.max_open = max;
		unsigned fds = support_count_fds();
		for (int i = 0; i < 3 * WIDE; i++) {
			struct ovl_inode *f = files[i * 7 % WIDE];
			assert_int_equal(ovl_read(w.fs, f, text, 8, 0), 1);
			assert_int_equal(text[0], '0' + i * 7 % WIDE % 10);
			/* And the directories of the layers, which have a cache of their own. */
			assert_in_range(support_count_fds(), fds, fds + max);
		}
		for (int i = 0; i < WIDE; i++)
			world_put(&w, files[i]);
		assert_in_range(support_count_fds(), fds - 2, fds);
		world_close(&w);
	}
}

static void test_held_files_survive(void **state)
{
	struct ovl_file *a, *b, *again;
	char text[8];
	struct world w;
	(void)state;
	support_tree("l1/a=1 l1/b=2 u/");
	world_open(&w, 0);
	w.fs->files.max_open = 1;
	struct ovl_inode *ia = world_get(&w, "a"), *ib = world_get(&w, "b");
	assert_int_equal(ovl_file_get(w.fs, ia, false, &a), 0);
	assert_int_equal(ovl_file_get(w.fs, ib, false, &b), 0); /* a's goes out of the cache */
	assert_int_equal(pread(a->fd, text, 1, 0), 1);
	assert_int_equal(text[0], '1');
	assert_false(a->writable);
	assert_int_equal(ovl_file_get(w.fs, ib, false, &again), 0);
	assert_ptr_equal(again, b);
	ovl_file_put(w.fs, again);
	/* Copy-up replaces it: who holds the old one keeps it, others get the new one. */
	assert_int_equal(world_write(&w, "b", "B", 0), 1);
	assert_int_equal(pread(b->fd, text, 1, 0), 1);
	assert_int_equal(text[0], '2');
	assert_int_equal(ovl_file_get(w.fs, ib, false, &again), 0);
	assert_ptr_not_equal(again, b);
	assert_int_equal(pread(again->fd, text, 1, 0), 1);
	assert_int_equal(text[0], 'B');
	assert_true(fcntl(again->fd, F_GETFD) & FD_CLOEXEC);
	ovl_file_put(w.fs, again);
	assert_int_equal(ovl_file_get(w.fs, ib, true, &again), 0);
	assert_true(again->writable);
	ovl_file_put(w.fs, again);
	ovl_file_drop(w.fs, ib);
	ovl_file_drop(w.fs, ib);
	ovl_file_put(w.fs, a);
	ovl_file_put(w.fs, b);
	world_put(&w, ia);
	world_put(&w, ib);
	world_close(&w);
}

static void test_files_of_other_types(void **state)
{
	struct ovl_file *file;
	struct world w;
	(void)state;
	support_tree("l1/d/ l1/l>x l1/p| u/");
	world_open(&w, 0);
	static const char *const names[] = {"d", "l", "p"};
	for (size_t i = 0; i < 3; i++) {
		struct ovl_inode *inode = world_get(&w, names[i]);
		int expected = i == 0 ? -EISDIR : -EINVAL;
		assert_int_equal(ovl_file_get(w.fs, inode, false, &file), expected);
		world_put(&w, inode);
	}
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_read),
		TEST(test_atime_of_the_lower_stays),
		TEST(test_written_after_it_was_opened),
		TEST(test_modes_that_forbid),
		TEST(test_fallocate),
		TEST(test_lseek),
		TEST(test_copy_file_range),
		TEST(test_fsync),
		TEST(test_ioctl),
		TEST(test_cache_is_bounded),
		TEST(test_held_files_survive),
		TEST(test_files_of_other_types),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
