/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is what lies on the mount point still our mount? (src/mount's own header.)
 *
 * The answer is never kept as an open descriptor on the mount: that would make it busy, and root's
 * plain umount(8) has to work.
 */
#ifndef MOUNT_IDENTITY_H
#define MOUNT_IDENTITY_H

#include <stdbool.h>

#include "mount/mount.h"

/* Remembers what lies on mount->path now, right after mounting. Asks nothing of the daemon, which
 * is not serving yet. False with errno. */
bool mount_identity_learn(struct ovl_mount *mount);

/* Opens mount->path, O_PATH, when our mount lies there. Returns the descriptor, owned by the
 * caller, or -1: it does not. Asks nothing of the daemon while the connection lives. */
int mount_identity_open(const struct ovl_mount *mount);

#endif
