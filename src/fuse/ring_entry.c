/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ring_entry.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ROOM 4096 /* for the header, and at its end for the two headers of a message */

_Static_assert(sizeof(struct fuse_uring_req_header) + sizeof(struct fuse_in_header) +
			       sizeof(((struct fuse_uring_req_header *)0)->op_in) <=
		       ROOM,
	"they do not overlap");

int ovl_ring_entry_init(struct ovl_ring_entry *entry, size_t payload_size)
{
	char *memory = mmap(NULL, ROOM + payload_size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		return -ENOMEM;
	*entry = (struct ovl_ring_entry){
		.header = (struct fuse_uring_req_header *)memory,
		.payload = memory + ROOM,
		.payload_size = payload_size,
		.parts = {{memory, sizeof(*entry->header)}, {memory + ROOM, payload_size}},
	};
	return 0;
}

void ovl_ring_entry_clear(struct ovl_ring_entry *entry)
{
	if (entry->header)
		munmap(entry->header, ROOM + entry->payload_size);
	*entry = (struct ovl_ring_entry){0};
}

const void *ovl_ring_entry_message(struct ovl_ring_entry *entry, size_t *ret_size)
{
	const struct fuse_in_header *in = (const struct fuse_in_header *)entry->header->in_out;
	size_t size = in->len, payload = entry->header->ring_ent_in_out.payload_sz;
	size_t operation = size - sizeof(*in) - payload;

	entry->unique = in->unique;
	if (payload > entry->payload_size || operation > sizeof(entry->header->op_in)) {
		ovl_ring_entry_fail(entry, -EIO);
		return NULL;
	}
	char *message = entry->payload - operation - sizeof(*in);
	memcpy(message, in, sizeof(*in));
	memcpy(message + sizeof(*in), entry->header->op_in, operation);
	*ret_size = size;
	return message;
}

uint64_t ovl_ring_entry_commit_id(const struct ovl_ring_entry *entry)
{
	return entry->header->ring_ent_in_out.commit_id;
}

char *ovl_ring_entry_free_payload(const struct ovl_ring_entry *entry)
{
	return entry->header->ring_ent_in_out.payload_sz == 0 ? entry->payload : NULL;
}

bool ovl_ring_entry_is_answer(const struct ovl_ring_entry *entry, const struct iovec *iov)
{
	const struct fuse_out_header *header = iov[0].iov_base;
	return entry->unique != 0 && iov[0].iov_len >= sizeof(*header) &&
	       header->unique == entry->unique;
}

static void put_answer(
	struct ovl_ring_entry *entry, const struct fuse_out_header *header, size_t payload)
{
	memcpy(entry->header->in_out, header, sizeof(*header));
	entry->header->ring_ent_in_out.payload_sz = (uint32_t)payload;
	entry->unique = 0;
}

void ovl_ring_entry_fail(struct ovl_ring_entry *entry, int error)
{
	const struct fuse_out_header header = {
		.len = sizeof(header), .error = error, .unique = entry->unique};
	put_answer(entry, &header, 0);
}

ssize_t ovl_ring_entry_answer(struct ovl_ring_entry *entry, const struct iovec *iov, int count)
{
	const struct fuse_out_header *header = iov[0].iov_base;
	size_t payload = 0;

	for (int i = 0; i < count; i++) {
		/* The first one begins with the header. */
		size_t skip = i == 0 ? sizeof(*header) : 0;
		size_t size = iov[i].iov_len - skip;
		const char *from = (const char *)iov[i].iov_base + skip;
		if (size > entry->payload_size - payload)
			return -EINVAL;
		if (size && from != entry->payload + payload)
			memmove(entry->payload + payload, from, size);
		payload += size;
	}
	put_answer(entry, header, payload);
	return (ssize_t)(sizeof(*header) + payload);
}
