/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A rename in the making, as rename.c, which decides, and rename_move.c, which moves, know it.
 */
#ifndef OVERLAY_RENAME_H
#define OVERLAY_RENAME_H

#include "fs.h"
#include "remove.h"

/* One end of a rename. Locks of dir (and of subdir, which is the directory at that name) are held
 * while entry is used. */
struct ovl_end {
	struct ovl_dir *dir;     /* borrowed */
	const char *name;        /* borrowed */
	struct ovl_entry *entry; /* borrowed from dir's index; NULL: it has nothing of that name */
	struct ovl_inode *inode; /* a ref to the file at that name, or NULL */
	struct ovl_dir *subdir;  /* inode where that is a directory and its lock is held */
	struct ovl_entry *renewed; /* owned: what the index will have of the name */
};

struct ovl_rename {
	struct ovl_fs *fs;
	unsigned flags;
	off_t wanted; /* of a file's data: OVL_COPY_METADATA or OVL_COPY_ALL */
	bool has_rename_lock;
	struct ovl_end from, to;
	struct ovl_victim victim; /* a file at `to` that is replaced */
};

/* The real directory of what moves, NULL of a file. */
static inline struct ovl_realdir *ovl_end_upper(const struct ovl_end *end)
{
	return end->subdir ? ovl_dir_upper(end->subdir) : NULL;
}

/* Moves what is at `from`, all of it in the upper by now, to `to`, and leaves a whiteout where one
 * is needed. All locks that rename.c takes are held. Returns 0, or -errno with the disk as it was.
 */
int ovl_rename_move(struct ovl_rename *ren);

#endif
