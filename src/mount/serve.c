// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The life of a mount, top to bottom.
 *
 * The session runs in a thread of its own (and starts more); the first thread waits for what
 * happens first: the session is ready, a signal, the session has ended. All signals are blocked in
 * every thread and read from a descriptor, so nothing of this runs in a handler. The session goes
 * on serving while the first thread unmounts: the kernel writes back what is dirty at that moment.
 */
#include "mount/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "fuse/session.h"
#include "mount/daemon.h"
#include "mount/error.h"
#include "mount/layers.h"
#include "mount/mount.h"
#include "mount/privileges.h"
#include "overlay/super.h"

/* Everything is owned here. Only ready_fd, done_fd and result belong to the session's thread as
 * well; result is read after pthread_join(). */
struct service {
	struct mount_options *options; /* borrowed */
	struct mount_layers layers;
	struct ovl_mount mount;
	struct ovl_fs *fs;
	struct ovl_session *session;
	int signal_fd, ready_fd, done_fd;
	int notify_fd;
	bool is_detached; /* set by the thread that does it */
	bool left_behind; /* a step of the end, which uses this */
	bool was_ready;   /* the mount has answered: whatever follows, it was one */
	int result;
};

enum event { EVENT_SIGNAL, EVENT_READY, EVENT_DONE };

static void announce(int event_fd)
{
	uint64_t one = 1;
	if (write(event_fd, &one, sizeof(one)) < 0)
		log_line("internal: eventfd: %s", g_strerror(errno));
}

static void on_ready(void *data)
{
	struct service *service = data;
	announce(service->ready_fd);
}

static void *run_session(void *data)
{
	struct service *service = data;
	service->result = ovl_session_run(service->session);
	announce(service->done_fd);
	return NULL;
}

static bool prepare_events(struct service *service, GError **error)
{
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	service->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC);
	service->ready_fd = eventfd(0, EFD_CLOEXEC);
	service->done_fd = eventfd(0, EFD_CLOEXEC);
	/* Threads inherit this. */
	pthread_sigmask(SIG_SETMASK, &signals, NULL);
	if (service->signal_fd < 0 || service->ready_fd < 0 || service->done_fd < 0)
		return mount_error_set(
			error, "cannot make an event descriptor: %s", g_strerror(errno));
	return true;
}

/* what says by itself what to do where failure is -EOPNOTSUPP or -EINVAL: see overlay/super.h. */
static bool explain_overlay(
	const struct mount_options *options, int failure, const char *what, GError **error)
{
	what = what ? what : "the overlay cannot be made";
	if (failure == -EOPNOTSUPP)
		return mount_error_set(error, "%s: leave the option out", what);
	g_autofree char *where =
		options->work ? g_strdup_printf("workdir=%s: ", options->work) : g_strdup("");
	if (failure == -EINVAL)
		return mount_error_set(error, "%s%s", where, what);
	return mount_error_set(error, "%s%s: %s", where, what, g_strerror(-failure));
}

/* Everything up to a mount that nobody serves yet. */
static bool set_up(struct service *service, GError **error)
{
	struct mount_options *options = service->options;
	const char *what = NULL;
	if (!prepare_events(service, error) ||
		!mount_layers_open(&service->layers, options, error) ||
		!ovl_mount_prepare(&service->mount, options->mountpoint, error))
		return false;
	int r = ovl_fs_new(&options->config, &service->fs, &what);
	if (r < 0)
		return explain_overlay(options, r, what, error);
	mount_layers_close_lowers(&service->layers);
	options->config.lower_fds = NULL;
	if (!ovl_mount_attach(&service->mount, options, error))
		return false;
	if (!privileges_renounce(service->mount.by_helper, error))
		return false;
	ovl_fs_set_own_device(service->fs, service->mount.device);
	/* All relative paths have been used. */
	if (chdir("/") < 0)
		return mount_error_set(error, "/: %s", g_strerror(errno));
	struct ovl_session_options session_options = {
		.timeout = options->timeout,
		.debug = options->debug,
		.no_acl = options->config.no_acl,
		.nfs_export = options->config.nfs_export == OVL_SWITCH_ON,
		.writeback = options->writeback,
		.io_uring = options->io_uring,
		.passthrough = options->passthrough,
		.threads = options->threads,
		.ready = on_ready,
		.ready_data = service,
	};
	r = ovl_session_new(
		service->fs, service->mount.fuse_fd, &session_options, &service->session);
	return r == 0 || mount_error_set(error, "the FUSE session: %s", g_strerror(-r));
}

/* What has happened; of several things the one that stands first. An unmounted mount is more than a
 * signal that asks for it. */
static enum event wait_for_event(const struct service *service)
{
	struct pollfd fds[] = {
		{.fd = service->done_fd, .events = POLLIN},
		{.fd = service->signal_fd, .events = POLLIN},
		{.fd = service->was_ready ? -1 : service->ready_fd, .events = POLLIN},
	};
	while (poll(fds, G_N_ELEMENTS(fds), -1) < 0)
		;
	if (fds[0].revents)
		return EVENT_DONE;
	return fds[1].revents ? EVENT_SIGNAL : EVENT_READY;
}

/* The mount can be used: make sure, and tell whoever waits for it. */
static bool become_ready(struct service *service, GError **error)
{
	const char *refusal = ovl_session_refusal(service->session);
	if (refusal)
		return mount_error_set(error, "%s", refusal);
	if (!ovl_mount_check_answers(&service->mount, error))
		return false;
	service->was_ready = true;
	return daemon_detach(steal_fd(&service->notify_fd), error);
}

