/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flags of files, as chattr(1) sets them and lsattr(1) shows them: those of the real object, but
 * for immutable and append-only, which the upper has as a mark: protection.h.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>

#include "base/cleanup.h"
#include "copy_up.h"
#include "overlay/verbs.h"
#include "protection.h"
#include "sys/data.h"

/* Where a command has its flags, and what it calls the two. */
struct words {
	uint32_t *flags;
	uint32_t append_only, immutable;
};

static struct words words_of(unsigned long command, void *argument)
{
	if (command == FS_IOC_GETFLAGS || command == FS_IOC_SETFLAGS)
		return (struct words){argument, FS_APPEND_FL, FS_IMMUTABLE_FL};
	struct fsxattr *fsxattr = argument;
	return (struct words){&fsxattr->fsx_xflags, FS_XFLAG_APPEND, FS_XFLAG_IMMUTABLE};
}

static bool has_flags(const struct ovl_inode *inode)
{
	return inode->type == DT_REG || inode->type == DT_DIR;
}

/* Opens the real object for reading: the kernel asks for no more. inode's lock is held (not for a
 * directory). */
static int open_real(struct ovl_fs *fs, struct ovl_inode *inode)
{
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	struct ovl_real real = ovl_inode_real(inode);
	int r = ovl_real_hold(&fs->dirs, &real, &hold);
	if (r < 0)
		return r;
	return ovl_inode_is_upper(inode) && !ovl_inode_is_dir(inode)
		       ? ovl_file_open_upper(fs, inode, hold.at, O_RDONLY)
		       : sys_open(hold.at, O_RDONLY);
}

static int call(int fd, unsigned long command, void *argument)
{
	int r = sys_ioctl(fd, command, argument);
	return r == -EOPNOTSUPP ? -ENOTTY : r;
}

int ovl_ioctl_get(struct ovl_fs *fs, struct ovl_inode *inode, unsigned long command, void *argument)
{
	struct words words = words_of(command, argument);

	if (!has_flags(inode))
		return -ENOTTY;
	int protection = ovl_protection(fs, inode);
	if (protection < 0)
		return protection;
	ovl_inode_lock_pair(fs, inode, NULL);
	_cleanup_close_ int fd = open_real(fs, inode);
	ovl_inode_unlock_pair(fs, inode, NULL);
	int r = fd < 0 ? fd : call(fd, command, argument);
	if (r < 0)
		return r;
	*words.flags |= protection & OVL_APPEND_ONLY ? words.append_only : 0;
	*words.flags |= protection & OVL_IMMUTABLE ? words.immutable : 0;
	return r;
}

/* A real object that has one of the two flags itself can only be marked without it. */
static int set_real(
	const struct ovl_fs *fs, int fd, unsigned protection, unsigned long command, void *argument)
{
	uint64_t attributes;
	struct stat st;
	int r = sys_statx(sys_at_fd(fd), 0, &st, &attributes);

	if (r < 0)
		return r;
	bool is_real = attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND);
	r = is_real ? call(fd, command, argument)
		    : ovl_protection_mark(fs, sys_at_fd(fd), protection);
	if (r < 0)
		return r;
	return is_real ? ovl_protection_mark(fs, sys_at_fd(fd), protection)
		       : call(fd, command, argument);
}

/* What keeps inode as it is meanwhile is held. */
static int set_locked(
	struct ovl_fs *fs, struct ovl_inode *inode, unsigned long command, void *argument)
{
	struct words words = words_of(command, argument);
	unsigned protection = (*words.flags & words.append_only ? OVL_APPEND_ONLY : 0) |
			      (*words.flags & words.immutable ? OVL_IMMUTABLE : 0);
	_cleanup_close_ int fd = open_real(fs, inode);

	if (fd < 0)
		return fd;
	*words.flags &= ~(words.append_only | words.immutable);
	int r = set_real(fs, fd, protection, command, argument);
	ovl_protection_changed(inode, r < 0 ? -1 : (int)protection);
	return r;
}

static int set_of_directory(
	struct ovl_fs *fs, struct ovl_dir *dir, unsigned long command, void *argument)
{
	pthread_rwlock_wrlock(&dir->lock);
	int r = set_locked(fs, &dir->inode, command, argument);
	ovl_dir_changed(&dir->inode);
	pthread_rwlock_unlock(&dir->lock);
	return r;
}

int ovl_ioctl_set(struct ovl_fs *fs, struct ovl_inode *inode, unsigned long command, void *argument)
{
	if (!has_flags(inode))
		return -ENOTTY;
	int r = ovl_copy_up(fs, inode, OVL_COPY_METADATA);
	if (r < 0)
		return r;
	if (ovl_inode_is_dir(inode))
		return set_of_directory(fs, ovl_dir_of(inode), command, argument);
	ovl_inode_lock(fs, inode);
	ovl_inode_wait_copied(fs, inode);
	r = set_locked(fs, inode, command, argument);
	ovl_inode_unlock(fs, inode);
	/* How it may be opened is asked anew when that is done the next time. */
	if (r >= 0)
		ovl_file_drop(fs, inode);
	return r;
}
