// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel is told of backing files, on its way out past libfuse. */
#include "support.h"

#include <errno.h>
#include <linux/fuse.h>
#include <string.h>
#include <sys/uio.h>

#include "passthrough.h"
#include "session.h"

struct create_reply {
	struct fuse_entry_out entry;
	struct ovl_open_out open;
};

/* Sends that much of an answer; returns what the kernel gets. */
static struct create_reply answer(int backing, int error, int count, size_t size)
{
	struct fuse_out_header header = {.error = error};
	struct create_reply reply;
	memset(&reply, 0, sizeof(reply));
	reply.open.fh = 9;
	reply.open.open_flags = FOPEN_KEEP_CACHE;
	char *begin = (char *)&reply + sizeof(reply) - size;
	const struct iovec iov[2] = {{&header, sizeof(header)}, {begin, size}};
	ovl_passthrough_set_answer(backing);
	ovl_passthrough_complete_answer(iov, count);
	return reply;
}

static bool is_completed(const struct create_reply *reply, int backing)
{
	struct fuse_entry_out none;
	memset(&none, 0, sizeof(none));
	assert_memory_equal(&reply->entry, &none, sizeof(none));
	assert_int_equal(reply->open.fh, 9);
	return reply->open.open_flags == (FOPEN_KEEP_CACHE | FOPEN_PASSTHROUGH) &&
	       reply->open.backing_id == backing;
}

static bool is_as_it_was(const struct create_reply *reply)
{
	return reply->open.open_flags == FOPEN_KEEP_CACHE && reply->open.backing_id == 0;
}

static void test_open_and_create(void **state)
{
	(void)state;
	struct create_reply open = answer(5, 0, 2, sizeof(struct ovl_open_out));
	struct create_reply create = answer(6, 0, 2, sizeof(struct create_reply));
	assert_true(is_completed(&open, 5));
	assert_true(is_completed(&create, 6));
}

static void test_nothing_else(void **state)
{
	const size_t all = sizeof(struct create_reply);
	(void)state;
	struct create_reply cached = answer(0, 0, 2, all), failed = answer(5, -ENOENT, 2, all),
			    bare = answer(5, 0, 1, all), brief = answer(5, 0, 2, 8);
	assert_true(is_as_it_was(&cached));
	assert_true(is_as_it_was(&failed));
	assert_true(is_as_it_was(&bare));
	assert_true(is_as_it_was(&brief));
}

static void test_once(void **state)
{
	(void)state;
	answer(5, 0, 2, sizeof(struct create_reply));
	struct fuse_out_header header = {0};
	struct ovl_open_out next = {0};
	const struct iovec iov[2] = {{&header, sizeof(header)}, {&next, sizeof(next)}};
	ovl_passthrough_complete_answer(iov, 2);
	assert_int_equal(next.open_flags, 0);
}

static void test_layout(void **state)
{
	(void)state;
	assert_int_equal(sizeof(struct ovl_open_out), sizeof(struct fuse_open_out));
	assert_int_equal(sizeof(struct fuse_backing_map), 16);
	assert_int_equal(OVL_INIT_MAX_STACK_DEPTH, 36);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_open_and_create),
		TEST(test_nothing_else),
		TEST(test_once),
		TEST(test_layout),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
