/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "copy_up.h"
#include "metacopy.h"
#include "metadata.h"
#include "origin.h"
#include "override_stat.h"
#include "protection.h"
#include "sys/data.h"
#include "sys/xattrs.h"
#include "verity.h"

void ovl_copy_clear(struct ovl_copy *copy)
{
	cleanup_close(&copy->fd);
	cleanup_close(&copy->data);
	if (copy->metacopy)
		ovl_metacopy_free(copy->fs, copy->metacopy);
	if (copy->temp[0])
		ovl_work_remove(copy->fs, copy->temp, S_ISDIR(copy->st.st_mode));
	ovl_real_release(&copy->from);
}

struct sys_at ovl_copy_at(const struct ovl_copy *copy)
{
	if (copy->is_indexed)
		return sys_at(copy->fs->link_index_fd, copy->link);
	return copy->temp[0] ? sys_at(copy->fs->work_fd, copy->temp) : sys_at_fd(copy->fd);
}

int ovl_copy_open(
	struct ovl_fs *fs, const struct ovl_real *real, off_t limit, struct ovl_copy *copy)
{
	copy->fs = fs;
	copy->limit = limit;
	copy->layer = real->dir->layer;
	int r = ovl_real_hold(&fs->dirs, real, &copy->from);
	return r < 0 ? r : sys_statx(copy->from.at, 0, &copy->st, &copy->attributes);
}

static int make_regular(struct ovl_copy *copy)
{
	struct ovl_fs *fs = copy->fs;
	mode_t wanted = ovl_own_mode(fs, copy->st.st_mode) & 0777;

	/* With its final mode at once, where that lets an unprivileged owner set xattrs. */
	copy->mode = sys_masked_mode(wanted & S_IWUSR ? wanted : 0600);
	if (fs->upper_has_tmpfile) {
		copy->fd = sys_create_tmpfile(fs->work_fd, copy->mode);
	} else {
		ovl_temp_name(fs, copy->temp);
		copy->fd = sys_create(sys_at(fs->work_fd, copy->temp), O_RDWR, copy->mode);
		if (copy->fd < 0)
			copy->temp[0] = '\0';
	}
	return copy->fd < 0 ? copy->fd : 0;
}

static int make_symlink(struct ovl_copy *copy, struct sys_at at)
{
	char target[PATH_MAX];
	ssize_t length = sys_readlink(copy->from.at, target, sizeof(target));
	if (length < 0)
		return (int)length;
	target[length] = '\0';
	return sys_symlink(target, at);
}

static int make_object(struct ovl_copy *copy)
{
	sys_spare_owner_bits();
	if (S_ISREG(copy->st.st_mode))
		return make_regular(copy);
	ovl_temp_name(copy->fs, copy->temp);
	struct sys_at at = ovl_copy_at(copy);
	int r;
	if (S_ISDIR(copy->st.st_mode))
		r = sys_mkdir(at, 0700);
	else if (S_ISLNK(copy->st.st_mode))
		r = make_symlink(copy, at);
	else if (ovl_override_is_on(copy->fs))
		r = sys_mknod(at, S_IFREG | 0600, 0); /* what it is, an xattr says */
	else
		r = sys_mknod(at, (copy->st.st_mode & S_IFMT) | 0600, copy->st.st_rdev);
	if (r < 0)
		copy->temp[0] = '\0';
	return r;
}

/* Shares the extents with the original where that is possible; remembers where it is not. */
static int share_data(struct ovl_fs *fs, unsigned layer, int in, int out)
{
	atomic_bool *cannot_share = &fs->cannot_share[layer];
	if (atomic_load(cannot_share))
		return -EOPNOTSUPP;
	int r = sys_share_contents(in, out);
	if (r == -EOPNOTSUPP || r == -EXDEV || r == -ENOTTY)
		atomic_store(cannot_share, true);
	return r;
}

int ovl_copy_contents(
	struct ovl_fs *fs, unsigned layer, int in, int out, off_t size, bool has_holes)
{
	if (size == 0)
		return 0;
	int r = share_data(fs, layer, in, out);
	if (r == 0)
		r = sys_ftruncate(out, size);
	else
		r = sys_copy_contents(
			in, out, size, SYS_COPY_UNSHARED | (has_holes ? SYS_COPY_HOLES : 0));
	bool sync = fs->sync == OVL_SYNC_AUTO || fs->sync == OVL_SYNC_STRICT;
	return r == 0 && sync ? sys_fsync(out) : r;
}

