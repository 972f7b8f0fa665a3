/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A directory index: the merged names of one overlay directory, in memory. It answers a lookup
 * without touching a layer, and a listing from any offset.
 *
 * Every entry has a cookie that is never given twice in the life of the index. A listing goes from
 * the newest entry to the oldest, and the offset at which it goes on is made of the cookie of the
 * last entry seen. So whatever is added or removed in between, no other entry is skipped or
 * repeated, and a listing ends, even while every name that it shows is renamed: new names come
 * before its start.
 *
 * A pure data structure: no system calls, no locks (the owning directory's lock guards it). Only an
 * entry's reference count may be touched without it.
 */
#ifndef OVERLAY_INDEX_H
#define OVERLAY_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One name. Immutable: name, length, hash. The rest: the directory's lock, held for writing to
 * change it; layer, also the lock of the inode that refers to the entry. */
struct ovl_entry {
	union {
		uint64_t st_ino;    /* the inode number that users see: that of the topmost real
				     * object, or, with OVL_ENTRY_ORIGIN, of what it came from or is
				     * merged with */
		int64_t more_links; /* of a file in the link index, which no directory lists: what
				     * users see besides its real links; the inode's lock */
	};
	uint16_t *lowers; /* owned; NULL, or [0] = how many, then the layers below `layer` in which
			   * this name is a directory merged with it, topmost first */
	uint32_t hash;
	uint32_t refs;    /* atomic */
	uint16_t layer;   /* where the topmost object is */
	uint16_t decided; /* topmost lower layer that has the name or a whiteout for it; 0 = none */
	uint8_t type;     /* DT_*; DT_WHT = there is no such file, only a whiteout */
	uint8_t flags;    /* OVL_ENTRY_* */
	uint8_t length;
	char name[];
};

#define OVL_ENTRY_LOWER    0x01 /* some lower layer has the name: removing it takes a whiteout */
#define OVL_ENTRY_UPPER_WH 0x02 /* the upper holds a whiteout device of that name */
#define OVL_ENTRY_CLOSED   0x04 /* no further layer is merged below */
#define OVL_ENTRY_REDIRECT 0x10 /* a directory of the upper whose redirect says what is below */
#define OVL_ENTRY_AUFS_WH  0x08 /* the upper holds .wh.NAME */
#define OVL_ENTRY_ORIGIN   0x20 /* st_ino is not made of the topmost real object's number */
#define OVL_ENTRY_HAS_DATA 0x40 /* a file that was made here, with its data: no metacopy */
#define OVL_ENTRY_IMPURE   0x80 /* a file in a real directory with the impure mark */

/* Is there a file of that name? Not for NULL: no entry. */
static inline bool ovl_entry_is_positive(const struct ovl_entry *entry)
{
	return entry && entry->type != 14 /* DT_WHT */;
}

/* A new entry outside any index, one ref for the caller. NULL = no memory. name is of 1..255
 * bytes and is copied. */
struct ovl_entry *ovl_entry_new(const char *name, uint8_t type, uint16_t layer);
struct ovl_entry *ovl_entry_ref(struct ovl_entry *entry);
/* NULL is allowed. */
void ovl_entry_unref(struct ovl_entry *entry);
/* Appends a layer to lowers. Returns 0 or -ENOMEM. */
int ovl_entry_add_lower(struct ovl_entry *entry, uint16_t layer);

/* A place in the order of listing. */
struct ovl_slot {
	uint64_t cookie;
	struct ovl_entry *entry; /* a ref; NULL where it was removed */
};

struct ovl_index {
	struct ovl_slot *slots; /* by cookie */
	uint32_t *table;        /* open addressing: slot + 1, 0 = free */
	uint32_t n_slots, slots_size;
	uint32_t end_used;   /* no slot from this one on has an entry */
	uint32_t n_entries;  /* slots in use */
	uint32_t n_positive; /* entries that are files: what users see */
	uint32_t table_size; /* a power of two, or 0 */
	uint64_t next_cookie;
};

struct ovl_index *ovl_index_new(void);
void ovl_index_free(struct ovl_index *index);

/* The entry of that name, borrowed, whiteouts included; NULL where there is none. */
struct ovl_entry *ovl_index_get(const struct ovl_index *index, const char *name);

/* Makes sure that the next ovl_index_add() cannot fail. Returns 0 or -ENOMEM. */
int ovl_index_reserve(struct ovl_index *index);

/* Adds an entry whose name is not in the index; takes the caller's ref. Returns 0, or -ENOMEM with
 * the ref still the caller's; cannot fail after ovl_index_reserve(). */
int ovl_index_add(struct ovl_index *index, struct ovl_entry *entry);

/* Puts entry (the caller's ref is taken) in the place of old, which has the same name: same cookie.
 * old loses the index's ref. Cannot fail. */
void ovl_index_replace(struct ovl_index *index, struct ovl_entry *old, struct ovl_entry *entry);

/* Removes entry and drops the index's ref. Cannot fail. */
void ovl_index_remove(struct ovl_index *index, struct ovl_entry *entry);

/* Gives back what was kept ready for further entries. */
void ovl_index_trim(struct ovl_index *index);

/* Counts anew after entry's type changed between file and whiteout. */
void ovl_index_set_type(struct ovl_index *index, struct ovl_entry *entry, uint8_t type);

/* The offset of the entry of that name; OVL_INDEX_START where there is none. */
uint64_t ovl_index_offset(const struct ovl_index *index, const char *name);

/* The offset before the first entry. Those below it are for "." and "..". */
#define OVL_INDEX_START 2

/* The file (whiteouts are passed over) that follows the offset, which becomes its own; NULL at the
 * end. Offsets fit into a positive off_t. */
struct ovl_entry *ovl_index_next(const struct ovl_index *index, uint64_t *offset);

#endif
