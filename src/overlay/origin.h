/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Origins: what a file in the upper was copied up from, kept as a file handle in the origin mark,
 * so that its inode number stays over copy-up, rename and remount (the kernel's
 * fs/overlayfs/copy_up.c, ovl_set_origin_fh(), and namei.c, ovl_check_origin()). The kernel decodes
 * the handle with open_by_handle_at(), which an ordinary user may not; the inode number stands in
 * it all the same.
 */
#ifndef OVERLAY_ORIGIN_H
#define OVERLAY_ORIGIN_H

#include "fs.h"

/* struct ovl_fb of the kernel, version 0. */
#define OVL_FB_MAX           (21 + SYS_HANDLE_MAX_BYTES)
#define SYS_HANDLE_MAX_BYTES 128

/* Writes the file handle of at, an object of layer, into bytes as the kernel does (fs/overlayfs/
 * copy_up.c, ovl_encode_real_fh()). Returns its size, or -errno: -EOPNOTSUPP where the file system
 * has no handles, or a sandbox forbids to ask for them. */
int ovl_handle_encode(struct ovl_fs *fs, struct sys_at at, const struct ovl_layer *layer,
	uint8_t bytes[OVL_FB_MAX]);

/* What the kernel's ovl_check_fb_len() says of a file handle: 0, -EINVAL where it is none, -ENODATA
 * where it is of another version or byte order. */
int ovl_handle_check(const uint8_t *bytes, size_t size);

/* Opens (O_PATH) what a file handle of a lower layer speaks of. Returns the descriptor, or -errno:
 * -ESTALE where there is no such object any more, -EPERM without CAP_DAC_READ_SEARCH. */
int ovl_handle_open(struct ovl_fs *fs, const uint8_t *bytes, size_t size);

/* Writes the origin mark for lower, an object of layer, into bytes and returns its size; 0, an
 * empty mark ("copied up, from where is not known"), where the file system has no handles; -errno
 * where it has, but did not give this one (-EIO, -ENOMEM, -ESTALE). */
ssize_t ovl_origin_encode(struct ovl_fs *fs, struct sys_at lower, const struct ovl_layer *layer,
	uint8_t bytes[OVL_FB_MAX]);

/* The inode number that users see for the origin that bytes speak of. hint is a lower layer whose
 * file system is meant where the mark cannot tell. Returns false where nothing is known. */
bool ovl_origin_decode(
	struct ovl_fs *fs, const uint8_t *bytes, size_t size, unsigned hint, uint64_t *ret_ino);

/* Reads the origin mark of an object of the upper; as ovl_origin_decode(). A directory that its
 * owner has closed to himself is opened to him for that moment (ovl_mark_get_upper()); a file is
 * not, since another of its names may be in use just now: it has the upper's inode number then. */
bool ovl_origin_read(
	struct ovl_fs *fs, struct sys_at upper, bool is_dir, unsigned hint, uint64_t *ret_ino);

/* Makes sure that the upper of dir has the impure mark: an entry with an origin comes into it. dir
 * is in the upper, its lock is held for writing. */
int ovl_mark_impure_locked(struct ovl_fs *fs, struct ovl_dir *dir);

#endif
