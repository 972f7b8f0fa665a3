// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Layers made by an attacker. An input is a program: objects and marks in two lower layers and an
 * upper, then changes. Whatever they are: no crash, no hang, no name twice, and nothing from
 * outside.
 */
#include "fuzz.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "world.h"

#define OUTSIDE "what-nobody-may-see"

const char *const fuzz_seeds[] = {"\x08\x01\x01\x02\x02\x03\x11\x12\x01\x02\x03\x04\x05\x06\x07\x08"
				  "\x09\x0a\x0b\x0c\x0d\x0e\x0f",
	"\x20\x11\x01\x04/abc\x01\x02\x03\x05/a/bc\x21\x11\x01\x02\x03\x01\x02\x03\x21\x31\x41\x51",
	"abcdefghijklmnopqrstuvwxyz0123456789", NULL};
const char *const fuzz_words[] = {"/a", "/a/b", "/../../outside", "../outside", "a/b", "/b/", "//",
	"y", "x", "\x01\xfb\x1d\x01\x01", "0:0:0104755", ".wh.a", ".wh..wh..opq", "\x7f\xff\xff",
	NULL};

static const char *const names[] = {"a", "b", "c", "d", ".wh.a", ".wh.b", ".wh..wh..opq", ".wh.",
	".wh..", ".wh...", ".wh..wh.", ".wh..wh.aufs", "\xff\xfe", "#1", "work"};
static const char *const marks[] = {"trusted.overlay.opaque", "trusted.overlay.redirect",
	"trusted.overlay.whiteout", "trusted.overlay.origin", "trusted.overlay.metacopy",
	"trusted.overlay.impure", "trusted.overlay.nlink", "trusted.overlay.protattr",
	"user.overlay.opaque", "user.overlay.redirect", "user.overlay.whiteout",
	"user.overlay.origin", "user.fuseoverlayfs.opaque", "user.containers.override_stat",
	"security.fuseoverlayfs.override_stat", "user.overlay.overlay.opaque",
	"security.capability"};
static const char *const values[] = {"y", "x", "", "/a", "/b/c", "b", "../a", "/../../outside",
	"..", "/a/../../outside", "/a//b", "0:0:0104755", "/d/d/d/d/d/d"};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_enter_scratch();
	return 0;
}

/* -- layers ------------------------------------------------------------------------------------ */

struct places {
	char dirs[8][1024]; /* deep enough: eight directories, one in the other */
	unsigned n;
};

static const char *name_of(struct feed *feed)
{
	return names[feed_byte(feed) % N_ELEMENTS(names)];
}

static void make_object(const char *path, unsigned kind, struct places *places)
{
	switch (kind % 9) {
	case 0:
	case 1:
	case 2:
		if (mkdir(path, 0755) == 0 && places->n < N_ELEMENTS(places->dirs) &&
			strlen(path) < sizeof(*places->dirs))
			strcpy(places->dirs[places->n++], path);
		break;
	case 3:
		(void)!symlink("../../outside", path);
		break;
	case 4:
		(void)!symlink("../outside/secret", path);
		break;
	case 5:
		(void)!mknod(path, S_IFCHR, 0);
		break;
	case 6:
		(void)!mknod(path, S_IFIFO | 0644, 0);
		break;
	default:
		(void)!mknod(path, S_IFREG | 0644, 0);
		if (kind & 0x80)
			(void)!truncate(path, kind * 100);
	}
}

static void make_mark(struct feed *feed, const char *path)
{
	const char *mark = marks[feed_byte(feed) % N_ELEMENTS(marks)];
	unsigned which = feed_byte(feed);
	size_t size;
	if (which & 0x80) {
		const uint8_t *bytes = feed_bytes(feed, 200, &size);
		(void)!lsetxattr(path, mark, bytes, size, 0);
		return;
	}
	const char *value = values[which % N_ELEMENTS(values)];
	(void)!lsetxattr(path, mark, value, strlen(value), 0);
}

