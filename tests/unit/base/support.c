// SPDX-License-Identifier: GPL-2.0-or-later
#include "support.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition))                                                                  \
			fail_msg("%s: %s", #condition, strerror(errno));                           \
	} while (0)

static char top[4096];
static unsigned fds_before;

void support_append(char **text, const char *format, ...)
{
	char *more = NULL;
	va_list args;
	va_start(args, format);
	int length = vasprintf(&more, format, args);
	va_end(args);
	MUST(length >= 0);
	size_t used = *text ? strlen(*text) : 0;
	*text = realloc(*text, used + (size_t)length + 1);
	MUST(*text);
	memcpy(*text + used, more, (size_t)length + 1);
	free(more);
}

unsigned support_count_fds(void)
{
	unsigned n = 0;
	DIR *dir = opendir("/proc/self/fd");
	MUST(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n - 3; /* ".", ".." and the directory itself */
}

int support_set_up(void **state)
{
	const char *parent = getenv("TMPDIR");
	(void)state;
	umask(0);
	snprintf(top, sizeof(top), "%s/ovl-unit-XXXXXX", parent && *parent ? parent : "/tmp");
	if (!mkdtemp(top) || chdir(top) < 0)
		return -1;
	fds_before = support_count_fds();
	return 0;
}

static void remove_below(int dirfd, const char *name)
{
	if (unlinkat(dirfd, name, 0) == 0 || unlinkat(dirfd, name, AT_REMOVEDIR) == 0)
		return;
	fchmodat(dirfd, name, 0700, 0);
	int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	DIR *dir = fdopendir(dup(fd));
	for (struct dirent *d; dir && (d = readdir(dir));)
		if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
			remove_below(fd, d->d_name);
	if (dir)
		closedir(dir);
	close(fd);
	unlinkat(dirfd, name, AT_REMOVEDIR);
}

void support_empty(void)
{
	DIR *dir = opendir(".");
	MUST(dir);
	for (struct dirent *d; (d = readdir(dir));)
		if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
			remove_below(AT_FDCWD, d->d_name);
	closedir(dir);
}

int support_clean_up(void **state)
{
	(void)state;
	unsigned fds = support_count_fds();
	if (chdir("/") < 0)
		return -1;
	remove_below(AT_FDCWD, top);
	if (fds != fds_before)
		print_error("%u descriptors leaked\n", fds - fds_before);
	return fds == fds_before ? 0 : -1;
}

/* -- trees ------------------------------------------------------------------------------------- */

static void make_parents(const char *path)
{
	char *copy = strdup(path);
	struct timespec times[2] = {{SUPPORT_TIME, 0}, {SUPPORT_TIME, 0}};
	for (char *slash = strchr(copy, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0755) == 0)
			MUST(utimensat(AT_FDCWD, copy, times, 0) == 0);
		*slash = '/';
	}
	free(copy);
}

/* Parents keep SUPPORT_TIME when something is made in them. */
static void reset_times(const char *path)
{
	char *copy = strdup(path);
	struct timespec times[2] = {{SUPPORT_TIME, 0}, {SUPPORT_TIME, 0}};
	MUST(utimensat(AT_FDCWD, copy, times, AT_SYMLINK_NOFOLLOW) == 0);
	for (char *slash; (slash = strrchr(copy, '/'));) {
		*slash = '\0';
		if (*copy)
			MUST(utimensat(AT_FDCWD, copy, times, 0) == 0);
	}
	free(copy);
}

