/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/handle.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/fault.h"

#define UUID_SIZE 16

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
	uint8_t uuid[UUID_SIZE];
};
#define IOC_GET_FS_UUID _IOR(0x15, 0, struct fs_uuid)

static int ask_any(int fd, uint8_t ret_uuid[UUID_SIZE])
{
	struct fs_uuid answer = {0};
	if (ioctl(fd, IOC_GET_FS_UUID, &answer) < 0)
		return errno == ENOTTY ? -EOPNOTSUPP : -errno;
	if (answer.length != UUID_SIZE)
		return -EOPNOTSUPP;
	memcpy(ret_uuid, answer.uuid, UUID_SIZE);
	return 0;
}

/* struct fsuuid and EXT4_IOC_GETFSUUID of fs/ext4 (5.19), which linux/ has no header for. The size
 * in the number is that of the head alone. */
struct ext4_uuid {
	uint32_t length;
	uint32_t flags;
	uint8_t uuid[UUID_SIZE];
};
#define IOC_EXT4_GET_UUID _IOC(_IOC_READ, 'f', 44, 2 * sizeof(uint32_t))

static int ask_ext4(int fd, uint8_t ret_uuid[UUID_SIZE])
{
	struct ext4_uuid answer = {.length = UUID_SIZE};
	if (ioctl(fd, IOC_EXT4_GET_UUID, &answer) < 0 || answer.length != UUID_SIZE)
		return -EOPNOTSUPP;
	memcpy(ret_uuid, answer.uuid, UUID_SIZE);
	return 0;
}

/* struct xfs_fsop_geom_v1 of fs/xfs/libxfs/xfs_fs.h. */
struct xfs_geometry {
	uint32_t sizes[8];
	uint64_t counts[4];
	uint8_t uuid[UUID_SIZE];
	uint32_t rest[7];
	uint32_t padding;
};
#define IOC_XFS_GEOMETRY _IOR('X', 100, struct xfs_geometry)

static int ask_xfs(int fd, uint8_t ret_uuid[UUID_SIZE])
{
	struct xfs_geometry answer = {0};
	if (ioctl(fd, IOC_XFS_GEOMETRY, &answer) < 0)
		return -EOPNOTSUPP;
	memcpy(ret_uuid, answer.uuid, UUID_SIZE);
	return 0;
}

static int ask_btrfs(int fd, uint8_t ret_uuid[UUID_SIZE])
{
	struct btrfs_ioctl_fs_info_args answer = {0};
	if (ioctl(fd, BTRFS_IOC_FS_INFO, &answer) < 0)
		return -EOPNOTSUPP;
	memcpy(ret_uuid, answer.fsid, UUID_SIZE);
	return 0;
}

/* The number of a request means one thing on each file system. */
static int ask_old(int fd, uint8_t ret_uuid[UUID_SIZE])
{
	struct statfs st;
	if (fstatfs(fd, &st) < 0)
		return -errno;
	switch (st.f_type) {
	case EXT4_SUPER_MAGIC:
		return ask_ext4(fd, ret_uuid);
	case XFS_SUPER_MAGIC:
		return ask_xfs(fd, ret_uuid);
	case BTRFS_SUPER_MAGIC:
		return ask_btrfs(fd, ret_uuid);
	default:
		return -EOPNOTSUPP;
	}
}

int sys_fs_uuid(int dirfd, uint8_t ret_uuid[UUID_SIZE])
{
	_cleanup_close_ int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	SYS_FAULT();
	int r = ask_any(fd, ret_uuid);
	return r == -EOPNOTSUPP ? ask_old(fd, ret_uuid) : r;
}
