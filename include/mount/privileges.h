/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the daemon gives up once it has mounted. */
#ifndef MOUNT_PRIVILEGES_H
#define MOUNT_PRIVILEGES_H

#include <stdbool.h>

#include <glib.h>

/*
 * From here on the process has no capabilities but those that a file system on other file systems
 * needs. Unless needs_helper it gets no others either: none is in its bounding set, as far as it
 * may change that, and nothing that it executes gains privileges. (fusermount3 unmounts with its
 * set-uid bit.)
 *
 * Before there are other threads: each has all of this for itself. To be without CAP_SYS_RESOURCE
 * means that quotas hold for what users write, as in the kernel (super.c, ovl_fill_super()).
 * CAP_SYS_PTRACE is not kept to read a caller's groups where /proc has hidepid=.
 */
bool privileges_renounce(bool needs_helper, GError **error);

#endif
