/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an overlay is made of: the layers, already opened, and the options that change how it
 * behaves. src/mount fills this from the command line; nothing in src/overlay ever sees a path.
 */
#ifndef OVERLAY_CONFIG_H
#define OVERLAY_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The kernel's OVL_MAX_STACK: lower layers that one overlay may have. */
#define OVL_MAX_LOWER 500

/* When data reach the disk; the kernel's fsync= and volatile (fs/overlayfs/params.c). */
enum ovl_sync {
	OVL_SYNC_AUTO,     /* a copied-up file's data before its name; fsync(2) is obeyed */
	OVL_SYNC_STRICT,   /* and the metadata of a copied-up file */
	OVL_SYNC_NONE,     /* fsync=0: never, and no marker is left */
	OVL_SYNC_VOLATILE, /* volatile: never, and work/incompat/volatile marks the upper */
};

/* verity=: are the data of metacopies compared with the digests in their marks; the kernel's
 * (fs/overlayfs/params.c). */
enum ovl_verity {
	OVL_VERITY_OFF,
	OVL_VERITY_ON,      /* where there is a digest */
	OVL_VERITY_REQUIRE, /* and there must be one */
};

/* A switch that may be left to the overlay's own judgement. */
enum ovl_switch { OVL_SWITCH_AUTO, OVL_SWITCH_OFF, OVL_SWITCH_ON };

/* redirect_dir= of kernel overlayfs: are redirects followed, and made. */
enum ovl_redirect {
	OVL_REDIRECT_AUTO,
	OVL_REDIRECT_ON,
	OVL_REDIRECT_FOLLOW,
	OVL_REDIRECT_NOFOLLOW,
	OVL_REDIRECT_OFF,
};

/* uuid= of kernel overlayfs: has the overlay a UUID of its own, which is kept in the upper (see
 * overlay/instance_uuid.h), and are those of the layers' file systems used? */
enum ovl_uuid_choice {
	OVL_UUID_NULL,
	OVL_UUID_ON,
	OVL_UUID_AUTO, /* on for a new upper, null for others */
	OVL_UUID_OFF,  /* none, and none of file systems in marks of origin */
};

/* Whose marks (opaque, origin, ...) the upper carries: see overlay/format.h. */
enum ovl_marks { OVL_MARKS_AUTO, OVL_MARKS_USER };

/* xattr_permissions=: are owner, mode and type kept in an xattr (see overlay/override_stat.h)? */
enum ovl_xattr_permissions {
	OVL_XATTR_PERMISSIONS_OFF = 0,
	OVL_XATTR_PERMISSIONS_PRIVILEGED = 1, /* security.fuseoverlayfs.override_stat */
	OVL_XATTR_PERMISSIONS_USER = 2,       /* user.containers.override_stat */
};

/* One triple of uidmapping= or gidmapping=: the COUNT ids from STORED in the layers are shown as
 * those from SHOWN. Both are ids of the daemon's own user namespace. Container engines write
 * CONTAINER:HOST:COUNT: layers hold a container's ids, and what is shown to the host as HOST is
 * CONTAINER again in the container's namespace. An idmapped mount has the same order. */
struct ovl_id_range {
	uint32_t stored;
	uint32_t shown;
	uint32_t count;
};

struct ovl_id_map {
	struct ovl_id_range *ranges; /* owned by whoever made the config; NULL = identity */
	size_t n_ranges;
};

/* squash_to_*: every stored owner is shown as this one, whatever the maps say. */
struct ovl_squash {
	bool uid_set, gid_set;
	uint32_t uid, gid;
};

struct ovl_config {
	const int *lower_fds; /* top first, O_PATH directories; borrowed: the overlay duplicates
				 them */
	size_t n_lower;       /* 1..OVL_MAX_LOWER, the data-only ones at the end included */
	size_t n_data;        /* how many of them are data-only (lower::data) */
	int upper_fd;         /* -1 = read-only overlay; borrowed */
	int work_fd;          /* -1 exactly when upper_fd is; on the same file system; borrowed */

	enum ovl_sync sync;
	enum ovl_marks marks;
	enum ovl_redirect redirect_dir;
	enum ovl_switch metacopy;
	enum ovl_verity verity;
	enum ovl_switch index;
	enum ovl_switch nfs_export;
	enum ovl_uuid_choice uuid;
	bool no_acl;          /* noacl: POSIX ACLs are neither enforced nor stored */
	bool no_ovl_whiteout; /* FUSE_OVERLAYFS_DISABLE_OVL_WHITEOUT: AUFS whiteouts in the upper */
	bool static_nlink;    /* st_nlink of directories is 1 */

	struct ovl_id_map uid_map, gid_map;
	struct ovl_squash squash;
	enum ovl_xattr_permissions xattr_permissions;
};

#endif
