/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Owners: every uid and gid that crosses between the layers and the users of the mount passes here,
 * both ways. *Stored* is what the layers have, *shown* what users of the mount see; both are
 * numbers of the daemon's own user namespace. uidmapping= and gidmapping= translate, as an idmapped
 * mount of every layer would; squash_to_* shows one owner for all.
 *
 * What has no counterpart becomes OVL_NO_ID. Answered to the kernel, that is an owner it has no
 * number for: it shows the overflow id (65534), lets nobody change the file, and never takes a
 * process for its owner (HAS_UNMAPPED_ID() in fs/namei.c).
 */
#ifndef OVERLAY_IDS_H
#define OVERLAY_IDS_H

#include <stdint.h>
#include <sys/stat.h>

#include "overlay/config.h"

struct ovl_fs;

#define OVL_NO_ID UINT32_MAX /* (uid_t)-1, (gid_t)-1: never an owner */

struct ovl_ids {
	struct ovl_id_map uids, gids; /* owned */
	struct ovl_squash squash;
};

/* Takes copies of what config says. -ENOMEM. */
int ovl_ids_init(struct ovl_ids *ids, const struct ovl_config *config);
void ovl_ids_clear(struct ovl_ids *ids);

/* One id through one map, in either direction; OVL_NO_ID where the map has none. A map without
 * ranges is the identity. */
uint32_t ovl_id_shown(const struct ovl_id_map *map, uint32_t stored);
uint32_t ovl_id_stored(const struct ovl_id_map *map, uint32_t shown);

/* Stored ids to shown ones, in st. */
void ovl_ids_show(const struct ovl_fs *fs, struct stat *st);

/*
 * Shown ids to stored ones, in place; (uid_t)-1 and (gid_t)-1 pass. A squashed one becomes -1:
 * whatever is asked for, files keep the owner they have, and new ones the daemon's.
 * Returns 0, or -EOVERFLOW where nothing that is stored is shown so (kernel: notify_change() and
 * may_create() on an idmapped mount).
 */
int ovl_ids_store(const struct ovl_fs *fs, uid_t *uid, gid_t *gid);

/* Is the owner or the group that all files show another than the daemon's own? */
bool ovl_ids_are_squashed(const struct ovl_fs *fs);

/* The mode that users may give to an object whose owners, as they are stored, and type are in st.
 * Where such an owner is shown as another, its set-id bit is left out: else whoever is shown could
 * make a program that runs as the stored one, for all who can reach the layer. */
mode_t ovl_ids_store_mode(const struct ovl_fs *fs, const struct stat *st, mode_t mode);

#endif
