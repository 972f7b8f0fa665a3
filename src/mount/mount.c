// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Making the mount, and finding out what it is.
 *
 * mount(2) comes first: it works for root and for uid 0 of a user namespace with a mount namespace
 * of its own, and takes what fusermount3 does not (suid, allow_other). Our options are few and
 * short, so its page for them never matters: layers and the rest never go to the kernel.
 */
#include "mount/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "identity.h"
#include "mount/error.h"

#define FUSE_DEVICE "/dev/fuse"
#define FUSE_MAJOR  10
#define FUSE_MINOR  229

int mount_point_descriptor(const char *mountpoint)
{
	int fd = -1, end = 0;
	if (sscanf(mountpoint, "/dev/fd/%9d%n", &fd, &end) != 1 || mountpoint[end] || fd < 0)
		return -1;
	return fd;
}

static bool prepare_given(struct ovl_mount *mount, int fd, GError **error)
{
	struct stat st;
	if (fstat(fd, &st) < 0 || !S_ISCHR(st.st_mode) ||
		st.st_rdev != makedev(FUSE_MAJOR, FUSE_MINOR))
		return mount_error_set(error,
			"mount point /dev/fd/%d: not an open descriptor of " FUSE_DEVICE
			": open and mount it before, and let it be inherited",
			fd);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	mount->fuse_fd = fd;
	return true;
}

static bool explain_mount_point(const char *path, int error_number, GError **error)
{
	switch (error_number) {
	case ENOENT:
		return mount_error_set(
			error, "mount point %s: no such directory: make it first", path);
	case ENOTDIR:
		return mount_error_set(
			error, "mount point %s: not a directory: name an existing one", path);
	case EACCES:
	case EPERM:
		return mount_error_set(error,
			"mount point %s: permission denied: let this user search all directories "
			"above it",
			path);
	case ENOTCONN:
		return mount_error_set(error,
			"mount point %s: a mount whose daemon has died is there: remove it with "
			"'fusermount3 -u' or 'umount'",
			path);
	default:
		return mount_error_set(error, "mount point %s: cannot be used: %s", path,
			g_strerror(error_number));
	}
}

bool ovl_mount_prepare(struct ovl_mount *mount, const char *mountpoint, GError **error)
{
	int given = mount_point_descriptor(mountpoint);
	if (given >= 0)
		return prepare_given(mount, given, error);
	_cleanup_free_ char *path = realpath(mountpoint, NULL);
	if (!path)
		return explain_mount_point(mountpoint, errno, error);
	_cleanup_close_ int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct statx stx;
	/* Past the cache: the attributes of a mount whose daemon has died may still be there. */
	if (fd < 0 ||
		statx(fd, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS, &stx) < 0)
		return explain_mount_point(mountpoint, errno, error);
	mount->path = g_strdup(path);
	return true;
}

static int open_fuse_device(GError **error)
{
	int fd = open(FUSE_DEVICE, O_RDWR | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	if (errno == ENOENT || errno == ENODEV || errno == ENXIO)
		mount_error_set(error,
			FUSE_DEVICE ": missing: load the kernel module ('modprobe fuse'), or give "
				    "the container this device");
	else if (errno == EACCES || errno == EPERM)
		mount_error_set(error,
			FUSE_DEVICE ": permission denied: as root 'chmod 666 " FUSE_DEVICE
				    "', or allow the container this device");
	else
		mount_error_set(error, FUSE_DEVICE ": cannot be opened: %s", g_strerror(errno));
	return -1;
}

/* SELinux's labels, where it can understand them: elsewhere mount(2) would refuse the words. */
static void append_contexts(GString *data, const struct mount_options *options)
{
	if (access("/sys/fs/selinux/enforce", F_OK) < 0)
		return;
	for (size_t i = 0; i < MOUNT_N_CONTEXTS; i++) {
		if (options->contexts[i])
			g_string_append_printf(
				data, ",%s=\"%s\"", mount_context_names[i], options->contexts[i]);
	}
}

/* Returns 0, or the errno of mount(2). */
static int mount_directly(
	const char *path, int fuse_fd, const struct mount_options *options, GError **error)
{
	g_autofree char *type = g_strconcat("fuse.", options->subtype, NULL);
	g_autoptr(GString) data = g_string_new(NULL);
	g_string_printf(data,
		"fd=%d,rootmode=%o,user_id=%u,group_id=%u,default_permissions,allow_other", fuse_fd,
		(unsigned)S_IFDIR, (unsigned)geteuid(), (unsigned)getegid());
	append_contexts(data, options);
	if (data->len >= (gsize)sysconf(_SC_PAGESIZE)) {
		mount_error_set(error, "context: the SELinux labels are too long for mount(2)");
		return E2BIG;
	}
	if (mount(options->fsname, path, type, options->flags, data->str) == 0)
		return 0;
	int failure = errno;
	if (failure == ENODEV)
		mount_error_set(error,
			"mount point %s: this kernel has no FUSE: load its module ('modprobe "
			"fuse')",
			path);
	else
		mount_error_set(
			error, "mount point %s: mount(2) failed: %s", path, g_strerror(failure));
	return failure;
}

/* Newer kernels tell the device of a mount that somebody else made (fdinfo, Linux 6.18). */
static dev_t device_of_connection(int fuse_fd)
{
	g_autofree char *path = g_strdup_printf("/proc/self/fdinfo/%d", fuse_fd);
	g_autofree char *text = NULL;
	if (!g_file_get_contents(path, &text, NULL, NULL))
		return 0;
	const char *line = strstr(text, "fuse_connection:");
	unsigned number = 0;
	if (!line || sscanf(line, "fuse_connection: %u", &number) != 1)
		return 0;
	return makedev(0, number);
}

static bool attach_by_mount(
	struct ovl_mount *mount, const struct mount_options *options, GError **error)
{
	g_autoptr(GError) direct_error = NULL;
	_cleanup_close_ int fuse_fd = open_fuse_device(error);
	if (fuse_fd < 0)
		return false;
	int failure = mount_directly(mount->path, fuse_fd, options, &direct_error);
	if (failure == 0) {
		mount->fuse_fd = steal_fd(&fuse_fd);
		return true;
	}
	if (failure != EPERM) {
		g_propagate_error(error, g_steal_pointer(&direct_error));
		return false;
	}
	mount->fuse_fd = fusermount_mount(mount->path, options, error);
	mount->by_helper = mount->fuse_fd >= 0;
	return mount->by_helper;
}

bool ovl_mount_attach(struct ovl_mount *mount, const struct mount_options *options, GError **error)
{
	if (!mount->path) {
		mount->device = device_of_connection(mount->fuse_fd);
		return true;
	}
	if (!attach_by_mount(mount, options, error))
		return false;
	mount->attached = true;
	if (mount_identity_learn(mount))
		return true;
	mount_error_set(error, "mount point %s: mounted, but cannot be found again: %s",
		mount->path, g_strerror(errno));
	/* Nothing else can be on top: it was made a moment ago. */
	if (mount->by_helper)
		fusermount_unmount(mount->path, NULL);
	else
		umount2(mount->path, MNT_DETACH | UMOUNT_NOFOLLOW);
	mount->attached = false;
	return false;
}

void ovl_mount_clear(struct ovl_mount *mount)
{
	cleanup_close(&mount->fuse_fd);
	mount->fuse_fd = -1;
	g_clear_pointer(&mount->path, g_free);
}
