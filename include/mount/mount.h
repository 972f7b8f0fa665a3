/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One mount: made, recognised again, and removed. "Ours" is what the statx(2) of the mount point
 * said right after mounting; whatever else lies there later is not ours and is never unmounted.
 *
 * prepare (may fail, nothing happens) -> attach (mounted) -> detach (not mounted) -> clear.
 */
#ifndef MOUNT_MOUNT_H
#define MOUNT_MOUNT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "mount/options.h"

struct ovl_mount {
	char *path;     /* owned, absolute; NULL = somebody else has mounted (/dev/fd/N) */
	int fuse_fd;    /* owned; -1 before attach */
	bool by_helper; /* fusermount3 has mounted, and must unmount */
	bool attached;  /* mounted by us and not known to be gone */
	dev_t device;   /* st_dev of the mount; 0 = unknown */
	uint64_t id;    /* its mount id */
	bool id_unique; /* of the kind that is never used again (Linux 6.8) */
};

#define OVL_MOUNT_INIT                                                                             \
	(struct ovl_mount)                                                                         \
	{                                                                                          \
		.path = NULL, .fuse_fd = -1                                                        \
	}

/* The number N of a mount point written /dev/fd/N, or -1. libfuse's convention: the descriptor is
 * open on /dev/fuse and mounted already. */
int mount_point_descriptor(const char *mountpoint);

/* Looks at the mount point: a directory that can be reached, made absolute (call it before chdir).
 */
bool ovl_mount_prepare(struct ovl_mount *mount, const char *mountpoint, GError **error);

/*
 * Mounts: by mount(2), or by fusermount3 (else fusermount) where that is not permitted. On failure
 * nothing is mounted. Nobody may use the mount before a session serves mount->fuse_fd.
 */
bool ovl_mount_attach(struct ovl_mount *mount, const struct mount_options *options, GError **error);

/* Asks the mount for its root's attributes, past every cache. Blocks until the session answers.
 * True, too, when it has been used and unmounted, or hidden, by then. */
bool ovl_mount_check_answers(const struct ovl_mount *mount, GError **error);

/* Writes back what the kernel still holds for the mount. The session must be serving. */
void ovl_mount_sync(const struct ovl_mount *mount);

/*
 * Takes the mount away, lazily, when it is still there and still ours (idempotent). Uses nothing
 * that the session has to answer, but the kernel may write back dirty pages: keep serving. Returns
 * false, after a line on stderr, when it is there and could not be unmounted.
 */
bool ovl_mount_detach(struct ovl_mount *mount);

/* Closes the descriptor, frees. Does not unmount. */
void ovl_mount_clear(struct ovl_mount *mount);

/*
 * fusermount3's part (src/mount/fusermount.c). mount: returns the mounted /dev/fuse descriptor, or
 * -1 with *error. unmount: true when it says so.
 */
int fusermount_mount(const char *path, const struct mount_options *options, GError **error);
bool fusermount_unmount(const char *path, GError **error);

#endif
