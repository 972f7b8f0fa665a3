/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints trees as text, one line per entry, sorted by name, so that diff(1) compares them.
 *
 *     treedump [OPTION]... DIR...
 *
 * A line: path, then key=value words. Bytes outside printable ASCII, blanks and backslashes are
 * written \xNN, so every line is plain text whatever names the tree holds.
 *
 *     ./a\x20b type=f mode=0644 uid=0 gid=0 nlink=1 size=12 mtime=1700000000.000000000 sha256=...
 *
 * A directory has no size and no link count (both belong to the file system that holds it). Times
 * are mtimes with nanoseconds. Extended attributes come last, sorted, each `xattr:NAME=VALUE`. An
 * error stands where the value would: `!No_such_file_or_directory`; of an entry, a link or a
 * listing it makes the exit status 1.
 *
 * In C because a case of the integration suite starts it five times or more, and to start was most
 * of what it did in Python.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

static gboolean no_nlink, with_ino, with_private, as_hash;
static char **excluded;

static const GOptionEntry options[] = {
	{"no-nlink", 0, 0, G_OPTION_ARG_NONE, &no_nlink, "leave out link counts", NULL},
	{"ino", 0, 0, G_OPTION_ARG_NONE, &with_ino, "show inode numbers", NULL},
	{"private", 0, 0, G_OPTION_ARG_NONE, &with_private,
		"show the xattrs by which an overlay speaks to itself, too", NULL},
	{"exclude", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &excluded,
		"leave out this entry and what is below it (repeat)", "./PATH"},
	{"hash", 0, 0, G_OPTION_ARG_NONE, &as_hash,
		"print only a sha256 of the lines, for each DIR", NULL},
	{0},
};

/* One tree being printed. */
struct dump {
	GChecksum *hash;   /* of the lines; NULL: they are printed */
	GHashTable *links; /* "dev:ino" -> digest, of files with several names: read once */
	bool failed;
};

static void end_of_line(struct dump *dump, GString *line)
{
	g_string_append_c(line, '\n');
	if (dump->hash)
		g_checksum_update(dump->hash, (const guchar *)line->str, (gssize)line->len);
	else
		fwrite(line->str, 1, line->len, stdout);
	g_string_truncate(line, 0);
}

static void quote(GString *line, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)bytes[i];
		if (g_ascii_isgraph(c) && c != '\\')
			g_string_append_c(line, (char)c);
		else
			g_string_append_printf(line, "\\x%02x", c);
	}
}

static void word_of_error(GString *line, const char *before, int error)
{
	g_autofree char *text = g_strdelimit(g_strdup(strerror(error)), " ", '_');
	g_string_append(line, before);
	g_string_append(line, text);
}

/* Looking must not change the atimes of what is looked at. */
static int look_open(const char *name, int flags)
{
	int fd = open(name, O_RDONLY | O_NOATIME | O_NOFOLLOW | O_CLOEXEC | flags);
	if (fd < 0 && (errno == EPERM || errno == EACCES))
		fd = open(name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | flags);
	return fd;
}

/* The sha256 of a file's content, or the error; owned. */
static char *digest(const char *name)
{
	static guchar block[1 << 20];
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	g_autoptr(GString) failure = g_string_new(NULL);
	int fd = look_open(name, 0);
	ssize_t n = fd;

	while (fd >= 0 && (n = read(fd, block, sizeof(block))) > 0)
		g_checksum_update(sum, block, n);
	if (n < 0)
		word_of_error(failure, "!", errno);
	if (fd >= 0)
		close(fd);
	return n < 0 ? g_strdup(failure->str) : g_strdup(g_checksum_get_string(sum));
}

static void word_of_content(
	struct dump *dump, GString *line, const char *name, const struct stat *st)
{
	g_autofree char *key =
		g_strdup_printf("%ju:%ju", (uintmax_t)st->st_dev, (uintmax_t)st->st_ino);
	const char *known = st->st_nlink > 1 ? g_hash_table_lookup(dump->links, key) : NULL;
	g_autofree char *own = known ? NULL : digest(name);

	g_string_append_printf(line, " sha256=%s", known ? known : own);
	if (!known && st->st_nlink > 1)
		g_hash_table_insert(dump->links, g_steal_pointer(&key), g_steal_pointer(&own));
}

static void word_of_target(struct dump *dump, GString *line, const char *name)
{
	char target[4097];
	ssize_t n = readlink(name, target, sizeof(target));

	g_string_append(line, " target=");
	if (n < 0)
		word_of_error(line, "!", errno);
	else
		quote(line, target, (size_t)n);
	dump->failed |= n < 0;
}

static bool is_private(const char *name)
{
	return g_str_has_prefix(name, "trusted.overlay.") ||
	       g_str_has_prefix(name, "user.overlay.") ||
	       g_str_has_prefix(name, "user.fuseoverlayfs.") ||
	       g_str_has_prefix(name, "trusted.fuseoverlayfs.");
}

