/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When the leader should be its client's companion: bound to the processor that the client is on,
 * with the scheduler's policy SCHED_IDLE.
 *
 * A single client waits while its request is worked on, so both can share a processor, and a switch
 * on it costs a few microseconds where waking another processor can cost 20 and more, twice a
 * request. It is not enough that the leader goes where its client is: the answer wakes the client
 * while the leader still runs, and the scheduler then moves it to an idle processor. One that runs
 * nothing but SCHED_IDLE threads counts as idle, though, so the client of such a leader stays.
 *
 * The price: any other work on that processor comes before the companion's. So it is one only while
 * a single client asks much, and becomes an ordinary thread again within a few milliseconds where
 * it does not get its processor; after that it is left alone for a while, each time longer. What is
 * here decides that, and nothing else.
 */
#ifndef FUSE_COMPANION_H
#define FUSE_COMPANION_H

#include <stdbool.h>
#include <stdint.h>

/* All zero at first. */
struct ovl_companion {
	unsigned pause;    /* ticks for which nobody is called to be one */
	unsigned backoff;  /* ticks of the last such pause, 0 for none */
	unsigned good;     /* ticks as one without having to wait */
	unsigned little;   /* ticks in a row with little work */
	uint64_t delay_ns; /* as of the last tick */
};

/* What the watchdog has seen between two of its looks. */
struct ovl_tick {
	uint64_t length_ns;
	unsigned n_requests;
	bool one_client;    /* there is one leader, for one client */
	bool large_reads;   /* some of them were reads that run ahead of their client */
	bool request_waits; /* right now */
	bool is_leading;    /* there is a companion */
	uint64_t delay_ns;  /* how long it has ever waited for a processor; 0: not told */
};

/* Returns whether the leader should be a companion until the next tick. */
bool ovl_companion_wanted(struct ovl_companion *companion, const struct ovl_tick *tick);

#endif
