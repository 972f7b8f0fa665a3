/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watchdog.h"

#include <errno.h>
#include <poll.h>
#include <time.h>

#include "overlay/super.h"
#include "session.h"
#include "sys/processor.h"

#define TICK_MS        4 /* how often the watchdog looks */
#define TICK_NS        (TICK_MS * UINT64_C(1000000))
#define BUSY_TICKS     1   /* ticks without a new request after which busy leaders are stuck */
#define LOPSIDED_TICKS 8   /* ticks after which leaders too many for one client are replaced */
#define IDLE_TICKS     250 /* ticks without a request after which the watchdog sleeps */
#define BURST          16  /* requests since the last tick for which the watchdog looks at once */

bool ovl_wait_tick_locked(struct ovl_workers *w)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += TICK_MS * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	return pthread_cond_timedwait(&w->watch, &w->lock, &until) == ETIMEDOUT;
}

/* Gives the lock up for a moment when it is asked for the first time. */
static bool can_accompany_locked(struct ovl_workers *w)
{
	if (w->can_accompany != UNKNOWN)
		return w->can_accompany == ABLE;
	pthread_mutex_unlock(&w->lock);
	bool able =
		w->max_threads > 1 && CPU_COUNT(&w->processors) > 1 && sys_threads_may_be_idle();
	pthread_mutex_lock(&w->lock);
	w->can_accompany = able ? ABLE : UNABLE;
	return able;
}

/* The leader becomes the companion of a client on that processor, or follows it to there. */
static void call_companion_locked(struct ovl_workers *w, int processor)
{
	cpu_set_t one;

	/* Whoever keeps us off a processor (taskset(1)) means it. */
	if (processor < 0 || processor >= CPU_SETSIZE ||
		!CPU_ISSET((unsigned)processor, &w->processors) || !can_accompany_locked(w))
		return;
	struct worker *leader = atomic_load(&w->last);
	if (!leader) {
		ovl_relieve_companion_locked(w);
		return;
	}
	if (w->processor == processor && w->beside == leader)
		return;
	if (w->beside != leader)
		ovl_relieve_companion_locked(w);
	CPU_ZERO(&one);
	CPU_SET((unsigned)processor, &one);
	w->beside = leader;
	if (sys_processors_set(leader->thread, &one) < 0)
		return;
	if (w->processor < 0 && sys_thread_be_idle(leader->tid) < 0) {
		/* Somebody has chosen a policy for it (chrt(1)), and means it. */
		(void)sys_processors_set(leader->thread, &w->processors);
		w->can_accompany = UNABLE;
		return;
	}
	if (w->processor < 0)
		w->companion.delay_ns = sys_run_delay(leader->tid);
	w->processor = processor;
}

/* n_requests: since the last look. A companion that has taken a request, and has not come to say
 * so, is not waiting for one. */
static bool request_waits(struct ovl_workers *w, unsigned n_requests)
{
	struct pollfd device = {.fd = w->session->fd, .events = POLLIN};
	return ovl_n_working(atomic_load(&w->work)) > 0 || poll(&device, 1, 0) > 0 ||
	       (n_requests == 0 && sys_thread_is_runnable(w->beside->tid));
}

/* processor: the client's. */
static void choose_companion_locked(struct ovl_workers *w, unsigned n_requests, int processor)
{
	bool is_leading = w->processor >= 0;
	struct ovl_tick tick = {
		.length_ns = TICK_NS,
		.n_requests = n_requests,
		.one_client =
			ovl_load(&w->n_leaders) == 1 && ovl_load(&w->mixture) <= SEVERAL_CLIENTS,
		.large_reads = atomic_exchange(&w->reads_far, false),
		.is_leading = is_leading,
		.request_waits = is_leading && request_waits(w, n_requests),
		.delay_ns = is_leading ? sys_run_delay(w->beside->tid) : 0,
	};
	if (ovl_companion_wanted(&w->companion, &tick))
		call_companion_locked(w, processor);
	else
		ovl_relieve_companion_locked(w);
}

