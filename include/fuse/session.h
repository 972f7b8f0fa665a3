/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The session: serves one overlay on one mounted /dev/fuse descriptor until it is unmounted.
 */
#ifndef FUSE_SESSION_H
#define FUSE_SESSION_H

#include <stdbool.h>

struct ovl_fs;
struct ovl_session;

/* Are data of files in the upper passed through where the kernel can (fuse/passthrough.h)? */
enum ovl_passthrough_use { OVL_PASSTHROUGH_OFF, OVL_PASSTHROUGH_AUTO, OVL_PASSTHROUGH_ON };

/* Are requests taken over io_uring where the kernel offers it (fuse/uring.h)? */
enum ovl_io_uring { OVL_IO_URING_OFF, OVL_IO_URING_AUTO, OVL_IO_URING_ON };

struct ovl_session_options {
	double timeout;  /* seconds for which the kernel may keep names and attributes */
	bool debug;      /* -d: log every message to stderr */
	bool no_acl;     /* do not offer POSIX ACLs to the kernel */
	bool nfs_export; /* the overlay knows a file by its nodeid also when it was forgotten */
	bool writeback;  /* the kernel may keep what is written for a while, where it can */
	enum ovl_io_uring io_uring; /* ON: says so where it cannot be had */
	enum ovl_passthrough_use
		passthrough; /* not with writeback; ON: see ovl_session_refusal() */
	unsigned threads;    /* most threads that may serve at once; 0 = by number of processors, at
				least 8; at most 64 */
	void (*ready)(void *data); /* called once, after the kernel has been answered (INIT) */
	void *ready_data;
};

/*
 * Makes a session on fuse_fd, which is open on /dev/fuse and already mounted. Takes neither
 * ownership of fs nor of fuse_fd: both must outlive the session.
 * Returns 0 with *ret_session, or -errno (-ENOMEM; -EINVAL where libfuse refuses).
 */
int ovl_session_new(struct ovl_fs *fs, int fuse_fd, const struct ovl_session_options *options,
	struct ovl_session **ret_session);

/*
 * Serves requests until the file system is unmounted (also lazily, once the last user is gone),
 * the connection is aborted, or ovl_session_stop() is called. Blocks; starts and ends its own
 * threads, which have all signals blocked. Returns 0, or -errno when /dev/fuse cannot be read.
 */
int ovl_session_run(struct ovl_session *session);

/* Makes ovl_session_run() return soon. Safe from any thread, not from a signal handler. */
void ovl_session_stop(struct ovl_session *session);

/* Once the session is ready: what was asked for and cannot be had, as a line for people (a static
 * string); NULL = nothing. Any thread. */
const char *ovl_session_refusal(const struct ovl_session *session);

/* How many requests have come so far. Any thread. */
unsigned ovl_session_requests(const struct ovl_session *session);

/*
 * For a process that is about to end without waiting for ovl_session_run(): lets go of the
 * session's descriptor, so that the kernel aborts the connection when nobody else has the device
 * open. Else a thread that cannot be killed while it waits for an answer of ours (syncfs(2) of the
 * mount) would keep the device open, and so itself waiting. Threads that still answer do so into
 * /dev/null.
 */
void ovl_session_abandon(struct ovl_session *session);

/* After ovl_session_run() has returned. NULL is allowed. */
void ovl_session_free(struct ovl_session *session);

#endif
