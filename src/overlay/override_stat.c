/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "override_stat.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "attributes.h"
#include "id_xattrs.h"
#include "sys/xattrs.h"

#define PRIVILEGED    "security.fuseoverlayfs.override_stat"
#define CONTAINERS    "user.containers.override_stat"
#define FUSEOVERLAYFS "user.fuseoverlayfs.override_stat"

/* What is read, in that order; the first is written. */
static const char *const names[][4] = {
	[OVL_XATTR_PERMISSIONS_OFF] = {NULL},
	[OVL_XATTR_PERMISSIONS_PRIVILEGED] = {PRIVILEGED, NULL},
	[OVL_XATTR_PERMISSIONS_USER] = {CONTAINERS, FUSEOVERLAYFS, PRIVILEGED, NULL},
};

/* -- the value --------------------------------------------------------------------------------- */

/* Text that is being parsed, not NUL-terminated. */
struct text {
	const char *at, *end;
};

/* Takes a number of at most max. false where there is none, or a larger one. */
static bool take_number(struct text *text, unsigned base, uint64_t max, uint32_t *ret)
{
	const char *start = text->at;
	uint64_t number = 0;

	for (; text->at < text->end && *text->at >= '0' && *text->at < (char)('0' + base);
		text->at++) {
		number = number * base + (uint64_t)(*text->at - '0');
		if (number > max)
			return false;
	}
	*ret = (uint32_t)number;
	return text->at > start;
}

static bool take_char(struct text *text, char c)
{
	if (text->at == text->end || *text->at != c)
		return false;
	text->at++;
	return true;
}

static bool take_word(struct text *text, const char *word)
{
	size_t length = strlen(word);
	if ((size_t)(text->end - text->at) < length || memcmp(text->at, word, length) != 0)
		return false;
	text->at += length;
	return true;
}

/* Is nothing left, or only fields that are not ours? A value may carry its NUL. */
static bool is_field_end(const struct text *text)
{
	return text->at == text->end || *text->at == ':' ||
	       (*text->at == '\0' && text->at + 1 == text->end);
}

static const struct {
	const char *word;
	mode_t type;
} types[] = {
	{"file", S_IFREG},
	{"dir", S_IFDIR},
	{"symlink", S_IFLNK},
	{"pipe", S_IFIFO},
	{"socket", S_IFSOCK},
	{"block", S_IFBLK},
	{"char", S_IFCHR},
};
#define N_TYPES (sizeof(types) / sizeof(*types))

#define MAX_MAJOR 0xfff /* the kernel's dev_t: 12 and 20 bits */
#define MAX_MINOR 0xfffff

static bool take_device(struct text *text, dev_t *ret)
{
	uint32_t major, minor;
	if (!take_char(text, '-') || !take_number(text, 10, MAX_MAJOR, &major) ||
		!take_char(text, '-') || !take_number(text, 10, MAX_MINOR, &minor))
		return false;
	*ret = makedev(major, minor);
	return true;
}

/* The type, 0 where it is none that can be shown. */
static mode_t take_type(struct text *text, dev_t *ret_device)
{
	mode_t type = 0;
	dev_t device = 0;

	for (size_t i = 0; i < N_TYPES && !type; i++)
		if (take_word(text, types[i].word))
			type = types[i].type;
	if ((S_ISBLK(type) || S_ISCHR(type)) && !take_device(text, &device))
		return 0;
	/* A whiteout is not what users see of a file. */
	if (!is_field_end(text) || ovl_is_whiteout_device(type, device))
		return 0;
	*ret_device = device;
	return type;
}

bool ovl_override_parse(const char *value, size_t size, struct ovl_override *ret)
{
	struct text text = {value, value + size};
	struct ovl_override override = {0};
	uint32_t mode;

	if (!take_number(&text, 10, OVL_NO_ID - 1, &override.uid) || !take_char(&text, ':') ||
		!take_number(&text, 10, OVL_NO_ID - 1, &override.gid) || !take_char(&text, ':') ||
		!take_number(&text, 8, S_IFMT | 07777, &mode) || !is_field_end(&text))
		return false;
	override.mode = mode & 07777;
	override.bare = mode <= 07777 && (text.at == text.end || *text.at == '\0');
	if (take_char(&text, ':'))
		override.mode |= take_type(&text, &override.device);
	*ret = override;
	return true;
}

