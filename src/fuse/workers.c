/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "workers.h"

#include <errno.h>
#include <linux/fuse.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "session.h"
#include "sys/object.h"
#include "sys/processor.h"
#include "watchdog.h"

#define MIN_THREADS 8     /* requests that may hang in a dead layer before all do */
#define LARGE       16384 /* bytes: reads of that size run ahead of their client */

/* -- leadership -------------------------------------------------------------------------------- */

static void *worker(void *data);
static int call_leader_locked(struct ovl_workers *w);

static uint32_t current_term(const struct ovl_workers *w)
{
	return ovl_term_of(atomic_load(&w->work));
}

/* Counts a leader of that term in among those at work (change 1), or out (-1). Returns whether it
 * is one. */
static bool count_work(struct ovl_workers *w, uint32_t term, int change)
{
	uint64_t work = atomic_load_explicit(&w->work, memory_order_relaxed);
	do
		if (ovl_term_of(work) != term)
			return false;
	while (!atomic_compare_exchange_weak(&w->work, &work, work + (uint64_t)(int64_t)change));
	return true;
}

/* Returns the term of this thread's leadership, or 0 when the session ends. */
static uint32_t become_leader(struct worker *self)
{
	struct ovl_workers *w = self->workers;
	uint32_t term = 0;

	pthread_mutex_lock(&w->lock);
	self->tid = gettid(); /* the watchdog looks at all threads, under the lock */
	w->n_followers++;
	if (w->is_short && ovl_all_work(w)) /* somebody was wanted, and here he is */
		(void)call_leader_locked(w);
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

void ovl_relieve_companion_locked(struct ovl_workers *w)
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
	ovl_relieve_companion_locked(
		w); /* before it might start a thread, which would be like it */
	int r = w->n_followers > w->n_called ? 0 : start_thread_locked(w);
	w->is_short = r < 0;
	if (r < 0)
		return r;
	w->n_called++;
	atomic_fetch_add(&w->n_leaders, 1);
	pthread_cond_signal(&w->called);
	return 0;
}

void ovl_end_term_locked(struct ovl_workers *w)
{
	if (w->n_called == 0 && call_leader_locked(w) < 0)
		return;
	uint32_t term = current_term(w) + 1;
	atomic_store(&w->n_leaders, w->n_called);
	atomic_store(&w->work, (uint64_t)(term ? term : 1) << 32); /* 0 means none */
}

/* self is no leader any more: nobody shall take it for one. */
static void leave_locked(struct worker *self)
{
	struct worker *last = self;
	atomic_fetch_sub(&self->workers->n_leaders, 1);
	atomic_compare_exchange_strong(&self->workers->last, &last, NULL);
}

/* Before a leader works on a request that takes long: it is none any more, and another one takes
 * over if nobody waits for the next request. Returns false where none can. */
static bool step_down(struct worker *self, uint32_t term)
{
	struct ovl_workers *w = self->workers;

	pthread_mutex_lock(&w->lock);
	bool may = !ovl_all_work(w) || call_leader_locked(w) == 0;
	if (may && current_term(w) == term) {
		if (w->beside == self)
			ovl_relieve_companion_locked(w);
		leave_locked(self); /* first: better one is called too many than none */
		(void)count_work(w, term, -1);
	}
	pthread_mutex_unlock(&w->lock);
	return may;
}

/* There are more leaders than it takes. This one, who is not at work, goes if another waits for
 * requests. */
static bool step_back(struct worker *self, uint32_t term)
{
	struct ovl_workers *w = self->workers;

	pthread_mutex_lock(&w->lock);
	uint64_t work = atomic_load(&w->work);
	unsigned n_here = atomic_load(&w->n_leaders) - w->n_called;
	bool may = ovl_term_of(work) == term && n_here > ovl_n_working(work) + 1;
	if (may)
		leave_locked(self);
	pthread_mutex_unlock(&w->lock);
	return may;
}

