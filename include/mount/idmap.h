/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uidmapping= and gidmapping=: STORED:SHOWN:COUNT, any number of them joined by ':'.
 * containers/storage writes a ':' too many in front; one at either end means nothing.
 */
#ifndef MOUNT_IDMAP_H
#define MOUNT_IDMAP_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "overlay/config.h"

/* A decimal id, 0..4294967294 (4294967295 is "no id" to the kernel). False leaves *ret_id alone. */
bool id_parse(const char *text, uint32_t *ret_id);

/*
 * Parses value into *ret_map, sorted as given; id_map_clear() frees it. option is the name to put
 * into the message. Fails, with *ret_map untouched, on: no range, an incomplete range, what is not
 * a decimal number, a count of 0, ids above 4294967294, ranges that overlap on either side.
 */
bool id_map_parse(
	const char *option, const char *value, struct ovl_id_map *ret_map, GError **error);

/* Frees the ranges: the identity again. */
void id_map_clear(struct ovl_id_map *map);

#endif
