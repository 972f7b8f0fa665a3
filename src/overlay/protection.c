/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protection.h"

#include <errno.h>
#include <fcntl.h>

#include "sys/object.h"

/* The kernel's OVL_PROTATTR_MAX; a longer value means nothing to it. */
#define MAX_VALUE_SIZE 32

static unsigned of_attributes(uint64_t attributes)
{
	return (attributes & STATX_ATTR_APPEND ? OVL_APPEND_ONLY : 0) |
	       (attributes & STATX_ATTR_IMMUTABLE ? OVL_IMMUTABLE : 0);
}

uint8_t ovl_protection_seen(uint64_t attributes, bool is_upper)
{
	return of_attributes(attributes) | OVL_PROTECTION_FLAGS_KNOWN |
	       (is_upper ? 0 : OVL_PROTECTION_KNOWN);
}

/* What the mark of an object in the upper says. As in the kernel, one that means nothing, or that
 * the file system cannot have, or that an ordinary user may not read, is none: he may still remove
 * others' files from his directory. */
static int read_mark(const struct ovl_fs *fs, struct sys_at at)
{
	const char *name = ovl_mark_name(fs->prefix, OVL_MARK_PROTATTR);
	char value[MAX_VALUE_SIZE];
	ssize_t size = ovl_mark_get_upper(at, name, value, sizeof(value));

	if (size == -ENODATA || size == -EOPNOTSUPP || size == -ERANGE || size == -EACCES)
		return 0;
	if (size < 0)
		return (int)size;
	int protection = ovl_protattr_parse(value, (size_t)size);
	return protection < 0 ? 0 : protection;
}

/* known: what is known of it, if anything. */
static int read_real(struct ovl_fs *fs, const struct ovl_real *real, int known)
{
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	bool is_upper = !real->dir || real->dir->layer->index == OVL_UPPER;
	uint64_t attributes;
	struct stat st;
	int r = ovl_real_hold(&fs->dirs, real, &hold);

	if (r == 0 && !(known & OVL_PROTECTION_FLAGS_KNOWN)) {
		r = sys_statx(hold.at, AT_STATX_DONT_SYNC, &st, &attributes);
		known = r < 0 ? 0 : (int)of_attributes(attributes);
	}
	if (r == 0 && is_upper && fs->upper_has_xattrs)
		r = read_mark(fs, hold.at);
	return r < 0 ? r : (known & OVL_PROTECTED) | r;
}

static uint8_t get(const struct ovl_inode *inode)
{
	return __atomic_load_n(&inode->protection, __ATOMIC_RELAXED);
}

/* What another thread has changed meanwhile stays. */
static int learn(struct ovl_fs *fs, struct ovl_inode *inode)
{
	ovl_inode_lock_pair(fs, inode, NULL);
	struct ovl_real real = ovl_inode_real(inode);
	uint8_t known = get(inode);
	int r = read_real(fs, &real, known);
	if (r >= 0)
		__atomic_compare_exchange_n(&inode->protection, &known,
			(uint8_t)r | OVL_PROTECTION_KNOWN, false, __ATOMIC_RELAXED,
			__ATOMIC_RELAXED);
	ovl_inode_unlock_pair(fs, inode, NULL);
	return r;
}

int ovl_protection(struct ovl_fs *fs, struct ovl_inode *inode)
{
	int known = get(inode);
	return known & OVL_PROTECTION_KNOWN ? known & OVL_PROTECTED : learn(fs, inode);
}

int ovl_protection_check(struct ovl_fs *fs, struct ovl_inode *inode, int refused)
{
	int r = ovl_protection(fs, inode);
	return r < 0 ? r : r & refused ? -EPERM : 0;
}

int ovl_protection_check_real(struct ovl_fs *fs, const struct ovl_real *real, int refused)
{
	int r = read_real(fs, real, 0);
	return r < 0 ? r : r & refused ? -EPERM : 0;
}

void ovl_protection_changed(struct ovl_inode *inode, int protection)
{
	uint8_t known = protection < 0 ? 0 : (uint8_t)protection | OVL_PROTECTION_KNOWN;
	__atomic_store_n(&inode->protection, known, __ATOMIC_RELAXED);
}

int ovl_protection_mark(const struct ovl_fs *fs, struct sys_at at, unsigned protection)
{
	const char *name = ovl_mark_name(fs->prefix, OVL_MARK_PROTATTR);
	char value[OVL_PROTATTR_SIZE];
	size_t size = ovl_protattr_format(protection, value);
	int r;

	if (!fs->upper_has_xattrs)
		return size ? -EPERM : 0;
	r = size ? ovl_mark_set_upper(at, name, value, size) : ovl_mark_remove_upper(at, name);
	if (r == -EOPNOTSUPP)
		return size ? -EPERM : 0;
	return r == -ENODATA ? 0 : r;
}
