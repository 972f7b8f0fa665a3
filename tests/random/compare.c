// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two trees, entry by entry: names and their types in the listing, attributes, link counts, xattrs,
 * contents. And one tree into a number, to see that nobody has touched it.
 *
 * A modification time from before the start was set by somebody and must be the same on both sides.
 * A later one came about by itself, on each side at its own moment.
 *
 * A directory's size and link count belong to the file system that holds it: not compared.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "randops.h"

struct name {
	char *name;
	ino_t ino;
	unsigned char type;
};

struct listing {
	struct name *entries;
	size_t n;
	int error;
};

static bool different(struct compare *compare, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static bool different(struct compare *compare, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(compare->why, sizeof(compare->why), format, args);
	va_end(args);
	return false;
}

static int compare_entries(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->name, ((const struct name *)b)->name);
}

static void listing_read(struct listing *listing, const char *path)
{
	memset(listing, 0, sizeof(*listing));
	DIR *dir = opendir(path);
	if (dir == NULL) {
		listing->error = errno;
		return;
	}
	errno = 0;
	for (struct dirent *e; (e = readdir(dir)) != NULL; errno = 0) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (listing->n % 64 == 0) {
			listing->entries = realloc(
				listing->entries, (listing->n + 64) * sizeof(listing->entries[0]));
			if (listing->entries == NULL)
				abort();
		}
		listing->entries[listing->n++] = (struct name){
			.name = strdup(e->d_name), .ino = e->d_ino, .type = e->d_type};
	}
	listing->error = errno;
	closedir(dir);
	if (listing->n > 0)
		qsort(listing->entries, listing->n, sizeof(listing->entries[0]), compare_entries);
}

static void listing_free(struct listing *listing)
{
	for (size_t i = 0; i < listing->n; i++)
		free(listing->entries[i].name);
	free(listing->entries);
}

/* --- inode numbers --- */

/* The plain directory's object: its number, and its birth, since numbers are used again. */
struct seen {
	uint64_t ino;
	int64_t birth, birth_ns;
	uint64_t overlay_ino;
};

static int compare_seen(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;
	if (x->ino != y->ino)
		return x->ino < y->ino ? -1 : 1;
	if (x->birth != y->birth)
		return x->birth < y->birth ? -1 : 1;
	return x->birth_ns == y->birth_ns ? 0 : x->birth_ns < y->birth_ns ? -1 : 1;
}

static bool same_number(
	struct compare *compare, const char *path, const char *plain, ino_t overlay_ino)
{
	struct statx stx;
	struct seen *seen = calloc(1, sizeof(*seen));
	if (seen == NULL)
		abort();
	if (statx(AT_FDCWD, plain, AT_SYMLINK_NOFOLLOW, STATX_INO | STATX_BTIME, &stx) < 0 ||
		(stx.stx_mask & STATX_BTIME) == 0) {
		free(seen);
		return true;
	}
	*seen = (struct seen){
		stx.stx_ino, stx.stx_btime.tv_sec, stx.stx_btime.tv_nsec, overlay_ino};
	struct seen *found = *(struct seen **)tsearch(seen, &compare->seen, compare_seen);
	if (found == seen)
		return true;
	uint64_t before = found->overlay_ino;
	free(seen);
	if (before == overlay_ino)
		return true;
	return different(compare, "%s: inode number was %llu, is %llu", path,
		(unsigned long long)before, (unsigned long long)overlay_ino);
}

void compare_clear(struct compare *compare)
{
	tdestroy(compare->seen, free);
	compare->seen = NULL;
}

/* --- one object --- */

static bool since(const struct timespec *t, const struct timespec *start)
{
	return t->tv_sec > start->tv_sec ||
	       (t->tv_sec == start->tv_sec && t->tv_nsec >= start->tv_nsec);
}

