// SPDX-License-Identifier: GPL-2.0-or-later
/* INIT: what is taken of the kernel's offers, and the reply of an old libfuse made complete. */
#include "support.h"

#include <errno.h>
#include <linux/fuse.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "passthrough.h"
#include "ring_entry.h"
#include "session.h"

static struct fuse_conn_info negotiate(unsigned capable, unsigned want, bool no_acl)
{
	struct ovl_session session = {.options = {.no_acl = no_acl}};
	struct fuse_conn_info conn = {.capable = capable, .want = want};
	ovl_negotiate(&session, &conn);
	return conn;
}

static void test_never_what_would_lose_data(void **state)
{
	/* Opens are not told of: O_TRUNC would be lost. Locks and caches are the kernel's. */
	static const unsigned never[] = {FUSE_CAP_ATOMIC_O_TRUNC, FUSE_CAP_WRITEBACK_CACHE,
		FUSE_CAP_POSIX_LOCKS, FUSE_CAP_FLOCK_LOCKS, FUSE_CAP_AUTO_INVAL_DATA};
	(void)state;
	struct fuse_conn_info conn = negotiate(~0u, ~0u, false);
	for (size_t i = 0; i < N_ELEMENTS(never); i++)
		assert_false(conn.want & never[i]);
}

static void test_writeback_if_asked(void **state)
{
	struct ovl_session session = {.options = {.writeback = true}};
	struct fuse_conn_info can = {.capable = FUSE_CAP_WRITEBACK_CACHE}, cannot = {0};
	(void)state;
	ovl_negotiate(&session, &can);
	assert_true(can.want & FUSE_CAP_WRITEBACK_CACHE);
	ovl_negotiate(&session, &cannot);
	assert_false(cannot.want & FUSE_CAP_WRITEBACK_CACHE);
}

static void test_export_if_asked(void **state)
{
	struct ovl_session session = {.options = {.nfs_export = true}};
	struct fuse_conn_info can = {.capable = FUSE_CAP_EXPORT_SUPPORT};
	(void)state;
	ovl_negotiate(&session, &can);
	assert_true(can.want & FUSE_CAP_EXPORT_SUPPORT);
	assert_false(negotiate(~0u, 0, false).want & FUSE_CAP_EXPORT_SUPPORT);
}

static void test_what_is_needed(void **state)
{
	static const unsigned needed[] = {FUSE_CAP_DONT_MASK, FUSE_CAP_NO_OPEN_SUPPORT,
		FUSE_CAP_NO_OPENDIR_SUPPORT, FUSE_CAP_PARALLEL_DIROPS, FUSE_CAP_READDIRPLUS};
	(void)state;
	struct fuse_conn_info conn = negotiate(~0u, 0, false);
	for (size_t i = 0; i < N_ELEMENTS(needed); i++)
		assert_true(conn.want & needed[i]);
	assert_true(conn.want & FUSE_CAP_POSIX_ACL);
	assert_false(negotiate(~0u, 0, true).want & FUSE_CAP_POSIX_ACL);
}

static void test_only_what_is_offered(void **state)
{
	(void)state;
	for (unsigned bit = 0; bit < 32; bit++) {
		unsigned offered = 1u << bit;
		assert_false(negotiate(offered, 0, false).want & ~offered);
	}
}

/* -- the reply on its way out -------------------------------------------------------------------
 */

struct request {
	struct fuse_in_header header;
	struct fuse_init_in init;
};

static uint32_t reply_flags(uint32_t opcode, uint32_t offered, int error, uint64_t reply_to)
{
	struct ovl_session session = {0};
	struct request request = {.header = {.len = sizeof(request), .opcode = opcode, .unique = 7},
		.init = {.major = 7, .minor = 38, .flags = offered}};
	struct request received;
	struct fuse_out_header header = {.unique = reply_to, .error = error};
	struct fuse_init_out reply = {.major = 7, .minor = 31, .flags = 1};
	struct iovec iov[2] = {{&header, sizeof(header)}, {&reply, sizeof(reply)}};
	char written[sizeof(header) + sizeof(reply)];
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], &request, sizeof(request)), sizeof(request));
	assert_int_equal(ovl_custom_io.read(ends[0], &received, sizeof(received), &session),
		sizeof(received));
	assert_memory_equal(&received, &request, sizeof(request));
	assert_int_equal(ovl_custom_io.writev(ends[1], iov, 2, &session), sizeof(written));
	assert_int_equal(read(ends[0], written, sizeof(written)), sizeof(written));
	close(ends[0]);
	close(ends[1]);
	struct fuse_init_out sent;
	memcpy(&sent, written + sizeof(header), sizeof(sent));
	return sent.flags;
}

