// SPDX-License-Identifier: GPL-2.0-or-later
#include "seccomp.h"
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys/object.h"
#include "sys/proc_path.h"

static int top = -1; /* O_PATH on the working directory */

static int open_top(void **state)
{
	if (support_set_up(state) < 0)
		return -1;
	top = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return top < 0 ? -1 : 0;
}

static int close_top(void **state)
{
	close(top);
	return support_clean_up(state);
}

static bool is_cloexec(int fd)
{
	return fcntl(fd, F_GETFD) & FD_CLOEXEC;
}

static void test_open_dir(void **state)
{
	(void)state;
	support_tree("dir/in=x file=x link>dir shut/");
	int fd = sys_open_dir(sys_at(top, "dir"));
	assert_true(fd >= 0 && is_cloexec(fd));
	assert_true(fcntl(fd, F_GETFL) & O_PATH);
	int again = sys_open_dir(sys_at_fd(fd));
	assert_true(again >= 0 && faccessat(again, "in", F_OK, 0) == 0);
	close(again);
	close(fd);
	assert_int_equal(sys_open_dir(sys_at(top, "none")), -ENOENT);
	assert_int_equal(sys_open_dir(sys_at(top, "file")), -ENOTDIR);
	fd = sys_open_dir(sys_at(top, "link"));
	assert_true(fd == -ENOTDIR || fd == -ELOOP);
}

static void test_open(void **state)
{
	char text[8];
	(void)state;
	support_tree("file=content link>file fifo| dir/");
	int fd = sys_open(sys_at(top, "file"), O_RDONLY);
	assert_true(fd >= 0 && is_cloexec(fd));
	assert_int_equal(read(fd, text, 7), 7);
	close(fd);
	assert_int_equal(sys_open(sys_at(top, "link"), O_RDONLY), -ELOOP);
	assert_int_equal(sys_open(sys_at(top, "none"), O_RDONLY), -ENOENT);
	assert_int_equal(sys_open(sys_at(top, "fifo"), O_WRONLY), -ENXIO); /* and does not hang */
	fd = sys_open(sys_at(top, "fifo"), O_RDONLY);
	assert_true(fd >= 0);
	close(fd);
	/* A descriptor is opened anew, whatever its name is by now. */
	int path = sys_open(sys_at(top, "file"), O_PATH);
	assert_int_equal(rename("file", "moved"), 0);
	fd = sys_open(sys_at_fd(path), O_RDWR);
	assert_true(fd >= 0 && is_cloexec(fd));
	assert_int_equal(write(fd, "C", 1), 1);
	close(fd);
	close(path);
	assert_string_equal(support_read("moved"), "Content");
	fd = sys_open_noatime(sys_at(top, "moved"));
	assert_true(fd >= 0);
	close(fd);
}

static void test_noatime(void **state)
{
	struct stat st;
	char c;
	(void)state;
	support_tree("file=x");
	int fd = sys_open_noatime(sys_at(top, "file"));
	assert_int_equal(read(fd, &c, 1), 1);
	close(fd);
	assert_int_equal(stat("file", &st), 0);
	assert_int_equal(st.st_atime, SUPPORT_TIME);
}

static void test_create(void **state)
{
	struct stat st;
	(void)state;
	support_tree("there=x dangling>nowhere");
	int fd = sys_create(sys_at(top, "new"), O_RDWR, 0640);
	assert_true(fd >= 0 && is_cloexec(fd));
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0640);
	close(fd);
	assert_int_equal(sys_create(sys_at(top, "there"), O_RDWR, 0640), -EEXIST);
	assert_int_equal(sys_create(sys_at(top, "dangling"), O_RDWR, 0640), -EEXIST);
	assert_int_equal(support_kind("nowhere"), '-');
}

static void test_tmpfile_and_link(void **state)
{
	(void)state;
	int fd = sys_create_tmpfile(top, 0600);
	if (fd == -EOPNOTSUPP || fd == -EISDIR)
		skip();
	assert_true(fd >= 0 && is_cloexec(fd));
	assert_int_equal(write(fd, "data", 4), 4);
	assert_int_equal(sys_link(sys_at_fd(fd), sys_at(top, "name")), 0);
	close(fd);
	assert_string_equal(support_read("name"), "data");
}

