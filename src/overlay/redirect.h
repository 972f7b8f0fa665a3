/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Redirects: where in the lower layers a directory's other parts are, once it has been renamed. The
 * redirect mark of a directory says under which name (NAME: in the same parent) or path (/A/B, from
 * the root of the overlay) the layers below are to be searched, so that renaming a directory is one
 * rename and one xattr (the kernel's redirect_dir=on; fs/overlayfs/namei.c, ovl_check_redirect(),
 * and dir.c, ovl_set_redirect()).
 *
 * A redirect is followed one component at a time from a layer's root, so it cannot leave the layer.
 * It can lead to a directory that its writer could not enter; so only marks of the prefix that we
 * write ourselves count: as root trusted.*, which nobody else can make.
 */
#ifndef OVERLAY_REDIRECT_H
#define OVERLAY_REDIRECT_H

#include "fs.h"

/* The longest redirect that is made (kernel: redirect_max). */
#define OVL_REDIRECT_MAX 256

/* Reads the redirect mark of a directory or a metacopy; one of the upper that its owner has closed
 * to himself is opened to him for that moment. Returns 0 with *ret_redirect owned by the caller, or
 * -errno: -ENODATA where there is none, -EINVAL for one that no overlay makes ("..",
 * "//", a relative path). */
int ovl_redirect_read(struct ovl_fs *fs, struct sys_at at, bool is_upper, char **ret_redirect);

/* Real directories of lower layers, topmost first. */
struct ovl_dir_stack {
	struct ovl_realdir **dirs; /* owned, a ref each */
	unsigned n, size;
};

/* Appends the directories to which the path ("/A/B", or "" for the root) leads in the layers below
 * layer, as far as they are merged with one another. Returns 0 or -errno, the stack to be cleared
 * in both cases. */
int ovl_redirect_search(
	struct ovl_fs *fs, unsigned layer, const char *path, struct ovl_dir_stack *stack);
void ovl_dir_stack_clear(struct ovl_fs *fs, struct ovl_dir_stack *stack);

enum ovl_probed { OVL_PROBED_NOTHING, OVL_PROBED_OBJECT, OVL_PROBED_WHITEOUT };

/* What a real directory of a lower layer has of a name, a whiteout of AUFS's or an object of any
 * type with *ret_stat (a device 0:0 is one); nothing of a name longer than any can be. Returns an
 * enum ovl_probed or -errno, -ELOOP for our own mount. */
int ovl_redirect_probe(
	struct ovl_fs *fs, struct ovl_realdir *parent, const char *name, struct stat *ret_stat);

/* The path by which lower layers know dir (leaf NULL), or what they call leaf in it. The rename
 * lock is held. Returns 0 with *ret_redirect within buffer, or -EXDEV where it is too long. */
int ovl_redirect_path(const struct ovl_dir *dir, const char *leaf,
	char buffer[OVL_REDIRECT_MAX + 1], const char **ret_redirect);

/*
 * Replaces dir->lowers below layer by what a redirect found in that layer leads to. dir's lock is
 * held for writing, its index is not there yet. Returns 1 where the redirects of those layers have
 * been obeyed as well (after an absolute one), 0 where they have not, or -errno; -EPERM where
 * redirects are not to be followed.
 */
int ovl_redirect_follow_locked(
	struct ovl_fs *fs, struct ovl_dir *dir, unsigned layer, const char *redirect);

/*
 * Makes sure that dir, which has lower parts and is in the upper, has a redirect that is good after
 * a rename, within its parent or (leaves_parent) to another one. dir's lock is held for writing,
 * and where it leaves its parent the rename lock. On disk afterwards: the redirect mark, harmless
 * if the rename does not follow. Returns 0 or -errno: -EXDEV where redirects are not made, or it
 * would be longer than OVL_REDIRECT_MAX.
 */
int ovl_redirect_make_locked(struct ovl_fs *fs, struct ovl_dir *dir, bool leaves_parent);

#endif
