/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "whiteout.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "sys/listing.h"
#include "sys/xattrs.h"

/* Kernel: WHITEOUT_MODE, 0; WHITEOUT_DEV, 0:0. */
static int make_own_device(struct sys_at at)
{
	return sys_mknod(at, S_IFCHR | 0, 0);
}

/* What is in work/ to be linked. */
#define SHARED_WHITEOUT "whiteout"

static int link_device(struct ovl_fs *fs, struct sys_at at)
{
	struct sys_at shared = sys_at(fs->work_fd, SHARED_WHITEOUT);
	int r = sys_link(shared, at);

	if (r != -ENOENT && r != -EMLINK)
		return r;
	if (r == -EMLINK) /* it has served its time */
		sys_unlink(shared);
	r = make_own_device(shared);
	return r < 0 && r != -EEXIST ? r : sys_link(shared, at);
}

/* One inode for all of them, as long as the file system has links for it: a link costs less than an
 * inode, on the disk and in time. */
static int make_device(struct ovl_fs *fs, struct sys_at at)
{
	int r = fs->cannot_link_whiteouts ? -EPERM : link_device(fs, at);

	if (r == 0 || r == -EEXIST)
		return r;
	int own = make_own_device(at);
	/* Then it will be so next time; but not where two threads replaced the shared one at once
	 * (-ENOENT), and not what comes and goes. */
	if (own == 0 && r != -ENOENT && r != -ENOMEM && r != -EIO && r != -ENOSPC && r != -EDQUOT)
		fs->cannot_link_whiteouts = true;
	return own;
}

void ovl_whiteout_forget_shared(struct ovl_fs *fs)
{
	if (fs->work_fd >= 0)
		sys_unlink(sys_at(fs->work_fd, SHARED_WHITEOUT));
}

/* ".wh.NAME". */
static int aufs_name(const char *name, char buffer[NAME_MAX + 1])
{
	int length = snprintf(buffer, NAME_MAX + 1, OVL_AUFS_PREFIX "%s", name);
	return length <= NAME_MAX ? 0 : -ENAMETOOLONG;
}

static int make_empty_file(struct sys_at at)
{
	int fd = sys_create(at, O_WRONLY, 0);
	if (fd >= 0)
		close(fd);
	return fd < 0 && fd != -EEXIST ? fd : 0;
}

static int make_aufs(struct sys_at upper)
{
	char name[NAME_MAX + 1];
	int r = aufs_name(upper.name, name);
	return r < 0 ? r : make_empty_file(sys_at(upper.dirfd, name));
}

/* An empty file with the whiteout mark. */
static int make_marked_file(struct ovl_fs *fs, struct sys_at at)
{
	sys_spare_owner_bits();
	int fd = sys_create(at, O_WRONLY, 0600);
	if (fd < 0)
		return fd;
	close(fd);
	int r = sys_setxattr(at, ovl_mark_name(fs->prefix, OVL_MARK_WHITEOUT), "y", 1, 0);
	if (r < 0)
		sys_unlink(at);
	return r;
}

/* One that stands at its name, in work/. */
static int make_aside(struct ovl_fs *fs, struct sys_at at)
{
	return fs->whiteouts == OVL_WHITEOUTS_XATTRS ? make_marked_file(fs, at)
						     : make_device(fs, at);
}

/* opaque=x, but for a directory that is opaque: it has no whiteouts that count. */
static int allow_marked(struct ovl_fs *fs, struct sys_at dir)
{
	const char *name = ovl_mark_name(fs->prefix, OVL_MARK_OPAQUE);
	char value[2];
	ssize_t size = ovl_mark_get_upper(dir, name, value, sizeof(value));

	if (size == 1 && (value[0] == 'x' || value[0] == 'y'))
		return 0;
	if (size < 0 && size != -ENODATA && size != -ERANGE)
		return (int)size;
	return ovl_mark_set_upper(dir, name, "x", 1);
}

