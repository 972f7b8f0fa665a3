// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text of a case. A line is a word and then fields, separated by one blank each; which fields,
 * the table says by one letter each:
 *
 *   u        the number of the user who does it (0 is root)
 *   s        the number of a slot
 *   p q n    a path, another path, a name; blanks, backslashes and what is not printable ASCII are
 *            written \xNN, and an empty one is written "."
 *   0..7     number[i], decimal
 *   A..H     number[i], octal
 *
 * Lines that are empty or start with # say nothing.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "randops.h"

static const struct {
	const char *word;
	const char *fields;
} kinds[N_KINDS] = {
	/* layers: how many with the upper */
	[L_LAYERS] = {"layers", "0"},
	/* layer, k|x|a */
	[L_STYLE] = {"style", "0n"},
	/* layer, path, mode, uid, gid, mtime, its nanoseconds */
	[L_DIR] = {"layer-dir", "0pB2345"},
	/* the same, size, seed of its bytes */
	[L_FILE] = {"layer-file", "0pB234567"},
	/* layer, path, target, uid, gid, mtime */
	[L_SYMLINK] = {"layer-symlink", "0pq2345"},
	/* layer, path, mode with type, uid, gid, mtime, major, minor */
	[L_NODE] = {"layer-node", "0pB23467"},
	/* layer, path of a directory, how many files are made in it */
	[L_MANY] = {"layer-many", "0p1"},
	/* layer, path, name, length, seed */
	[L_XATTR] = {"layer-xattr", "0pn12"},
	[L_OPAQUE] = {"layer-opaque", "0p"},
	[L_WHITEOUT] = {"layer-whiteout", "0p"},

	/* path, mode, 1 = O_EXCL + 2 = O_TRUNC */
	[O_CREAT_] = {"create", "upA1"},
	/* path, offset, length, seed */
	[O_WRITE] = {"write", "up012"},
	/* path, length, seed */
	[O_APPENDING] = {"append", "up12"},
	/* path, offset, length */
	[O_READ] = {"read", "up01"},
	/* path, size, 1 = by O_TRUNC */
	[O_TRUNCATE] = {"truncate", "up01"},
	[O_MMAP_WRITE] = {"mmap-write", "up012"},
	/* path, mode bits of fallocate(2), offset, length */
	[O_FALLOCATE] = {"fallocate", "up012"},
	[O_MKDIR] = {"mkdir", "upA"},
	[O_RMDIR] = {"rmdir", "up"},
	[O_UNLINK] = {"unlink", "up"},
	/* target, path */
	[O_SYMLINK] = {"symlink", "uqp"},
	/* path, mode with type, major, minor */
	[O_MKNOD] = {"mknod", "upA12"},
	[O_CHMOD] = {"chmod", "upA"},
	/* path, uid, gid, 1 = not through a symbolic link */
	[O_CHOWN] = {"chown", "up012"},
	/* path, mtime, its nanoseconds or -1 now or -2 omitted, 1 = not through a symbolic link */
	[O_UTIMES] = {"utimes", "up012"},
	/* path, name, length, seed, flags of setxattr(2) */
	[O_SETXATTR] = {"setxattr", "upn012"},
	[O_REMOVEXATTR] = {"removexattr", "upn"},
	[O_GETXATTR] = {"getxattr", "upn"},
	[O_LISTXATTR] = {"listxattr", "up"},
	[O_LIST] = {"list", "up"},
	[O_READLINK] = {"readlink", "up"},
	[O_STAT] = {"stat", "up"},
	[O_ACCESS] = {"access", "up0"},

	/* old, new */
	[O_LINK] = {"link", "upq"},
	/* old, new, flags of renameat2(2) */
	[O_RENAME] = {"rename", "upq0"},
	/* from, to, offset in from, offset in to, length */
	[O_COPY_RANGE] = {"copy-range", "upq012"},

	/* slot, path, 0 read 1 write 2 both 3 append */
	[H_OPEN] = {"open", "usp0"},
	[H_CLOSE] = {"close", "us"},
	[H_READ] = {"slot-read", "us01"},
	[H_WRITE] = {"slot-write", "us012"},
	[H_TRUNCATE] = {"slot-truncate", "us0"},
	[H_FALLOCATE] = {"slot-fallocate", "us012"},
	[H_MMAP_WRITE] = {"slot-mmap-write", "us012"},
	[H_STAT] = {"slot-stat", "us"},
	[H_CHMOD] = {"slot-chmod", "usA"},
	[H_SETXATTR] = {"slot-setxattr", "usn01"},
	[H_SYNC] = {"slot-sync", "us"},
	/* slot, path: a new name for an open file */
	[H_LINK] = {"slot-link", "usp"},
	[H_LIST] = {"slot-list", "us"},

	[O_UMASK] = {"umask", "A"},
	[O_SYNC_] = {"sync", ""},
	[O_DROP_CACHES] = {"drop-caches", ""},
	[O_REMOUNT] = {"remount", ""},
	[O_CHECK] = {"check", ""},
};

