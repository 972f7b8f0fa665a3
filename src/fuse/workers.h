/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The threads of a session: leader and followers.
 *
 * One thread, the leader, waits for a request, works on it and answers it, and waits again: for one
 * client that is the fastest, for waking another thread costs more than most requests do.
 * Leadership is handed to a follower before the work where several clients ask at once, and where
 * the request is of a kind that takes long; and the watchdog, the thread that called
 * ovl_workers_run(), takes it away from a leader that is busy for more than a few milliseconds (a
 * copy-up, a dead network file system below). So no request waits long behind another.
 */
#ifndef FUSE_WORKERS_H
#define FUSE_WORKERS_H

struct ovl_session;
struct ovl_workers;

/* At most max threads; 0 = a number that suits the processors. NULL = no memory. */
struct ovl_workers *ovl_workers_new(struct ovl_session *session, unsigned max);

/* Serves until the session ends. Returns 0 or -errno. */
int ovl_workers_run(struct ovl_workers *workers);

/* Makes ovl_workers_run() return soon. */
void ovl_workers_stop(struct ovl_workers *workers);

/* How many requests have come so far. */
unsigned ovl_workers_requests(const struct ovl_workers *workers);

void ovl_workers_free(struct ovl_workers *workers);

#endif
