/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "companion.h"

#define CHATTY      8     /* requests in a tick from which on their client is worth it */
#define LONG_WAIT   20000 /* ns for each request: as much as being on another processor costs */
#define MIN_BACKOFF 32    /* ticks */
#define MAX_BACKOFF 1024  /* ticks: some seconds */
#define KEEP        50    /* ticks of little work that it outlasts: more may come soon */
#define GOOD        64    /* ticks after which an old failure is forgotten */

/* Others want that processor. (Some waiting is usual: until the client that has just asked goes to
 * sleep.) */
static bool is_starved(const struct ovl_companion *companion, const struct ovl_tick *tick)
{
	if (tick->n_requests < CHATTY && tick->request_waits)
		return true;
	if (tick->delay_ns < companion->delay_ns) /* the kernel does not tell */
		return false;
	uint64_t delay_ns = tick->delay_ns - companion->delay_ns;
	return delay_ns > tick->length_ns / 4 && delay_ns / LONG_WAIT > tick->n_requests;
}

static void back_off(struct ovl_companion *companion)
{
	companion->backoff = companion->backoff == 0 ? MIN_BACKOFF : companion->backoff * 2;
	if (companion->backoff > MAX_BACKOFF)
		companion->backoff = MAX_BACKOFF;
	companion->pause = companion->backoff;
	companion->good = 0;
}

bool ovl_companion_wanted(struct ovl_companion *companion, const struct ovl_tick *tick)
{
	if (tick->is_leading && is_starved(companion, tick))
		back_off(companion);
	else if (tick->is_leading && ++companion->good >= GOOD)
		companion->backoff = 0;
	companion->delay_ns = tick->delay_ns;
	if (companion->pause > 0) {
		companion->pause--;
		return false;
	}
	if (!tick->one_client || tick->large_reads)
		return false;
	companion->little = tick->n_requests < CHATTY ? companion->little + 1 : 0;
	return companion->little == 0 || (tick->is_leading && companion->little <= KEEP);
}