static gint by_bytes(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void word_of_xattr(GString *line, const char *path, const char *name)
{
	static char value[65536];
	ssize_t n = lgetxattr(path, name, value, sizeof(value));

	g_string_append(line, " xattr:");
	quote(line, name, strlen(name));
	g_string_append_c(line, '=');
	if (n < 0)
		word_of_error(line, "!", errno);
	else
		quote(line, value, (size_t)n);
}

static void words_of_xattrs(GString *line, const char *path)
{
	static char list[65536];
	ssize_t size = llistxattr(path, list, sizeof(list));
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

	if (size < 0 && errno != EOPNOTSUPP && errno != EINVAL)
		word_of_error(line, " xattrs=", errno);
	for (const char *name = list; size > 0 && name < list + size; name += strlen(name) + 1)
		if (with_private || !is_private(name))
			g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, by_bytes);
	for (guint i = 0; i < names->len; i++)
		word_of_xattr(line, path, names->pdata[i]);
}

static char type_letter(mode_t mode)
{
	switch (mode & S_IFMT) {
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
		return 'c';
	case S_IFBLK:
		return 'b';
	default:
		return '?';
	}
}

static void words(struct dump *dump, GString *line, const char *name, const struct stat *st)
{
	g_string_append_printf(line, " type=%c mode=%04o uid=%u gid=%u", type_letter(st->st_mode),
		st->st_mode & 07777, st->st_uid, st->st_gid);
	if (with_ino)
		g_string_append_printf(line, " ino=%ju", (uintmax_t)st->st_ino);
	if (!S_ISDIR(st->st_mode) && !no_nlink)
		g_string_append_printf(line, " nlink=%ju", (uintmax_t)st->st_nlink);
	if (S_ISREG(st->st_mode) || S_ISLNK(st->st_mode))
		g_string_append_printf(line, " size=%jd", (intmax_t)st->st_size);
	g_string_append_printf(
		line, " mtime=%jd.%09ld", (intmax_t)st->st_mtim.tv_sec, st->st_mtim.tv_nsec);
	if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
		g_string_append_printf(line, " rdev=%u:%u", major(st->st_rdev), minor(st->st_rdev));
	if (S_ISLNK(st->st_mode))
		word_of_target(dump, line, name);
	if (S_ISREG(st->st_mode))
		word_of_content(dump, line, name, st);
	words_of_xattrs(line, name);
}

/* The names in a directory, sorted; NULL with errno. */
static GPtrArray *list(const char *name)
{
	int fd = look_open(name, O_DIRECTORY);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	const struct dirent *entry;
	int error = errno;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		errno = error;
		return NULL;
	}
	errno = 0;
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			g_ptr_array_add(names, g_strdup(entry->d_name));
	error = errno;
	closedir(dir);
	g_ptr_array_sort(names, by_bytes);
	errno = error;
	return error ? NULL : g_steal_pointer(&names);
}

static void fail(struct dump *dump, GString *line, const char *shown, const char *mark)
{
	int error = errno;
	quote(line, shown, strlen(shown));
	word_of_error(line, mark, error);
	end_of_line(dump, line);
	dump->failed = true;
}

/* The entry `name` of the current directory, and all below it; `shown` is what it is called. Goes
 * down by chdir(2), so that a tree may be deeper than PATH_MAX. */
static void print_tree(struct dump *dump, GString *line, const char *shown, const char *name)
{
	struct stat st;

	if (excluded && g_strv_contains((const char *const *)excluded, shown))
		return;
	if (lstat(name, &st) < 0) {
		fail(dump, line, shown, " !");
		return;
	}
	quote(line, shown, strlen(shown));
	words(dump, line, name, &st);
	end_of_line(dump, line);
	if (!S_ISDIR(st.st_mode))
		return;
	g_autoptr(GPtrArray) names = list(name);
	if (!names || chdir(name) < 0) {
		fail(dump, line, shown, " !list:");
		return;
	}
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *below = g_strdup_printf("%s/%s", shown, (char *)names->pdata[i]);
		print_tree(dump, line, below, names->pdata[i]);
	}
	if (strcmp(name, ".") != 0 && chdir("..") < 0) {
		perror("treedump: cannot go back");
		exit(2);
	}
}

/* Whether all could be looked at. */
static bool print_dir(const char *path)
{
	g_autoptr(GString) line = g_string_new(NULL);
	g_autoptr(GHashTable) links =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GChecksum) hash = as_hash ? g_checksum_new(G_CHECKSUM_SHA256) : NULL;
	struct dump dump = {.hash = hash, .links = links};

	print_tree(&dump, line, ".", ".");
	if (hash)
		puts(g_checksum_get_string(hash));
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "treedump: cannot print %s: %s\n", path, strerror(errno));
		exit(2);
	}
	return !dump.failed;
}

int main(int argc, char **argv)
{
	g_autoptr(GOptionContext) context = g_option_context_new("DIR...");
	g_autoptr(GError) error = NULL;
	int start = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	bool whole = true;

	g_option_context_add_main_entries(context, options, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error) || argc < 2) {
		fprintf(stderr, "treedump: %s\n", error ? error->message : "which directory?");
		return 2;
	}
	for (int i = 1; i < argc; i++) {
		if ((i > 1 && fchdir(start) < 0) || chdir(argv[i]) < 0) {
			fprintf(stderr, "treedump: %s: %s\n", argv[i], strerror(errno));
			return 2;
		}
		whole = print_dir(argv[i]) && whole;
	}
	close(start);
	return whole ? 0 : 1;
}
