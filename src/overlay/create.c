/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making files: mknod, mkdir, symlink, link.
 *
 * Where the upper has nothing of that name the object is made right at its place: one system call
 * does it, and the upper's own file system applies umask, default ACL and setgid directory. Where a
 * whiteout stands there, the object is made aside and put in its place by one rename, and a
 * directory is marked opaque first, so that what the whiteout hid stays hidden (the kernel's
 * ovl_create_over_whiteout()).
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "copy_up.h"
#include "ids.h"
#include "link_index.h"
#include "lookup.h"
#include "metacopy.h"
#include "origin.h"
#include "overlay/verbs.h"
#include "override_stat.h"
#include "protection.h"
#include "scan.h"
#include "sys/xattrs.h"
#include "whiteout.h"

/* What is to be made. */
struct creation {
	mode_t mode; /* type and permissions; 0 for another name of linked */
	dev_t device;
	const char *target;       /* of a symbolic link */
	struct ovl_inode *linked; /* or NULL */
	const struct ovl_caller *caller;
	uid_t uid; /* the caller's ids as they are stored; -1 = the daemon's own */
	gid_t gid;
	bool owned_by_dir; /* the group is the directory's */
	gid_t dir_gid;     /* with xattr_permissions: that group, as it is stored */
	int fd;            /* out, owned: a new regular file, open O_RDWR; else -1 */
};

static int link_inode(struct ovl_fs *fs, struct ovl_inode *inode, struct sys_at to)
{
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	ovl_inode_lock(fs, inode);
	struct ovl_real real = ovl_inode_real(inode);
	int r = ovl_real_hold(&fs->dirs, &real, &hold);
	if (r == 0 && (inode->flags & OVL_INODE_INDEXED))
		r = ovl_links_mark_locked(fs, inode);
	if (r == 0)
		r = sys_link(hold.at, to);
	ovl_inode_unlock(fs, inode);
	return r;
}

/* The caller's ids where the object will not have them by itself; else -1. */
static uid_t uid_to_give(const struct ovl_fs *fs, const struct creation *c)
{
	return c->uid == fs->euid ? (uid_t)-1 : c->uid;
}

static gid_t gid_to_give(const struct ovl_fs *fs, const struct creation *c)
{
	return c->owned_by_dir || c->gid == fs->egid ? (gid_t)-1 : c->gid;
}

/* Set-id bits come when the object has its owner: were we killed before, they would be ours. */
static mode_t first_mode(const struct ovl_fs *fs, const struct creation *c)
{
	bool is_given = uid_to_give(fs, c) != (uid_t)-1 || gid_to_give(fs, c) != (gid_t)-1;
	return c->mode & (is_given || ovl_override_is_on(fs) ? 01777 : 07777);
}

static int make_object(struct ovl_fs *fs, struct creation *c, struct sys_at at)
{
	if (c->linked)
		return link_inode(fs, c->linked, at);
	/* A sandbox may forbid a thread attributes of its own: then default ACLs are not obeyed. */
	if (sys_set_thread_umask(c->caller->umask) < 0 && !S_ISLNK(c->mode))
		c->mode &= ~c->caller->umask;
	switch (c->mode & S_IFMT) {
	case S_IFREG:
		c->fd = sys_create(at, O_RDWR, first_mode(fs, c));
		return c->fd < 0 ? c->fd : 0;
	case S_IFDIR:
		return sys_mkdir(at, c->mode & 07777);
	case S_IFLNK:
		return sys_symlink(c->target, at);
	default:
		if (ovl_override_is_on(fs)) /* what it is, an xattr says */
			return sys_mknod(at, S_IFREG | (c->mode & 0777), 0);
		return sys_mknod(at, (c->mode & S_IFMT) | first_mode(fs, c), c->device);
	}
}

/* The new object belongs to the caller, and gets its set-id bits. */
static int set_owner(struct ovl_fs *fs, const struct creation *c, struct sys_at at)
{
	uid_t uid = uid_to_give(fs, c);
	gid_t gid = gid_to_give(fs, c);

	if (uid == (uid_t)-1 && gid == (gid_t)-1)
		return 0;
	int r = sys_chown(at, uid, gid);
	if (r == 0 && (c->mode & (S_ISUID | S_ISGID)) && !S_ISDIR(c->mode) && !S_ISLNK(c->mode)) {
		struct stat st;
		r = sys_stat(at, &st);
		if (r == 0)
			r = sys_chmod(at, (st.st_mode & 0777) | (c->mode & 07000));
	}
	return r;
}

/* The same with xattr_permissions. What umask or default ACL have left of the permissions is what
 * the object itself got. */
