// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From a seed to a case. Names come from a small set, so that operations meet; what exists is known
 * from the plain directory, so that most of them work, and some do not.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chance.h"

void generator_init(struct generator *g, uint64_t seed)
{
	memset(g, 0, sizeof(*g));
	g->state = seed * 0x2545f4914f6cdd1du + 1;
	g->known = calloc(MAX_KNOWN, sizeof(g->known[0]));
	if (g->known == NULL)
		abort();
}

void generator_clear(struct generator *g)
{
	free(g->known);
	g->known = NULL;
}

/* --- values --- */

const char *random_name(struct generator *g)
{
	static const char *const plain[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
	static const char *const odd[] = {"two words", "new\nline", "\xff\xfe no utf-8",
		"back\\slash", "-o", "...", "a,b:c=d", "\xc3\xa9t\xc3\xa9", "overlay.opaque", "#1",
		"work", "index"};
	static char longest[NAME_MAX + 2];
	if (!chance(g, 8))
		return one_of(g, plain);
	if (!chance(g, 12))
		return one_of(g, odd);
	/* 255 bytes; now and then one too many. */
	memset(longest, chance(g, 50) ? 'L' : 'M', NAME_MAX + 1);
	longest[chance(g, 90) ? NAME_MAX : NAME_MAX + 1] = '\0';
	return longest;
}

long long random_mode(struct generator *g, bool dir)
{
	static const int file_modes[] = {
		0644, 0600, 0666, 0755, 0444, 0000, 04755, 02755, 06711, 0640};
	static const int dir_modes[] = {
		0755, 0777, 01777, 0700, 02775, 0750, 0555, 0711, 02777, 0000};
	return dir ? one_of(g, dir_modes) : one_of(g, file_modes);
}

long long random_uid(struct generator *g)
{
	static const int uids[] = {0, 0, 1000, 1000, 1001, 33};
	return one_of(g, uids);
}

long long random_gid(struct generator *g)
{
	static const int gids[] = {0, 0, 1000, 1000, 50, 60};
	return one_of(g, gids);
}

long long random_size(struct generator *g)
{
	static const long long sizes[] = {0, 1, 10, 100, 4095, 4096, 4097, 10000, 65536, 131073};
	return chance(g, 70) ? one_of(g, sizes) : below(g, 200000);
}

/* Nothing later than today, and a few before 1970. */
long long random_time(struct generator *g)
{
	return chance(g, 10) ? -below(g, 1000000000) : below(g, 1600000000);
}

const char *random_target(struct generator *g)
{
	static const char *const targets[] = {"a", "b", "a/b", "../a", "../b/c", "..", ".",
		"nowhere", "c/d", "d", "two words", "\xff"};
	return one_of(g, targets);
}

const char *random_xattr(struct generator *g)
{
	static const char *const names[] = {"user.a", "user.b", "user.overlay",
		"user.a-longer-name", "trusted.t", "security.capability", "system.posix_acl_access",
		"system.posix_acl_default", "user.a", "user.b"};
	return one_of(g, names);
}

void set_string(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from);
}

void join(char *to, const char *dir, const char *name)
{
	if (snprintf(to, PATH_MAX, "%s%s%s", dir, *dir != '\0' ? "/" : "", name) >= PATH_MAX)
		to[0] = '\0';
}

/* --- what exists --- */

static void learn(struct generator *g, const char *path)
{
	if (g->n_known < MAX_KNOWN)
		set_string(g->known[g->n_known++], PATH_MAX, path);
	else
		set_string(g->known[below(g, MAX_KNOWN)], PATH_MAX, path);
}

