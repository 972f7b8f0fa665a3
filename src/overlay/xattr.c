/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Extended attributes as users of the mount see them, POSIX ACLs among them: those of the real
 * object, less the overlay's marks (format.h says which and how they are escaped).
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "copy_up.h"
#include "format.h"
#include "id_xattrs.h"
#include "lookup.h"
#include "overlay/verbs.h"
#include "override_stat.h"
#include "protection.h"
#include "sys/xattrs.h"

/* An xattr call on the real object, with inode's lock held. */
struct call {
	ssize_t (*make)(struct sys_at at, const struct call *call);
	const struct ovl_fs *fs; /* for values with ids in them */
	const char *name;
	void *buffer;
	const void *value;
	size_t size;
	int flags;
	bool changes;
};

static ssize_t call_get(struct sys_at at, const struct call *call)
{
	return sys_getxattr(at, call->name, call->buffer, call->size);
}

static ssize_t call_list(struct sys_at at, const struct call *call)
{
	return sys_listxattr(at, call->buffer, call->size);
}

static ssize_t call_set(struct sys_at at, const struct call *call)
{
	return sys_setxattr(at, call->name, call->value, call->size, call->flags);
}

static ssize_t call_remove(struct sys_at at, const struct call *call)
{
	return sys_removexattr(at, call->name);
}

/* -- values with ids in them: ACLs and capabilities ---------------------------------------------
 */

/* The kernel reads ACLs from FUSE into a page. */
#define ID_VALUE_SIZE 4096

/* Must values of that name be looked at? Capabilities are right as they are where owners are. */
static bool has_ids(const struct ovl_fs *fs, const char *name)
{
	switch (ovl_id_xattr_kind(name)) {
	case OVL_ID_XATTR_ACL:
		return true;
	case OVL_ID_XATTR_CAPABILITY:
		return fs->ids.uids.n_ranges || fs->ids.squash.uid_set;
	default:
		return false;
	}
}

/* With xattr_permissions the mode that users see is not the object's own: an access ACL, which the
 * file system keeps equal to that, is shown and taken with the other one. */
static bool has_own_mode(const struct call *call)
{
	return ovl_override_is_on(call->fs) && strcmp(call->name, OVL_ACL_ACCESS) == 0;
}

static ssize_t show_value(struct sys_at at, const struct call *call, char *value, size_t size)
{
	struct stat st;

	if (ovl_id_xattr_kind(call->name) == OVL_ID_XATTR_CAPABILITY)
		return ovl_capability_show(&call->fs->ids, value, size);
	if (has_own_mode(call)) {
		int r = ovl_stored_stat(call->fs, at, &st);
		if (r < 0)
			return r;
		ovl_acl_set_mode(value, size, st.st_mode);
	}
	return (ssize_t)ovl_acl_show(&call->fs->ids, value, size);
}

static ssize_t call_get_ids(struct sys_at at, const struct call *call)
{
	char value[ID_VALUE_SIZE];
	ssize_t r = sys_getxattr(at, call->name, value, sizeof(value));
	if (r > 0)
		r = show_value(at, call, value, (size_t)r);
	if (r <= 0 || call->size == 0)
		return r;
	if ((size_t)r > call->size)
		return -ERANGE;
	memcpy(call->buffer, value, (size_t)r);
	return r;
}

/* Sets an access ACL; the mode that it stands for goes where modes are. The object itself stays
 * private, but for the users and groups that the ACL names: those its own mask keeps out. The mode
 * comes first, for it can be put back where the ACL finds no room: its xattr is there by then, and
 * of that size. */
static int set_acl_and_mode(struct sys_at at, const struct call *call, char *value)
{
	struct stat own, shown;
	mode_t mode;
	int r = sys_stat(at, &own);

	if (r < 0 || !ovl_acl_mode(value, call->size, &mode))
		return r < 0 ? r : -EINVAL;
	ovl_acl_set_mode(value, call->size, ovl_own_mode(call->fs, own.st_mode));
	r = ovl_stored_stat(call->fs, at, &shown);
	if (r == 0)
		r = ovl_stored_chmod(call->fs, at, (shown.st_mode & 07000) | mode);
	if (r < 0)
		return r;
	r = sys_setxattr(at, call->name, value, call->size, call->flags);
	if (r < 0)
		ovl_stored_chmod(call->fs, at, shown.st_mode & 07777);
	return r;
}

