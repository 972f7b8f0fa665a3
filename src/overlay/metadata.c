/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "metadata.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "metacopy.h"
#include "override_stat.h"
#include "sys/xattrs.h"

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* Without these a copy would grant or hide something that the original does not. */
static bool must_be_kept(const char *name)
{
	return starts_with(name, "security.") || starts_with(name, "system.posix_acl_");
}

/* Nobody can set it on the copy: another label is given to it by the kernel. */
static bool is_label(const char *name)
{
	return strcmp(name, "security.selinux") == 0 || strcmp(name, "security.evm") == 0;
}

static bool is_wanted(const struct ovl_fs *fs, const char *name)
{
	char buffer[OVL_XATTR_NAME_SIZE];
	if (fs->no_acl && starts_with(name, "system.posix_acl_"))
		return false;
	return ovl_xattr_user_name(name, buffer) != NULL;
}

/* The value of an xattr, of any size. Returns its size with *ret_value owned by the caller. */
static ssize_t read_value(struct sys_at at, const char *name, void **ret_value)
{
	char first[512];
	ssize_t size = sys_getxattr(at, name, first, sizeof(first));
	if (size == -ERANGE)
		size = sys_getxattr(at, name, NULL, 0);
	if (size < 0)
		return size;
	void *value = malloc(size ? (size_t)size : 1);
	if (!value)
		return -ENOMEM;
	if ((size_t)size <= sizeof(first))
		memcpy(value, first, (size_t)size);
	else
		size = sys_getxattr(at, name, value, (size_t)size);
	if (size < 0)
		free(value);
	else
		*ret_value = value;
	return size;
}

static int copy_xattr(struct sys_at old, struct sys_at new_object, const char *name)
{
	_cleanup_free_ void *value = NULL;
	ssize_t size = read_value(old, name, &value);
	if (size == -ENODATA)
		return 0;
	if (size < 0)
		return (int)size;
	int r = sys_setxattr(new_object, name, value, (size_t)size, 0);
	if (r < 0 && is_label(name))
		return 0;
	/* An ordinary user's daemon cannot give trusted.*: users of the mount never saw it. */
	if ((r == -EOPNOTSUPP || (r == -EPERM && starts_with(name, "trusted."))) &&
		!must_be_kept(name))
		return 0;
	return r;
}

/* The names of all xattrs. Returns their size with *ret_names owned by the caller, NULL for 0. */
static ssize_t read_names(struct sys_at at, char **ret_names)
{
	char first[1024];
	ssize_t size = sys_listxattr(at, first, sizeof(first));
	if (size == 0 || size == -EOPNOTSUPP)
		return 0;
	bool fits = size != -ERANGE;
	if (!fits)
		size = sys_listxattr(at, NULL, 0);
	if (size < 0)
		return size;
	char *names = malloc((size_t)size + 1);
	if (!names)
		return -ENOMEM;
	if (fits)
		memcpy(names, first, (size_t)size);
	else
		size = sys_listxattr(at, names, (size_t)size);
	if (size < 0)
		free(names);
	else
		*ret_names = names;
	return size;
}

/* All xattrs but our marks. */
static int copy_xattrs(
	struct ovl_fs *fs, struct sys_at old, bool may_be_marked, struct sys_at new_object)
{
	_cleanup_free_ char *names = NULL;
	ssize_t size = read_names(old, &names);
	if (size <= 0)
		return (int)size;
	for (const char *name = names; name < names + size; name += strlen(name) + 1) {
		if (!may_be_marked && ovl_metacopy_is_mark(name))
			return -EPERM;
		if (!is_wanted(fs, name))
			continue;
		int r = copy_xattr(old, new_object, name);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Owner and mode as they are stored for old become new's, which stays the daemon's own. */
static int copy_override(struct ovl_fs *fs, struct sys_at old, const struct stat *st,
	struct sys_at new_object, bool may_be_marked)
{
	struct stat stored = *st;
	int r = ovl_override_read(fs, old, &stored);
	if (r == 0)
		r = copy_xattrs(
			fs, old, may_be_marked, new_object); /* an ACL changes the object's mode */
	return r == 0 ? ovl_override_make(fs, new_object, &stored) : r;
}

static int copy_owner_and_mode(struct ovl_fs *fs, struct sys_at old, const struct stat *st,
	struct sys_at new_object, mode_t has_mode, bool may_be_marked)
{
	int r = 0;

	if (st->st_uid != fs->euid || st->st_gid != fs->egid)
		r = sys_chown(new_object, st->st_uid, st->st_gid);
	if (r == -EINVAL) /* an id that our user namespace has no number for */
		r = -EOVERFLOW;
	if (r == 0)
		r = copy_xattrs(fs, old, may_be_marked, new_object);
	/* chown(2) takes nothing but set-id bits, and those has_mode never has. */
	if (r == 0 && !S_ISLNK(st->st_mode) && has_mode != (st->st_mode & 07777))
		r = sys_chmod(new_object, st->st_mode & 07777);
	return r;
}

int ovl_metadata_copy(struct ovl_fs *fs, struct sys_at old, const struct stat *st,
	struct sys_at new_object, mode_t has_mode, bool may_be_marked)
{
	struct timespec times[2] = {st->st_atim, st->st_mtim};
	int r;

	may_be_marked |= !S_ISREG(st->st_mode) || st->st_size == 0;
	if (ovl_override_is_on(fs))
		r = copy_override(fs, old, st, new_object, may_be_marked);
	else
		r = copy_owner_and_mode(fs, old, st, new_object, has_mode, may_be_marked);
	if (r == 0)
		r = sys_utimens(new_object, times);
	return r;
}
