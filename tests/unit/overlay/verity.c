// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * verity=: what is refused and what is stored; with real digests where a file system here has
 * fs-verity.
 */
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fsverity.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "sys/verity.h"

#define ON      (WORLD_METACOPY | WORLD_VERITY)
#define REQUIRE (WORLD_METACOPY | WORLD_REQUIRE)

static const char *mark(void)
{
	return ovl_mark_name(
		geteuid() == 0 ? OVL_PREFIX_TRUSTED : OVL_PREFIX_USER, OVL_MARK_METACOPY);
}

static void set_mark(const char *path, const void *value, size_t size)
{
	assert_int_equal(setxattr(path, mark(), value, size, 0), 0);
}

/* A mark with a digest that no data have. */
static void set_digest(const char *path)
{
	struct sys_digest digest = {.algorithm = 1, .size = 32, .bytes = {1, 2, 3}};
	uint8_t value[OVL_METACOPY_MAX_SIZE];
	set_mark(path, value, ovl_metacopy_format(&digest, value));
}

static void start(struct world *w, unsigned flags)
{
	support_empty();
	support_tree("l2/plain=plain l1/plain=##### l2/digest=digest l1/digest=###### "
		     "l2/bad=bad l1/bad=### l2/up=up u/up=## l1/none=none u/");
	set_mark("l1/plain", "", 0);
	set_digest("l1/digest");
	set_mark("l1/bad", "\1\5\0\1x", 5);
	set_digest("u/up");
	world_open(w, flags);
}

static void assert_eio(struct world *w, const char *path)
{
	char buffer[8];
	struct stat st;
	struct ovl_inode *inode = world_get(w, path);
	assert_int_equal(ovl_read(w->fs, inode, buffer, sizeof(buffer), 0), -EIO);
	world_put(w, inode);
	assert_int_equal(world_truncate(w, path, 0), -EIO);
	assert_int_equal(world_stat(w, path, &st), 1);
}

static void test_off(void **state)
{
	struct world w;
	(void)state;
	start(&w, WORLD_METACOPY);
	assert_string_equal(world_read(&w, "digest"), "digest");
	assert_string_equal(world_read(&w, "bad"), "bad");
	assert_string_equal(world_read(&w, "up"), "up");
	world_close(&w);
}

static void test_on(void **state)
{
	struct world w;
	(void)state;
	start(&w, ON);
	assert_string_equal(world_read(&w, "plain"), "plain");
	assert_string_equal(world_read(&w, "none"), "none");
	assert_eio(&w, "digest");
	assert_eio(&w, "bad");
	assert_eio(&w, "up");
	assert_int_equal(world_chmod(&w, "digest", 0600), -EIO);
	assert_int_equal(world_write(&w, "up", "x", 0), -EIO);
	assert_int_equal(world_chmod(&w, "up", 0600), 0);
	assert_int_equal(world_chmod(&w, "none", 0600), 0);
	assert_int_equal(getxattr("u/none", mark(), NULL, 0), 0);
	assert_string_equal(world_read(&w, "none"), "none");
	assert_int_equal(world_chmod(&w, "plain", 0600), 0);
	assert_int_equal(getxattr("u/plain", mark(), NULL, 0), 0);
	assert_int_equal(support_kind("u/digest"), '-');
	assert_int_equal(world_leftovers(), 0);
	world_close(&w);
}

static void test_require(void **state)
{
	struct world w;
	(void)state;
	start(&w, REQUIRE);
	assert_eio(&w, "plain");
	assert_eio(&w, "digest");
	assert_eio(&w, "bad");
	assert_int_equal(world_chmod(&w, "plain", 0600), -EIO);
	assert_string_equal(world_read(&w, "none"), "none");
	assert_int_equal(world_chmod(&w, "none", 0600), 0);
	assert_int_equal(getxattr("u/none", mark(), NULL, 0), -1);
	assert_string_equal(support_read("u/none"), "none");
	world_close(&w);
}

static bool enable(const char *path)
{
	struct fsverity_enable_arg arg = {.version = 1, .hash_algorithm = 1, .block_size = 4096};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int r = ioctl(fd, FS_IOC_ENABLE_VERITY, &arg);
	close(fd);
	return r == 0;
}

static void test_stored_and_checked(void **state)
{
	struct world w;
	(void)state;
	support_empty();
	support_tree("l1/f=content l1/g=other u/");
	if (!enable("l1/f") || !enable("l1/g"))
		skip();
	world_open(&w, REQUIRE);
	assert_int_equal(world_chmod(&w, "f", 0600), 0);
	assert_int_equal(getxattr("u/f", mark(), NULL, 0), OVL_METACOPY_MIN_SIZE + 32);
	assert_string_equal(world_read(&w, "f"), "content");
	world_reopen(&w, REQUIRE);
	assert_string_equal(world_read(&w, "f"), "content");
	world_close(&w);
	assert_int_equal(rename("l1/g", "l1/f"), 0);
	world_open(&w, ON);
	assert_eio(&w, "f");
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_off),
		TEST(test_on),
		TEST(test_require),
		TEST(test_stored_and_checked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