static int store_owner(struct ovl_fs *fs, const struct creation *c, struct sys_at at)
{
	struct stat st;
	int r = sys_stat(at, &st);

	if (r < 0)
		return r;
	st.st_uid = c->uid == (uid_t)-1 ? fs->euid : c->uid;
	st.st_gid = c->owned_by_dir ? c->dir_gid : c->gid == (gid_t)-1 ? fs->egid : c->gid;
	st.st_mode = (c->mode & (S_IFMT | 07000)) | (st.st_mode & 0777);
	if (c->owned_by_dir && S_ISDIR(c->mode))
		st.st_mode |= S_ISGID;
	st.st_rdev = c->device;
	return ovl_override_make(fs, at, &st);
}

static void remove_object(struct sys_at at, mode_t mode)
{
	if (S_ISDIR(mode))
		sys_rmdir(at);
	else
		sys_unlink(at);
}

/* Makes the object with its owner; on failure nothing is there. */
static int make_owned(
	struct ovl_fs *fs, struct creation *c, struct sys_at at, struct stat *ret_stat)
{
	int r = make_object(fs, c, at);
	if (r < 0)
		return r;
	struct sys_at self = c->fd >= 0 ? sys_at_fd(c->fd) : at;
	if (!c->linked)
		r = ovl_override_is_on(fs) ? store_owner(fs, c, self) : set_owner(fs, c, self);
	if (r == 0)
		r = ovl_stored_stat(fs, self, ret_stat);
	if (r < 0)
		remove_object(at, c->mode);
	return r;
}

/* -- over a whiteout --------------------------------------------------------------------------- */

/* A directory in work/ in which new objects get what they would get in dir: its default ACL, and
 * its group where it is setgid. */
static int make_stage(struct ovl_fs *fs, struct ovl_dir *dir, struct sys_at upper, const char *name)
{
	static const char acl_name[] = "system.posix_acl_default";
	char acl[4096];
	struct sys_at stage = sys_at(fs->work_fd, name);
	struct stat st;
	ssize_t size = sys_getxattr(upper, acl_name, acl, sizeof(acl));
	bool setgid = __atomic_load_n(&dir->setgid, __ATOMIC_RELAXED) && !ovl_override_is_on(fs);

	if (size < 0 && size != -ENODATA && size != -EOPNOTSUPP)
		return (int)size;
	sys_spare_owner_bits();
	int r = sys_mkdir(stage, 0700);
	if (r < 0)
		return r;
	if (size > 0)
		r = sys_setxattr(stage, acl_name, acl, (size_t)size, 0);
	if (r == 0 && setgid)
		r = sys_stat(upper, &st);
	if (r == 0 && setgid)
		r = sys_chown(stage, (uid_t)-1, st.st_gid);
	if (r == 0 && setgid)
		r = sys_chmod(stage, S_ISGID | 0700);
	if (r < 0)
		sys_rmdir(stage);
	return r;
}

/* Puts an opaque directory in the place of the whiteout at `to`. */
static int replace_by_dir(struct ovl_fs *fs, struct sys_at made, struct sys_at to)
{
	int r = sys_rename(made, to, RENAME_EXCHANGE);
	if (r == 0) {
		sys_unlink(made); /* now the whiteout; if it stays, the next mount removes it */
		return 0;
	}
	if (r != -EINVAL)
		return r;
	/* No RENAME_EXCHANGE: the name is missing for a moment. */
	r = sys_unlink(to);
	if (r == 0) {
		r = sys_rename(made, to, 0);
		if (r < 0)
			ovl_whiteout_make(fs, to);
	}
	return r;
}

/* Puts a finished object in the place of the whiteout at `to`. */
static int replace_whiteout(struct ovl_fs *fs, struct sys_at made, mode_t mode, struct sys_at to)
{
	if (!S_ISDIR(mode))
		return sys_rename(made, to, 0);
	/* An owner without privileges may neither mark nor move a directory that is closed to him.
	 */
	bool is_closed = (mode & S_IRWXU) != S_IRWXU;
	int r = is_closed ? sys_chmod(made, (mode & 07777) | S_IRWXU) : 0;
	if (r == 0)
		r = ovl_opaque_make(fs, made);
	if (r == 0)
		r = replace_by_dir(fs, made, to);
	if (r < 0 || !is_closed)
		return r;
	r = sys_chmod(to, mode & 07777);
	if (r < 0 && ovl_whiteout_make(fs, made) == 0)
		sys_rename(made, to, RENAME_EXCHANGE);
	return r;
}