static int compare_strings(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* In the order of names: what the next seed's number leads to must not depend on a hash order. */
static void look_around(struct generator *g, const char *plain, const char *path, int depth)
{
	char full[2 * PATH_MAX], deeper[PATH_MAX];
	char *names[512];
	size_t n = 0, many = 0;
	snprintf(full, sizeof(full), "%s/%s", plain, path);
	DIR *dir = opendir(full);
	if (dir == NULL)
		return;
	for (struct dirent *e; (e = readdir(dir)) != NULL && n < 512;) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (e->d_name[0] == 'm' && strlen(e->d_name) == 5 && e->d_name[4] != '7')
			continue;
		names[n] = strdup(e->d_name);
		if (names[n] == NULL)
			abort();
		n++;
	}
	closedir(dir);
	qsort(names, n, sizeof(names[0]), compare_strings);
	for (size_t i = 0; i < n; i++) {
		struct stat st;
		join(deeper, path, names[i]);
		if (names[i][0] == 'm' && strlen(names[i]) == 5 && many++ > 5)
			deeper[0] = '\0';
		free(names[i]);
		if (deeper[0] == '\0' || strlen(deeper) > 1500)
			continue;
		learn(g, deeper);
		snprintf(full, sizeof(full), "%s/%s", plain, deeper);
		if (depth < 8 && lstat(full, &st) == 0 && S_ISDIR(st.st_mode))
			look_around(g, plain, deeper, depth + 1);
	}
}

/* A path whose object is of that type, if a few tries find one; 0 takes anything. */
static const char *known_path(struct generator *g, const char *plain, mode_t type)
{
	char full[2 * PATH_MAX];
	const char *path = "";
	for (int try = 0; try < 8 && g->n_known > 0; try++) {
		struct stat st;
		path = g->known[below(g, (long long)g->n_known)];
		snprintf(full, sizeof(full), "%s/%s", plain, path);
		if (type == 0 || (lstat(full, &st) == 0 && (st.st_mode & S_IFMT) == type))
			return path;
	}
	return type == S_IFDIR ? "" : path;
}

static void new_path(struct generator *g, const char *plain, char *path)
{
	const char *dir = known_path(g, plain, chance(g, 92) ? S_IFDIR : S_IFLNK);
	join(path, chance(g, 10) || strlen(dir) > 1200 ? "" : dir, random_name(g));
}

/* --- operations --- */

static void choose_range(struct generator *g, struct op *op)
{
	op->number[0] = chance(g, 40) ? 0 : chance(g, 10) ? below(g, 1 << 20) : random_size(g);
	op->number[1] = 1 + random_size(g) / (chance(g, 70) ? 20 : 1);
	op->number[2] = 1 + below(g, 1000000);
}

static void choose_fallocate(struct generator *g, struct op *op)
{
	static const int modes[] = {0, FALLOC_FL_KEEP_SIZE,
		FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
		FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, FALLOC_FL_ZERO_RANGE,
		FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE};
	op->number[0] = one_of(g, modes);
	op->number[1] = random_size(g);
	op->number[2] = 1 + random_size(g);
}

static void choose_xattr(struct generator *g, struct op *op)
{
	set_string(op->name, sizeof(op->name), random_xattr(g));
	op->number[0] = below(g, 80);
	op->number[1] = below(g, 100000);
	op->number[2] = chance(g, 80) ? 0 : 1 + below(g, 2); /* XATTR_CREATE, XATTR_REPLACE */
}

static void choose_two_paths(struct generator *g, const char *plain, struct op *op)
{
	static const unsigned flags[] = {0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 3};
	set_string(
		op->path, PATH_MAX, known_path(g, plain, op->kind == O_COPY_RANGE ? S_IFREG : 0));
	if (op->kind == O_RENAME) {
		op->number[0] = one_of(g, flags);
		if (chance(g, 35))
			set_string(op->path, PATH_MAX, known_path(g, plain, S_IFDIR));
	}
	if (op->kind == O_COPY_RANGE || chance(g, 50))
		set_string(op->other, PATH_MAX,
			known_path(g, plain, op->kind == O_COPY_RANGE ? S_IFREG : 0));
	else
		new_path(g, plain, op->other);
	if (op->kind == O_COPY_RANGE) {
		op->number[0] = random_size(g) / 2;
		op->number[1] = random_size(g) / 2;
		op->number[2] = 1 + random_size(g);
		/* Ranges of one file that overlap are an error of their own: not so interesting. */
		if (strcmp(op->path, op->other) == 0)
			op->number[1] = op->number[0] + op->number[2];
	}
}