static ssize_t call_set_ids(struct sys_at at, const struct call *call)
{
	char value[ID_VALUE_SIZE];
	bool is_acl = ovl_id_xattr_kind(call->name) == OVL_ID_XATTR_ACL;
	ssize_t size = (ssize_t)call->size;

	if (call->size > sizeof(value))
		return -E2BIG;
	memcpy(value, call->value, call->size);
	if (is_acl) {
		int r = ovl_acl_store(&call->fs->ids, value, call->size);
		size = r < 0 ? r : size;
	} else {
		size = ovl_capability_store(&call->fs->ids, value, call->size);
	}
	if (size < 0)
		return size;
	return has_own_mode(call) ? set_acl_and_mode(at, call, value)
				  : sys_setxattr(at, call->name, value, (size_t)size, call->flags);
}

/* -----------------------------------------------------------------------------------------------
 */

static ssize_t call_locked(struct ovl_fs *fs, struct ovl_inode *inode, const struct call *call)
{
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	struct ovl_real real = ovl_inode_real(inode);
	ssize_t r = ovl_real_hold(&fs->dirs, &real, &hold);
	return r == 0 ? call->make(hold.at, call) : r;
}

/* A directory's lock keeps changes apart: an ACL changes the mode, and whoever copies something up
 * into a closed directory puts its mode back afterwards. */
static ssize_t on_real_directory(struct ovl_fs *fs, struct ovl_dir *dir, const struct call *call)
{
	if (!call->changes) {
		ssize_t size = call_locked(fs, &dir->inode, call);
		if (!ovl_inode_was_lent(fs, &dir->inode))
			return size;
		pthread_rwlock_rdlock(&dir->lock);
		size = call_locked(fs, &dir->inode, call);
		pthread_rwlock_unlock(&dir->lock);
		return size;
	}
	pthread_rwlock_wrlock(&dir->lock);
	ssize_t r = call_locked(fs, &dir->inode, call);
	ovl_dir_changed(&dir->inode);
	pthread_rwlock_unlock(&dir->lock);
	return r;
}

/* Of a file without xattrs: the answer that the real object would give. Only one name is answered
 * so, which exec and engines that compare trees ask for: some file systems have names that they do
 * not list. */
static bool is_known(const struct ovl_inode *inode, const struct call *call, ssize_t *ret)
{
	if (!(inode->flags & OVL_INODE_NO_XATTRS) || call->changes)
		return false;
	*ret = call->make == call_list ? 0 : -ENODATA;
	return call->make == call_list || strcmp(call->name, OVL_CAPABILITY) == 0;
}

static ssize_t on_real_object(struct ovl_fs *fs, struct ovl_inode *inode, const struct call *call)
{
	ssize_t r;

	if (ovl_inode_is_dir(inode))
		return on_real_directory(fs, ovl_dir_of(inode), call);
	ovl_inode_lock(fs, inode);
	if (call->changes) { /* a metacopy may be getting its data */
		ovl_inode_wait_copied(fs, inode);
		inode->flags &= (uint8_t)~OVL_INODE_NO_XATTRS;
	}
	if (!is_known(inode, call, &r))
		r = call_locked(fs, inode, call);
	if (call->make == call_list && r == 0)
		inode->flags |= OVL_INODE_NO_XATTRS;
	ovl_inode_unlock(fs, inode);
	return r;
}

/* The stored name of what users call name: itself, or in buffer. -ENODATA where it is hidden. */
static int stored_name(const struct ovl_fs *fs, const char *name, char buffer[OVL_XATTR_NAME_SIZE],
	const char **ret_name)
{
	if (fs->no_acl && strncmp(name, "system.posix_acl_", 17) == 0)
		return -EOPNOTSUPP;
	switch (ovl_xattr_kind(name)) {
	case OVL_XATTR_HIDDEN:
		return -ENODATA;
	case OVL_XATTR_ESCAPED:
		*ret_name = buffer;
		return ovl_xattr_escape(name, buffer);
	default:
		*ret_name = name;
		return 0;
	}
}

ssize_t ovl_getxattr(
	struct ovl_fs *fs, struct ovl_inode *inode, const char *name, void *value, size_t size)
{
	char buffer[OVL_XATTR_NAME_SIZE];
	struct call call = {.make = call_get, .fs = fs, .buffer = value, .size = size};
	ssize_t r = stored_name(fs, name, buffer, &call.name);
	if (r == 0 && has_ids(fs, name))
		call.make = call_get_ids;
	if (r == 0)
		r = on_real_object(fs, inode, &call);
	/* The kernel, which checks ACLs, wants to hear "none", not "cannot have any". */
	return r == -EOPNOTSUPP && !fs->no_acl ? -ENODATA : r;
}

/* Only a member of the group, or a privileged one, sets an ACL and keeps the setgid bit. Returns 1
 * where it goes, 0, or -errno. */
