/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Owners: every uid and gid that crosses between the layers and the users of the mount passes here.
 * "Inside" is what users see, "outside" what is stored.
 */
#ifndef OVERLAY_IDS_H
#define OVERLAY_IDS_H

#include <sys/stat.h>

struct ovl_fs;

/* Stored ids to shown ones, in st. */
void ovl_ids_show(const struct ovl_fs *fs, struct stat *st);

/* Shown ids to stored ones, in place; (uid_t)-1 and (gid_t)-1 pass. Returns 0, or -EOVERFLOW where
 * nothing that is stored is shown so. */
int ovl_ids_store(const struct ovl_fs *fs, uid_t *uid, gid_t *gid);

#endif
