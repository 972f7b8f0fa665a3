/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How each file that is open is read and written: through us, from the kernel's cache, or past us,
 * straight on a backing file (passthrough.h). Memory alone: no system calls.
 *
 * The kernel (fs/fuse/iomode.c) wants one answer for an inode as long as anybody has it open:
 * cached, or passed through to one and the same backing file. Who is told another one gets EIO. So
 * the first open decides, and all others until the last RELEASE are told the same. The kernel has
 * forgotten its own count before it sends a RELEASE, so ours may only be the later one, which does
 * no harm.
 */
#ifndef FUSE_OPEN_MODES_H
#define FUSE_OPEN_MODES_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define OVL_N_OPEN_BUCKETS 1024 /* of open files there are seldom more */

/* An inode that is open, or may be mapped. */
struct ovl_open_inode {
	uint64_t nodeid;
	struct ovl_open_inode *next; /* owned: of the same bucket */
	uint32_t n_opens, n_writers; /* writers: of the opens, those that may write */
	int backing;                 /* 0 = cached; of no meaning while n_opens is 0 */
	bool is_mappable;            /* see ovl_open_modes_note_mappable() */
};

struct ovl_open_modes {
	pthread_mutex_t lock; /* innermost: all below; held across memory alone */
	struct ovl_open_inode *buckets[OVL_N_OPEN_BUCKETS]; /* owned */
};

void ovl_open_modes_init(struct ovl_open_modes *modes);
/* Whatever is still in it: the session is over. */
void ovl_open_modes_clear(struct ovl_open_modes *modes);

/* If somebody has the inode open: counts one more open, by somebody who writes or not, and returns
 * true, with *ret_backing, the number of its backing file or 0 for cached. Else nothing is decided.
 */
bool ovl_open_modes_join(
	struct ovl_open_modes *modes, uint64_t nodeid, bool writes, int *ret_backing);

/*
 * Decides and counts in one step: an open with that backing file, or cached (0), unless somebody
 * was faster: then with his, which *ret_backing tells, and backing stays the caller's to close.
 * Returns 0 or -ENOMEM, and then has counted nothing.
 */
int ovl_open_modes_begin(
	struct ovl_open_modes *modes, uint64_t nodeid, bool writes, int backing, int *ret_backing);

/* One open less; writes is as it was counted. Returns the number of the backing file that nobody
 * uses any more, which is the caller's to close, or 0. One too many is ignored. */
int ovl_open_modes_leave(struct ovl_open_modes *modes, uint64_t nodeid, bool writes);

/* Has anybody a backing file open that he may write to? */
bool ovl_open_modes_has_writers(struct ovl_open_modes *modes, uint64_t nodeid);

/*
 * Somebody may write to a mapping of the backing file from now on, also when he has closed it, and
 * the kernel will not know that the times have changed. Remembered until it is forgotten. The inode
 * is open.
 */
void ovl_open_modes_note_mappable(struct ovl_open_modes *modes, uint64_t nodeid);
bool ovl_open_modes_is_mappable(struct ovl_open_modes *modes, uint64_t nodeid);

/* The kernel has no such inode any more (a mapping would keep it). What is open stays. */
void ovl_open_modes_forget(struct ovl_open_modes *modes, uint64_t nodeid);

#endif
