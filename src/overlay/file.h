/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Backing files: the open descriptors through which the data of regular files are read and written.
 *
 * There are no file handles: the kernel does not tell us of an open(2), or only to learn whether it
 * can do without us (fuse/passthrough.h). An inode has at most one backing file, opened at first
 * use, replaced at copy-up, kept in a bounded cache. So whoever opened the file before its copy-up
 * reads what was written after it. That of a metacopy is the file that has its data.
 */
#ifndef OVERLAY_FILE_H
#define OVERLAY_FILE_H

#include <pthread.h>
#include <stdbool.h>

#include "sys/object.h"

struct ovl_fs;
struct ovl_inode;

struct ovl_file {
	int fd;                  /* immutable; owned */
	bool writable;           /* immutable: open for writing, on a file of the upper */
	bool append_only;        /* immutable: the file system lets it be open only for appending */
	unsigned refs;           /* the inode's one included; cache's lock */
	struct ovl_inode *inode; /* whose file it is, NULL when replaced; cache's lock */
	struct ovl_file *older, *newer; /* among those that an inode has; cache's lock */
};

struct ovl_file_cache {
	pthread_mutex_t lock; /* innermost */
	unsigned n_open, max_open;
	struct ovl_file *oldest, *newest;
};

int ovl_file_cache_init(struct ovl_file_cache *cache, unsigned max_open);
/* Drops the older half of the files; those in use live on until they are put. Returns whether a
 * descriptor was closed. Takes the cache's lock alone. */
bool ovl_file_cache_shrink(struct ovl_file_cache *cache);
/* All inodes have been freed. */
void ovl_file_cache_clear(struct ovl_file_cache *cache);

/*
 * The backing file of a regular file, opened if it was not: for reading, or, with write, for both
 * (then inode must be in the upper with its data, which ovl_copy_up() promises and which never
 * ends).
 * One ref for the caller. Returns 0 or -errno of open(2); -EISDIR, -EINVAL for other types.
 * Takes inode's lock; the file's contents are reached by ret_file->fd without any lock.
 */
int ovl_file_get(
	struct ovl_fs *fs, struct ovl_inode *inode, bool write, struct ovl_file **ret_file);

/* NULL is allowed. */
void ovl_file_put(struct ovl_fs *fs, struct ovl_file *file);

/* Makes fd (ownership is taken, also on failure) inode's backing file. Without memory it is just
 * closed. Its lock is held. */
void ovl_file_install(struct ovl_fs *fs, struct ovl_inode *inode, int fd, bool writable);

/* Opens a file of the upper, also where its mode does not let us, its owner: an ordinary user's
 * daemon, and a file that its user may write because it was open before the mode said no. The mode
 * is put right for a moment (ovl_inode_lend()). Returns the descriptor or -errno. at is inode's
 * real object; its lock is held. */
int ovl_file_open_upper(struct ovl_fs *fs, struct ovl_inode *inode, struct sys_at at, int flags);

/* inode goes, or what it stands for has changed: it has no backing file any more. Those who hold
 * it keep it. */
void ovl_file_drop(struct ovl_fs *fs, struct ovl_inode *inode);

#endif
