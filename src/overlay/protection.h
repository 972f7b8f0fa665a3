/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files and directories that may not be changed: immutable and append-only ones (chattr +i, +a).
 *
 * The real object in the upper has neither flag, for the overlay itself still has to move it, mark
 * it, and copy up what is below it. A mark says it, P protattr, and whoever mounts the upper obeys
 * (kernel: ovl_check_protattr(), ovl_set_protattr()). A lower object has the flag itself. Either
 * counts, also in the upper, where older kernels and other programs may have left a flag.
 *
 * The kernel checks the flags of its own inode, and FUSE has no way to tell it of them: so each
 * verb asks here first, before anything is copied up. That access(2) allows writing we cannot
 * forbid, nor that a file is open for it, but where opens are told to us (ovl_open()).
 */
#ifndef OVERLAY_PROTECTION_H
#define OVERLAY_PROTECTION_H

#include "fs.h"

#define OVL_PROTECTED (OVL_APPEND_ONLY | OVL_IMMUTABLE)

/* Besides these, in ovl_inode.protection: what is known. */
#define OVL_PROTECTION_FLAGS_KNOWN 0x04 /* those of the real object itself */
#define OVL_PROTECTION_KNOWN       0x08 /* all */

/* What the attributes of a real object (sys_statx()) tell. */
uint8_t ovl_protection_seen(uint64_t attributes, bool is_upper);

/* What protects inode: OVL_IMMUTABLE, OVL_APPEND_ONLY, or -errno. The first time it takes inode's
 * lock (not of a directory), and asks the disk. */
int ovl_protection(struct ovl_fs *fs, struct ovl_inode *inode);

/* 0, or -EPERM where one of these protects inode, or -errno. Takes the same lock. */
int ovl_protection_check(struct ovl_fs *fs, struct ovl_inode *inode, int refused);

/* The same for an object of which there is no inode. */
int ovl_protection_check_real(struct ovl_fs *fs, const struct ovl_real *real, int refused);

/* Makes the mark of an object in the upper say that, or not be there (0). It may lie in work/.
 * Returns 0 or -errno: -EPERM where the upper cannot hold it. Mirrors ovl_set_protattr(). */
int ovl_protection_mark(const struct ovl_fs *fs, struct sys_at at, unsigned protection);

/* inode is protected so from now on, or, with -1, one has to look again. */
void ovl_protection_changed(struct ovl_inode *inode, int protection);

#endif
