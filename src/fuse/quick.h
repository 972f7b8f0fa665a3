/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FUSE_QUICK_H
#define FUSE_QUICK_H

#include <linux/fuse.h>
#include <stdbool.h>

struct ovl_fs;

/* Will the request whose message this is be answered after a few short system calls? A guess,
 * without waiting for any lock: see ovl_is_quick(). */
bool ovl_request_is_quick(struct ovl_fs *fs, const struct fuse_in_header *message);

#endif
