/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One copy in the making: made aside, in work/ or without a name, with everything that belongs to
 * it, and then given its name in one step. copy_up.h says when and for whom; nobody but copy_up.c
 * calls these. Where nothing else is said they return 0 or -errno of what failed, and what has not
 * got its name goes with ovl_copy_clear().
 */
#ifndef OVERLAY_COPY_H
#define OVERLAY_COPY_H

#include "fs.h"
#include "inode.h"
#include "link_index.h"
#include "whiteout.h"

struct ovl_metacopy;

struct ovl_copy {
	struct ovl_fs *fs;
	struct ovl_hold from;          /* the lower object */
	const struct ovl_layer *layer; /* its layer */
	struct stat st;                /* its attributes */
	uint64_t attributes;           /* and those of sys_statx() */
	struct ovl_inode *inode;       /* whose copy it is; NULL for a directory; borrowed */
	off_t limit;                   /* bytes of it that are wanted, or OVL_COPY_... */
	char temp[OVL_TEMP_NAME_SIZE]; /* the copy's name in work/; "" for one without a name */
	struct ovl_metacopy *metacopy; /* owned: where its data are, if they stay below */
	bool is_kept;                  /* it is to stand in the link index, as link */
	bool is_indexed;               /* and does, for good */
	ovl_link_name link;
	struct stat in_index; /* its attributes, before it comes there */
	mode_t mode;          /* permissions that a regular copy was made with */
	int fd;               /* owned: the copy of a regular file, open O_RDWR; else -1 */
	int data;             /* owned: the data of the original, once wanted; else -1 */
	unsigned data_layer;  /* then: where they are */
};

#define OVL_NO_MODE ((mode_t)-1)
#define OVL_COPY_NONE                                                                              \
	((struct ovl_copy){.from = OVL_HOLD_NONE, .mode = OVL_NO_MODE, .fd = -1, .data = -1})

#define _cleanup_copy_ __attribute__((cleanup(ovl_copy_clear)))

/* Whatever was not published goes. */
void ovl_copy_clear(struct ovl_copy *copy);

/* real, of a lower layer, is what is to be copied; copy->inode and copy->is_kept are the caller's
 * to set. No lock is wanted. */
int ovl_copy_open(
	struct ovl_fs *fs, const struct ovl_real *real, off_t limit, struct ovl_copy *copy);

/* Makes the copy, complete and synced as the options say, but for its name. No lock is held while
 * data are copied. */
int ovl_copy_make(struct ovl_copy *copy);

/* The copy as system calls name it. */
struct sys_at ovl_copy_at(const struct ovl_copy *copy);

/* Gives the copy its name, where nothing of that name is. */
int ovl_copy_link(struct ovl_copy *copy, struct sys_at to);

/* The same in the upper of parent, which keeps its times, for users have changed nothing in it, and
 * against the mode of a directory that forbids its owner to write. *ret_stat are the copy's
 * attributes before. parent's lock is held for writing. -EACCES: neither mode nor owner allow it.
 */
int ovl_copy_link_quietly(
	struct ovl_copy *copy, struct ovl_dir *parent, const char *name, struct stat *ret_stat);

#endif
