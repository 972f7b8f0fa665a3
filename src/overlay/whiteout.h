/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whiteouts: what stands in the upper for a name that a lower layer has and users must not see.
 * Here, and nowhere else, they are made. They are written as character devices 0:0 (an ordinary
 * user may make those since Linux 5.8); as empty files .wh.NAME where the upper cannot hold
 * devices; and where it cannot hold these either, as another overlay's mount, as empty files with
 * the whiteout mark, in a directory with opaque=x (kernel: Documentation/filesystems/overlayfs.rst,
 * "Nesting overlayfs mounts"). The kernel reads the third in lower layers; in its upper it hides
 * such a file, but lists its name.
 *
 * In all functions upper is a directory of the upper, held; name an entry in it. All return 0 or
 * -errno of what the upper's file system refused, with nothing changed.
 */
#ifndef OVERLAY_WHITEOUT_H
#define OVERLAY_WHITEOUT_H

#include "fs.h"

/* A whiteout where the upper has nothing of that name. In one step. Devices are links of one that
 * is kept in work/ (kernel: ovl_whiteout()), where the file system and its limit of links allow. */
int ovl_whiteout_make(struct ovl_fs *fs, struct sys_at upper);

/* When the mount ends: the whiteout in work/ goes. */
void ovl_whiteout_forget_shared(struct ovl_fs *fs);

/* Before a whiteout comes by a rename from one directory of the upper to another: says there,
 * unless it is opaque, that a whiteout may be a marked file. Both locks are held. */
int ovl_whiteout_allow_from(struct ovl_fs *fs, const struct ovl_dir *from, struct ovl_dir *to);

/* Puts a whiteout in the place of an object, atomically where the file system can
 * (RENAME_WHITEOUT), and moves the object into work/ under temp. */
int ovl_whiteout_move_aside(struct ovl_fs *fs, struct sys_at upper, const char *temp);

/* Removes a whiteout that ovl_whiteout_make() would have made. Not there is no error. */
int ovl_whiteout_remove(struct ovl_fs *fs, struct sys_at upper);

/* Does a whiteout of ours stand where the object stood? Else beside it. */
static inline bool ovl_whiteout_is_at_name(const struct ovl_fs *fs)
{
	return fs->whiteouts != OVL_WHITEOUTS_AUFS;
}

/* The flags of an index entry for a whiteout of ours. */
uint8_t ovl_whiteout_entry_flags(const struct ovl_fs *fs);

/* Marks the directory so that nothing below is merged into it. */
int ovl_opaque_make(struct ovl_fs *fs, struct sys_at dir);

/* Removes everything from work/NAME, and itself: a directory that held nothing but whiteouts, or
 * any other object. Best effort: what stays is removed at the next mount. */
void ovl_work_remove(struct ovl_fs *fs, const char *name, bool is_dir);

#endif