static void make_file(const char *path, char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	MUST(fd >= 0);
	for (char *at = text; (at = strchr(at, '_'));)
		*at = ' ';
	MUST(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static void set_xattr(const char *path, const char *prefix, char *pair)
{
	char name[512];
	char *value = strchr(pair, '=');
	assert_non_null(value);
	*value++ = '\0';
	snprintf(name, sizeof(name), "%s%s", prefix, pair);
	MUST(lsetxattr(path, name, value, strlen(value), 0) == 0);
}

static void make_one(char *word)
{
	char *mark = strpbrk(word, "=>!|+@%");
	char kind = mark ? *mark : '/';
	char *rest = mark ? mark + 1 : NULL;

	if (mark)
		*mark = '\0';
	make_parents(word);
	switch (kind) {
	case '=':
		make_file(word, rest);
		break;
	case '>':
		MUST(symlink(rest, word) == 0);
		break;
	case '!':
		MUST(mknod(word, S_IFCHR, 0) == 0);
		break;
	case '|':
		MUST(mkfifo(word, 0644) == 0);
		break;
	case '+':
		MUST(link(rest, word) == 0);
		break;
	case '@':
		set_xattr(word, "user.overlay.", rest);
		break;
	case '%':
		set_xattr(word, "", rest);
		break;
	default:
		if (word[strlen(word) - 1] != '/')
			fail_msg("what is '%s'?", word);
		word[strlen(word) - 1] = '\0';
		break;
	}
	reset_times(word);
}

void support_tree(const char *words)
{
	char *copy = strdup(words), *rest = copy;
	for (char *word; (word = strsep(&rest, " "));)
		if (*word)
			make_one(word);
	free(copy);
}

const char *support_read(const char *path)
{
	static char text[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return NULL;
	ssize_t size = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (size < 0)
		return NULL;
	text[size] = '\0';
	return text;
}

static char kind_of(const struct stat *st)
{
	switch (st->st_mode & S_IFMT) {
	case S_IFREG:
		return 'f';
	case S_IFDIR:
		return 'd';
	case S_IFLNK:
		return 'l';
	case S_IFIFO:
		return 'p';
	case S_IFSOCK:
		return 's';
	case S_IFCHR:
		return st->st_rdev == 0 ? 'w' : 'o';
	default:
		return 'o';
	}
}

char support_kind(const char *path)
{
	struct stat st;
	if (lstat(path, &st) < 0)
		return '-';
	bool is_marked = S_ISREG(st.st_mode) && st.st_size == 0 &&
			 (lgetxattr(path, "trusted.overlay.whiteout", NULL, 0) >= 0 ||
				 lgetxattr(path, "user.overlay.whiteout", NULL, 0) >= 0);
	return is_marked ? 'w' : kind_of(&st);
}

bool support_has_xattr(const char *path, const char *name, const char *value)
{
	char buffer[1024];
	ssize_t size = lgetxattr(path, name, buffer, sizeof(buffer));
	if (size < 0 || !value)
		return size >= 0;
	return (size_t)size == strlen(value) && memcmp(buffer, value, (size_t)size) == 0;
}

/* -- dumps ------------------------------------------------------------------------------------- */

static void dump_xattrs(char **text, int dirfd, const char *name)
{
	char path[512], names[4096], value[4096];
	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", dirfd, name);
	ssize_t size = llistxattr(path, names, sizeof(names));
	for (const char *x = names; size > 0 && x < names + size; x += strlen(x) + 1) {
		ssize_t length = lgetxattr(path, x, value, sizeof(value));
		support_append(text, " %s=", x);
		for (ssize_t i = 0; i < length; i++)
			support_append(text, "%02x", (uint8_t)value[i]);
	}
}

static void dump_content(char **text, int dirfd, const char *name)
{
	char buffer[4096];
	uint32_t hash = 2166136261u;
	int fd = openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	for (ssize_t n; fd >= 0 && (n = read(fd, buffer, sizeof(buffer))) > 0;)
		for (ssize_t i = 0; i < n; i++)
			hash = (hash ^ (uint8_t)buffer[i]) * 16777619u;
	if (fd >= 0)
		close(fd);
	support_append(text, " #%08x", hash);
}

static void dump_object(char **text, int dirfd, const char *name, const char *path, bool strict)
{
	struct stat st;
	char target[4096];
	MUST(fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0);
	support_append(text, "%s %c %o %u:%u", path, kind_of(&st), st.st_mode & 07777, st.st_uid,
		st.st_gid);
	if (strict)
		support_append(text, " i%" PRIu64 " n%u m%ld.%09ld c%ld.%09ld", (uint64_t)st.st_ino,
			(unsigned)st.st_nlink, st.st_mtim.tv_sec, st.st_mtim.tv_nsec,
			st.st_ctim.tv_sec, st.st_ctim.tv_nsec);
	if (S_ISREG(st.st_mode)) {
		support_append(text, " %" PRIu64, (uint64_t)st.st_size);
		dump_content(text, dirfd, name);
	}
	ssize_t length =
		S_ISLNK(st.st_mode) ? readlinkat(dirfd, name, target, sizeof(target) - 1) : -1;
	if (length >= 0) {
		target[length] = '\0';
		support_append(text, " -> %s", target);
	}
	dump_xattrs(text, dirfd, name);
	support_append(text, "\n");
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t read_names(int fd, char ***ret_names)
{
	size_t n = 0;
	char **names = NULL;
	DIR *dir = fdopendir(openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	MUST(dir);
	for (struct dirent *d; (d = readdir(dir));) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		char **more = realloc(names, (n + 1) * sizeof(*names));
		if (!more)
			abort();
		names = more;
		names[n++] = strdup(d->d_name);
	}
	closedir(dir);
	if (n)
		qsort(names, n, sizeof(*names), by_name);
	*ret_names = names;
	return n;
}

static void dump_below(char **text, int dirfd, const char *name, const char *path, bool strict)
{
	struct stat st;
	dump_object(text, dirfd, name, path, strict);
	MUST(fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0);
	if (!S_ISDIR(st.st_mode))
		return;
	int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	MUST(fd >= 0);
	char **names;
	size_t n = read_names(fd, &names);
	for (size_t i = 0; i < n; i++) {
		char *child = NULL;
		support_append(&child, "%s/%s", path, names[i]);
		dump_below(text, fd, names[i], child, strict);
		free(child);
		free(names[i]);
	}
	free(names);
	close(fd);
}

char *support_dump(const char *path, bool strict)
{
	char *text = NULL;
	int fd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	MUST(fd >= 0);
	dump_below(&text, fd, path, path, strict);
	close(fd);
	return text;
}

uint32_t support_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	uint64_t x = *seed;
	return (uint32_t)((x ^ x >> 18) >> 27);
}
