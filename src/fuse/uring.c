/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "uring.h"

#include <errno.h>
#include <liburing.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "overlay/super.h"
#include "ring_entry.h"
#include "session.h"
#include "sys/object.h"
#include "sys/processor.h"
#include "workers.h"

#define MAX_QUEUES  1024
#define MAX_THREADS 8 /* of a queue: requests that may hang in a dead layer before it does */
#define AT_ONCE     2 /* threads that a queue of a processor of ours has from the beginning */
#define TICK_MS     4
#define IDLE_MS     1000

struct ring_thread {
	struct ring_queue *queue;
	pthread_t thread;
	struct ovl_ring_entry entry;
	struct io_uring ring;
	atomic_uint n_requests;
};

struct ring_queue {
	struct ovl_uring *uring;
	uint16_t id;           /* immutable: the processor's number */
	unsigned n_started;    /* lock */
	unsigned n_registered; /* lock: threads that the kernel has not refused */
	atomic_uint n_waiting; /* for requests, or about to */
	struct ring_thread threads[MAX_THREADS];
};

struct ovl_uring {
	struct ovl_session *session; /* borrowed */
	size_t max_write;
	unsigned max_threads; /* immutable: of a queue */
	cpu_set_t processors; /* immutable: ours */

	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned n_running; /* threads; lock */
	unsigned n_opened;  /* threads whose ring is there; lock */
	int error;          /* of the first that has none; lock */
	bool may_register;  /* lock */
	atomic_bool stop;
	atomic_bool is_watched; /* the keeper is awake */
	pthread_t keeper;
	bool has_keeper;

	size_t n_queues;
	struct ring_queue queues[];
};

static __thread struct ring_thread *current;

bool ovl_uring_take_answer(const struct iovec *iov, int count, ssize_t *ret_size)
{
	if (!current || !ovl_ring_entry_is_answer(&current->entry, iov))
		return false;
	*ret_size = ovl_ring_entry_answer(&current->entry, iov, count);
	return true;
}

/* -- a thread ---------------------------------------------------------------------------------- */

static void *ring_thread(void *data);

static int start_thread_locked(struct ring_queue *queue)
{
	struct ovl_uring *uring = queue->uring;
	if (queue->n_started == uring->max_threads)
		return -EAGAIN;
	struct ring_thread *new = &queue->threads[queue->n_started];
	new->queue = queue;
	int r = pthread_create(&new->thread, NULL, ring_thread, new);
	if (r != 0)
		return -r;
	queue->n_started++;
	queue->n_registered++;
	uring->n_running++;
	return 0;
}

/* All threads of the queue are at work, or soon will be. */
static void reinforce(struct ring_queue *queue)
{
	pthread_mutex_lock(&queue->uring->lock);
	if (atomic_load(&queue->n_waiting) == 0 && !atomic_load(&queue->uring->stop))
		(void)start_thread_locked(queue); /* all that may be are there */
	pthread_mutex_unlock(&queue->uring->lock);
}

static void be_watched(struct ovl_uring *uring)
{
	if (atomic_load_explicit(&uring->is_watched, memory_order_relaxed))
		return;
	pthread_mutex_lock(&uring->lock);
	atomic_store(&uring->is_watched, true);
	pthread_cond_broadcast(&uring->changed);
	pthread_mutex_unlock(&uring->lock);
}

/* Works on the request in the entry, and leaves the answer there. */
static void serve(struct ring_thread *self)
{
	struct ovl_session *session = self->queue->uring->session;
	struct ovl_ring_entry *entry = &self->entry;
	struct fuse_buf buffer = {0};

	atomic_fetch_add_explicit(&self->n_requests, 1, memory_order_relaxed);
	be_watched(self->queue->uring);
	if (atomic_fetch_sub(&self->queue->n_waiting, 1) == 1)
		reinforce(self->queue);
	const void *message = ovl_ring_entry_message(entry, &buffer.size);
	if (message) {
		char *payload = ovl_ring_entry_free_payload(entry);
		buffer.mem = (void *)message;
		ovl_lend_thread_buffer(payload, payload ? entry->payload_size : 0);
		ovl_set_request(message);
		fuse_session_process_buf(session->fuse, &buffer);
		ovl_set_request(NULL);
		ovl_lend_thread_buffer(NULL, 0);
		if (entry->unique) /* the kernel waits for one of each that comes here */
			ovl_ring_entry_fail(entry, -EIO);
	}
	atomic_fetch_add(&self->queue->n_waiting, 1);
}

