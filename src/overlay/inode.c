/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inode.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "fs.h"
#include "metacopy.h"

/* A slot is in use (inode) or free. Its generation grows when it becomes free. */
struct ovl_inode_slot {
	struct ovl_inode *inode;
	uint32_t next; /* in use: the next of the hash chain; free: the next free one (slot + 1,
			* 0 = end) */
	uint32_t generation;
};

#define FIRST_BUCKETS 64

int ovl_inode_table_init(struct ovl_inode_table *table)
{
	*table = (struct ovl_inode_table){.n_buckets = FIRST_BUCKETS};
	table->buckets = calloc(FIRST_BUCKETS, sizeof(*table->buckets));
	if (!table->buckets)
		return -ENOMEM;
	return -pthread_mutex_init(&table->lock, NULL);
}

/* Cuts off the free slots at the end. What comes there later starts with a generation that none of
 * them has had. */
static void cut_slots_locked(struct ovl_inode_table *table)
{
	while (table->n_slots > 0 && !table->slots[table->n_slots - 1].inode) {
		uint32_t generation = table->slots[--table->n_slots].generation;
		if (generation > table->generation)
			table->generation = generation;
	}
	table->first_free = 0;
	for (uint32_t i = table->n_slots; i-- > 0;) {
		if (table->slots[i].inode)
			continue;
		table->slots[i].next = table->first_free;
		table->first_free = i + 1;
	}
	uint32_t size = table->n_slots ? table->n_slots : 1;
	struct ovl_inode_slot *slots = realloc(table->slots, size * sizeof(*slots));
	if (!slots)
		return;
	table->slots = slots;
	table->slots_size = size;
}

static uint64_t make_nodeid(const struct ovl_inode_table *table, uint32_t slot)
{
	return (uint64_t)table->slots[slot].generation << 32 | (slot + 1);
}

static struct ovl_inode *from_nodeid_locked(const struct ovl_inode_table *table, uint64_t nodeid)
{
	uint32_t slot = (uint32_t)nodeid - 1;
	if (slot >= table->n_slots || make_nodeid(table, slot) != nodeid)
		return NULL;
	return table->slots[slot].inode;
}

/* Returns the slot, or -1 for want of memory. */
static int64_t take_slot_locked(struct ovl_inode_table *table)
{
	if (table->first_free) {
		uint32_t slot = table->first_free - 1;
		table->first_free = table->slots[slot].next;
		return slot;
	}
	if (table->n_slots == table->slots_size) {
		uint32_t size = table->slots_size ? table->slots_size * 2 : 64;
		struct ovl_inode_slot *slots = realloc(table->slots, size * sizeof(*slots));
		if (!slots)
			return -1;
		table->slots = slots;
		table->slots_size = size;
	}
	table->slots[table->n_slots] = (struct ovl_inode_slot){.generation = table->generation};
	return table->n_slots++;
}

static void free_slot_locked(struct ovl_inode_table *table, uint64_t nodeid)
{
	uint32_t slot = (uint32_t)nodeid - 1;
	table->slots[slot].inode = NULL;
	table->slots[slot].generation++;
	table->slots[slot].next = table->first_free;
	table->first_free = slot + 1;
}

static uint32_t *bucket(const struct ovl_inode_table *table, uint32_t fsid, uint64_t ino)
{
	uint64_t hash = (ino ^ (uint64_t)fsid << 48) * 0x9E3779B97F4A7C15u;
	return &table->buckets[hash >> 40 & (table->n_buckets - 1)];
}

static void hash_insert_locked(struct ovl_inode_table *table, struct ovl_inode *inode)
{
	uint32_t *at = bucket(table, inode->fsid, inode->real_ino);
	uint32_t slot = (uint32_t)inode->nodeid - 1;
	table->slots[slot].next = *at;
	*at = slot + 1;
}

static void hash_remove_locked(struct ovl_inode_table *table, struct ovl_inode *inode)
{
	uint32_t *at = bucket(table, inode->fsid, inode->real_ino);
	while (*at && table->slots[*at - 1].inode != inode)
		at = &table->slots[*at - 1].next;
	if (*at)
		*at = table->slots[*at - 1].next;
}

