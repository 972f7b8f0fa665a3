/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "origin.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "sys/handle.h"
#include "sys/xattrs.h"

/* struct ovl_fb (fs/overlayfs/overlayfs.h), byte by byte: it is packed. */
enum {
	FB_VERSION = 0,
	FB_MAGIC = 1,
	FB_LENGTH = 2,
	FB_FLAGS = 3,
	FB_TYPE = 4,
	FB_UUID = 5,
	FB_HANDLE = 21,
};

#define FB_MAGIC_VALUE     0xfb
#define FB_FLAG_BIG_ENDIAN 0x01
#define FB_FLAG_ANY_ENDIAN 0x02
#define FB_FLAG_PATH_UPPER 0x04
#define FB_FLAGS_KNOWN     0x07

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define FB_FLAG_OWN_ENDIAN FB_FLAG_BIG_ENDIAN
#else
#define FB_FLAG_OWN_ENDIAN 0
#endif

int ovl_handle_encode(struct ovl_fs *fs, struct sys_at at, const struct ovl_layer *layer,
	uint8_t bytes[OVL_FB_MAX])
{
	struct sys_handle handle;
	int r = sys_handle_get(at, &handle);

	if (r < 0)
		return r == -EPERM ? -EOPNOTSUPP : r; /* a sandbox may forbid the call */
	/* Handle types are one byte in the mark; 0xff is the kernel's FILEID_INVALID. */
	if (handle.type <= 0 || handle.type >= 0xff)
		return -EOPNOTSUPP;
	memset(bytes, 0, FB_HANDLE);
	bytes[FB_MAGIC] = FB_MAGIC_VALUE;
	bytes[FB_LENGTH] = (uint8_t)(FB_HANDLE + handle.size);
	bytes[FB_FLAGS] = FB_FLAG_OWN_ENDIAN;
	if (layer->index == OVL_UPPER)
		bytes[FB_FLAGS] |= FB_FLAG_PATH_UPPER;
	bytes[FB_TYPE] = (uint8_t)handle.type;
	if (fs->uuids[layer->index].known)
		memcpy(bytes + FB_UUID, fs->uuids[layer->index].bytes, 16);
	memcpy(bytes + FB_HANDLE, handle.bytes, handle.size);
	return (int)(FB_HANDLE + handle.size);
}

ssize_t ovl_origin_encode(struct ovl_fs *fs, struct sys_at lower, const struct ovl_layer *layer,
	uint8_t bytes[OVL_FB_MAX])
{
	int size = ovl_handle_encode(fs, lower, layer, bytes);
	return size == -EOPNOTSUPP ? 0 : size;
}

int ovl_handle_check(const uint8_t *bytes, size_t size)
{
	if (size < FB_HANDLE || size < bytes[FB_LENGTH] || bytes[FB_MAGIC] != FB_MAGIC_VALUE)
		return -EINVAL;
	if (bytes[FB_VERSION] != 0 || (bytes[FB_FLAGS] & ~FB_FLAGS_KNOWN))
		return -ENODATA;
	bool fits = (bytes[FB_FLAGS] & FB_FLAG_ANY_ENDIAN) ||
		    (bytes[FB_FLAGS] & FB_FLAG_BIG_ENDIAN) == FB_FLAG_OWN_ENDIAN;
	return fits ? 0 : -ENODATA;
}

/* Is layer on the file system that a mark with this uuid means? */
static bool uuid_fits(struct ovl_fs *fs, unsigned layer, const uint8_t *uuid)
{
	static const uint8_t null_uuid[16];
	if (memcmp(uuid, null_uuid, 16) == 0 || !fs->uuids[layer].known)
		return true;
	return memcmp(uuid, fs->uuids[layer].bytes, 16) == 0;
}

/* Opens it on the file system of one layer. */
static int open_on_layer(
	struct ovl_fs *fs, unsigned layer, const uint8_t *bytes, const struct sys_handle *handle)
{
	struct ovl_real root = {fs->layers[layer].root, "", -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;

