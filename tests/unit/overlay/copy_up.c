// SPDX-License-Identifier: GPL-2.0-or-later
/* Copy-up keeps everything: type, contents, holes, mode, owner, xattrs, times, inode number. */
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "copy_up.h"

static const unsigned all_flags[] = {
	0, WORLD_USER_MARKS, WORLD_NO_TMPFILE, WORLD_NO_XATTRS, WORLD_COLD, WORLD_AUFS};

static void copy_up(struct world *w, const char *path)
{
	struct ovl_inode *inode = world_get(w, path);
	assert_int_equal(ovl_copy_up(w->fs, inode, OVL_COPY_ALL), 0);
	assert_int_equal(ovl_copy_up(w->fs, inode, OVL_COPY_ALL), 0); /* once is enough */
	world_put(w, inode);
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/* Is the real object at b what the one at a is? */
static void check_same(const char *a, const char *b)
{
	struct stat x, y;
	char names[4096], value[4096], other[4096];
	assert_int_equal(lstat(a, &x), 0);
	assert_int_equal(lstat(b, &y), 0);
	assert_int_equal(x.st_mode, y.st_mode);
	assert_int_equal(x.st_uid, y.st_uid);
	assert_int_equal(x.st_gid, y.st_gid);
	assert_int_equal(x.st_rdev, y.st_rdev);
	assert_true(same_time(x.st_mtim, y.st_mtim));
	if (!S_ISDIR(x.st_mode) && !same_time(x.st_atim, y.st_atim)) /* the test reads those */
		fail_msg("%s: atime %ld, %s: %ld", a, (long)x.st_atime, b, (long)y.st_atime);
	if (!S_ISDIR(x.st_mode))
		assert_int_equal(x.st_size, y.st_size);
	ssize_t size = llistxattr(a, names, sizeof(names));
	for (char *name = names; size > 0 && name < names + size; name += strlen(name) + 1) {
		if (strncmp(name, "user.overlay.", 13) == 0 &&
			strncmp(name, "user.overlay.overlay.", 21) != 0)
			continue;
		ssize_t length = lgetxattr(a, name, value, sizeof(value));
		if (lgetxattr(b, name, other, sizeof(other)) != length ||
			memcmp(value, other, (size_t)length) != 0)
			fail_msg("%s: %s differs", b, name);
	}
}

static void set_odd_times(const char *path, int n)
{
	/* Before 1970, and with nanoseconds. */
	const struct timespec times[2] = {{-1000 - n, 123456789}, {-70000 + n, 987654321}};
	assert_int_equal(utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW), 0);
}

static void make_lower(void)
{
	static const char *const paths[] = {
		"l1/d/f", "l1/d/link", "l1/d/fifo", "l1/d/sub/x", "l1/d/sub", "l1/d"};
	support_empty();
	support_tree("u/ l1/d/f=content l1/d/link>f l1/d/fifo| l1/d/sub/x=1 l1/d/f%user.color=red "
		     "l1/d/f%user.empty= l1/d/sub%user.dir=x l1/d/f@overlay.opaque=y "
		     "l1/d/sub@overlay.nested=z");
	assert_int_equal(chmod("l1/d/f", 04751), 0);
	assert_int_equal(chmod("l1/d/sub", 03770), 0);
	assert_int_equal(chmod("l1/d/fifo", 0604), 0);
	if (geteuid() == 0) {
		assert_int_equal(lchown("l1/d/f", 1, 2), 0);
		assert_int_equal(chmod("l1/d/f", 06751), 0);
		assert_int_equal(lchown("l1/d/link", 3, 4), 0);
		assert_int_equal(mknod("l1/d/dev", S_IFBLK | 0640, makedev(7, 99)), 0);
		assert_int_equal(lchown("l1/d/dev", 5, 6), 0);
	}
	for (size_t i = 0; i < N_ELEMENTS(paths); i++)
		set_odd_times(paths[i], (int)i);
}

static void test_everything_is_kept(void **state)
{
	static const char *const names[] = {"d/f", "d/link", "d/fifo", "d/sub", "d/dev", "d"};
	(void)state;
	for (size_t f = 0; f < N_ELEMENTS(all_flags); f++) {
		struct world w;
		char a[64], b[64];
		make_lower();
		char *lower = support_dump("l1", true);
		world_open(&w, all_flags[f]);
		for (size_t i = 0; i < N_ELEMENTS(names); i++) {
			snprintf(a, sizeof(a), "l1/%s", names[i]);
			snprintf(b, sizeof(b), "u/%s", names[i]);
			if (support_kind(a) == '-')
				continue;
			copy_up(&w, names[i]);
			check_same(a, b);
		}
		assert_string_equal(support_read("u/d/f"), "content");
		char target[16] = "";
		assert_int_equal(readlink("u/d/link", target, sizeof(target)), 1);
		/* A directory comes without what is in it. */
		assert_int_equal(support_kind("u/d/sub/x"), '-');
		assert_int_equal(world_leftovers(), 0);
		char *now = support_dump("l1", true);
		assert_string_equal(lower, now);
		free(now);
		free(lower);
		world_close(&w);
	}
}