/* Another number of buckets, a power of two. Without memory things stay as they are. */
static void set_buckets_locked(struct ovl_inode_table *table, uint32_t n)
{
	uint32_t *buckets = calloc(n, sizeof(*buckets));
	if (!buckets)
		return;
	free(table->buckets);
	table->buckets = buckets;
	table->n_buckets = n;
	for (uint32_t i = 0; i < table->n_slots; i++)
		if (table->slots[i].inode)
			hash_insert_locked(table, table->slots[i].inode);
}

static void grow_buckets_locked(struct ovl_inode_table *table)
{
	if (table->n_inodes > table->n_buckets && table->n_buckets < 1u << 23)
		set_buckets_locked(table, table->n_buckets * 2);
}

void ovl_inode_table_trim(struct ovl_fs *fs)
{
	struct ovl_inode_table *table = &fs->inodes;
	uint32_t n = FIRST_BUCKETS;

	pthread_mutex_lock(&table->lock);
	while (n < table->n_inodes)
		n *= 2;
	if (n < table->n_buckets)
		set_buckets_locked(table, n);
	if (table->n_inodes < table->slots_size / 2)
		cut_slots_locked(table);
	pthread_mutex_unlock(&table->lock);
}

static bool is_alias_of(const struct ovl_inode *inode, const struct ovl_key *key)
{
	if (!key->alias_parent)
		return !inode->alias;
	return inode->alias && inode->parent == key->alias_parent && inode->entry &&
	       strcmp(inode->entry->name, key->alias_name) == 0;
}

static struct ovl_inode *find_locked(const struct ovl_inode_table *table, const struct ovl_key *key)
{
	for (uint32_t at = *bucket(table, key->fsid, key->ino); at;
		at = table->slots[at - 1].next) {
		struct ovl_inode *inode = table->slots[at - 1].inode;
		if (inode->fsid == key->fsid && inode->real_ino == key->ino &&
			is_alias_of(inode, key))
			return inode;
	}
	return NULL;
}

struct ovl_inode *ovl_inode_new(
	struct ovl_fs *fs, uint8_t type, struct ovl_inode *parent, struct ovl_entry *entry)
{
	bool is_dir = type == DT_DIR;
	bool is_regular = type == DT_REG && fs->metacopy != OVL_METACOPY_REFUSED;
	struct ovl_inode *inode = calloc(1, is_dir       ? sizeof(struct ovl_dir)
					    : is_regular ? sizeof(struct ovl_regular)
							 : sizeof(struct ovl_inode));
	if (!inode)
		return NULL;
	if (is_dir && pthread_rwlock_init(&ovl_dir_of(inode)->lock, NULL) != 0) {
		free(inode);
		return NULL;
	}
	inode->type = type;
	inode->is_regular = is_regular;
	inode->refs = 1;
	inode->anchor = -1;
	inode->parent = parent ? ovl_inode_ref(fs, parent) : NULL;
	inode->entry = entry ? ovl_entry_ref(entry) : NULL;
	return inode;
}

struct ovl_inode *ovl_inode_find(struct ovl_fs *fs, const struct ovl_key *key)
{
	struct ovl_inode_table *table = &fs->inodes;
	pthread_mutex_lock(&table->lock);
	struct ovl_inode *inode = find_locked(table, key);
	if (inode)
		inode->refs++;
	pthread_mutex_unlock(&table->lock);
	return inode;
}

struct ovl_inode *ovl_inode_add(
	struct ovl_fs *fs, struct ovl_inode *inode, const struct ovl_key *key)
{
	struct ovl_inode_table *table = &fs->inodes;

	pthread_mutex_lock(&table->lock);
	struct ovl_inode *there = find_locked(table, key);
	int64_t slot = there ? -1 : take_slot_locked(table);
	if (there) {
		there->refs++;
	} else if (slot >= 0) {
		table->slots[slot].inode = inode;
		inode->nodeid = make_nodeid(table, (uint32_t)slot);
		inode->fsid = key->fsid;
		inode->real_ino = key->ino;
		inode->alias = key->alias_parent != NULL;
		hash_insert_locked(table, inode);
		table->n_inodes++;
		grow_buckets_locked(table);
		there = inode;
	}
	pthread_mutex_unlock(&table->lock);
	if (there != inode)
		ovl_inode_unref(fs, inode);
	return there;
}

