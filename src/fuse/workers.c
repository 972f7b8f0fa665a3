/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "workers.h"

#include <errno.h>
#include <linux/fuse.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "companion.h"
#include "overlay/super.h"
#include "session.h"
#include "sys/object.h"
#include "sys/processor.h"

#define MIN_THREADS     8 /* requests that may hang in a dead layer before all do */
#define MAX_THREADS     64
#define TICK_MS         4   /* how often the watchdog looks */
#define BUSY_TICKS      2   /* ticks after which a leader is taken for stuck */
#define IDLE_TICKS      250 /* ticks without a request after which the watchdog sleeps */
#define BURST           16  /* requests since the last tick for which the watchdog looks at once */
#define SEVERAL_CLIENTS 96  /* the mixture from which on requests are served side by side */
#define ONE_CLIENT      48  /* the mixture from which down one leader is enough again */
#define LARGE           16384   /* bytes: reads of that size run ahead of their client */
#define WAKE_SIGNAL     SIGUSR1 /* takes a thread out of read(2) */

struct worker {
	struct ovl_workers *workers;
	pthread_t thread;
	pid_t tid; /* its own, once it leads */
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
	struct worker workers[MAX_THREADS]; /* all that were started; lock */
	unsigned n_started;                 /* lock */
	int error;                          /* why the session ended, or 0; lock */
	cpu_set_t processors;               /* immutable: all there are for us */

	struct ovl_companion companion; /* the watchdog's: when */
	enum {
		UNKNOWN,
		ABLE,
		UNABLE
	} can_accompany;       /* is a thread allowed to be a companion for a while; lock */
	struct worker *beside; /* the thread that is a companion; lock */
	int processor;         /* where it is, or -1: none is; lock */

	/* Leaders are elected for a term: whoever holds another number than this is none any more.
	 * In one word with it, how many leaders of that term have a request in hand. */
	_Atomic uint64_t work;
	_Atomic(struct worker *) last; /* the leader who came, or took a request, last */
	atomic_uint n_leaders;  /* of this term, the called ones too; written under the lock */
	atomic_uint n_requests; /* grows with each: leaders at work are seen to be stuck */
	atomic_uint burst_at;   /* the number of a request for which the watchdog is to look */
	atomic_bool is_watched; /* the watchdog is awake */
	atomic_bool stop;

	/* Written by leaders; a lost change does no harm. Are there several clients? */
	atomic_uint last_pid;
	atomic_uint mixture;   /* 0..256: how often the client changes */
	atomic_bool reads_far; /* there was a large read since the last tick */
};

/* -- leadership -------------------------------------------------------------------------------- */

static void *worker(void *data);

static uint32_t term_of(uint64_t work)
{
	return (uint32_t)(work >> 32);
}

static uint32_t n_working(uint64_t work)
{
	return (uint32_t)work;
}

static uint32_t current_term(const struct ovl_workers *w)
{
	return term_of(atomic_load(&w->work));
}

/* Counts a leader of that term in among those at work (change 1), or out (-1). Returns whether it
 * is one. */
static bool count_work(struct ovl_workers *w, uint32_t term, int change)
{
	uint64_t work = atomic_load_explicit(&w->work, memory_order_relaxed);
	do
		if (term_of(work) != term)
			return false;
	while (!atomic_compare_exchange_weak(&w->work, &work, work + (uint64_t)(int64_t)change));
	return true;
}

/* Are all leaders at work, so that nobody waits for the next request? */
static bool all_work(const struct ovl_workers *w)
{
	uint32_t n = n_working(atomic_load(&w->work));
	return n > 0 && n >= atomic_load_explicit(&w->n_leaders, memory_order_relaxed);
}

/* Returns the term of this thread's leadership, or 0 when the session ends. */
static uint32_t become_leader(struct worker *self)
{
	struct ovl_workers *w = self->workers;
	uint32_t term = 0;

	pthread_mutex_lock(&w->lock);
	w->n_followers++;
	while (w->n_called == 0 && !atomic_load(&w->stop))
		pthread_cond_wait(&w->called, &w->lock);
	w->n_followers--;
	if (!atomic_load(&w->stop)) {
		w->n_called--;
		atomic_store(&w->last, self);
		term = current_term(w);
	}
	pthread_mutex_unlock(&w->lock);
	return term;
}

static int start_thread_locked(struct ovl_workers *w)
{
	if (w->n_started == w->max_threads)
		return -EAGAIN;
	struct worker *new = &w->workers[w->n_started];
	new->workers = w;
	int r = pthread_create(&new->thread, NULL, worker, new);
	if (r != 0)
		return -r;
	w->n_started++;
	w->n_threads++;
	return 0;
}

