/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * struct ovl_fs, the overlay as a whole, and the order of its locks:
 *
 *   1 rename_lock                      renames of directories, between directories, and exchanges:
 *                                      one at a time, so that places in the tree stay meanwhile
 *   2 ovl_dir.lock                     an ancestor before its descendants; two that are not related
 *                                      by address, and only under rename_lock
 *   3 stripes (inodes that are files)  two only by ovl_inode_lock_pair()
 *   4 link_index_lock; ovl_readahead.lock, which nobody waits for
 *   5 ovl_realdir_cache.tree_lock
 *   6 inodes.lock, files.lock, ovl_realdir_cache.lock, devices_lock: innermost, none inside another
 *
 * None is held while a request is answered, and no lock at all while data are copied up.
 */
#ifndef OVERLAY_FS_H
#define OVERLAY_FS_H

#include <stdatomic.h>

#include "file.h"
#include "format.h"
#include "ids.h"
#include "inode.h"
#include "layer/layer.h"
#include "overlay/config.h"

/* File systems that layers lie on (btrfs shows each subvolume as one). */
#define OVL_MAX_DEVICES 1024

/* Which metacopies are followed to their data. */
enum ovl_metacopy_use {
	OVL_METACOPY_REFUSED,
	OVL_METACOPY_DATA_ONLY, /* from the bottom layer to data-only layers */
	OVL_METACOPY_FOLLOWED,  /* all */
};

/* How a whiteout is written in the upper: see whiteout.h. */
enum ovl_whiteouts { OVL_WHITEOUTS_AUFS, OVL_WHITEOUTS_DEVICES, OVL_WHITEOUTS_XATTRS };

struct ovl_fs {
	/* Immutable after ovl_fs_new(). */
	struct ovl_layer *layers; /* owned; [0] is the upper, also where there is none */
	unsigned n_layers;        /* that are merged, with [0] */
	unsigned n_data_layers;   /* behind those in layers: reached by metacopies alone */
	bool has_upper;
	bool is_one_file_system;    /* all layers are on it (but for subvolumes in them) */
	int work_fd;                /* owned: workdir/work, where new objects are made aside */
	struct ovl_dir *link_index; /* a ref; NULL: index=off; outside the table of inodes */
	int link_index_fd;          /* owned: workdir/index, or -1 */
	enum ovl_sync sync;
	bool no_acl;
	bool static_nlink;
	enum ovl_prefix prefix; /* of the marks that we write */
	bool follows_redirects;
	bool makes_redirects;
	enum ovl_metacopy_use metacopy;
	bool makes_metacopies;
	enum ovl_verity verity;
	bool upper_has_xattrs; /* it can hold marks */
	enum ovl_whiteouts whiteouts;
	atomic_bool cannot_link_whiteouts; /* found out */
	bool upper_has_tmpfile;
	bool upper_has_whiteout_rename;
	uid_t euid; /* owner of what we create */
	gid_t egid;
	struct ovl_readahead *readahead; /* owned; NULL = nobody reads ahead */
	struct ovl_ids ids;              /* owned: how owners are shown */
	enum ovl_xattr_permissions xattr_permissions;
	struct ovl_trap {
		dev_t dev;
		ino_t ino;
	} traps[2]; /* the upper's root and the workdir; ino 0 = none */
#define OVL_N_TRAPS 2
	dev_t own_device; /* st_dev of our own mount; set once, before requests */

	atomic_bool was_changed;    /* or that was tried: the end has something to sync */
	atomic_bool *cannot_share;  /* owned; by layer: extents cannot be shared with the upper */
	atomic_bool told_of_verity; /* of the first data that it refused */
	atomic_uint temp_counter;   /* names in work/ */
	struct ovl_dir *root;       /* a ref */

	pthread_mutex_t rename_lock;
	pthread_mutex_t link_index_lock; /* that a lower file has a copy in the link index, and the
					  * inode that stands for the two */
	struct ovl_stripe stripes[OVL_N_STRIPES];
	struct ovl_inode_table inodes;
	struct ovl_realdir_cache dirs;
	struct ovl_file_cache files;

	pthread_mutex_t devices_lock;
	dev_t devices[OVL_MAX_DEVICES]; /* by fsid; devices_lock; 0 is the upper's, or layer 1's */
	uint32_t n_devices;
	struct ovl_uuid {
		bool known;
		uint8_t bytes[16];
	} * uuids; /* owned; by layer index; immutable */
};

/* The small number of the file system that a real object is on. */
uint32_t ovl_fsid(struct ovl_fs *fs, dev_t device);

/* The inode number that users see for a real one: itself where all layers are on one file system,
 * else with the file system in its upper bits (kernel: xino=on, fs/overlayfs/inode.c,
 * ovl_map_dev_ino()). Never 0. */
uint64_t ovl_map_ino(const struct ovl_fs *fs, uint32_t fsid, uint64_t real_ino);

/* A fresh name for an object in work/, as the kernel's ovl_tempname(). */
#define OVL_TEMP_NAME_SIZE sizeof("#ffffffff")
void ovl_temp_name(struct ovl_fs *fs, char name[OVL_TEMP_NAME_SIZE]);

#endif
