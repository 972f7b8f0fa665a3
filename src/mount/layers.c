// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Opening the layers.
 *
 * A lower becomes a private clone of its mount, read-only, wherever that is permitted: mount points
 * inside the layer are then not crossed (the covered directory is seen, as in kernel overlayfs),
 * no mistake of ours can change a lower, and the caller may unmount what it passed. The upper is
 * used where it is: the overlay renames between it and the workdir, and rename(2) never leaves one
 * mount, so two clones would not do.
 *
 * A layer named by a symbolic link is the link's target: container engines name all theirs so.
 */
#include "mount/layers.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "mount/error.h"

/* How long a mount that is just ending may hold its upper: unmounting returns before the daemon has
 * read that it did. */
#define LOCK_TRIES       300
#define LOCK_INTERVAL_US 10000

static bool explain_open(const char *option, const char *path, int error_number, GError **error)
{
	switch (error_number) {
	case ENOENT:
		return mount_error_set(error,
			"%s=%s: no such directory: make it, or correct the path "
			"(in lowerdir a ':' in a name is written '\\:')",
			option, path);
	case ENOTDIR:
		return mount_error_set(error,
			"%s=%s: not a directory: a layer is a directory, name one", option, path);
	case EACCES:
	case EPERM:
		return mount_error_set(error,
			"%s=%s: permission denied: let this user read and search the directory and "
			"search all above it",
			option, path);
	case ENOTCONN:
		return mount_error_set(error,
			"%s=%s: lies on a FUSE mount whose daemon has died: unmount that first",
			option, path);
	case EMFILE:
	case ENFILE:
		return mount_error_set(
			error, "%s=%s: too many open files: raise ulimit -n", option, path);
	default:
		return mount_error_set(error, "%s=%s: cannot be opened: %s", option, path,
			g_strerror(error_number));
	}
}

/* A descriptor of the directory at path, O_PATH, and by *ret_readable one that can be read, which
 * proves the permission: O_PATH alone needs none. */
static int open_directory(const char *option, const char *path, int *ret_readable, GError **error)
{
	_cleanup_close_ int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	_cleanup_close_ int readable =
		fd < 0 ? -1 : openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || readable < 0) {
		explain_open(option, path, errno, error);
		return -1;
	}
	*ret_readable = steal_fd(&readable);
	return steal_fd(&fd);
}

/* A read-only clone of the mount that fd is on, rooted at fd; -1 where the kernel or our rights do
 * not allow one (no CAP_SYS_ADMIN over the mount namespace; a layer of another namespace). */
