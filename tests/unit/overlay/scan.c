// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Merging: tables of layers, made on disk, and what users must see. The rules are the kernel's
 * (Documentation/filesystems/overlayfs.rst and fs/overlayfs/namei.c), those of AUFS for .wh. files.
 */
#include "world.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "scan.h"

/* The layers; and, with blanks between, in a directory of the overlay, every name that is seen:
 * NAME:TYPE@LAYER with TYPE as support_kind() has it and LAYER u or a number. A "*" behind it: to
 * remove the name a whiteout is needed. */
struct merge {
	const char *layers;
	const char *dir;
	const char *seen;
};

static const struct merge merges[] = {
	/* plain merging */
	{"l1/a=1 l2/b=2 l3/c=3 u/d=4", "", "a:f@1* b:f@2* c:f@3* d:f@u"},
	{"l1/a=1 l2/a=2 u/a=3", "", "a:f@u*"},
	{"l1/a=1 l2/a=2 u/", "", "a:f@1*"},
	{"l1/d/x=1 l2/d/y=2 u/d/z=3", "d", "x:f@1* y:f@2* z:f@u"},
	{"l1/ l2/ u/", "", ""},
	{"l1/f| l1/l>a l1/d/ u/", "", "d:d@1* f:p@1* l:l@1*"},
	{"l1/a=1", "", "a:f@1*"},
	{"l1/a=1 l2/a=2 l2/b=3", "", "a:f@1* b:f@2*"},
	/* whiteouts: devices */
	{"l1/a=1 u/a!", "", ""},
	{"l1/a! l2/a=2 u/", "", ""},
	{"l1/a! l2/a=2 u/a=3", "", "a:f@u"},
	{"l1/a=0 l2/a! l3/a=2 u/", "", "a:f@1*"},
	{"l1/a! u/b=1", "", "b:f@u"}, /* in the bottom layer it is one too */
	{"l1/d/x=1 l2/d! l3/d/y=2 u/", "d", "x:f@1*"},
	{"l1/d! l2/d/y=2 u/d/x=1", "d", "x:f@u"},
	{"l1/d/x=1 u/d/x!", "d", ""},
	{"l1/a! l2/a! l3/a=1 u/", "", ""},
	{"l1/x=1 u/never!", "", "x:f@1*"},
	/* whiteouts: AUFS */
	{"l1/a=1 u/.wh.a=", "", ""},
	{"l1/.wh.a= l2/a=2 u/", "", ""},
	{"l1/a=1 l1/.wh.a= l2/a=2 u/", "", "a:f@1*"}, /* they hide only what is below */
	{"l1/.wh.a= l1/a=1 l2/a=2 u/", "", "a:f@1*"},
	{"l1/d/x=1 l1/.wh.d= l2/d/y=2 u/", "d", "x:f@1*"},
	{"l1/.wh.d= l1/d/x=1 l2/d/y=2 u/", "d", "x:f@1*"},
	{"l1/a=1 u/.wh.a= u/a=2", "", "a:f@u"},
	{"l1/d/x=1 u/.wh.d= u/d/y=2", "d", "y:f@u"},
	{"l1/.wh.d= l2/d/y=2 u/d/x=1", "d", "x:f@u"},
	{"l1/b=1 l2/a=2 l2/b=3 l1/.wh.b= u/", "", "a:f@2* b:f@1*"},
	/* whiteouts: xattrs, in a layer that says that it has some */
	{"l1/a= l1/a@whiteout=y l1@opaque=x l2/a=2 u/", "", ""},
	{"l1/a=1 l1/b=1 u/a= u/a@whiteout=y u/b= u@opaque=x", "", "b:f@u*"},
	{"l1/a= l1/a@whiteout=y l1@opaque=x l2/a=2 l2/b=3 u/", "", "b:f@2*"},
	{"l1/d/a= l1/d/a@whiteout=y l1/d@opaque=x l2/d/a=2 u/d/c=1", "d", "c:f@u"},
	{"l1/a= l1@opaque=x l2/a=2 u/", "", "a:f@1*"},                  /* empty, but no mark */
	{"l1/a=1 l1/a@whiteout=y l1@opaque=x l2/a=2 u/", "", "a:f@1*"}, /* a mark, but not empty */
	{"l1/d/ l1/d@whiteout=y l1@opaque=x l2/d/x=2 u/", "d", "x:f@2*"},
	/* opaque directories: kernel, fuse-overlayfs, AUFS */
	{"l1/d/x=1 u/d/y=2 u/d@opaque=y", "d", "y:f@u"},
	{"l1/d/x=1 u/d/y=2 u/d@opaque=n", "d", "x:f@1* y:f@u"},
	{"l1/d/x=1 u/d/y=2 u/d%user.fuseoverlayfs.opaque=y", "d", "y:f@u"},
	{"l1/d/x=1 u/d/y=2 u/d/.wh..wh..opq=", "d", "y:f@u"},
	{"l1/d/x=1 l1/d@opaque=y l2/d/y=2 u/d/z=3", "d", "x:f@1* z:f@u"},
	{"l1/d/x=1 l1/d/.wh..wh..opq= l2/d/y=2 u/d/z=3", "d", "x:f@1* z:f@u"},
	{"l1/d/x=1 l1/d%user.fuseoverlayfs.opaque=y l2/d/y=2 u/d/z=3", "d", "x:f@1* z:f@u"},
	{"l1/d/x=1 l2/d/y=2 l2/d@opaque=y l3/d/z=3 u/d/", "d", "x:f@1* y:f@2*"},
	{"l1/d/x=1 l1/d@opaque=y l2/d/y=2 l2/d@opaque=y l3/d/z=3 u/d/", "d", "x:f@1*"},
	{"l1/d/x=1 l1/d@opaque=y l2/d/y=2", "d", "x:f@1*"},
	{"l1/d/e/x=1 u/d/e/y=1 u/d@opaque=y", "d/e", "y:f@u"},
	{"l1/d/e/x=1 l1/d@opaque=y l2/d/e/y=1 u/d/e/", "d/e", "x:f@1*"},
	{"l1/a=1 l1@opaque=y l2/b=2 u/c=3", "", "a:f@1* c:f@u"}, /* the root of a layer */
	/* a file or a link stands between */
	{"l1/d=file l2/d/y=1 u/d/x=1", "d", "x:f@u"},
	{"l1/d/x=1 l2/d=file l3/d/y=1 u/d/z=1", "d", "x:f@1* z:f@u"},
	{"l1/d>e l2/d/y=1 l2/e/z=1 u/d/x=1", "d", "x:f@u"},
	{"l1/d/x=1 u/d=file", "", "d:f@u*"},
	{"l1/d/x=1 l2/e/y=1 u/d>e", "", "d:l@u* e:d@2*"},
	{"l1/d=file l2/d/y=1 u/", "", "d:f@1*"},
	{"l1/d| l2/d/y=1 u/d/", "d", ""},
	/* names of AUFS's own, which nobody sees */
	{"l1/.wh.= l1/.wh..= l1/.wh...= l1/.wh..wh.x= l1/.wh..wh..opq.= l1/a=1 u/", "", "a:f@1*"},
	{"l1/.wh..wh.plnk/x=1 l1/.wh..wh.aufs= l1/a=1 u/.wh..wh.orph/", "", "a:f@1*"},
	{"l1/.wh..wh..wh..opq= l1/a=1 l2/b=2 u/", "", "a:f@1* b:f@2*"},
	{"l1/x/.wh.y/z=1 l2/x/y=1 u/", "x", ""}, /* a directory as a whiteout: still one */
	{"l1/.whx=1 l1/wh.y=2 l1/.wh=3 u/", "", ".wh:f@1* .whx:f@1* wh.y:f@1*"},
	/* escaped marks are another overlay's */
	{"l1/d/x=1 u/d/y=2 u/d@overlay.opaque=y", "d", "x:f@1* y:f@u"},
	{"l1/a= l1/a@overlay.whiteout=y l1@opaque=x l2/a=2 u/", "", "a:f@1*"},
};

