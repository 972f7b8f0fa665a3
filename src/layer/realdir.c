/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Real directories and the cache of their descriptors.
 *
 * Invariants: a directory in the age list is open, not held and not keep_open. A real directory
 * refs its parent, so the way up is always there. tree_lock is held for reading while a directory
 * is opened by the names on its way, and for writing while renameat2(2) changes one of those names:
 * nobody ever walks a way that is half renamed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "layer/layer.h"

int ovl_realdir_cache_init(struct ovl_realdir_cache *cache, unsigned max_open)
{
	*cache = (struct ovl_realdir_cache){.max_open = max_open};
	int r = pthread_mutex_init(&cache->lock, NULL);
	if (r != 0)
		return -r;
	r = pthread_rwlock_init(&cache->tree_lock, NULL);
	if (r != 0)
		pthread_mutex_destroy(&cache->lock);
	return -r;
}

void ovl_realdir_cache_clear(struct ovl_realdir_cache *cache)
{
	pthread_rwlock_destroy(&cache->tree_lock);
	pthread_mutex_destroy(&cache->lock);
}

struct ovl_realdir *ovl_realdir_new_root(struct ovl_layer *layer, int root_fd)
{
	struct ovl_realdir *dir = calloc(1, sizeof(*dir));
	if (!dir) {
		close(root_fd);
		return NULL;
	}
	*dir = (struct ovl_realdir){.layer = layer, .fd = root_fd, .refs = 1, .keep_open = true};
	return dir;
}

struct ovl_realdir *ovl_realdir_new(
	struct ovl_realdir_cache *cache, struct ovl_realdir *parent, const char *name)
{
	struct ovl_realdir *dir = calloc(1, sizeof(*dir));
	char *copy = dir ? strdup(name) : NULL;
	if (!copy) {
		free(dir);
		return NULL;
	}
	*dir = (struct ovl_realdir){.layer = parent->layer,
		.parent = ovl_realdir_ref(cache, parent),
		.name = copy,
		.fd = -1,
		.refs = 1};
	return dir;
}

struct ovl_realdir *ovl_realdir_ref(struct ovl_realdir_cache *cache, struct ovl_realdir *dir)
{
	pthread_mutex_lock(&cache->lock);
	dir->refs++;
	pthread_mutex_unlock(&cache->lock);
	return dir;
}

static void age_list_remove(struct ovl_realdir_cache *cache, struct ovl_realdir *dir)
{
	if (dir->older)
		dir->older->newer = dir->newer;
	else
		cache->oldest = dir->newer;
	if (dir->newer)
		dir->newer->older = dir->older;
	else
		cache->newest = dir->older;
	dir->older = dir->newer = NULL;
}

static void age_list_append(struct ovl_realdir_cache *cache, struct ovl_realdir *dir)
{
	dir->older = cache->newest;
	dir->newer = NULL;
	if (cache->newest)
		cache->newest->newer = dir;
	else
		cache->oldest = dir;
	cache->newest = dir;
}

static bool is_in_age_list(const struct ovl_realdir *dir)
{
	return dir->fd >= 0 && dir->holds == 0 && !dir->keep_open;
}

void ovl_realdir_unref(struct ovl_realdir_cache *cache, struct ovl_realdir *dir)
{
	while (dir) {
		pthread_mutex_lock(&cache->lock);
		bool last = --dir->refs == 0;
		if (last && is_in_age_list(dir)) {
			age_list_remove(cache, dir);
			cache->n_open--;
		}
		pthread_mutex_unlock(&cache->lock);
		if (!last)
			return;
		struct ovl_realdir *parent = dir->parent;
		if (dir->fd >= 0)
			close(dir->fd);
		free(dir->name);
		free(dir);
		dir = parent;
	}
}

static void hold_open_locked(struct ovl_realdir_cache *cache, struct ovl_realdir *dir)
{
	if (is_in_age_list(dir))
		age_list_remove(cache, dir);
	dir->holds++;
}

int ovl_realdir_hold_if_open(struct ovl_realdir_cache *cache, struct ovl_realdir *dir)
{
	pthread_mutex_lock(&cache->lock);
	int fd = dir->fd;
	if (fd >= 0)
		hold_open_locked(cache, dir);
	pthread_mutex_unlock(&cache->lock);
	return fd;
}

/* Takes the oldest descriptor out of a cache that has more than most; returns it, to be closed, or
 * -1. */
static int evict_locked(struct ovl_realdir_cache *cache, unsigned most)
{
	struct ovl_realdir *dir = cache->oldest;
	if (cache->n_open <= most || !dir)
		return -1;
	age_list_remove(cache, dir);
	cache->n_open--;
	return steal_fd(&dir->fd);
}

bool ovl_realdir_cache_shrink(struct ovl_realdir_cache *cache)
{
	bool any = false;
	pthread_mutex_lock(&cache->lock);
	unsigned most = cache->n_open / 2;
	for (int fd; (fd = evict_locked(cache, most)) >= 0; any = true) {
		pthread_mutex_unlock(&cache->lock);
		close(fd);
		pthread_mutex_lock(&cache->lock);
	}
	pthread_mutex_unlock(&cache->lock);
	return any;
}

/* Makes fd dir's descriptor, unless another thread was faster, and holds it. Returns the one. */
static int install(struct ovl_realdir_cache *cache, struct ovl_realdir *dir, int fd)
{
	_cleanup_close_ int spare = -1;
	_cleanup_close_ int evicted = -1;

	pthread_mutex_lock(&cache->lock);
	if (dir->fd >= 0) {
		spare = fd;
	} else {
		cache->n_open++;
		evicted = evict_locked(cache, cache->max_open);
		dir->fd = fd;
		dir->holds++;
		fd = -1;
	}
	if (fd >= 0)
		hold_open_locked(cache, dir);
	fd = dir->fd;
	pthread_mutex_unlock(&cache->lock);
	return fd;
}