/* Where others want the processor, no leader looks for requests. */
static void choose_polling_locked(struct ovl_workers *w, unsigned n_requests)
{
	struct worker *leader = atomic_load(&w->last);
	if (w->processor >= 0) /* a companion waits for everybody: that tells nothing */
		w->pause.tid = 0;
	if (w->processor >= 0 || !leader || n_requests == 0)
		return;
	bool may =
		ovl_busy_poll_allowed(&w->pause, TICK_NS, leader->tid, sys_run_delay(leader->tid));
	atomic_store_explicit(&w->may_poll, may, memory_order_relaxed);
}

/* Of the leaders, while all are at work, those who sleep over it. (Followers sleep in any case.) */
static unsigned n_asleep_locked(const struct ovl_workers *w, unsigned n_leaders)
{
	unsigned n = n_leaders;
	for (unsigned i = 0; i < w->n_started && n > 0; i++)
		if (w->workers[i].tid != 0 && sys_thread_is_runnable(w->workers[i].tid))
			n--;
	return n;
}

static void choose_number_locked(struct ovl_workers *w)
{
	unsigned n = ovl_load(&w->n_leaders), asleep = 0;

	if (ovl_load(&w->mixture) > SEVERAL_CLIENTS && ovl_all_work(w))
		asleep = n_asleep_locked(w, n);
	ovl_store(&w->n_wanted, ovl_leader_number_tick(&w->number, asleep));
}

/* A burst is worth a look before the next tick, but one only. */
static void expect_burst(struct ovl_workers *w, bool is_tick)
{
	if (is_tick && w->companion.pause == 0 && w->processor < 0)
		ovl_store(&w->burst_at, ovl_load(&w->n_requests) + BURST);
}

/* Without the lock: /proc may have to wait for the client's memory, and that for a worker. */
static int processor_of_client(struct ovl_workers *w)
{
	pthread_mutex_unlock(&w->lock);
	int processor = sys_processor_of((pid_t)ovl_load(&w->last_pid));
	pthread_mutex_lock(&w->lock);
	return processor;
}

/* After an idle time. A request may come at any moment, and does not wait for this. */
static void trim_locked(struct ovl_workers *w)
{
	pthread_mutex_unlock(&w->lock);
	ovl_fs_trim(w->session->fs);
	pthread_mutex_lock(&w->lock);
}

/* Sleep until the next request? */
static void fall_asleep_locked(struct ovl_workers *w, unsigned now)
{
	atomic_store(&w->is_watched, false);
	if (ovl_all_work(w) || atomic_load(&w->n_requests) != now)
		atomic_store(&w->is_watched, true); /* one came just now */
	else
		trim_locked(w);
}

/* One client, and yet several leaders: one of them is at work for long, or he would have stepped
 * back. */
static bool is_lopsided_locked(const struct ovl_workers *w)
{
	return ovl_load(&w->n_leaders) > 1 && w->n_called == 0 &&
	       ovl_load(&w->mixture) < ONE_CLIENT;
}

void ovl_watch_locked(struct ovl_workers *w)
{
	unsigned seen = 0, same = 0, lopsided = 0;

	while (!atomic_load(&w->stop)) {
		if (!atomic_load(&w->is_watched)) {
			pthread_cond_wait(&w->watch, &w->lock);
			seen = atomic_load(&w->n_requests);
			continue;
		}
		bool is_tick = ovl_wait_tick_locked(w);
		int processor = processor_of_client(w);
		if (atomic_load(&w->stop))
			break;
		unsigned now = atomic_load(&w->n_requests);
		choose_companion_locked(w, now - seen, processor);
		if (is_tick) {
			choose_polling_locked(w, now - seen);
			choose_number_locked(w);
		}
		expect_burst(w, is_tick);
		same = now != seen ? 0 : same + is_tick;
		lopsided = now != seen && is_lopsided_locked(w) ? lopsided + 1 : 0;
		seen = now;
		if ((same >= BUSY_TICKS && ovl_all_work(w)) || lopsided >= LOPSIDED_TICKS) {
			ovl_end_term_locked(w);
			lopsided = 0;
		} else if (same > IDLE_TICKS) {
			same = 0;
			fall_asleep_locked(w, now);
		}
	}
}