static void prepare_command(struct ring_thread *self, enum fuse_uring_cmd command)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&self->ring); /* has room: one is under way */
	struct fuse_uring_cmd_req *request = (struct fuse_uring_cmd_req *)sqe->cmd;
	bool is_first = command == FUSE_IO_URING_CMD_REGISTER;

	io_uring_prep_rw(IORING_OP_URING_CMD, sqe, self->queue->uring->session->fd,
		self->entry.parts, is_first ? 2 : 0, 0);
	sqe->cmd_op = command;
	*request = (struct fuse_uring_cmd_req){
		.qid = self->queue->id,
		.commit_id = is_first ? 0 : ovl_ring_entry_commit_id(&self->entry),
	};
}

/* Returns what has become of the last command, once it has: 0 with a request, or -errno; -ECANCELED
 * at the end of all. */
static int wait_for_request(struct ring_thread *self)
{
	struct io_uring_cqe *cqe;

	for (;;) {
		bool stop = atomic_load(&self->queue->uring->stop);
		int r = io_uring_submit_and_wait(&self->ring, stop ? 0 : 1); /* the last answer */
		if (stop)
			return -ECANCELED;
		if (r < 0 && r != -EINTR && r != -EAGAIN)
			return r;
		if (io_uring_peek_cqe(&self->ring, &cqe) == 0)
			break;
	}
	int result = cqe->res;
	io_uring_cqe_seen(&self->ring, cqe);
	return result;
}

/* Serves until the connection or the session ends. Returns 0, or -errno where the kernel does not
 * take the ring. */
static int lead(struct ring_thread *self)
{
	unsigned n = 0;
	int r;

	current = self;
	prepare_command(self, FUSE_IO_URING_CMD_REGISTER);
	while ((r = wait_for_request(self)) == 0) {
		n++;
		serve(self);
		prepare_command(self, FUSE_IO_URING_CMD_COMMIT_AND_FETCH);
	}
	current = NULL;
	bool is_over = r == -ECANCELED || r == -ENOTCONN || r == -ECONNABORTED;
	return n > 0 || is_over ? 0 : r;
}

static int open_ring(struct ring_thread *self)
{
	struct io_uring_params params = {
		.flags = IORING_SETUP_SQE128 | IORING_SETUP_SINGLE_ISSUER |
			 IORING_SETUP_DEFER_TASKRUN,
	};
	int r = ovl_ring_entry_init(&self->entry, self->queue->uring->max_write);
	if (r < 0)
		return r;
	r = io_uring_queue_init_params(2, &self->ring, &params);
	if (r < 0)
		ovl_ring_entry_clear(&self->entry);
	else
		(void)io_uring_register_ring_fd(&self->ring); /* a little faster */
	return r;
}

/* Tells what has become of the ring, and waits until INIT has been answered. Returns whether it is
 * to be registered. */
static bool wait_for_begin(struct ring_thread *self, int result)
{
	struct ovl_uring *uring = self->queue->uring;

	pthread_mutex_lock(&uring->lock);
	if (result < 0 && uring->error == 0)
		uring->error = result;
	uring->n_opened += result == 0;
	pthread_cond_broadcast(&uring->changed);
	while (!uring->may_register && !atomic_load(&uring->stop))
		pthread_cond_wait(&uring->changed, &uring->lock);
	bool go = result == 0 && uring->may_register && !atomic_load(&uring->stop);
	pthread_mutex_unlock(&uring->lock);
	return go;
}

