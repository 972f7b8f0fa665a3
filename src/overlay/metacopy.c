/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A metacopy goes through three steps: it is met (learn) or made; its data are searched downwards,
 * layer by layer, where each metacopy that is met on the way may send the search elsewhere; and it
 * is completed (complete.c).
 */
#include "metacopy.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "redirect.h"
#include "sys/data.h"
#include "sys/xattrs.h"
#include "verity.h"

void ovl_metacopy_free(struct ovl_fs *fs, struct ovl_metacopy *metacopy)
{
	if (!metacopy)
		return;
	ovl_realdir_unref(&fs->dirs, metacopy->dir);
	free(metacopy->redirect);
	free(metacopy->name);
	free(metacopy);
}

/* -- marks ------------------------------------------------------------------------------------- */

/* As ovl_redirect_read(), with *ret_redirect as it was where there is none. */
static int read_redirect(struct ovl_fs *fs, struct sys_at at, bool is_upper, char **ret_redirect)
{
	int r = ovl_redirect_read(fs, at, is_upper, ret_redirect);
	return r == -ENODATA ? 0 : r;
}

/* -- recognising ------------------------------------------------------------------------------- */

/* The most blocks (of 512 bytes) that a file without data can have: one of 4 KiB for its xattrs. */
#define BLOCKS_OF_XATTRS 8

/* Does it look like one? Nearly all do that are; of others, files with holes, and small ones in a
 * directory with the impure mark, which a directory gets when a metacopy comes into it. */
static bool is_suspect(const struct stat *st, unsigned flags)
{
	bool has_holes = (off_t)st->st_blocks * 512 < st->st_size;
	return has_holes ||
	       ((flags & OVL_ENTRY_IMPURE) && st->st_size > 0 && st->st_blocks <= BLOCKS_OF_XATTRS);
}

/* Is a file of layer to be asked? Where there is nowhere to find data, only a suspect. */
static bool is_asked(const struct ovl_fs *fs, unsigned layer, const struct stat *st, unsigned flags)
{
	bool is_bottom = layer + 1 == fs->n_layers;
	bool can_have_data =
		is_bottom ? fs->n_data_layers > 0 : fs->metacopy == OVL_METACOPY_FOLLOWED;
	return can_have_data || is_suspect(st, flags);
}

/* Returns 1 for a metacopy, 0, or -errno: -EPERM for one of the other prefix, which we may not
 * follow and which would read as zeros. */
static int read_mark(const struct ovl_fs *fs, struct sys_at at, bool upper, const struct stat *st,
	unsigned flags)
{
	enum ovl_prefix other =
		fs->prefix == OVL_PREFIX_USER ? OVL_PREFIX_TRUSTED : OVL_PREFIX_USER;
	const char *name = ovl_mark_name(fs->prefix, OVL_MARK_METACOPY);
	ssize_t size =
		upper ? ovl_mark_get_upper(at, name, NULL, 0) : sys_getxattr(at, name, NULL, 0);

	if (size == -EACCES && fs->prefix == OVL_PREFIX_USER) /* as in the kernel */
		size = -ENODATA;
	if (size >= 0)
		return size == 0 || size >= OVL_METACOPY_MIN_SIZE ? 1 : -EIO;
	if (size != -ENODATA && size != -EOPNOTSUPP)
		return (int)size;
	name = ovl_mark_name(other, OVL_MARK_METACOPY);
	size = is_suspect(st, flags) ? sys_getxattr(at, name, NULL, 0) : -ENODATA;
	if (size >= 0)
		return -EPERM;
	bool is_none = size == -ENODATA || size == -EOPNOTSUPP || size == -EACCES || size == -EPERM;
	return is_none ? 0 : (int)size;
}

static bool is_zero(const char *buffer, size_t size)
{
	return buffer[0] == 0 && memcmp(buffer, buffer + 1, size - 1) == 0;
}

static bool has_mark(int fd, enum ovl_prefix prefix)
{
	return sys_getxattr(sys_at_fd(fd), ovl_mark_name(prefix, OVL_MARK_METACOPY), NULL, 0) >= 0;
}

int ovl_metacopy_check_read(int fd, const char *buffer, size_t size, off_t offset)
{
	if (size == 0 || offset + (off_t)size > BLOCKS_OF_XATTRS * 512 || !is_zero(buffer, size))
		return 0;
	return has_mark(fd, OVL_PREFIX_TRUSTED) || has_mark(fd, OVL_PREFIX_USER) ? -EPERM : 0;
}

