// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How the layers lie to one another. Two directories are the same when device and inode number are,
 * however they were named; one lies inside another when walking up by ".." from it meets that one.
 * An upper inside a lower is fine: the overlay never walks into it. A lower inside the upper is
 * not: it would change under our feet; nor is a lower inside another, whose files would be there
 * twice.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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

/* From *here, so many levels less one above fd, one up, in one system call. False at the top, and
 * where we may not look (or a path of ".." would be too long): there nothing is found. */
static bool climb(int fd, unsigned level, struct identity *here)
{
	char path[PATH_MAX];
	struct stat st;
	if ((size_t)level * 3 >= sizeof(path))
		return false;
	for (unsigned i = 0; i < level; i++)
		memcpy(path + (size_t)i * 3, "../", 3);
	path[(size_t)level * 3] = '\0';
	if (fstatat(fd, path, &st, AT_NO_AUTOMOUNT) < 0)
		return false;
	struct identity above = {st.st_dev, st.st_ino};
	bool at_top = same(&above, here);
	*here = above;
	return !at_top;
}

static bool is_at_or_below(int fd, const struct identity *directory)
{
	struct identity here;
	if (!identify(fd, &here))
		return false;
	for (unsigned level = 1; !same(&here, directory); level++) {
		if (!climb(fd, level, &here))
			return false;
	}
	return true;
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

static bool check_upper(
	const struct mount_layers *layers, const struct mount_options *options, GError **error)
{
	struct identity upper, work;
	if (!identify(layers->upper_fd, &upper) || !identify(layers->work_fd, &work))
		return mount_error_set(error, "upperdir=%s, workdir=%s: cannot be examined: %s",
			options->upper, options->work, g_strerror(errno));
	return check_work(layers, options, &upper, &work, error);
}

/* -- lowers ------------------------------------------------------------------------------------ */

/* What no lower may lie inside: the lowers, then upperdir and workdir. */
struct places {
	struct identity *directories; /* owned */
	size_t n_lower, n;
	GHashTable *passed; /* owned: these and all above them are none of the directories (by
			     * whatever mount: layers end where mounts do). Layers of a store are
			     * neighbours, and what is above them is looked at once */
};

static guint identity_hash(gconstpointer key)
{
	const struct identity *identity = key;
	return (guint)(identity->inode ^ identity->device << 20);
}

static gboolean identity_equal(gconstpointer a, gconstpointer b)
{
	return same(a, b);
}

static bool places_init(struct places *places, const struct mount_layers *layers,
	const struct mount_options *options, GError **error)
{
	size_t n_lower = layers->n_lower;
	*places = (struct places){
		.directories = g_new0(struct identity, n_lower + 2),
		.n_lower = n_lower,
		.n = n_lower,
		.passed = g_hash_table_new_full(identity_hash, identity_equal, g_free, NULL),
	};
	for (size_t i = 0; i < n_lower; i++) {
		if (!identify(layers->lower_fds[i], &places->directories[i]))
			return mount_error_set(error, "lowerdir=%s: cannot be examined: %s",
				(char *)options->lower->pdata[i], g_strerror(errno));
	}
	if (layers->upper_fd >= 0 && identify(layers->upper_fd, &places->directories[n_lower]) &&
		identify(layers->work_fd, &places->directories[n_lower + 1]))
		places->n += 2;
	return true;
}

static void places_clear(struct places *places)
{
	g_free(places->directories);
	g_hash_table_destroy(places->passed);
}

/* ELOOP "conflicting lowerdir path" of the kernel. */
static bool check_differs(
	const struct places *places, size_t i, const struct mount_options *options, GError **error)
{
	size_t j;
	const struct identity *here = &places->directories[i];
	if (is_among(here, places->directories, i, &j))
		return mount_error_set(error,
			"lowerdir=%s: the same directory as lowerdir=%s: name each layer once",
			(char *)options->lower->pdata[i], (char *)options->lower->pdata[j]);
	if (is_among(here, places->directories + places->n_lower, places->n - places->n_lower, &j))
		return mount_error_set(error,
			"%s=%s: is a lowerdir too: what is written would change a lower layer; "
			"name another directory",
			j == 0 ? "upperdir" : "workdir", j == 0 ? options->upper : options->work);
	return true;
}

static bool explain_inside(const struct places *places, size_t i, size_t which,
	const struct mount_options *options, GError **error)
{
	const char *path = options->lower->pdata[i];
	if (which < places->n_lower)
		return mount_error_set(error,
			"lowerdir=%s: lies inside lowerdir=%s: its files would be there twice; "
			"name one of the two",
			path, (char *)options->lower->pdata[which]);
	bool is_upper = which == places->n_lower;
	return mount_error_set(error,
		"lowerdir=%s: lies inside %s=%s: what is written would change a lower "
		"layer; name directories beside each other",
		path, is_upper ? "upperdir" : "workdir", is_upper ? options->upper : options->work);
}

/* ELOOP "overlapping lowerdir path" of the kernel. */
static bool check_apart(struct places *places, size_t i, int fd,
	const struct mount_options *options, GError **error)
{
	struct identity here = places->directories[i];
	size_t which;
	for (unsigned level = 1; climb(fd, level, &here); level++) {
		if (is_among(&here, places->directories, places->n, &which))
			return explain_inside(places, i, which, options, error);
		if (!g_hash_table_add(places->passed, g_memdup2(&here, sizeof(here))))
			return true;
	}
	return true;
}

static bool check_lowers(
	const struct mount_layers *layers, const struct mount_options *options, GError **error)
{
	struct places places;
	bool good = places_init(&places, layers, options, error);
	for (size_t i = 0; good && i < places.n_lower; i++)
		good = check_differs(&places, i, options, error);
	for (size_t i = 0; good && i < places.n_lower; i++)
		good = check_apart(&places, i, layers->lower_fds[i], options, error);
	places_clear(&places);
	return good;
}

bool mount_layers_check(
	const struct mount_layers *layers, const struct mount_options *options, GError **error)
{
	return (layers->upper_fd < 0 || check_upper(layers, options, error)) &&
	       check_lowers(layers, options, error);
}