static int make_over_whiteout(struct ovl_fs *fs, struct creation *c, struct ovl_dir *dir,
	struct sys_at to, struct stat *ret_stat)
{
	char stage_name[OVL_TEMP_NAME_SIZE];
	_cleanup_close_ int stage = -1;

	ovl_temp_name(fs, stage_name);
	int r = make_stage(fs, dir, sys_at_fd(to.dirfd), stage_name);
	if (r < 0)
		return r;
	stage = sys_open_dir(sys_at(fs->work_fd, stage_name));
	r = stage < 0 ? stage : make_owned(fs, c, sys_at(stage, to.name), ret_stat);
	if (r == 0) {
		mode_t mode = (c->mode & S_IFMT) | ovl_own_mode(fs, ret_stat->st_mode);
		r = replace_whiteout(fs, sys_at(stage, to.name), mode, to);
		if (r < 0)
			remove_object(sys_at(stage, to.name), c->mode);
	}
	ovl_work_remove(fs, stage_name, true);
	return r;
}

/* -- the whole --------------------------------------------------------------------------------- */

/* Whose group will the object have? Without xattr_permissions the file system sees to that. */
static int find_group(
	struct ovl_fs *fs, struct creation *c, const struct ovl_dir *dir, struct sys_at upper)
{
	struct stat st;

	c->owned_by_dir = __atomic_load_n(&dir->setgid, __ATOMIC_RELAXED);
	if (!c->owned_by_dir || !ovl_override_is_on(fs))
		return 0;
	int r = ovl_stored_stat(fs, upper, &st);
	if (r == 0)
		c->dir_gid = st.st_gid;
	return r;
}

/* dir's lock is held for writing, it is in the upper. old is what the index has of the name, a
 * whiteout, or NULL; entry, what it will have. */
