/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The move itself, on disk: one renameat2(2), with RENAME_WHITEOUT where the old name needs one.
 * What is in the way, and what the upper's file system does not know, makes more steps of it.
 */
#include "rename.h"

#include <dirent.h>
#include <errno.h>
#include <linux/fs.h>

#include "whiteout.h"

static int rename_real(struct ovl_rename *ren, unsigned flags)
{
	struct ovl_end *from = &ren->from, *to = &ren->to;
	/* Where a directory and a whiteout change places only the directory is known by a node. */
	return ovl_realdir_rename(&ren->fs->dirs, ovl_dir_upper(from->dir), from->name,
		ovl_dir_upper(to->dir), to->name, flags, ovl_end_upper(from),
		ren->flags & RENAME_EXCHANGE ? ovl_end_upper(to) : NULL);
}

/* Undoes rename_real(ren, flags), flags being 0 or RENAME_EXCHANGE. What can be done is done: the
 * caller has an error to tell already. */
static void rename_back(struct ovl_rename *ren, unsigned flags)
{
	struct ovl_end *from = &ren->from, *to = &ren->to;
	ovl_realdir_rename(&ren->fs->dirs, ovl_dir_upper(to->dir), to->name,
		ovl_dir_upper(from->dir), from->name, flags, ovl_end_upper(from), NULL);
}

/* Names an end's place in the upper for system calls. */
static int hold_place(struct ovl_fs *fs, const struct ovl_end *end, struct ovl_hold *hold)
{
	struct ovl_real real = {ovl_dir_upper(end->dir), end->name, -1};
	return ovl_real_hold(&fs->dirs, &real, hold);
}

/* A whiteout is made where nothing stands in the upper (any more). */
static int make_whiteout_at(struct ovl_fs *fs, const struct ovl_end *end)
{
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	int r = hold_place(fs, end, &hold);
	return r < 0 ? r : ovl_whiteout_make(fs, hold.at);
}

/* A whiteout at its name, whoever made it. */
static int remove_whiteout_at(struct ovl_fs *fs, const struct ovl_end *end)
{
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	int r = hold_place(fs, end, &hold);
	return r < 0 ? r : sys_unlink(hold.at);
}

/* Undoes make_whiteout_at(). */
static void unmake_whiteout_at(struct ovl_fs *fs, const struct ovl_end *end)
{
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	if (hold_place(fs, end, &hold) == 0)
		ovl_whiteout_remove(fs, hold.at);
}

/* Where the upper can neither leave a whiteout nor exchange in one step (NFS, some FUSE file
 * systems): the old name is missing on disk for a moment. A whiteout at the new name, if there is
 * one, goes before. */
static int rename_then_whiteout(struct ovl_rename *ren, bool over_whiteout)
{
	struct ovl_fs *fs = ren->fs;
	int r = over_whiteout ? remove_whiteout_at(fs, &ren->to) : 0;
	if (r < 0)
		return r;
	r = rename_real(ren, 0);
	if (r == 0 && ovl_entry_needs_whiteout(ren->from.entry)) {
		r = make_whiteout_at(fs, &ren->from);
		if (r < 0)
			rename_back(ren, 0);
	}
	if (r < 0 && over_whiteout)
		make_whiteout_at(fs, &ren->to);
	return r;
}

/* `from` takes the place of a whiteout: they change places, and the whiteout stays at the old name
 * or goes. */
static int exchange_with_whiteout(struct ovl_rename *ren)
{
	int r = ovl_whiteout_allow_from(ren->fs, ren->to.dir, ren->from.dir);
	r = r < 0 ? r : rename_real(ren, RENAME_EXCHANGE);
	if (r == -EINVAL) /* no RENAME_EXCHANGE */
		return rename_then_whiteout(ren, true);
	if (r < 0 || ovl_entry_needs_whiteout(ren->from.entry))
		return r;
	r = remove_whiteout_at(ren->fs, &ren->from);
	if (r < 0)
		rename_back(ren, RENAME_EXCHANGE);
	return r;
}

/* The upper holds no devices: .wh.NAME stands beside NAME, first. */
static int move_leaving_aufs_whiteout(struct ovl_rename *ren)
{
	int r = make_whiteout_at(ren->fs, &ren->from);
	if (r < 0)
		return r;
	r = rename_real(ren, 0);
	if (r < 0)
		unmake_whiteout_at(ren->fs, &ren->from);
	return r;
}

static int replace_aside(struct ovl_rename *ren);

/* Without RENAME_WHITEOUT: a whiteout is put at `to` and changes places with `from`. */
static int move_by_exchange(struct ovl_rename *ren)
{
	const struct ovl_entry *there = ren->to.entry;

	if (ovl_entry_is_positive(there) && there->layer == OVL_UPPER)
		return replace_aside(ren);
	if (there && (there->flags & OVL_ENTRY_UPPER_WH))
		return exchange_with_whiteout(ren);
	int r = make_whiteout_at(ren->fs, &ren->to);
	if (r < 0)
		return r;
	r = exchange_with_whiteout(ren);
	if (r < 0)
		unmake_whiteout_at(ren->fs, &ren->to);
	return r;
}

/* Moves what is at `from` to `to`, where nothing stands in the way, and leaves a whiteout behind if
 * one is needed. */
static int move_leaving_whiteout(struct ovl_rename *ren)
{
	struct ovl_fs *fs = ren->fs;
	if (!ovl_entry_needs_whiteout(ren->from.entry))
		return rename_real(ren, 0);
	if (!ovl_whiteout_is_at_name(fs))
		return move_leaving_aufs_whiteout(ren);
	return fs->upper_has_whiteout_rename ? rename_real(ren, RENAME_WHITEOUT)
					     : move_by_exchange(ren);
}

/* What stands at `to` and cannot be replaced in one step, a directory with whiteouts in it, is
 * moved to work/. A whiteout is left in its place, also where no lower has the name: `from` comes
 * there next.
 */
static int replace_aside(struct ovl_rename *ren)
{
	struct ovl_fs *fs = ren->fs;
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	char temp[OVL_TEMP_NAME_SIZE];
	int r = hold_place(fs, &ren->to, &hold);

	if (r < 0)
		return r;
	ovl_temp_name(fs, temp);
	r = ovl_whiteout_move_aside(fs, hold.at, temp);
	if (r < 0)
		return r;
	r = ovl_whiteout_is_at_name(fs) ? exchange_with_whiteout(ren) : move_leaving_whiteout(ren);
	if (r < 0) {
		if (ovl_whiteout_remove(fs, hold.at) == 0)
			sys_rename(sys_at(fs->work_fd, temp), hold.at, 0);
		return r;
	}
	ovl_work_remove(fs, temp, ren->to.entry->type == DT_DIR);
	return 0;
}

int ovl_rename_move(struct ovl_rename *ren)
{
	const struct ovl_entry *there = ren->to.entry;
	bool is_dir = ren->from.subdir != NULL;

	if (ren->flags & RENAME_EXCHANGE)
		return rename_real(ren, RENAME_EXCHANGE);
	if (is_dir && ren->to.subdir && ovl_dir_upper(ren->to.subdir) &&
		ren->to.subdir->index->n_entries > 0)
		return replace_aside(ren);
	if (is_dir && there && !ovl_entry_is_positive(there) && (there->flags & OVL_ENTRY_UPPER_WH))
		return exchange_with_whiteout(ren);
	int r = move_leaving_whiteout(ren);
	bool is_in_the_way = r == -ENOTEMPTY || r == -EEXIST; /* bookkeeping of others */
	return is_in_the_way && is_dir && ren->to.subdir ? replace_aside(ren) : r;
}
