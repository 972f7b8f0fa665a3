// SPDX-License-Identifier: GPL-2.0-or-later
#include "world.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int open_layer(const char *path)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		fail_msg("%s: %s", path, strerror(errno));
	return fd;
}

void world_prepare(struct world *w, unsigned flags)
{
	char name[8];
	*w = (struct world){.caller = {.uid = geteuid(), .gid = getegid(), .umask = 022}};
	w->config.upper_fd = w->config.work_fd = -1;
	for (unsigned i = 0; i < WORLD_MAX_LOWER; i++) {
		snprintf(name, sizeof(name), "l%u", i + 1);
		if (support_kind(name) != 'd')
			break;
		w->fds[w->config.n_lower++] = open_layer(name);
	}
	w->config.lower_fds = w->fds;
	w->config.sync = OVL_SYNC_NONE;
	w->config.marks = flags & WORLD_USER_MARKS ? OVL_MARKS_USER : OVL_MARKS_AUTO;
	w->config.no_ovl_whiteout = flags & WORLD_AUFS;
	if (flags & WORLD_OVERRIDE_STAT)
		w->config.xattr_permissions = OVL_XATTR_PERMISSIONS_USER;
	w->config.redirect_dir = flags & WORLD_REDIRECT ? OVL_REDIRECT_ON : OVL_REDIRECT_OFF;
	bool metacopy = (flags & WORLD_METACOPY) == WORLD_METACOPY;
	w->config.metacopy = metacopy ? OVL_SWITCH_ON : OVL_SWITCH_OFF;
	if (flags & (WORLD_VERITY | WORLD_REQUIRE))
		w->config.verity = flags & WORLD_VERITY ? OVL_VERITY_ON : OVL_VERITY_REQUIRE;
	w->config.index = flags & WORLD_INDEX ? OVL_SWITCH_ON : OVL_SWITCH_OFF;
	if (flags & WORLD_READ_ONLY || support_kind("u") != 'd')
		return;
	if (support_kind("w") != 'd')
		assert_int_equal(mkdir("w", 0755), 0);
	w->config.upper_fd = open_layer("u");
	w->config.work_fd = open_layer("w");
}

int world_start(struct world *w, unsigned flags)
{
	const char *what = NULL;
	int r = ovl_fs_new(&w->config, &w->fs, &what);
	if (r < 0) {
		assert_non_null(what);
		assert_true(*what != '\0');
	} else {
		if (flags & WORLD_XATTR_WHITEOUTS)
			w->fs->whiteouts = OVL_WHITEOUTS_XATTRS;
		if (flags & (WORLD_NO_WHITEOUT_RENAME | WORLD_XATTR_WHITEOUTS))
			w->fs->upper_has_whiteout_rename = false;
		if (flags & WORLD_NO_TMPFILE)
			w->fs->upper_has_tmpfile = false;
		if (flags & WORLD_NO_XATTRS)
			w->fs->upper_has_xattrs = false;
		if (flags & WORLD_COLD)
			w->fs->dirs.max_open = w->fs->files.max_open = 0;
	}
	for (size_t i = 0; i < w->config.n_lower; i++)
		close(w->fds[i]);
	if (w->config.upper_fd >= 0) {
		close(w->config.upper_fd);
		close(w->config.work_fd);
	}
	return r;
}

void world_open(struct world *w, unsigned flags)
{
	world_prepare(w, flags);
	assert_int_equal(world_start(w, flags), 0);
}

void world_close(struct world *w)
{
	unsigned left = w->fs->inodes.n_inodes;
	ovl_fs_free(w->fs);
	w->fs = NULL;
	assert_int_equal(left, 1); /* the root */
}

void world_reopen(struct world *w, unsigned flags)
{
	world_close(w);
	world_open(w, flags);
}

/* -- finding ----------------------------------------------------------------------------------- */

static void forget(struct world *w, const struct ovl_node *node)
{
	ovl_inode_forget(w->fs, node->nodeid, 1);
}

/* A step: from dir (its ref is taken) to the file called name in it. Returns as ovl_lookup(). */
static int step(struct world *w, struct ovl_inode *dir, const char *name,
	struct ovl_inode **ret_inode, struct stat *ret_stat)
{
	struct ovl_node node;
	int r = ovl_lookup(w->fs, dir, name, &node);
	if (r == 1) {
		*ret_inode = ovl_inode_get(w->fs, node.nodeid);
		assert_non_null(*ret_inode);
		*ret_stat = node.st;
		forget(w, &node);
	}
	ovl_inode_unref(w->fs, dir);
	return r;
}