static void test_link(void **state)
{
	struct stat a, b;
	(void)state;
	support_tree("file=x link>file");
	assert_int_equal(sys_link(sys_at(top, "file"), sys_at(top, "second")), 0);
	assert_int_equal(sys_link(sys_at(top, "link"), sys_at(top, "link2")), 0);
	assert_int_equal(support_kind("link2"), 'l'); /* the link itself, not what it names */
	assert_int_equal(stat("file", &a), 0);
	assert_int_equal(stat("second", &b), 0);
	assert_true(a.st_ino == b.st_ino);
	assert_int_equal(sys_link(sys_at(top, "file"), sys_at(top, "second")), -EEXIST);
	assert_int_equal(sys_link(sys_at(top, "none"), sys_at(top, "x")), -ENOENT);
}

static void test_dup(void **state)
{
	(void)state;
	int fd = sys_dup(top);
	assert_true(fd >= 3 && fd != top && is_cloexec(fd));
	close(fd);
	assert_int_equal(sys_dup(-1), -EBADF);
}

static void test_stat(void **state)
{
	struct stat expected, st, cached;
	uint64_t attributes;
	static const char *const names[] = {"file", "link", "dir", "fifo", "white"};
	(void)state;
	support_tree("file=content link>file dir/x=y fifo| white!");
	for (size_t i = 0; i < N_ELEMENTS(names); i++) {
		assert_int_equal(lstat(names[i], &expected), 0);
		assert_int_equal(sys_stat(sys_at(top, names[i]), &st), 0);
		assert_int_equal(
			sys_statx(sys_at(top, names[i]), AT_STATX_DONT_SYNC, &cached, &attributes),
			0);
		assert_true(st.st_dev == expected.st_dev && st.st_ino == expected.st_ino);
		assert_true(cached.st_dev == expected.st_dev && cached.st_ino == expected.st_ino);
		assert_int_equal(cached.st_mode, expected.st_mode);
		assert_int_equal(cached.st_nlink, expected.st_nlink);
		assert_int_equal(cached.st_uid, expected.st_uid);
		assert_int_equal(cached.st_rdev, expected.st_rdev);
		assert_int_equal(cached.st_size, expected.st_size);
		assert_int_equal(cached.st_blocks, expected.st_blocks);
		assert_int_equal(cached.st_blksize, expected.st_blksize);
		assert_memory_equal(&cached.st_mtim, &expected.st_mtim, sizeof(st.st_mtim));
		assert_memory_equal(&cached.st_atim, &expected.st_atim, sizeof(st.st_atim));
		assert_memory_equal(&cached.st_ctim, &expected.st_ctim, sizeof(st.st_ctim));
	}
	int fd = open("link", O_PATH | O_NOFOLLOW | O_CLOEXEC);
	assert_int_equal(sys_stat(sys_at_fd(fd), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	close(fd);
	assert_int_equal(sys_stat(sys_at(top, "none"), &st), -ENOENT);
	struct statvfs vfs;
	assert_int_equal(sys_statvfs(top, &vfs), 0);
	assert_in_range(vfs.f_namemax, 1, 4096);
}

static void test_readlink(void **state)
{
	char target[64];
	(void)state;
	support_tree("link>12345678 file=x");
	assert_int_equal(sys_readlink(sys_at(top, "link"), target, sizeof(target)), 8);
	assert_memory_equal(target, "12345678", 8);
	assert_int_equal(sys_readlink(sys_at(top, "link"), target, 8), -ENAMETOOLONG);
	assert_int_equal(sys_readlink(sys_at(top, "link"), target, 9), 8);
	assert_int_equal(sys_readlink(sys_at(top, "file"), target, 9), -EINVAL);
	int fd = open("link", O_PATH | O_NOFOLLOW | O_CLOEXEC);
	assert_int_equal(sys_readlink(sys_at_fd(fd), target, sizeof(target)), 8);
	close(fd);
}

static void test_making_and_removing(void **state)
{
	(void)state;
	assert_int_equal(sys_mkdir(sys_at(top, "d"), 0750), 0);
	assert_int_equal(sys_mkdir(sys_at(top, "d"), 0750), -EEXIST);
	assert_int_equal(sys_mknod(sys_at(top, "p"), S_IFIFO | 0600, 0), 0);
	assert_int_equal(sys_mknod(sys_at(top, "s"), S_IFSOCK | 0600, 0), 0);
	assert_int_equal(sys_mknod(sys_at(top, "w"), S_IFCHR, 0), 0);
	assert_int_equal(sys_symlink("t", sys_at(top, "l")), 0);
	assert_int_equal(sys_symlink("t", sys_at(top, "l")), -EEXIST);
	assert_int_equal(support_kind("d"), 'd');
	assert_int_equal(support_kind("p"), 'p');
	assert_int_equal(support_kind("s"), 's');
	assert_int_equal(support_kind("w"), 'w');
	assert_int_equal(support_kind("l"), 'l');
	int r = sys_unlink(sys_at(top, "d"));
	assert_true(r == -EISDIR || r == -EPERM);
	assert_int_equal(sys_rmdir(sys_at(top, "p")), -ENOTDIR);
	support_tree("d/x=y");
	r = sys_rmdir(sys_at(top, "d"));
	assert_true(r == -ENOTEMPTY || r == -EEXIST);
	assert_int_equal(unlink("d/x"), 0);
	assert_int_equal(sys_rmdir(sys_at(top, "d")), 0);
	assert_int_equal(sys_unlink(sys_at(top, "l")), 0);
	assert_int_equal(sys_unlink(sys_at(top, "l")), -ENOENT);
}

static void test_rename(void **state)
{
	(void)state;
	support_tree("a=1 b=2 d/ d/x=3");
	assert_int_equal(sys_rename(sys_at(top, "a"), sys_at(top, "b"), RENAME_NOREPLACE), -EEXIST);
	assert_int_equal(sys_rename(sys_at(top, "a"), sys_at(top, "d"), RENAME_EXCHANGE), 0);
	assert_int_equal(support_kind("a"), 'd');
	assert_string_equal(support_read("d"), "1");
	assert_int_equal(sys_rename(sys_at(top, "d"), sys_at(top, "b"), 0), 0);
	assert_string_equal(support_read("b"), "1");
	int r = sys_rename(sys_at(top, "b"), sys_at(top, "c"), RENAME_WHITEOUT);
	if (r == -EINVAL)
		skip();
	assert_int_equal(r, 0);
	assert_int_equal(support_kind("b"), 'w');
}

static int check_chmod(void)
{
	struct stat st;
	int fd = open("file", O_PATH | O_CLOEXEC);
	CHECK(sys_chmod(sys_at(top, "file"), 04711) == 0);
	CHECK(stat("file", &st) == 0 && (st.st_mode & 07777) == 04711);
	CHECK(sys_chmod(sys_at_fd(fd), 0600) == 0);
	CHECK(stat("file", &st) == 0 && (st.st_mode & 07777) == 0600);
	CHECK(sys_chmod(sys_at(top, "link"), 0777) < 0); /* and never what it names */
	CHECK(stat("file", &st) == 0 && (st.st_mode & 07777) == 0600);
	CHECK(sys_chmod(sys_at(top, "none"), 0777) == -ENOENT);
	close(fd);
	return 0;
}

static int check_utimens(void)
{
	struct stat st;
	const struct timespec times[2] = {{-5, 123456789}, {7, 987654321}};
	const struct timespec later[2] = {{0, UTIME_OMIT}, {11, 5}};
	int fd = open("file", O_PATH | O_CLOEXEC);
	CHECK(sys_utimens(sys_at(top, "file"), times) == 0);
	CHECK(stat("file", &st) == 0 && st.st_atim.tv_sec == -5);
	CHECK(st.st_atim.tv_nsec == 123456789 && st.st_mtim.tv_nsec == 987654321);
	CHECK(sys_utimens(sys_at_fd(fd), later) == 0);
	CHECK(stat("file", &st) == 0 && st.st_atim.tv_sec == -5 && st.st_mtim.tv_sec == 11);
	CHECK(sys_utimens(sys_at(top, "link"), times) == 0);
	CHECK(stat("file", &st) == 0 && st.st_mtim.tv_sec == 11);
	CHECK(lstat("link", &st) == 0 && st.st_mtim.tv_sec == 7);
	CHECK(sys_utimens(sys_at(top, "none"), times) == -ENOENT);
	close(fd);
	return 0;
}

static int check_mode_and_times(void)
{
	int line = check_chmod();
	return line ? line : check_utimens();
}

static void test_mode_and_times(void **state)
{
	(void)state;
	support_tree("file=x link>file");
	assert_int_equal(check_mode_and_times(), 0);
	assert_int_equal(sys_chmod(sys_at(top, "link"), 0777), -EOPNOTSUPP);
}

static void test_mode_and_times_on_older_kernels(void **state)
{
	static const int errors[] = {ENOSYS, EPERM}; /* EPERM: a seccomp filter that is too old */
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(errors); i++) {
		const struct denial old[] = {
			{452, errors[i], -1, 0, 0}, /* fchmodat2 */
			{SYS_utimensat, EINVAL, 3, AT_EMPTY_PATH, AT_EMPTY_PATH},
		};
		support_empty();
		support_tree("file=x link>file");
		int line = run_denied(old, N_ELEMENTS(old), check_mode_and_times, 0);
		if (line == -1)
			skip();
		assert_int_equal(line, 0);
	}
}

static void test_chown(void **state)
{
	struct stat st;
	(void)state;
	support_tree("file=x link>file");
	assert_int_equal(sys_chown(sys_at(top, "file"), (uid_t)-1, (gid_t)-1), 0);
	assert_int_equal(sys_chown(sys_at(top, "none"), (uid_t)-1, (gid_t)-1), -ENOENT);
	if (geteuid() != 0)
		return;
	assert_int_equal(sys_chown(sys_at(top, "link"), 1, 2), 0);
	assert_int_equal(stat("file", &st), 0);
	assert_int_equal(st.st_uid, 0);
	assert_int_equal(lstat("link", &st), 0);
	assert_true(st.st_uid == 1 && st.st_gid == 2);
	int fd = open("file", O_PATH | O_CLOEXEC);
	assert_int_equal(sys_chown(sys_at_fd(fd), (uid_t)-1, 7), 0);
	close(fd);
	assert_int_equal(stat("file", &st), 0);
	assert_true(st.st_uid == 0 && st.st_gid == 7);
}

static void test_proc_path(void **state)
{
	char path[SYS_PROC_CHILD_SIZE], name[NAME_MAX + 2];
	(void)state;
	sys_proc_path(path, 7);
	assert_string_equal(path, "/proc/self/fd/7");
	sys_proc_path(path, -2147483647 - 1);
	assert_string_equal(path, "/proc/self/fd/-2147483648");
	assert_int_equal(sys_proc_child(path, 3, "x"), 0);
	assert_string_equal(path, "/proc/self/fd/3/x");
	assert_int_equal(sys_proc_child(path, 3, ""), 0);
	assert_string_equal(path, "/proc/self/fd/3");
	memset(name, 'n', sizeof(name));
	name[NAME_MAX] = '\0';
	assert_int_equal(sys_proc_child(path, -2147483647 - 1, name), 0);
	assert_int_equal(strlen(path), SYS_PROC_CHILD_SIZE - 1);
	name[NAME_MAX] = 'n';
	name[NAME_MAX + 1] = '\0';
	assert_int_equal(sys_proc_child(path, 3, name), -ENAMETOOLONG);
}

#define AT_TEST(name) cmocka_unit_test_setup_teardown(name, open_top, close_top)

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_TEST(test_open_dir),
		AT_TEST(test_open),
		AT_TEST(test_noatime),
		AT_TEST(test_create),
		AT_TEST(test_tmpfile_and_link),
		AT_TEST(test_link),
		AT_TEST(test_dup),
		AT_TEST(test_stat),
		AT_TEST(test_readlink),
		AT_TEST(test_making_and_removing),
		AT_TEST(test_rename),
		AT_TEST(test_mode_and_times),
		AT_TEST(test_mode_and_times_on_older_kernels),
		AT_TEST(test_chown),
		AT_TEST(test_proc_path),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
