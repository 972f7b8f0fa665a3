/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "overlay/super.h"
#include "passthrough.h"
#include "uring.h"
#include "workers.h"

static __thread const void *current_request;

const void *ovl_request(void)
{
	return current_request;
}

void ovl_set_request(const void *request)
{
	current_request = request;
}

/* Freed at the end of its thread. */
struct thread_buffer {
	char *data;
	size_t size;
};

static pthread_key_t buffer_key;
static pthread_once_t buffer_once = PTHREAD_ONCE_INIT;

static void buffer_free(void *data)
{
	struct thread_buffer *buffer = data;
	free(buffer->data);
	free(buffer);
}

static void buffer_key_create(void)
{
	pthread_key_create(&buffer_key, buffer_free);
}

static struct thread_buffer *buffer_of_thread(void)
{
	static __thread struct thread_buffer *mine;
	if (mine)
		return mine;
	pthread_once(&buffer_once, buffer_key_create);
	struct thread_buffer *buffer = calloc(1, sizeof(*buffer));
	if (buffer && pthread_setspecific(buffer_key, buffer) != 0) {
		free(buffer);
		buffer = NULL;
	}
	return mine = buffer;
}

static __thread struct thread_buffer lent;

void ovl_lend_thread_buffer(char *data, size_t size)
{
	lent = (struct thread_buffer){data, size};
}

char *ovl_thread_buffer(size_t size)
{
	if (lent.data && size <= lent.size)
		return lent.data;
	struct thread_buffer *buffer = buffer_of_thread();
	if (!buffer)
		return NULL;
	if (buffer->size < size || !buffer->data) {
		char *data = malloc(size < 4096 ? 4096 : size);
		if (!data)
			return NULL;
		free(buffer->data);
		buffer->data = data;
		buffer->size = size < 4096 ? 4096 : size;
	}
	return buffer->data;
}

/* A number that hardly any other mount has had. */
static uint32_t new_generation(void)
{
	uint32_t generation;
	struct timespec now = {0};

	if (getrandom(&generation, sizeof(generation), 0) == sizeof(generation))
		return generation;
	clock_gettime(CLOCK_REALTIME, &now);
	return (uint32_t)now.tv_sec ^ (uint32_t)now.tv_nsec << 2;
}

int ovl_session_new(struct ovl_fs *fs, int fuse_fd, const struct ovl_session_options *options,
	struct ovl_session **ret_session)
{
	char name[] = "fuse-overlay", debug[] = "-d";
	char *argv[] = {name, options->debug ? debug : NULL, NULL};
	struct fuse_args args = FUSE_ARGS_INIT(options->debug ? 2 : 1, argv);
	struct ovl_session *session = calloc(1, sizeof(*session));
	if (!session)
		return -ENOMEM;
	session->fs = fs;
	ovl_habits_init(&session->habits);
	session->options = *options;
	session->generation = new_generation();
	session->fd = fcntl(fuse_fd, F_DUPFD_CLOEXEC, 3); /* libfuse closes it in the end */
	session->workers = ovl_workers_new(session, options->threads);
	session->fuse = fuse_session_new(&args, &ovl_operations, sizeof(ovl_operations), session);
	fuse_opt_free_args(&args);
	int r = session->fd < 0 || !session->workers ? -ENOMEM : session->fuse ? 0 : -EINVAL;
	if (r == 0)
		r = fuse_session_custom_io(session->fuse, &ovl_custom_io, session->fd);
	if (r != 0) {
		if (session->fd >= 0)
			close(session->fd);
		ovl_session_free(session);
		return r < 0 ? r : -EINVAL;
	}
	*ret_session = session;
	return 0;
}

int ovl_session_run(struct ovl_session *session)
{
	if (session->options.threads != 1)
		ovl_fs_read_ahead(session->fs);
	int r = ovl_workers_run(session->workers);
	ovl_uring_wait(atomic_load(&session->uring));
	return r;
}

void ovl_session_stop(struct ovl_session *session)
{
	ovl_uring_stop(atomic_load(&session->uring)); /* first: it does not wait for the workers */
	ovl_workers_stop(session->workers);
}

const char *ovl_session_refusal(const struct ovl_session *session)
{
	return atomic_load(&session->refusal);
}

unsigned ovl_session_requests(const struct ovl_session *session)
{
	return ovl_workers_requests(session->workers) +
	       ovl_uring_requests(atomic_load(&session->uring));
}

void ovl_session_abandon(struct ovl_session *session)
{
	/* Not closed: somebody could open another file under its number. */
	_cleanup_close_ int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	/* A daemon's standard input is one, too. */
	(void)dup3(null >= 0 ? null : STDIN_FILENO, session->fd, O_CLOEXEC);
}

void ovl_session_free(struct ovl_session *session)
{
	if (!session)
		return;
	if (session->fuse)
		fuse_session_destroy(session->fuse);
	ovl_uring_free(atomic_load(&session->uring));
	ovl_workers_free(session->workers);
	ovl_passthrough_free(session->passthrough);
	ovl_habits_clear(&session->habits);
	free(session);
}