const char *op_word(enum kind kind)
{
	return kinds[kind].word;
}

static size_t print_string(char *to, size_t size, const char *from)
{
	size_t used = 0;
	if (*from == '\0')
		return (size_t)snprintf(to, size, ".");
	if (strcmp(from, ".") == 0)
		return (size_t)snprintf(to, size, "\\x2e");
	for (; *from != '\0' && used + 5 < size; from++) {
		unsigned char c = (unsigned char)*from;
		if (c > 0x20 && c < 0x7f && c != '\\')
			to[used++] = (char)c;
		else
			used += (size_t)snprintf(to + used, size - used, "\\x%02x", c);
	}
	to[used] = '\0';
	return used;
}

static size_t print_field(const struct op *op, char field, char *to, size_t size)
{
	switch (field) {
	case 'u':
		return (size_t)snprintf(to, size, "%d", op->as);
	case 's':
		return (size_t)snprintf(to, size, "%d", op->slot);
	case 'p':
		return print_string(to, size, op->path);
	case 'q':
		return print_string(to, size, op->other);
	case 'n':
		return print_string(to, size, op->name);
	default:
		if (isdigit((unsigned char)field))
			return (size_t)snprintf(to, size, "%lld", op->number[field - '0']);
		return (size_t)snprintf(
			to, size, "%#llo", (unsigned long long)op->number[field - 'A']);
	}
}

void op_print(const struct op *op, char *line, size_t size)
{
	size_t used = (size_t)snprintf(line, size, "%s", kinds[op->kind].word);
	for (const char *f = kinds[op->kind].fields; *f != '\0' && used + 2 < size; f++) {
		line[used++] = ' ';
		used += print_field(op, *f, line + used, size - used);
	}
}

static bool parse_string(const char *from, char *to, size_t size)
{
	size_t used = 0;
	if (strcmp(from, ".") == 0)
		from = "";
	while (*from != '\0') {
		unsigned c = (unsigned char)*from++;
		if (c == '\\') {
			if (sscanf(from, "x%2x", &c) != 1)
				return false;
			from += 3;
		}
		if (used + 1 >= size)
			return false;
		to[used++] = (char)c;
	}
	to[used] = '\0';
	return true;
}

static bool parse_field(char field, const char *from, struct op *op)
{
	char *end;
	switch (field) {
	case 'p':
		return parse_string(from, op->path, sizeof(op->path));
	case 'q':
		return parse_string(from, op->other, sizeof(op->other));
	case 'n':
		return parse_string(from, op->name, sizeof(op->name));
	default:
		break;
	}
	bool octal = field >= 'A' && field <= 'H';
	long long value = strtoll(from, &end, octal ? 8 : 10);
	if (*end != '\0')
		return false;
	if (field == 'u')
		op->as = (int)value;
	else if (field == 's')
		op->slot = (int)value;
	else
		op->number[octal ? field - 'A' : field - '0'] = value;
	return field != 's' || (value >= 0 && value < MAX_SLOTS);
}

int op_parse(const char *line, struct op *op)
{
	char copy[4 * PATH_MAX];
	char *rest = copy;
	if ((size_t)snprintf(copy, sizeof(copy), "%s", line) >= sizeof(copy))
		return -1;
	copy[strcspn(copy, "\n")] = '\0';
	if (copy[0] == '\0' || copy[0] == '#')
		return 0;

	const char *word = strsep(&rest, " ");
	memset(op, 0, sizeof(*op));
	while (op->kind < N_KINDS && strcmp(word, kinds[op->kind].word) != 0)
		op->kind++;
	if (op->kind == N_KINDS)
		return -1;
	for (const char *f = kinds[op->kind].fields; *f != '\0'; f++) {
		const char *text = strsep(&rest, " ");
		if (text == NULL || !parse_field(*f, text, op))
			return -1;
	}
	return rest == NULL && op->as >= 0 && op->as < N_USERS ? 1 : -1;
}