static bool same_stat(
	struct compare *compare, const char *path, const struct stat *a, const struct stat *b)
{
	if (a->st_mode != b->st_mode)
		return different(
			compare, "%s: mode %o, should be %o", path, a->st_mode, b->st_mode);
	if (a->st_uid != b->st_uid || a->st_gid != b->st_gid)
		return different(compare, "%s: owner %u:%u, should be %u:%u", path, a->st_uid,
			a->st_gid, b->st_uid, b->st_gid);
	if (!S_ISDIR(a->st_mode) && a->st_size != b->st_size)
		return different(compare, "%s: size %lld, should be %lld", path,
			(long long)a->st_size, (long long)b->st_size);
	if (compare->links && !S_ISDIR(a->st_mode) && a->st_nlink != b->st_nlink)
		return different(compare, "%s: nlink %lu, should be %lu", path,
			(unsigned long)a->st_nlink, (unsigned long)b->st_nlink);
	if ((S_ISCHR(a->st_mode) || S_ISBLK(a->st_mode)) && a->st_rdev != b->st_rdev)
		return different(compare, "%s: device %u:%u, should be %u:%u", path,
			major(a->st_rdev), minor(a->st_rdev), major(b->st_rdev), minor(b->st_rdev));
	/* A rename that the kernel's overlay refuses late has touched the directories already. */
	if (compare->kernel && S_ISDIR(a->st_mode))
		return true;
	bool a_late = since(&a->st_mtim, &compare->started),
	     b_late = since(&b->st_mtim, &compare->started);
	if (a_late != b_late || (!b_late && (a->st_mtim.tv_sec != b->st_mtim.tv_sec ||
						    a->st_mtim.tv_nsec != b->st_mtim.tv_nsec)))
		return different(compare, "%s: mtime %lld.%09ld, should be %lld.%09ld%s", path,
			(long long)a->st_mtim.tv_sec, a->st_mtim.tv_nsec,
			(long long)b->st_mtim.tv_sec, b->st_mtim.tv_nsec,
			b_late ? " or about so" : "");
	return true;
}

static ssize_t sorted_xattrs(const char *path, char *list, size_t size, char **names, size_t max)
{
	size_t n = 0;
	ssize_t used = llistxattr(path, list, size);
	if (used < 0)
		return -errno;
	for (ssize_t at = 0; at < used && n < max; at += (ssize_t)strlen(list + at) + 1)
		if (strcmp(list + at, "security.selinux") != 0)
			names[n++] = list + at;
	/* Few: the plainest sort will do. */
	for (size_t i = 1; i < n; i++)
		for (size_t j = i; j > 0 && strcmp(names[j - 1], names[j]) > 0; j--) {
			char *name = names[j];
			names[j] = names[j - 1];
			names[j - 1] = name;
		}
	return (ssize_t)n;
}

static bool same_xattrs(struct compare *compare, const char *path, char full[2][2 * PATH_MAX])
{
	char lists[2][8192], values[2][4096];
	char *names[2][128];
	ssize_t n[2];
	for (int i = 0; i < 2; i++)
		n[i] = sorted_xattrs(full[i], lists[i], sizeof(lists[i]), names[i], 128);
	for (ssize_t i = 0; i < n[0] || i < n[1]; i++) {
		const char *a = i < n[0] ? names[0][i] : "nothing";
		const char *b = i < n[1] ? names[1][i] : "nothing";
		if (strcmp(a, b) != 0)
			return different(compare, "%s: xattrs: %s, should be %s", path, a, b);
		ssize_t a_size = lgetxattr(full[0], a, values[0], sizeof(values[0]));
		ssize_t b_size = lgetxattr(full[1], b, values[1], sizeof(values[1]));
		if (a_size != b_size ||
			(a_size > 0 && memcmp(values[0], values[1], (size_t)a_size) != 0))
			return different(compare, "%s: the value of %s (%zd bytes, should be %zd)",
				path, a, a_size, b_size);
	}
	if (n[0] != n[1])
		return different(
			compare, "%s: listxattr says %zd, should say %zd", path, n[0], n[1]);
	return true;
}

