/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The link index when the overlay is mounted: does it belong to these layers, and is what is in it
 * still good? Two calls for each of its entries: a stat, and the origin mark, which must say what
 * the name says.
 */
#include <dirent.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "link_index.h"
#include "origin.h"
#include "sys/handle.h"
#include "sys/listing.h"
#include "sys/xattrs.h"
#include "work.h"

#define INDEX "index"

/* -- can there be one? ------------------------------------------------------------------------- */

/* The file handle of a layer's root; its size or -errno. */
static int encode_root(struct ovl_fs *fs, unsigned layer, uint8_t handle[OVL_FB_MAX])
{
	struct ovl_real root = {fs->layers[layer].root, "", -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	int r = ovl_real_hold(&fs->dirs, &root, &hold);
	return r < 0 ? r : ovl_handle_encode(fs, hold.at, &fs->layers[layer], handle);
}

/* btrfs shows each subvolume as a device; its handles tell them apart. */
static bool is_subvolume(struct ovl_fs *fs, unsigned layer)
{
	struct ovl_real root = {fs->layers[layer].root, "", -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	struct sys_handle handle;

	return ovl_real_hold(&fs->dirs, &root, &hold) == 0 &&
	       sys_handle_get(hold.at, &handle) == 0 && sys_handle_has_subvolume(handle.type);
}

/* File handles of two lower file systems differ for certain only in the UUID. Copies of one image
 * have the same, some file systems have none: then two files could be taken for one. Kernel:
 * super.c, ovl_lower_uuid_ok(). */
static bool are_told_apart(struct ovl_fs *fs, unsigned a, unsigned b)
{
	const struct ovl_uuid *uuid_a = &fs->uuids[a], *uuid_b = &fs->uuids[b];

	/* One that is not known is written as zeros, which some file systems really have. */
	if (fs->layers[a].dev == fs->layers[b].dev ||
		memcmp(uuid_a->bytes, uuid_b->bytes, sizeof(uuid_a->bytes)) != 0)
		return true;
	return uuid_a->known && is_subvolume(fs, a) && is_subvolume(fs, b);
}

static bool are_all_told_apart(struct ovl_fs *fs)
{
	for (unsigned a = 1; a < fs->n_layers; a++)
		for (unsigned b = a + 1; b < fs->n_layers; b++)
			if (!are_told_apart(fs, a, b))
				return false;
	return true;
}

/* Returns 1, 0 where the layers lack something, which is told, or -errno. */
static int is_possible(struct ovl_fs *fs)
{
	uint8_t handle[OVL_FB_MAX];
	ovl_link_name name;

	if (!fs->upper_has_xattrs) {
		log_line("index: upperdir's file system cannot hold %s: falling back to index=off",
			ovl_mark_name(fs->prefix, OVL_MARK_ORIGIN));
		return 0;
	}
	for (unsigned layer = 0; layer < fs->n_layers; layer++) {
		int r = encode_root(fs, layer, handle);
		if (r > 0)
			r = ovl_link_index_format(handle, (size_t)r, name);
		if (r == -EOPNOTSUPP) {
			log_line("index: the file system of %s has no file handles: falling back "
				 "to index=off",
				layer == OVL_UPPER ? "upperdir" : "a lowerdir");
			return 0;
		}
		if (r < 0)
			return r;
	}
	if (!are_all_told_apart(fs)) {
		log_line("index: two file systems of lowerdir have the same UUID, or none: falling "
			 "back to index=off");
		return 0;
	}
	return 1;
}

/* -- does it belong to these layers? ----------------------------------------------------------- */

/* Compares a mark with the handle that it should hold, and sets it where it is missing. Kernel:
 * ovl_verify_set_fh(). */
static int verify_or_set(struct ovl_fs *fs, struct sys_at at, enum ovl_mark_kind mark,
	const uint8_t *handle, size_t size)
{
	uint8_t found[OVL_FB_MAX];
	const char *name = ovl_mark_name(fs->prefix, mark);
	ssize_t r = sys_getxattr(at, name, found, sizeof(found));

	/* An empty one, or one of another version, says nothing. */
	bool says_nothing = r == -ENODATA || r == 0 ||
			    (r > 0 && ovl_handle_check(found, (size_t)r) == -ENODATA);
	if (says_nothing)
		return sys_setxattr(at, name, handle, size, 0);
	if (r < 0 && r != -ERANGE)
		return (int)r;
	return (size_t)r == size && memcmp(found, handle, size) == 0 ? 0 : -ESTALE;
}

static int verify_upper_root(struct ovl_fs *fs)
{
	uint8_t handle[OVL_FB_MAX];
	struct ovl_real root = {fs->layers[OVL_UPPER].root, "", -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	int size = encode_root(fs, 1, handle);
	int r = size < 0 ? size : ovl_real_hold(&fs->dirs, &root, &hold);
	return r < 0 ? r : verify_or_set(fs, hold.at, OVL_MARK_ORIGIN, handle, (size_t)size);
}

static int verify_link_index(struct ovl_fs *fs)
{
	uint8_t handle[OVL_FB_MAX];
	int size = encode_root(fs, OVL_UPPER, handle);
	return size < 0 ? size
			: verify_or_set(fs, sys_at_fd(fs->link_index_fd), OVL_MARK_UPPER, handle,
				  (size_t)size);
}

/* -- is what is in it still good? -------------------------------------------------------------- */

enum verdict { KEEP, REMOVE };

/* A copy that the upper has no name of: is there a lower name that shows it? Returns a verdict or
 * -errno. */
static int judge_lonely(struct ovl_fs *fs, struct sys_at at, const uint8_t *handle, size_t size)
{
	struct stat lower = {0};
	char from;
	int more;
	_cleanup_close_ int fd = ovl_handle_open(fs, handle, size);

	if (fd == -ESTALE)
		return REMOVE;
	if (fd >= 0 && sys_stat(sys_at_fd(fd), &lower) == 0 && lower.st_nlink == 1)
		return REMOVE;
	int r = ovl_links_read_mark(fs, at, &from, &more);
	if (r <= 0)
		return r < 0 ? r : REMOVE;
	if (from == 'L' && lower.st_nlink == 0) /* an ordinary user may not ask */
		return KEEP;
	return more + (from == 'L' ? (int)lower.st_nlink : 1) > 0 ? KEEP : REMOVE;
}

/* Kernel: ovl_verify_index(). */
static int judge(struct ovl_fs *fs, const char *name)
{
	uint8_t handle[OVL_FB_MAX], origin[OVL_FB_MAX];
	struct sys_at at = sys_at(fs->link_index_fd, name);
	struct stat st;
	int size = ovl_link_index_parse(name, handle);
	int r = size < 0 ? size : ovl_handle_check(handle, (size_t)size);

	if (r == 0)
		r = sys_stat(at, &st);
	if (r < 0)
		return r;
	/* Directories and whiteouts are there for nfs_export. */
	if (S_ISDIR(st.st_mode) || ovl_is_whiteout_device(st.st_mode, st.st_rdev))
		return KEEP;
	ssize_t length = ovl_mark_get_upper(
		at, ovl_mark_name(fs->prefix, OVL_MARK_ORIGIN), origin, sizeof(origin));
	if (length < 0 && length != -ERANGE)
		return (int)length;
	if (length != size || memcmp(origin, handle, (size_t)size) != 0)
		return REMOVE;
	return st.st_nlink > 1 ? KEEP : judge_lonely(fs, at, handle, (size_t)size);
}

static int clean_entry(void *data, const struct sys_dirent *d)
{
	struct ovl_fs *fs = data;
	struct sys_at at = sys_at(fs->link_index_fd, d->name);

	if (d->name[0] == '#') /* the kernel uses it as its work/ too */
		return ovl_work_remove_tree(at);
	int r = judge(fs, d->name);
	if (r == REMOVE)
		r = sys_unlink(at);
	return r;
}

/* -- the whole --------------------------------------------------------------------------------- */

static int open_directory(struct ovl_fs *fs, int workdir_fd)
{
	struct sys_at at = sys_at(workdir_fd, INDEX);
	bool may_all = sys_has_capability(CAP_DAC_OVERRIDE);
	struct stat st;

	sys_spare_owner_bits();
	int r = sys_mkdir(at, may_all ? 0 : 0700);
	if (r < 0 && r != -EEXIST)
		return r;
	fs->link_index_fd = sys_open_dir(at);
	if (fs->link_index_fd < 0)
		return fs->link_index_fd;
	r = sys_stat(sys_at_fd(fs->link_index_fd), &st);
	if (r == 0 && !may_all && (st.st_mode & 0700) != 0700)
		r = sys_chmod(sys_at_fd(fs->link_index_fd), 0700);
	return r;
}

/* The directory that INDEXED inodes are in. */
static int new_directory(struct ovl_fs *fs, struct ovl_dir **ret_dir)
{
	struct ovl_inode *inode = ovl_inode_new(fs, DT_DIR, NULL, NULL);
	int fd = inode ? sys_dup(fs->link_index_fd) : -ENOMEM;
	struct ovl_realdir *real = fd < 0 ? NULL : ovl_realdir_new_root(&fs->layers[OVL_UPPER], fd);
	if (!real) {
		ovl_inode_unref(fs, inode);
		return fd < 0 ? fd : -ENOMEM;
	}
	ovl_dir_of(inode)->upper = real;
	*ret_dir = ovl_dir_of(inode);
	return 0;
}

static int prepare(struct ovl_fs *fs, int workdir_fd, const char **ret_what)
{
	*ret_what = "upperdir was made over another lowerdir (its root's origin mark says so): "
		    "mount it over that one, or with index=off";
	int r = verify_upper_root(fs);
	if (r < 0)
		return r;
	*ret_what = "workdir/index cannot be made";
	r = open_directory(fs, workdir_fd);
	if (r < 0)
		return r;
	*ret_what = "workdir/index belongs to another upperdir: remove it, or mount with index=off";
	r = verify_link_index(fs);
	if (r < 0)
		return r;
	*ret_what = "out of memory or descriptors";
	r = new_directory(fs, &fs->link_index);
	if (r < 0)
		return r;
	*ret_what = "workdir/index holds what is no entry of an index, or cannot be read: remove "
		    "it, or mount with index=off";
	return sys_list(fs->link_index_fd, clean_entry, fs);
}

int ovl_link_index_prepare(struct ovl_fs *fs, int workdir_fd, const char **ret_what)
{
	*ret_what = "a layer cannot be read";
	int r = is_possible(fs);
	return r <= 0 ? r : prepare(fs, workdir_fd, ret_what);
}