static int make_on_disk(struct ovl_fs *fs, struct creation *c, struct ovl_dir *dir,
	const struct ovl_entry *old, struct ovl_entry *entry, struct stat *ret_stat)
{
	struct ovl_real real = {ovl_dir_upper(dir), entry->name, -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	int r = ovl_real_hold(&fs->dirs, &real, &hold);

	if (r == 0 && c->linked && ovl_inode_has_origin(fs, c->linked))
		r = ovl_mark_impure_locked(fs, dir);
	if (r < 0)
		return r;
	r = find_group(fs, c, dir, sys_at_fd(hold.at.dirfd));
	if (r < 0)
		return r;
	return old && (old->flags & OVL_ENTRY_UPPER_WH)
		       ? make_over_whiteout(fs, c, dir, hold.at, ret_stat)
		       : make_owned(fs, c, hold.at, ret_stat);
}

/* Tells the index of a new file. What its name means further down stays. */
static void put_entry(struct ovl_dir *dir, struct ovl_entry *old, struct ovl_entry *entry)
{
	if (!old) {
		ovl_index_add(dir->index, ovl_entry_ref(entry));
		return;
	}
	entry->decided = old->decided;
	entry->flags |= old->flags & (OVL_ENTRY_LOWER | OVL_ENTRY_AUFS_WH);
	ovl_index_replace(dir->index, old, ovl_entry_ref(entry));
}

static int create_locked(struct ovl_fs *fs, struct creation *c, struct ovl_dir *dir,
	struct ovl_entry *entry, struct ovl_node *ret_node)
{
	struct ovl_inode *inode;
	struct stat raw, st;
	struct ovl_entry *old = ovl_index_get(dir->index, entry->name);

	if (dir->removed)
		return -ENOENT;
	if (ovl_entry_is_positive(old))
		return -EEXIST;
	int r = ovl_index_reserve(dir->index);
	if (r == 0)
		r = make_on_disk(fs, c, dir, old, entry, &raw);
	if (r < 0)
		return r;
	entry->st_ino =
		c->linked ? c->linked->ino : ovl_map_ino(fs, ovl_fsid(fs, raw.st_dev), raw.st_ino);
	entry->flags |= c->linked ? OVL_ENTRY_ORIGIN : 0;
	put_entry(dir, old, entry);
	r = ovl_entry_inode_from(fs, dir, entry, &raw, &inode, &st);
	if (r < 0)
		return r; /* no memory for the answer; the file itself is complete */
	if (c->fd >= 0) {
		ovl_inode_lock(fs, inode);
		ovl_file_install(fs, inode, steal_fd(&c->fd), true);
		ovl_inode_unlock(fs, inode);
	}
	if (c->linked) {
		/* The newest name is the one that stays: makers of temporary names unlink the
		 * older. */
		ovl_inode_lock(fs, inode);
		ovl_inode_set_name(fs, inode, &dir->inode, entry);
		ovl_inode_unlock(fs, inode);
	}
	ovl_node_set(fs, ret_node, inode, &st);
	ovl_inode_unref(fs, inode);
	return 0;
}

/* Whose will it be? -EOVERFLOW where nobody is stored who is shown as the caller (kernel:
 * may_create()). */
static int find_owner(const struct ovl_fs *fs, struct creation *c)
{
	/* In a setgid directory it is another group; who wants that bit can set it afterwards. */
	const struct stat own = {
		.st_mode = c->mode, .st_uid = fs->euid, .st_gid = (gid_t)OVL_NO_ID};
	if (c->linked)
		return 0;
	c->mode = ovl_ids_store_mode(fs, &own, c->mode);
	c->uid = c->caller->uid;
	c->gid = c->caller->gid;
	return ovl_ids_store(fs, &c->uid, &c->gid);
}

static int check_name(const struct ovl_inode *parent, const char *name)
{
	if (!ovl_inode_is_dir(parent))
		return -ENOTDIR;
	if (strlen(name) > NAME_MAX)
		return -ENAMETOOLONG;
	return ovl_name_kind(name) == OVL_NAME_PLAIN ? 0 : -EPERM;
}

static int create(struct ovl_fs *fs, struct ovl_inode *parent, const char *name, struct creation *c,
	struct ovl_node *ret_node)
{
	struct ovl_dir *dir = ovl_dir_of(parent);
	int r = check_name(parent, name);
	if (r == 0)
		r = ovl_protection_check(fs, parent, OVL_IMMUTABLE);
	if (r == 0)
		r = find_owner(fs, c);
	if (r == 0)
		r = ovl_copy_up_dir(fs, dir);
	if (r < 0)
		return r;
	uint8_t type = c->linked ? c->linked->type : IFTODT(c->mode);
	struct ovl_entry *entry = ovl_entry_new(name, type, OVL_UPPER);
	if (!entry)
		return -ENOMEM;
	entry->flags = OVL_ENTRY_CLOSED | (c->linked ? 0 : OVL_ENTRY_HAS_DATA);
	c->fd = -1;
	r = ovl_dir_lock_write(fs, dir);
	if (r == 0) {
		r = create_locked(fs, c, dir, entry, ret_node);
		pthread_rwlock_unlock(&dir->lock);
	}
	ovl_entry_unref(entry);
	cleanup_close(&c->fd);
	return r;
}

int ovl_mknod(struct ovl_fs *fs, struct ovl_inode *dir, const char *name, mode_t mode, dev_t device,
	const struct ovl_caller *caller, struct ovl_node *ret_node)
{
	struct creation c = {.mode = mode, .device = device, .caller = caller};
	if ((mode & S_IFMT) == 0)
		c.mode |= S_IFREG;
	if (S_ISDIR(c.mode) || S_ISLNK(c.mode)) /* they have verbs of their own */
		return -EINVAL;
	if (ovl_is_whiteout_device(c.mode, device))
		return -EPERM;
	return create(fs, dir, name, &c, ret_node);
}

int ovl_mkdir(struct ovl_fs *fs, struct ovl_inode *dir, const char *name, mode_t mode,
	const struct ovl_caller *caller, struct ovl_node *ret_node)
{
	struct creation c = {.mode = (mode & 07777) | S_IFDIR, .caller = caller};
	return create(fs, dir, name, &c, ret_node);
}

int ovl_symlink(struct ovl_fs *fs, struct ovl_inode *dir, const char *name, const char *target,
	const struct ovl_caller *caller, struct ovl_node *ret_node)
{
	struct creation c = {.mode = S_IFLNK | 0777, .target = target, .caller = caller};
	return create(fs, dir, name, &c, ret_node);
}

int ovl_link(struct ovl_fs *fs, struct ovl_inode *inode, struct ovl_inode *dir, const char *name,
	struct ovl_node *ret_node)
{
	struct creation c = {.linked = inode};
	if (ovl_inode_is_dir(inode))
		return -EPERM;
	int r = check_name(dir, name);
	if (r == 0)
		r = ovl_protection_check(fs, inode, OVL_PROTECTED);
	if (r == 0)
		r = ovl_protection_check(fs, dir, OVL_IMMUTABLE);
	if (r == 0)
		r = ovl_copy_up(fs, inode, OVL_COPY_METADATA);
	if (r == 0)
		r = ovl_metacopy_keep_found_by_link(fs, inode);
	if (r == -EXDEV)
		r = ovl_copy_up(fs, inode, OVL_COPY_ALL);
	return r < 0 ? r : create(fs, dir, name, &c, ret_node);
}
