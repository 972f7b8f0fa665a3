/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "busy_poll.h"

#include <poll.h>
#include <time.h>

#define MAX_CREDIT 16   /* quick requests that are remembered */
#define MISS       4    /* quick requests that make up for one that did not come soon */
#define TOO_LONG   12   /* and for one that came just after the look */
#define MAX_LOOKS  1000 /* should the clock stand still */

#define MIN_PAUSE 2    /* ticks: enough for the scheduler to part a leader from its client */
#define MAX_PAUSE 1024 /* ticks: some seconds */
#define GOOD      16   /* ticks after which an old pause is forgotten */
#define BAD       2    /* in a row: for one, the scheduler may put leader and client together */

static uint64_t now_ns(void)
{
	struct timespec now = {0};
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

bool ovl_busy_poll_pays(const struct ovl_busy_poll *poll)
{
	return poll->credit > 0;
}

void ovl_busy_poll_start(struct ovl_busy_poll *poll)
{
	if (poll->credit > 0)
		poll->credit = 0;
}

/* A wait in which the thread slept has the time to be woken in it. */
static bool is_quick(const struct ovl_busy_poll *poll, uint64_t waited_ns)
{
	return waited_ns < OVL_BUSY_POLL_NS * (poll->looked ? 1 : 2);
}

void ovl_busy_poll_learn(struct ovl_busy_poll *poll, uint64_t waited_ns)
{
	if (is_quick(poll, waited_ns))
		poll->credit += poll->credit < MAX_CREDIT;
	else if (poll->looked && waited_ns < 3 * OVL_BUSY_POLL_NS)
		poll->credit -= TOO_LONG; /* perhaps the client was waiting for this processor */
	else if (poll->credit > -MAX_CREDIT)
		poll->credit -= MISS;
}

bool ovl_busy_poll(struct ovl_busy_poll *self, int fd, bool may)
{
	struct pollfd device = {.fd = fd, .events = POLLIN};

	self->began_ns = now_ns();
	self->looked = may && ovl_busy_poll_pays(self);
	for (unsigned i = 0; self->looked && i < MAX_LOOKS; i++) {
		if (poll(&device, 1, 0) != 0)
			return true;
		if (now_ns() - self->began_ns > OVL_BUSY_POLL_NS)
			return false;
	}
	return false;
}

void ovl_busy_poll_end(struct ovl_busy_poll *poll)
{
	ovl_busy_poll_learn(poll, now_ns() - poll->began_ns);
}

bool ovl_busy_poll_allowed(
	struct ovl_busy_poll_pause *pause, uint64_t tick_ns, pid_t tid, uint64_t delay_ns)
{
	bool comparable = tid == pause->tid && delay_ns >= pause->delay_ns;
	uint64_t waited_ns = comparable ? delay_ns - pause->delay_ns : 0;
	pause->tid = tid;
	pause->delay_ns = delay_ns;
	if (pause->left > 0) {
		pause->left--;
		return false;
	}
	pause->bad = waited_ns > tick_ns / 4 ? pause->bad + 1 : 0;
	if (pause->bad >= BAD) {
		unsigned longer = pause->length ? 2 * pause->length : MIN_PAUSE;
		pause->length = longer < MAX_PAUSE ? longer : MAX_PAUSE;
		pause->left = pause->length;
		pause->good = pause->bad = 0;
		return false;
	}
	if (++pause->good >= GOOD)
		pause->length = 0;
	return true;
}
