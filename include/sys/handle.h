/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * File handles: a name for an object that survives renames and remounts (name_to_handle_at(2)).
 */
#ifndef SYS_HANDLE_H
#define SYS_HANDLE_H

#include <stdbool.h>
#include <stdint.h>

#include "sys/object.h"

#define SYS_HANDLE_MAX 128 /* MAX_HANDLE_SZ of Linux */

struct sys_handle {
	int type;      /* as the file system's own export operations define it */
	unsigned size; /* of bytes, 1..SYS_HANDLE_MAX */
	uint8_t bytes[SYS_HANDLE_MAX];
};

/* -EOPNOTSUPP where the file system has none. Needs no privilege. */
int sys_handle_get(struct sys_at at, struct sys_handle *ret_handle);

/* Opens (O_PATH) the object of a handle on the file system of mount_fd (which is no O_PATH
 * descriptor). Returns the descriptor, or -errno: -ESTALE where there is no such object any more,
 * -EPERM without CAP_DAC_READ_SEARCH in the initial user namespace. */
int sys_handle_open(int mount_fd, const struct sys_handle *handle);

/* Does a handle of that type name, with the file, its subvolume (btrfs)? */
bool sys_handle_has_subvolume(int type);

/*
 * The inode number that a handle of the given type and bytes speaks of, for the layouts that
 * Linux's local file systems use (FILEID_INO32_GEN, FILEID_INO64_GEN, btrfs, tmpfs). Returns false
 * for a layout that is not known.
 */
bool sys_handle_inode(int type, const uint8_t *bytes, unsigned size, uint64_t *ret_ino);

/* The file system's UUID, 16 bytes: FS_IOC_GETFSUUID (Linux 6.9), before that what ext4 (5.19), xfs
 * and btrfs have of their own. -EOPNOTSUPP where unknown. */
int sys_fs_uuid(int dirfd, uint8_t ret_uuid[16]);

#endif
