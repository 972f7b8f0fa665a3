/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The contents of regular files: every verb gets the backing file and makes one call on it. What
 * changes contents copies the file up first, for we are not told when a file is opened for writing.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <stdatomic.h>
#include <stdint.h>

#include "attributes.h"
#include "base/cleanup.h"
#include "copy_up.h"
#include "ids.h"
#include "lookup.h"
#include "metacopy.h"
#include "overlay/verbs.h"
#include "protection.h"
#include "readahead.h"
#include "sys/data.h"

int ovl_open(struct ovl_fs *fs, struct ovl_inode *inode, int flags)
{
	if ((flags & O_ACCMODE) == O_RDONLY)
		return 0;
	int r = ovl_protection_check(fs, inode, flags & O_APPEND ? OVL_IMMUTABLE : OVL_PROTECTED);
	if (r == 0 && fs->has_upper) /* we may not see him write */
		atomic_store_explicit(&fs->was_changed, true, memory_order_relaxed);
	return r;
}

/* May data be reached without us? What is true of a file of the upper stays so. */
static bool is_direct(struct ovl_fs *fs, struct ovl_inode *inode)
{
	ovl_inode_lock(fs, inode);
	bool has_data = inode->type == DT_REG && ovl_inode_is_upper(inode) &&
			!(inode->flags & OVL_INODE_COPYING) && !ovl_inode_is_metacopy(inode);
	ovl_inode_unlock(fs, inode);
	return has_data && !ovl_ids_are_squashed(fs);
}

int ovl_backing_get(struct ovl_fs *fs, struct ovl_inode *inode, struct ovl_backing *ret_backing)
{
	struct ovl_file *file;
	if (ovl_inode_is_dir(inode) || !is_direct(fs, inode))
		return -EOPNOTSUPP;
	int r = ovl_protection(fs, inode);
	if (r < 0 || r & OVL_APPEND_ONLY) /* fcntl(2) could take O_APPEND away again */
		return r < 0 ? r : -EOPNOTSUPP;
	r = ovl_file_get(fs, inode, false, &file);
	if (r < 0)
		return r;
	r = ovl_metacopy_check_copy(file->fd, SIZE_MAX, 0);
	if (r < 0)
		ovl_file_put(fs, file);
	else
		*ret_backing = (struct ovl_backing){file->fd, file};
	return r;
}

void ovl_backing_put(struct ovl_fs *fs, const struct ovl_backing *backing)
{
	ovl_file_put(fs, backing->file);
}

/* The backing file for writing. */
static int get_writable(struct ovl_fs *fs, struct ovl_inode *inode, struct ovl_file **ret_file)
{
	if (inode->type != DT_REG)
		return ovl_inode_is_dir(inode) ? -EISDIR : -EINVAL;
	int r = ovl_protection_check(fs, inode, OVL_IMMUTABLE);
	if (r == 0)
		r = ovl_copy_up(fs, inode, OVL_COPY_ALL);
	return r < 0 ? r : ovl_file_get(fs, inode, true, ret_file);
}

/* What is append-only (chattr +a) is written to at its end alone. */
static int check_append_only(struct ovl_fs *fs, struct ovl_inode *inode, off_t offset)
{
	struct stat st;
	int r = ovl_protection(fs, inode);
	if (r < 0 || !(r & OVL_APPEND_ONLY))
		return r < 0 ? r : 0;
	r = ovl_getattr(fs, inode, &st);
	return r < 0 ? r : offset == st.st_size ? 0 : -EPERM;
}

/* While the disk is at work the next files are thought of. */
static ssize_t read_start(
	struct ovl_fs *fs, struct ovl_inode *inode, int fd, char *buffer, size_t size)
{
	ssize_t first = sys_pread_now(fd, buffer, size, 0);
	ovl_readahead_note(fs, inode, first == -EAGAIN);
	if (first < 0)
		first = 0;
	ssize_t rest = sys_pread(fd, buffer + first, size - (size_t)first, first);
	return rest < 0 ? rest : first + rest;
}

ssize_t ovl_read(
	struct ovl_fs *fs, struct ovl_inode *inode, char *buffer, size_t size, off_t offset)
{
	struct ovl_file *file;
	ssize_t r = ovl_file_get(fs, inode, false, &file);
	if (r < 0)
		return r;
	r = offset == 0 && fs->readahead ? read_start(fs, inode, file->fd, buffer, size)
					 : sys_pread(file->fd, buffer, size, offset);
	int refused = r > 0 ? ovl_metacopy_check_read(file->fd, buffer, (size_t)r, offset) : 0;
	ovl_file_put(fs, file);
	return refused < 0 ? refused : r;
}

static int kill_set_id(
	const struct ovl_fs *fs, const struct ovl_file *file, struct ovl_set_id *set_id)
{
	/* Who wrote to a mapped page the kernel does not say. */
	bool kill = set_id->kill || ovl_ids_are_squashed(fs);
	return kill ? ovl_kill_set_id(fs, sys_at_fd(file->fd), &set_id->changed) : 0;
}