static void choose_mknod(struct generator *g, struct op *op)
{
	static const mode_t types[] = {S_IFIFO, S_IFIFO, S_IFSOCK, S_IFREG, S_IFCHR, S_IFBLK};
	op->number[0] = (long long)one_of(g, types) | random_mode(g, false);
	if (S_ISCHR(op->number[0]) || S_ISBLK(op->number[0])) {
		op->number[1] = 240;
		op->number[2] = below(g, 300);
	}
}

static void choose_slot(struct generator *g, const char *plain, struct op *op)
{
	op->slot = (int)below(g, MAX_SLOTS);
	switch (op->kind) {
	case H_OPEN:
		set_string(op->path, PATH_MAX,
			known_path(g, plain, chance(g, 90) ? S_IFREG : S_IFDIR));
		op->number[0] = below(g, 4);
		break;
	case H_TRUNCATE:
		op->number[0] = random_size(g);
		break;
	case H_FALLOCATE:
		choose_fallocate(g, op);
		break;
	case H_CHMOD:
		op->number[0] = random_mode(g, false);
		break;
	case H_SETXATTR:
		choose_xattr(g, op);
		break;
	case H_LINK:
		new_path(g, plain, op->path);
		break;
	default:
		choose_range(g, op);
	}
}

static void choose_attributes(struct generator *g, struct op *op)
{
	switch (op->kind) {
	case O_CHMOD:
		op->number[0] = random_mode(g, chance(g, 40));
		break;
	case O_CHOWN:
		op->number[0] = chance(g, 20) ? -1 : random_uid(g);
		op->number[1] = chance(g, 20) ? -1 : random_gid(g);
		op->number[2] = chance(g, 50);
		break;
	case O_UTIMES:
		op->number[0] = random_time(g);
		op->number[1] = chance(g, 20) ? -1 - below(g, 2) : below(g, 1000000000);
		op->number[2] = chance(g, 50);
		break;
	case O_ACCESS:
		op->number[0] = below(g, 8);
		break;
	default:
		choose_xattr(g, op);
	}
}

/* How often each kind comes, in about a thousandth. */
static const short weights[N_KINDS] = {
	[O_CREAT_] = 70,
	[O_WRITE] = 70,
	[O_APPENDING] = 30,
	[O_READ] = 20,
	[O_TRUNCATE] = 30,
	[O_MMAP_WRITE] = 25,
	[O_FALLOCATE] = 15,
	[O_MKDIR] = 55,
	[O_RMDIR] = 35,
	[O_UNLINK] = 50,
	[O_SYMLINK] = 20,
	[O_MKNOD] = 15,
	[O_CHMOD] = 35,
	[O_CHOWN] = 30,
	[O_UTIMES] = 25,
	[O_SETXATTR] = 45,
	[O_REMOVEXATTR] = 20,
	[O_GETXATTR] = 8,
	[O_LISTXATTR] = 8,
	[O_LIST] = 30,
	[O_READLINK] = 8,
	[O_STAT] = 20,
	[O_ACCESS] = 20,
	[O_LINK] = 35,
	[O_RENAME] = 110,
	[O_COPY_RANGE] = 20,
	[H_OPEN] = 45,
	[H_CLOSE] = 20,
	[H_READ] = 15,
	[H_WRITE] = 30,
	[H_TRUNCATE] = 10,
	[H_FALLOCATE] = 6,
	[H_MMAP_WRITE] = 10,
	[H_STAT] = 15,
	[H_CHMOD] = 8,
	[H_SETXATTR] = 8,
	[H_SYNC] = 6,
	[H_LINK] = 6,
	[H_LIST] = 8,
	[O_UMASK] = 4,
	[O_SYNC_] = 1,
	[O_DROP_CACHES] = 3,
	[O_REMOUNT] = 4,
	[O_CHECK] = 8,
};

