/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ids.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fs.h"

static int copy_map(struct ovl_id_map *map, const struct ovl_id_map *from)
{
	size_t size = from->n_ranges * sizeof(*from->ranges);

	if (size == 0)
		return 0;
	map->ranges = malloc(size);
	if (!map->ranges)
		return -ENOMEM;
	memcpy(map->ranges, from->ranges, size);
	map->n_ranges = from->n_ranges;
	return 0;
}

int ovl_ids_init(struct ovl_ids *ids, const struct ovl_config *config)
{
	*ids = (struct ovl_ids){.squash = config->squash};
	int r = copy_map(&ids->uids, &config->uid_map);
	return r < 0 ? r : copy_map(&ids->gids, &config->gid_map);
}

void ovl_ids_clear(struct ovl_ids *ids)
{
	free(ids->uids.ranges);
	free(ids->gids.ranges);
	*ids = (struct ovl_ids){0};
}

/* The id as far from `to` as it is from `from`. Ranges end below OVL_NO_ID, so nothing wraps. */
static bool translate(uint32_t *id, uint32_t from, uint32_t to, uint32_t count)
{
	if (*id < from || *id - from >= count)
		return false;
	*id = to + (*id - from);
	return true;
}

uint32_t ovl_id_shown(const struct ovl_id_map *map, uint32_t stored)
{
	for (size_t i = 0; i < map->n_ranges; i++) {
		const struct ovl_id_range *range = &map->ranges[i];
		if (translate(&stored, range->stored, range->shown, range->count))
			return stored;
	}
	return map->n_ranges ? OVL_NO_ID : stored;
}

uint32_t ovl_id_stored(const struct ovl_id_map *map, uint32_t shown)
{
	for (size_t i = 0; i < map->n_ranges; i++) {
		const struct ovl_id_range *range = &map->ranges[i];
		if (translate(&shown, range->shown, range->stored, range->count))
			return shown;
	}
	return map->n_ranges ? OVL_NO_ID : shown;
}

void ovl_ids_show(const struct ovl_fs *fs, struct stat *st)
{
	const struct ovl_squash *squash = &fs->ids.squash;

	st->st_uid = squash->uid_set ? squash->uid : ovl_id_shown(&fs->ids.uids, st->st_uid);
	st->st_gid = squash->gid_set ? squash->gid : ovl_id_shown(&fs->ids.gids, st->st_gid);
}

/* One of the two. Returns false where nothing that is stored is shown so. */
static bool store(const struct ovl_id_map *map, bool squashed, uint32_t *id)
{
	if (*id == OVL_NO_ID)
		return true;
	*id = squashed ? OVL_NO_ID : ovl_id_stored(map, *id);
	return squashed || *id != OVL_NO_ID;
}

int ovl_ids_store(const struct ovl_fs *fs, uid_t *uid, gid_t *gid)
{
	const struct ovl_ids *ids = &fs->ids;
	uid_t new_uid = *uid;
	gid_t new_gid = *gid;

	if (!store(&ids->uids, ids->squash.uid_set, &new_uid) ||
		!store(&ids->gids, ids->squash.gid_set, &new_gid))
		return -EOVERFLOW;
	*uid = new_uid;
	*gid = new_gid;
	return 0;
}

/* To somebody else than the daemon, that is: whoever is shown as the owner may then do more to a
 * file than he could without us. */
static bool is_uid_squashed(const struct ovl_fs *fs)
{
	return fs->ids.squash.uid_set && fs->ids.squash.uid != fs->euid;
}

static bool is_gid_squashed(const struct ovl_fs *fs)
{
	return fs->ids.squash.gid_set && fs->ids.squash.gid != fs->egid;
}

bool ovl_ids_are_squashed(const struct ovl_fs *fs)
{
	return is_uid_squashed(fs) || is_gid_squashed(fs);
}

mode_t ovl_ids_store_mode(const struct ovl_fs *fs, const struct stat *st, mode_t mode)
{
	if (S_ISDIR(st->st_mode))
		return mode;
	if (is_uid_squashed(fs) && st->st_uid != fs->ids.squash.uid)
		mode &= (mode_t)~S_ISUID;
	if (is_gid_squashed(fs) && st->st_gid != fs->ids.squash.gid)
		mode &= (mode_t)~S_ISGID;
	return mode;
}
