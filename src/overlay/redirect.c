/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "redirect.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

#include "base/cleanup.h"
#include "origin.h"
#include "sys/xattrs.h"

/* -- reading ----------------------------------------------------------------------------------- */

static bool is_good_component(const char *name, size_t length)
{
	return length > 0 && !(length == 1 && name[0] == '.') &&
	       !(length == 2 && name[0] == '.' && name[1] == '.');
}

/* "NAME" or "/A/B". */
static bool is_good_redirect(const char *redirect)
{
	if (redirect[0] != '/')
		return !strchr(redirect, '/') && is_good_component(redirect, strlen(redirect));
	while (redirect[0] == '/') {
		size_t length = strcspn(redirect + 1, "/");
		if (!is_good_component(redirect + 1, length))
			return false;
		redirect += 1 + length;
	}
	return true;
}

int ovl_redirect_read(struct ovl_fs *fs, struct sys_at at, bool is_upper, char **ret_redirect)
{
	const char *name = ovl_mark_name(fs->prefix, OVL_MARK_REDIRECT);
	char value[PATH_MAX];
	ssize_t size = is_upper ? ovl_mark_get_upper(at, name, value, sizeof(value) - 1)
				: sys_getxattr(at, name, value, sizeof(value) - 1);
	if (size < 0)
		return size == -ERANGE ? -EINVAL : (int)size;
	value[size] = '\0';
	if (strlen(value) != (size_t)size || !is_good_redirect(value))
		return -EINVAL;
	*ret_redirect = strdup(value);
	return *ret_redirect ? 0 : -ENOMEM;
}

/* -- following --------------------------------------------------------------------------------- */

static int push(struct ovl_dir_stack *stack, struct ovl_realdir *dir)
{
	if (stack->n == stack->size) {
		unsigned size = stack->size ? 2 * stack->size : 8;
		struct ovl_realdir **dirs = realloc(stack->dirs, size * sizeof(*dirs));
		if (!dirs)
			return -ENOMEM;
		stack->dirs = dirs;
		stack->size = size;
	}
	stack->dirs[stack->n++] = dir;
	return 0;
}

void ovl_dir_stack_clear(struct ovl_fs *fs, struct ovl_dir_stack *stack)
{
	for (unsigned i = 0; i < stack->n; i++)
		ovl_realdir_unref(&fs->dirs, stack->dirs[i]);
	free(stack->dirs);
	*stack = (struct ovl_dir_stack){0};
}

int ovl_redirect_probe(
	struct ovl_fs *fs, struct ovl_realdir *parent, const char *name, struct stat *ret_stat)
{
	struct ovl_real real = {parent, name, -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	char whiteout[NAME_MAX + 1];
	struct stat st;
	uint64_t attributes;
	int r = ovl_real_hold(&fs->dirs, &real, &hold);