static enum kind choose_kind(struct generator *g)
{
	long long total = 0;
	for (int i = 0; i < N_KINDS; i++)
		total += weights[i];
	long long at = below(g, total);
	int kind = 0;
	while (at >= weights[kind])
		at -= weights[kind++];
	return (enum kind)kind;
}

static void choose_one_path(struct generator *g, const char *plain, struct op *op)
{
	static const mode_t wanted[N_KINDS] = {[O_WRITE] = S_IFREG,
		[O_APPENDING] = S_IFREG,
		[O_READ] = S_IFREG,
		[O_TRUNCATE] = S_IFREG,
		[O_MMAP_WRITE] = S_IFREG,
		[O_FALLOCATE] = S_IFREG,
		[O_RMDIR] = S_IFDIR,
		[O_LIST] = S_IFDIR,
		[O_READLINK] = S_IFLNK};
	bool makes = op->kind == O_MKDIR || op->kind == O_SYMLINK || op->kind == O_MKNOD ||
		     op->kind == O_CREAT_;
	if (makes && !chance(g, 15))
		new_path(g, plain, op->path);
	else if (chance(g, 90))
		set_string(op->path, PATH_MAX, known_path(g, plain, wanted[op->kind]));
	else
		set_string(op->path, PATH_MAX, known_path(g, plain, chance(g, 50) ? 0 : S_IFLNK));
}

void generate_op(struct generator *g, const char *plain, struct op *op)
{
	static const int who[] = {0, 0, 0, 0, 0, 0, 0, 1, 1, 2};
	if (g->n_known == 0 || chance(g, 2)) {
		g->n_known = 0;
		look_around(g, plain, "", 0);
	}
	memset(op, 0, sizeof(*op));
	op->kind = choose_kind(g);
	op->as = one_of(g, who);
	if (op->kind >= H_OPEN && op->kind <= H_LIST) {
		choose_slot(g, plain, op);
		return;
	}
	if (op->kind >= O_LINK && op->kind <= O_COPY_RANGE) {
		choose_two_paths(g, plain, op);
		return;
	}
	if (op->kind >= O_UMASK) {
		op->number[0] = op->kind == O_UMASK ? (chance(g, 60) ? 022 : below(g, 0100)) : 0;
		return;
	}
	choose_one_path(g, plain, op);
	switch (op->kind) {
	case O_CREAT_:
		op->number[0] = random_mode(g, false);
		op->number[1] = below(g, 4);
		break;
	case O_MKDIR:
		op->number[0] = random_mode(g, true);
		break;
	case O_SYMLINK:
		set_string(op->other, sizeof(op->other), random_target(g));
		break;
	case O_MKNOD:
		choose_mknod(g, op);
		break;
	case O_TRUNCATE:
		op->number[0] = random_size(g);
		op->number[1] = chance(g, 40);
		break;
	case O_FALLOCATE:
		choose_fallocate(g, op);
		break;
	default:
		if (op->kind >= O_CHMOD && op->kind <= O_ACCESS)
			choose_attributes(g, op);
		else
			choose_range(g, op);
	}
}

void generator_note(struct generator *g, const struct op *op)
{
	switch (op->kind) {
	case O_CREAT_:
	case O_MKDIR:
	case O_SYMLINK:
	case O_MKNOD:
	case H_LINK:
		learn(g, op->path);
		break;
	case O_LINK:
	case O_RENAME:
		learn(g, op->other);
		break;
	default:
		break;
	}
}
