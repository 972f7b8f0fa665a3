// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How the layers lie to one another. Two directories are the same when device and inode number are,
 * however they were named; one lies inside another when walking up by ".." from it meets that one.
 * An upper inside a lower is fine: the overlay never walks into it. A lower inside the upper is
 * not: it would change under our feet; nor is a lower inside another, whose files would be there
 * twice.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "mount/error.h"
#include "mount/layers.h"

struct identity {
	dev_t device;
	ino_t inode;
};

static bool identify(int fd, struct identity *ret_identity)
{
	struct stat st;
	if (fstat(fd, &st) < 0)
		return false;
	*ret_identity = (struct identity){st.st_dev, st.st_ino};
	return true;
}

static bool same(const struct identity *a, const struct identity *b)
{
	return a->device == b->device && a->inode == b->inode;
}

static bool is_among(const struct identity *here, const struct identity *directories, size_t n,
	size_t *ret_which)
{
	for (size_t i = 0; i < n; i++) {
		if (!same(here, &directories[i]))
			continue;
		*ret_which = i;
		return true;
	}
	return false;
}

/* Whether the directory fd is one of directories, or lies below it. Where we may not look, it does
 * not. */
static bool is_at_or_below_any(
	int fd, const struct identity *directories, size_t n, size_t *ret_which)
{
	struct identity here, above;
	_cleanup_close_ int dir = openat(fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0 || !identify(dir, &here))
		return false;
	for (;;) {
		if (is_among(&here, directories, n, ret_which))
			return true;
		int parent = openat(dir, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (parent < 0)
			return false;
		close(dir);
		dir = parent;
		if (!identify(dir, &above) || same(&above, &here))
			return false;
		here = above;
	}
}

static bool is_at_or_below(int fd, const struct identity *directory)
{
	size_t which;
	return is_at_or_below_any(fd, directory, 1, &which);
}

/* The id of the mount that fd is on; 0 before Linux 5.8. */
static uint64_t mount_id(int fd)
{
	struct statx stx;
	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_MNT_ID, &stx) < 0 ||
		!(stx.stx_mask & STATX_MNT_ID))
		return 0;
	return stx.stx_mnt_id;
}

static bool check_work(const struct mount_layers *layers, const struct mount_options *options,
	const struct identity *upper, const struct identity *work, GError **error)
{
	const char *upper_path = options->upper, *work_path = options->work;
	if (same(upper, work))
		return mount_error_set(error,
			"workdir=%s: is the upperdir: name an empty directory beside it",
			work_path);
	if (upper->device != work->device)
		return mount_error_set(error,
			"workdir=%s: on another file system than upperdir=%s: name a directory on "
			"the same one",
			work_path, upper_path);
	if (is_at_or_below(layers->work_fd, upper))
		return mount_error_set(error,
			"workdir=%s: lies inside upperdir=%s: name a directory beside it",
			work_path, upper_path);
	if (is_at_or_below(layers->upper_fd, work))
		return mount_error_set(error,
			"upperdir=%s: lies inside workdir=%s: name directories beside each other",
			upper_path, work_path);
	if (mount_id(layers->upper_fd) != mount_id(layers->work_fd))
		return mount_error_set(error,
			"workdir=%s: reached through another mount than upperdir=%s, so that files "
			"cannot be renamed between them: name both below one mount point",
			work_path, upper_path);
	return true;
}

/* The upper and the workdir against each lower. */
static bool check_lower_against(const struct mount_options *options, guint i, int lower_fd,
	const struct identity *directory, bool is_upper, GError **error)
{
	const char *path = options->lower->pdata[i];
	const char *option = is_upper ? "upperdir" : "workdir";
	const char *other = is_upper ? options->upper : options->work;
	struct identity lower;
	if (identify(lower_fd, &lower) && same(&lower, directory))
		return mount_error_set(error,
			"%s=%s: is a lowerdir too: what is written would change a lower layer; "
			"name another directory",
			option, other);
	if (is_at_or_below(lower_fd, directory))
		return mount_error_set(error,
			"lowerdir=%s: lies inside %s=%s: what is written would change a lower "
			"layer; name directories beside each other",
			path, option, other);
	return true;
}

static bool check_upper(
	const struct mount_layers *layers, const struct mount_options *options, GError **error)
{
	struct identity upper, work;
	if (!identify(layers->upper_fd, &upper) || !identify(layers->work_fd, &work))
		return mount_error_set(error, "upperdir=%s, workdir=%s: cannot be examined: %s",
			options->upper, options->work, g_strerror(errno));
	if (!check_work(layers, options, &upper, &work, error))
		return false;
	for (guint i = 0; i < layers->n_lower; i++) {
		int fd = layers->lower_fds[i];
		if (!check_lower_against(options, i, fd, &upper, true, error) ||
			!check_lower_against(options, i, fd, &work, false, error))
			return false;
	}
	return true;
}

/* ELOOP "conflicting lowerdir path" of the kernel. */
static bool check_lowers_differ(
	const struct mount_layers *layers, const struct mount_options *options, GError **error)
{
	g_autofree struct identity *lowers = g_new0(struct identity, layers->n_lower);
	for (size_t i = 0; i < layers->n_lower; i++) {
		if (!identify(layers->lower_fds[i], &lowers[i]))
			return mount_error_set(error, "lowerdir=%s: cannot be examined: %s",
				(char *)options->lower->pdata[i], g_strerror(errno));
		for (size_t j = 0; j < i; j++) {
			if (same(&lowers[i], &lowers[j]))
				return mount_error_set(error,
					"lowerdir=%s: the same directory as lowerdir=%s: name each "
					"layer once",
					(char *)options->lower->pdata[i],
					(char *)options->lower->pdata[j]);
		}
	}
	return true;
}

/* ELOOP "overlapping lowerdir path" of the kernel. */
static bool check_lowers_apart(
	const struct mount_layers *layers, const struct mount_options *options, GError **error)
{
	g_autofree struct identity *lowers = g_new0(struct identity, layers->n_lower);
	for (size_t i = 0; i < layers->n_lower; i++)
		identify(layers->lower_fds[i], &lowers[i]);
	for (size_t i = 0; i < layers->n_lower; i++) {
		size_t which;
		_cleanup_close_ int parent =
			openat(layers->lower_fds[i], "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
		struct identity above;
		if (parent < 0 || !identify(parent, &above) || same(&above, &lowers[i]))
			continue;
		if (is_at_or_below_any(parent, lowers, layers->n_lower, &which))
			return mount_error_set(error,
				"lowerdir=%s: lies inside lowerdir=%s: its files would be there "
				"twice; "
				"name one of the two",
				(char *)options->lower->pdata[i],
				(char *)options->lower->pdata[which]);
	}
	return true;
}

bool mount_layers_check(
	const struct mount_layers *layers, const struct mount_options *options, GError **error)
{
	return check_lowers_differ(layers, options, error) &&
	       check_lowers_apart(layers, options, error) &&
	       (layers->upper_fd < 0 || check_upper(layers, options, error));
}
