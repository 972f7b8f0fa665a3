/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The link index, workdir/index: with index=on the names of a lower file stay one file when it is
 * copied up (kernel: Documentation/filesystems/overlayfs.rst, "Index directory").
 *
 * The copy of a lower file that has several names stands in the link index; its name there is the
 * lower file's handle in hex, and it has that handle as origin mark. The names of it that the upper
 * has so far are further links of the copy. A name that the upper does not have yet is still found
 * by the lower file: its handle leads to the copy, so whoever looks it up sees what was written
 * through the other names. Such an inode is INDEXED: the link index is where its real object is,
 * whatever becomes of its names.
 *
 * How many links users see cannot be counted, for it is those of the upper and those lower names
 * that have not been copied up or removed. The nlink mark of the copy says by how much the number
 * differs from that of the real links: "U+N" from the copy's, of which the link index has one, or
 * "L+N" from the lower file's. The difference to the upper's stays the same when a name is given
 * or taken, as long as the upper has that name; so a name is first copied up, and then removed,
 * renamed or replaced (ovl_copy_up_name()), and no crash can make the mark wrong. Only while a name
 * is copied up the difference is that to the lower's, which does not change then. Kernel: util.c,
 * ovl_nlink_start(); copy_up.c, ovl_link_up().
 */
#ifndef OVERLAY_LINK_INDEX_H
#define OVERLAY_LINK_INDEX_H

#include <limits.h>

#include "fs.h"
#include "origin.h"

/*
 * Opens workdir/index, or makes it, and removes from it what has gone stale. fs->link_index is then
 * set; it stays NULL, with a line in the log, where the layers cannot have one: the upper no marks,
 * or a layer no file handles. On disk afterwards: the origin mark on the upper's root, and the
 * upper mark on workdir/index, which tie the upper to its topmost lower and the link index to its
 * upper. Kernel: super.c, ovl_get_indexdir(); readdir.c, ovl_indexdir_cleanup().
 *
 * Returns 0 or -errno with *ret_what: -ESTALE where the upper belongs to another lower, or the link
 * index to another upper; -EINVAL, -ENODATA where there is something in it that nobody knows.
 */
int ovl_link_index_prepare(struct ovl_fs *fs, int workdir_fd, const char **ret_what);

/* What the link index calls a file; "" = it is not in it. */
typedef char ovl_link_name[NAME_MAX + 1];

/* Does a lower file of that type with so many names stay one? Not without index=on; nor, where
 * marks are user.* xattrs, anything but a regular file. */
bool ovl_link_index_keeps(const struct ovl_fs *fs, uint8_t type, nlink_t n_links);

/* The name for a handle of so many bytes. -EOPNOTSUPP where it would be too long. */
int ovl_link_index_format(const uint8_t *handle, size_t size, ovl_link_name name);
/* The handle in a name; its size, or -EINVAL where the name has none. */
int ovl_link_index_parse(const char *name, uint8_t handle[OVL_FB_MAX]);

/* The name for a lower object. Returns 0 or -errno: -EOPNOTSUPP where its file system has no
 * handles. */
int ovl_link_index_name(
	struct ovl_fs *fs, struct sys_at lower, const struct ovl_layer *layer, ovl_link_name name);
/* The name that an object of the upper, whose attributes are st, may have, as its origin mark says.
 * No lock of a file is held. Returns 1, 0 or -errno. */
int ovl_link_index_name_of_upper(
	struct ovl_fs *fs, struct sys_at upper, const struct stat *st, ovl_link_name name);

/* The copy's attributes: 1, 0 where there is none, or -errno; -EIO where something of another type
 * has that name (kernel: ovl_lookup_index()). */
int ovl_link_index_stat(struct ovl_fs *fs, const char *name, uint8_t type, struct stat *ret_stat);

/* A new INDEXED inode outside the table, one ref for the caller; NULL = no memory. hint is as for
 * ovl_origin_decode(), ino what users see where the name does not tell. */
struct ovl_inode *ovl_link_index_inode(
	struct ovl_fs *fs, const char *name, uint8_t type, unsigned hint, uint64_t ino);

/* inode, whose copy has just got its name in the link index, is INDEXED from now on. place is its
 * entry there, more_links what users see in addition to the real links. Its lock is held. */
void ovl_link_index_adopt(
	struct ovl_fs *fs, struct ovl_inode *inode, struct ovl_entry *place, int more_links);

/*
 * Makes more_links known, from the mark. lower_links is how many links the lower file has, 0
 * where that is not known: then a mark that needs it is asked of the handle, which takes privilege.
 * Where nothing tells, what the upper has is shown, as in the kernel. inode is INDEXED, its lock is
 * held. Returns 0 or -errno.
 */
int ovl_links_load_locked(struct ovl_fs *fs, struct ovl_inode *inode, nlink_t lower_links);

/* Reads the nlink mark of a copy: 'U' or 'L' and the difference. Returns 1, 0 where there is none
 * that makes sense, or -errno. */
int ovl_links_read_mark(struct ovl_fs *fs, struct sys_at copy, char *ret_from, int *ret_more);

/* Before links are given or taken: sees to it that the mark counts from the upper's links. Nothing
 * is written where it does already. inode is INDEXED, its lock is held. Returns 0 or -errno.
 * Kernel: ovl_nlink_start(), ovl_set_nlink_upper(). */
int ovl_links_mark_locked(struct ovl_fs *fs, struct ovl_inode *inode);

/* Before the upper gets one more of the lower's names: the mark counts from the lower's links,
 * lower_links. Kernel: ovl_set_nlink_lower(). */
int ovl_links_mark_lower_locked(struct ovl_fs *fs, struct ovl_inode *inode, nlink_t lower_links);

/* The value of the nlink mark that a copy is made with: as many links as the lower file has. */
#define OVL_LINKS_AS_LOWER "L+0"

/* Is a name of inode that the upper has the last one that users see? 1, 0 or -errno. inode is
 * INDEXED, its lock is held. */
int ovl_links_is_last_locked(struct ovl_fs *fs, struct ovl_inode *inode);

/* The last name is gone: takes inode out of the link index. anchor (taken) leads to the copy from
 * now on. Its lock is held. What cannot be removed is removed at the next mount. */
void ovl_link_index_drop_locked(struct ovl_fs *fs, struct ovl_inode *inode, int anchor);

#endif