static char kind_of_type(uint8_t type)
{
	return type == DT_REG    ? 'f'
	       : type == DT_DIR  ? 'd'
	       : type == DT_LNK  ? 'l'
	       : type == DT_FIFO ? 'p'
				 : 'o';
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What the index of dir says, in the words of struct merge. */
static char *describe(struct world *w, const char *path)
{
	struct ovl_inode *inode = world_get(w, path);
	struct ovl_dir *dir = ovl_dir_of(inode);
	char *lines[64], *text = NULL;
	size_t n = 0;
	struct ovl_entry *entry;

	assert_int_equal(ovl_dir_lock_read(w->fs, dir), 0);
	for (uint64_t at = OVL_INDEX_START; (entry = ovl_index_next(dir->index, &at));) {
		char layer[16] = "u";
		if (entry->layer != OVL_UPPER)
			snprintf(layer, sizeof(layer), "%u", entry->layer);
		bool marked =
			(entry->flags & OVL_ENTRY_LOWER) && !(entry->flags & OVL_ENTRY_AUFS_WH);
		lines[n] = NULL;
		support_append(&lines[n++], "%s:%c@%s%s", entry->name, kind_of_type(entry->type),
			layer, marked ? "*" : "");
	}
	pthread_rwlock_unlock(&dir->lock);
	world_put(w, inode);
	if (n)
		qsort(lines, n, sizeof(*lines), by_text);
	support_append(&text, "%s", "");
	for (size_t i = 0; i < n; i++) {
		support_append(&text, "%s%s", i ? " " : "", lines[i]);
		free(lines[i]);
	}
	return text;
}

/* A name that a whiteout or an opaque directory hides in every lower layer needs no whiteout, but
 * one more does no harm; so "*" is required where it stands, and allowed where a lower has it. */
static bool is_as_expected(const char *got, const char *expected)
{
	for (; *got || *expected; got++, expected++) {
		if (*got == '*' && *expected != '*')
			got++;
		if (*got != *expected)
			return false;
		if (!*got)
			break;
	}
	return true;
}

static void check_merge(const struct merge *m, unsigned flags)
{
	struct world w;
	support_empty();
	support_tree(m->layers);
	world_open(&w, flags);
	char *seen = describe(&w, m->dir);
	if (!is_as_expected(seen, m->seen))
		fail_msg("%s: '%s' shows '%s' instead of '%s'", m->layers, m->dir, seen, m->seen);
	free(seen);
	char *view = world_view(&w, false);
	if (strstr(view, "DIFFERS") || strstr(view, "LISTED, BUT") || strstr(view, "TWICE"))
		fail_msg("%s: contradicts itself:\n%s", m->layers, view);
	if (strstr(view, "/.wh.") || strstr(view, "overlay.opaque=") ||
		strstr(view, "fuseoverlayfs"))
		if (!strstr(m->layers, "@overlay."))
			fail_msg("%s: marks are seen:\n%s", m->layers, view);
	free(view);
	world_close(&w);
}

static void test_merges(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(merges); i++) {
		check_merge(&merges[i], 0);
		check_merge(&merges[i], WORLD_USER_MARKS);
		check_merge(&merges[i], WORLD_COLD);
	}
}