static void test_reply_is_completed(void **state)
{
	const uint32_t dirops = FUSE_PARALLEL_DIROPS, killpriv = 1u << 28;
	(void)state;
	if (fuse_version() >= FUSE_MAKE_VERSION(3, 17))
		skip();
	assert_int_equal(reply_flags(FUSE_INIT, ~0u, 0, 7), 1 | dirops | killpriv);
	/* Never more than the kernel offers. */
	assert_int_equal(reply_flags(FUSE_INIT, dirops, 0, 7), 1 | dirops);
	assert_int_equal(reply_flags(FUSE_INIT, 0, 0, 7), 1);
	/* Only the reply to INIT. */
	assert_int_equal(reply_flags(FUSE_GETATTR, ~0u, 0, 7), 1);
	assert_int_equal(reply_flags(FUSE_INIT, ~0u, 0, 8), 1);
	assert_int_equal(reply_flags(FUSE_INIT, ~0u, -EPROTO, 7), 1);
}

static uint64_t offered(uint32_t flags, uint32_t flags2)
{
	struct ovl_session session = {0};
	struct request request = {.header = {.len = sizeof(request), .opcode = FUSE_INIT},
		.init = {.major = 7, .minor = 42, .flags = flags, .flags2 = flags2}};
	struct request received;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], &request, sizeof(request)), sizeof(request));
	ovl_custom_io.read(ends[0], &received, sizeof(received), &session);
	close(ends[0]);
	close(ends[1]);
	return session.offered;
}

static void test_second_word_of_offers(void **state)
{
	const uint32_t ext = 1u << 30;
	(void)state;
	assert_true(offered(ext, 1 << 9) & FUSE_OVER_IO_URING);
	assert_false(offered(ext, ~0u & ~(1u << 9)) & FUSE_OVER_IO_URING);
	assert_false(offered(~0u & ~ext, ~0u) & FUSE_OVER_IO_URING); /* it says nothing there */
}

/* A reply to INIT as it goes out where passthrough was asked for and offered, or not. */
static struct fuse_init_out passthrough_reply(
	enum ovl_passthrough_use use, bool writeback, uint32_t flags2, const char **ret_refusal)
{
	struct ovl_session session = {
		.fd = -1,
		.options = {.passthrough = use, .writeback = writeback},
		.offered = (uint64_t)flags2 << 32,
		.init_unique = 7,
	};
	struct fuse_conn_info conn = {0};
	struct fuse_out_header header = {.unique = 7};
	struct fuse_init_out reply = {.major = 7};
	struct iovec iov[2] = {{&header, sizeof(header)}, {&reply, sizeof(reply)}};
	int ends[2];

	ovl_negotiate(&session, &conn);
	assert_int_equal(pipe(ends), 0);
	ovl_custom_io.writev(ends[1], iov, 2, &session);
	close(ends[0]);
	close(ends[1]);
	*ret_refusal = ovl_session_refusal(&session);
	ovl_passthrough_free(session.passthrough);
	return reply;
}

static void test_passthrough_if_asked(void **state)
{
	const uint32_t bit = 1 << 5;
	const char *refusal;
	(void)state;
	struct fuse_init_out reply = passthrough_reply(OVL_PASSTHROUGH_ON, false, bit, &refusal);
	uint32_t depth;
	memcpy(&depth, (char *)&reply + OVL_INIT_MAX_STACK_DEPTH, sizeof(depth));
	assert_true(reply.flags & 1u << 30 && reply.flags2 & bit);
	assert_int_equal(depth, 1);
	assert_null(refusal);

	reply = passthrough_reply(OVL_PASSTHROUGH_ON, false, 0, &refusal);
	assert_int_equal(reply.flags2, 0);
	assert_non_null(strstr(refusal, "passthrough=on: the kernel does not offer it"));

	reply = passthrough_reply(OVL_PASSTHROUGH_AUTO, false, 0, &refusal);
	assert_int_equal(reply.flags2, 0);
	assert_null(refusal);

	reply = passthrough_reply(OVL_PASSTHROUGH_AUTO, true, bit, &refusal);
	assert_int_equal(reply.flags2, 0);
	reply = passthrough_reply(OVL_PASSTHROUGH_OFF, false, bit, &refusal);
	assert_int_equal(reply.flags2, 0);
}

static void test_read_errors_pass(void **state)
{
	struct ovl_session session = {0};
	char buffer[256];
	int ends[2];
	(void)state;
	assert_int_equal(ovl_custom_io.read(-1, buffer, sizeof(buffer), &session), -1);
	assert_int_equal(errno, EBADF);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "abc", 3), 3); /* shorter than any message */
	assert_int_equal(ovl_custom_io.read(ends[0], buffer, sizeof(buffer), &session), 3);
	close(ends[1]);
	assert_int_equal(ovl_custom_io.read(ends[0], buffer, sizeof(buffer), &session), 0);
	close(ends[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_never_what_would_lose_data),
		TEST(test_writeback_if_asked),
		TEST(test_export_if_asked),
		TEST(test_what_is_needed),
		TEST(test_only_what_is_offered),
		TEST(test_reply_is_completed),
		TEST(test_second_word_of_offers),
		TEST(test_passthrough_if_asked),
		TEST(test_read_errors_pass),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