static int walk(struct world *w, const char *path, struct ovl_inode **ret_inode, struct stat *st)
{
	char copy[4096], *rest = copy;
	struct ovl_inode *inode = ovl_inode_get(w->fs, OVL_ROOT_NODEID);
	int r = 1;

	assert_non_null(inode);
	assert_int_equal(ovl_getattr(w->fs, inode, st), 0);
	snprintf(copy, sizeof(copy), "%s", path);
	for (char *name; r == 1 && (name = strsep(&rest, "/"));)
		if (*name)
			r = step(w, inode, name, &inode, st);
	if (r == 1)
		*ret_inode = inode;
	return r;
}

struct ovl_inode *world_find(struct world *w, const char *path)
{
	struct ovl_inode *inode = NULL;
	struct stat st;
	int r = walk(w, path, &inode, &st);
	if (r < 0)
		fail_msg("lookup of '%s': %s", path, strerror(-r));
	return inode;
}

struct ovl_inode *world_get(struct world *w, const char *path)
{
	struct ovl_inode *inode = world_find(w, path);
	if (!inode)
		fail_msg("there is no '%s'", path);
	return inode;
}

void world_put(struct world *w, struct ovl_inode *inode)
{
	ovl_inode_unref(w->fs, inode);
}

struct ovl_inode *world_parent(struct world *w, const char *path, const char **ret_name)
{
	char copy[4096];
	const char *slash = strrchr(path, '/');
	*ret_name = slash ? slash + 1 : path;
	snprintf(copy, sizeof(copy), "%.*s", (int)(slash ? slash - path : 0), path);
	return world_get(w, copy);
}

int world_stat(struct world *w, const char *path, struct stat *ret_stat)
{
	struct ovl_inode *inode;
	int r = walk(w, path, &inode, ret_stat);
	if (r == 1)
		world_put(w, inode);
	return r;
}

char world_kind(struct world *w, const char *path)
{
	struct stat st;
	int r = world_stat(w, path, &st);
	if (r < 0)
		fail_msg("lookup of '%s': %s", path, strerror(-r));
	if (r == 0)
		return '-';
	if (S_ISCHR(st.st_mode) && st.st_rdev == 0)
		return 'w';
	return S_ISDIR(st.st_mode)    ? 'd'
	       : S_ISREG(st.st_mode)  ? 'f'
	       : S_ISLNK(st.st_mode)  ? 'l'
	       : S_ISFIFO(st.st_mode) ? 'p'
	       : S_ISSOCK(st.st_mode) ? 's'
				      : 'o';
}

const char *world_read(struct world *w, const char *path)
{
	static char text[4096];
	struct ovl_inode *inode = world_find(w, path);
	if (!inode)
		return NULL;
	ssize_t size = ovl_read(w->fs, inode, text, sizeof(text) - 1, 0);
	world_put(w, inode);
	if (size < 0)
		return NULL;
	text[size] = '\0';
	return text;
}

/* -- listing ----------------------------------------------------------------------------------- */

struct listed {
	char *name;
	uint64_t ino;
	uint8_t type;
};

struct listing {
	struct world *w;
	struct listed *entries;
	size_t n;
};

static bool has_room(void *data, size_t length)
{
	(void)data;
	(void)length;
	return true;
}

static void add(void *data, const struct ovl_dirent *d)
{
	struct listing *listing = data;
	if (d->node)
		forget(listing->w, d->node);
	if (strcmp(d->name, ".") == 0 || strcmp(d->name, "..") == 0)
		return;
	listing->entries = realloc(listing->entries, (listing->n + 1) * sizeof(*listing->entries));
	listing->entries[listing->n++] = (struct listed){strdup(d->name), d->ino, d->type};
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct listed *)a)->name, ((const struct listed *)b)->name);
}

static int list(struct world *w, struct ovl_inode *dir, bool plus, struct listing *ret)
{
	struct ovl_lister lister = {has_room, add, ret, NULL};
	*ret = (struct listing){.w = w};
	int r = ovl_readdir(w->fs, dir, 0, plus, &lister);
	if (ret->n)
		qsort(ret->entries, ret->n, sizeof(*ret->entries), by_name);
	return r;
}

static void listing_clear(struct listing *listing)
{
	for (size_t i = 0; i < listing->n; i++)
		free(listing->entries[i].name);
	free(listing->entries);
}

const char *world_names(struct world *w, const char *path)
{
	static char *text;
	struct listing listing;
	struct ovl_inode *dir = world_get(w, path);
	int r = list(w, dir, false, &listing);
	if (r < 0)
		fail_msg("listing of '%s': %s", path, strerror(-r));
	free(text);
	text = NULL;
	support_append(&text, "%s", "");
	for (size_t i = 0; i < listing.n; i++)
		support_append(&text, "%s%s", i ? " " : "", listing.entries[i].name);
	listing_clear(&listing);
	world_put(w, dir);
	return text;
}

