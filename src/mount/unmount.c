// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Recognising the mount, and removing it.
 *
 * A mount is known by device and mount id. Since Linux 6.8 there are mount ids that are never used
 * again, and they settle it. Before, both numbers are free for the next mount as soon as ours is
 * gone, and a container engine mounts again on the same path at once: so when our connection is
 * dead, what lies there counts as ours only if it is dead as well (ENOTCONN). While the connection
 * lives, our mount does, and nobody else can have its numbers.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "identity.h"
#include "mount/error.h"

#ifndef STATX_MNT_ID_UNIQUE
#define STATX_MNT_ID_UNIQUE 0x4000U
#endif

struct seen {
	dev_t device;
	uint64_t id;
	bool id_unique;
};

/* sync: AT_STATX_DONT_SYNC asks the kernel only, AT_STATX_FORCE_SYNC the daemon. */
static bool look(int fd, int sync, struct seen *ret_seen)
{
	struct statx stx;
	unsigned mask = STATX_TYPE | STATX_MNT_ID | STATX_MNT_ID_UNIQUE;
	if (statx(fd, "", AT_EMPTY_PATH | sync, mask, &stx) < 0)
		return false;
	ret_seen->device = makedev(stx.stx_dev_major, stx.stx_dev_minor);
	ret_seen->id_unique = stx.stx_mask & STATX_MNT_ID_UNIQUE;
	ret_seen->id = stx.stx_mask & (STATX_MNT_ID | STATX_MNT_ID_UNIQUE) ? stx.stx_mnt_id : 0;
	return true;
}

bool mount_identity_learn(struct ovl_mount *mount)
{
	struct seen seen;
	_cleanup_close_ int fd = open(mount->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || !look(fd, AT_STATX_DONT_SYNC, &seen))
		return false;
	mount->device = seen.device;
	mount->id = seen.id;
	mount->id_unique = seen.id_unique;
	return true;
}

static bool connection_is_dead(const struct ovl_mount *mount)
{
	struct pollfd poll_fd = {.fd = mount->fuse_fd, .events = POLLIN};
	return poll(&poll_fd, 1, 0) > 0 && (poll_fd.revents & (POLLERR | POLLNVAL));
}

int mount_identity_open(const struct ovl_mount *mount)
{
	struct seen seen;
	_cleanup_close_ int fd = open(mount->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || !look(fd, AT_STATX_DONT_SYNC, &seen))
		return -1;
	if (seen.device != mount->device || seen.id != mount->id)
		return -1;
	if (!mount->id_unique && connection_is_dead(mount) &&
		(look(fd, AT_STATX_FORCE_SYNC, &seen) || errno != ENOTCONN))
		return -1;
	return steal_fd(&fd);
}

bool ovl_mount_check_answers(const struct ovl_mount *mount, GError **error)
{
	struct seen seen;
	if (!mount->path)
		return true;
	_cleanup_close_ int fd = mount_identity_open(mount);
	/* Whoever finds it in mountinfo can be faster than we are: used it, and unmounted it,
	 * perhaps lazily and still using it. */
	if (fd < 0)
		return true;
	if (!look(fd, AT_STATX_FORCE_SYNC, &seen))
		return mount_error_set(error, "mount point %s: the mount does not answer: %s",
			mount->path, g_strerror(errno));
	return true;
}

void ovl_mount_sync(const struct ovl_mount *mount)
{
	_cleanup_close_ int fd = mount->attached ? mount_identity_open(mount) : -1;
	_cleanup_close_ int root =
		fd < 0 ? -1 : openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root >= 0)
		syncfs(root);
}

/* By the descriptor's own name in /proc, so that nothing can slip in between the look and the
 * unmount; where there is no /proc, by path. */
static bool detach_directly(const char *path, int fd)
{
	g_autofree char *link = g_strdup_printf("/proc/self/fd/%d", fd);
	if (umount2(link, MNT_DETACH) == 0)
		return true;
	return errno == ENOENT && umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) == 0;
}

bool ovl_mount_detach(struct ovl_mount *mount)
{
	if (!mount->attached)
		return true;
	mount->attached = false;
	_cleanup_close_ int fd = mount_identity_open(mount);
	if (fd < 0 && connection_is_dead(mount))
		return true;
	if (fd < 0) {
		log_line("mount point %s: hidden by another mount: unmount both", mount->path);
		return false;
	}
	if (!mount->by_helper) {
		if (detach_directly(mount->path, fd))
			return true;
		log_line("mount point %s: cannot be unmounted: %s", mount->path, g_strerror(errno));
		return false;
	}
	g_autoptr(GError) error = NULL;
	if (!fusermount_unmount(mount->path, &error))
		log_line("%s", error->message);
	return !error;
}