/* What is seen can be removed, and is gone then, also for another overlay; what is not seen can be
 * made, and is what was made. */
static void test_whatever_is_seen_can_be_removed(void **state)
{
	struct world w;
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(merges); i++) {
		const struct merge *m = &merges[i];
		if (!strstr(m->layers, " u/") || strstr(m->seen, ":d@"))
			continue;
		support_empty();
		support_tree(m->layers);
		world_open(&w, WORLD_USER_MARKS);
		char names[1024], *rest = names, path[256];
		snprintf(names, sizeof(names), "%s", world_names(&w, m->dir));
		for (char *name; (name = strsep(&rest, " "));) {
			if (!*name)
				continue;
			snprintf(path, sizeof(path), "%s/%s", m->dir, name);
			assert_int_equal(world_unlink(&w, path), 0);
		}
		assert_string_equal(world_names(&w, m->dir), "");
		world_reopen(&w, WORLD_USER_MARKS);
		if (strcmp(world_names(&w, m->dir), "") != 0)
			fail_msg("%s: comes back: %s", m->layers, world_names(&w, m->dir));
		world_close(&w);
	}
}

static void test_hidden_names_can_be_made_anew(void **state)
{
	/* hidden in some way; made as a directory it must be empty, now and later */
	static const char *const layers[] = {
		"l1/d/x=1 u/d!",
		"l1/d/x=1 u/.wh.d=",
		"l1/d! l2/d/x=1 u/",
		"l1/.wh.d= l2/d/x=1 u/",
		"l1/d= l1/d@whiteout=y l1@opaque=x l2/d/x=1 u/",
		"l1/d= l1/d@whiteout=y l1@opaque=x l2/d/x=1 u/d!",
		"l1/d/x=1 u/ u@opaque=y",
		"l1/ l1@opaque=y l2/d/x=1 u/",
		"l1/ l1/.wh..wh..opq= l2/d/x=1 u/",
		"l1/d! l2/d/x=1 u/d!",
	};
	struct world w;
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(layers); i++) {
		for (unsigned flags = 0; flags <= WORLD_AUFS; flags += WORLD_AUFS) {
			support_empty();
			support_tree(layers[i]);
			world_open(&w, flags | WORLD_USER_MARKS);
			assert_int_equal(world_kind(&w, "d"), '-');
			assert_int_equal(world_mkdir(&w, "d", 0755), 0);
			assert_string_equal(world_names(&w, "d"), "");
			world_reopen(&w, flags | WORLD_USER_MARKS);
			if (strcmp(world_names(&w, "d"), "") != 0)
				fail_msg("%s: hidden things come back", layers[i]);
			assert_int_equal(world_rmdir(&w, "d"), 0);
			world_reopen(&w, flags | WORLD_USER_MARKS);
			assert_int_equal(world_kind(&w, "d"), '-');
			world_close(&w);
		}
	}
}

