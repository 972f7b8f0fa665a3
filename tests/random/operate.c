// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One operation, done on one side. What the other side must agree with goes into the result: the
 * errno, and as text what was read, listed or returned.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/falloc.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "randops.h"

#define LARGEST_IO (256 * 1024)

static const struct {
	uid_t uid;
	gid_t gid;
	gid_t group; /* supplementary */
} users[N_USERS] = {{0, 0, 0}, {1000, 1000, 50}, {1001, 1000, 60}};

void become(int as)
{
	static int now;
	if (as == now)
		return;
	if (seteuid(0) < 0 || setegid(users[as].gid) < 0 || setgroups(1, &users[as].group) < 0 ||
		seteuid(users[as].uid) < 0)
		abort();
	now = as;
}

void pattern_fill(char *buffer, size_t length, long long offset, long long seed)
{
	for (size_t i = 0; i < length; i++) {
		uint64_t x = (uint64_t)(offset + (long long)i) / 3 +
			     (uint64_t)seed * 0x9e3779b97f4a7c15u;
		x ^= x >> 29;
		x *= 0xbf58476d1ce4e5b9u;
		buffer[i] = (char)(x >> 56 | 1);
	}
}

/* POSIX ACL: {u32 version} then {u16 tag, u16 permissions, u32 id} in the order of tags. */
static size_t acl_value(long long seed, char *value)
{
	static const uint32_t ids[4] = {1000, 1001, 33, 50};
	const struct {
		uint16_t tag, permissions;
		uint32_t id;
	} entries[] = {
		{0x01, (uint16_t)(seed & 7), UINT32_MAX},
		{0x02, (uint16_t)(seed >> 3 & 7), ids[seed & 3]},
		{0x04, (uint16_t)(seed >> 5 & 7), UINT32_MAX},
		{0x08, (uint16_t)(seed >> 7 & 7), ids[seed >> 2 & 3]},
		{0x10, (uint16_t)(seed >> 9 & 7), UINT32_MAX},
		{0x20, (uint16_t)(seed >> 11 & 7), UINT32_MAX},
	};
	uint32_t version = 2;
	memcpy(value, &version, 4);
	memcpy(value + 4, entries, sizeof(entries));
	return 4 + sizeof(entries);
}

size_t xattr_value(const char *name, long long length, long long seed, char *value, size_t size)
{
	if (strcmp(name, "security.capability") == 0) {
		/* struct vfs_cap_data, revision 2, effective: one or two permitted ones. */
		uint32_t data[5] = {0x02000001, (uint32_t)(1u << (seed & 31)), 0, 0, 0};
		memcpy(value, data, sizeof(data));
		return sizeof(data);
	}
	if (strncmp(name, "system.posix_acl_", strlen("system.posix_acl_")) == 0)
		return acl_value(seed, value);
	size_t used = length < 0 ? 0 : (size_t)length < size ? (size_t)length : size;
	pattern_fill(value, used, 0, seed);
	return used;
}

/* --- results --- */