	if (r == 0)
		r = sys_statx(hold.at, AT_STATX_DONT_SYNC, ret_stat, &attributes);
	if (r == 0 && fs->own_device && ret_stat->st_dev == fs->own_device)
		return -ELOOP;
	if (r == 0)
		return OVL_PROBED_OBJECT;
	if (r == -ENAMETOOLONG) /* a redirect may say anything; no layer has that */
		return OVL_PROBED_NOTHING;
	if (r != -ENOENT)
		return r;
	if (snprintf(whiteout, sizeof(whiteout), OVL_AUFS_PREFIX "%s", name) > NAME_MAX)
		return OVL_PROBED_NOTHING;
	r = sys_stat(sys_at(hold.at.dirfd, whiteout), &st);
	return r == 0 ? OVL_PROBED_WHITEOUT : r == -ENOENT ? OVL_PROBED_NOTHING : r;
}

enum found { FOUND_NOTHING, FOUND_DIR, FOUND_END /* a whiteout or a file: nothing below counts */ };

/* What a layer has of a directory's name. Returns an enum found, or -errno. */
static int probe(struct ovl_fs *fs, struct ovl_realdir *parent, const char *name)
{
	struct stat st;
	int r = ovl_redirect_probe(fs, parent, name, &st);
	if (r == OVL_PROBED_OBJECT)
		return S_ISDIR(st.st_mode) ? FOUND_DIR : FOUND_END;
	return r == OVL_PROBED_WHITEOUT ? FOUND_END : r;
}

/* A new node for a directory that probe() has found. Takes over *dir, whose child it is. */
static int step_into(struct ovl_fs *fs, struct ovl_realdir **dir, const char *name)
{
	struct ovl_realdir *child = ovl_realdir_new(&fs->dirs, *dir, name);
	if (!child)
		return -ENOMEM;
	ovl_realdir_unref(&fs->dirs, *dir);
	*dir = child;
	return 0;
}

/* A directory on the way has a redirect of its own: the layers below are searched by another path.
 */
static int redirect_path(char **path, size_t start, size_t end, const char *redirect)
{
	char *replaced = NULL;
	int keep = redirect[0] == '/' ? 0 : (int)start + 1;
	if (asprintf(&replaced, "%.*s%s%s", keep, *path, redirect, *path + end) < 0)
		return -ENOMEM;
	free(*path);
	*path = replaced;
	return 0;
}

/* One layer's walk along an absolute path. */
struct walk {
	struct ovl_fs *fs;
	char *path;      /* owned: for this layer */
	char *next_path; /* owned: for the layers below */
	bool end;        /* nothing below counts */
};

/* The marks of a directory on the way: the component "/NAME", of length bytes, with rest bytes of
 * the path behind it. Places in next_path are counted from its end, for what is before may have
 * been replaced already. */
static int obey_marks(struct walk *walk, struct ovl_realdir *dir, size_t length, size_t rest)
{
	struct ovl_real self = {dir, "", -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	_cleanup_free_ char *redirect = NULL;
	struct ovl_dir_marks marks;
	int r = ovl_real_hold(&walk->fs->dirs, &self, &hold);

	if (r == 0)
		r = ovl_marks_read(hold.at, false, &marks);
	if (r < 0)
		return r;
	struct stat st;
	r = sys_stat(sys_at(hold.at.dirfd, OVL_AUFS_OPAQUE), &st);
	if (r < 0 && r != -ENOENT)
		return r;
	walk->end |= marks.opaque || r == 0;
	if (!marks.redirect)
		return 0;
	r = ovl_redirect_read(walk->fs, hold.at, false, &redirect);
	if (r == -ENODATA) /* of the other prefix: not ours to follow */
		return 0;
	size_t end = strlen(walk->next_path) - rest;
	return r < 0 ? r : redirect_path(&walk->next_path, end - length, end, redirect);
}

/* Walks the path in one layer. Returns an enum found with a ref in *ret_dir, or -errno. */
static int walk_layer(struct walk *walk, struct ovl_layer *layer, struct ovl_realdir **ret_dir)
{
	struct ovl_fs *fs = walk->fs;
	struct ovl_realdir *dir = ovl_realdir_ref(&fs->dirs, layer->root);
	int r = FOUND_DIR;

	for (size_t at = 0; r == FOUND_DIR && walk->path[at];) {
		char name[NAME_MAX + 1];
		size_t length = strcspn(walk->path + at + 1, "/");
		size_t end = at + 1 + length;
		if (length > NAME_MAX) {
			r = FOUND_NOTHING;
			break;
		}
		memcpy(name, walk->path + at + 1, length);
		name[length] = '\0';
		r = probe(fs, dir, name);
		if (r == FOUND_DIR) {
			int stepped = step_into(fs, &dir, name);
			if (stepped == 0)
				stepped = obey_marks(walk, dir, end - at, strlen(walk->path + end));
			r = stepped < 0 ? stepped : r;
		}
		at = end;
	}
	if (r == FOUND_DIR)
		*ret_dir = dir;
	else
		ovl_realdir_unref(&fs->dirs, dir);
	return r;
}

int ovl_redirect_search(
	struct ovl_fs *fs, unsigned layer, const char *path, struct ovl_dir_stack *stack)
{
	struct walk walk = {.fs = fs, .path = strdup(path), .next_path = strdup(path)};
	int r = walk.path && walk.next_path ? 0 : -ENOMEM;

	for (unsigned i = layer + 1; r == 0 && i < fs->n_layers && !walk.end; i++) {
		struct ovl_realdir *dir;
		r = walk_layer(&walk, &fs->layers[i], &dir);
		walk.end |= r == FOUND_END;
		if (r == FOUND_DIR && push(stack, dir) < 0) {
			ovl_realdir_unref(&fs->dirs, dir);
			r = -ENOMEM;
		}
		if (r < 0)
			break;
		r = 0;
		if (strcmp(walk.path, walk.next_path) != 0) {
			free(walk.path);
			walk.path = strdup(walk.next_path);
			r = walk.path ? 0 : -ENOMEM;
		}
	}
	free(walk.path);
	free(walk.next_path);
	return r;
}

static int follow_relative(struct ovl_fs *fs, const struct ovl_dir *parent, unsigned layer,
	const char *name, struct ovl_dir_stack *stack)
{
	for (unsigned i = 0; i < parent->n_lowers; i++) {
		struct ovl_realdir *in = parent->lowers[i];
		if (in->layer->index <= layer)
			continue;
		int r = probe(fs, in, name);
		if (r < 0 || r == FOUND_END)
			return r < 0 ? r : 0;
		if (r == FOUND_NOTHING)
			continue;
		struct ovl_realdir *dir = ovl_realdir_new(&fs->dirs, in, name);
		if (!dir || push(stack, dir) < 0) {
			ovl_realdir_unref(&fs->dirs, dir);
			return -ENOMEM;
		}
	}
	return 0;
}

/* Puts what was found behind those of dir->lowers that are above or in layer. */
static int replace_lowers(
	struct ovl_fs *fs, struct ovl_dir *dir, unsigned layer, struct ovl_dir_stack *stack)
{
	unsigned kept = 0;
	while (kept < dir->n_lowers && dir->lowers[kept]->layer->index <= layer)
		kept++;
	struct ovl_realdir **lowers = calloc(kept + stack->n + 1, sizeof(struct ovl_realdir *));
	if (!lowers)
		return -ENOMEM;
	for (unsigned i = 0; i < kept; i++)
		lowers[i] = dir->lowers[i];
	for (unsigned i = kept; i < dir->n_lowers; i++)
		ovl_realdir_unref(&fs->dirs, dir->lowers[i]);
	for (unsigned i = 0; i < stack->n; i++)
		lowers[kept + i] = stack->dirs[i];
	free(dir->lowers);
	dir->lowers = lowers;
	dir->n_lowers = kept + stack->n;
	stack->n = 0; /* the refs are dir's */
	return 0;
}

int ovl_redirect_follow_locked(
	struct ovl_fs *fs, struct ovl_dir *dir, unsigned layer, const char *redirect)
{
	struct ovl_dir_stack stack = {0};
	int r;

	if (!fs->follows_redirects)
		return -EPERM;
	if (redirect[0] == '/')
		r = ovl_redirect_search(fs, layer, redirect, &stack);
	else
		r = follow_relative(
			fs, (const struct ovl_dir *)dir->inode.parent, layer, redirect, &stack);
	if (r == 0)
		r = replace_lowers(fs, dir, layer, &stack);
	ovl_dir_stack_clear(fs, &stack);
	return r < 0 ? r : redirect[0] == '/';
}

/* -- making ------------------------------------------------------------------------------------ */

/* Puts "/NAME" in front of path, which ends at the end of its buffer. Returns the new start. */
static int prepend(char *buffer, size_t *start, const char *text, bool slash)
{
	size_t length = strlen(text);
	if (*start < length + slash)
		return -EXDEV;
	*start -= length;
	memcpy(buffer + *start, text, length);
	if (slash)
		buffer[--*start] = '/';
	return 0;
}

/* Each directory's redirect, or its name, up to the root or to one that has an absolute redirect.
 */
int ovl_redirect_path(const struct ovl_dir *dir, const char *leaf,
	char buffer[OVL_REDIRECT_MAX + 1], const char **ret_redirect)
{
	size_t start = OVL_REDIRECT_MAX;
	buffer[start] = '\0';
	if (leaf && prepend(buffer, &start, leaf, true) < 0)
		return -EXDEV;
	while (dir->inode.parent) {
		bool absolute = dir->redirect && dir->redirect[0] == '/';
		const char *name = dir->redirect ? dir->redirect : dir->inode.entry->name;
		int r = prepend(buffer, &start, name, !absolute);
		if (r < 0)
			return r;
		if (absolute)
			break;
		dir = (const struct ovl_dir *)dir->inode.parent;
	}
	*ret_redirect = buffer + start;
	return 0;
}

/* A directory that was not copied up, but made with the name of a lower one, has no origin mark;
 * its inode number is the lower's all the same, and from now on only the mark says which. */
static int keep_origin(struct ovl_fs *fs, const struct ovl_dir *dir, struct sys_at upper)
{
	uint8_t bytes[OVL_FB_MAX];
	struct ovl_real real = {dir->lowers[0], "", -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;

	int r = ovl_real_hold(&fs->dirs, &real, &hold);
	if (r < 0)
		return r;
	ssize_t size = ovl_origin_encode(fs, hold.at, real.dir->layer, bytes);
	if (size < 0)
		return (int)size;
	r = sys_setxattr(upper, ovl_mark_name(fs->prefix, OVL_MARK_ORIGIN), bytes, (size_t)size,
		XATTR_CREATE);
	return r == -EEXIST ? 0 : r;
}

int ovl_redirect_make_locked(struct ovl_fs *fs, struct ovl_dir *dir, bool leaves_parent)
{
	char buffer[OVL_REDIRECT_MAX + 1];
	const char *redirect = dir->inode.entry->name;

	if (!fs->makes_redirects)
		return -EXDEV;
	if (dir->redirect && (!leaves_parent || dir->redirect[0] == '/'))
		return 0;
	int r = leaves_parent ? ovl_redirect_path(dir, NULL, buffer, &redirect) : 0;
	if (r < 0)
		return r;
	_cleanup_free_ char *kept = strdup(redirect);
	if (!kept)
		return -ENOMEM;
	struct ovl_real self = {ovl_dir_upper(dir), "", -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	r = ovl_real_hold(&fs->dirs, &self, &hold);
	if (r == 0)
		r = keep_origin(fs, dir, hold.at);
	if (r == 0)
		r = sys_setxattr(hold.at, ovl_mark_name(fs->prefix, OVL_MARK_REDIRECT), redirect,
			strlen(redirect), 0);
	if (r < 0) /* as the kernel: whoever renames can still copy */
		return r == -EPERM || r == -EOPNOTSUPP || r == -ENOSPC || r == -EDQUOT ? -EXDEV : r;
	free(dir->redirect);
	dir->redirect = steal_pointer(&kept);
	return 0;
}
