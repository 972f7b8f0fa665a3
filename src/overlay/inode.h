/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inodes: what the kernel holds a nodeid of, and their table.
 *
 * An inode is found by its nodeid, and by its key: the real object that it stands for now (file
 * system, inode number), so that all names of a hard link in the upper are one inode. Copy-up
 * changes the key, never the nodeid or the inode number that users see. A lower file with several
 * names is an inode for each name where copying it up breaks the link, as in the kernel with
 * index=off (fs/overlayfs/inode.c, ovl_hash_bylower()); with index=on it is one: link_index.h.
 *
 * Two counts keep an inode: refs, ours, and n_lookups, the kernel's, which FORGET takes back. When
 * both are 0 it goes; with nfs_export=on only once it has lost its name, for a file handle is a
 * nodeid, and must lead to the file also when the kernel has forgotten it. A nodeid is a slot of
 * the table and the generation of that slot, so that a stray FORGET, a late request or an old
 * handle can never hit another inode.
 */
#ifndef OVERLAY_INODE_H
#define OVERLAY_INODE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "index.h"
#include "layer/layer.h"

struct ovl_fs;
struct ovl_file;
struct ovl_metacopy;

struct ovl_inode {
	uint64_t nodeid;          /* immutable */
	uint64_t ino;             /* st_ino; own lock: changes when a hard link is broken */
	uint64_t real_ino;        /* key; table lock */
	uint64_t n_lookups;       /* table lock */
	struct ovl_inode *parent; /* a ref (a directory), NULL for the root; own lock, for a
				   * directory: rename lock */
	struct ovl_entry *entry;  /* a ref: the name by which the real object is reached; NULL for
				   * the root, and where the anchor leads there; own lock */
	struct ovl_file *file;    /* backing file, or NULL; file cache's lock */
	uint32_t refs;            /* table lock */
	uint32_t fsid;            /* key; table lock */
	int anchor;               /* owned: O_PATH descriptor of an upper object without a name, or
				   * -1; own lock */
	uint8_t type : 7;         /* immutable: DT_* */
	uint8_t is_regular : 1;   /* immutable: it is a struct ovl_regular */
	uint8_t flags;            /* OVL_INODE_*; own lock */
	uint8_t protection;       /* atomic: what is known of it; protection.h */
	bool alias;               /* one name of a lower hard link: the key has the name too; table
				   * lock */
};

/* A regular file of an overlay that follows metacopies: all others do without, for there may be
 * millions of them. */
struct ovl_regular {
	struct ovl_inode inode; /* first: it is an inode */
	/* Owned: where the data are if the real object is a metacopy, else NULL; own lock. */
	struct ovl_metacopy *metacopy;
};

/* Where its data are, of a metacopy; NULL of any other. Atomic. */
static inline struct ovl_metacopy *ovl_inode_metacopy(const struct ovl_inode *inode)
{
	const struct ovl_regular *regular = (const struct ovl_regular *)inode;
	return inode->is_regular ? __atomic_load_n(&regular->metacopy, __ATOMIC_RELAXED) : NULL;
}

/* Returns what it was until now, which is the caller's. Only a struct ovl_regular becomes a
 * metacopy. Its lock is held. */
static inline struct ovl_metacopy *ovl_inode_set_metacopy(
	struct ovl_inode *inode, struct ovl_metacopy *metacopy)
{
	struct ovl_regular *regular = (struct ovl_regular *)inode;
	return inode->is_regular
		       ? __atomic_exchange_n(&regular->metacopy, metacopy, __ATOMIC_RELAXED)
		       : metacopy;
}

#define OVL_INODE_COPYING  0x01 /* being copied up: wait for the stripe's condition */
#define OVL_INODE_UNLINKED 0x02 /* its last known name was removed */
#define OVL_INODE_LEARNT   0x04 /* whether it is a metacopy is known */
#define OVL_INODE_UNSYNCED                                                                         \
	0x08 /* the disk may not know yet that its data are the upper's: fdatasync(2) alone would  \
	      * write data that are not found after a crash */
#define OVL_INODE_INDEXED                                                                          \
	0x10 /* its real object stands in the link index, as entry: link_index.h */
#define OVL_INODE_LINKS_KNOWN  0x20 /* entry->more_links is known */
#define OVL_INODE_LINKS_MARKED 0x40 /* and the mark on disk says so, counting from the upper */
#define OVL_INODE_NO_XATTRS    0x80 /* the list of its xattrs was empty; not for directories */

/* A directory. Its lock guards index and entries; who also needs the lock of a child or of a file
 * in it takes that afterwards. */