static void test_parents_come_first_and_keep_their_times(void **state)
{
	static const char *const parents[] = {"", "/a", "/a/b", "/a/b/c"};
	struct world w;
	char x[64], y[64];
	(void)state;
	support_tree("l1/a/b/c/f=x u/");
	for (size_t i = 1; i < N_ELEMENTS(parents); i++) {
		snprintf(x, sizeof(x), "l1%s", parents[i]);
		set_odd_times(x, (int)i);
	}
	set_odd_times("u", 77);
	struct stat root, st;
	assert_int_equal(stat("u", &root), 0);
	world_open(&w, 0);
	copy_up(&w, "a/b/c/f");
	for (size_t i = 1; i < N_ELEMENTS(parents); i++) {
		snprintf(x, sizeof(x), "l1%s", parents[i]);
		snprintf(y, sizeof(y), "u%s", parents[i]);
		check_same(x, y);
	}
	assert_int_equal(stat("u", &st), 0);
	assert_true(same_time(st.st_mtim, root.st_mtim));
	world_close(&w);
}

static void test_inode_numbers_stay(void **state)
{
	static const char *const names[] = {"f", "d", "d/e", "l", "p", "s"};
	struct stat before[6], st;
	struct world w;
	(void)state;
	for (unsigned round = 0; round < 2; round++) {
		support_empty();
		support_tree("l1/f=x l1/d/e/g=y l1/l>f l1/p| u/");
		assert_int_equal(mknod("l1/s", S_IFSOCK | 0600, 0), 0);
		world_open(&w, 0);
		for (size_t i = 0; i < N_ELEMENTS(names); i++)
			assert_int_equal(world_stat(&w, names[i], &before[i]), 1);
		for (size_t i = 0; i < N_ELEMENTS(names); i++)
			copy_up(&w, names[i]);
		bool trusted = w.fs->prefix == OVL_PREFIX_TRUSTED;
		for (unsigned remounted = 0; remounted < 2; remounted++) {
			for (size_t i = 0; i < N_ELEMENTS(names); i++) {
				assert_int_equal(world_stat(&w, names[i], &st), 1);
				/* user.* is not for links and special files: known at least
				 * until the next mount. */
				if (!remounted || trusted || i < 3)
					assert_true(st.st_ino == before[i].st_ino);
			}
			char *view = world_view(&w, true);
			assert_null(strstr(view, "DIFFERS"));
			free(view);
			world_reopen(&w, 0);
		}
		world_close(&w);
	}
}

static void test_origin_and_impure_marks(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/f=x l1/d/g=y u/");
	world_open(&w, WORLD_USER_MARKS);
	copy_up(&w, "f");
	copy_up(&w, "d/g");
	assert_true(support_has_xattr("u/f", "user.overlay.origin", NULL));
	assert_true(support_has_xattr("u/d", "user.overlay.origin", NULL));
	assert_true(support_has_xattr("u/d", "user.overlay.impure", "y"));
	assert_true(support_has_xattr("u", "user.overlay.impure", "y"));
	struct ovl_inode *f = world_get(&w, "f");
	char names[256];
	assert_int_equal(ovl_listxattr(w.fs, f, true, names, sizeof(names)), 0);
	world_put(&w, f);
	world_close(&w);
}

