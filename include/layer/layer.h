/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A layer: one directory tree that the overlay is made of. Layer 0 is the upper (it exists in the
 * numbering even where the overlay has none), 1 is the topmost lower, as in the kernel's
 * struct ovl_layer. This directory alone knows that a layer is a directory.
 */
#ifndef LAYER_LAYER_H
#define LAYER_LAYER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "sys/object.h"

#define OVL_UPPER 0

struct ovl_realdir;

struct ovl_layer {
	unsigned index;           /* immutable: its place in the stack */
	dev_t dev;                /* immutable: st_dev of its root */
	struct ovl_realdir *root; /* owned */
};

/*
 * A real directory: a node in the tree of directories of one layer, known by its parent and name.
 * It needs no path, so renaming one costs the same whatever is below it, and no symbolic link on
 * the way can lead out of the layer. The descriptor is opened on demand and kept in a bounded
 * cache.
 */
struct ovl_realdir {
	struct ovl_layer *layer;           /* immutable; borrowed from the stack */
	struct ovl_realdir *parent;        /* a ref; NULL for the root; cache's tree lock */
	char *name;                        /* owned; NULL for the root; cache's tree lock */
	int fd;                            /* owned; -1 = closed; cache's lock */
	unsigned refs;                     /* cache's lock */
	unsigned holds;                    /* of fd, which stays open meanwhile; cache's lock */
	bool keep_open;                    /* removed: fd is all that leads here; cache's lock */
	struct ovl_realdir *older, *newer; /* among those open and not held; cache's lock */
};

/* The open descriptors of all layers' directories, least recently used first. */
struct ovl_realdir_cache {
	pthread_mutex_t lock;       /* innermost */
	pthread_rwlock_t tree_lock; /* outside of lock: names and parents of real directories */
	unsigned n_open, max_open;  /* lock */
	struct ovl_realdir *oldest, *newest; /* lock */
};

int ovl_realdir_cache_init(struct ovl_realdir_cache *cache, unsigned max_open);
/* All real directories have been freed. */
void ovl_realdir_cache_clear(struct ovl_realdir_cache *cache);

/* Closes the older half of those that are open and not held. Returns whether there were any. Takes
 * the cache's lock alone. */
bool ovl_realdir_cache_shrink(struct ovl_realdir_cache *cache);

/* The root of a layer; takes ownership of root_fd (O_PATH), also on failure. NULL = no memory. */
struct ovl_realdir *ovl_realdir_new_root(struct ovl_layer *layer, int root_fd);

/* The directory that is called name in parent. Nothing is opened. One ref for the caller.
 * NULL = no memory. */
struct ovl_realdir *ovl_realdir_new(
	struct ovl_realdir_cache *cache, struct ovl_realdir *parent, const char *name);

struct ovl_realdir *ovl_realdir_ref(struct ovl_realdir_cache *cache, struct ovl_realdir *dir);
/* NULL is allowed. The last one closes and frees it, and drops its parent's ref. */
void ovl_realdir_unref(struct ovl_realdir_cache *cache, struct ovl_realdir *dir);

/*
 * Opens dir, along its parents as far as those are not open themselves, and holds it open. Returns
 * the descriptor (O_PATH, borrowed until ovl_realdir_release()), or -errno: -ENOENT, -ENOTDIR,
 * -ELOOP where something else stands at its place by now, -EMFILE, -ENFILE, -ENOMEM, -EACCES.
 */
int ovl_realdir_hold(struct ovl_realdir_cache *cache, struct ovl_realdir *dir);
/* The same of one that is open; -1 if it is not. Waits for nothing. */
int ovl_realdir_hold_if_open(struct ovl_realdir_cache *cache, struct ovl_realdir *dir);
void ovl_realdir_release(struct ovl_realdir_cache *cache, struct ovl_realdir *dir);

/* dir is about to be removed (it is held by the caller): its descriptor stays open until it is
 * freed, for nothing else will lead to it. */
void ovl_realdir_keep_open(struct ovl_realdir_cache *cache, struct ovl_realdir *dir);

/*
 * renameat2(2) of a directory, or of anything where moved and other are NULL. moved, the real
 * directory at from, gets its new place; with RENAME_EXCHANGE other, the one at to, gets moved's
 * old place. Nobody can be on the way through either while this happens.
 * Returns 0 or -errno of renameat2(2) with nothing changed.
 */
int ovl_realdir_rename(struct ovl_realdir_cache *cache, struct ovl_realdir *from_dir,
	const char *from, struct ovl_realdir *to_dir, const char *to, unsigned flags,
	struct ovl_realdir *moved, struct ovl_realdir *other);

/* A real object: a name in a real directory, the directory itself (name ""), or, where dir is NULL,
 * what the descriptor fd (O_PATH) is open on. All borrowed. */
struct ovl_real {
	struct ovl_realdir *dir;
	const char *name;
	int fd;
};

/* A real object made ready for system calls. Release it with ovl_real_release(). */
struct ovl_hold {
	struct ovl_realdir_cache *cache;
	struct ovl_realdir *dir; /* held; NULL where nothing needs to be */
	struct sys_at at;
};

/* Returns 0 or -errno as ovl_realdir_hold(). */
int ovl_real_hold(
	struct ovl_realdir_cache *cache, const struct ovl_real *real, struct ovl_hold *ret_hold);
void ovl_real_release(struct ovl_hold *hold);

#define OVL_HOLD_NONE  ((struct ovl_hold){NULL, NULL, {-1, ""}})
#define _cleanup_hold_ __attribute__((cleanup(ovl_real_release)))

#endif