static void say(struct result *result, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say(struct result *result, const char *format, ...)
{
	size_t used = strlen(result->text);
	va_list args;
	va_start(args, format);
	vsnprintf(result->text + used, sizeof(result->text) - used, format, args);
	va_end(args);
}

static uint64_t digest(const char *bytes, size_t length)
{
	uint64_t hash = 0xcbf29ce484222325u;
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001b3u;
	return hash;
}

static bool failed(struct result *result, long long r)
{
	if (r >= 0)
		return false;
	result->error = errno;
	return true;
}

static void say_stat(struct result *result, const struct stat *st)
{
	say(result, "mode %o uid %u gid %u", st->st_mode, st->st_uid, st->st_gid);
	if (S_ISREG(st->st_mode) || S_ISLNK(st->st_mode))
		say(result, " size %lld", (long long)st->st_size);
	if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
		say(result, " rdev %u:%u", major(st->st_rdev), minor(st->st_rdev));
}

/* --- on a descriptor --- */

static void do_read(int fd, long long offset, long long length, struct result *result)
{
	static char bytes[LARGEST_IO];
	ssize_t n = pread(
		fd, bytes, (size_t)length < sizeof(bytes) ? (size_t)length : sizeof(bytes), offset);
	if (!failed(result, n))
		say(result, "%zd bytes, digest %016llx", n,
			(unsigned long long)digest(bytes, (size_t)n));
}

static void do_write(
	int fd, long long offset, long long length, long long seed, struct result *result)
{
	static char bytes[LARGEST_IO];
	size_t size = (size_t)length < sizeof(bytes) ? (size_t)length : sizeof(bytes);
	pattern_fill(bytes, size, offset, seed);
	ssize_t n = pwrite(fd, bytes, size, offset);
	if (!failed(result, n))
		say(result, "%zd bytes", n);
}

/* The mapping ends within the file, so that nothing raises SIGBUS. */
static void do_mmap_write(
	int fd, long long offset, long long length, long long seed, struct result *result)
{
	struct stat st;
	if (failed(result, fstat(fd, &st)))
		return;
	if (!S_ISREG(st.st_mode) || offset >= st.st_size) {
		say(result, "nothing there");
		return;
	}
	if (length > st.st_size - offset)
		length = st.st_size - offset;
	if (length > LARGEST_IO)
		length = LARGEST_IO;
	size_t skip = (size_t)(offset % 4096);
	char *map = mmap(NULL, (size_t)length + skip, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		offset - (long long)skip);
	if (map == MAP_FAILED) {
		result->error = errno;
		return;
	}
	say(result, "before %016llx", (unsigned long long)digest(map + skip, (size_t)length));
	pattern_fill(map + skip, (size_t)length, offset, seed);
	if (!failed(result, msync(map, (size_t)length + skip, MS_SYNC)))
		say(result, " wrote %lld", length);
	munmap(map, (size_t)length + skip);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void do_list(int fd, struct result *result)
{
	static char *names[8192];
	size_t n = 0;
	uint64_t all = 0xcbf29ce484222325u;
	int copy = dup(fd);
	DIR *dir = fdopendir(copy);
	if (dir == NULL) {
		result->error = errno;
		close(copy);
		return;
	}
	rewinddir(dir);
	errno = 0;
	for (struct dirent *e; (e = readdir(dir)) != NULL && n < 8192;)
		if (asprintf(&names[n], "%s %d", e->d_name, e->d_type) >= 0)
			n++;
	result->error = errno;
	closedir(dir);
	qsort(names, n, sizeof(names[0]), compare_names);
	for (size_t i = 0; i < n; i++) {
		all = all * 31 + digest(names[i], strlen(names[i]));
		if (n < 40)
			say(result, "%.60s, ", names[i]);
		free(names[i]);
	}
	say(result, "%zu names, digest %016llx", n, (unsigned long long)all);
}

/* --- by path --- */

struct paths {
	char path[2 * PATH_MAX];
	char other[2 * PATH_MAX];
};

static void do_times(const char *path, const struct op *op, struct result *result)
{
	struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}};
	times[1].tv_sec = op->number[0];
	times[1].tv_nsec = op->number[1] == -1   ? UTIME_NOW
			   : op->number[1] == -2 ? UTIME_OMIT
						 : op->number[1];
	if (op->number[1] == -1)
		times[0].tv_nsec = UTIME_NOW;
	failed(result,
		utimensat(AT_FDCWD, path, times, op->number[2] != 0 ? AT_SYMLINK_NOFOLLOW : 0));
}

static void do_setxattr(const char *path, int fd, const struct op *op, struct result *result)
{
	char value[4096];
	size_t length = xattr_value(op->name, op->number[0], op->number[1], value, sizeof(value));
	if (fd >= 0)
		failed(result, fsetxattr(fd, op->name, value, length, 0));
	else
		failed(result, lsetxattr(path, op->name, value, length, (int)op->number[2]));
}

static void do_getxattr(const char *path, const char *name, struct result *result)
{
	char value[4096];
	ssize_t n = lgetxattr(path, name, value, sizeof(value));
	if (!failed(result, n))
		say(result, "%zd bytes, digest %016llx", n,
			(unsigned long long)digest(value, (size_t)n));
}

static void do_listxattr(const char *path, struct result *result)
{
	char list[4096];
	char *names[128];
	size_t n = 0;
	ssize_t size = llistxattr(path, list, sizeof(list));
	if (failed(result, size))
		return;
	for (ssize_t at = 0; at < size && n < 128; at += (ssize_t)strlen(list + at) + 1)
		names[n++] = list + at;
	qsort(names, n, sizeof(names[0]), compare_names);
	for (size_t i = 0; i < n; i++)
		say(result, "%s ", names[i]);
}

