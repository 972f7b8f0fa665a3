/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OVERLAY_ATTRIBUTES_H
#define OVERLAY_ATTRIBUTES_H

#include <stdbool.h>

#include "sys/object.h"

/* Takes from a regular file of the upper the set-id bits that a write or truncation by an
 * unprivileged user costs it (kernel: setattr_should_drop_suidgid()). The daemon's own write does
 * not where it runs with CAP_FSETID. *ret_changed, which may be NULL, becomes true where there were
 * any. */
int ovl_kill_set_id(struct sys_at at, bool *ret_changed);

#endif