ssize_t ovl_write(struct ovl_fs *fs, struct ovl_inode *inode, const char *buffer, size_t size,
	off_t offset, struct ovl_set_id *set_id)
{
	struct ovl_file *file;
	ssize_t r = check_append_only(fs, inode, offset);
	if (r == 0)
		r = get_writable(fs, inode, &file);
	if (r < 0)
		return r;
	r = kill_set_id(fs, file, set_id);
	if (r == 0)
		r = sys_pwrite(file->fd, buffer, size, offset);
	ovl_file_put(fs, file);
	return r;
}

static bool syncs(const struct ovl_fs *fs)
{
	return fs->sync == OVL_SYNC_AUTO || fs->sync == OVL_SYNC_STRICT;
}

static int fsync_dir(struct ovl_fs *fs, struct ovl_dir *dir)
{
	struct ovl_real self = {ovl_dir_upper(dir), "", -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	int r = ovl_real_hold(&fs->dirs, &self, &hold);
	if (r < 0)
		return r;
	_cleanup_close_ int fd = sys_open(hold.at, O_RDONLY | O_DIRECTORY);
	return fd < 0 ? fd : sys_fsync(fd);
}

/* It has only metadata to be written. */
static int fsync_metacopy(struct ovl_fs *fs, struct ovl_inode *inode)
{
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	ovl_inode_lock(fs, inode);
	struct ovl_real real = ovl_inode_real(inode);
	int r = ovl_real_hold(&fs->dirs, &real, &hold);
	_cleanup_close_ int fd = r < 0 ? r : ovl_file_open_upper(fs, inode, hold.at, O_RDONLY);
	ovl_inode_unlock(fs, inode);
	return fd < 0 ? fd : sys_fsync(fd);
}

static int fsync_file(struct ovl_fs *fs, struct ovl_inode *inode, bool data_only)
{
	struct ovl_file *file;
	int r = ovl_file_get(fs, inode, false, &file);
	if (r < 0)
		return r;
	r = data_only ? sys_fdatasync(file->fd) : sys_fsync(file->fd);
	ovl_file_put(fs, file);
	return r;
}

int ovl_fsync(struct ovl_fs *fs, struct ovl_inode *inode, bool data_only)
{
	if (!syncs(fs))
		return 0;
	if (ovl_inode_is_dir(inode))
		return ovl_dir_upper(ovl_dir_of(inode)) ? fsync_dir(fs, ovl_dir_of(inode)) : 0;
	ovl_inode_lock(fs, inode);
	bool upper = ovl_inode_is_upper(inode);
	bool unsynced = inode->flags & OVL_INODE_UNSYNCED;
	ovl_inode_unlock(fs, inode);
	if (!upper || inode->type != DT_REG)
		return 0;
	if (ovl_inode_is_metacopy(inode))
		return data_only ? 0 : fsync_metacopy(fs, inode);
	int r = fsync_file(fs, inode, data_only && !unsynced);
	if (r == 0 && unsynced) { /* it comes once in an inode's life */
		ovl_inode_lock(fs, inode);
		inode->flags &= (uint8_t)~OVL_INODE_UNSYNCED;
		ovl_inode_unlock(fs, inode);
	}
	return r;
}

int ovl_fallocate(struct ovl_fs *fs, struct ovl_inode *inode, int mode, off_t offset, off_t length,
	struct ovl_set_id *set_id)
{
	struct ovl_file *file;
	/* As vfs_fallocate(). */
	bool may_be_append_only = (mode & ~FALLOC_FL_KEEP_SIZE) == 0;
	int r = may_be_append_only ? 0 : ovl_protection_check(fs, inode, OVL_APPEND_ONLY);
	if (r == 0)
		r = get_writable(fs, inode, &file);
	if (r < 0)
		return r;
	r = kill_set_id(fs, file, set_id);
	if (r == 0)
		r = sys_fallocate(file->fd, mode, offset, length);
	ovl_file_put(fs, file);
	return r;
}

off_t ovl_lseek(struct ovl_fs *fs, struct ovl_inode *inode, off_t offset, int whence)
{
	struct ovl_file *file;
	off_t r = ovl_file_get(fs, inode, false, &file);
	if (r < 0)
		return r;
	r = sys_lseek(file->fd, offset, whence);
	ovl_file_put(fs, file);
	return r;
}

ssize_t ovl_copy_file_range(struct ovl_fs *fs, struct ovl_inode *in, off_t in_offset,
	struct ovl_inode *out, off_t out_offset, size_t length, struct ovl_set_id *set_id)
{
	struct ovl_file *to, *from;
	ssize_t r = check_append_only(fs, out, out_offset);
	if (r == 0)
		r = get_writable(fs, out, &to);
	if (r < 0)
		return r;
	r = ovl_file_get(fs, in, false, &from);
	if (r == 0) {
		r = ovl_metacopy_check_copy(from->fd, length, in_offset);
		if (r == 0)
			r = kill_set_id(fs, to, set_id);
		if (r == 0)
			r = sys_copy_file_range(from->fd, in_offset, to->fd, out_offset, length);
		ovl_file_put(fs, from);
	}
	ovl_file_put(fs, to);
	return r;
}