	if (!uuid_fits(fs, layer, bytes + FB_UUID))
		return -ESTALE;
	int r = ovl_real_hold(&fs->dirs, &root, &hold);
	if (r < 0)
		return r;
	_cleanup_close_ int mount = sys_open(sys_at(hold.at.dirfd, "."), O_RDONLY | O_DIRECTORY);
	return mount < 0 ? mount : sys_handle_open(mount, handle);
}

int ovl_handle_open(struct ovl_fs *fs, const uint8_t *bytes, size_t size)
{
	struct sys_handle handle;
	int r = -ESTALE;

	if (ovl_handle_check(bytes, size) < 0 || size <= FB_HANDLE || size > OVL_FB_MAX)
		return -ESTALE;
	handle.type = bytes[FB_TYPE];
	handle.size = (unsigned)(size - FB_HANDLE);
	memcpy(handle.bytes, bytes + FB_HANDLE, handle.size);
	for (unsigned layer = 1; r == -ESTALE && layer < fs->n_layers; layer++)
		r = open_on_layer(fs, layer, bytes, &handle);
	return r;
}

/* The file system on which the origin is: the hint's, or the first lower's that fits. */
static bool find_fsid(struct ovl_fs *fs, const uint8_t *uuid, unsigned hint, uint32_t *ret_fsid)
{
	unsigned layer = hint;
	if (hint == 0 || !uuid_fits(fs, hint, uuid)) {
		layer = 1;
		while (layer < fs->n_layers && !uuid_fits(fs, layer, uuid))
			layer++;
	}
	if (layer == fs->n_layers)
		return false;
	*ret_fsid = ovl_fsid(fs, fs->layers[layer].dev);
	return true;
}

bool ovl_origin_decode(
	struct ovl_fs *fs, const uint8_t *bytes, size_t size, unsigned hint, uint64_t *ret_ino)
{
	uint64_t ino;
	uint32_t fsid;

	if (ovl_handle_check(bytes, size) < 0 || size <= FB_HANDLE || bytes[FB_LENGTH] != size)
		return false;
	if (!sys_handle_inode(
		    bytes[FB_TYPE], bytes + FB_HANDLE, (unsigned)(size - FB_HANDLE), &ino))
		return false;
	if (!find_fsid(fs, bytes + FB_UUID, hint, &fsid))
		return false;
	*ret_ino = ovl_map_ino(fs, fsid, ino);
	return true;
}

bool ovl_origin_read(
	struct ovl_fs *fs, struct sys_at upper, bool is_dir, unsigned hint, uint64_t *ret_ino)
{
	uint8_t bytes[OVL_FB_MAX];
	const char *name = ovl_mark_name(fs->prefix, OVL_MARK_ORIGIN);
	ssize_t size = is_dir ? ovl_mark_get_upper(upper, name, bytes, sizeof(bytes))
			      : sys_getxattr(upper, name, bytes, sizeof(bytes));
	return size > 0 && ovl_origin_decode(fs, bytes, (size_t)size, hint, ret_ino);
}

/* -- impure ------------------------------------------------------------------------------------ */

/* For an owner without privileges whose directory forbids him to write: it is opened to him for a
 * moment. */
static int set_mark_against_mode(struct sys_at dir, const char *name)
{
	struct stat st;
	int r = sys_stat(dir, &st);
	if (r == 0)
		r = sys_chmod(dir, (st.st_mode & 07777) | S_IRWXU);
	if (r < 0)
		return r;
	r = sys_setxattr(dir, name, "y", 1, 0);
	int restored = sys_chmod(dir, st.st_mode & 07777);
	return r == 0 ? restored : r;
}

int ovl_mark_impure_locked(struct ovl_fs *fs, struct ovl_dir *dir)
{
	struct ovl_real self = {ovl_dir_upper(dir), "", -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;

	if (dir->impure || !fs->upper_has_xattrs)
		return 0;
	int r = ovl_real_hold(&fs->dirs, &self, &hold);
	if (r < 0)
		return r;
	const char *name = ovl_mark_name(fs->prefix, OVL_MARK_IMPURE);
	r = sys_setxattr(hold.at, name, "y", 1, 0);
	if (r == -EACCES) {
		ovl_inode_lend(fs, &dir->inode);
		r = set_mark_against_mode(hold.at, name);
	}
	/* Sticky directories of others refuse user.* marks: inode numbers in them then change at
	 * the next mount, nothing else. */
	if (r == -EPERM)
		r = 0;
	dir->impure |= r == 0;
	return r;
}