/* Sees to it that the data of the original, which a metacopy has elsewhere, are open. */
static int open_data(struct ovl_copy *copy)
{
	if (copy->data >= 0)
		return 0;
	copy->data_layer = copy->layer->index;
	ovl_inode_lock(copy->fs, copy->inode);
	copy->data = ovl_inode_metacopy(copy->inode)
			     ? ovl_metacopy_open(copy->fs, copy->inode, &copy->data_layer)
			     : sys_open_noatime(copy->from.at);
	ovl_inode_unlock(copy->fs, copy->inode);
	return copy->data < 0 ? copy->data : 0;
}

static int copy_data(struct ovl_copy *copy)
{
	off_t size = copy->st.st_size;
	bool has_holes = (off_t)copy->st.st_blocks * 512 < size;
	if (copy->limit >= 0 && copy->limit < size)
		size = copy->limit;
	if (size == 0)
		return 0;
	int r = open_data(copy);
	return r < 0 ? r
		     : ovl_copy_contents(
			       copy->fs, copy->data_layer, copy->data, copy->fd, size, has_holes);
}

/* What has a digest says so in its attributes: others, mostly all, need not be opened. */
static int get_digest(struct ovl_copy *copy, struct sys_digest *ret_digest)
{
	bool may_have_one =
		ovl_inode_metacopy(copy->inode) || (copy->attributes & STATX_ATTR_VERITY);
	if (copy->fs->verity == OVL_VERITY_OFF || !may_have_one)
		return 0;
	int r = open_data(copy);
	return r < 0 ? r : ovl_verity_get(copy->data, ret_digest);
}

/* Returns as ovl_metacopy_make(); 0 also where verity=require finds no digest to store (kernel:
 * ovl_need_meta_copy_up()). */
static int leave_data(struct ovl_copy *copy)
{
	struct sys_digest digest;
	int r = get_digest(copy, &digest);

	if (r < 0 || (r == 0 && copy->fs->verity == OVL_VERITY_REQUIRE))
		return r;
	return ovl_metacopy_make(
		copy->fs, copy->inode, copy->fd, &copy->st, r ? &digest : NULL, &copy->metacopy);
}

/* The data are copied, or stay where they are. Those that verity= refuses are no data to begin
 * with, even if nothing of them is wanted (kernel: ovl_copy_up_flags(), ovl_verify_lowerdata()). */
static int fill_regular(struct ovl_copy *copy)
{
	bool is_checked = copy->fs->verity != OVL_VERITY_OFF && ovl_inode_metacopy(copy->inode);
	int r = is_checked ? open_data(copy) : 0;
	bool may_stay =
		copy->limit == OVL_COPY_METADATA && copy->fs->makes_metacopies && !copy->is_kept;
	if (r == 0 && may_stay && copy->st.st_size > 0)
		r = leave_data(copy);
	return r == 0 ? copy_data(copy) : r < 0 ? r : 0;
}

/* What comes into the link index cannot do without an origin. How many links it has is written as
 * if none were copied up yet. */
static int set_origin_of_link(struct ovl_copy *copy)
{
	uint8_t bytes[OVL_FB_MAX];
	struct ovl_fs *fs = copy->fs;
	int size = ovl_handle_encode(fs, copy->from.at, copy->layer, bytes);
	int r = size < 0 ? size : ovl_link_index_format(bytes, (size_t)size, copy->link);

	if (r == -EOPNOTSUPP) { /* and so lookup.c thinks of it as well */
		copy->is_kept = false;
		return 0;
	}
	if (r == 0)
		r = sys_setxattr(ovl_copy_at(copy), ovl_mark_name(fs->prefix, OVL_MARK_ORIGIN),
			bytes, (size_t)size, 0);
	if (r == 0)
		r = sys_setxattr(ovl_copy_at(copy), ovl_mark_name(fs->prefix, OVL_MARK_NLINK),
			OVL_LINKS_AS_LOWER, strlen(OVL_LINKS_AS_LOWER), 0);
	return r;
}

/* Where it came from, so that its inode number stays. What the upper cannot hold (an ordinary
 * user's marks on symbolic links and devices) is no error, as in the kernel. */
static int set_origin(struct ovl_copy *copy)
{
	uint8_t bytes[OVL_FB_MAX];
	struct ovl_fs *fs = copy->fs;

	if (!fs->upper_has_xattrs)
		return 0;
	if (copy->is_kept)
		return set_origin_of_link(copy);
	/* A broken hard link is a file of its own (kernel: ovl_copy_up_one(), nlink > 1). */
	if (!S_ISDIR(copy->st.st_mode) && copy->st.st_nlink > 1)
		return 0;
	ssize_t size = ovl_origin_encode(fs, copy->from.at, copy->layer, bytes);
	if (size < 0)
		return (int)size;
	int r = sys_setxattr(ovl_copy_at(copy), ovl_mark_name(fs->prefix, OVL_MARK_ORIGIN), bytes,
		(size_t)size, 0);
	return r == -EPERM || r == -EOPNOTSUPP ? 0 : r;
}

