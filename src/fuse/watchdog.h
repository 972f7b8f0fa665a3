/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The watchdog: it looks every few milliseconds, while there is work, whether the leaders make
 * progress, and whether the one there is should be its client's companion. It is the thread that
 * called ovl_workers_run(). What it shares with the leaders is here, for workers.c and watchdog.c
 * alone.
 */
#ifndef FUSE_WATCHDOG_H
#define FUSE_WATCHDOG_H

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "busy_poll.h"
#include "companion.h"
#include "leader_number.h"
#include "workers.h"

#define MAX_THREADS     64
#define SEVERAL_CLIENTS 96 /* the mixture from which on requests are served side by side */
#define ONE_CLIENT      48 /* the mixture from which down one leader is enough again */

struct worker {
	struct ovl_workers *workers;
	pthread_t thread;
	pid_t tid;                 /* its own, once it follows; lock */
	struct ovl_busy_poll poll; /* its own: between two requests */
};

struct ovl_workers {
	struct ovl_session *session; /* borrowed */
	unsigned max_threads;

	pthread_mutex_t lock;
	pthread_cond_t called;              /* followers wait here */
	pthread_cond_t watch;               /* the watchdog waits here */
	unsigned n_called;                  /* leaders that nobody has become yet; lock */
	unsigned n_threads;                 /* running; lock */
	unsigned n_followers;               /* waiting to be called; lock */
	bool is_short;                      /* of threads: none could be called; lock */
	struct worker workers[MAX_THREADS]; /* all that were started; lock */
	unsigned n_started;                 /* lock */
	int error;                          /* why the session ended, or 0; lock */
	cpu_set_t processors;               /* immutable: all there are for us */

	struct ovl_companion companion;   /* the watchdog's: when */
	struct ovl_busy_poll_pause pause; /* the watchdog's: when not to look for requests */
	struct ovl_leader_number number;  /* the watchdog's: of leaders, for several clients */
	enum {
		UNKNOWN,
		ABLE,
		UNABLE
	} can_accompany;       /* is a thread allowed to be a companion for a while; lock */
	struct worker *beside; /* the thread that is a companion; lock */
	atomic_int processor;  /* where it is, or -1: none is; written under the lock */

	/* Leaders are elected for a term: whoever holds another number than this is none any more.
	 * In one word with it, how many leaders of that term have a request in hand. */
	_Atomic uint64_t work;
	_Atomic(struct worker *) last; /* the leader who came, or took a request, last; or NULL */
	atomic_uint n_leaders;  /* of this term, the called ones too; written under the lock */
	atomic_uint n_wanted;   /* leaders for several clients; the watchdog's */
	atomic_uint n_requests; /* grows with each: leaders at work are seen to be stuck */
	atomic_uint burst_at;   /* the number of a request for which the watchdog is to look */
	atomic_bool is_watched; /* the watchdog is awake */
	atomic_bool may_poll;   /* nobody else wants the leader's processor */
	atomic_bool stop;

	/* Written by leaders; a lost change does no harm. Are there several clients? */
	atomic_uint last_pid;
	atomic_uint mixture;   /* 0..256: how often the client changes */
	atomic_bool reads_far; /* there was a large read since the last tick */
};

static inline uint32_t ovl_term_of(uint64_t work)
{
	return (uint32_t)(work >> 32);
}

static inline uint32_t ovl_n_working(uint64_t work)
{
	return (uint32_t)work;
}

/* Are all leaders at work, so that nobody waits for the next request? */
static inline bool ovl_all_work(const struct ovl_workers *w)
{
	uint32_t n = ovl_n_working(atomic_load(&w->work));
	return n > 0 && n >= atomic_load_explicit(&w->n_leaders, memory_order_relaxed);
}

static inline unsigned ovl_load(const atomic_uint *value)
{
	return atomic_load_explicit(value, memory_order_relaxed);
}

static inline void ovl_store(atomic_uint *value, unsigned to)
{
	atomic_store_explicit(value, to, memory_order_relaxed);
}

/* How many leaders are enough: one for a single client, for several ones a number. */
static inline unsigned ovl_n_enough(const struct ovl_workers *w)
{
	return ovl_load(&w->mixture) < ONE_CLIENT ? 1 : ovl_load(&w->n_wanted);
}

/* The companion becomes a thread like others, on all processors: what it has in hand does not wait
 * behind everybody else's work. In workers.c. */
void ovl_relieve_companion_locked(struct ovl_workers *workers);

/* Takes leadership from all who have it, and lets others go on; does not if none can be had. In
 * workers.c. */
void ovl_end_term_locked(struct ovl_workers *workers);

/* Looks until the session is to end. Gives the lock up while it waits. */
void ovl_watch_locked(struct ovl_workers *workers);

/* Waits for a tick. Returns false when it was woken earlier. */
bool ovl_wait_tick_locked(struct ovl_workers *workers);

#endif
