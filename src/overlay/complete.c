/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Completing a metacopy. The data are copied into the file itself, for it may have several names,
 * and reach the disk before the mark goes: whatever happens before, the mark says that they are
 * below, and that is still true.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>

#include "base/cleanup.h"
#include "copy_up.h"
#include "metacopy.h"
#include "sys/data.h"
#include "sys/xattrs.h"

#define CAPABILITY_NAME "security.capability"

struct completion {
	struct ovl_fs *fs;
	int in, out;             /* owned: the data below, and the file of the upper for both */
	unsigned layer;          /* of the data */
	struct stat st;          /* the file as users see it */
	uint8_t capability[256]; /* which writing to the file takes away */
	ssize_t capability_size;
};

static void completion_clear(struct completion *c)
{
	cleanup_close(&c->in);
	cleanup_close(&c->out);
}

#define _cleanup_completion_ __attribute__((cleanup(completion_clear)))

/* inode's lock is held. */
static int open_both(struct completion *c, struct ovl_inode *inode)
{
	struct ovl_fs *fs = c->fs;
	struct ovl_real real = ovl_inode_real(inode);
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	int r = ovl_real_hold(&fs->dirs, &real, &hold);

	if (r == 0)
		r = c->out = ovl_file_open_upper(fs, inode, hold.at, O_RDWR);
	if (r >= 0)
		r = c->in = ovl_metacopy_open(fs, inode, &c->layer);
	if (r >= 0)
		r = sys_stat(sys_at_fd(c->out), &c->st);
	if (r < 0)
		return r;
	c->capability_size = sys_getxattr(
		sys_at_fd(c->out), CAPABILITY_NAME, c->capability, sizeof(c->capability));
	bool none = c->capability_size == -ENODATA || c->capability_size == -EOPNOTSUPP;
	return c->capability_size < 0 && !none ? (int)c->capability_size : 0;
}

/* What copying data has done to a file's metadata is undone. */
static int restore_metadata(const struct completion *c)
{
	struct sys_at at = sys_at_fd(c->out);
	struct timespec times[2] = {c->st.st_atim, c->st.st_mtim};
	struct stat st;
	int r = sys_stat(at, &st);

	if (r == 0 && st.st_mode != c->st.st_mode)
		r = sys_chmod(at, c->st.st_mode & 07777);
	if (r == 0 && c->capability_size > 0)
		r = sys_setxattr(at, CAPABILITY_NAME, c->capability, (size_t)c->capability_size, 0);
	return r == 0 ? sys_utimens(at, times) : r;
}

/* While the mark is there, a file that has been cut still shows the same data. */
static int fill(const struct completion *c, off_t limit)
{
	bool is_cut = limit >= 0 && limit < c->st.st_size;
	off_t size = is_cut ? limit : c->st.st_size;
	int r = ovl_copy_contents(c->fs, c->layer, c->in, c->out, size, true);
	if (r == 0)
		r = restore_metadata(c);
	/* The truncation itself changes times and takes capabilities away, too. */
	return r == 0 && limit >= 0 ? sys_ftruncate(c->out, limit) : r;
}

/* The mark is still there: data copied so far are in nobody's way, but take room. They stay where
 * it is not certain, for the disk has failed, that the mark is there. Best effort. */
static void undo(const struct completion *c, bool is_marked)
{
	int punch = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
	sys_ftruncate(c->out, c->st.st_size);
	if (is_marked && c->st.st_size > 0)
		sys_fallocate(c->out, punch, 0, c->st.st_size);
	restore_metadata(c);
}

/* The data are complete: the mark goes. */
static int unmark(struct completion *c, struct ovl_inode *inode)
{
	struct ovl_fs *fs = c->fs;
	int r = ovl_metacopy_unmark(fs, sys_at_fd(c->out));

	if (r < 0)
		return r;
	ovl_metacopy_free(fs, ovl_inode_set_metacopy(inode, NULL));
	inode->flags |= OVL_INODE_UNSYNCED;
	ovl_file_install(fs, inode, steal_fd(&c->out), true);
	return 0;
}

int ovl_metacopy_complete(struct ovl_fs *fs, struct ovl_inode *inode, off_t limit)
{
	_cleanup_completion_ struct completion c = {.fs = fs, .in = -1, .out = -1};

	ovl_inode_lock(fs, inode);
	int r = open_both(&c, inode);
	ovl_inode_unlock(fs, inode);
	if (r < 0)
		return r;
	r = fill(&c, limit);
	if (r < 0) {
		undo(&c, true);
		return r;
	}
	ovl_inode_lock(fs, inode);
	r = unmark(&c, inode);
	ovl_inode_unlock(fs, inode);
	if (r < 0)
		undo(&c, false);
	return r;
}