/* The companion becomes a thread like others, on all processors: what it has in hand does not wait
 * behind everybody else's work. */
static void relieve_companion_locked(struct ovl_workers *w)
{
	if (w->processor < 0)
		return;
	w->processor = -1;
	(void)sys_thread_be_ordinary(w->beside->tid);
	(void)sys_processors_set(w->beside->thread, &w->processors);
}

/* One more leader: a follower, or a new thread. Returns 0 or -errno (-EAGAIN: there are as many
 * threads as may be). */
static int call_leader_locked(struct ovl_workers *w)
{
	relieve_companion_locked(w); /* before it might start a thread, which would be like it */
	int r = w->n_followers > w->n_called ? 0 : start_thread_locked(w);
	if (r < 0)
		return r;
	w->n_called++;
	atomic_fetch_add(&w->n_leaders, 1);
	pthread_cond_signal(&w->called);
	return 0;
}

/* Takes leadership from all who have it, and lets others go on; does not if none can be had. */
static void end_term_locked(struct ovl_workers *w)
{
	if (w->n_called == 0 && call_leader_locked(w) < 0)
		return;
	uint32_t term = current_term(w) + 1;
	atomic_store(&w->n_leaders, w->n_called);
	atomic_store(&w->work, (uint64_t)(term ? term : 1) << 32); /* 0 means none */
}

/* Before a leader works on a request that takes long: it is none any more, and another one takes
 * over if nobody waits for the next request. Returns false where none can. */
static bool step_down(struct ovl_workers *w, uint32_t term)
{
	pthread_mutex_lock(&w->lock);
	bool may = !all_work(w) || call_leader_locked(w) == 0;
	if (may && count_work(w, term, -1))
		atomic_fetch_sub(&w->n_leaders, 1);
	pthread_mutex_unlock(&w->lock);
	return may;
}

/* One client does not need several leaders. This one, who is not at work, goes if another waits for
 * requests. */
static bool step_back(struct ovl_workers *w, uint32_t term)
{
	pthread_mutex_lock(&w->lock);
	uint64_t work = atomic_load(&w->work);
	bool may = term_of(work) == term && atomic_load(&w->n_leaders) > n_working(work) + 1;
	if (may)
		atomic_fetch_sub(&w->n_leaders, 1);
	pthread_mutex_unlock(&w->lock);
	return may;
}

static void call_leader(struct ovl_workers *w)
{
	pthread_mutex_lock(&w->lock);
	if (all_work(w))
		(void)call_leader_locked(w); /* all threads that may be are at work */
	pthread_mutex_unlock(&w->lock);
}

static void end_session(struct ovl_workers *w, int error)
{
	pthread_mutex_lock(&w->lock);
	if (!atomic_load(&w->stop))
		w->error = error;
	atomic_store(&w->stop, true);
	pthread_cond_broadcast(&w->called);
	pthread_cond_signal(&w->watch);
	pthread_mutex_unlock(&w->lock);
}

/* -- one request ------------------------------------------------------------------------------- */

static bool takes_long(const struct fuse_in_header *header)
{
	switch (header->opcode) {
	case FUSE_FSYNC:
	case FUSE_FSYNCDIR:
	case FUSE_COPY_FILE_RANGE:
	case FUSE_FALLOCATE:
		return true;
	default:
		return false;
	}
}

static unsigned load(const atomic_uint *value)
{
	return atomic_load_explicit(value, memory_order_relaxed);
}

static void store(atomic_uint *value, unsigned to)
{
	atomic_store_explicit(value, to, memory_order_relaxed);
}

static void note_client(struct ovl_workers *w, const struct fuse_in_header *header)
{
	if (header->pid == 0) /* the kernel itself: FORGET, writeback */
		return;
	unsigned mixture = load(&w->mixture);
	bool changed = header->pid != load(&w->last_pid);
	if (changed)
		store(&w->last_pid, header->pid);
	if (changed || mixture >= 8)
		store(&w->mixture, mixture - mixture / 8 + (changed ? 32 : 0));
}

static void note_large_read(struct ovl_workers *w, const struct fuse_in_header *header)
{
	const struct fuse_read_in *in = (const struct fuse_read_in *)(header + 1);
	if (header->opcode == FUSE_READ && in->size > LARGE)
		atomic_store_explicit(&w->reads_far, true, memory_order_relaxed);
}