static void make_layers(struct feed *feed)
{
	struct places places = {{"l1", "l2", "u"}, 3};
	for (unsigned i = 0; i < 3; i++)
		fuzz_check(mkdir(places.dirs[i], 0755) == 0);
	fuzz_check(mkdir("outside", 0755) == 0);
	fuzz_check(mknod("outside/" OUTSIDE, S_IFREG | 0644, 0) == 0);
	fuzz_check(mknod("outside/secret", S_IFREG | 0644, 0) == 0);
	for (unsigned n = 4 + feed_byte(feed) % 16; n > 0 && feed->size > 0; n--) {
		char path[1200];
		snprintf(path, sizeof(path), "%s/%s", places.dirs[feed_byte(feed) % places.n],
			name_of(feed));
		make_object(path, feed_byte(feed), &places);
		for (unsigned m = feed_byte(feed) % 3; m > 0; m--)
			make_mark(feed, path);
	}
}

/* -- use --------------------------------------------------------------------------------------- */

static void check_view(struct world *w)
{
	char *view = world_view(w, true);
	fuzz_check(!strstr(view, OUTSIDE));
	fuzz_check(!strstr(view, " TWICE\n"));
	free(view);
}

/* A path whose directory is there. */
static bool choose_path(struct world *w, struct feed *feed, char path[64])
{
	struct stat st;
	const char *first = names[feed_byte(feed) % 4];
	snprintf(path, 64, "%s", first);
	if (feed_byte(feed) & 1 || world_stat(w, first, &st) != 1 || !S_ISDIR(st.st_mode))
		return true;
	snprintf(path, 64, "%s/%s", first, names[feed_byte(feed) % 4]);
	return true;
}

static void change(struct world *w, struct feed *feed)
{
	char path[64], other[64];
	struct stat st;
	unsigned what = feed_byte(feed);
	choose_path(w, feed, path);
	choose_path(w, feed, other);
	bool there = world_stat(w, path, &st) == 1;
	switch (what % 10) {
	case 0:
		world_mkdir(w, path, 0755);
		break;
	case 1:
		world_mknod(w, path, S_IFREG | 0644, 0);
		break;
	case 2:
		world_unlink(w, path);
		break;
	case 3:
		world_rmdir(w, path);
		break;
	case 4:
		if (there)
			world_chmod(w, path, 0700);
		break;
	case 5:
		if (there && S_ISREG(st.st_mode))
			world_write(w, path, "text", 3);
		break;
	case 6:
		if (there)
			world_setxattr(w, path, "user.overlay.opaque", "y");
		break;
	case 7:
		if (there && !S_ISDIR(st.st_mode))
			world_link(w, path, other);
		break;
	default: /* what the kernel never asks for: a directory into itself */
		if (there && strncmp(other, path, strlen(path)) != 0)
			world_rename(w, path, other,
				what & 0x40 && world_stat(w, other, &st) == 1 &&
						strncmp(path, other, strlen(other)) != 0
					? RENAME_EXCHANGE
					: 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned flags[] = {0, WORLD_REDIRECT, WORLD_REDIRECT | WORLD_USER_MARKS,
		WORLD_AUFS, WORLD_NO_XATTRS, WORLD_NO_TMPFILE | WORLD_REDIRECT,
		WORLD_COLD | WORLD_REDIRECT, WORLD_READ_ONLY};
	struct feed feed = {data, size};
	struct world w;
	unsigned how = flags[feed_byte(&feed) % N_ELEMENTS(flags)];

	make_layers(&feed);
	world_prepare(&w, how);
	if (world_start(&w, how) == 0) {
		check_view(&w);
		for (unsigned n = feed.size > 8 ? 8 : (unsigned)feed.size; n > 0; n--)
			change(&w, &feed);
		check_view(&w);
		world_close(&w);
	}
	support_empty();
	return 0;
}