int ovl_whiteout_allow_from(struct ovl_fs *fs, const struct ovl_dir *from, struct ovl_dir *to)
{
	struct ovl_real self = {ovl_dir_upper(to), "", -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;

	if (fs->whiteouts != OVL_WHITEOUTS_XATTRS && !from->xattr_whiteouts)
		return 0;
	int r = ovl_real_hold(&fs->dirs, &self, &hold);
	if (r == 0)
		r = allow_marked(fs, hold.at);
	if (r == 0)
		to->xattr_whiteouts = true;
	return r;
}

/* Made aside, for a file without its mark would be one that users see. */
static int make_marked(struct ovl_fs *fs, struct sys_at upper)
{
	char temp[OVL_TEMP_NAME_SIZE];
	struct sys_at aside = sys_at(fs->work_fd, temp);

	ovl_temp_name(fs, temp);
	int r = allow_marked(fs, sys_at_fd(upper.dirfd));
	if (r == 0)
		r = make_marked_file(fs, aside);
	if (r < 0)
		return r;
	r = sys_rename(aside, upper, RENAME_NOREPLACE);
	if (r == -EINVAL) /* the file system knows no flags; nothing is there anyway */
		r = sys_rename(aside, upper, 0);
	if (r < 0)
		sys_unlink(aside);
	return r;
}

int ovl_whiteout_make(struct ovl_fs *fs, struct sys_at upper)
{
	switch (fs->whiteouts) {
	case OVL_WHITEOUTS_DEVICES:
		return make_device(fs, upper);
	case OVL_WHITEOUTS_XATTRS:
		return make_marked(fs, upper);
	default:
		return make_aufs(upper);
	}
}

/* Without RENAME_WHITEOUT: a whiteout made in work/ changes places with the object. */
static int exchange_with_whiteout(struct ovl_fs *fs, struct sys_at upper, const char *temp)
{
	int r = fs->whiteouts == OVL_WHITEOUTS_XATTRS ? allow_marked(fs, sys_at_fd(upper.dirfd))
						      : 0;
	if (r == 0)
		r = make_aside(fs, sys_at(fs->work_fd, temp));
	if (r < 0)
		return r;
	r = sys_rename(sys_at(fs->work_fd, temp), upper, RENAME_EXCHANGE);
	if (r < 0)
		sys_unlink(sys_at(fs->work_fd, temp));
	return r;
}

/* Without RENAME_EXCHANGE either: the name is missing for a moment, and shows the lower file if the
 * power goes just then. */
static int move_then_make(struct ovl_fs *fs, struct sys_at upper, const char *temp)
{
	int r = sys_rename(upper, sys_at(fs->work_fd, temp), 0);
	if (r < 0)
		return r;
	r = ovl_whiteout_make(fs, upper);
	if (r < 0)
		sys_rename(sys_at(fs->work_fd, temp), upper, 0);
	return r;
}

int ovl_whiteout_move_aside(struct ovl_fs *fs, struct sys_at upper, const char *temp)
{
	struct sys_at aside = sys_at(fs->work_fd, temp);
	int r;

	if (!ovl_whiteout_is_at_name(fs)) {
		/* .wh.NAME and NAME may stand side by side: the whiteout first. */
		r = make_aufs(upper);
		if (r < 0)
			return r;
		r = sys_rename(upper, aside, 0);
		if (r < 0)
			ovl_whiteout_remove(fs, upper);
		return r;
	}
	if (fs->upper_has_whiteout_rename)
		return sys_rename(upper, aside, RENAME_WHITEOUT);
	r = exchange_with_whiteout(fs, upper, temp);
	return r == -EINVAL ? move_then_make(fs, upper, temp) : r;
}

int ovl_whiteout_remove(struct ovl_fs *fs, struct sys_at upper)
{
	char name[NAME_MAX + 1];
	int r = 0;

	if (!ovl_whiteout_is_at_name(fs)) {
		r = aufs_name(upper.name, name);
		upper.name = name;
	}
	if (r == 0)
		r = sys_unlink(upper);
	return r == -ENOENT ? 0 : r;
}

uint8_t ovl_whiteout_entry_flags(const struct ovl_fs *fs)
{
	return OVL_ENTRY_CLOSED |
	       (ovl_whiteout_is_at_name(fs) ? OVL_ENTRY_UPPER_WH : OVL_ENTRY_AUFS_WH);
}

int ovl_opaque_make(struct ovl_fs *fs, struct sys_at dir)
{
	if (fs->upper_has_xattrs)
		return sys_setxattr(dir, ovl_mark_name(fs->prefix, OVL_MARK_OPAQUE), "y", 1, 0);
	_cleanup_close_ int fd = sys_open_dir(dir);
	return fd < 0 ? fd : make_empty_file(sys_at(fd, OVL_AUFS_OPAQUE));
}

static int remove_entry(void *data, const struct sys_dirent *d)
{
	sys_unlink(sys_at(*(int *)data, d->name));
	return 0;
}

void ovl_work_remove(struct ovl_fs *fs, const char *name, bool is_dir)
{
	struct sys_at at = sys_at(fs->work_fd, name);
	if (!is_dir) {
		sys_unlink(at);
		return;
	}
	if (sys_rmdir(at) == 0)
		return;
	_cleanup_close_ int fd = sys_open_dir(at);
	if (fd >= 0)
		sys_list(fd, remove_entry, &fd);
	sys_rmdir(at);
}