static void test_holes_stay_holes(void **state)
{
	enum { SIZE = 8 << 20 };
	struct stat a, b;
	struct world w;
	(void)state;
	support_tree("l1/ u/");
	int fd = open("l1/sparse", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	assert_int_equal(pwrite(fd, "start", 5, 0), 5);
	assert_int_equal(pwrite(fd, "middle", 6, 3 << 20), 6);
	assert_int_equal(ftruncate(fd, SIZE), 0);
	close(fd);
	world_open(&w, 0);
	copy_up(&w, "sparse");
	assert_int_equal(stat("l1/sparse", &a), 0);
	assert_int_equal(stat("u/sparse", &b), 0);
	assert_int_equal(b.st_size, SIZE);
	assert_true(b.st_blocks <= a.st_blocks + 64);
	char text[8] = "";
	struct ovl_inode *inode = world_get(&w, "sparse");
	assert_int_equal(ovl_read(w.fs, inode, text, 6, 3 << 20), 6);
	assert_string_equal(text, "middle");
	assert_int_equal(ovl_read(w.fs, inode, text, 6, SIZE - 6), 6);
	assert_memory_equal(text, "\0\0\0\0\0", 6);
	world_put(&w, inode);
	world_close(&w);
}

static void test_only_what_is_wanted_is_copied(void **state)
{
	static const off_t limits[] = {0, 1, 4096, 99999, 100000, 200000};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(limits); i++) {
		struct stat st;
		struct world w;
		support_empty();
		support_tree("l1/ u/");
		int fd = open("l1/f", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
		char *text = malloc(100000);
		memset(text, 'x', 100000);
		assert_int_equal(write(fd, text, 100000), 100000);
		free(text);
		close(fd);
		world_open(&w, 0);
		struct ovl_inode *inode = world_get(&w, "f");
		assert_int_equal(ovl_copy_up(w.fs, inode, limits[i]), OVL_COPIED_CUT);
		assert_int_equal(ovl_copy_up(w.fs, inode, limits[i]), 0);
		world_put(&w, inode);
		assert_int_equal(stat("u/f", &st), 0);
		assert_int_equal(st.st_size, limits[i]);
		world_close(&w);
	}
}

static void test_removed_file_is_copied_without_a_name(void **state)
{
	char text[16] = "";
	struct ovl_set_id set_id = {0};
	(void)state;
	for (size_t f = 0; f < N_ELEMENTS(all_flags); f++) {
		struct stat st;
		struct world w;
		support_empty();
		support_tree("l1/d/f=content u/");
		world_open(&w, all_flags[f]);
		struct ovl_inode *inode = world_get(&w, "d/f"); /* somebody has it open */
		assert_int_equal(world_unlink(&w, "d/f"), 0);
		assert_int_equal(ovl_write(w.fs, inode, "CON", 3, 0, &set_id), 3);
		assert_int_equal(ovl_read(w.fs, inode, text, 7, 0), 7);
		assert_memory_equal(text, "CONtent", 7);
		assert_int_equal(ovl_getattr(w.fs, inode, &st), 0);
		assert_int_equal(st.st_nlink, 0);
		assert_int_equal(st.st_size, 7);
		assert_string_equal(world_names(&w, "d"), "");
		assert_string_equal(support_read("l1/d/f"), "content");
		world_put(&w, inode);
		assert_int_equal(world_leftovers(), 0);
		world_reopen(&w, all_flags[f]);
		assert_string_equal(world_names(&w, "d"), "");
		world_close(&w);
	}
}

static void test_a_name_of_a_hard_link(void **state)
{
	struct stat a, b;
	struct world w;
	(void)state;
	support_tree("l1/a=linked l1/b+l1/a u/");
	world_open(&w, 0);
	assert_int_equal(world_write(&w, "a", "L", 0), 1);
	/* index=off: the link is broken, as in the kernel. */
	assert_string_equal(world_read(&w, "a"), "Linked");
	assert_string_equal(world_read(&w, "b"), "linked");
	assert_int_equal(world_stat(&w, "a", &a), 1);
	assert_int_equal(world_stat(&w, "b", &b), 1);
	assert_int_equal(a.st_nlink, 1);
	world_reopen(&w, 0);
	assert_string_equal(world_read(&w, "a"), "Linked");
	assert_string_equal(world_read(&w, "b"), "linked");
	world_close(&w);
}

/* What is in the upper is not copied, and what has no upper cannot be. */
static void test_errors(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/f=x l1/d/ u/up=y");
	world_open(&w, 0);
	char *before = support_dump("u", true);
	copy_up(&w, "up");
	copy_up(&w, "");
	char *after = support_dump("u", true);
	assert_string_equal(before, after);
	free(before);
	free(after);
	struct ovl_inode *d = world_get(&w, "d");
	assert_int_equal(world_rmdir(&w, "d"), 0);
	assert_int_equal(ovl_copy_up(w.fs, d, OVL_COPY_ALL), -ENOENT);
	world_put(&w, d);
	world_close(&w);
	world_open(&w, WORLD_READ_ONLY);
	struct ovl_inode *f = world_get(&w, "f");
	assert_int_equal(ovl_copy_up(w.fs, f, OVL_COPY_ALL), -EROFS);
	world_put(&w, f);
	world_close(&w);
}

/* A layer's owner puts something else where a file was: that is not copied as if it were the file.
 */
static void test_another_type_has_come(void **state)
{
	static const char *const others[] = {"l1/f|", "l1/f>elsewhere", "l1/f/"};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(others); i++) {
		struct world w;
		support_empty();
		support_tree("l1/f=text u/");
		world_open(&w, 0);
		struct ovl_inode *inode = world_get(&w, "f");
		assert_int_equal(unlink("l1/f"), 0);
		support_tree(others[i]);
		assert_int_equal(ovl_copy_up(w.fs, inode, OVL_COPY_ALL), -ESTALE);
		assert_int_equal(ovl_copy_up(w.fs, inode, 0), -ESTALE);
		assert_int_equal(support_kind("u/f"), '-');
		world_put(&w, inode);
		world_close(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_everything_is_kept),
		TEST(test_parents_come_first_and_keep_their_times),
		TEST(test_inode_numbers_stay),
		TEST(test_origin_and_impure_marks),
		TEST(test_holes_stay_holes),
		TEST(test_only_what_is_wanted_is_copied),
		TEST(test_removed_file_is_copied_without_a_name),
		TEST(test_a_name_of_a_hard_link),
		TEST(test_another_type_has_come),
		TEST(test_errors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
