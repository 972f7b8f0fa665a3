/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OVERLAY_ATTRIBUTES_H
#define OVERLAY_ATTRIBUTES_H

#include <stdbool.h>

#include "sys/object.h"

struct ovl_fs;

/* The mode without the bits that one who is neither owner nor privileged takes away by changing the
 * contents, and everybody by changing the owner (kernel: setattr_should_drop_suidgid()). */
mode_t ovl_without_set_id(mode_t mode);

/* Takes from a regular file of the upper the set-id bits that a write or truncation by an
 * unprivileged user costs it (kernel: setattr_should_drop_suidgid()). The daemon's own write does
 * not where it runs with CAP_FSETID. *ret_changed, which may be NULL, becomes true where there were
 * any. */
int ovl_kill_set_id(const struct ovl_fs *fs, struct sys_at at, bool *ret_changed);

#endif
