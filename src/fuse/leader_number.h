/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many leaders several clients get: as many as there are processors, besides those who are seen
 * to sleep over their work.
 *
 * Leaders beyond the number of processors only take turns at the device, and each is cold when its
 * turn comes. One who sleeps over its work (a disk, a network, a layer that is dead) needs no
 * processor, though, and while all sleep nobody would take the next request. When none is seen to
 * sleep any more, the places of those who did stay for a while: a slow layer is seldom slow once.
 */
#ifndef FUSE_LEADER_NUMBER_H
#define FUSE_LEADER_NUMBER_H

#define OVL_LEADERS_STAY_TICKS 64

struct ovl_leader_number {
	unsigned n_processors; /* that are ours; not 0 */
	unsigned n;            /* leaders wanted; n_processors at first */
	unsigned awake;        /* ticks since any slept over its work; 0 at first */
};

/* A tick of the watchdog is over, and n_asleep leaders were seen to sleep over their work while all
 * had some. Returns how many are wanted until the next. */
unsigned ovl_leader_number_tick(struct ovl_leader_number *number, unsigned n_asleep);

#endif