int ovl_metacopy_check_copy(int fd, size_t size, off_t offset)
{
	char buffer[BLOCKS_OF_XATTRS * 512];
	if (offset >= (off_t)sizeof(buffer))
		return 0;
	if (size > sizeof(buffer) - (size_t)offset)
		size = sizeof(buffer) - (size_t)offset;
	ssize_t r = sys_pread(fd, buffer, size, offset);
	return r <= 0 ? (int)r : ovl_metacopy_check_read(fd, buffer, (size_t)r, offset);
}

bool ovl_metacopy_is_mark(const char *name)
{
	return strcmp(name, ovl_mark_name(OVL_PREFIX_TRUSTED, OVL_MARK_METACOPY)) == 0 ||
	       strcmp(name, ovl_mark_name(OVL_PREFIX_USER, OVL_MARK_METACOPY)) == 0;
}

/* -- searching the data ------------------------------------------------------------------------ */

struct search {
	struct ovl_fs *fs;
	unsigned layer;            /* of the last metacopy that was met: data are further below */
	struct ovl_realdir **dirs; /* where to look, topmost first; borrowed, from stack or not */
	unsigned n;
	struct ovl_dir_stack stack; /* owned: to where an absolute redirect has led */
	char *name;                 /* owned: what to look for there */
	char *path;                 /* owned: that redirect, or NULL after a relative one */
};

static void search_clear(struct search *search)
{
	ovl_dir_stack_clear(search->fs, &search->stack);
	free(search->name);
	free(search->path);
}

#define _cleanup_search_ __attribute__((cleanup(search_clear)))

/* An absolute redirect: other directories are searched. */
static int change_dirs(struct search *search, const char *redirect, size_t length)
{
	_cleanup_free_ char *parent = strndup(redirect, length);
	struct ovl_dir_stack stack = {0};
	if (!parent)
		return -ENOMEM;
	int r = ovl_redirect_search(search->fs, search->layer, parent, &stack);
	ovl_dir_stack_clear(search->fs, &search->stack);
	search->stack = stack;
	search->dirs = stack.dirs;
	search->n = stack.n;
	return r;
}

/* The metacopy in search->layer has that redirect, or none (NULL). */
static int obey(struct search *search, const char *redirect)
{
	if (!redirect)
		return 0;
	const char *slash = strrchr(redirect, '/');
	char *name = strdup(slash ? slash + 1 : redirect);
	char *path = slash ? strdup(redirect) : NULL;

	free(search->name);
	free(search->path);
	search->name = name;
	search->path = path;
	if (!name || (slash && !path))
		return -ENOMEM;
	return slash ? change_dirs(search, redirect, (size_t)(slash - redirect)) : 0;
}

enum looked { LOOKED_NOTHING, LOOKED_DATA, LOOKED_METACOPY };

/* Looks at what a real directory has of the name. Returns an enum looked with *st of it, or -errno;
 * a metacopy's redirect has been obeyed. */
