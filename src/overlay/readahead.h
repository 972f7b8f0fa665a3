/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading ahead over the files of a directory.
 *
 * Whoever reads a tree for the first time (grep -r, tar, cp -a) waits for the disk at each file,
 * and the kernel, which reads ahead within a file, cannot know which is next. We can: it is likely
 * one that follows in the listing. So where files of a directory are read one after the other, and
 * the reader had to wait for them, a thread of ours opens the next ones and asks the kernel to read
 * them (posix_fadvise(2), WILLNEED). It is a guess, and a small one at first: no more files are
 * asked for than were read already, twice over.
 *
 * Nothing depends on it: whatever fails here is passed over. Only files that fit into the kernel's
 * own readahead are worth it, so of larger ones just the beginning is read.
 */
#ifndef OVERLAY_READAHEAD_H
#define OVERLAY_READAHEAD_H

#include <stdbool.h>

struct ovl_fs;
struct ovl_inode;
struct ovl_readahead;

/* Starts the thread. NULL = no memory, or no thread: then nobody reads ahead. */
struct ovl_readahead *ovl_readahead_start(void);

/* Ends the thread, unless it hangs in a layer that does not answer: then it is left behind, with
 * what it uses, which is nothing of the overlay's. NULL is allowed. */
void ovl_readahead_stop(struct ovl_readahead *readahead);

/* Somebody reads inode, a regular file, from its start; waited: what he wants was not in memory.
 * fs->readahead is there. Takes the locks of inode and of its directory, if they are free. */
void ovl_readahead_note(struct ovl_fs *fs, struct ovl_inode *inode, bool waited);

#endif