static int loses_setgid(struct ovl_fs *fs, struct ovl_inode *inode, const struct ovl_caller *caller)
{
	struct stat st;
	int r = ovl_getattr(fs, inode, &st);
	return r < 0 ? r : (st.st_mode & S_ISGID) && !caller->is_in_group(caller, st.st_gid);
}

static int drop_setgid(struct ovl_fs *fs, struct ovl_inode *inode)
{
	struct ovl_change change = {.set = OVL_SET_MODE};
	struct stat st;
	int r = ovl_getattr(fs, inode, &st);
	if (r < 0)
		return r;
	change.mode = st.st_mode & 07777 & (mode_t)~S_ISGID;
	return ovl_setattr(fs, inode, &change, &st);
}

int ovl_setxattr(struct ovl_fs *fs, struct ovl_inode *inode, const char *name, const void *value,
	size_t size, int flags, const struct ovl_caller *caller)
{
	char buffer[OVL_XATTR_NAME_SIZE];
	struct call call = {.make = call_set,
		.fs = fs,
		.value = value,
		.size = size,
		.flags = flags,
		.changes = true};
	int r = stored_name(fs, name, buffer, &call.name), loses = 0;

	if (r == -ENODATA)
		return -EPERM;
	if (has_ids(fs, name))
		call.make = call_set_ids;
	if (r == 0)
		r = ovl_protection_check(fs, inode, OVL_PROTECTED);
	if (r == 0)
		r = ovl_copy_up(fs, inode, OVL_COPY_METADATA);
	if (r == 0 && strcmp(name, OVL_ACL_ACCESS) == 0) {
		loses = loses_setgid(fs, inode, caller);
		r = loses < 0 ? loses : 0;
	}
	if (r == 0)
		r = (int)on_real_object(fs, inode, &call);
	return r == 0 && loses ? drop_setgid(fs, inode) : r;
}

int ovl_removexattr(struct ovl_fs *fs, struct ovl_inode *inode, const char *name)
{
	char buffer[OVL_XATTR_NAME_SIZE];
	struct call call = {.make = call_get};
	ssize_t r = stored_name(fs, name, buffer, &call.name);

	if (r == 0)
		r = ovl_protection_check(fs, inode, OVL_PROTECTED);
	/* What is not there is not copied up for (kernel: ovl_xattr_set()). */
	if (r == 0)
		r = on_real_object(fs, inode, &call);
	if (r >= 0)
		r = ovl_copy_up(fs, inode, OVL_COPY_METADATA);
	if (r < 0)
		return (int)r;
	call.make = call_remove;
	call.changes = true;
	r = on_real_object(fs, inode, &call);
	return (int)r;
}

/* The names that users see, packed to the front of names. Returns their size. */
static size_t filter_names(char *names, size_t size, bool trusted, bool no_acl)
{
	char *end = names;
	for (char *name = names; name < names + size;) {
		char buffer[OVL_XATTR_NAME_SIZE];
		size_t length = strlen(name) + 1;
		const char *shown = ovl_xattr_user_name(name, buffer);
		if (!trusted && strncmp(name, "trusted.", 8) == 0)
			shown = NULL;
		if (no_acl && strncmp(name, "system.posix_acl_", 17) == 0)
			shown = NULL;
		name += length;
		if (!shown)
			continue;
		length = strlen(shown) + 1; /* never longer than the stored name */
		memmove(end, shown, length);
		end += length;
	}
	return (size_t)(end - names);
}

/* All stored names, in a buffer that the caller owns. Returns their size. */
static ssize_t list_stored(struct ovl_fs *fs, struct ovl_inode *inode, char **ret_names)
{
	struct call call = {.make = call_list};
	ssize_t size;

	do { /* again when names were added between the two calls */
		call.buffer = NULL;
		call.size = 0;
		size = on_real_object(fs, inode, &call);
		if (size <= 0)
			return size;
		free(*ret_names);
		*ret_names = call.buffer = malloc((size_t)size);
		if (!call.buffer)
			return -ENOMEM;
		call.size = (size_t)size;
		size = on_real_object(fs, inode, &call);
	} while (size == -ERANGE);
	return size;
}

ssize_t ovl_listxattr(
	struct ovl_fs *fs, struct ovl_inode *inode, bool trusted, char *names, size_t size)
{
	_cleanup_free_ char *all = NULL;
	ssize_t stored = list_stored(fs, inode, &all);
	if (stored <= 0)
		return stored == -EOPNOTSUPP ? 0 : stored;
	size_t shown = filter_names(all, (size_t)stored, trusted, fs->no_acl);
	if (size == 0)
		return (ssize_t)shown;
	if (shown > size)
		return -ERANGE;
	memcpy(names, all, shown);
	return (ssize_t)shown;
}