static int look_in(struct search *search, struct ovl_realdir *dir, struct stat *st)
{
	struct ovl_fs *fs = search->fs;
	struct ovl_real real = {dir, search->name, -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	_cleanup_free_ char *redirect = NULL;
	int r = ovl_redirect_probe(fs, dir, search->name, st);

	if (r < 0 || r == OVL_PROBED_NOTHING)
		return r < 0 ? r : LOOKED_NOTHING;
	if (r == OVL_PROBED_WHITEOUT || !S_ISREG(st->st_mode))
		return -EIO;
	if (!is_asked(fs, dir->layer->index, st, 0))
		return LOOKED_DATA;
	r = ovl_real_hold(&fs->dirs, &real, &hold);
	if (r == 0)
		r = read_mark(fs, hold.at, false, st, 0);
	if (r <= 0)
		return r < 0 ? r : LOOKED_DATA;
	search->layer = dir->layer->index;
	r = read_redirect(fs, hold.at, false, &redirect);
	if (r == 0)
		r = obey(search, redirect);
	return r < 0 ? r : LOOKED_METACOPY;
}

/* Searches downwards. */
static int find_data(struct search *search, struct ovl_metacopy *metacopy)
{
	struct ovl_fs *fs = search->fs;
	struct stat st;

	for (unsigned i = 0; i < search->n;) {
		struct ovl_realdir *dir = search->dirs[i];
		int r = LOOKED_NOTHING;
		if (dir->layer->index > search->layer)
			r = look_in(search, dir, &st);
		if (r < 0)
			return r;
		if (r == LOOKED_DATA) {
			metacopy->dir = ovl_realdir_ref(&fs->dirs, dir);
			metacopy->name = steal_pointer(&search->name);
			metacopy->blocks = st.st_blocks;
			return 0;
		}
		i = r == LOOKED_METACOPY ? 0 : i + 1;
	}
	/* From the upper none leads straight to a data-only layer, as in the kernel. */
	if (!search->path || fs->n_data_layers == 0 || search->layer == OVL_UPPER)
		return -EIO;
	metacopy->name = steal_pointer(&search->path);
	return 0;
}

/* Is a metacopy of that layer, with that redirect (or NULL), to be followed? */
static bool is_allowed(const struct ovl_fs *fs, unsigned layer, const char *redirect)
{
	if (fs->metacopy != OVL_METACOPY_DATA_ONLY)
		return fs->metacopy == OVL_METACOPY_FOLLOWED;
	return layer + 1 == fs->n_layers && redirect && redirect[0] == '/';
}

/* at, in layer, is a metacopy, and what is behind entry. */
static int follow(struct ovl_fs *fs, const struct ovl_dir *dir, const struct ovl_entry *entry,
	unsigned layer, struct sys_at at, struct ovl_metacopy *metacopy)
{
	_cleanup_search_ struct search search = {.fs = fs,
		.layer = layer,
		.dirs = dir->lowers,
		.n = dir->n_lowers,
		.name = strdup(entry->name)};
	if (!search.name)
		return -ENOMEM;
	int r = -EPERM;
	if (fs->metacopy != OVL_METACOPY_REFUSED)
		r = read_redirect(fs, at, layer == OVL_UPPER, &metacopy->redirect);
	if (r == 0 && !is_allowed(fs, layer, metacopy->redirect))
		r = -EPERM;
	if (r == 0)
		r = obey(&search, metacopy->redirect);
	return r < 0 ? r : find_data(&search, metacopy);
}

/* The layer of the real object, and what is known of it. Where a lower name leads to a copy in the
 * link index, that is not what the name's entry says. */
static unsigned real_layer(
	const struct ovl_inode *inode, const struct ovl_entry *entry, unsigned *ret_flags)
{
	bool is_indexed = inode->flags & OVL_INODE_INDEXED;
	*ret_flags = is_indexed ? OVL_ENTRY_IMPURE : entry->flags;
	return is_indexed ? OVL_UPPER : entry->layer;
}

static int learn(struct ovl_fs *fs, struct ovl_dir *dir, const struct ovl_entry *entry,
	struct ovl_inode *inode, const struct stat *raw)
{
	unsigned flags, layer = real_layer(inode, entry, &flags);
	struct ovl_real real = ovl_inode_real(inode);
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	int r = ovl_real_hold(&fs->dirs, &real, &hold);

	if (r == 0)
		r = read_mark(fs, hold.at, layer == OVL_UPPER, raw, flags);
	if (r <= 0)
		return r;
	struct ovl_metacopy *metacopy = calloc(1, sizeof(*metacopy));
	if (!metacopy)
		return -ENOMEM;
	r = follow(fs, dir, entry, layer, hold.at, metacopy);
	if (r < 0)
		ovl_metacopy_free(fs, metacopy);
	else
		ovl_inode_set_metacopy(inode, metacopy);
	return r;
}

int ovl_metacopy_learn(struct ovl_fs *fs, struct ovl_dir *dir, const struct ovl_entry *entry,
	struct ovl_inode *inode, const struct stat *raw)
{
	unsigned flags, layer = real_layer(inode, entry, &flags);
	int r = 0;
	if (inode->type != DT_REG || (inode->flags & OVL_INODE_LEARNT))
		return 0;
	if (!(flags & OVL_ENTRY_HAS_DATA) && is_asked(fs, layer, raw, flags))
		r = learn(fs, dir, entry, inode, raw);
	if (r == 0)
		inode->flags |= OVL_INODE_LEARNT;
	return r;
}

/* -- using the data ---------------------------------------------------------------------------- */

/* From a directory (a ref, which is replaced) to its subdirectory. It is looked at before anything
 * in it is: our own mount, met there, would wait for us. Returns 1, 0 where there is none, or
 * -errno. */
static int enter(struct ovl_fs *fs, struct ovl_realdir **dir, const char *name)
{
	struct stat st;
	int r = ovl_redirect_probe(fs, *dir, name, &st);
	if (r != OVL_PROBED_OBJECT || !S_ISDIR(st.st_mode))
		return r < 0 ? r : 0;
	struct ovl_realdir *child = ovl_realdir_new(&fs->dirs, *dir, name);
	if (!child)
		return -ENOMEM;
	ovl_realdir_unref(&fs->dirs, *dir);
	*dir = child;
	return 1;
}

/* The place of the regular file name in dir, if there is one. Returns as look_in_data_layer(). */
static int find_in(
	struct ovl_fs *fs, struct ovl_realdir *dir, const char *name, struct ovl_metacopy *found)
{
	struct stat st;
	int r = ovl_redirect_probe(fs, dir, name, &st);
	if (r != OVL_PROBED_OBJECT || !S_ISREG(st.st_mode))
		return r < 0 ? r : 0;
	char *kept = strdup(name);
	if (!kept)
		return -ENOMEM;
	*found = (struct ovl_metacopy){
		.dir = ovl_realdir_ref(&fs->dirs, dir), .name = kept, .blocks = st.st_blocks};
	return 1;
}

/* What a data-only layer has at an absolute path. Returns 1 with the place in *found for a regular
 * file, 0, or -errno. */
static int look_in_data_layer(struct ovl_fs *fs, const struct ovl_layer *layer, const char *path,
	struct ovl_metacopy *found)
{
	_cleanup_free_ char *copy = strdup(path + 1);
	struct ovl_realdir *dir = ovl_realdir_ref(&fs->dirs, layer->root);
	char *name = copy, *rest = copy;
	int r = copy ? 1 : -ENOMEM;

	while (r == 1 && (name = strsep(&rest, "/")) && rest)
		r = enter(fs, &dir, name);
	if (r == 1)
		r = find_in(fs, dir, name, found);
	ovl_realdir_unref(&fs->dirs, dir);
	return r == -ENOENT || r == -ENOTDIR || r == -ELOOP ? 0 : r;
}

/* The first data-only layer that has the data counts. */
static int look_in_data_layers(struct ovl_fs *fs, struct ovl_metacopy *metacopy)
{
	struct ovl_metacopy found;
	int r = 0;

	for (unsigned i = 0; r == 0 && i < fs->n_data_layers; i++)
		r = look_in_data_layer(fs, &fs->layers[fs->n_layers + i], metacopy->name, &found);
	if (r <= 0)
		return r < 0 ? r : -EIO;
	free(metacopy->name);
	metacopy->name = found.name;
	metacopy->dir = found.dir;
	metacopy->blocks = found.blocks;
	return 0;
}

static int check_data(struct ovl_fs *fs, const struct ovl_inode *inode, int data)
{
	struct ovl_real real = ovl_inode_real(inode);
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;

	if (fs->verity == OVL_VERITY_OFF)
		return 0;
	int r = ovl_real_hold(&fs->dirs, &real, &hold);
	return r < 0 ? r
		     : ovl_verity_check(fs, hold.at, ovl_inode_is_upper(inode), data,
			       ovl_inode_metacopy(inode)->name);
}

int ovl_metacopy_open(struct ovl_fs *fs, struct ovl_inode *inode, unsigned *ret_layer)
{
	struct ovl_metacopy *metacopy = ovl_inode_metacopy(inode);
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	int r = metacopy->dir ? 0 : look_in_data_layers(fs, metacopy);

	if (r < 0)
		return r;
	struct ovl_real real = {metacopy->dir, metacopy->name, -1};
	r = ovl_real_hold(&fs->dirs, &real, &hold);
	if (r < 0)
		return r == -ENOENT ? -EIO : r;
	_cleanup_close_ int data = sys_open_noatime(hold.at);
	if (data < 0)
		return data == -ENOENT ? -EIO : data;
	r = check_data(fs, inode, data);
	if (r < 0)
		return r;
	*ret_layer = metacopy->dir->layer->index;
	return steal_fd(&data);
}

void ovl_metacopy_show(const struct ovl_inode *inode, struct stat *st)
{
	const struct ovl_metacopy *metacopy = ovl_inode_metacopy(inode);
	st->st_blocks = metacopy->dir ? metacopy->blocks : (st->st_size + 511) / 512;
}

/* -- making ------------------------------------------------------------------------------------ */

/* The place of inode's data, for a metacopy without redirect above it; st is of inode's lower
 * object. NULL = no memory. */
static struct ovl_metacopy *new_above(
	struct ovl_fs *fs, const struct ovl_inode *inode, const struct stat *st)
{
	struct ovl_real real = ovl_inode_real(inode);
	struct ovl_metacopy data = {
		.dir = real.dir, .name = (char *)real.name, .blocks = st->st_blocks};
	struct ovl_metacopy *metacopy = malloc(sizeof(*metacopy));

	if (ovl_inode_metacopy(inode))
		data = *ovl_inode_metacopy(inode);
	char *name = metacopy ? strdup(data.name) : NULL;
	if (!name) {
		free(metacopy);
		return NULL;
	}
	*metacopy = (struct ovl_metacopy){.name = name, .blocks = data.blocks};
	if (data.dir)
		metacopy->dir = ovl_realdir_ref(&fs->dirs, data.dir);
	return metacopy;
}

/* Does the error say that a file cannot have this mark, or no more of them? */
static bool cannot_hold(int r)
{
	return r == -EOPNOTSUPP || r == -EPERM || r == -EACCES || r == -ENOSPC || r == -EDQUOT ||
	       r == -E2BIG;
}

int ovl_metacopy_make(struct ovl_fs *fs, struct ovl_inode *inode, int copy, const struct stat *st,
	const struct sys_digest *digest, struct ovl_metacopy **ret_metacopy)
{
	uint8_t value[OVL_METACOPY_MAX_SIZE];
	size_t size = ovl_metacopy_format(digest, value);

	ovl_inode_lock(fs, inode);
	struct ovl_metacopy *metacopy = new_above(fs, inode, st);
	ovl_inode_unlock(fs, inode);
	if (!metacopy)
		return -ENOMEM;
	int r = sys_setxattr(
		sys_at_fd(copy), ovl_mark_name(fs->prefix, OVL_MARK_METACOPY), value, size, 0);
	bool has_no_mark = cannot_hold(r);
	if (r == 0)
		r = sys_ftruncate(copy, st->st_size);
	if (r < 0) {
		ovl_metacopy_free(fs, metacopy);
		return has_no_mark ? 0 : r;
	}
	*ret_metacopy = metacopy;
	return 1;
}

/* Stores the redirect in the real object at, then in memory. */
static int set_redirect(
	struct ovl_fs *fs, struct sys_at at, const char *redirect, struct ovl_metacopy *metacopy)
{
	char *kept = strdup(redirect);
	if (!kept)
		return -ENOMEM;
	int r = ovl_mark_set_upper(
		at, ovl_mark_name(fs->prefix, OVL_MARK_REDIRECT), redirect, strlen(redirect));
	if (r < 0) {
		free(kept);
		return cannot_hold(r) ? -EXDEV : r;
	}
	free(metacopy->redirect);
	metacopy->redirect = kept;
	return 0;
}

static int keep_found_locked(struct ovl_fs *fs, struct ovl_inode *inode, bool leaves_parent)
{
	struct ovl_metacopy *metacopy = ovl_inode_metacopy(inode);
	struct ovl_real real = ovl_inode_real(inode);
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	char buffer[OVL_REDIRECT_MAX + 1];
	struct stat st;

	if (!metacopy || (metacopy->redirect && metacopy->redirect[0] == '/'))
		return 0;
	int r = ovl_real_hold(&fs->dirs, &real, &hold);
	if (r == 0)
		r = sys_stat(hold.at, &st);
	if (r < 0)
		return r;
	bool is_absolute = leaves_parent || st.st_nlink > 1;
	if (!is_absolute && metacopy->redirect)
		return 0;
	if (!inode->entry) /* it has lost the name by which its data could be found */
		return -EXDEV;
	const char *redirect = metacopy->redirect ? metacopy->redirect : inode->entry->name;
	if (is_absolute)
		r = ovl_redirect_path(
			(const struct ovl_dir *)inode->parent, redirect, buffer, &redirect);
	return r < 0 ? r : set_redirect(fs, hold.at, redirect, metacopy);
}

int ovl_metacopy_keep_found(struct ovl_fs *fs, struct ovl_inode *inode, bool leaves_parent)
{
	if (!ovl_inode_is_metacopy(inode))
		return 0;
	ovl_inode_lock(fs, inode);
	/* The link index's copy has names in several directories, which may all be gone one day. */
	int r = inode->flags & OVL_INODE_INDEXED ? -EXDEV
						 : keep_found_locked(fs, inode, leaves_parent);
	ovl_inode_unlock(fs, inode);
	return r;
}

int ovl_metacopy_keep_found_by_link(struct ovl_fs *fs, struct ovl_inode *inode)
{
	if (!ovl_inode_is_metacopy(inode))
		return 0;
	pthread_mutex_lock(&fs->rename_lock);
	int r = ovl_metacopy_keep_found(fs, inode, true);
	pthread_mutex_unlock(&fs->rename_lock);
	return r;
}

int ovl_metacopy_unmark(struct ovl_fs *fs, struct sys_at upper)
{
	const char *name = ovl_mark_name(fs->prefix, OVL_MARK_METACOPY);
	int r = ovl_mark_remove_upper(upper, name);
	if (r == 0)
		return 0;
	return ovl_mark_get_upper(upper, name, NULL, 0) == -ENODATA ? 0 : r;
}