/* The way from the nearest open directory down to dir, in the order of climbing; that nearest one
 * is held. Returns its descriptor, or -errno. Tree lock held. */
static int climb_to_open(struct ovl_realdir_cache *cache, struct ovl_realdir *dir,
	struct ovl_realdir ***ret_way, size_t *ret_n)
{
	size_t n = 0, allocated = 0;
	struct ovl_realdir **way = NULL;
	int fd;

	while ((fd = ovl_realdir_hold_if_open(cache, dir)) < 0) {
		if (n == allocated) {
			allocated = allocated ? 2 * allocated : 16;
			struct ovl_realdir **more = realloc(way, allocated * sizeof(*way));
			if (!more) {
				free(way);
				return -ENOMEM;
			}
			way = more;
		}
		way[n++] = dir;
		dir = dir->parent; /* the root is always open */
	}
	*ret_way = way;
	*ret_n = n;
	return fd;
}

static int open_along_tree_locked(struct ovl_realdir_cache *cache, struct ovl_realdir *dir)
{
	_cleanup_free_ struct ovl_realdir **way = NULL;
	size_t n;
	int fd = climb_to_open(cache, dir, &way, &n);

	while (fd >= 0 && n > 0) {
		struct ovl_realdir *step = way[--n];
		int next = sys_open_dir(sys_at(fd, step->name));
		if (next >= 0)
			next = install(cache, step, next);
		ovl_realdir_release(cache, step->parent);
		fd = next;
	}
	return fd;
}

int ovl_realdir_hold(struct ovl_realdir_cache *cache, struct ovl_realdir *dir)
{
	int fd = ovl_realdir_hold_if_open(cache, dir);
	if (fd >= 0)
		return fd;
	pthread_rwlock_rdlock(&cache->tree_lock);
	fd = open_along_tree_locked(cache, dir);
	pthread_rwlock_unlock(&cache->tree_lock);
	return fd;
}

void ovl_realdir_release(struct ovl_realdir_cache *cache, struct ovl_realdir *dir)
{
	_cleanup_close_ int evicted = -1;

	pthread_mutex_lock(&cache->lock);
	dir->holds--;
	if (is_in_age_list(dir)) {
		age_list_append(cache, dir);
		evicted = evict_locked(cache, cache->max_open);
	}
	pthread_mutex_unlock(&cache->lock);
}

void ovl_realdir_keep_open(struct ovl_realdir_cache *cache, struct ovl_realdir *dir)
{
	pthread_mutex_lock(&cache->lock);
	if (!dir->keep_open) {
		if (is_in_age_list(dir))
			age_list_remove(cache, dir);
		dir->keep_open = true;
		cache->n_open--;
	}
	pthread_mutex_unlock(&cache->lock);
}

/* Gives dir its new place. Returns what it no longer needs, to be freed outside the tree lock. */
static void move_tree_locked(struct ovl_realdir_cache *cache, struct ovl_realdir *dir,
	struct ovl_realdir *parent, char *name, struct ovl_realdir **ret_old_parent)
{
	ovl_realdir_ref(cache, parent);
	*ret_old_parent = dir->parent;
	dir->parent = parent;
	free(dir->name);
	dir->name = name;
}

int ovl_realdir_rename(struct ovl_realdir_cache *cache, struct ovl_realdir *from_dir,
	const char *from, struct ovl_realdir *to_dir, const char *to, unsigned flags,
	struct ovl_realdir *moved, struct ovl_realdir *other)
{
	struct ovl_realdir *moved_parent = NULL, *other_parent = NULL;
	_cleanup_free_ char *moved_name = moved ? strdup(to) : NULL;
	_cleanup_free_ char *other_name = other ? strdup(from) : NULL;
	if ((moved && !moved_name) || (other && !other_name))
		return -ENOMEM;

	int from_fd = ovl_realdir_hold(cache, from_dir);
	if (from_fd < 0)
		return from_fd;
	int to_fd = ovl_realdir_hold(cache, to_dir);
	if (to_fd < 0) {
		ovl_realdir_release(cache, from_dir);
		return to_fd;
	}
	if (moved || other)
		pthread_rwlock_wrlock(&cache->tree_lock);
	int r = sys_rename(sys_at(from_fd, from), sys_at(to_fd, to), flags);
	if (r == 0 && moved)
		move_tree_locked(cache, moved, to_dir, steal_pointer(&moved_name), &moved_parent);
	if (r == 0 && other)
		move_tree_locked(cache, other, from_dir, steal_pointer(&other_name), &other_parent);
	if (moved || other)
		pthread_rwlock_unlock(&cache->tree_lock);
	ovl_realdir_release(cache, to_dir);
	ovl_realdir_release(cache, from_dir);
	ovl_realdir_unref(cache, moved_parent);
	ovl_realdir_unref(cache, other_parent);
	return r;
}

int ovl_real_hold(
	struct ovl_realdir_cache *cache, const struct ovl_real *real, struct ovl_hold *ret_hold)
{
	*ret_hold = OVL_HOLD_NONE;
	if (!real->dir) {
		ret_hold->at = sys_at_fd(real->fd);
		return 0;
	}
	int fd = ovl_realdir_hold(cache, real->dir);
	if (fd < 0)
		return fd;
	*ret_hold = (struct ovl_hold){cache, real->dir, sys_at(fd, real->name)};
	return 0;
}

void ovl_real_release(struct ovl_hold *hold)
{
	if (hold->dir)
		ovl_realdir_release(hold->cache, hold->dir);
	hold->dir = NULL;
}
