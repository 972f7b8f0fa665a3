/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The on-disk format: how marks are spelled in the layers. Kernel overlayfs's own (the kernel's
 * Documentation/filesystems/overlayfs.rst and fs/overlayfs/overlayfs.h), which we read and write,
 * and what other programs leave in layers, which we read:
 *
 *   whiteout     character device 0:0                        kernel; written where possible
 *                file .wh.NAME                               AUFS, container images; read, and
 *                                                            written where devices cannot be made
 *                regular empty file with P whiteout,         kernel 6.7; read, and written where
 *                  in a directory with P opaque=x            neither can be made
 *   opaque       P opaque=y                                  kernel; written where xattrs can be
 *                user.fuseoverlayfs.opaque=y                 read
 *                file .wh..wh..opq                           AUFS; read, and written as a fall-back
 *   origin, impure, redirect, metacopy, nlink, ...           P NAME
 *
 * P is "trusted.overlay." or "user.overlay.". Which one is written depends on who mounts; both are
 * read, and both are hidden from the users of the mount, who can therefore not forge them.
 */
#ifndef OVERLAY_FORMAT_H
#define OVERLAY_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sys/object.h"
#include "sys/verity.h"

enum ovl_mark_kind {
	OVL_MARK_OPAQUE,
	OVL_MARK_WHITEOUT,
	OVL_MARK_REDIRECT,
	OVL_MARK_METACOPY,
	OVL_MARK_ORIGIN,
	OVL_MARK_IMPURE,
	OVL_MARK_NLINK,
	OVL_MARK_UPPER,
	OVL_MARK_UUID,
	OVL_MARK_PROTATTR,
	OVL_N_MARKS,
};

enum ovl_prefix { OVL_PREFIX_TRUSTED, OVL_PREFIX_USER };

/* The xattr's full name; static. */
const char *ovl_mark_name(enum ovl_prefix prefix, enum ovl_mark_kind mark);

/* Has the object that mark, of either prefix? Returns 1, 0 (also where the file system has no
 * xattrs), or -errno. */
int ovl_mark_is_there(struct sys_at at, enum ovl_mark_kind mark);

/* The mode of a file of the upper may keep its owner, an ordinary user's daemon, from reading or
 * writing it, and so its user.* xattrs: then it is put right for a moment. Returns whether it was;
 * *st, what it is to be again. The file's inode is locked, or not in memory. */
bool ovl_let_owner_in(struct sys_at at, struct stat *st);

/* Reads, sets or removes a mark, of that full name, of a file of the upper, let in if need be. */
ssize_t ovl_mark_get_upper(struct sys_at at, const char *name, void *value, size_t size);
int ovl_mark_set_upper(struct sys_at at, const char *name, const void *value, size_t size);
int ovl_mark_remove_upper(struct sys_at at, const char *name);

/* Files that may not be changed (chattr +i, +a). */
#define OVL_APPEND_ONLY 0x01 /* only be added to */
#define OVL_IMMUTABLE   0x02

/* What the value of P protattr says: OVL_APPEND_ONLY, OVL_IMMUTABLE; -EINVAL for no such value. */
int ovl_protattr_parse(const char *value, size_t size);

#define OVL_PROTATTR_SIZE 2
/* Returns the length. */
size_t ovl_protattr_format(unsigned protection, char value[OVL_PROTATTR_SIZE]);

/* The value of P metacopy is struct ovl_metacopy of the kernel: version (0), length, flags, the
 * digest's algorithm, and the digest; or nothing, which says the same as the four bytes alone. */
#define OVL_METACOPY_MIN_SIZE 4
#define OVL_METACOPY_MAX_SIZE (OVL_METACOPY_MIN_SIZE + SYS_DIGEST_MAX)

/* Which digest the data must have, by such a value. Returns 1 with it, 0 where the value has none,
 * -EIO for a damaged one. Mirrors ovl_check_metacopy_xattr(): no more than four bytes are not
 * looked at. */
int ovl_metacopy_parse(const uint8_t *value, size_t size, struct sys_digest *ret_digest);

/* Returns the size; 0 without a digest (NULL), as ovl_set_metacopy_xattr(). */
size_t ovl_metacopy_format(const struct sys_digest *digest, uint8_t value[OVL_METACOPY_MAX_SIZE]);

/* What a directory's marks say. */
struct ovl_dir_marks {
	bool opaque;          /* nothing below is merged */
	bool xattr_whiteouts; /* opaque=x: empty regular files may be whiteouts */
	bool impure;          /* entries may have an origin */
	bool redirect;        /* P redirect is there */
};

/* Reads a directory's marks: one listxattr, and one getxattr for each mark that is there. A file
 * system without xattrs has none. One of the upper that its owner has closed to himself is opened
 * to him for that moment (ovl_mark_get_upper()). Returns 0 or -errno. */
int ovl_marks_read(struct sys_at dir, bool is_upper, struct ovl_dir_marks *ret_marks);

/* What a name in a layer's directory means. */
enum ovl_name_kind {
	OVL_NAME_PLAIN,
	OVL_NAME_AUFS_WHITEOUT, /* .wh.NAME: NAME follows the prefix */
	OVL_NAME_AUFS_OPAQUE,   /* .wh..wh..opq */
	OVL_NAME_AUFS_OTHER,    /* AUFS's bookkeeping, or a .wh. that hides no possible name */
};

#define OVL_AUFS_PREFIX        ".wh."
#define OVL_AUFS_PREFIX_LENGTH 4
#define OVL_AUFS_OPAQUE        ".wh..wh..opq"

enum ovl_name_kind ovl_name_kind(const char *name);

/* Is a character device with these numbers a whiteout? */
static inline bool ovl_is_whiteout_device(mode_t mode, dev_t device)
{
	return S_ISCHR(mode) && device == 0;
}

/* How an xattr that users of the mount name is treated. */
enum ovl_xattr_kind {
	OVL_XATTR_PLAIN,   /* as it is */
	OVL_XATTR_ESCAPED, /* P NAME is stored as P overlay.NAME (nested overlays) */
	OVL_XATTR_HIDDEN,  /* another program's mark: not there, and cannot be set */
};

enum ovl_xattr_kind ovl_xattr_kind(const char *user_name);

#define OVL_XATTR_NAME_SIZE 256 /* XATTR_NAME_MAX and a NUL */

/* The stored name of an ESCAPED one. -ERANGE when it gets too long. */
int ovl_xattr_escape(const char *user_name, char stored[OVL_XATTR_NAME_SIZE]);

/* The name under which users see a stored xattr: itself, unescaped in place into buffer, or NULL
 * where they must not see it. buffer has OVL_XATTR_NAME_SIZE bytes. */
const char *ovl_xattr_user_name(const char *stored, char *buffer);

#endif
