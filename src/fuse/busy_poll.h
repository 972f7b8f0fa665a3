/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Busy polling: looking for the next request for a few microseconds before sleeping until it comes,
 * as KVM does with its halt_poll_ns, and the network with net.core.busy_poll.
 *
 * To sleep and be woken costs a thread tens of microseconds, on a virtual machine above all: often
 * more than the request itself, and a single client that goes from file to file waits for it each
 * time. While its requests follow each other faster than that, the thread that serves it looks
 * instead. It stops as soon as that does not pay: requests do not come soon, or others want the
 * processor.
 *
 * Of one thread: no locks.
 */
#ifndef FUSE_BUSY_POLL_H
#define FUSE_BUSY_POLL_H

#include <stdbool.h>
#include <stdint.h>

#define OVL_BUSY_POLL_NS 50000 /* for how long it looks at most */

/* All zero at first. */
struct ovl_busy_poll {
	uint64_t began_ns; /* when the waiting began (CLOCK_MONOTONIC) */
	int credit; /* grows when looking would have paid; it is done while this is positive */
};

/* The thread is about to wait until fd is readable: looks for that first, where it pays. Returns
 * whether it is readable now (or broken): false where the thread has to sleep. may: false only
 * begins the waiting. */
bool ovl_busy_poll(struct ovl_busy_poll *poll, int fd, bool may);

/* What it waited for has come. */
void ovl_busy_poll_end(struct ovl_busy_poll *poll);

/* What both are made of: learns from a wait of that length; and that the processor was taken from
 * a thread that looked. Does looking pay? */
void ovl_busy_poll_learn(struct ovl_busy_poll *poll, uint64_t waited_ns);
void ovl_busy_poll_preempted(struct ovl_busy_poll *poll);
bool ovl_busy_poll_pays(const struct ovl_busy_poll *poll);

#endif
