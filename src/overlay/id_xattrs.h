/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Xattrs with owners inside their values: POSIX ACLs name users and groups, and file capabilities
 * (version 3) the user who is root where they count. Pure arithmetic on the values; layouts are
 * those of linux/posix_acl_xattr.h and linux/capability.h. What is not of that layout passes as it
 * is: the kernel has checked what users set, and what a layer holds is for the kernel to judge.
 */
#ifndef OVERLAY_ID_XATTRS_H
#define OVERLAY_ID_XATTRS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "ids.h"

#define OVL_ACL_ACCESS  "system.posix_acl_access"
#define OVL_ACL_DEFAULT "system.posix_acl_default"
#define OVL_CAPABILITY  "security.capability"

enum ovl_id_xattr {
	OVL_ID_XATTR_NONE, /* holds no ids */
	OVL_ID_XATTR_ACL,
	OVL_ID_XATTR_CAPABILITY,
};

/* Which kind name is. */
enum ovl_id_xattr ovl_id_xattr_kind(const char *name);

/*
 * An ACL from stored to shown ids, in place. Returns its size: entries of users and groups that
 * nobody here can be are left out, for the kernel takes no ACL that has one from FUSE
 * (posix_acl_from_xattr()). Nobody's rights change by that.
 */
size_t ovl_acl_show(const struct ovl_ids *ids, void *value, size_t size);

/* The reverse. -EINVAL where an entry's user or group is stored by no id (kernel:
 * posix_acl_valid()). */
int ovl_acl_store(const struct ovl_ids *ids, void *value, size_t size);

/* The mode bits (0777) that an access ACL stands for: owner, mask or else group, others. false
 * where it is none. */
bool ovl_acl_mode(const void *value, size_t size, mode_t *ret_mode);

/* Puts mode's bits into these three entries. */
void ovl_acl_set_mode(void *value, size_t size, mode_t mode);

#define OVL_CAPABILITY_SIZE 24 /* of the largest version */

/*
 * Capabilities from stored to shown ids, in place; value has OVL_CAPABILITY_SIZE bytes. Returns the
 * new size: those of another root than id 0 are version 3, of 0 version 2. -ENODATA where their
 * root is nobody here: they count for nobody. (The kernel's answer is EOVERFLOW, which as an answer
 * from FUSE would make the file impossible to execute.) Kernel: cap_inode_getsecurity().
 *
 * With squash_to_uid the root of the daemon's namespace is that user, and nobody else is shown.
 * But only squash_to_root can store any: who is shown as the owner of all could, from a user
 * namespace of his own, give a file the capabilities of the daemon's root.
 */
ssize_t ovl_capability_show(const struct ovl_ids *ids, void *value, size_t size);

/* The reverse. -EINVAL where no id is stored that is shown as their root (kernel:
 * cap_convert_nscap()). */
ssize_t ovl_capability_store(const struct ovl_ids *ids, void *value, size_t size);

#endif