/* What protects the original protects the copy: as a mark. One that the upper cannot hold is left
 * out, as in the kernel (ovl_copy_fileattr()). */
static int set_protection(struct ovl_copy *copy)
{
	unsigned protection = ovl_protection_seen(copy->attributes, false) & OVL_PROTECTED;

	if (!protection)
		return 0;
	int r = ovl_protection_mark(copy->fs, ovl_copy_at(copy), protection);
	return r == -EPERM ? 0 : r;
}

int ovl_copy_make(struct ovl_copy *copy)
{
	int r = make_object(copy);
	if (r == 0 && S_ISREG(copy->st.st_mode))
		r = fill_regular(copy);
	if (r == 0)
		r = set_origin(copy);
	if (r == 0)
		r = set_protection(copy);
	bool may_be_marked = copy->inode && ovl_inode_metacopy(copy->inode);
	if (r == 0)
		r = ovl_metadata_copy(copy->fs, copy->from.at, &copy->st, ovl_copy_at(copy),
			copy->mode, may_be_marked);
	/* The truncation itself: it changes times and takes capabilities away, too. */
	if (r == 0 && copy->limit >= 0 && copy->fd >= 0)
		r = sys_ftruncate(copy->fd, copy->limit);
	if (r == 0 && copy->fs->sync == OVL_SYNC_STRICT && copy->fd >= 0)
		r = sys_fsync(copy->fd);
	return r;
}

int ovl_copy_link(struct ovl_copy *copy, struct sys_at to)
{
	if (!copy->temp[0])
		return sys_link(ovl_copy_at(copy), to);
	struct sys_at from = ovl_copy_at(copy);
	int r = sys_rename(from, to, RENAME_NOREPLACE);
	if (r == -EINVAL) /* the file system knows no flags; nothing is there anyway */
		r = sys_rename(from, to, 0);
	if (r == 0)
		copy->temp[0] = '\0';
	return r;
}

/* The same for an owner without privileges whose directories forbid him to write: both the one that
 * the copy comes into and, if it is one, the copy itself are opened to him for a moment. */
static int link_copy_against_mode(struct ovl_copy *copy, struct sys_at to)
{
	struct sys_at upper = sys_at_fd(to.dirfd);
	bool is_dir = S_ISDIR(copy->st.st_mode);
	struct stat parent;
	int r = sys_stat(upper, &parent);
	if (r == 0)
		r = sys_chmod(upper, (parent.st_mode & 07777) | S_IRWXU);
	if (r < 0)
		return r == -EPERM ? -EACCES : r;
	if (is_dir)
		r = sys_chmod(
			ovl_copy_at(copy), ovl_own_mode(copy->fs, copy->st.st_mode) | S_IRWXU);
	if (r == 0)
		r = ovl_copy_link(copy, to);
	/* With its name the copy counts as made: an error now would have it made again, in vain. */
	if (r == 0 && is_dir)
		(void)sys_chmod(to, ovl_own_mode(copy->fs, copy->st.st_mode));
	(void)sys_chmod(upper, parent.st_mode & 07777);
	return r == -EPERM ? -EACCES : r;
}

/* Makes parent->times those of its upper directory, which at is in. They are remembered from one
 * copy to the next, for whatever else changes them goes through ovl_dir_lock_write(). */
static int learn_times_locked(struct ovl_dir *parent, struct sys_at at)
{
	struct stat st;

	if (parent->knows_times && ovl_dir_keeps_ctime(parent))
		return 0;
	int r = sys_stat(sys_at_fd(at.dirfd), &st);
	if (r < 0)
		return r;
	ovl_dir_keep_ctime(parent, st.st_ctim);
	parent->times[0] = st.st_atim;
	parent->times[1] = st.st_mtim;
	return 0;
}

int ovl_copy_link_quietly(
	struct ovl_copy *copy, struct ovl_dir *parent, const char *name, struct stat *ret_stat)
{
	struct ovl_real real = {ovl_dir_upper(parent), name, -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	int r = ovl_real_hold(&copy->fs->dirs, &real, &hold);

	if (r == 0)
		r = learn_times_locked(parent, hold.at);
	if (r == 0)
		r = ovl_mark_impure_locked(copy->fs, parent);
	if (r == 0)
		r = sys_stat(ovl_copy_at(copy), ret_stat);
	if (r == 0) {
		r = ovl_copy_link(copy, hold.at);
		if (r == -EACCES) {
			ovl_inode_lend(copy->fs, &parent->inode);
			r = link_copy_against_mode(copy, hold.at);
		}
	}
	if (r == 0) /* best effort, as the kernel's */
		parent->knows_times = sys_utimens(sys_at_fd(hold.at.dirfd), parent->times) == 0;
	return r;
}
