/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "instance_uuid.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "format.h"

#define UUID_SIZE 16

/* A random one (RFC 9562, version 4), as the kernel's uuid_gen(). */
static int make_uuid(uint8_t uuid[UUID_SIZE])
{
	if (getrandom(uuid, UUID_SIZE, 0) != UUID_SIZE)
		return -EIO;
	uuid[6] = (uint8_t)((uuid[6] & 0x0f) | 0x40);
	uuid[8] = (uint8_t)((uuid[8] & 0x3f) | 0x80);
	return 0;
}

/* 1, 0, or -errno; size: of the value, 0 for any. */
static int has_mark(struct ovl_fs *fs, struct sys_at root, enum ovl_mark_kind mark, ssize_t size)
{
	uint8_t value[UUID_SIZE];
	ssize_t r = ovl_mark_get_upper(root, ovl_mark_name(fs->prefix, mark), value, sizeof(value));
	if (r == -ENODATA)
		return 0;
	return r < 0 ? (int)r : size == 0 || r == size;
}

static int keep(struct ovl_fs *fs, struct sys_at root, enum ovl_uuid_choice choice)
{
	uint8_t uuid[UUID_SIZE];
	int r = has_mark(fs, root, OVL_MARK_UUID, UUID_SIZE);
	if (r != 0)
		return r;
	if (choice == OVL_UUID_AUTO)
		r = has_mark(fs, root, OVL_MARK_IMPURE, 0);
	if (r != 0)
		return r;
	r = make_uuid(uuid);
	return r < 0 ? r
		     : ovl_mark_set_upper(
			       root, ovl_mark_name(fs->prefix, OVL_MARK_UUID), uuid, sizeof(uuid));
}

void ovl_instance_uuid_keep(struct ovl_fs *fs, enum ovl_uuid_choice choice)
{
	if (choice == OVL_UUID_NULL || choice == OVL_UUID_OFF)
		return;
	struct ovl_real root = {fs->layers[OVL_UPPER].root, "", -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	int r = fs->upper_has_xattrs ? ovl_real_hold(&fs->dirs, &root, &hold) : -EOPNOTSUPP;
	if (r == 0)
		r = keep(fs, hold.at, choice);
	if (r < 0)
		log_line("uuid=%s: the upper's root cannot keep one (%s): falling back to "
			 "uuid=null",
			choice == OVL_UUID_ON ? "on" : "auto", strerror(-r));
}