/* Wakes the watchdog after an idle time, and when there is so much work that it should not wait. */
static void be_watched(struct ovl_workers *w, bool at_once)
{
	if (atomic_exchange(&w->is_watched, true) && !at_once)
		return;
	pthread_mutex_lock(&w->lock);
	pthread_cond_signal(&w->watch);
	pthread_mutex_unlock(&w->lock);
}

/* Arranges who else shall wait for requests while this leader works on one. Returns whether it is
 * still a leader of that term. */
static bool prepare(struct worker *self, uint32_t term, const struct fuse_in_header *header)
{
	struct ovl_workers *w = self->workers;

	note_client(w, header);
	note_large_read(w, header);
	unsigned n = atomic_fetch_add_explicit(&w->n_requests, 1, memory_order_relaxed);
	if (!count_work(w, term, 1))
		return false;
	if (atomic_load_explicit(&w->last, memory_order_relaxed) != self)
		atomic_store_explicit(&w->last, self, memory_order_relaxed);
	if (w->session->is_initialised && takes_long(header) && step_down(w, term))
		return false;
	if (w->session->is_initialised && load(&w->mixture) > SEVERAL_CLIENTS && all_work(w))
		call_leader(w);
	be_watched(w, n == load(&w->burst_at));
	return true;
}

/* Works on a request. Returns whether this thread is still a leader of that term. */
static bool serve(struct worker *self, uint32_t term, const struct fuse_buf *buffer)
{
	struct ovl_workers *w = self->workers;
	struct ovl_session *session = w->session;
	bool was_initialised = session->is_initialised;
	bool is_leader = prepare(self, term, buffer->mem);

	ovl_set_request(buffer->mem);
	fuse_session_process_buf(session->fuse, buffer);
	ovl_set_request(NULL);
	if (!was_initialised && session->is_initialised && session->options.ready)
		session->options.ready(session->options.ready_data);
	if (!is_leader || !count_work(w, term, -1))
		return false;
	bool is_one_too_many = load(&w->n_leaders) > 1 && load(&w->mixture) < ONE_CLIENT;
	return !is_one_too_many || !step_back(w, term);
}

/* Leads until leadership or the session ends. Returns whether the session goes on. */
static bool lead(struct worker *self, uint32_t term, struct fuse_buf *buffer)
{
	struct ovl_workers *w = self->workers;

	while (!atomic_load_explicit(&w->stop, memory_order_relaxed)) {
		int r = fuse_session_receive_buf(w->session->fuse, buffer);
		if (r == -EINTR || r == -EAGAIN) /* the buffer holds an old request */
			continue;
		if (r <= 0) { /* unmounted, or the device is broken */
			end_session(w, r);
			return false;
		}
		if (!serve(self, term, buffer))
			return true;
	}
	return false;
}

