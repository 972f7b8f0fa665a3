// SPDX-License-Identifier: GPL-2.0-or-later
/* A request in three pieces becomes one message, and an answer what the kernel takes. */
#include "support.h"

#include <errno.h>
#include <string.h>

#include "ring_entry.h"

#define PAYLOAD 65536

static struct ovl_ring_entry entry;

static int setup(void **state)
{
	(void)state;
	return ovl_ring_entry_init(&entry, PAYLOAD);
}

static int teardown(void **state)
{
	(void)state;
	ovl_ring_entry_clear(&entry);
	ovl_ring_entry_clear(&entry); /* again does no harm */
	return 0;
}

/* As fuse_uring_copy_to_ring() in the kernel leaves it. */
static void request(size_t operation, size_t payload)
{
	struct fuse_in_header header = {
		.len = (uint32_t)(sizeof(header) + operation + payload),
		.opcode = FUSE_WRITE,
		.unique = 42,
	};
	memcpy(entry.header->in_out, &header, sizeof(header));
	memset(entry.header->op_in, 'o', sizeof(entry.header->op_in));
	memset(entry.payload, 'p', payload < PAYLOAD ? payload : PAYLOAD);
	entry.header->ring_ent_in_out =
		(struct fuse_uring_ent_in_out){.commit_id = 43, .payload_sz = (uint32_t)payload};
}

static struct fuse_out_header answered(void)
{
	struct fuse_out_header header;
	memcpy(&header, entry.header->in_out, sizeof(header));
	return header;
}

static void test_as_the_kernel_has_them(void **state)
{
	(void)state;
	assert_int_equal(sizeof(struct fuse_uring_req_header), 288);
	assert_int_equal(offsetof(struct fuse_uring_req_header, ring_ent_in_out), 256);
	assert_int_equal(sizeof(struct fuse_uring_cmd_req), 24);
	assert_int_equal(offsetof(struct fuse_uring_cmd_req, qid), 16);
	assert_ptr_equal(entry.parts[0].iov_base, entry.header);
	assert_int_equal(entry.parts[0].iov_len, 288);
	assert_ptr_equal(entry.parts[1].iov_base, entry.payload);
	assert_int_equal(entry.parts[1].iov_len, PAYLOAD);
}

static void test_one_message(void **state)
{
	static const size_t operations[] = {0, 8, 40, 128}, payloads[] = {0, 1, 4096, PAYLOAD};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(operations); i++) {
		for (size_t j = 0; j < N_ELEMENTS(payloads); j++) {
			size_t size = 0, n = operations[i];
			request(n, payloads[j]);
			const char *message = ovl_ring_entry_message(&entry, &size);
			assert_non_null(message);
			assert_int_equal(size, sizeof(struct fuse_in_header) + n + payloads[j]);
			assert_int_equal(((const struct fuse_in_header *)message)->unique, 42);
			const char *at = message + sizeof(struct fuse_in_header);
			for (size_t k = 0; k < n + payloads[j]; k++)
				if (at[k] != (k < n ? 'o' : 'p'))
					fail_msg("byte %zu of %zu+%zu", k, n, payloads[j]);
			assert_int_equal(entry.unique, 42);
			assert_int_equal(ovl_ring_entry_commit_id(&entry), 43);
			assert_true((ovl_ring_entry_free_payload(&entry) != NULL) ==
				    (payloads[j] == 0));
		}
	}
}

static void check_nonsense(size_t operation, size_t payload, uint32_t len)
{
	size_t size = 0;
	request(operation, payload);
	((struct fuse_in_header *)entry.header->in_out)->len = len;
	assert_null(ovl_ring_entry_message(&entry, &size));
	assert_int_equal(entry.unique, 0);
	assert_int_equal(answered().error, -EIO);
	assert_int_equal(answered().unique, 42);
	assert_int_equal(entry.header->ring_ent_in_out.payload_sz, 0);
	assert_int_equal(ovl_ring_entry_commit_id(&entry), 43);
}

static void test_nonsense(void **state)
{
	(void)state;
	check_nonsense(0, 0, 0);
	check_nonsense(0, 0, sizeof(struct fuse_in_header) - 1);
	check_nonsense(8, 100, 100);
	check_nonsense(129, 0, sizeof(struct fuse_in_header) + 129);
	check_nonsense(0, PAYLOAD + 1, sizeof(struct fuse_in_header) + PAYLOAD + 1);
	check_nonsense(0, UINT32_MAX, sizeof(struct fuse_in_header));
}

static void test_answer(void **state)
{
	struct fuse_out_header header = {.len = 16 + 5, .unique = 42};
	struct fuse_out_header other = {.len = 16, .unique = 41}, notice = {.len = 16};
	char two[] = {'a', 'b'}, three[] = {'c', 'd', 'e'};
	struct iovec iov[] = {{&header, sizeof(header)}, {two, 2}, {three, 3}};
	struct iovec not_ours[] = {{&other, sizeof(other)}, {&notice, sizeof(notice)}};
	size_t size;

	(void)state;
	assert_false(ovl_ring_entry_is_answer(&entry, iov)); /* nothing was asked */
	request(8, 100);
	ovl_ring_entry_message(&entry, &size);
	assert_false(ovl_ring_entry_is_answer(&entry, &not_ours[0]));
	assert_false(ovl_ring_entry_is_answer(&entry, &not_ours[1]));
	assert_true(ovl_ring_entry_is_answer(&entry, iov));
	assert_int_equal(ovl_ring_entry_answer(&entry, iov, 3), 16 + 5);
	assert_memory_equal(entry.payload, "abcde", 5);
	assert_int_equal(entry.header->ring_ent_in_out.payload_sz, 5);
	assert_int_equal(answered().unique, 42);
	assert_false(ovl_ring_entry_is_answer(&entry, iov)); /* once */
}

/* Data that were read into the payload are there. */
static void test_answer_in_place(void **state)
{
	struct fuse_out_header header = {.len = 16 + PAYLOAD, .unique = 42};
	size_t size;

	(void)state;
	request(40, 0);
	ovl_ring_entry_message(&entry, &size);
	char *data = ovl_ring_entry_free_payload(&entry);
	struct iovec iov[] = {{&header, sizeof(header)}, {data, PAYLOAD}};
	memset(data, 'd', PAYLOAD);
	assert_int_equal(ovl_ring_entry_answer(&entry, iov, 2), 16 + PAYLOAD);
	assert_int_equal(entry.payload[0], 'd');
	assert_int_equal(entry.payload[PAYLOAD - 1], 'd');
}

static void test_answer_too_large(void **state)
{
	static char data[PAYLOAD + 1];
	struct fuse_out_header header = {.len = 16 + sizeof(data), .unique = 42};
	struct iovec iov[] = {{&header, sizeof(header)}, {data, sizeof(data)}};
	size_t size;

	(void)state;
	request(40, 0);
	ovl_ring_entry_message(&entry, &size);
	assert_int_equal(ovl_ring_entry_answer(&entry, iov, 2), -EINVAL);
	assert_int_equal(entry.unique, 42); /* it still wants one */
	ovl_ring_entry_fail(&entry, -EIO);
	assert_int_equal(answered().error, -EIO);
	assert_int_equal(answered().unique, 42);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_as_the_kernel_has_them, setup, teardown),
		cmocka_unit_test_setup_teardown(test_one_message, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nonsense, setup, teardown),
		cmocka_unit_test_setup_teardown(test_answer, setup, teardown),
		cmocka_unit_test_setup_teardown(test_answer_in_place, setup, teardown),
		cmocka_unit_test_setup_teardown(test_answer_too_large, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