void ovl_inode_set_key(struct ovl_fs *fs, struct ovl_inode *inode, uint32_t fsid, uint64_t ino)
{
	struct ovl_inode_table *table = &fs->inodes;
	pthread_mutex_lock(&table->lock);
	hash_remove_locked(table, inode);
	inode->fsid = fsid;
	inode->real_ino = ino;
	inode->alias = false;
	hash_insert_locked(table, inode);
	pthread_mutex_unlock(&table->lock);
}

struct ovl_inode *ovl_inode_get(struct ovl_fs *fs, uint64_t nodeid)
{
	struct ovl_inode_table *table = &fs->inodes;
	pthread_mutex_lock(&table->lock);
	struct ovl_inode *inode = from_nodeid_locked(table, nodeid);
	if (inode)
		inode->refs++;
	pthread_mutex_unlock(&table->lock);
	return inode;
}

struct ovl_inode *ovl_inode_ref(struct ovl_fs *fs, struct ovl_inode *inode)
{
	pthread_mutex_lock(&fs->inodes.lock);
	inode->refs++;
	pthread_mutex_unlock(&fs->inodes.lock);
	return inode;
}

struct ovl_inode *ovl_inode_get_parent(struct ovl_fs *fs, const struct ovl_inode *inode)
{
	pthread_mutex_lock(&fs->inodes.lock);
	struct ovl_inode *parent = inode->parent;
	parent->refs++;
	pthread_mutex_unlock(&fs->inodes.lock);
	return parent;
}

/* Frees all but the parent's ref, which is returned. */
static struct ovl_inode *destroy(struct ovl_fs *fs, struct ovl_inode *inode)
{
	struct ovl_inode *parent = inode->parent;
	ovl_file_drop(fs, inode);
	ovl_metacopy_free(fs, ovl_inode_metacopy(inode));
	if (inode->anchor >= 0)
		close(inode->anchor);
	ovl_entry_unref(inode->entry);
	if (ovl_inode_is_dir(inode)) {
		struct ovl_dir *dir = ovl_dir_of(inode);
		ovl_index_free(dir->index);
		ovl_realdir_unref(&fs->dirs, dir->upper);
		for (unsigned i = 0; i < dir->n_lowers; i++)
			ovl_realdir_unref(&fs->dirs, dir->lowers[i]);
		free(dir->lowers);
		free(dir->redirect);
		pthread_rwlock_destroy(&dir->lock);
	}
	free(inode);
	return parent;
}

/* Takes inode out of the table when nobody keeps it. Returns whether it is to be destroyed. Who
 * changes flags has a ref, so without any they stay as they are. */
static bool retire_locked(struct ovl_inode_table *table, struct ovl_inode *inode)
{
	if (inode->refs > 0 || inode->n_lookups > 0)
		return false;
	if (table->keeps_forgotten && inode->nodeid && !(inode->flags & OVL_INODE_UNLINKED))
		return false;
	if (inode->nodeid) {
		hash_remove_locked(table, inode);
		free_slot_locked(table, inode->nodeid);
		table->n_inodes--;
	}
	return true;
}

void ovl_inode_unref(struct ovl_fs *fs, struct ovl_inode *inode)
{
	while (inode) {
		pthread_mutex_lock(&fs->inodes.lock);
		inode->refs--;
		bool gone = retire_locked(&fs->inodes, inode);
		pthread_mutex_unlock(&fs->inodes.lock);
		if (!gone)
			return;
		inode = destroy(fs, inode);
	}
}

void ovl_inode_add_lookup(struct ovl_fs *fs, struct ovl_inode *inode)
{
	pthread_mutex_lock(&fs->inodes.lock);
	inode->n_lookups++;
	pthread_mutex_unlock(&fs->inodes.lock);
}

bool ovl_inode_forget(struct ovl_fs *fs, uint64_t nodeid, uint64_t n)
{
	struct ovl_inode_table *table = &fs->inodes;
	bool gone = false, are_all = false;

	pthread_mutex_lock(&table->lock);
	struct ovl_inode *inode = from_nodeid_locked(table, nodeid);
	if (inode && nodeid != OVL_ROOT_NODEID) {
		inode->n_lookups -= n < inode->n_lookups ? n : inode->n_lookups;
		are_all = inode->n_lookups == 0;
		gone = retire_locked(table, inode);
	}
	pthread_mutex_unlock(&table->lock);
	if (gone)
		ovl_inode_unref(fs, destroy(fs, inode));
	return are_all;
}

