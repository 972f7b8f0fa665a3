// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Id maps are text from a caller that may be privileged: every number is checked before it is used,
 * and a map that would send two ids to one place, either way, is refused.
 */
#include "mount/idmap.h"

#include <string.h>

#include "mount/error.h"

#define ID_MAX UINT64_C(4294967294)

/* All of text as a decimal number of at most max. */
static bool parse_number(const char *text, uint64_t max, uint32_t *ret_number)
{
	uint64_t number = 0;
	if (!*text)
		return false;
	for (; *text; text++) {
		if (!g_ascii_isdigit(*text))
			return false;
		number = number * 10 + (uint64_t)(*text - '0');
		if (number > max)
			return false;
	}
	*ret_number = (uint32_t)number;
	return true;
}

bool id_parse(const char *text, uint32_t *ret_id)
{
	return parse_number(text, ID_MAX, ret_id);
}

static bool overlap(uint32_t a, uint32_t b, uint32_t a_count, uint32_t b_count)
{
	return a < (uint64_t)b + b_count && b < (uint64_t)a + a_count;
}

/* One STORED:SHOWN:COUNT from three words. */
static bool parse_range(char **words, struct ovl_id_range *range)
{
	return id_parse(words[0], &range->stored) && id_parse(words[1], &range->shown) &&
	       parse_number(words[2], ID_MAX + 1, &range->count) && range->count > 0 &&
	       (uint64_t)range->stored + range->count - 1 <= ID_MAX &&
	       (uint64_t)range->shown + range->count - 1 <= ID_MAX;
}

/* Whether range shares an id with one of the n before it. */
static bool overlaps_any(
	const struct ovl_id_range *ranges, size_t n, const struct ovl_id_range *range)
{
	for (size_t i = 0; i < n; i++) {
		if (overlap(ranges[i].stored, range->stored, ranges[i].count, range->count) ||
			overlap(ranges[i].shown, range->shown, ranges[i].count, range->count))
			return true;
	}
	return false;
}

/* value without one ':' at either end. */
static char *trim_colons(const char *value)
{
	size_t length = strlen(value);
	if (length && value[length - 1] == ':')
		length--;
	if (length && value[0] == ':')
		return g_strndup(value + 1, length - 1);
	return g_strndup(value, length);
}

bool id_map_parse(const char *option, const char *value, struct ovl_id_map *ret_map, GError **error)
{
	g_autofree char *text = trim_colons(value);
	g_auto(GStrv) words = g_strsplit(text, ":", -1);
	size_t n_words = g_strv_length(words);
	if (n_words == 0 || n_words % 3 != 0)
		return mount_error_set(error,
			"%s=%s: not a list of STORED:SHOWN:COUNT (three numbers per range)", option,
			value);
	size_t n = n_words / 3;
	g_autofree struct ovl_id_range *ranges = g_new0(struct ovl_id_range, n);
	for (size_t i = 0; i < n; i++) {
		char **range = words + 3 * i;
		if (!parse_range(range, &ranges[i]))
			return mount_error_set(error,
				"%s=%s: bad range '%s:%s:%s': STORED:SHOWN:COUNT are ids up to "
				"4294967294 and a count of at least 1",
				option, value, range[0], range[1], range[2]);
		if (overlaps_any(ranges, i, &ranges[i]))
			return mount_error_set(error,
				"%s=%s: range '%s:%s:%s' overlaps one before it: an id may be "
				"mapped once only",
				option, value, range[0], range[1], range[2]);
	}
	ret_map->ranges = g_steal_pointer(&ranges);
	ret_map->n_ranges = n;
	return true;
}

void id_map_clear(struct ovl_id_map *map)
{
	g_clear_pointer(&map->ranges, g_free);
	map->n_ranges = 0;
}
