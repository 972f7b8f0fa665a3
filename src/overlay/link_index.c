/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "link_index.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "origin.h"
#include "override_stat.h"
#include "sys/xattrs.h"

/* -- names ------------------------------------------------------------------------------------- */

bool ovl_link_index_keeps(const struct ovl_fs *fs, uint8_t type, nlink_t n_links)
{
	/* user.* xattrs exist on regular files (and directories) alone. */
	return fs->link_index && type != DT_DIR && n_links > 1 &&
	       (type == DT_REG || fs->prefix == OVL_PREFIX_TRUSTED);
}

int ovl_link_index_format(const uint8_t *handle, size_t size, ovl_link_name name)
{
	static const char digits[] = "0123456789abcdef";

	if (2 * size > NAME_MAX)
		return -EOPNOTSUPP;
	for (size_t i = 0; i < size; i++) {
		name[2 * i] = digits[handle[i] >> 4];
		name[2 * i + 1] = digits[handle[i] & 15];
	}
	name[2 * size] = '\0';
	return 0;
}

static int hex_value(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int ovl_link_index_parse(const char *name, uint8_t handle[OVL_FB_MAX])
{
	size_t length = strlen(name);

	if (length % 2 || length / 2 > OVL_FB_MAX)
		return -EINVAL;
	for (size_t i = 0; i < length / 2; i++) {
		int high = hex_value(name[2 * i]), low = hex_value(name[2 * i + 1]);
		if (high < 0 || low < 0)
			return -EINVAL;
		handle[i] = (uint8_t)(high << 4 | low);
	}
	return (int)(length / 2);
}

int ovl_link_index_name(
	struct ovl_fs *fs, struct sys_at lower, const struct ovl_layer *layer, ovl_link_name name)
{
	uint8_t handle[OVL_FB_MAX];
	int size = ovl_handle_encode(fs, lower, layer, handle);
	return size < 0 ? size : ovl_link_index_format(handle, (size_t)size, name);
}

/* The same, of what reading the origin mark has answered. */
static int name_from_mark(const uint8_t *handle, ssize_t size, ovl_link_name name)
{
	if (size == -ENODATA || size == -EOPNOTSUPP || size == -ERANGE || size == 0)
		return 0;
	if (size < 0)
		return (int)size;
	if (ovl_handle_check(handle, (size_t)size) < 0)
		return 0;
	return ovl_link_index_format(handle, (size_t)size, name) == 0;
}

/* Where the mode forbids to read the mark: of an inode in memory it is known. Until there is one
 * nobody can change the mode, and so it may be put right for a moment. */
static int name_of_unreadable(
	struct ovl_fs *fs, struct sys_at upper, const struct stat *st, ovl_link_name name)
{
	const struct ovl_key key = {.fsid = ovl_fsid(fs, st->st_dev), .ino = st->st_ino};
	uint8_t handle[OVL_FB_MAX];
	struct ovl_inode *inode = ovl_inode_find(fs, &key);
	bool is_indexed = false;

	if (inode) {
		ovl_inode_lock(fs, inode);
		is_indexed = inode->flags & OVL_INODE_INDEXED;
		if (is_indexed)
			memcpy(name, inode->entry->name, inode->entry->length + 1u);
		ovl_inode_unlock(fs, inode);
		ovl_inode_unref(fs, inode);
		return is_indexed;
	}
	pthread_mutex_lock(&fs->link_index_lock);
	ssize_t size = ovl_mark_get_upper(
		upper, ovl_mark_name(fs->prefix, OVL_MARK_ORIGIN), handle, sizeof(handle));
	pthread_mutex_unlock(&fs->link_index_lock);
	return name_from_mark(handle, size, name);
}

int ovl_link_index_name_of_upper(
	struct ovl_fs *fs, struct sys_at upper, const struct stat *st, ovl_link_name name)
{
	uint8_t handle[OVL_FB_MAX];
	ssize_t size = sys_getxattr(
		upper, ovl_mark_name(fs->prefix, OVL_MARK_ORIGIN), handle, sizeof(handle));
	return size == -EACCES ? name_of_unreadable(fs, upper, st, name)
			       : name_from_mark(handle, size, name);
}

int ovl_link_index_stat(struct ovl_fs *fs, const char *name, uint8_t type, struct stat *ret_stat)
{
	int r = ovl_stored_stat(fs, sys_at(fs->link_index_fd, name), ret_stat);
	if (r == -ENOENT)
		return 0;
	return r < 0 ? r : IFTODT(ret_stat->st_mode) == type ? 1 : -EIO;
}

/* -- inodes ------------------------------------------------------------------------------------ */

struct ovl_inode *ovl_link_index_inode(
	struct ovl_fs *fs, const char *name, uint8_t type, unsigned hint, uint64_t ino)
{
	uint8_t handle[OVL_FB_MAX];
	struct ovl_entry *place = ovl_entry_new(name, type, OVL_UPPER);
	struct ovl_inode *inode =
		place ? ovl_inode_new(fs, type, &fs->link_index->inode, place) : NULL;

	ovl_entry_unref(place);
	if (!inode)
		return NULL;
	inode->flags = OVL_INODE_INDEXED;
	inode->ino = ino;
	int size = ovl_link_index_parse(name, handle);
	if (size > 0)
		ovl_origin_decode(fs, handle, (size_t)size, hint, &inode->ino);
	return inode;
}

void ovl_link_index_adopt(
	struct ovl_fs *fs, struct ovl_inode *inode, struct ovl_entry *place, int more_links)
{
	ovl_inode_set_name(fs, inode, &fs->link_index->inode, place);
	inode->flags |= OVL_INODE_INDEXED | OVL_INODE_LINKS_KNOWN;
	inode->entry->more_links = more_links;
}

void ovl_link_index_drop_locked(struct ovl_fs *fs, struct ovl_inode *inode, int anchor)
{
	sys_unlink(sys_at(fs->link_index_fd, inode->entry->name));
	ovl_inode_set_unlinked(fs, inode, anchor);
	inode->flags &=
		(uint8_t) ~(OVL_INODE_INDEXED | OVL_INODE_LINKS_KNOWN | OVL_INODE_LINKS_MARKED);
}

/* -- how many links ---------------------------------------------------------------------------- */

static struct sys_at copy_of(struct ovl_fs *fs, const struct ovl_inode *inode)
{
	return sys_at(fs->link_index_fd, inode->entry->name);
}

/* "U+1" and the like. */
#define MARK_SIZE 16

int ovl_links_read_mark(struct ovl_fs *fs, struct sys_at copy, char *ret_from, int *ret_more)
{
	char text[MARK_SIZE], *end;
	ssize_t size = ovl_mark_get_upper(
		copy, ovl_mark_name(fs->prefix, OVL_MARK_NLINK), text, sizeof(text) - 1);

	if (size == -ENODATA || size == -ERANGE)
		return 0;
	if (size < 0)
		return (int)size;
	text[size] = '\0';
	if ((text[0] != 'U' && text[0] != 'L') || (text[1] != '+' && text[1] != '-'))
		return 0;
	long more = strtol(text + 1, &end, 10);
	if (*end || more > INT_MAX / 2 || more < INT_MIN / 2)
		return 0;
	*ret_from = text[0];
	*ret_more = (int)more;
	return 1;
}

static int write_mark(struct ovl_fs *fs, const struct ovl_inode *inode, char from, int more)
{
	char text[MARK_SIZE];
	int length = snprintf(text, sizeof(text), "%c%+d", from, more);
	return ovl_mark_set_upper(copy_of(fs, inode), ovl_mark_name(fs->prefix, OVL_MARK_NLINK),
		text, (size_t)length);
}

/* The links of the lower file, by its handle; 0 where that cannot be found out. */
static nlink_t ask_handle(struct ovl_fs *fs, const struct ovl_inode *inode)
{
	uint8_t handle[OVL_FB_MAX];
	struct stat st;
	int size = ovl_link_index_parse(inode->entry->name, handle);
	_cleanup_close_ int fd = size < 0 ? -1 : ovl_handle_open(fs, handle, (size_t)size);
	return fd >= 0 && sys_stat(sys_at_fd(fd), &st) == 0 ? st.st_nlink : 0;
}

int ovl_links_load_locked(struct ovl_fs *fs, struct ovl_inode *inode, nlink_t lower_links)
{
	struct stat st;
	char from = 'U';
	int more = 0;

	if (inode->flags & OVL_INODE_LINKS_KNOWN)
		return 0;
	int r = sys_stat(copy_of(fs, inode), &st);
	if (r == 0)
		r = ovl_links_read_mark(fs, copy_of(fs, inode), &from, &more);
	if (r < 0)
		return r;
	if (from == 'L') {
		lower_links = lower_links ? lower_links : ask_handle(fs, inode);
		more = lower_links ? more + (int)lower_links - (int)st.st_nlink : 0;
	}
	bool makes_sense = more > -(int)st.st_nlink;
	inode->entry->more_links = makes_sense ? more : 0;
	inode->flags |= OVL_INODE_LINKS_KNOWN;
	if (r == 1 && from == 'U' && makes_sense)
		inode->flags |= OVL_INODE_LINKS_MARKED;
	return 0;
}

int ovl_links_mark_locked(struct ovl_fs *fs, struct ovl_inode *inode)
{
	if (inode->flags & OVL_INODE_LINKS_MARKED)
		return 0;
	int r = write_mark(fs, inode, 'U', inode->entry->more_links);
	if (r == 0)
		inode->flags |= OVL_INODE_LINKS_MARKED;
	return r;
}

int ovl_links_mark_lower_locked(struct ovl_fs *fs, struct ovl_inode *inode, nlink_t lower_links)
{
	struct stat st;
	int r = sys_stat(copy_of(fs, inode), &st);

	if (r < 0)
		return r;
	inode->flags &= (uint8_t)~OVL_INODE_LINKS_MARKED;
	return write_mark(
		fs, inode, 'L', (int)st.st_nlink + inode->entry->more_links - (int)lower_links);
}

int ovl_links_is_last_locked(struct ovl_fs *fs, struct ovl_inode *inode)
{
	struct stat st;

	if (inode->entry->more_links >= 0) /* the link index itself has one */
		return 0;
	int r = sys_stat(copy_of(fs, inode), &st);
	if (r < 0 || (int)st.st_nlink + inode->entry->more_links > 1)
		return r;
	if (st.st_nlink <= 2)
		return 1;
	/* A lower file was given another name behind our back. What the upper has counts (kernel:
	 * ovl_cleanup_index()). */
	inode->entry->more_links = -1;
	inode->flags &= (uint8_t)~OVL_INODE_LINKS_MARKED;
	return ovl_links_mark_locked(fs, inode);
}