size_t ovl_override_format(const struct stat *st, char value[OVL_OVERRIDE_SIZE])
{
	const char *word = "file";
	char device[32] = "";

	for (size_t i = 0; i < N_TYPES; i++)
		if (types[i].type == (st->st_mode & S_IFMT))
			word = types[i].word;
	if (S_ISBLK(st->st_mode) || S_ISCHR(st->st_mode))
		snprintf(device, sizeof(device), "-%u-%u", major(st->st_rdev), minor(st->st_rdev));
	return (size_t)snprintf(value, OVL_OVERRIDE_SIZE, "%u:%u:%04o:%s%s", st->st_uid, st->st_gid,
		st->st_mode & 07777, word, device);
}

/* -- reading ----------------------------------------------------------------------------------- */

/* No such xattr, or none that says anything to us. */
static bool is_none(ssize_t r)
{
	return r == -ENODATA || r == -EOPNOTSUPP || r == -EPERM || r == -ERANGE;
}

static void apply(const struct ovl_override *override, struct stat *st)
{
	mode_t type = override->mode & S_IFMT;

	st->st_uid = override->uid;
	st->st_gid = override->gid;
	st->st_mode = (st->st_mode & S_IFMT) | (override->mode & 07777);
	if (!S_ISREG(st->st_mode) || type == 0 || S_ISREG(type) || S_ISDIR(type) || S_ISLNK(type))
		return;
	st->st_mode = override->mode;
	st->st_rdev = override->device;
	st->st_size = 0;
}

/* user.* xattrs are for files and directories only; do not even ask for others. */
static bool cannot_hold(const struct ovl_fs *fs, mode_t mode)
{
	return fs->xattr_permissions == OVL_XATTR_PERMISSIONS_USER && !S_ISREG(mode) &&
	       !S_ISDIR(mode);
}

/* 1 found, 0 none that is of our form, or -errno. */
static int read_named(struct sys_at at, const char *name, struct ovl_override *ret)
{
	char value[128];
	ssize_t size = sys_getxattr(at, name, value, sizeof(value));
	if (size < 0)
		return is_none(size) ? 0 : (int)size;
	return ovl_override_parse(value, (size_t)size, ret);
}

/* As ovl_override_read(), but -EACCES where it may not be read. What an engine has unpacked is
 * bare; a second value, which fuse-overlayfs before 1.14 has put beside it when it copied the file
 * up, is newer than that. */
static int read_value(const struct ovl_fs *fs, struct sys_at at, struct stat *st)
{
	const char *const *name = names[fs->xattr_permissions];
	struct ovl_override override;
	int r = 0;

	if (cannot_hold(fs, st->st_mode))
		return 0;
	for (; r == 0 && *name; name++) {
		r = read_named(at, *name, &override);
		if (r > 0 && override.bare && strcmp(*name, CONTAINERS) == 0) {
			r = read_named(at, FUSEOVERLAYFS, &override);
			r = r < 0 ? r : 1;
		}
	}
	if (r > 0)
		apply(&override, st);
	return r < 0 ? r : 0;
}

int ovl_override_read(const struct ovl_fs *fs, struct sys_at at, struct stat *st)
{
	int r = read_value(fs, at, st);
	return r == -EACCES ? 0 : r;
}

int ovl_stored_stat(const struct ovl_fs *fs, struct sys_at at, struct stat *ret_stat)
{
	struct stat st;
	int r = sys_stat(at, &st);
	if (r == 0)
		r = ovl_override_read(fs, at, &st);
	if (r == 0)
		*ret_stat = st;
	return r;
}

/* -- writing ----------------------------------------------------------------------------------- */

mode_t ovl_own_mode(const struct ovl_fs *fs, mode_t mode)
{
	if (!ovl_override_is_on(fs))
		return mode & 07777;
	return S_ISDIR(mode) ? 0700 : 0600;
}

static int write_value(const struct ovl_fs *fs, struct sys_at at, const struct stat *st)
{
	const char *name = names[fs->xattr_permissions][0];
	char value[OVL_OVERRIDE_SIZE];
	size_t size = ovl_override_format(st, value);
	int r = sys_setxattr(at, name, value, size, 0);

	/* user.* wants a file that may be written to, and its own mode may be any. */
	if (r == -EACCES) {
		r = sys_chmod(at, ovl_own_mode(fs, st->st_mode));
		if (r == 0)
			r = sys_setxattr(at, name, value, size, 0);
	}
	return r;
}