/* refused: -errno, where the kernel did not take the ring. A queue without any would keep its
 * requests for ever; but the kernel has not begun with the rings then, and has given up on them
 * when it refused one. */
static void end_thread(struct ring_thread *self, int refused)
{
	struct ovl_uring *uring = self->queue->uring;

	pthread_mutex_lock(&uring->lock);
	if (refused < 0 && --self->queue->n_registered == 0 && !atomic_load(&uring->stop)) {
		log_line("io_uring: the kernel refuses a ring: %s: /dev/fuse is read instead",
			strerror(-refused));
		atomic_store(&uring->stop, true);
	}
	uring->n_running--;
	pthread_cond_broadcast(&uring->changed);
	pthread_mutex_unlock(&uring->lock);
}

static void be_a_server(struct ring_thread *self)
{
	const struct ovl_uring *uring = self->queue->uring;
	sigset_t wake;
	cpu_set_t one;

	sigemptyset(&wake);
	sigaddset(&wake, OVL_WAKE_SIGNAL);
	pthread_sigmask(SIG_UNBLOCK, &wake, NULL);
	(void)sys_set_thread_umask(0); /* as for every worker */
	CPU_ZERO(&one);
	CPU_SET(self->queue->id, &one);
	/* Who keeps us off a processor (taskset(1)) means it; and some are not there. */
	bool is_ours = CPU_ISSET(self->queue->id, &uring->processors);
	(void)sys_processors_set(pthread_self(), is_ours ? &one : &uring->processors);
}

static void *ring_thread(void *data)
{
	struct ring_thread *self = data;
	int refused = 0;

	be_a_server(self);
	int r = open_ring(self);
	if (wait_for_begin(self, r)) {
		atomic_fetch_add(&self->queue->n_waiting, 1);
		refused = lead(self);
		atomic_fetch_sub(&self->queue->n_waiting, 1);
	}
	if (r == 0) {
		io_uring_queue_exit(&self->ring);
		ovl_ring_entry_clear(&self->entry);
	}
	end_thread(self, refused);
	return NULL;
}

/* -- the keeper -------------------------------------------------------------------------------- */

unsigned ovl_uring_requests(const struct ovl_uring *uring)
{
	unsigned n = 0;
	for (size_t i = 0; uring && i < uring->n_queues; i++)
		for (unsigned j = 0; j < MAX_THREADS; j++)
			n += atomic_load(&uring->queues[i].threads[j].n_requests);
	return n;
}

static void wait_ms_locked(struct ovl_uring *uring, long ms)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += ms % 1000 * 1000000;
	until.tv_sec += ms / 1000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_cond_timedwait(&uring->changed, &uring->lock, &until);
}

/* Threads that wait in the kernel are woken until all have noticed that it is over. */
static void collect_locked(struct ovl_uring *uring)
{
	while (uring->n_running > 0) {
		for (size_t i = 0; i < uring->n_queues; i++)
			for (unsigned j = 0; j < uring->queues[i].n_started; j++)
				pthread_kill(uring->queues[i].threads[j].thread, OVL_WAKE_SIGNAL);
		wait_ms_locked(uring, TICK_MS);
	}
}

/* After a time without a request memory is given back; at the end threads are collected. */
static void *keep(void *data)
{
	struct ovl_uring *uring = data;
	unsigned seen = 0;

	pthread_mutex_lock(&uring->lock);
	while (!atomic_load(&uring->stop)) {
		if (!atomic_load(&uring->is_watched)) {
			pthread_cond_wait(&uring->changed, &uring->lock);
			continue;
		}
		wait_ms_locked(uring, IDLE_MS);
		unsigned now = ovl_uring_requests(uring);
		if (now == seen) {
			atomic_store(&uring->is_watched, false);
			pthread_mutex_unlock(&uring->lock);
			ovl_fs_trim(uring->session->fs);
			pthread_mutex_lock(&uring->lock);
		}
		seen = now;
	}
	collect_locked(uring);
	pthread_mutex_unlock(&uring->lock);
	return NULL;
}