/* The session is over before anybody has looked whether the mount answers. If it was served,
 * somebody was quick to use it and to unmount it. */
static bool was_quick(struct service *service, GError **error)
{
	struct pollfd ready = {.fd = service->ready_fd, .events = POLLIN};
	if (poll(&ready, 1, 0) == 1)
		return daemon_detach(steal_fd(&service->notify_fd), error);
	return mount_error_set(error, "the FUSE session ended before the mount was ready");
}

/* How many seconds the end waits for requests that are being worked on. A layer that does not
 * answer may keep all of them, and whoever has to do with the mount then waits as well. */
#define PATIENCE 5

/* As long as requests come, which is how dirty pages are written, it waits on: up to so often. */
#define MOST_PATIENCE 12

static bool join_in_time(const struct service *service, pthread_t thread)
{
	struct timespec end;
	unsigned before, now = ovl_session_requests(service->session), times = 0;

	do {
		before = now;
		clock_gettime(CLOCK_REALTIME, &end); /* TSan knows of no join by another clock */
		end.tv_sec += PATIENCE;
		if (pthread_timedjoin_np(thread, NULL, &end) == 0)
			return true;
		now = ovl_session_requests(service->session);
	} while (now != before && ++times < MOST_PATIENCE);
	return false;
}

/* Makes a step in a thread of its own, which is left behind where it takes too long. */
static bool make_in_time(void *(*step)(void *), struct service *service)
{
	pthread_t thread;
	if (pthread_create(&thread, NULL, step, service) != 0) {
		step(service); /* without a limit is better than not at all */
		return true;
	}
	bool joined = join_in_time(service, thread);
	service->left_behind |= !joined;
	return joined;
}

static void *run_sync(void *data)
{
	const struct service *service = data;
	ovl_mount_sync(&service->mount);
	return NULL;
}

static void *run_detach(void *data)
{
	struct service *service = data;
	service->is_detached = ovl_mount_detach(&service->mount);
	return NULL;
}

static void *run_upper_sync(void *data)
{
	const struct service *service = data;
	ovl_fs_sync(service->fs);
	return NULL;
}

/* Serves until the end. False when that is a failure. */
static bool wait_for_end(struct service *service, GError **error)
{
	for (;;) {
		switch (wait_for_event(service)) {
		case EVENT_READY:
			if (!become_ready(service, error))
				return false;
			break;
		case EVENT_SIGNAL:
			if (!service->was_ready)
				return mount_error_set(
					error, "ended by a signal before the mount was ready");
			if (!make_in_time(run_sync, service))
				log_line("not all requests were answered: what is not written to "
					 "the mount yet is lost");
			return true;
		case EVENT_DONE:
			return service->was_ready || was_quick(service, error);
		}
	}
}

/* As a kill, which an overlay bears: the threads that hang hold locks, and what they use. */
static void end_without_waiting(struct service *service, bool good, const GError *error)
{
	if (error)
		log_line("%s", error->message);
	log_line("requests take too long: ended without waiting for them");
	make_in_time(run_upper_sync, service);
	ovl_session_abandon(service->session);
	cleanup_close(&service->mount.fuse_fd);
	_exit(good ? EXIT_SUCCESS : EXIT_FAILURE);
}

static bool serve(struct service *service, GError **error)
{
	pthread_t thread;
	int failure = pthread_create(&thread, NULL, run_session, service);
	if (failure)
		return mount_error_set(error, "cannot start a thread: %s", g_strerror(failure));
	bool good = wait_for_end(service, error);
	good = make_in_time(run_detach, service) && service->is_detached && good;
	ovl_session_stop(service->session);
	bool joined = join_in_time(service, thread);
	if (!joined || service->left_behind)
		end_without_waiting(service, good && (!joined || service->result >= 0), *error);
	if (service->result >= 0)
		return good;
	g_clear_error(error);
	return mount_error_set(error, "the FUSE session failed: %s", g_strerror(-service->result));
}

static void tear_down(struct service *service)
{
	ovl_mount_detach(&service->mount);
	ovl_session_free(service->session);
	/* Nothing writes any more, but for a whiteout in work/ that goes (ovl_work_prepare() bears
	 * it): let the next mount have the upper while this one is still syncing. */
	if (service->was_ready)
		mount_layers_unlock(&service->layers);
	ovl_mount_clear(&service->mount);
	ovl_fs_free(service->fs);
	if (service->fs && !service->was_ready)
		mount_layers_remove_work(&service->layers);
	mount_layers_clear(&service->layers);
	cleanup_close(&service->signal_fd);
	cleanup_close(&service->ready_fd);
	cleanup_close(&service->done_fd);
}

int mount_serve(struct mount_options *options, int notify_fd)
{
	g_autoptr(GError) error = NULL;
	struct service service = {
		.options = options,
		.layers = MOUNT_LAYERS_INIT,
		.mount = OVL_MOUNT_INIT,
		.signal_fd = -1,
		.ready_fd = -1,
		.done_fd = -1,
		.notify_fd = notify_fd,
	};
	daemon_set_limits();
	bool good = set_up(&service, &error) && serve(&service, &error);
	if (error)
		log_line("%s", error->message);
	tear_down(&service);
	/* Last: the parent, and who started it, wait for this end. */
	cleanup_close(&service.notify_fd);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