/* -- the view ---------------------------------------------------------------------------------- */

static void view_xattrs(char **text, struct world *w, struct ovl_inode *inode)
{
	char names[4096], value[4096];
	ssize_t size = ovl_listxattr(w->fs, inode, true, names, sizeof(names));
	if (size < 0)
		support_append(text, " xattrs: %s", strerror((int)-size));
	for (const char *x = names; size > 0 && x < names + size; x += strlen(x) + 1) {
		ssize_t length = ovl_getxattr(w->fs, inode, x, value, sizeof(value));
		support_append(text, " %s=", x);
		for (ssize_t i = 0; i < length; i++)
			support_append(text, "%02x", (uint8_t)value[i]);
	}
}

static void view_content(char **text, struct world *w, struct ovl_inode *inode, off_t size)
{
	static char buffer[65536];
	uint32_t hash = 2166136261u;
	for (off_t at = 0; at < size;) {
		ssize_t n = ovl_read(w->fs, inode, buffer, sizeof(buffer), at);
		if (n <= 0) {
			support_append(text, " READ %zd AT %ld", n, (long)at);
			return;
		}
		for (ssize_t i = 0; i < n; i++)
			hash = (hash ^ (uint8_t)buffer[i]) * 16777619u;
		at += n;
	}
	support_append(text, " #%08x", hash);
}

static void view_object(char **text, struct world *w, struct ovl_inode *inode, const char *path,
	const struct stat *st, bool inodes)
{
	char target[4096];
	support_append(text, "%s %o %u:%u", path, st->st_mode, st->st_uid, st->st_gid);
	if (inodes)
		support_append(text, " i%" PRIu64, (uint64_t)st->st_ino);
	if (!S_ISDIR(st->st_mode))
		support_append(text, " n%u %s %" PRIu64, (unsigned)st->st_nlink,
			st->st_mtime == SUPPORT_TIME ? "old" : "new", (uint64_t)st->st_size);
	if (S_ISREG(st->st_mode))
		view_content(text, w, inode, st->st_size);
	ssize_t length =
		S_ISLNK(st->st_mode) ? ovl_readlink(w->fs, inode, target, sizeof(target)) : -1;
	if (length >= 0)
		support_append(text, " -> %.*s", (int)length, target);
	view_xattrs(text, w, inode);
	support_append(text, "\n");
}

static void view_below(
	char **text, struct world *w, struct ovl_inode *dir, const char *path, bool inodes);

static void view_entry(char **text, struct world *w, struct ovl_inode *dir, const char *path,
	const struct listed *entry, bool inodes)
{
	struct ovl_inode *inode;
	struct stat st, again;
	char *child = NULL;

	support_append(&child, "%s/%s", path, entry->name);
	int r = step(w, ovl_inode_ref(w->fs, dir), entry->name, &inode, &st);
	if (r != 1) {
		support_append(text, "%s LISTED, BUT LOOKUP %d\n", child, r);
		free(child);
		return;
	}
	if (entry->ino != st.st_ino)
		support_append(text, "%s D_INO DIFFERS\n", child);
	if (entry->type != IFTODT(st.st_mode))
		support_append(text, "%s D_TYPE DIFFERS\n", child);
	r = ovl_getattr(w->fs, inode, &again);
	if (r < 0 || again.st_ino != st.st_ino || again.st_mode != st.st_mode ||
		again.st_nlink != st.st_nlink || again.st_size != st.st_size)
		support_append(text, "%s GETATTR DIFFERS %d\n", child, r);
	view_object(text, w, inode, child, &st, inodes);
	if (S_ISDIR(st.st_mode))
		view_below(text, w, inode, child, inodes);
	world_put(w, inode);
	free(child);
}

static void view_below(
	char **text, struct world *w, struct ovl_inode *dir, const char *path, bool inodes)
{
	struct listing plain, plus;
	int r = list(w, dir, false, &plain);
	if (r < 0)
		support_append(text, "%s LISTING %d\n", path, r);
	r = list(w, dir, true, &plus);
	if (r < 0 || plain.n != plus.n)
		support_append(text, "%s READDIRPLUS DIFFERS %d\n", path, r);
	for (size_t i = 0; i < plain.n; i++) {
		if (i && strcmp(plain.entries[i].name, plain.entries[i - 1].name) == 0)
			support_append(text, "%s/%s TWICE\n", path, plain.entries[i].name);
		view_entry(text, w, dir, path, &plain.entries[i], inodes);
	}
	listing_clear(&plain);
	listing_clear(&plus);
}

char *world_view(struct world *w, bool inodes)
{
	char *text = NULL;
	struct stat st;
	struct ovl_inode *root = world_get(w, "");
	assert_int_equal(ovl_getattr(w->fs, root, &st), 0);
	view_object(&text, w, root, "", &st, inodes);
	view_below(&text, w, root, "", inodes);
	world_put(w, root);
	return text;
}

