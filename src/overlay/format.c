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

/* y, or x: what follows from the value. */
static int read_opaque(
	struct sys_at dir, bool is_upper, const char *name, struct ovl_dir_marks *marks)
{
	char value[2];
	ssize_t size = is_upper ? ovl_mark_get_upper(dir, name, value, sizeof(value))
				: sys_getxattr(dir, name, value, sizeof(value));
	/* One that its layer closes to us: it cannot be listed either. */
	bool is_secret = size == -EACCES;
	marks->opaque |= is_secret || (size == 1 && value[0] == 'y');
	marks->xattr_whiteouts |= is_secret || (size == 1 && value[0] == 'x');
	return size < 0 && !is_secret && size != -ENODATA && size != -ERANGE ? (int)size : 0;
}

static int read_mark(
	struct sys_at dir, bool is_upper, const char *name, struct ovl_dir_marks *marks)
{
	bool is_opaque = strcmp(name, FUSEOVERLAYFS_OPAQUE) == 0;
	for (int p = OVL_PREFIX_TRUSTED; p <= OVL_PREFIX_USER; p++) {
		is_opaque |= strcmp(name, mark_names[OVL_MARK_OPAQUE][p]) == 0;
		marks->impure |= strcmp(name, mark_names[OVL_MARK_IMPURE][p]) == 0;
		marks->redirect |= strcmp(name, mark_names[OVL_MARK_REDIRECT][p]) == 0;
	}
	return is_opaque ? read_opaque(dir, is_upper, name, marks) : 0;
}

/* The names of dir's xattrs: in first, if they fit, else in *ret_more, owned by the caller. Returns
 * their size. Listing needs no permission to read. */
static ssize_t list_names(struct sys_at at, char *first, size_t first_size, char **ret_more)
{
	ssize_t size = sys_listxattr(at, first, first_size);
	while (size == -ERANGE) {
		size = sys_listxattr(at, NULL, 0);
		if (size <= 0)
			break;
		free(*ret_more);
		*ret_more = malloc((size_t)size);
		if (!*ret_more)
			return -ENOMEM;
		size = sys_listxattr(at, *ret_more, (size_t)size);
	}
	return size == -EOPNOTSUPP ? 0 : size;
}

int ovl_mark_is_there(struct sys_at at, enum ovl_mark_kind mark)
{
	char first[1024];
	_cleanup_free_ char *more = NULL;
	ssize_t size = list_names(at, first, sizeof(first), &more);
	const char *names = more ? more : first;

	for (const char *name = names; size > 0 && name < names + size; name += strlen(name) + 1)
		if (strcmp(name, mark_names[mark][OVL_PREFIX_TRUSTED]) == 0 ||
			strcmp(name, mark_names[mark][OVL_PREFIX_USER]) == 0)
			return 1;
	return size < 0 ? (int)size : 0;
}

bool ovl_let_owner_in(struct sys_at at, struct stat *st)
{
	return sys_stat(at, st) == 0 &&
	       sys_chmod(at, (st->st_mode & 07777) | S_IRUSR | S_IWUSR) == 0;
}

ssize_t ovl_mark_get_upper(struct sys_at at, const char *name, void *value, size_t size)
{
	struct stat st;
	ssize_t r = sys_getxattr(at, name, value, size);

	if (r != -EACCES || !ovl_let_owner_in(at, &st))
		return r;
	r = sys_getxattr(at, name, value, size);
	int restored = sys_chmod(at, st.st_mode & 07777);
	return restored < 0 ? restored : r;
}

int ovl_mark_set_upper(struct sys_at at, const char *name, const void *value, size_t size)
{
	struct stat st;
	int r = sys_setxattr(at, name, value, size, 0);

	if (r != -EACCES || !ovl_let_owner_in(at, &st))
		return r;
	r = sys_setxattr(at, name, value, size, 0);
	int restored = sys_chmod(at, st.st_mode & 07777);
	return r < 0 ? r : restored;
}

int ovl_mark_remove_upper(struct sys_at at, const char *name)
{
	struct stat st;
	int r = sys_removexattr(at, name);

	if (r != -EACCES || !ovl_let_owner_in(at, &st))
		return r;
	r = sys_removexattr(at, name);
	int restored = sys_chmod(at, st.st_mode & 07777);
	return r < 0 ? r : restored;
}

int ovl_marks_read(struct sys_at dir, bool is_upper, struct ovl_dir_marks *ret_marks)
{
	char first[1024];
	_cleanup_free_ char *more = NULL;
	ssize_t size = list_names(dir, first, sizeof(first), &more);
	const char *names = more ? more : first;
	int r = size < 0 ? (int)size : 0;

	*ret_marks = (struct ovl_dir_marks){0};
	for (const char *name = names; r == 0 && name < names + size; name += strlen(name) + 1)
		r = read_mark(dir, is_upper, name, ret_marks);
	return r;
}

int ovl_protattr_parse(const char *value, size_t size)
{
	int protection = 0;

	for (size_t i = 0; i < size; i++) {
		if (value[i] != 'a' && value[i] != 'i')
			return -EINVAL;
		protection |= value[i] == 'a' ? OVL_APPEND_ONLY : OVL_IMMUTABLE;
	}
	return size ? protection : -EINVAL;
}

size_t ovl_protattr_format(unsigned protection, char value[OVL_PROTATTR_SIZE])
{
	size_t length = 0;

	if (protection & OVL_APPEND_ONLY)
		value[length++] = 'a';
	if (protection & OVL_IMMUTABLE)
		value[length++] = 'i';
	return length;
}

int ovl_metacopy_parse(const uint8_t *value, size_t size, struct sys_digest *ret_digest)
{
	if (size == 0 || size == OVL_METACOPY_MIN_SIZE)
		return 0;
	if (size < OVL_METACOPY_MIN_SIZE || size > OVL_METACOPY_MAX_SIZE)
		return -EIO;
	uint8_t version = value[0], length = value[1], algorithm = value[3];
	if (version != 0 || length != size)
		return -EIO;
	if (algorithm == 0)
		return 0;
	*ret_digest = (struct sys_digest){
		.algorithm = algorithm, .size = (uint8_t)(size - OVL_METACOPY_MIN_SIZE)};
	memcpy(ret_digest->bytes, value + OVL_METACOPY_MIN_SIZE, ret_digest->size);
	return 1;
}

size_t ovl_metacopy_format(const struct sys_digest *digest, uint8_t value[OVL_METACOPY_MAX_SIZE])
{
	if (!digest)
		return 0;
	size_t size = OVL_METACOPY_MIN_SIZE + (size_t)digest->size;
	value[0] = 0;
	value[1] = (uint8_t)size;
	value[2] = 0;
	value[3] = digest->algorithm;
	memcpy(value + OVL_METACOPY_MIN_SIZE, digest->bytes, digest->size);
	return size;
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
