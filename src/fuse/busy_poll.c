/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "busy_poll.h"

#include <poll.h>
#include <time.h>

#define MAX_CREDIT  16     /* quick requests that are remembered */
#define MISS        4      /* quick requests that make up for one that did not come soon */
#define PREEMPTED   2000   /* and for having kept others from the processor */
#define INTERRUPTED 500000 /* ns that no look takes, unless another thread had the processor */

static uint64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

bool ovl_busy_poll_pays(const struct ovl_busy_poll *poll)
{
	return poll->credit > 0;
}

void ovl_busy_poll_learn(struct ovl_busy_poll *poll, uint64_t waited_ns)
{
	bool is_quick = waited_ns < OVL_BUSY_POLL_NS;
	if (is_quick && poll->credit < MAX_CREDIT)
		poll->credit++;
	else if (!is_quick && poll->credit > -MAX_CREDIT)
		poll->credit -= MISS;
}

void ovl_busy_poll_preempted(struct ovl_busy_poll *poll)
{
	poll->credit = -PREEMPTED;
}

bool ovl_busy_poll(struct ovl_busy_poll *self, int fd, bool may)
{
	struct pollfd device = {.fd = fd, .events = POLLIN};

	self->began_ns = now_ns();
	if (!may || !ovl_busy_poll_pays(self))
		return false;
	uint64_t looked = self->began_ns;
	for (;;) {
		if (poll(&device, 1, 0) != 0)
			return true;
		uint64_t now = now_ns();
		if (now - looked > INTERRUPTED) {
			ovl_busy_poll_preempted(self);
			return false;
		}
		if (now - self->began_ns > OVL_BUSY_POLL_NS)
			return false;
		looked = now;
	}
}

void ovl_busy_poll_end(struct ovl_busy_poll *poll)
{
	ovl_busy_poll_learn(poll, now_ns() - poll->began_ns);
}
