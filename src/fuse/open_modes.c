/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "open_modes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void ovl_open_modes_init(struct ovl_open_modes *modes)
{
	memset(modes->buckets, 0, sizeof(modes->buckets));
	pthread_mutex_init(&modes->lock, NULL);
}

void ovl_open_modes_clear(struct ovl_open_modes *modes)
{
	for (unsigned i = 0; i < OVL_N_OPEN_BUCKETS; i++) {
		while (modes->buckets[i]) {
			struct ovl_open_inode *first = modes->buckets[i];
			modes->buckets[i] = first->next;
			free(first);
		}
	}
	pthread_mutex_destroy(&modes->lock);
}

/* Where the pointer to it is, or would be. A nodeid is a slot, counted up, and its generation. */
static struct ovl_open_inode **find_locked(struct ovl_open_modes *modes, uint64_t nodeid)
{
	struct ovl_open_inode **at = &modes->buckets[nodeid % OVL_N_OPEN_BUCKETS];
	while (*at && (*at)->nodeid != nodeid)
		at = &(*at)->next;
	return at;
}

static bool join_locked(struct ovl_open_inode *inode, bool writes, int *ret_backing)
{
	if (!inode || inode->n_opens == 0)
		return false;
	inode->n_opens++;
	inode->n_writers += writes;
	*ret_backing = inode->backing;
	return true;
}

bool ovl_open_modes_join(
	struct ovl_open_modes *modes, uint64_t nodeid, bool writes, int *ret_backing)
{
	pthread_mutex_lock(&modes->lock);
	bool joined = join_locked(*find_locked(modes, nodeid), writes, ret_backing);
	pthread_mutex_unlock(&modes->lock);
	return joined;
}

static int begin_locked(
	struct ovl_open_modes *modes, uint64_t nodeid, bool writes, int backing, int *ret_backing)
{
	struct ovl_open_inode **at = find_locked(modes, nodeid);
	if (join_locked(*at, writes, ret_backing))
		return 0;
	if (!*at)
		*at = calloc(1, sizeof(**at));
	if (!*at)
		return -ENOMEM;
	(*at)->nodeid = nodeid;
	(*at)->n_opens = 1;
	(*at)->n_writers = writes;
	*ret_backing = (*at)->backing = backing;
	return 0;
}

int ovl_open_modes_begin(
	struct ovl_open_modes *modes, uint64_t nodeid, bool writes, int backing, int *ret_backing)
{
	pthread_mutex_lock(&modes->lock);
	int r = begin_locked(modes, nodeid, writes, backing, ret_backing);
	pthread_mutex_unlock(&modes->lock);
	return r;
}

/* There is nothing to be remembered of it. */
static void remove_idle_locked(struct ovl_open_inode **at)
{
	struct ovl_open_inode *inode = *at;
	if (inode->n_opens > 0 || inode->is_mappable)
		return;
	*at = inode->next;
	free(inode);
}

static int leave_locked(struct ovl_open_inode **at, bool writes)
{
	struct ovl_open_inode *inode = *at;
	if (!inode || inode->n_opens == 0)
		return 0;
	inode->n_writers -= writes && inode->n_writers > 0;
	if (--inode->n_opens > 0)
		return 0;
	int unused = inode->backing;
	remove_idle_locked(at);
	return unused;
}

int ovl_open_modes_leave(struct ovl_open_modes *modes, uint64_t nodeid, bool writes)
{
	pthread_mutex_lock(&modes->lock);
	int unused = leave_locked(find_locked(modes, nodeid), writes);
	pthread_mutex_unlock(&modes->lock);
	return unused;
}

bool ovl_open_modes_has_writers(struct ovl_open_modes *modes, uint64_t nodeid)
{
	pthread_mutex_lock(&modes->lock);
	const struct ovl_open_inode *inode = *find_locked(modes, nodeid);
	bool has_writers =
		inode && inode->n_opens > 0 && inode->backing > 0 && inode->n_writers > 0;
	pthread_mutex_unlock(&modes->lock);
	return has_writers;
}

void ovl_open_modes_note_mappable(struct ovl_open_modes *modes, uint64_t nodeid)
{
	pthread_mutex_lock(&modes->lock);
	struct ovl_open_inode *inode = *find_locked(modes, nodeid);
	if (inode)
		inode->is_mappable = true;
	pthread_mutex_unlock(&modes->lock);
}

bool ovl_open_modes_is_mappable(struct ovl_open_modes *modes, uint64_t nodeid)
{
	pthread_mutex_lock(&modes->lock);
	const struct ovl_open_inode *inode = *find_locked(modes, nodeid);
	bool is_mappable = inode && inode->is_mappable;
	pthread_mutex_unlock(&modes->lock);
	return is_mappable;
}

void ovl_open_modes_forget(struct ovl_open_modes *modes, uint64_t nodeid)
{
	pthread_mutex_lock(&modes->lock);
	struct ovl_open_inode **at = find_locked(modes, nodeid);
	if (*at && (*at)->n_opens == 0) {
		(*at)->is_mappable = false;
		remove_idle_locked(at);
	}
	pthread_mutex_unlock(&modes->lock);
}
