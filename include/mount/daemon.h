/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Becoming a daemon. The process that the caller started waits; its child mounts and serves, and
 * says when the mount answers. Only then does the first end, with status 0; when the child fails,
 * with the child's. A caller that reads our stderr to its end gets that end at the same time.
 */
#ifndef MOUNT_DAEMON_H
#define MOUNT_DAEMON_H

#include <glib.h>
#include <stdbool.h>

/* Opens /dev/null wherever 0, 1 or 2 is closed, so that no file of ours ever gets such a number. */
void daemon_ensure_stdio(void);

/*
 * Forks. Returns in the child only, with every descriptor above 2 closed but keep_fd (-1 = none);
 * *ret_notify_fd is to be given to daemon_detach(). The parent never returns. Call while there is
 * one thread.
 */
bool daemon_fork(int keep_fd, int *ret_notify_fd, GError **error);

/*
 * Lets go of the caller: 0, 1, 2 become /dev/null, the session becomes one of its own, then the
 * parent is told to end with status 0.
 * Consumes notify_fd; with -1 (foreground) nothing happens. Fails when the parent has died while it
 * waited (^C): the caller then never learnt of a mount, so there should be none.
 */
bool daemon_detach(int notify_fd, GError **error);

/* Raises the soft limit of open files to the hard one; umask 0; SIGPIPE ignored. */
void daemon_set_limits(void);

#endif
