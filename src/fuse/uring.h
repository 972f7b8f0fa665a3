/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FUSE over io_uring (Linux 6.14, where root has set fuse.enable_uring): requests and answers go
 * through rings, in place of read(2) and writev(2) on /dev/fuse.
 *
 * The kernel has a queue for each processor, and puts a request into that of the processor on which
 * its client runs. Each queue has threads, each with a ring and one entry of its own, bound to that
 * processor: so a request wakes nobody on another one, and answering it and waiting for the next is
 * one system call. The kernel gives a request to the thread that came to wait last, so a single
 * client always has the same one. A thread that is the last to wait has another one started before
 * it begins to work, up to a limit. So a request that takes long, or a layer that hangs, keeps
 * nobody but its own thread.
 *
 * Once all queues have an entry the kernel sends nothing over /dev/fuse any more but FORGET and
 * INTERRUPT: the workers (workers.h) go on reading it. Notifications go there, too.
 */
#ifndef FUSE_URING_H
#define FUSE_URING_H

#include <stdbool.h>
#include <sys/uio.h>

struct ovl_session;
struct ovl_uring;

/*
 * Prepares all that registering with the kernel takes, while INIT is being answered: once it has
 * been answered with FUSE_OVER_IO_URING the kernel holds requests back until the rings are there.
 * threads: at most so many for a queue; 0 = a number that suits the processors; max_write: as
 * agreed in INIT. Returns 0, or -errno with *ret_why, what could not be done.
 */
int ovl_uring_new(struct ovl_session *session, unsigned threads, size_t max_write,
	struct ovl_uring **ret_uring, const char **ret_why);

/* INIT has been answered: the rings are registered, and requests come. */
void ovl_uring_begin(struct ovl_uring *uring);

/* Threads end when they have answered what they have in hand. Does not wait. NULL is allowed, as
 * below. */
void ovl_uring_stop(struct ovl_uring *uring);

/* Stops, and waits until all threads have ended. */
void ovl_uring_wait(struct ovl_uring *uring);

void ovl_uring_free(struct ovl_uring *uring);

/* How many requests have come so far. */
unsigned ovl_uring_requests(const struct ovl_uring *uring);

/* If that message is the answer to the request of this thread's ring, takes it and returns true,
 * with its size or -errno. */
bool ovl_uring_take_answer(const struct iovec *iov, int count, ssize_t *ret_size);

#endif
