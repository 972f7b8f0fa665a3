// SPDX-License-Identifier: GPL-2.0-or-later
/* Digests of fs-verity: really, where a file system here has it, and what ioctl(2) may answer. */
#include "seccomp.h"
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fsverity.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys/object.h"
#include "sys/verity.h"

static int fd = -1;

static void test_none(void **state)
{
	struct sys_digest digest = {.size = 99};
	(void)state;
	support_tree("file=x");
	fd = open("file", O_RDONLY | O_CLOEXEC);
	assert_int_equal(sys_verity_digest(fd, &digest), 0);
	assert_int_equal(sys_verity_digest(-1, &digest), -EBADF);
	close(fd);
	fd = open("file", O_PATH | O_CLOEXEC);
	assert_int_equal(sys_verity_digest(fd, &digest), -EBADF);
	close(fd);
	assert_int_equal(digest.size, 99);
}

static void test_there(void **state)
{
	struct fsverity_enable_arg arg = {.version = 1, .block_size = 4096};
	struct sys_digest digest, again;
	uint64_t attributes;
	struct stat st;
	(void)state;
	support_tree("file=x other=x");
	for (arg.hash_algorithm = 1; arg.hash_algorithm <= 2; arg.hash_algorithm++) {
		fd = open(arg.hash_algorithm == 1 ? "file" : "other", O_RDONLY | O_CLOEXEC);
		if (ioctl(fd, FS_IOC_ENABLE_VERITY, &arg) < 0) {
			close(fd);
			skip();
		}
		assert_int_equal(sys_verity_digest(fd, &digest), 1);
		assert_int_equal(digest.algorithm, arg.hash_algorithm);
		assert_int_equal(digest.size, arg.hash_algorithm * 32);
		assert_int_equal(sys_verity_digest(fd, &again), 1);
		assert_memory_equal(&digest, &again, sizeof(digest));
		assert_int_equal(sys_statx(sys_at_fd(fd), 0, &st, &attributes), 0);
		assert_true(attributes & STATX_ATTR_VERITY);
		close(fd);
	}
}

static int answer;

static int check_answer(void)
{
	struct sys_digest digest;
	CHECK(sys_verity_digest(fd, &digest) == answer);
	return 0;
}

static void test_answers(void **state)
{
	static const int table[][2] = {{ENODATA, 0}, {ENOTTY, 0}, {EOPNOTSUPP, 0}, {EIO, -EIO},
		{EOVERFLOW, -EOVERFLOW}, {EACCES, -EACCES}, {EINVAL, -EINVAL}};
	(void)state;
	support_tree("file=x");
	fd = open("file", O_RDONLY | O_CLOEXEC);
	for (size_t i = 0; i < N_ELEMENTS(table); i++) {
		const struct denial denial = {
			SYS_ioctl, table[i][0], 1, 0xffffffff, (uint32_t)FS_IOC_MEASURE_VERITY};
		answer = table[i][1];
		int line = run_denied(&denial, 1, check_answer, 0);
		if (line == -1) {
			close(fd);
			skip();
		}
		assert_int_equal(line, 0);
	}
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_none),
		TEST(test_there),
		TEST(test_answers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
