// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two processes and a pipe. The child serves; a byte in the pipe says "the mount answers", its end
 * without a byte says "it failed, and stderr has been told why".
 *
 * What a daemon keeps open is somebody else's problem: podman reads our stderr until its end,
 * flock(1) leaks its lock into us, a shell's here-document its pipe. So everything goes.
 */
#include "mount/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "mount/error.h"

void daemon_ensure_stdio(void)
{
	int fd;
	do
		fd = open("/dev/null", O_RDWR); /* not O_CLOEXEC: these three are for everybody */
	while (fd >= 0 && fd < STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

static void close_from_to(unsigned first, unsigned last)
{
	if (first > last || close_range(first, last, 0) == 0)
		return;
	/* Before Linux 5.9. */
	long most = sysconf(_SC_OPEN_MAX);
	for (unsigned fd = first; fd <= last && (long)fd < most; fd++)
		close((int)fd);
}

/* Closes everything above stderr but the two; -1 stands for none. */
static void close_all_but(int a, int b)
{
	unsigned low = (unsigned)MAX(MIN(a, b), STDERR_FILENO);
	unsigned high = (unsigned)MAX(MAX(a, b), STDERR_FILENO);
	close_from_to(STDERR_FILENO + 1, low - 1);
	close_from_to(low + 1, high - 1);
	close_from_to(high + 1, ~0U);
}

/* The caller's process: waits for the byte or the end. */
static void wait_for_child(pid_t child, int pipe_fd)
{
	char byte;
	int status = 0;
	if (TEMP_FAILURE_RETRY(read(pipe_fd, &byte, 1)) == 1)
		_exit(EXIT_SUCCESS);
	if (TEMP_FAILURE_RETRY(waitpid(child, &status, 0)) == child && WIFSIGNALED(status))
		log_line("the daemon was killed by signal %d before the mount was ready",
			WTERMSIG(status));
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
	_exit(code ? code : EXIT_FAILURE);
}

bool daemon_fork(int keep_fd, int *ret_notify_fd, GError **error)
{
	int ends[2];
	/* A caller may ignore SIGCHLD, and then there would be no status to wait for. */
	signal(SIGCHLD, SIG_DFL);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return mount_error_set(error, "cannot make a pipe: %s", g_strerror(errno));
	pid_t child = fork();
	if (child < 0) {
		close(ends[0]);
		close(ends[1]);
		return mount_error_set(error, "cannot start a process: %s", g_strerror(errno));
	}
	if (child > 0) {
		close(ends[1]);
		wait_for_child(child, ends[0]);
	}
	close_all_but(ends[1], keep_fd);
	*ret_notify_fd = ends[1];
	return true;
}

bool daemon_detach(int notify_fd, GError **error)
{
	_cleanup_close_ int notify = notify_fd;
	if (notify < 0)
		return true;
	int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null_fd < 0)
		return mount_error_set(error, "/dev/null: cannot be opened: %s", g_strerror(errno));
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		dup2(null_fd, fd);
	close(null_fd);
	/* Not before: an automount point may be entered by its own group of processes only, until
	 * systemd learns that the mount is there. */
	setsid();
	if (TEMP_FAILURE_RETRY(write(notify, "", 1)) != 1)
		return mount_error_set(error, "nobody waits for the mount any more");
	return true;
}

void daemon_set_limits(void)
{
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	umask(0);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
}
