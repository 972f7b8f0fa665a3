// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Splitting and unescaping -o. Two passes, as in the kernel: first words are cut at commas with all
 * escapes left in place, then the parser of an option cuts and unescapes its value. So one
 * backslash is enough for both: "lowerdir=/a\,b\:c" is the one directory "/a,b:c".
 */
#include "mount/escape.h"

#include <string.h>

#include "mount/error.h"

/* The end of the quoted part that begins at the '"' p points to; p itself when it never ends. */
static const char *skip_quotes(const char *p)
{
	const char *end = strchr(p + 1, '"');
	return end ? end : p;
}

/* The end of the word at p: its ',' or its NUL. */
static const char *find_word_end(const char *p)
{
	bool in_value = false;
	for (; *p && *p != ','; p++) {
		if (*p == '\\' && p[1]) {
			p++;
		} else if (*p == '=' && !in_value) {
			in_value = true;
			if (p[1] == '"')
				p = skip_quotes(p + 1);
		}
	}
	return p;
}

GPtrArray *option_words_split(const char *options)
{
	GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
	const char *p = options;
	for (;;) {
		const char *end = find_word_end(p);
		if (end > p)
			g_ptr_array_add(words, g_strndup(p, (gsize)(end - p)));
		if (!*end)
			return words;
		p = end + 1;
	}
}

char *option_value_unquote(const char *value)
{
	size_t length = strlen(value);
	if (length >= 2 && value[0] == '"' && value[length - 1] == '"')
		return g_strndup(value + 1, length - 2);
	return g_strdup(value);
}

/* Appends what the backslashes at p stand for, with the character that they escape, if any.
 * Returns what follows. */
static const char *append_escaped(GString *out, const char *p)
{
	size_t run = strspn(p, "\\");
	const char *next = p + run;
	if (run == 2 && *next == ':') {
		g_string_append_c(out, ':');
		return next + 1;
	}
	for (size_t i = 0; i < run / 2; i++)
		g_string_append_c(out, '\\');
	if (run % 2 == 0)
		return next;
	/* A last backslash with nothing to escape stands for itself. */
	g_string_append_c(out, *next ? *next : '\\');
	return *next ? next + 1 : next;
}

char *option_value_unescape(const char *text)
{
	GString *out = g_string_new(NULL);
	while (*text) {
		if (*text == '\\')
			text = append_escaped(out, text);
		else
			g_string_append_c(out, *text++);
	}
	return g_string_free(out, FALSE);
}

/* Reads the layer at p up to an unescaped ':' or the end. */
static const char *take_layer(const char *p, GPtrArray *paths)
{
	GString *path = g_string_new(NULL);
	while (*p && *p != ':') {
		if (*p == '\\')
			p = append_escaped(path, p);
		else
			g_string_append_c(path, *p++);
	}
	g_ptr_array_add(paths, g_string_free(path, FALSE));
	return p;
}

bool lowerdir_split(const char *value, GPtrArray *paths, size_t *ret_n_data, GError **error)
{
	size_t n_data = 0;
	const char *p = value;
	if (*p == ':')
		return mount_error_set(error,
			"lowerdir=%s: begins with ':': name the top layer first "
			"(a ':' in a name is written '\\:')",
			value);
	while (*p) {
		p = take_layer(p, paths);
		if (!*p)
			break;
		size_t colons = strspn(p, ":");
		p += colons;
		if (!*p)
			return mount_error_set(error,
				"lowerdir=%s: ends with ':': a directory is missing there", value);
		if (colons > 2)
			return mount_error_set(error,
				"lowerdir=%s: more than two ':' in a row: a directory is missing "
				"there",
				value);
		if (colons == 1 && n_data)
			return mount_error_set(error,
				"lowerdir=%s: a single ':' after '::': write '::' before each "
				"data-only layer, after all others",
				value);
		if (colons == 2)
			n_data++;
	}
	*ret_n_data = n_data;
	return true;
}