struct ovl_dir {
	struct ovl_inode inode; /* first: a directory is an inode */
	pthread_rwlock_t lock;
	struct ovl_realdir *upper;   /* a ref; atomic: NULL until copied up, then for good */
	struct ovl_realdir **lowers; /* owned, refs; immutable once index is there */
	unsigned n_lowers;
	struct ovl_realdir *top_lower; /* immutable: lowers[0] as it was first, or NULL; borrowed */
	char *redirect;                /* owned: the upper's redirect mark, or NULL; lock */
	struct ovl_index *index;       /* owned; NULL = not read yet; lock */
	int64_t quiet_ctime;  /* atomic: see ovl_dir_keep_ctime(); 0 = the real one's is shown */
	bool merged;          /* atomic: more than one real directory */
	bool impure;          /* the upper has the impure mark; lock */
	bool xattr_whiteouts; /* it has opaque=x: whiteouts in it may be marked files; lock */
	bool removed;         /* lock */
	bool setgid;          /* atomic: mode has S_ISGID, new files get its group */
	bool knows_times;     /* times are the upper's; lock */
	bool was_lent;        /* atomic: see ovl_inode_lend() */
	struct timespec times[2]; /* atime, mtime: what copying up a file in it keeps; lock */
};

static inline bool ovl_inode_is_dir(const struct ovl_inode *inode)
{
	return inode->type == 4 /* DT_DIR */;
}

/* Only for an inode that is a directory. */
static inline struct ovl_dir *ovl_dir_of(struct ovl_inode *inode)
{
	return (struct ovl_dir *)inode;
}

#define OVL_ROOT_NODEID 1

struct ovl_inode_table {
	pthread_mutex_t lock; /* innermost */
	struct ovl_inode_slot *slots;
	uint32_t n_slots, slots_size;
	uint32_t first_free; /* slot + 1 */
	uint32_t
		generation; /* of slots that are made from now on: those of before must not recur */
	uint32_t *buckets;  /* slot + 1 of the first inode of each chain, 0 = none */
	uint32_t n_buckets, n_inodes;
	bool keeps_forgotten; /* immutable: an inode that has a name stays (nfs_export=on) */
};

int ovl_inode_table_init(struct ovl_inode_table *table);
/* Frees every inode that is left, whatever its counts: the session is over. */
void ovl_inode_table_clear(struct ovl_fs *fs);

/* Makes the table as small as what is in it allows. */
void ovl_inode_table_trim(struct ovl_fs *fs);

/* A new inode outside the table, one ref for the caller: for type DT_DIR a struct ovl_dir. parent
 * and entry may be NULL, else a ref of each is taken. NULL = no memory. */
struct ovl_inode *ovl_inode_new(
	struct ovl_fs *fs, uint8_t type, struct ovl_inode *parent, struct ovl_entry *entry);

/* The real object that an inode stands for. */
struct ovl_key {
	uint32_t fsid;
	uint64_t ino;
	const struct ovl_inode *alias_parent; /* NULL, or an alias: the name is part of the key */
	const char *alias_name;
};

/* The inode of that key with a ref, or NULL. */
struct ovl_inode *ovl_inode_find(struct ovl_fs *fs, const struct ovl_key *key);

/*
 * Puts inode (the caller's ref, which is returned) into the table and gives it a nodeid, unless one
 * of that key is there by now: then inode is unref'd and the other one returned, with a ref.
 * Returns NULL when there is no memory (inode is unref'd).
 */
struct ovl_inode *ovl_inode_add(
	struct ovl_fs *fs, struct ovl_inode *inode, const struct ovl_key *key);

/* After copy-up, or when an upper file has got a name again. */
void ovl_inode_set_key(struct ovl_fs *fs, struct ovl_inode *inode, uint32_t fsid, uint64_t ino);

/* The inode of a nodeid with a ref; NULL where the kernel has no such nodeid (ESTALE). */
struct ovl_inode *ovl_inode_get(struct ovl_fs *fs, uint64_t nodeid);
struct ovl_inode *ovl_inode_ref(struct ovl_fs *fs, struct ovl_inode *inode);
/* A ref to the directory that inode is in, or was in last. Not for the root. */
struct ovl_inode *ovl_inode_get_parent(struct ovl_fs *fs, const struct ovl_inode *inode);
/* NULL is allowed. */
void ovl_inode_unref(struct ovl_fs *fs, struct ovl_inode *inode);

/* The kernel learns of the inode once more (an entry is about to be answered). */
void ovl_inode_add_lookup(struct ovl_fs *fs, struct ovl_inode *inode);
/* FORGET: the kernel lets go of n lookups. More than it has are ignored. Returns whether it has
 * none any more. */