unsigned world_leftovers(void)
{
	unsigned n = 0;
	struct stat st;
	if (lstat("w/work", &st) < 0)
		return 0;
	chmod("w/work", 0700);
	DIR *dir = opendir("w/work");
	assert_non_null(dir);
	for (struct dirent *d; (d = readdir(dir));)
		n += strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0 &&
		     strcmp(d->d_name, "incompat") != 0 && strcmp(d->d_name, "whiteout") != 0;
	closedir(dir);
	chmod("w/work", st.st_mode & 07777);
	return n;
}

/* -- verbs ------------------------------------------------------------------------------------- */

static int forget_made(struct world *w, int r, const struct ovl_node *node)
{
	if (r == 0)
		forget(w, node);
	return r;
}

int world_mkdir(struct world *w, const char *path, mode_t mode)
{
	const char *name;
	struct ovl_node node;
	struct ovl_inode *dir = world_parent(w, path, &name);
	int r = forget_made(w, ovl_mkdir(w->fs, dir, name, mode, &w->caller, &node), &node);
	world_put(w, dir);
	return r;
}

int world_mknod(struct world *w, const char *path, mode_t mode, dev_t device)
{
	const char *name;
	struct ovl_node node;
	struct ovl_inode *dir = world_parent(w, path, &name);
	int r = ovl_mknod(w->fs, dir, name, mode, device, &w->caller, &node);
	forget_made(w, r, &node);
	world_put(w, dir);
	return r;
}

int world_symlink(struct world *w, const char *target, const char *path)
{
	const char *name;
	struct ovl_node node;
	struct ovl_inode *dir = world_parent(w, path, &name);
	int r = forget_made(w, ovl_symlink(w->fs, dir, name, target, &w->caller, &node), &node);
	world_put(w, dir);
	return r;
}

int world_link(struct world *w, const char *from, const char *to)
{
	const char *name;
	struct ovl_node node;
	struct ovl_inode *inode = world_get(w, from), *dir = world_parent(w, to, &name);
	int r = forget_made(w, ovl_link(w->fs, inode, dir, name, &node), &node);
	world_put(w, dir);
	world_put(w, inode);
	return r;
}

int world_unlink(struct world *w, const char *path)
{
	const char *name;
	struct ovl_inode *dir = world_parent(w, path, &name);
	int r = ovl_unlink(w->fs, dir, name);
	world_put(w, dir);
	return r;
}

int world_rmdir(struct world *w, const char *path)
{
	const char *name;
	struct ovl_inode *dir = world_parent(w, path, &name);
	int r = ovl_rmdir(w->fs, dir, name);
	world_put(w, dir);
	return r;
}

int world_rename(struct world *w, const char *from, const char *to, unsigned flags)
{
	const char *from_name, *to_name;
	struct ovl_inode *from_dir = world_parent(w, from, &from_name);
	struct ovl_inode *to_dir = world_parent(w, to, &to_name);
	int r = ovl_rename(w->fs, from_dir, from_name, to_dir, to_name, flags);
	world_put(w, from_dir);
	world_put(w, to_dir);
	return r;
}

ssize_t world_write(struct world *w, const char *path, const char *text, off_t offset)
{
	struct ovl_set_id set_id = {0};
	struct ovl_inode *inode = world_get(w, path);
	ssize_t r = ovl_write(w->fs, inode, text, strlen(text), offset, &set_id);
	world_put(w, inode);
	return r;
}

int world_setattr(struct world *w, const char *path, const struct ovl_change *change)
{
	struct stat st;
	struct ovl_inode *inode = world_get(w, path);
	int r = ovl_setattr(w->fs, inode, change, &st);
	world_put(w, inode);
	return r;
}

int world_chmod(struct world *w, const char *path, mode_t mode)
{
	return world_setattr(w, path, &(struct ovl_change){.set = OVL_SET_MODE, .mode = mode});
}

int world_truncate(struct world *w, const char *path, off_t size)
{
	return world_setattr(w, path, &(struct ovl_change){.set = OVL_SET_SIZE, .size = size});
}

int world_setxattr(struct world *w, const char *path, const char *name, const char *value)
{
	struct ovl_inode *inode = world_get(w, path);
	int r = ovl_setxattr(w->fs, inode, name, value, strlen(value), 0, &w->caller);
	world_put(w, inode);
	return r;
}

int world_removexattr(struct world *w, const char *path, const char *name)
{
	struct ovl_inode *inode = world_get(w, path);
	int r = ovl_removexattr(w->fs, inode, name);
	world_put(w, inode);
	return r;
}