static bool same_content(struct compare *compare, const char *path, char full[2][2 * PATH_MAX])
{
	static char bytes[2][65536];
	int fd[2] = {open(full[0], O_RDONLY | O_NOFOLLOW | O_CLOEXEC), -1};
	bool same = false;
	if (fd[0] < 0)
		return different(compare, "%s: open: %s", path, strerror(errno));
	fd[1] = open(full[1], O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	for (off_t at = 0;; at += (off_t)sizeof(bytes[0])) {
		ssize_t a = pread(fd[0], bytes[0], sizeof(bytes[0]), at);
		ssize_t b = pread(fd[1], bytes[1], sizeof(bytes[1]), at);
		if (a != b) {
			different(compare, "%s: read gives %zd bytes, should give %zd", path, a, b);
			break;
		}
		if (a <= 0) {
			same = true;
			break;
		}
		if (memcmp(bytes[0], bytes[1], (size_t)a) != 0) {
			ssize_t i = 0;
			while (bytes[0][i] == bytes[1][i])
				i++;
			different(compare, "%s: byte %lld is %02x, should be %02x", path,
				(long long)at + i, (unsigned char)bytes[0][i],
				(unsigned char)bytes[1][i]);
			break;
		}
	}
	close(fd[0]);
	close(fd[1]);
	return same;
}

static bool same_target(struct compare *compare, const char *path, char full[2][2 * PATH_MAX])
{
	char target[2][PATH_MAX];
	ssize_t a = readlink(full[0], target[0], PATH_MAX),
		b = readlink(full[1], target[1], PATH_MAX);
	if (a == b && (a <= 0 || memcmp(target[0], target[1], (size_t)a) == 0))
		return true;
	return different(compare, "%s: the symbolic link's target is another", path);
}

static void full_paths(struct compare *compare, const char *path, char full[2][2 * PATH_MAX])
{
	for (int i = 0; i < 2; i++)
		snprintf(full[i], 2 * PATH_MAX, "%s/%s", compare->root[i], path);
}

bool compare_path(struct compare *compare, const char *path)
{
	char full[2][2 * PATH_MAX];
	struct stat st[2];
	full_paths(compare, path, full);
	int a = lstat(full[0], &st[0]) < 0 ? errno : 0;
	int b = lstat(full[1], &st[1]) < 0 ? errno : 0;
	if (a != b)
		return different(
			compare, "%s: stat: %s, should be: %s", path, strerror(a), strerror(b));
	return a != 0 || same_stat(compare, path, &st[0], &st[1]);
}

/* --- trees --- */

static bool same_directory(struct compare *compare, const char *path, char full[2][2 * PATH_MAX]);

static bool same_object(struct compare *compare, const char *path, const struct name *entry)
{
	char full[2][2 * PATH_MAX];
	struct stat st;
	full_paths(compare, path, full);
	if (!compare_path(compare, path))
		return false;
	if (lstat(full[0], &st) < 0)
		return different(compare, "%s: listed, but stat says: %s", path, strerror(errno));
	if (entry != NULL && entry->type != IFTODT(st.st_mode))
		return different(compare, "%s: listed with type %d, has mode %o", path, entry->type,
			st.st_mode);
	if (compare->numbers) {
		if (entry != NULL && entry->ino != st.st_ino)
			return different(compare, "%s: d_ino is %llu, st_ino is %llu", path,
				(unsigned long long)entry->ino, (unsigned long long)st.st_ino);
		if (!same_number(compare, path, full[1], st.st_ino))
			return false;
	}
	if (!same_xattrs(compare, path, full))
		return false;
	if (S_ISREG(st.st_mode))
		return same_content(compare, path, full);
	if (S_ISLNK(st.st_mode))
		return same_target(compare, path, full);
	return !S_ISDIR(st.st_mode) || same_directory(compare, path, full);
}

static bool same_directory(struct compare *compare, const char *path, char full[2][2 * PATH_MAX])
{
	struct listing listing[2];
	bool same = true;
	listing_read(&listing[0], full[0]);
	listing_read(&listing[1], full[1]);
	if (listing[0].error != listing[1].error)
		same = different(compare, "%s: listing: %s, should be: %s", path,
			strerror(listing[0].error), strerror(listing[1].error));
	for (size_t i = 0; same && (i < listing[0].n || i < listing[1].n); i++) {
		const char *a = i < listing[0].n ? listing[0].entries[i].name : NULL;
		const char *b = i < listing[1].n ? listing[1].entries[i].name : NULL;
		char below[PATH_MAX];
		if (a == NULL || (b != NULL && strcmp(a, b) > 0))
			same = different(compare, "%s: %s is missing in the listing", path, b);
		else if (b == NULL || strcmp(a, b) != 0)
			same = different(compare, "%s: %s should not be in the listing", path, a);
		else if ((size_t)snprintf(below, sizeof(below), "%s%s%s", path,
				 *path != '\0' ? "/" : "", a) < sizeof(below))
			same = same_object(compare, below, &listing[0].entries[i]);
	}
	listing_free(&listing[0]);
	listing_free(&listing[1]);
	return same;
}

bool compare_trees(struct compare *compare)
{
	return same_object(compare, "", NULL);
}

/* --- one tree --- */

static uint64_t mix(uint64_t hash, const void *bytes, size_t length)
{
	const unsigned char *c = bytes;
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ c[i]) * 0x100000001b3u;
	return hash;
}

