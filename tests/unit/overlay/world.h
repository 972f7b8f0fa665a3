/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An overlay on the layers in the working directory, without a mount: l1 (topmost), l2, ... are the
 * lower layers, u is the upper where it is there, w its workdir. Files are named by paths from the
 * root of the overlay, "" being the root.
 *
 * What a function is given or finds wrong fails the test; what a verb says is returned.
 */
#ifndef TESTS_UNIT_WORLD_H
#define TESTS_UNIT_WORLD_H

#include "support.h"

#include "fs.h"
#include "overlay/super.h"
#include "overlay/verbs.h"

#define WORLD_MAX_LOWER 8

struct world {
	struct ovl_fs *fs;
	struct ovl_config config;
	int fds[WORLD_MAX_LOWER];
	struct ovl_caller caller; /* the process itself */
};

#define WORLD_USER_MARKS 0x01  /* user.overlay. also where trusted.overlay. could be had */
#define WORLD_READ_ONLY  0x02  /* u is not used */
#define WORLD_AUFS       0x04  /* .wh. files for whiteouts */
#define WORLD_REDIRECT   0x08  /* redirect_dir=on; else off */
#define WORLD_INDEX      0x400 /* index=on; else off */
/* What the upper's file system is said not to have. */
#define WORLD_NO_WHITEOUT_RENAME 0x10
#define WORLD_NO_TMPFILE         0x20
#define WORLD_NO_XATTRS          0x40
#define WORLD_COLD               0x80  /* no descriptor is kept open */
#define WORLD_OVERRIDE_STAT      0x100 /* xattr_permissions=2 */
#define WORLD_XATTR_WHITEOUTS    0x800 /* whiteouts are marked files */

#define WORLD_METACOPY (0x200 | WORLD_REDIRECT) /* metacopy=on; else off */
#define WORLD_VERITY   0x1000                   /* verity=on; else off */
#define WORLD_REQUIRE  0x2000                   /* verity=require */

/* An overlay with flags. fsync=0 unless w->config.sync is set in between; see world_prepare(). */
void world_open(struct world *w, unsigned flags);
/* The same in two steps, for those who change w->config. */
void world_prepare(struct world *w, unsigned flags);
int world_start(struct world *w, unsigned flags);
/* Frees it; fails when an inode other than the root is still there. */
void world_close(struct world *w);
/* Close and open: what is in memory goes. */
void world_reopen(struct world *w, unsigned flags);

/* The inode at a path with a ref and no lookup; NULL where there is none. */
struct ovl_inode *world_find(struct world *w, const char *path);
/* The same, which must be there. */
struct ovl_inode *world_get(struct world *w, const char *path);
void world_put(struct world *w, struct ovl_inode *inode);
/* The directory of path, which must be there, and the last name. */
struct ovl_inode *world_parent(struct world *w, const char *path, const char **ret_name);

/* 1, 0 or -errno, as ovl_lookup(). */
int world_stat(struct world *w, const char *path, struct stat *ret_stat);
/* As support_kind(). */
char world_kind(struct world *w, const char *path);
/* As support_read(). */
const char *world_read(struct world *w, const char *path);
/* What a directory lists, sorted, with spaces between; static. */
const char *world_names(struct world *w, const char *path);

/* Verbs, on paths. */
int world_mkdir(struct world *w, const char *path, mode_t mode);
int world_mknod(struct world *w, const char *path, mode_t mode, dev_t device);
int world_symlink(struct world *w, const char *target, const char *path);
int world_link(struct world *w, const char *from, const char *to);
int world_unlink(struct world *w, const char *path);
int world_rmdir(struct world *w, const char *path);
int world_rename(struct world *w, const char *from, const char *to, unsigned flags);
ssize_t world_write(struct world *w, const char *path, const char *text, off_t offset);
int world_setattr(struct world *w, const char *path, const struct ovl_change *change);
int world_chmod(struct world *w, const char *path, mode_t mode);
int world_truncate(struct world *w, const char *path, off_t size);
int world_setxattr(struct world *w, const char *path, const char *name, const char *value);
int world_removexattr(struct world *w, const char *path, const char *name);

/*
 * All that users see, as text: names, types, modes, owners, sizes, contents, xattrs, link counts of
 * files, and whether a file's mtime is still SUPPORT_TIME. inodes: inode numbers as well. What
 * contradicts itself (d_ino, d_type, a listed file that is not there) shows as a line of its own.
 * To be freed.
 */
char *world_view(struct world *w, bool inodes);

/* Names in work/ that a reboot would have to clean: how many. The whiteout that is kept there to
 * make links of it is none. */
unsigned world_leftovers(void);

#endif