static void call_leader(struct ovl_workers *w)
{
	pthread_mutex_lock(&w->lock);
	if (ovl_all_work(w))
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

static void note_client(struct ovl_workers *w, const struct fuse_in_header *header)
{
	if (header->pid == 0) /* the kernel itself: FORGET, writeback */
		return;
	unsigned mixture = ovl_load(&w->mixture);
	bool changed = header->pid != ovl_load(&w->last_pid);
	if (changed)
		ovl_store(&w->last_pid, header->pid);
	if (changed || mixture >= 8)
		ovl_store(&w->mixture, mixture - mixture / 8 + (changed ? 32 : 0));
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
	if (atomic_exchange(&w->is_watched, true)) {
		if (at_once) /* a hint: without the lock it may be lost */
			pthread_cond_signal(&w->watch);
		return;
	}
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
	if (w->session->is_initialised && takes_long(header) && step_down(self, term))
		return false;
	if (w->session->is_initialised && ovl_load(&w->mixture) > SEVERAL_CLIENTS &&
		ovl_load(&w->n_leaders) < ovl_load(&w->n_wanted) && ovl_all_work(w))
		call_leader(w);
	be_watched(w, n == ovl_load(&w->burst_at));
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
	return ovl_load(&w->n_leaders) <= ovl_n_enough(w) || !step_back(self, term);
}

/* A leader waits for the next request. Looking for it takes a processor, so it is for the only one,
 * while there are others; and not for a companion, whose client wants that very processor. */
static void await_request(struct worker *self)
{
	struct ovl_workers *w = self->workers;
	bool may = w->max_threads > 1 && CPU_COUNT(&w->processors) > 1 &&
		   ovl_load(&w->n_leaders) == 1 &&
		   atomic_load_explicit(&w->may_poll, memory_order_relaxed) &&
		   atomic_load_explicit(&w->processor, memory_order_relaxed) < 0;
	(void)ovl_busy_poll(&self->poll, w->session->fd, may);
}

/* Leads until leadership or the session ends. Returns whether the session goes on. */
static bool lead(struct worker *self, uint32_t term, struct fuse_buf *buffer)
{
	struct ovl_workers *w = self->workers;

	ovl_busy_poll_start(&self->poll);
	while (!atomic_load_explicit(&w->stop, memory_order_relaxed)) {
		await_request(self);
		int r = fuse_session_receive_buf(w->session->fuse, buffer);
		ovl_busy_poll_end(&self->poll);
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
	sigaddset(&wake, OVL_WAKE_SIGNAL);
	pthread_sigmask(SIG_UNBLOCK, &wake, NULL);
	/* A thread shares its umask with the one that started it, who may have a client's by now.
	 * Where this fails (seccomp), nobody has: creating does without. */
	(void)sys_set_thread_umask(0);
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

static void on_wake_signal(int signal)
{
	(void)signal;
}

/* Threads that are in read(2) are woken until all have noticed that the session is over. */
static void collect_locked(struct ovl_workers *w)
{
	ovl_relieve_companion_locked(w);
	while (w->n_threads > 0) {
		for (unsigned i = 0; i < w->n_started; i++)
			pthread_kill(w->workers[i].thread, OVL_WAKE_SIGNAL);
		ovl_wait_tick_locked(w);
	}
}

int ovl_workers_run(struct ovl_workers *w)
{
	struct sigaction wake = {.sa_handler = on_wake_signal}; /* no SA_RESTART */
	sigset_t all, before;

	sigaction(OVL_WAKE_SIGNAL, &wake, NULL);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_mutex_lock(&w->lock);
	int r = call_leader_locked(w);
	if (r == 0) {
		ovl_watch_locked(w);
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
	w->max_threads = max < MAX_THREADS ? max : MAX_THREADS;
	w->n_wanted = w->max_threads;
	/* Where the kernel has more than fit into a set it tells none: no limit then. */
	if (sys_processors_get(&w->processors) == 0)
		w->n_wanted = (unsigned)CPU_COUNT(&w->processors);
	w->number = (struct ovl_leader_number){.n_processors = w->n_wanted, .n = w->n_wanted};
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
