/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Slots in the order of cookies, and a hash table of slot numbers. Removing leaves a hole in both
 * (in the table: the slot number stays, the slot is empty); when holes outnumber entries both are
 * rebuilt. Cookies survive that, so offsets that were given out stay good.
 */
#include "index.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MIN_SLOTS 4

static uint32_t hash_name(const char *name, size_t length)
{
	uint32_t hash = 2166136261u; /* FNV-1a, then mixed: the low bits choose the bucket */
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (uint8_t)name[i]) * 16777619u;
	return hash ^ hash >> 15;
}

struct ovl_entry *ovl_entry_new(const char *name, uint8_t type, uint16_t layer)
{
	size_t length = strlen(name);
	struct ovl_entry *entry = malloc(sizeof(*entry) + length + 1);
	if (!entry)
		return NULL;
	*entry = (struct ovl_entry){
		.hash = hash_name(name, length),
		.refs = 1,
		.layer = layer,
		.type = type,
		.length = (uint8_t)length,
	};
	memcpy(entry->name, name, length + 1);
	return entry;
}

struct ovl_entry *ovl_entry_ref(struct ovl_entry *entry)
{
	__atomic_add_fetch(&entry->refs, 1, __ATOMIC_RELAXED);
	return entry;
}

void ovl_entry_unref(struct ovl_entry *entry)
{
	if (!entry || __atomic_sub_fetch(&entry->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	free(entry->lowers);
	free(entry);
}

int ovl_entry_add_lower(struct ovl_entry *entry, uint16_t layer)
{
	size_t n = entry->lowers ? entry->lowers[0] : 0;
	uint16_t *lowers = realloc(entry->lowers, (n + 2) * sizeof(*lowers));
	if (!lowers)
		return -ENOMEM;
	lowers[0] = (uint16_t)(n + 1);
	lowers[n + 1] = layer;
	entry->lowers = lowers;
	return 0;
}

struct ovl_index *ovl_index_new(void)
{
	struct ovl_index *index = calloc(1, sizeof(*index));
	if (index)
		index->next_cookie = 1;
	return index;
}

void ovl_index_free(struct ovl_index *index)
{
	if (!index)
		return;
	for (uint32_t i = 0; i < index->n_slots; i++)
		ovl_entry_unref(index->slots[i].entry);
	free(index->slots);
	free(index->table);
	free(index);
}

/* The slot of the entry of that name; n_slots where there is none. */
static uint32_t find_slot(
	const struct ovl_index *index, const char *name, size_t length, uint32_t hash)
{
	uint32_t mask = index->table_size - 1;

	if (index->table_size == 0)
		return index->n_slots;
	for (uint32_t at = hash & mask; index->table[at]; at = (at + 1) & mask) {
		uint32_t slot = index->table[at] - 1;
		const struct ovl_entry *entry = index->slots[slot].entry;
		if (entry && entry->hash == hash && entry->length == length &&
			memcmp(entry->name, name, length) == 0)
			return slot;
	}
	return index->n_slots;
}

struct ovl_entry *ovl_index_get(const struct ovl_index *index, const char *name)
{
	size_t length = strlen(name);
	uint32_t slot = find_slot(index, name, length, hash_name(name, length));
	return slot < index->n_slots ? index->slots[slot].entry : NULL;
}

static void table_insert(uint32_t *table, uint32_t size, uint32_t hash, uint32_t slot)
{
	uint32_t at = hash & (size - 1);
	while (table[at])
		at = (at + 1) & (size - 1);
	table[at] = slot + 1;
}

/* The table has at least a third of free places. */
static uint32_t table_size_for(uint32_t n_slots)
{
	uint32_t size = 2 * MIN_SLOTS;
	while (size < n_slots + n_slots / 2)
		size *= 2;
	return size;
}

/* Makes slots and table anew, without holes, for so many entries. */
static int rebuild(struct ovl_index *index, uint32_t wanted)
{
	if (wanted < MIN_SLOTS)
		wanted = MIN_SLOTS;
	uint32_t table_size = table_size_for(wanted);

	struct ovl_slot *slots = malloc(wanted * sizeof(*slots));
	uint32_t *table = calloc(table_size, sizeof(*table));
	if (!slots || !table) {
		free(slots);
		free(table);
		return -ENOMEM;
	}
	uint32_t n = 0;
	for (uint32_t i = 0; i < index->n_slots; i++) {
		if (!index->slots[i].entry)
			continue;
		table_insert(table, table_size, index->slots[i].entry->hash, n);
		slots[n++] = index->slots[i];
	}
	free(index->slots);
	free(index->table);
	index->slots = slots;
	index->table = table;
	index->n_slots = n;
	index->slots_size = wanted;
	index->table_size = table_size;
	index->end_used = n;
	return 0;
}

int ovl_index_reserve(struct ovl_index *index)
{
	return index->n_slots < index->slots_size ? 0 : rebuild(index, index->n_entries * 2);
}

int ovl_index_add(struct ovl_index *index, struct ovl_entry *entry)
{
	int r = ovl_index_reserve(index);
	if (r < 0)
		return r;
	table_insert(index->table, index->table_size, entry->hash, index->n_slots);
	index->slots[index->n_slots++] = (struct ovl_slot){index->next_cookie++, entry};
	index->end_used = index->n_slots;
	index->n_entries++;
	index->n_positive += ovl_entry_is_positive(entry);
	return 0;
}

void ovl_index_replace(struct ovl_index *index, struct ovl_entry *old, struct ovl_entry *entry)
{
	uint32_t slot = find_slot(index, old->name, old->length, old->hash);
	index->slots[slot].entry = entry;
	index->n_positive += ovl_entry_is_positive(entry);
	index->n_positive -= ovl_entry_is_positive(old);
	ovl_entry_unref(old);
}

void ovl_index_remove(struct ovl_index *index, struct ovl_entry *entry)
{
	uint32_t slot = find_slot(index, entry->name, entry->length, entry->hash);
	index->slots[slot].entry = NULL;
	index->n_entries--;
	index->n_positive -= ovl_entry_is_positive(entry);
	ovl_entry_unref(entry);
	while (index->end_used > 0 && !index->slots[index->end_used - 1].entry)
		index->end_used--;
	/* For want of memory the holes just stay until the next time. */
	if (index->n_slots > 4 * MIN_SLOTS && index->n_entries < index->n_slots / 4)
		rebuild(index, index->n_entries * 2);
}

void ovl_index_trim(struct ovl_index *index)
{
	if (index->n_entries < index->slots_size && index->slots_size > MIN_SLOTS)
		rebuild(index, index->n_entries); /* without memory it stays as large as it is */
}

void ovl_index_set_type(struct ovl_index *index, struct ovl_entry *entry, uint8_t type)
{
	index->n_positive -= ovl_entry_is_positive(entry);
	entry->type = type;
	index->n_positive += ovl_entry_is_positive(entry);
}

/* Offsets grow as cookies fall. */
#define OFFSET_OF_COOKIE_0 ((uint64_t)1 << 62)

uint64_t ovl_index_offset(const struct ovl_index *index, const char *name)
{
	size_t length = strlen(name);
	uint32_t slot = find_slot(index, name, length, hash_name(name, length));
	return slot < index->n_slots ? OFFSET_OF_COOKIE_0 - index->slots[slot].cookie
				     : OVL_INDEX_START;
}

struct ovl_entry *ovl_index_next(const struct ovl_index *index, uint64_t *offset)
{
	uint64_t last = OFFSET_OF_COOKIE_0 - *offset; /* the cookie seen last, or more than any */
	uint32_t low = 0, high = index->end_used;

	if (*offset >= OFFSET_OF_COOKIE_0)
		return NULL;
	while (low < high) { /* the first slot whose cookie is not below it */
		uint32_t middle = low + (high - low) / 2;
		if (index->slots[middle].cookie < last)
			low = middle + 1;
		else
			high = middle;
	}
	while (low > 0) {
		const struct ovl_slot *slot = &index->slots[--low];
		if (ovl_entry_is_positive(slot->entry)) {
			*offset = OFFSET_OF_COOKIE_0 - slot->cookie;
			return slot->entry;
		}
	}
	return NULL;
}
