/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Busy polling: looking for the next request for a few microseconds before sleeping until it comes,
 * as KVM does with its halt_poll_ns, and the network with net.core.busy_poll.
 *
 * To sleep and be woken costs a thread tens of microseconds, on a virtual machine above all: often
 * more than the request itself, and a single client that goes from file to file waits for it each
 * time. While its requests follow each other faster than that, the thread that serves it looks
 * instead. It stops as soon as that does not pay: requests do not come soon, or others want the
 * processor, which the watchdog sees.
 */
#ifndef FUSE_BUSY_POLL_H
#define FUSE_BUSY_POLL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define OVL_BUSY_POLL_NS 50000 /* for how long it looks at most */

/* All zero at first. */
struct ovl_busy_poll {
	uint64_t began_ns; /* when the waiting began (CLOCK_MONOTONIC) */
	bool looked;       /* during this wait */
	int credit;        /* grows when looking would have paid; it is done while positive */
};

/* The thread is one of those who wait from now on: it sleeps at first, since another one may sleep
 * beside it, who would be woken for what this one sees. */
void ovl_busy_poll_start(struct ovl_busy_poll *poll);

/* The thread is about to wait until fd is readable: looks for that first, where it pays. Returns
 * whether it is readable now (or broken): false where the thread has to sleep. may: false only
 * begins the waiting. */
bool ovl_busy_poll(struct ovl_busy_poll *poll, int fd, bool may);

/* What it waited for has come. */
void ovl_busy_poll_end(struct ovl_busy_poll *poll);

/* What both are made of: learns from a wait of that length, with or without having looked. Does
 * looking pay? */
void ovl_busy_poll_learn(struct ovl_busy_poll *poll, uint64_t waited_ns);
bool ovl_busy_poll_pays(const struct ovl_busy_poll *poll);

/* The watchdog's: whether anybody may look at all. All zero at first. */
struct ovl_busy_poll_pause {
	unsigned left;     /* ticks for which nobody may */
	unsigned length;   /* ticks of the last pause, 0 for none */
	unsigned good;     /* ticks since, in which nobody else wanted the processor */
	unsigned bad;      /* ticks in a row in which others did */
	pid_t tid;         /* the leader of the last tick */
	uint64_t delay_ns; /* and how long it had ever waited for a processor */
};

/* At a tick of that length: the leader's thread, and how long it has ever waited for a processor
 * (sys_run_delay()). Returns whether it may look until the next: not where others want the
 * processor, nor for a pause afterwards that is longer each time. */
bool ovl_busy_poll_allowed(
	struct ovl_busy_poll_pause *pause, uint64_t tick_ns, pid_t tid, uint64_t delay_ns);

#endif
