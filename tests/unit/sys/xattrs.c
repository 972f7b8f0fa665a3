// SPDX-License-Identifier: GPL-2.0-or-later
/* The same table of calls with getxattrat(2) and its sisters, and without them. */
#include "seccomp.h"
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "sys/xattrs.h"

static int dirfd = -1;

static int check_one(struct sys_at at, const char *path)
{
	char value[256], names[1024];

	CHECK(sys_getxattr(at, "user.a", value, sizeof(value)) == -ENODATA);
	CHECK(sys_removexattr(at, "user.a") == -ENODATA);
	CHECK(sys_setxattr(at, "user.a", "12345", 5, XATTR_REPLACE) == -ENODATA);
	CHECK(sys_setxattr(at, "user.a", "12345", 5, XATTR_CREATE) == 0);
	CHECK(sys_setxattr(at, "user.a", "1", 1, XATTR_CREATE) == -EEXIST);
	CHECK(support_has_xattr(path, "user.a", "12345"));
	CHECK(sys_getxattr(at, "user.a", NULL, 0) == 5);
	CHECK(sys_getxattr(at, "user.a", value, 4) == -ERANGE);
	CHECK(sys_getxattr(at, "user.a", value, 5) == 5 && memcmp(value, "12345", 5) == 0);
	CHECK(sys_setxattr(at, "user.a", "x", 1, XATTR_REPLACE) == 0);
	CHECK(sys_setxattr(at, "user.empty", "", 0, 0) == 0);
	CHECK(sys_getxattr(at, "user.empty", value, sizeof(value)) == 0);
	ssize_t size = sys_listxattr(at, NULL, 0);
	CHECK(size >= (ssize_t)sizeof("user.a") + (ssize_t)sizeof("user.empty"));
	CHECK(sys_listxattr(at, names, 3) == -ERANGE);
	CHECK(sys_listxattr(at, names, sizeof(names)) == size);
	bool found = false;
	for (char *name = names; name < names + size; name += strlen(name) + 1)
		found |= strcmp(name, "user.empty") == 0;
	CHECK(found);
	CHECK(sys_removexattr(at, "user.a") == 0);
	CHECK(sys_getxattr(at, "user.a", value, sizeof(value)) == -ENODATA);
	CHECK(sys_removexattr(at, "user.empty") == 0);
	CHECK(sys_getxattr(at, "nonsense", value, sizeof(value)) == -EOPNOTSUPP);
	return 0;
}

static int check_descriptor(const char *path)
{
	int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	CHECK(fd >= 0);
	int line = check_one(sys_at_fd(fd), path);
	close(fd);
	return line;
}

/* A symbolic link is never followed: user.* is not for links, and the target stays untouched. */
static int check_link(void)
{
	char value[64];
	CHECK(sys_setxattr(sys_at(dirfd, "link"), "user.a", "x", 1, 0) == -EPERM);
	CHECK(!support_has_xattr("d/file", "user.a", NULL));
	CHECK(setxattr("d/file", "user.b", "x", 1, 0) == 0);
	CHECK(sys_getxattr(sys_at(dirfd, "link"), "user.b", value, sizeof(value)) < 0);
	CHECK(sys_removexattr(sys_at(dirfd, "link"), "user.b") < 0);
	CHECK(support_has_xattr("d/file", "user.b", "x"));
	CHECK(removexattr("d/file", "user.b") == 0);
	return 0;
}

static int check_all(void)
{
	char long_name[300], value[8];
	int line;

	if ((line = check_one(sys_at(dirfd, "file"), "d/file")) ||
		(line = check_one(sys_at(dirfd, "sub"), "d/sub")) ||
		(line = check_descriptor("d/file")) || (line = check_descriptor("d/sub")) ||
		(line = check_link()))
		return line;
	memset(long_name, 'n', 256);
	long_name[256] = '\0';
	CHECK(sys_getxattr(sys_at(dirfd, "none"), "user.a", value, 8) == -ENOENT);
	CHECK(sys_setxattr(sys_at(dirfd, "none"), "user.a", "", 0, 0) == -ENOENT);
	CHECK(sys_listxattr(sys_at(dirfd, "none"), NULL, 0) == -ENOENT);
	CHECK(sys_removexattr(sys_at(dirfd, "none"), "user.a") == -ENOENT);
	CHECK(sys_getxattr(sys_at(dirfd, long_name), "user.a", value, 8) == -ENAMETOOLONG);
	CHECK(sys_getxattr(sys_at(dirfd, "file"), "user.a", NULL, 0) == -ENODATA);
	return 0;
}

static void make_files(void)
{
	support_tree("d/file=x d/sub/ d/link>file");
	char name[300];
	memset(name, 'm', 255);
	name[255] = '\0';
	dirfd = open("d", O_PATH | O_DIRECTORY | O_CLOEXEC);
	close(openat(dirfd, name, O_CREAT | O_WRONLY, 0644));
	/* The longest name there is. */
	if (sys_setxattr(sys_at(dirfd, name), "user.a", "x", 1, 0) == -EOPNOTSUPP) {
		close(dirfd);
		skip();
	}
	assert_int_equal(sys_getxattr(sys_at(dirfd, name), "user.a", NULL, 0), 1);
}

static void test_with_new_calls(void **state)
{
	(void)state;
	make_files();
	assert_int_equal(check_all(), 0);
	close(dirfd);
}

static const struct denial no_xattrat[] = {
	{463, ENOSYS, -1, 0, 0},
	{464, ENOSYS, -1, 0, 0},
	{465, ENOSYS, -1, 0, 0},
	{466, ENOSYS, -1, 0, 0},
};

/* The first call of each kind meets ENOSYS. */
static int check_each_first(void)
{
	char names[64];
	CHECK(sys_listxattr(sys_at(dirfd, "file"), names, sizeof(names)) >= 0);
	return check_all();
}

static void test_without_new_calls(void **state)
{
	(void)state;
	make_files();
	int line = run_denied(no_xattrat, 4, check_all, 1);
	if (line == 0)
		line = run_denied(no_xattrat, 4, check_each_first, 1);
	close(dirfd);
	if (line == -1)
		skip();
	assert_int_equal(line, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_with_new_calls),
		TEST(test_without_new_calls),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
