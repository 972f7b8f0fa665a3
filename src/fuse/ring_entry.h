/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An entry of a ring of FUSE over io_uring: the memory in which the kernel leaves a request, and
 * takes the answer.
 *
 * The kernel writes a request in three pieces: the header that all have, that of the operation, and
 * the rest, the payload. Of an answer it takes two. What handles requests (libfuse) knows messages
 * as /dev/fuse has them, in one piece. So there is room in front of the payload, and both headers
 * are copied to there; the payload, which can be large, stays where it is.
 */
#ifndef FUSE_RING_ENTRY_H
#define FUSE_RING_ENTRY_H

#include <linux/fuse.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

/* include/uapi/linux/fuse.h of Linux 6.14: older headers have none of this. */
#ifndef FUSE_OVER_IO_URING
#define FUSE_OVER_IO_URING (1ULL << 41)

enum fuse_uring_cmd {
	FUSE_IO_URING_CMD_INVALID = 0,
	FUSE_IO_URING_CMD_REGISTER = 1,
	FUSE_IO_URING_CMD_COMMIT_AND_FETCH = 2,
};

struct fuse_uring_ent_in_out {
	uint64_t flags;
	uint64_t commit_id;  /* of the request: names it in the commit */
	uint32_t payload_sz; /* bytes of the payload, of a request or of an answer */
	uint32_t padding;
	uint64_t reserved;
};

struct fuse_uring_req_header {
	char in_out[128]; /* struct fuse_in_header; or fuse_out_header */
	char op_in[128];  /* what the operation has besides, if its size is fixed */
	struct fuse_uring_ent_in_out ring_ent_in_out;
};

/* In the part of a SQE that is the command's own. */
struct fuse_uring_cmd_req {
	uint64_t flags;
	uint64_t commit_id;
	uint16_t qid;
	uint8_t padding[6];
};
#endif

struct ovl_ring_entry {
	struct fuse_uring_req_header *header; /* owned, with what follows it in memory */
	char *payload;                        /* of payload_size bytes */
	size_t payload_size;
	struct iovec parts[2]; /* header and payload, for the kernel: which reads it late */
	uint64_t unique;       /* of the request in hand that is not answered; 0 = none */
};

/* Memory is taken as it is used. Returns 0 or -ENOMEM. */
int ovl_ring_entry_init(struct ovl_ring_entry *entry, size_t payload_size);
void ovl_ring_entry_clear(struct ovl_ring_entry *entry);

/*
 * Makes one message of the request that the kernel has left, and expects its answer. Returns the
 * message with *ret_size, good until the answer; NULL where the request makes no sense: it has been
 * answered with EIO.
 */
const void *ovl_ring_entry_message(struct ovl_ring_entry *entry, size_t *ret_size);

/* The number by which the request is committed. */
uint64_t ovl_ring_entry_commit_id(const struct ovl_ring_entry *entry);

/* The payload, if the request in hand leaves it unused: the answer's data can be made there, and
 * are then not copied. Else NULL. */
char *ovl_ring_entry_free_payload(const struct ovl_ring_entry *entry);

/* Is that message, as libfuse writes it to /dev/fuse, the answer to the request in hand? */
bool ovl_ring_entry_is_answer(const struct ovl_ring_entry *entry, const struct iovec *iov);

/* Takes the answer. Returns its size, or -EINVAL where it is larger than the payload. */
ssize_t ovl_ring_entry_answer(struct ovl_ring_entry *entry, const struct iovec *iov, int count);

/* Answers the request in hand with -errno. */
void ovl_ring_entry_fail(struct ovl_ring_entry *entry, int error);

#endif
