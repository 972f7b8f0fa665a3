// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fusermount3, the set-uid program that mounts for ordinary users. It gets one end of a socket in
 * _FUSE_COMMFD, opens /dev/fuse with the user's rights, mounts, and sends the descriptor back. What
 * it says on stderr becomes part of our one line.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "mount/error.h"
#include "mount/mount.h"

static const char *const programs[] = {"fusermount3", "fusermount"};

/* Starts program, with stderr_fd as its stderr; comm_fd (-1 = none) stays open in it. Returns 0
 * with *ret_pid, or -errno. */
static int start(
	const char *program, const char *const argv[], int comm_fd, int stderr_fd, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	/* The daemon blocks signals, which a program would inherit. */
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawn_file_actions_adddup2(&actions, stderr_fd, STDERR_FILENO);
	if (comm_fd >= 0)
		posix_spawn_file_actions_adddup2(&actions, comm_fd, comm_fd);
	int failure =
		posix_spawnp(ret_pid, program, &actions, &attributes, (char *const *)argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return -failure;
}

/* The first line of what comes out of fd until its end. */
static char *read_first_line(int fd)
{
	GString *text = g_string_new(NULL);
	char buffer[512];
	ssize_t n;
	while ((n = TEMP_FAILURE_RETRY(read(fd, buffer, sizeof(buffer)))) > 0) {
		if (text->len < PIPE_BUF)
			g_string_append_len(text, buffer, n);
	}
	g_string_truncate(text, strcspn(text->str, "\n"));
	return g_string_free(text, FALSE);
}

static int wait_for(pid_t pid)
{
	int status = 0;
	if (TEMP_FAILURE_RETRY(waitpid(pid, &status, 0)) < 0)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/*
 * Runs whichever of fusermount3 and fusermount there is with argv (argv[0] is filled in).
 * *comm_fd is closed here as soon as the program has it. Fails unless it ends with status 0.
 */
static bool run_fusermount(const char **argv, int *comm_fd, const char *path, GError **error)
{
	int ends[2], failure = -ENOENT;
	pid_t pid = -1;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return mount_error_set(error, "fusermount3: %s", g_strerror(errno));
	_cleanup_close_ int output = ends[0];
	_cleanup_close_ int input = ends[1];
	for (size_t i = 0; i < G_N_ELEMENTS(programs) && failure == -ENOENT; i++) {
		argv[0] = programs[i];
		failure = start(programs[i], argv, *comm_fd, input, &pid);
	}
	cleanup_close(comm_fd);
	*comm_fd = -1;
	close(steal_fd(&input));
	if (failure == -ENOENT)
		return mount_error_set(error,
			"mount point %s: mount(2) is not permitted and there is no fusermount3 in "
			"PATH: install the package fuse3, or run inside 'unshare -Urm'",
			path);
	if (failure < 0)
		return mount_error_set(error, "mount point %s: %s cannot be run: %s", path, argv[0],
			g_strerror(-failure));
	g_autofree char *said = read_first_line(output);
	if (wait_for(pid) == 0)
		return true;
	/* Its own line begins with "fusermount3: ". */
	return mount_error_set(error, "mount point %s: %s%s", path,
		*said ? said : "fusermount3 failed and did not say why",
		strstr(said, strerror(EPERM)) ? " (in a user namespace, make a mount namespace "
						"as well: 'unshare -Urm')"
					      : "");
}

/* One mounted descriptor from the socket; -1 with errno. */
static int receive_descriptor(int socket_fd)
{
	char byte, control[CMSG_SPACE(sizeof(int))];
	struct iovec part = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n = TEMP_FAILURE_RETRY(recvmsg(socket_fd, &message, MSG_CMSG_CLOEXEC));
	if (n < 0)
		return -1;
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	if (n == 0 || !header || header->cmsg_type != SCM_RIGHTS ||
		header->cmsg_len != CMSG_LEN(sizeof(int))) {
		errno = EPROTO;
		return -1;
	}
	int fd;
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

/* NAME=value with ',' and '\' escaped. */
static void append_escaped(GString *words, const char *name, const char *value)
{
	g_string_append_printf(words, "%s=", name);
	for (; *value; value++) {
		if (*value == ',' || *value == '\\')
			g_string_append_c(words, '\\');
		g_string_append_c(words, *value);
	}
}

/* What fusermount3 3.14 knows of our options. It adds nosuid and nodev for users by itself. */
static char *format_options(const struct mount_options *options)
{
	static const struct {
		unsigned long flag;
		const char *word;
	} flags[] = {{MS_NOEXEC, ",noexec"}, {MS_NOATIME, ",noatime"}, {MS_SYNCHRONOUS, ",sync"},
		{MS_DIRSYNC, ",dirsync"}};
	GString *words = g_string_new(NULL);
	append_escaped(words, "fsname", options->fsname);
	g_string_append_c(words, ',');
	append_escaped(words, "subtype", options->subtype);
	g_string_append(words, options->flags & MS_RDONLY ? ",ro" : ",rw");
	g_string_append(words, ",default_permissions");
	if (options->allow_other)
		g_string_append(words, ",allow_other");
	for (size_t i = 0; i < G_N_ELEMENTS(flags); i++) {
		if (options->flags & flags[i].flag)
			g_string_append(words, flags[i].word);
	}
	return g_string_free(words, FALSE);
}

int fusermount_mount(const char *path, const struct mount_options *options, GError **error)
{
	g_autofree char *words = format_options(options);
	/* The others that it does not know are about times; this one protects. */
	if (options->flags & MS_NOSYMFOLLOW) {
		mount_error_set(error,
			"nosymfollow: fusermount3 cannot do it: leave the option out, or "
			"mount as root or in 'unshare -Urm'");
		return -1;
	}
	if (strlen(words) >= (size_t)sysconf(_SC_PAGESIZE)) {
		mount_error_set(error,
			"fsname: too long for fusermount3, whose options have to fit into a page: "
			"give a shorter fsname or source");
		return -1;
	}
	int ends[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
		mount_error_set(error, "fusermount3: %s", g_strerror(errno));
		return -1;
	}
	_cleanup_close_ int ours = ends[0];
	_cleanup_close_ int theirs = ends[1];
	g_autofree char *number = g_strdup_printf("%d", theirs);
	setenv("_FUSE_COMMFD", number, 1);
	const char *argv[] = {NULL, "-o", words, "--", path, NULL};
	bool mounted = run_fusermount(argv, &theirs, path, error);
	unsetenv("_FUSE_COMMFD");
	if (!mounted)
		return -1;
	int fd = receive_descriptor(ours);
	if (fd < 0) {
		mount_error_set(error, "mount point %s: fusermount3 sent no descriptor: %s", path,
			g_strerror(errno));
		fusermount_unmount(path, NULL);
	}
	return fd;
}

bool fusermount_unmount(const char *path, GError **error)
{
	int none = -1;
	const char *argv[] = {NULL, "-u", "-z", "--", path, NULL};
	return run_fusermount(argv, &none, path, error);
}
