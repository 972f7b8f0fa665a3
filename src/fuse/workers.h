/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The threads of a session: leaders and followers.
 *
 * A leader waits for a request, works on it and answers it, and waits again; a follower waits to be
 * called to be one. For one client one leader is the fastest, for waking another thread costs more
 * than most requests do. While there are several clients, a leader that is the last to wait calls
 * another before it begins to work, up to as many as there are processors, besides those that are
 * seen to sleep over their work: soon nobody has to be called any more. One whose request is of a
 * kind that takes long steps down first. And the watchdog, the thread that called
 * ovl_workers_run(), ends the term of leaders that are all busy for more than a few milliseconds (a
 * copy-up, a dead network file system below), or of which one is while there is one client: others
 * are called in their stead. So no request waits long behind another.
 */
#ifndef FUSE_WORKERS_H
#define FUSE_WORKERS_H

#include <signal.h>

#define OVL_WAKE_SIGNAL SIGUSR1 /* takes a thread out of waiting for requests */

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
