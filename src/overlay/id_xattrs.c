/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "id_xattrs.h"

#include <endian.h>
#include <errno.h>
#include <linux/capability.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <string.h>

enum ovl_id_xattr ovl_id_xattr_kind(const char *name)
{
	if (strcmp(name, OVL_ACL_ACCESS) == 0 || strcmp(name, OVL_ACL_DEFAULT) == 0)
		return OVL_ID_XATTR_ACL;
	return strcmp(name, OVL_CAPABILITY) == 0 ? OVL_ID_XATTR_CAPABILITY : OVL_ID_XATTR_NONE;
}

/* -- ACLs -------------------------------------------------------------------------------------- */

#define HEADER_SIZE sizeof(struct posix_acl_xattr_header)
#define ENTRY_SIZE  sizeof(struct posix_acl_xattr_entry)

/* How many entries an ACL has; 0 for what is none. */
static size_t n_entries(const void *value, size_t size)
{
	struct posix_acl_xattr_header header;

	if (size < HEADER_SIZE || (size - HEADER_SIZE) % ENTRY_SIZE != 0)
		return 0;
	memcpy(&header, value, sizeof(header));
	return le32toh(header.a_version) == POSIX_ACL_XATTR_VERSION
		       ? (size - HEADER_SIZE) / ENTRY_SIZE
		       : 0;
}

/* Values are not aligned: entries are copied out and back. */
static struct posix_acl_xattr_entry get_entry(const void *value, size_t i)
{
	struct posix_acl_xattr_entry entry;
	memcpy(&entry, (const char *)value + HEADER_SIZE + i * ENTRY_SIZE, sizeof(entry));
	return entry;
}

static void put_entry(void *value, size_t i, const struct posix_acl_xattr_entry *entry)
{
	memcpy((char *)value + HEADER_SIZE + i * ENTRY_SIZE, entry, sizeof(*entry));
}

/* The map of an entry's id; NULL for one that names nobody. */
static const struct ovl_id_map *map_of(const struct ovl_ids *ids, uint16_t tag)
{
	return tag == ACL_USER ? &ids->uids : tag == ACL_GROUP ? &ids->gids : NULL;
}

size_t ovl_acl_show(const struct ovl_ids *ids, void *value, size_t size)
{
	size_t n = n_entries(value, size);
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct posix_acl_xattr_entry entry = get_entry(value, i);
		const struct ovl_id_map *map = map_of(ids, le16toh(entry.e_tag));
		if (map) {
			uint32_t id = ovl_id_shown(map, le32toh(entry.e_id));
			if (id == OVL_NO_ID)
				continue;
			entry.e_id = htole32(id);
		}
		put_entry(value, kept++, &entry);
	}
	return size - (n - kept) * ENTRY_SIZE;
}

int ovl_acl_store(const struct ovl_ids *ids, void *value, size_t size)
{
	size_t n = n_entries(value, size);

	for (size_t i = 0; i < n; i++) {
		struct posix_acl_xattr_entry entry = get_entry(value, i);
		const struct ovl_id_map *map = map_of(ids, le16toh(entry.e_tag));
		if (!map)
			continue;
		uint32_t id = ovl_id_stored(map, le32toh(entry.e_id));
		if (id == OVL_NO_ID)
			return -EINVAL;
		entry.e_id = htole32(id);
		put_entry(value, i, &entry);
	}
	return 0;
}

static bool has_mask(const void *value, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (le16toh(get_entry(value, i).e_tag) == ACL_MASK)
			return true;
	return false;
}

/* How far the mode bits of an entry are shifted; -1 where it stands for none. */
static int mode_shift(uint16_t tag, bool masked)
{
	switch (tag) {
	case ACL_USER_OBJ:
		return 6;
	case ACL_GROUP_OBJ:
		return masked ? -1 : 3;
	case ACL_MASK:
		return 3;
	case ACL_OTHER:
		return 0;
	default:
		return -1;
	}
}

bool ovl_acl_mode(const void *value, size_t size, mode_t *ret_mode)
{
	size_t n = n_entries(value, size);
	bool masked = has_mask(value, n);
	mode_t mode = 0;

	for (size_t i = 0; i < n; i++) {
		struct posix_acl_xattr_entry entry = get_entry(value, i);
		int shift = mode_shift(le16toh(entry.e_tag), masked);
		if (shift >= 0)
			mode |= (mode_t)(le16toh(entry.e_perm) & 7) << shift;
	}
	if (n > 0)
		*ret_mode = mode;
	return n > 0;
}

void ovl_acl_set_mode(void *value, size_t size, mode_t mode)
{
	size_t n = n_entries(value, size);
	bool masked = has_mask(value, n);

	for (size_t i = 0; i < n; i++) {
		struct posix_acl_xattr_entry entry = get_entry(value, i);
		int shift = mode_shift(le16toh(entry.e_tag), masked);
		if (shift < 0)
			continue;
		entry.e_perm = htole16((uint16_t)(mode >> shift & 7));
		put_entry(value, i, &entry);
	}
}

/* -- capabilities ------------------------------------------------------------------------------ */

_Static_assert(sizeof(struct vfs_ns_cap_data) == OVL_CAPABILITY_SIZE, "the larger of the two");

/* Reads a value of version 2 (root is 0) or 3. false for any other. */
static bool parse(const void *value, size_t size, struct vfs_ns_cap_data *ret)
{
	struct vfs_ns_cap_data data = {0};

	if (size != XATTR_CAPS_SZ_2 && size != XATTR_CAPS_SZ_3)
		return false;
	memcpy(&data, value, size);
	uint32_t revision = le32toh(data.magic_etc) & VFS_CAP_REVISION_MASK;
	if (revision != (size == XATTR_CAPS_SZ_2 ? VFS_CAP_REVISION_2 : VFS_CAP_REVISION_3))
		return false;
	*ret = data;
	return true;
}

/* Writes it for this root, as the kernel would have it. */
static ssize_t format(struct vfs_ns_cap_data data, uint32_t root, void *value)
{
	uint32_t revision = root ? VFS_CAP_REVISION_3 : VFS_CAP_REVISION_2;
	uint32_t flags = le32toh(data.magic_etc) & ~(uint32_t)VFS_CAP_REVISION_MASK;
	size_t size = root ? XATTR_CAPS_SZ_3 : XATTR_CAPS_SZ_2;

	data.magic_etc = htole32(revision | flags);
	data.rootid = htole32(root);
	memcpy(value, &data, size);
	return (ssize_t)size;
}

ssize_t ovl_capability_show(const struct ovl_ids *ids, void *value, size_t size)
{
	struct vfs_ns_cap_data data;

	if (!parse(value, size, &data))
		return (ssize_t)size;
	uint32_t root = le32toh(data.rootid);
	if (ids->squash.uid_set)
		root = root == 0 ? ids->squash.uid : OVL_NO_ID;
	else
		root = ovl_id_shown(&ids->uids, root);
	return root == OVL_NO_ID ? -ENODATA : format(data, root, value);
}

ssize_t ovl_capability_store(const struct ovl_ids *ids, void *value, size_t size)
{
	struct vfs_ns_cap_data data;

	if (!parse(value, size, &data))
		return (ssize_t)size;
	uint32_t root = le32toh(data.rootid);
	if (ids->squash.uid_set)
		root = root == 0 && ids->squash.uid == 0 ? 0 : OVL_NO_ID;
	else
		root = ovl_id_stored(&ids->uids, root);
	return root == OVL_NO_ID ? -EINVAL : format(data, root, value);
}