static int clone_mount(int fd)
{
	_cleanup_close_ int clone =
		open_tree(fd, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (clone < 0)
		return -1;
	/* As fs/overlayfs/super.c, ovl_get_layers(). A user namespace may not change atime settings
	 * that it inherited: then only the part that matters. No device of a layer is ever opened:
	 * one that takes the place of a file must not be either. */
	struct mount_attr attr = {
		.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOATIME,
		.attr_clr = MOUNT_ATTR__ATIME,
	};
	if (mount_setattr(clone, "", AT_EMPTY_PATH, &attr, sizeof(attr)) < 0) {
		attr = (struct mount_attr){.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV};
		mount_setattr(clone, "", AT_EMPTY_PATH, &attr, sizeof(attr));
	}
	return steal_fd(&clone);
}

static bool open_lower(struct mount_layers *layers, const char *path, GError **error)
{
	_cleanup_close_ int readable = -1;
	_cleanup_close_ int fd = open_directory("lowerdir", path, &readable, error);
	if (fd < 0)
		return false;
	layers->lower_fds[layers->n_lower++] = steal_fd(&fd);
	return true;
}

static bool open_lowers(struct mount_layers *layers, const GPtrArray *paths, GError **error)
{
	layers->lower_fds = g_new(int, paths->len);
	for (guint i = 0; i < paths->len; i++) {
		if (!open_lower(layers, paths->pdata[i], error))
			return false;
	}
	return true;
}

/* After the checks: ".." does not lead out of a clone. */
static void clone_lowers(struct mount_layers *layers)
{
	for (size_t i = 0; i < layers->n_lower; i++) {
		int clone = clone_mount(layers->lower_fds[i]);
		if (clone < 0)
			continue;
		close(layers->lower_fds[i]);
		layers->lower_fds[i] = clone;
	}
}

/* Locks what lock_fd is open on. A file system without locks is no reason to refuse: then two
 * mounts of one upper are not noticed, as everywhere in the kernel. */
static bool lock_directory(const char *option, const char *path, int lock_fd, GError **error)
{
	for (int i = 0; i < LOCK_TRIES; i++) {
		if (flock(lock_fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
			return true;
		usleep(LOCK_INTERVAL_US);
	}
	return mount_error_set(error,
		"%s=%s: in use by another mount: unmount that, or take another directory", option,
		path);
}

static bool check_writable(const char *option, const char *path, int fd, GError **error)
{
	struct statvfs fs;
	if (fstatvfs(fd, &fs) == 0 && (fs.f_flag & ST_RDONLY))
		return mount_error_set(error,
			"%s=%s: on a read-only file system: take a writable one, or leave upperdir "
			"and workdir out for a read-only mount",
			option, path);
	struct stat st;
	if (faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS) < 0 &&
		(errno == EACCES || errno == EPERM) && fstat(fd, &st) == 0 &&
		st.st_uid != geteuid())
		return mount_error_set(error,
			"%s=%s: permission denied: let this user write to the directory", option,
			path);
	return true;
}

static bool open_upper_and_work(
	struct mount_layers *layers, const struct mount_options *options, GError **error)
{
	const char *upper = options->upper, *work = options->work;
	layers->upper_fd = open_directory("upperdir", upper, &layers->upper_lock, error);
	if (layers->upper_fd < 0)
		return false;
	layers->work_fd = open_directory("workdir", work, &layers->work_lock, error);
	if (layers->work_fd < 0)
		return false;
	layers->had_work = faccessat(layers->work_fd, "work", F_OK, AT_SYMLINK_NOFOLLOW) == 0;
	return check_writable("upperdir", upper, layers->upper_fd, error) &&
	       check_writable("workdir", work, layers->work_fd, error);
}

static bool lock_upper_and_work(
	const struct mount_layers *layers, const struct mount_options *options, GError **error)
{
	return layers->upper_fd < 0 ||
	       (lock_directory("upperdir", options->upper, layers->upper_lock, error) &&
		       lock_directory("workdir", options->work, layers->work_lock, error));
}

bool mount_layers_open(struct mount_layers *layers, struct mount_options *options, GError **error)
{
	if (!open_lowers(layers, options->lower, error))
		return false;
	if (options->upper && !open_upper_and_work(layers, options, error))
		return false;
	if (!mount_layers_check(layers, options, error) ||
		!lock_upper_and_work(layers, options, error))
		return false;
	clone_lowers(layers);
	options->config.lower_fds = layers->lower_fds;
	options->config.n_lower = layers->n_lower;
	options->config.upper_fd = layers->upper_fd;
	options->config.work_fd = layers->work_fd;
	return true;
}

static void close_fd(int *fd)
{
	cleanup_close(fd);
	*fd = -1;
}

void mount_layers_unlock(struct mount_layers *layers)
{
	close_fd(&layers->upper_lock);
	close_fd(&layers->work_lock);
}

void mount_layers_remove_work(const struct mount_layers *layers)
{
	if (layers->work_fd < 0 || layers->had_work)
		return;
	/* Made for us a moment ago, so it holds at most the marker of a volatile mount. Mode 0000
	 * keeps even its owner out. Only empty directories and that marker can be hit. */
	int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	fchmodat(layers->work_fd, "work", 0700, 0);
	_cleanup_close_ int work = openat(layers->work_fd, "work", flags);
	if (work >= 0) {
		unlinkat(work, "incompat/volatile/dirty", 0);
		unlinkat(work, "incompat/volatile", AT_REMOVEDIR);
		unlinkat(work, "incompat", AT_REMOVEDIR);
	}
	unlinkat(layers->work_fd, "work", AT_REMOVEDIR);
}

void mount_layers_close_lowers(struct mount_layers *layers)
{
	for (size_t i = 0; i < layers->n_lower; i++)
		cleanup_close(&layers->lower_fds[i]);
	g_clear_pointer(&layers->lower_fds, g_free);
	layers->n_lower = 0;
}

void mount_layers_clear(struct mount_layers *layers)
{
	mount_layers_unlock(layers);
	close_fd(&layers->upper_fd);
	close_fd(&layers->work_fd);
	mount_layers_close_lowers(layers);
}
