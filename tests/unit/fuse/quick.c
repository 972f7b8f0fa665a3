// SPDX-License-Identifier: GPL-2.0-or-later
/* The same by the messages in which the kernel asks for it. */
#include "world.h"

#include <stdio.h>
#include <string.h>

#include "quick.h"

static struct message {
	struct fuse_in_header header;
	char body[512];
} message;

static struct ovl_inode *known; /* the kernel knows what it asks about; a ref */

/* A message about path, with a body of that size, which the caller fills in. */
static void *begin(struct world *w, uint32_t opcode, const char *path, size_t size)
{
	world_put(w, known);
	known = world_get(w, path);
	memset(&message, 0, sizeof(message));
	message.header.opcode = opcode;
	message.header.nodeid = known->nodeid;
	message.header.len = (uint32_t)(sizeof(message.header) + size);
	return message.body;
}

static void add_name(const char *name)
{
	strcpy((char *)&message + message.header.len, name);
	message.header.len += (uint32_t)strlen(name) + 1;
}

static bool is_quick(struct world *w)
{
	return ovl_request_is_quick(w->fs, &message.header);
}

static bool is_quick_on(struct world *w, uint32_t opcode, const char *path, const char *name)
{
	(void)begin(w, opcode, path, 0);
	if (name)
		add_name(name);
	return is_quick(w);
}

static bool is_quick_transfer(struct world *w, uint32_t opcode, const char *path, uint32_t size)
{
	struct fuse_write_in *in = begin(w, opcode, path, sizeof(*in)); /* READ's is alike */
	in->size = size;
	return is_quick(w);
}

static bool is_quick_setattr(struct world *w, const char *path, uint32_t valid)
{
	struct fuse_setattr_in *in = begin(w, FUSE_SETATTR, path, sizeof(*in));
	in->valid = valid;
	return is_quick(w);
}

static bool is_quick_rename(struct world *w, const char *from, const char *to, uint32_t flags)
{
	struct fuse_rename2_in *in = begin(w, FUSE_RENAME2, "", sizeof(*in));
	in->newdir = message.header.nodeid;
	in->flags = flags;
	add_name(from);
	add_name(to);
	return is_quick(w);
}

static void open_world(struct world *w)
{
	support_tree("l1/lower=1 l1/l/x=1 u/upper=1 u/d/");
	world_open(w, 0);
	(void)world_names(w, "");
}

static void close_world(struct world *w)
{
	world_put(w, known);
	known = NULL;
	world_close(w);
}

static void test_kinds(void **state)
{
	struct world w;
	(void)state;
	open_world(&w);
	assert_true(is_quick_on(&w, FUSE_LOOKUP, "", "x"));
	assert_true(is_quick_on(&w, FUSE_GETATTR, "lower", NULL));
	assert_true(is_quick_on(&w, FUSE_UNLINK, "", "lower"));
	assert_true(is_quick_on(&w, FUSE_MKDIR, "", "new"));
	assert_false(is_quick_on(&w, FUSE_MKDIR, "l", "new"));
	assert_false(is_quick_on(&w, FUSE_SETXATTR, "lower", NULL));
	assert_true(is_quick_on(&w, FUSE_SETXATTR, "upper", NULL));
	assert_false(is_quick_on(&w, FUSE_FSYNC, "upper", NULL));
	assert_false(is_quick_on(&w, FUSE_FALLOCATE, "upper", NULL));
	assert_false(is_quick_on(&w, FUSE_IOCTL, "upper", NULL));
	assert_false(is_quick_on(&w, 4711, "upper", NULL)); /* of a kernel to come */
	close_world(&w);
}

static void test_data(void **state)
{
	struct world w;
	(void)state;
	open_world(&w);
	assert_true(is_quick_transfer(&w, FUSE_READ, "lower", 4096));
	assert_false(is_quick_transfer(&w, FUSE_READ, "lower", 1 << 20));
	assert_true(is_quick_transfer(&w, FUSE_WRITE, "upper", 4096));
	assert_false(is_quick_transfer(&w, FUSE_WRITE, "upper", 1 << 20));
	assert_false(is_quick_transfer(&w, FUSE_WRITE, "lower", 1));
	close_world(&w);
}

static void test_setattr(void **state)
{
	struct world w;
	(void)state;
	open_world(&w);
	assert_true(is_quick_setattr(&w, "upper", FATTR_MODE));
	assert_false(is_quick_setattr(&w, "lower", FATTR_MODE));
	assert_true(is_quick_setattr(&w, "upper", FATTR_SIZE));
	assert_int_equal(world_truncate(&w, "upper", 1 << 30), 0);
	assert_false(is_quick_setattr(&w, "upper", FATTR_SIZE)); /* there is much to throw away */
	assert_true(is_quick_setattr(&w, "upper", FATTR_MODE));
	close_world(&w);
}

static void test_rename(void **state)
{
	struct world w;
	(void)state;
	open_world(&w);
	assert_true(is_quick_rename(&w, "upper", "new", 0));
	assert_true(is_quick_rename(&w, "upper", "lower", 0)); /* which is not copied for that */
	assert_false(is_quick_rename(&w, "upper", "lower", RENAME_EXCHANGE));
	assert_false(is_quick_rename(&w, "lower", "new", 0));
	assert_false(is_quick_rename(&w, "d", "new", 0));
	close_world(&w);
}

/* A message that ends too early is for libfuse to refuse. */
static void test_short_messages(void **state)
{
	static const uint32_t opcodes[] = {FUSE_READ, FUSE_WRITE, FUSE_SETATTR, FUSE_LINK,
		FUSE_UNLINK, FUSE_RMDIR, FUSE_RENAME, FUSE_RENAME2};
	struct world w;
	(void)state;
	open_world(&w);
	for (size_t i = 0; i < N_ELEMENTS(opcodes); i++)
		for (uint32_t size = 0; size < 8; size++) {
			memset(begin(&w, opcodes[i], "", size), 'x', size); /* no NUL */
			assert_false(is_quick(&w));
		}
	close_world(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_kinds),
		TEST(test_data),
		TEST(test_setattr),
		TEST(test_rename),
		TEST(test_short_messages),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