void ovl_inode_table_clear(struct ovl_fs *fs)
{
	struct ovl_inode_table *table = &fs->inodes;
	for (uint32_t i = 0; i < table->n_slots; i++)
		if (table->slots[i].inode)
			destroy(fs, table->slots[i].inode);
	if (fs->link_index) /* has no slot */
		destroy(fs, &fs->link_index->inode);
	free(table->slots);
	free(table->buckets);
	pthread_mutex_destroy(&table->lock);
}

static unsigned stripe_of(const struct ovl_inode *inode)
{
	return (unsigned)((uintptr_t)inode / 96 % OVL_N_STRIPES);
}

void ovl_inode_lock(struct ovl_fs *fs, const struct ovl_inode *inode)
{
	pthread_mutex_lock(&fs->stripes[stripe_of(inode)].lock);
}

void ovl_inode_lend(struct ovl_fs *fs, struct ovl_inode *inode)
{
	if (ovl_inode_is_dir(inode))
		__atomic_store_n(&ovl_dir_of(inode)->was_lent, true, __ATOMIC_SEQ_CST);
	else
		fs->stripes[stripe_of(inode)].was_lent = true;
}

bool ovl_inode_was_lent(struct ovl_fs *fs, const struct ovl_inode *inode)
{
	const struct ovl_dir *dir = (const struct ovl_dir *)inode;
	return ovl_inode_is_dir(inode) ? __atomic_load_n(&dir->was_lent, __ATOMIC_SEQ_CST)
				       : fs->stripes[stripe_of(inode)].was_lent;
}

bool ovl_inode_trylock(struct ovl_fs *fs, const struct ovl_inode *inode)
{
	return pthread_mutex_trylock(&fs->stripes[stripe_of(inode)].lock) == 0;
}

void ovl_inode_unlock(struct ovl_fs *fs, const struct ovl_inode *inode)
{
	pthread_mutex_unlock(&fs->stripes[stripe_of(inode)].lock);
}

/* The stripes of a pair in the order of locking; returns how many there are. */
static unsigned pair_stripes(
	const struct ovl_inode *a, const struct ovl_inode *b, unsigned ret_stripes[2])
{
	unsigned n = 0;
	if (a && !ovl_inode_is_dir(a))
		ret_stripes[n++] = stripe_of(a);
	if (b && !ovl_inode_is_dir(b) && !(n == 1 && ret_stripes[0] == stripe_of(b)))
		ret_stripes[n++] = stripe_of(b);
	if (n == 2 && ret_stripes[0] > ret_stripes[1]) {
		unsigned first = ret_stripes[1];
		ret_stripes[1] = ret_stripes[0];
		ret_stripes[0] = first;
	}
	return n;
}

void ovl_inode_lock_pair(struct ovl_fs *fs, const struct ovl_inode *a, const struct ovl_inode *b)
{
	unsigned stripes[2], n = pair_stripes(a, b, stripes);
	for (unsigned i = 0; i < n; i++)
		pthread_mutex_lock(&fs->stripes[stripes[i]].lock);
}

void ovl_inode_unlock_pair(struct ovl_fs *fs, const struct ovl_inode *a, const struct ovl_inode *b)
{
	unsigned stripes[2], n = pair_stripes(a, b, stripes);
	for (unsigned i = 0; i < n; i++)
		pthread_mutex_unlock(&fs->stripes[stripes[i]].lock);
}

void ovl_inode_wait_copied(struct ovl_fs *fs, const struct ovl_inode *inode)
{
	struct ovl_stripe *stripe = &fs->stripes[stripe_of(inode)];
	while (inode->flags & OVL_INODE_COPYING)
		pthread_cond_wait(&stripe->copied, &stripe->lock);
}

void ovl_inode_wake_copied(struct ovl_fs *fs, const struct ovl_inode *inode)
{
	pthread_cond_broadcast(&fs->stripes[stripe_of(inode)].copied);
}

struct ovl_realdir *ovl_dir_real(const struct ovl_dir *dir, unsigned layer)
{
	if (layer == OVL_UPPER)
		return ovl_dir_upper(dir);
	unsigned low = 0, high = dir->n_lowers;
	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		if (dir->lowers[middle]->layer->index < layer)
			low = middle + 1;
		else
			high = middle;
	}
	return dir->lowers[low];
}