static void *worker(void *data)
{
	struct worker *self = data;
	struct ovl_workers *w = self->workers;
	struct fuse_buf buffer = {0};
	uint32_t term;
	sigset_t wake;

	sigemptyset(&wake);
	sigaddset(&wake, WAKE_SIGNAL);
	pthread_sigmask(SIG_UNBLOCK, &wake, NULL);
	/* A thread shares its umask with the one that started it, who may have a client's by now.
	 * Where this fails (seccomp), nobody has: creating does without. */
	(void)sys_set_thread_umask(0);
	self->tid = gettid();
	do
		term = become_leader(self);
	while (term != 0 && lead(self, term, &buffer));
	free(buffer.mem);
	pthread_mutex_lock(&w->lock);
	w->n_threads--;
	pthread_cond_signal(&w->watch);
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

/* -- the watchdog ------------------------------------------------------------------------------ */

/* Returns false when it was woken earlier. */
static bool wait_tick_locked(struct ovl_workers *w)
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

static bool can_accompany_locked(struct ovl_workers *w)
{
	if (w->can_accompany == UNKNOWN)
		w->can_accompany = w->max_threads > 1 && CPU_COUNT(&w->processors) > 1 &&
						   sys_threads_may_be_idle()
					   ? ABLE
					   : UNABLE;
	return w->can_accompany == ABLE;
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
	if (w->processor == processor && w->beside == leader)
		return;
	if (w->beside != leader)
		relieve_companion_locked(w);
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

static bool request_waits(struct ovl_workers *w)
{
	struct pollfd device = {.fd = w->session->fd, .events = POLLIN};
	return n_working(atomic_load(&w->work)) > 0 || poll(&device, 1, 0) > 0;
}

/* processor: the client's. */
static void choose_companion_locked(struct ovl_workers *w, unsigned n_requests, int processor)
{
	bool is_leading = w->processor >= 0;
	struct ovl_tick tick = {
		.length_ns = TICK_MS * UINT64_C(1000000),
		.n_requests = n_requests,
		.one_client = load(&w->n_leaders) == 1 && w->n_called == 0,
		.large_reads = atomic_exchange(&w->reads_far, false),
		.is_leading = is_leading,
		.request_waits = is_leading && request_waits(w),
		.delay_ns = is_leading ? sys_run_delay(w->beside->tid) : 0,
	};
	if (ovl_companion_wanted(&w->companion, &tick))
		call_companion_locked(w, processor);
	else
		relieve_companion_locked(w);
}

/* A burst is worth a look before the next tick, but one only. */
static void expect_burst(struct ovl_workers *w, bool is_tick)
{
	if (is_tick && w->companion.pause == 0)
		store(&w->burst_at, load(&w->n_requests) + BURST);
}

/* Without the lock: /proc may have to wait for the client's memory, and that for a worker. */
static int processor_of_client(struct ovl_workers *w)
{
	pthread_mutex_unlock(&w->lock);
	int processor = sys_processor_of((pid_t)load(&w->last_pid));
	pthread_mutex_lock(&w->lock);
	return processor;
}

/* Looks every few milliseconds, while there is work, whether the leader makes progress. */
static void watch_locked(struct ovl_workers *w)
{
	unsigned seen = 0, same = 0;

	while (!atomic_load(&w->stop)) {
		if (!atomic_load(&w->is_watched)) {
			pthread_cond_wait(&w->watch, &w->lock);
			continue;
		}
		bool is_tick = wait_tick_locked(w);
		int processor = processor_of_client(w);
		unsigned now = atomic_load(&w->n_requests);
		choose_companion_locked(w, now - seen, processor);
		expect_burst(w, is_tick);
		same = now == seen ? same + 1 : 0;
		seen = now;
		if (same >= BUSY_TICKS && all_work(w)) {
			end_term_locked(w);
		} else if (same > IDLE_TICKS) {
			atomic_store(&w->is_watched, false);
			if (all_work(w) || atomic_load(&w->n_requests) != now)
				atomic_store(&w->is_watched, true); /* one came just now */
			same = 0;
			ovl_fs_trim(w->session->fs);
		}
	}
}

static void on_wake_signal(int signal)
{
	(void)signal;
}

/* Threads that are in read(2) are woken until all have noticed that the session is over. */
static void collect_locked(struct ovl_workers *w)
{
	relieve_companion_locked(w);
	while (w->n_threads > 0) {
		for (unsigned i = 0; i < w->n_started; i++)
			pthread_kill(w->workers[i].thread, WAKE_SIGNAL);
		wait_tick_locked(w);
	}
}

int ovl_workers_run(struct ovl_workers *w)
{
	struct sigaction wake = {.sa_handler = on_wake_signal}; /* no SA_RESTART */
	sigset_t all, before;

	sigaction(WAKE_SIGNAL, &wake, NULL);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_mutex_lock(&w->lock);
	int r = call_leader_locked(w);
	if (r == 0) {
		watch_locked(w);
		collect_locked(w);
		r = w->error;
	}
	unsigned n = w->n_started;
	pthread_mutex_unlock(&w->lock);
	for (unsigned i = 0; i < n; i++)
		pthread_join(w->workers[i].thread, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return r;
}

unsigned ovl_workers_requests(const struct ovl_workers *w)
{
	return atomic_load(&w->n_requests);
}

void ovl_workers_stop(struct ovl_workers *w)
{
	end_session(w, 0);
}

struct ovl_workers *ovl_workers_new(struct ovl_session *session, unsigned max)
{
	struct ovl_workers *w = calloc(1, sizeof(*w));
	if (!w)
		return NULL;
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	if (max == 0)
		max = processors > MIN_THREADS ? (unsigned)processors : MIN_THREADS;
	w->session = session;
	w->processor = -1;
	w->work = UINT64_C(1) << 32; /* the first term */
	sys_processors_get(&w->processors);
	w->max_threads = max < MAX_THREADS ? max : MAX_THREADS;
	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->called, NULL);
	pthread_cond_init(&w->watch, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return w;
}

void ovl_workers_free(struct ovl_workers *w)
{
	if (!w)
		return;
	pthread_cond_destroy(&w->watch);
	pthread_cond_destroy(&w->called);
	pthread_mutex_destroy(&w->lock);
	free(w);
}
