/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a name to an inode: what the index says of a name, and one stat of the real object.
 */
#ifndef OVERLAY_LOOKUP_H
#define OVERLAY_LOOKUP_H

#include "fs.h"
#include "overlay/verbs.h"

/*
 * The inode of a file that dir's index has, with a ref, and its attributes as users see them.
 * dir's lock is held. Returns 0 or -errno: -ELOOP where the name leads into our own mount, -ESTALE
 * where the layer was changed behind our back; for a metacopy see ovl_metacopy_learn().
 */
int ovl_entry_inode(struct ovl_fs *fs, struct ovl_dir *dir, struct ovl_entry *entry,
	struct ovl_inode **ret_inode, struct stat *ret_stat);

/* The same, where the real object's attributes are known (raw, as stat(2) gave them). */
int ovl_entry_inode_from(struct ovl_fs *fs, struct ovl_dir *dir, struct ovl_entry *entry,
	const struct stat *raw, struct ovl_inode **ret_inode, struct stat *ret_stat);

/* The inode of an entry if it is in memory, with a ref; NULL otherwise. dir's lock is held. Returns
 * 0, or -errno as ovl_entry_inode(). */
int ovl_entry_live_inode(struct ovl_fs *fs, const struct ovl_dir *dir,
	const struct ovl_entry *entry, struct ovl_inode **ret_inode);

/* Turns a real object's attributes into what users of the mount see of inode. */
void ovl_show_attributes(struct ovl_fs *fs, const struct ovl_inode *inode, struct stat *st);

/* Answers with inode: counts a lookup. */
void ovl_node_set(
	struct ovl_fs *fs, struct ovl_node *node, struct ovl_inode *inode, const struct stat *st);

#endif