static void do_copy_range(const struct paths *at, const struct op *op, struct result *result)
{
	int from = open(at->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (failed(result, from))
		return;
	int to = open(at->other, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (!failed(result, to)) {
		loff_t in = op->number[0], out = op->number[1];
		long long left = op->number[2];
		ssize_t n = 1;
		while (left > 0 && n > 0) {
			n = copy_file_range(from, &in, to, &out, (size_t)left, 0);
			if (!failed(result, n))
				left -= n;
		}
		say(result, "%lld bytes", op->number[2] - left);
		close(to);
	}
	close(from);
}

/* Opens, does what is to be done with the descriptor, closes. */
static void with_file(const char *path, const struct op *op, struct result *result)
{
	const long long *number = op->number;
	int flags = op->kind == O_READ || op->kind == O_LIST ? O_RDONLY
		    : op->kind == O_MMAP_WRITE               ? O_RDWR
							     : O_WRONLY;
	if (op->kind == O_LIST)
		flags |= O_DIRECTORY;
	if (op->kind == O_APPENDING)
		flags |= O_APPEND;
	int fd = open(path, flags | O_NONBLOCK | O_CLOEXEC);
	if (failed(result, fd))
		return;
	switch (op->kind) {
	case O_READ:
		do_read(fd, number[0], number[1], result);
		break;
	case O_WRITE:
	case O_APPENDING:
		do_write(fd, number[0], number[1], number[2], result);
		break;
	case O_MMAP_WRITE:
		do_mmap_write(fd, number[0], number[1], number[2], result);
		break;
	case O_FALLOCATE:
		failed(result, fallocate(fd, (int)number[0], number[1], number[2]));
		break;
	default:
		do_list(fd, result);
	}
	close(fd);
}

static void do_create(const char *path, const struct op *op, struct result *result)
{
	int flags = O_WRONLY | O_CREAT | O_NONBLOCK | O_CLOEXEC;
	if ((op->number[1] & 1) != 0)
		flags |= O_EXCL;
	if ((op->number[1] & 2) != 0)
		flags |= O_TRUNC;
	int fd = open(path, flags, (mode_t)op->number[0]);
	if (!failed(result, fd))
		close(fd);
}

static void do_truncate(const char *path, const struct op *op, struct result *result)
{
	if (op->number[1] == 0) {
		failed(result, truncate(path, op->number[0]));
		return;
	}
	int fd = open(path, O_WRONLY | O_TRUNC | O_NONBLOCK | O_CLOEXEC);
	if (!failed(result, fd))
		close(fd);
}

static void do_readlink(const char *path, struct result *result)
{
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target));
	if (!failed(result, n))
		say(result, "%.*s", (int)n, target);
}

static void do_stat(const char *path, struct result *result)
{
	struct stat st;
	if (!failed(result, stat(path, &st)))
		say_stat(result, &st);
}

static void on_path(const struct paths *at, const struct op *op, struct result *result)
{
	const long long *number = op->number;
	switch (op->kind) {
	case O_CREAT_:
		return do_create(at->path, op, result);
	case O_TRUNCATE:
		return do_truncate(at->path, op, result);
	case O_MKDIR:
		failed(result, mkdir(at->path, (mode_t)number[0]));
		break;
	case O_RMDIR:
		failed(result, rmdir(at->path));
		break;
	case O_UNLINK:
		failed(result, unlink(at->path));
		break;
	case O_SYMLINK:
		failed(result, symlink(op->other, at->path));
		break;
	case O_MKNOD:
		failed(result, mknod(at->path, (mode_t)number[0],
				       makedev((unsigned)number[1], (unsigned)number[2])));
		break;
	case O_CHMOD:
		failed(result, chmod(at->path, (mode_t)number[0]));
		break;
	case O_CHOWN:
		failed(result, fchownat(AT_FDCWD, at->path, (uid_t)number[0], (gid_t)number[1],
				       number[2] != 0 ? AT_SYMLINK_NOFOLLOW : 0));
		break;
	case O_UTIMES:
		return do_times(at->path, op, result);
	case O_SETXATTR:
		return do_setxattr(at->path, -1, op, result);
	case O_REMOVEXATTR:
		failed(result, lremovexattr(at->path, op->name));
		/* ext4 takes away an ACL that is not there, the kernel's overlay over a lower does
		 * not. */
		if (result->error == ENODATA && strncmp(op->name, "system.", 7) == 0)
			result->error = 0;
		break;
	case O_GETXATTR:
		return do_getxattr(at->path, op->name, result);
	case O_LISTXATTR:
		return do_listxattr(at->path, result);
	case O_READLINK:
		return do_readlink(at->path, result);
	case O_STAT:
		return do_stat(at->path, result);
	case O_ACCESS:
		failed(result, faccessat(AT_FDCWD, at->path, (int)number[0], AT_EACCESS));
		break;
	case O_LINK:
		failed(result, link(at->path, at->other));
		break;
	case O_RENAME:
		failed(result,
			renameat2(AT_FDCWD, at->path, AT_FDCWD, at->other, (unsigned)number[0]));
		break;
	case O_COPY_RANGE:
		return do_copy_range(at, op, result);
	default:
		return with_file(at->path, op, result);
	}
}