/* A file that was there before, with own_mode, becomes private as a new one is, before it is
 * changed: what users take from its mode, set-id bits above all, must not stay in its own. What
 * they see of it, shown, stays. */
static int make_private(
	const struct ovl_fs *fs, struct sys_at at, mode_t own_mode, const struct stat *shown)
{
	if (S_ISDIR(own_mode) || S_ISLNK(own_mode) ||
		(own_mode & 07777) == ovl_own_mode(fs, own_mode))
		return 0;
	int r = write_value(fs, at, shown);
	return r == 0 ? sys_chmod(at, ovl_own_mode(fs, own_mode)) : r;
}

/* Reads what is to be changed: of an object of ours that is closed to us it must not be lost. */
static int read_for_change(const struct ovl_fs *fs, struct sys_at at, struct stat *st)
{
	int r = read_value(fs, at, st);
	if (r == -EACCES) {
		r = sys_chmod(at, ovl_own_mode(fs, st->st_mode));
		if (r == 0)
			r = read_value(fs, at, st);
	}
	return r;
}

/* As any chown(2) does, this one to nobody, too: removexattr(2) would want CAP_SETFCAP, also where
 * there are none. */
static int drop_capabilities(struct sys_at at)
{
	return sys_chown(at, (uid_t)-1, (gid_t)-1);
}

/* Prepares a change of an object's owner or mode. Returns 1 with what users see now in *ret_shown,
 * and the object's own mode, where an xattr holds them; 0 where the object itself does; or -errno.
 */
static int begin_change(
	const struct ovl_fs *fs, struct sys_at at, struct stat *ret_shown, mode_t *ret_own_mode)
{
	if (!ovl_override_is_on(fs))
		return 0;
	int r = sys_stat(at, ret_shown);
	if (r < 0 || cannot_hold(fs, ret_shown->st_mode))
		return r;
	*ret_own_mode = ret_shown->st_mode;
	r = read_for_change(fs, at, ret_shown);
	if (r == 0)
		r = make_private(fs, at, *ret_own_mode, ret_shown);
	return r < 0 ? r : 1;
}

int ovl_stored_chown(const struct ovl_fs *fs, struct sys_at at, uid_t uid, gid_t gid)
{
	struct stat st;
	mode_t own_mode;
	int r = begin_change(fs, at, &st, &own_mode);
	if (r <= 0)
		return r < 0 ? r : sys_chown(at, uid, gid);
	if (uid != (uid_t)-1)
		st.st_uid = uid;
	if (gid != (gid_t)-1)
		st.st_gid = gid;
	if (!S_ISDIR(st.st_mode))
		st.st_mode = ovl_without_set_id(st.st_mode);
	r = S_ISREG(own_mode) ? drop_capabilities(at) : 0;
	return r == 0 ? write_value(fs, at, &st) : r;
}

int ovl_stored_chmod(const struct ovl_fs *fs, struct sys_at at, mode_t mode)
{
	struct stat st;
	mode_t own_mode;
	int r = begin_change(fs, at, &st, &own_mode);
	if (r <= 0)
		return r < 0 ? r : sys_chmod(at, mode);
	st.st_mode = (st.st_mode & S_IFMT) | (mode & 07777);
	return write_value(fs, at, &st);
}

int ovl_override_make(const struct ovl_fs *fs, struct sys_at at, const struct stat *st)
{
	bool is_link = S_ISLNK(st->st_mode);

	if (cannot_hold(fs, is_link ? S_IFLNK : S_IFREG)) {
		bool is_ours = st->st_uid == fs->euid && st->st_gid == fs->egid;
		return is_ours ? 0 : sys_chown(at, st->st_uid, st->st_gid);
	}
	int r = write_value(fs, at, st);
	return r == 0 && !is_link ? sys_chmod(at, ovl_own_mode(fs, st->st_mode)) : r;
}

int ovl_override_probe(const struct ovl_fs *fs, int dirfd)
{
	static const struct stat any = {.st_mode = S_IFREG | 0600};
	struct sys_at temp = sys_at(dirfd, "#override");
	int fd = sys_create(temp, O_WRONLY, 0600);
	if (fd < 0)
		return fd;
	close(fd);
	int r = write_value(fs, temp, &any);
	sys_unlink(temp);
	return r;
}