/* Names of 255 bytes and names that are no UTF-8, in every layer. */
static void test_odd_names(void **state)
{
	char longest[256], path[300];
	struct world w;
	(void)state;
	memset(longest, 'n', 255);
	longest[255] = '\0';
	support_tree("l1/ l2/ u/");
	snprintf(path, sizeof(path), "l2/%s", longest);
	close(open(path, O_CREAT | O_WRONLY, 0644));
	close(open("l1/\xff\xfe\x80", O_CREAT | O_WRONLY, 0644));
	close(open("l1/new\nline", O_CREAT | O_WRONLY, 0644));
	world_open(&w, 0);
	assert_int_equal(world_kind(&w, longest), 'f');
	assert_int_equal(world_kind(&w, "\xff\xfe\x80"), 'f');
	assert_int_equal(world_kind(&w, "new\nline"), 'f');
	assert_int_equal(world_unlink(&w, longest), 0);
	assert_int_equal(world_unlink(&w, "\xff\xfe\x80"), 0);
	world_reopen(&w, 0);
	assert_string_equal(world_names(&w, ""), "new\nline");
	struct ovl_inode *root = world_get(&w, "");
	struct ovl_node node;
	char too_long[300];
	memset(too_long, 'n', 256);
	too_long[256] = '\0';
	assert_int_equal(ovl_lookup(w.fs, root, too_long, &node), -ENAMETOOLONG);
	world_put(&w, root);
	world_close(&w);
}

/* Eight layers with all pairs of what a name can be in two of them, against a direct walk. */
static void test_random_stacks(void **state)
{
	static const char *const things[] = {"%s/n=%d", "%s/n/f%d=x", "%s/n!", "%s/n>l%d", "%s/",
		"%s/n/f%d=x %s/n@opaque=y", "%s/.wh.n="};
	uint64_t seed = 99;
	(void)state;
	for (int round = 0; round < 300; round++) {
		char layers[2048] = "", expected[512] = "";
		bool open_below = true;
		char kind = '-';
		support_empty();
		for (int i = 0; i < 5; i++) {
			char layer[4], words[128];
			unsigned thing = support_random(&seed) % N_ELEMENTS(things);
			snprintf(layer, sizeof(layer), i ? "l%d" : "u", i);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
			if (thing == 5)
				snprintf(words, sizeof(words), things[thing], layer, i, layer);
			else
				snprintf(words, sizeof(words), things[thing], layer, i);
#pragma GCC diagnostic pop
			snprintf(layers + strlen(layers), sizeof(layers) - strlen(layers), "%s ",
				words);
			bool is_dir = thing == 1 || thing == 5;
			if (open_below && thing != 4) {
				if (kind == '-' && open_below)
					kind = is_dir       ? 'd'
					       : thing == 0 ? 'f'
					       : thing == 3 ? 'l'
							    : '-';
				if (is_dir && kind == 'd')
					snprintf(expected + strlen(expected), 8, "%sf%d",
						*expected ? " " : "", i);
				open_below = is_dir && thing != 5;
			}
		}
		struct world w;
		support_tree(layers);
		world_open(&w, WORLD_USER_MARKS);
		if (world_kind(&w, "n") != kind)
			fail_msg("%s: n is %c, not %c", layers, world_kind(&w, "n"), kind);
		if (kind == 'd' && strcmp(world_names(&w, "n"), expected) != 0)
			fail_msg(
				"%s: n has '%s', not '%s'", layers, world_names(&w, "n"), expected);
		world_close(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_merges),
		TEST(test_whatever_is_seen_can_be_removed),
		TEST(test_hidden_names_can_be_made_anew),
		TEST(test_odd_names),
		TEST(test_random_stacks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