struct ovl_realdir *ovl_dir_top(const struct ovl_dir *dir)
{
	struct ovl_realdir *upper = ovl_dir_upper(dir);
	return upper ? upper : dir->top_lower;
}

#define NSEC_PER_SEC 1000000000

void ovl_dir_keep_ctime(struct ovl_dir *dir, struct timespec ctime)
{
	int64_t kept = (int64_t)ctime.tv_sec * NSEC_PER_SEC + ctime.tv_nsec;
	if (__atomic_load_n(&dir->quiet_ctime, __ATOMIC_RELAXED) == 0 && kept > 0)
		__atomic_store_n(&dir->quiet_ctime, kept, __ATOMIC_RELAXED);
}

bool ovl_dir_keeps_ctime(const struct ovl_dir *dir)
{
	return __atomic_load_n(&dir->quiet_ctime, __ATOMIC_RELAXED) != 0;
}

void ovl_dir_changed(struct ovl_inode *inode)
{
	if (ovl_inode_is_dir(inode))
		__atomic_store_n(&ovl_dir_of(inode)->quiet_ctime, 0, __ATOMIC_RELAXED);
}

void ovl_dir_show_ctime(const struct ovl_dir *dir, struct stat *st)
{
	int64_t kept = __atomic_load_n(&dir->quiet_ctime, __ATOMIC_RELAXED);
	if (kept != 0)
		st->st_ctim = (struct timespec){kept / NSEC_PER_SEC, kept % NSEC_PER_SEC};
}

struct ovl_real ovl_inode_real(const struct ovl_inode *inode)
{
	if (ovl_inode_is_dir(inode))
		return (struct ovl_real){ovl_dir_top((const struct ovl_dir *)inode), "", -1};
	if (!inode->entry)
		return (struct ovl_real){NULL, "", inode->anchor};
	const struct ovl_dir *parent = (const struct ovl_dir *)inode->parent;
	return (struct ovl_real){ovl_dir_real(parent, inode->entry->layer), inode->entry->name, -1};
}

bool ovl_inode_is_upper(const struct ovl_inode *inode)
{
	if (ovl_inode_is_dir(inode))
		return ovl_dir_upper((const struct ovl_dir *)inode) != NULL;
	return !inode->entry || inode->entry->layer == OVL_UPPER;
}

bool ovl_inode_has_origin(struct ovl_fs *fs, const struct ovl_inode *inode)
{
	pthread_mutex_lock(&fs->inodes.lock);
	bool has = inode->ino != ovl_map_ino(fs, inode->fsid, inode->real_ino);
	pthread_mutex_unlock(&fs->inodes.lock);
	return has;
}

void ovl_inode_set_name(struct ovl_fs *fs, struct ovl_inode *inode, struct ovl_inode *parent,
	struct ovl_entry *entry)
{
	struct ovl_inode *old_parent = inode->parent;
	struct ovl_entry *old_entry = inode->entry;

	if (inode->flags & OVL_INODE_INDEXED)
		return;
	/* is_alias_of() reads both under the table's lock alone. */
	ovl_inode_ref(fs, parent);
	ovl_entry_ref(entry);
	pthread_mutex_lock(&fs->inodes.lock);
	inode->parent = parent;
	inode->entry = entry;
	pthread_mutex_unlock(&fs->inodes.lock);
	if (inode->anchor >= 0) {
		close(inode->anchor);
		inode->anchor = -1;
	}
	inode->flags &= (uint8_t)~OVL_INODE_UNLINKED;
	ovl_entry_unref(old_entry);
	ovl_inode_unref(fs, old_parent);
}

void ovl_inode_set_unlinked(struct ovl_fs *fs, struct ovl_inode *inode, int anchor)
{
	inode->flags |= OVL_INODE_UNLINKED;
	if (anchor < 0)
		return;
	inode->anchor = anchor;
	pthread_mutex_lock(&fs->inodes.lock);
	struct ovl_entry *entry = inode->entry;
	inode->entry = NULL;
	pthread_mutex_unlock(&fs->inodes.lock);
	ovl_entry_unref(entry);
}
