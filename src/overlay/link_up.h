/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OVERLAY_LINK_UP_H
#define OVERLAY_LINK_UP_H

#include "fs.h"

/*
 * With index=on, before a name is removed, moved or replaced: if it is one of a lower file that the
 * link index keeps, makes sure that the upper has the name. Nothing is done for all other names, or
 * where there is none. dir is in the upper; no lock is held. Returns 0 or -errno as ovl_copy_up();
 * then at most the file was copied up. Mirrors what ovl_nlink_start() does before it counts.
 */
int ovl_copy_up_name(struct ovl_fs *fs, struct ovl_dir *dir, const char *name);

#endif