/* -- the whole --------------------------------------------------------------------------------- */

static int start_all_locked(struct ovl_uring *uring)
{
	for (size_t i = 0; i < uring->n_queues; i++) {
		struct ring_queue *queue = &uring->queues[i];
		bool is_ours = CPU_ISSET(i, &uring->processors);
		unsigned n = is_ours && uring->max_threads >= AT_ONCE ? AT_ONCE : 1;
		while (queue->n_started < n) {
			int r = start_thread_locked(queue);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

/* Returns when all rings are there, or one cannot be had. */
static int open_all(struct ovl_uring *uring)
{
	pthread_mutex_lock(&uring->lock);
	int r = start_all_locked(uring);
	while (r == 0 && uring->n_opened < uring->n_running && uring->error == 0)
		pthread_cond_wait(&uring->changed, &uring->lock);
	if (r == 0)
		r = uring->error;
	pthread_mutex_unlock(&uring->lock);
	return r;
}

static struct ovl_uring *uring_alloc(
	struct ovl_session *session, unsigned threads, size_t max_write, size_t n_queues)
{
	struct ovl_uring *uring = calloc(1, sizeof(*uring) + n_queues * sizeof(struct ring_queue));
	if (!uring)
		return NULL;
	uring->session = session;
	uring->max_write = max_write;
	uring->max_threads = threads > 0 && threads < MAX_THREADS ? threads : MAX_THREADS;
	uring->n_queues = n_queues;
	for (size_t i = 0; i < n_queues; i++) {
		uring->queues[i].uring = uring;
		uring->queues[i].id = (uint16_t)i;
	}
	sys_processors_get(&uring->processors);
	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&uring->lock, NULL);
	pthread_cond_init(&uring->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return uring;
}

int ovl_uring_new(struct ovl_session *session, unsigned threads, size_t max_write,
	struct ovl_uring **ret_uring, const char **ret_why)
{
	int n_queues = sys_n_possible_processors();
	if (n_queues < 0 || n_queues > MAX_QUEUES) {
		*ret_why = "the processors cannot be counted";
		return n_queues < 0 ? n_queues : -E2BIG;
	}
	struct ovl_uring *uring = uring_alloc(session, threads, max_write, (size_t)n_queues);
	*ret_why = "no ring can be made";
	if (!uring)
		return -ENOMEM;
	int r = open_all(uring);
	if (r == 0) {
		r = -pthread_create(&uring->keeper, NULL, keep, uring);
		uring->has_keeper = r == 0;
	}
	if (r < 0) {
		ovl_uring_free(uring);
		return r;
	}
	*ret_uring = uring;
	return 0;
}

void ovl_uring_begin(struct ovl_uring *uring)
{
	pthread_mutex_lock(&uring->lock);
	uring->may_register = true;
	pthread_cond_broadcast(&uring->changed);
	pthread_mutex_unlock(&uring->lock);
}

void ovl_uring_stop(struct ovl_uring *uring)
{
	if (!uring)
		return;
	pthread_mutex_lock(&uring->lock);
	atomic_store(&uring->stop, true);
	pthread_cond_broadcast(&uring->changed);
	pthread_mutex_unlock(&uring->lock);
}

void ovl_uring_wait(struct ovl_uring *uring)
{
	if (!uring)
		return;
	ovl_uring_stop(uring);
	if (uring->has_keeper)
		pthread_join(uring->keeper, NULL);
	uring->has_keeper = false;
	for (size_t i = 0; i < uring->n_queues; i++) {
		struct ring_queue *queue = &uring->queues[i];
		for (; queue->n_started > 0; queue->n_started--)
			pthread_join(queue->threads[queue->n_started - 1].thread, NULL);
	}
}

void ovl_uring_free(struct ovl_uring *uring)
{
	if (!uring)
		return;
	ovl_uring_wait(uring);
	pthread_cond_destroy(&uring->changed);
	pthread_mutex_destroy(&uring->lock);
	free(uring);
}