static uint64_t digest_xattrs(uint64_t hash, const char *path)
{
	char list[8192], value[4096];
	char *names[128];
	ssize_t n = sorted_xattrs(path, list, sizeof(list), names, 128);
	for (ssize_t i = 0; i < n; i++) {
		ssize_t size = lgetxattr(path, names[i], value, sizeof(value));
		hash = mix(hash, names[i], strlen(names[i]));
		hash = mix(hash, value, size > 0 ? (size_t)size : 0);
	}
	return hash;
}

static uint64_t digest_file(uint64_t hash, const char *path)
{
	static char bytes[65536];
	ssize_t n;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NOATIME | O_CLOEXEC);
	while (fd >= 0 && (n = read(fd, bytes, sizeof(bytes))) > 0)
		hash = mix(hash, bytes, (size_t)n);
	if (fd >= 0)
		close(fd);
	return hash;
}

uint64_t tree_digest(const char *path)
{
	struct stat st;
	char below[2 * PATH_MAX], target[PATH_MAX];
	uint64_t hash = 0xcbf29ce484222325u;
	if (lstat(path, &st) < 0)
		return 0;
	uint64_t numbers[] = {st.st_mode, st.st_uid, st.st_gid, (uint64_t)st.st_size, st.st_nlink,
		st.st_rdev, st.st_ino, (uint64_t)st.st_mtim.tv_sec, (uint64_t)st.st_mtim.tv_nsec,
		(uint64_t)st.st_ctim.tv_sec, (uint64_t)st.st_ctim.tv_nsec};
	hash = digest_xattrs(mix(hash, numbers, sizeof(numbers)), path);
	if (S_ISREG(st.st_mode))
		return digest_file(hash, path);
	if (S_ISLNK(st.st_mode)) {
		ssize_t n = readlink(path, target, sizeof(target));
		return mix(hash, target, n > 0 ? (size_t)n : 0);
	}
	if (!S_ISDIR(st.st_mode))
		return hash;
	struct listing listing;
	listing_read(&listing, path);
	for (size_t i = 0; i < listing.n; i++) {
		snprintf(below, sizeof(below), "%s/%s", path, listing.entries[i].name);
		uint64_t child = tree_digest(below);
		hash = mix(hash, listing.entries[i].name, strlen(listing.entries[i].name));
		hash = mix(hash, &child, sizeof(child));
	}
	listing_free(&listing);
	return hash;
}
