/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/handle.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/fault.h"

int sys_handle_get(struct sys_at at, struct sys_handle *ret_handle)
{
	union {
		struct file_handle handle;
		char space[sizeof(struct file_handle) + SYS_HANDLE_MAX];
	} u;
	int mount_id;

	SYS_FAULT();
	u.handle.handle_bytes = SYS_HANDLE_MAX;
	if (name_to_handle_at(
		    at.dirfd, at.name, &u.handle, &mount_id, at.name[0] ? 0 : AT_EMPTY_PATH) < 0)
		return errno == EOVERFLOW ? -EOPNOTSUPP : -errno;
	if (u.handle.handle_bytes == 0)
		return -EOPNOTSUPP;
	ret_handle->type = u.handle.handle_type;
	ret_handle->size = u.handle.handle_bytes;
	memcpy(ret_handle->bytes, u.handle.f_handle, u.handle.handle_bytes);
	return 0;
}

int sys_handle_open(int mount_fd, const struct sys_handle *handle)
{
	union {
		struct file_handle handle;
		char space[sizeof(struct file_handle) + SYS_HANDLE_MAX];
	} u;

	SYS_FAULT();
	u.handle.handle_bytes = handle->size;
	u.handle.handle_type = handle->type;
	memcpy(u.handle.f_handle, handle->bytes, handle->size);
	int fd = open_by_handle_at(mount_fd, &u.handle, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* enum fid_type of linux/exportfs.h; the numbers are kept on disk (NFS clients hold them). */
enum {
	FID_INO32_GEN = 0x01,
	FID_INO32_GEN_PARENT = 0x02,
	FID_BTRFS = 0x4d,
	FID_BTRFS_PARENT_ROOT = 0x4f,
	FID_INO64_GEN = 0x81,
	FID_INO64_GEN_PARENT = 0x82
};

bool sys_handle_has_subvolume(int type)
{
	return type >= FID_BTRFS && type <= FID_BTRFS_PARENT_ROOT;
}

bool sys_handle_inode(int type, const uint8_t *bytes, unsigned size, uint64_t *ret_ino)
{
	uint32_t words[3] = {0};
	uint64_t wide = 0;

	memcpy(words, bytes, size < sizeof(words) ? size : sizeof(words));
	memcpy(&wide, bytes, size < sizeof(wide) ? size : sizeof(wide));
	if (type == FID_INO32_GEN && size == 12) { /* tmpfs: generation, low half, high half */
		*ret_ino = words[1] | (uint64_t)words[2] << 32;
		return true;
	}
	if ((type == FID_INO32_GEN && size >= 8) || (type == FID_INO32_GEN_PARENT && size >= 16)) {
		*ret_ino = words[0];
		return true;
	}
	bool is_wide = type == FID_INO64_GEN || type == FID_INO64_GEN_PARENT ||
		       sys_handle_has_subvolume(type);
	if (is_wide && size >= 8)
		*ret_ino = wide;
	return is_wide && size >= 8;
}

/* struct fsuuid2 and FS_IOC_GETFSUUID of linux/fs.h (6.9). */
struct fs_uuid {
	uint8_t length;
	uint8_t uuid[16];
};
#define IOC_GET_FS_UUID _IOR(0x15, 0, struct fs_uuid)

int sys_fs_uuid(int dirfd, uint8_t ret_uuid[16])
{
	struct fs_uuid answer = {0};
	_cleanup_close_ int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	SYS_FAULT();
	if (ioctl(fd, IOC_GET_FS_UUID, &answer) < 0)
		return errno == ENOTTY ? -EOPNOTSUPP : -errno;
	if (answer.length != sizeof(answer.uuid))
		return -EOPNOTSUPP;
	memcpy(ret_uuid, answer.uuid, sizeof(answer.uuid));
	return 0;
}