bool ovl_inode_forget(struct ovl_fs *fs, uint64_t nodeid, uint64_t n);

/*
 * Locks of inodes that are no directories: a fixed number of mutexes, an inode's by its address,
 * for a mutex in each would be half of its memory. Taken after the locks of directories. Two at
 * once only by ovl_inode_lock_pair().
 */
#define OVL_N_STRIPES 256

struct ovl_stripe {
	pthread_mutex_t lock;
	pthread_cond_t copied; /* an OVL_INODE_COPYING was taken away */
	bool was_lent;         /* see ovl_inode_lend() */
};

void ovl_inode_lock(struct ovl_fs *fs, const struct ovl_inode *inode);
/*
 * Its owner, who may not do what he must to the real object, changes its mode for a moment: from
 * now on its mode and ACL count only as they are seen with its lock held, for the kernel would keep
 * the other ones. Own lock (of a directory for writing).
 */
void ovl_inode_lend(struct ovl_fs *fs, struct ovl_inode *inode);
/* Asked after looking without the lock: has somebody done so? Of a file: with its lock held; true
 * is also said of one that shares its lock. */
bool ovl_inode_was_lent(struct ovl_fs *fs, const struct ovl_inode *inode);

bool ovl_inode_trylock(struct ovl_fs *fs, const struct ovl_inode *inode);
void ovl_inode_unlock(struct ovl_fs *fs, const struct ovl_inode *inode);
/* Either may be NULL or a directory: then it is left out. */
void ovl_inode_lock_pair(struct ovl_fs *fs, const struct ovl_inode *a, const struct ovl_inode *b);
void ovl_inode_unlock_pair(struct ovl_fs *fs, const struct ovl_inode *a, const struct ovl_inode *b);
/* Gives the lock up while inode is being copied up by another thread; holds it again on return. */
void ovl_inode_wait_copied(struct ovl_fs *fs, const struct ovl_inode *inode);
void ovl_inode_wake_copied(struct ovl_fs *fs, const struct ovl_inode *inode);

/* The upper directory, or NULL while it has not been copied up. */
static inline struct ovl_realdir *ovl_dir_upper(const struct ovl_dir *dir)
{
	return __atomic_load_n(&dir->upper, __ATOMIC_ACQUIRE);
}

/* dir's real directory in a layer that is part of it. Borrowed from dir. */
struct ovl_realdir *ovl_dir_real(const struct ovl_dir *dir, unsigned layer);

/* The topmost real directory. Borrowed from dir. */
struct ovl_realdir *ovl_dir_top(const struct ovl_dir *dir);

/*
 * Copy-up moves the change time of the real directory, though users have changed nothing in it, and
 * the kernel, which keeps attributes, would learn of that at some later time: tar(1) then takes the
 * directory for changed while it was read. So users go on seeing ctime, that of before, until one
 * of them changes the directory. dir's lock is held for writing.
 */
void ovl_dir_keep_ctime(struct ovl_dir *dir, struct timespec ctime);
bool ovl_dir_keeps_ctime(const struct ovl_dir *dir);

/* A user has changed inode (if it is a directory): the real change time is shown again. Called
 * after the change, before it is answered. */
void ovl_dir_changed(struct ovl_inode *inode);

/* Writes the change time that users see to st. */
void ovl_dir_show_ctime(const struct ovl_dir *dir, struct stat *st);

/* Where the real object of inode is now. Valid while its lock is held (a directory: always). */
struct ovl_real ovl_inode_real(const struct ovl_inode *inode);

/* Is the real object in the upper? Its lock is held. */
bool ovl_inode_is_upper(const struct ovl_inode *inode);

/* Is the inode number that users see another than that of the real object in the upper? */
bool ovl_inode_has_origin(struct ovl_fs *fs, const struct ovl_inode *inode);

/* Gives inode another name; takes refs, drops the old ones. Its lock is held (a directory: also the
 * rename lock). Where the inode had an anchor it is closed. One that is INDEXED is reached by no
 * name and keeps its place. */
void ovl_inode_set_name(struct ovl_fs *fs, struct ovl_inode *inode, struct ovl_inode *parent,
	struct ovl_entry *entry);

/* The name by which the inode was reached is gone. What is in the upper is from now on reached by
 * anchor, an O_PATH descriptor of it (taken); what is in a lower layer still stands there (anchor
 * is -1). Its lock is held. */
void ovl_inode_set_unlinked(struct ovl_fs *fs, struct ovl_inode *inode, int anchor);

#endif
