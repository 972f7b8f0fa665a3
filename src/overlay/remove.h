/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What unlink, rmdir and a rename over something have in common: a file that loses a name, and a
 * directory that must be empty.
 */
#ifndef OVERLAY_REMOVE_H
#define OVERLAY_REMOVE_H

#include "fs.h"

/* A file that is about to lose a name. */
struct ovl_victim {
	struct ovl_inode *inode; /* a ref; NULL where it is not in memory */
	int anchor;              /* owned until ovl_victim_gone(); -1 = none needed */
};

#define OVL_VICTIM_NONE ((struct ovl_victim){NULL, -1})

/* Finds the file behind entry and holds it for those who have it open. dir's lock is held for
 * writing, and after this the file's own is to be taken and kept: ovl_inode_lock_pair(). Returns 0,
 * or -errno where it cannot be told which file it is. */
int ovl_victim_find(struct ovl_fs *fs, struct ovl_dir *dir, struct ovl_entry *entry,
	struct ovl_victim *ret_victim);
/* May it lose its name? -EPERM where it is protected (protection.h). Takes its lock. */
int ovl_victim_check(struct ovl_fs *fs, const struct ovl_dir *dir, const struct ovl_entry *entry,
	const struct ovl_victim *victim);
/* Its lock is held. Returns 0 or -errno of opening the anchor. */
int ovl_victim_hold(struct ovl_fs *fs, const struct ovl_dir *dir, const struct ovl_entry *entry,
	struct ovl_victim *victim);
/* The name is gone. Its lock is held. */
void ovl_victim_gone(struct ovl_fs *fs, const struct ovl_entry *entry, struct ovl_victim *victim);
/* In the end, without locks. */
void ovl_victim_clear(struct ovl_fs *fs, struct ovl_victim *victim);

/* Does taking entry's object away need a whiteout? */
static inline bool ovl_entry_needs_whiteout(const struct ovl_entry *entry)
{
	return entry && (entry->flags & OVL_ENTRY_LOWER) && !(entry->flags & OVL_ENTRY_AUFS_WH);
}

/* The index forgets a file: a whiteout takes its place where one was made, and whiteout (the
 * caller's ref is taken) is its entry; NULL: there is none. */
void ovl_index_drop_file(struct ovl_dir *dir, struct ovl_entry *entry, struct ovl_entry *whiteout);

/* A new entry for the whiteout of entry's name; NULL = no memory. */
struct ovl_entry *ovl_whiteout_entry_new(const struct ovl_fs *fs, const struct ovl_entry *entry);

/*
 * The directory behind entry in dir, with a ref and with its lock held for writing, provided that
 * users see nothing in it. dir's lock is held for writing. Returns 0 or -errno: -ENOTEMPTY.
 */
int ovl_lock_empty_dir(struct ovl_fs *fs, struct ovl_dir *dir, struct ovl_entry *entry,
	struct ovl_dir **ret_victim);

/* victim has been removed: it is there only for those who stand in it. Its lock is held. */
void ovl_dir_removed(struct ovl_fs *fs, struct ovl_dir *victim);

/* Keeps victim's upper directory reachable by its descriptor. Before it is removed or moved. */
int ovl_dir_keep(struct ovl_fs *fs, struct ovl_dir *victim);

#endif
