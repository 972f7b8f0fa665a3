/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of -o: how a string of options falls into words, and a word into paths.
 *
 *   words    are separated by ',', unless it is escaped ("\,") or inside a quoted value (a value
 * that begins with '"' goes on to the next '"': context="u:r:t:s0:c1,c2"). escapes  "\X" is X, as
 * in the kernel (fs/overlayfs/params.c, ovl_next_opt(), ovl_unescape()). One thing is added:
 * exactly two backslashes before ':' are an escaped ':' as well, for callers whose text passed one
 * more parser. Three are a backslash and an escaped ':'. layers   in lowerdir= are separated by
 * ':', data-only ones are each preceded by '::'.
 *
 * Everything is bytes: nothing here needs to be UTF-8.
 */
#ifndef MOUNT_ESCAPE_H
#define MOUNT_ESCAPE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* The words of an -o string, still escaped and quoted; empty ones are left out. Returns a new array
 * of new strings; freeing the array frees them. */
GPtrArray *option_words_split(const char *options);

/* The value of an option with its quotes removed, when it is quoted as a whole; escapes stay. New.
 */
char *option_value_unquote(const char *value);

/* text without its escapes. New. */
char *option_value_unescape(const char *text);

/*
 * Splits the value of lowerdir= (unquoted, still escaped) and appends its paths, unescaped, to
 * paths (which owns its strings). *ret_n_data is how many of them, at the end, are data-only. Fails
 * on what the kernel refuses: ':' first or last, ':::', a single ':' after '::'. An empty value
 * adds nothing.
 */
bool lowerdir_split(const char *value, GPtrArray *paths, size_t *ret_n_data, GError **error);

#endif