/* --- on a kept descriptor --- */

static void open_slot(
	struct side *side, const char *path, const struct op *op, struct result *result)
{
	static const int flags[4] = {O_RDONLY, O_WRONLY, O_RDWR, O_WRONLY | O_APPEND};
	int *slot = &side->slot[op->slot];
	if (*slot >= 0)
		close(*slot);
	*slot = open(path, flags[op->number[0] & 3] | O_NONBLOCK | O_CLOEXEC);
	failed(result, *slot);
}

static void link_slot(int fd, const char *path, struct result *result)
{
	char self[64];
	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	failed(result, linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW));
}

static void stat_slot(const struct side *side, int fd, struct result *result)
{
	struct stat st;
	if (failed(result, fstat(fd, &st)))
		return;
	say_stat(result, &st);
	/* A file that has lost its name and was never copied up has the link that the lower has. */
	bool blemish = side->kernel && st.st_nlink < 2;
	if (!S_ISDIR(st.st_mode) && !blemish)
		say(result, " nlink %lu", (unsigned long)st.st_nlink);
}

static void on_slot(struct side *side, const char *path, const struct op *op, struct result *result)
{
	const long long *number = op->number;
	int fd = side->slot[op->slot];
	if (fd < 0) {
		result->error = EBADF;
		return;
	}
	switch (op->kind) {
	case H_CLOSE:
		side->slot[op->slot] = -1;
		failed(result, close(fd));
		break;
	case H_READ:
		return do_read(fd, number[0], number[1], result);
	case H_WRITE:
		return do_write(fd, number[0], number[1], number[2], result);
	case H_TRUNCATE:
		failed(result, ftruncate(fd, number[0]));
		break;
	case H_FALLOCATE:
		failed(result, fallocate(fd, (int)number[0], number[1], number[2]));
		break;
	case H_MMAP_WRITE:
		return do_mmap_write(fd, number[0], number[1], number[2], result);
	case H_STAT:
		return stat_slot(side, fd, result);
	case H_CHMOD:
		failed(result, fchmod(fd, (mode_t)number[0]));
		break;
	case H_SETXATTR:
		return do_setxattr(NULL, fd, op, result);
	case H_SYNC:
		failed(result, fsync(fd));
		break;
	case H_LINK:
		return link_slot(fd, path, result);
	default:
		return do_list(fd, result);
	}
}

void operate(struct side *side, const struct op *op, struct result *result)
{
	static struct paths at;
	snprintf(at.path, sizeof(at.path), "%s/%s", side->root, op->path);
	snprintf(at.other, sizeof(at.other), "%s/%s", side->root, op->other);
	result->error = 0;
	result->text[0] = '\0';
	become(op->as);
	if (op->kind == H_OPEN)
		open_slot(side, at.path, op, result);
	else if (op->kind >= H_CLOSE && op->kind <= H_LIST)
		on_slot(side, at.path, op, result);
	else if (op->kind >= O_CREAT_ && op->kind <= O_COPY_RANGE)
		on_path(&at, op, result);
	become(0);
}

void side_close_all(struct side *side)
{
	for (int i = 0; i < MAX_SLOTS; i++) {
		if (side->slot[i] >= 0)
			close(side->slot[i]);
		side->slot[i] = -1;
	}
}
