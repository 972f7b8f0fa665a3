/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "format.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "sys/xattrs.h"

static const char *const prefixes[] = {
	[OVL_PREFIX_TRUSTED] = "trusted.overlay.",
	[OVL_PREFIX_USER] = "user.overlay.",
};

#define BOTH(name)                                                                                 \
	{                                                                                          \
		"trusted.overlay." name, "user.overlay." name                                      \
	}

static const char *const mark_names[OVL_N_MARKS][2] = {
	[OVL_MARK_OPAQUE] = BOTH("opaque"),
	[OVL_MARK_WHITEOUT] = BOTH("whiteout"),
	[OVL_MARK_REDIRECT] = BOTH("redirect"),
	[OVL_MARK_METACOPY] = BOTH("metacopy"),
	[OVL_MARK_ORIGIN] = BOTH("origin"),
	[OVL_MARK_IMPURE] = BOTH("impure"),
	[OVL_MARK_NLINK] = BOTH("nlink"),
	[OVL_MARK_UPPER] = BOTH("upper"),
	[OVL_MARK_UUID] = BOTH("uuid"),
	[OVL_MARK_PROTATTR] = BOTH("protattr"),
};

#define FUSEOVERLAYFS_OPAQUE "user.fuseoverlayfs.opaque"

const char *ovl_mark_name(enum ovl_prefix prefix, enum ovl_mark_kind mark)
{
	return mark_names[mark][prefix];
}

/* The first byte of a mark's value; 0 where it is empty or cannot be read. */
static char mark_letter(struct sys_at dir, const char *name)
{
	char value[2] = {0};
	return sys_getxattr(dir, name, value, sizeof(value)) == 1 ? value[0] : '\0';
}

static void read_mark(struct sys_at dir, const char *name, struct ovl_dir_marks *marks)
{
	for (int p = OVL_PREFIX_TRUSTED; p <= OVL_PREFIX_USER; p++) {
		if (strcmp(name, mark_names[OVL_MARK_OPAQUE][p]) == 0) {
			char letter = mark_letter(dir, name);
			marks->opaque |= letter == 'y';
			marks->xattr_whiteouts |= letter == 'x';
		}
		marks->impure |= strcmp(name, mark_names[OVL_MARK_IMPURE][p]) == 0;
		marks->redirect |= strcmp(name, mark_names[OVL_MARK_REDIRECT][p]) == 0;
	}
	if (strcmp(name, FUSEOVERLAYFS_OPAQUE) == 0)
		marks->opaque |= mark_letter(dir, name) == 'y';
}

int ovl_marks_read(struct sys_at dir, struct ovl_dir_marks *ret_marks)
{
	char first[1024];
	char *names = first;
	_cleanup_free_ char *more = NULL;
	ssize_t size = sys_listxattr(dir, first, sizeof(first));

	*ret_marks = (struct ovl_dir_marks){0};
	while (size == -ERANGE) {
		size = sys_listxattr(dir, NULL, 0);
		if (size <= 0)
			break;
		free(more);
		more = names = malloc((size_t)size);
		if (!names)
			return -ENOMEM;
		size = sys_listxattr(dir, names, (size_t)size);
	}
	if (size == -EOPNOTSUPP)
		return 0;
	if (size < 0)
		return (int)size;
	for (const char *name = names; name < names + size; name += strlen(name) + 1)
		read_mark(dir, name, ret_marks);
	return 0;
}

enum ovl_name_kind ovl_name_kind(const char *name)
{
	if (strncmp(name, OVL_AUFS_PREFIX, OVL_AUFS_PREFIX_LENGTH) != 0)
		return OVL_NAME_PLAIN;
	const char *hidden = name + OVL_AUFS_PREFIX_LENGTH;
	if (strcmp(name, OVL_AUFS_OPAQUE) == 0)
		return OVL_NAME_AUFS_OPAQUE;
	if (hidden[0] == '\0' || strcmp(hidden, ".") == 0 || strcmp(hidden, "..") == 0 ||
		strncmp(hidden, OVL_AUFS_PREFIX, OVL_AUFS_PREFIX_LENGTH) == 0)
		return OVL_NAME_AUFS_OTHER;
	return OVL_NAME_AUFS_WHITEOUT;
}

static const char *const hidden_prefixes[] = {
	"user.fuseoverlayfs.",
	"security.fuseoverlayfs.",
	"user.containers.override_stat",
};

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

static bool is_hidden(const char *name)
{
	for (size_t i = 0; i < sizeof(hidden_prefixes) / sizeof(*hidden_prefixes); i++)
		if (starts_with(name, hidden_prefixes[i]))
			return true;
	return false;
}

/* The overlay prefix that name starts with, or NULL. */
static const char *overlay_prefix(const char *name)
{
	for (int p = OVL_PREFIX_TRUSTED; p <= OVL_PREFIX_USER; p++)
		if (starts_with(name, prefixes[p]))
			return prefixes[p];
	return NULL;
}

enum ovl_xattr_kind ovl_xattr_kind(const char *user_name)
{
	if (overlay_prefix(user_name))
		return OVL_XATTR_ESCAPED;
	return is_hidden(user_name) ? OVL_XATTR_HIDDEN : OVL_XATTR_PLAIN;
}

#define ESCAPE "overlay."

int ovl_xattr_escape(const char *user_name, char stored[OVL_XATTR_NAME_SIZE])
{
	const char *prefix = overlay_prefix(user_name);
	int length = snprintf(
		stored, OVL_XATTR_NAME_SIZE, "%s" ESCAPE "%s", prefix, user_name + strlen(prefix));
	return length < OVL_XATTR_NAME_SIZE ? 0 : -ERANGE;
}

const char *ovl_xattr_user_name(const char *stored, char *buffer)
{
	const char *prefix = overlay_prefix(stored);
	if (!prefix)
		return is_hidden(stored) ? NULL : stored;
	const char *rest = stored + strlen(prefix);
	if (!starts_with(rest, ESCAPE))
		return NULL;
	snprintf(buffer, OVL_XATTR_NAME_SIZE, "%s%s", prefix, rest + strlen(ESCAPE));
	return buffer;
}
