// SPDX-License-Identifier: GPL-2.0-or-later
/* Removing: what is gone stays gone, whiteouts only where they are needed, open files live on. */
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Layers in which "n" is seen and can be removed, and what must stand in the upper afterwards: 'w'
 * a whiteout (of whichever form), '-' nothing, '?' either. */
static const struct target {
	const char *layers;
	char kind; /* 'd' for rmdir */
	char left;
} targets[] = {
	{"l1/n=1 u/", 'f', 'w'},
	{"l1/n=1 l2/n=2 u/", 'f', 'w'},
	{"l1/ u/n=1", 'f', '-'},
	{"l1/n=1 u/n=2", 'f', 'w'},
	{"l1/n/x=1 u/n=2", 'f', 'w'},
	{"l1/n>x u/", 'l', 'w'},
	{"l1/n| u/", 'p', 'w'},
	{"l1/n! u/n=1", 'f', '?'}, /* the lower has only a whiteout */
	{"l1/n! l2/n=1 u/n=2", 'f', '?'},
	{"l1/n=1 u/n=2 u/m+u/n", 'f', 'w'},
	{"l1/n=1 l1/m+l1/n u/", 'f', 'w'},
	{"l1/n/ u/", 'd', 'w'},
	{"l1/n/ l2/n/ u/", 'd', 'w'},
	{"l1/ u/n/", 'd', '-'},
	{"l1/n/ u/n/", 'd', 'w'},
	{"l1/n/a=1 l1/n/b=2 u/n/a! u/n/b!", 'd', 'w'},
	{"l1/n/a/x=1 u/n/a!", 'd', 'w'},
	{"l1/n/a=1 u/n/.wh.a=", 'd', 'w'},
	{"l1/n/a=1 u/n/ u/n@opaque=y", 'd', 'w'},
	{"l1/n/a=1 u/n/.wh..wh..opq=", 'd', 'w'},
	{"l1/n/a=1 u/n/a! u/n@opaque=y", 'd', 'w'},
	{"l1/n/a! l2/n/a=1 u/", 'd', 'w'},
	{"l1/n/.wh.a= l2/n/a=1 u/", 'd', 'w'},
	{"l1/n/ l1/n@opaque=y l2/n/a=1 u/", 'd', 'w'},
	{"l1/n=1 u/n/", 'd', 'w'},
	{"l1/ u/n/x!", 'd', '-'}, /* whiteouts that hide nothing */
	{"l1/ u/n/.wh..wh.plnk/ u/n/.wh.x=", 'd', '?'},
};

static const unsigned all_flags[] = {0, WORLD_USER_MARKS, WORLD_AUFS, WORLD_NO_WHITEOUT_RENAME,
	WORLD_NO_XATTRS, WORLD_COLD, WORLD_XATTR_WHITEOUTS};

static char left_in_upper(void)
{
	char kind = support_kind("u/n");
	return kind == '-' && support_kind("u/.wh.n") == 'f' ? 'w' : kind;
}

static void check_removal(const struct target *t, unsigned flags)
{
	struct world w;
	support_empty();
	support_tree(t->layers);
	char *lower = support_dump("l1", true);
	world_open(&w, flags);
	if (world_kind(&w, "n") != t->kind)
		fail_msg("%s: n is %c", t->layers, world_kind(&w, "n"));
	/* The wrong verb first: it changes nothing. */
	char *before = support_dump("u", false);
	if (t->kind == 'd')
		assert_int_equal(world_unlink(&w, "n"), -EISDIR);
	else
		assert_int_equal(world_rmdir(&w, "n"), -ENOTDIR);
	char *after = support_dump("u", false);
	assert_string_equal(before, after);
	free(before);
	free(after);
	int r = t->kind == 'd' ? world_rmdir(&w, "n") : world_unlink(&w, "n");
	if (r != 0)
		fail_msg("%s: %s", t->layers, strerror(-r));
	if (t->left != '?' && left_in_upper() != t->left)
		fail_msg("%s: %c is left in the upper", t->layers, left_in_upper());
	/* A directory of AUFS's in it stays in work/ until the next mount. */
	if (world_leftovers() != 0 && !strstr(t->layers, "plnk"))
		fail_msg("%s: work/ is not clean (flags %#x)", t->layers, flags);
	for (int remounted = 0; remounted < 2; remounted++) {
		if (world_kind(&w, "n") != '-')
			fail_msg("%s: n is still there", t->layers);
		assert_null(strchr(world_names(&w, ""), 'n'));
		assert_int_equal(world_unlink(&w, "n"), -ENOENT);
		assert_int_equal(world_rmdir(&w, "n"), -ENOENT);
		world_reopen(&w, flags);
	}
	if (strstr(t->layers, "m+")) /* the other name lives */
		assert_int_equal(world_kind(&w, "m"), 'f');
	world_close(&w);
	char *now = support_dump("l1", true);
	if (!strstr(t->layers, "m+u"))
		assert_string_equal(lower, now);
	free(now);
	free(lower);
}

static void test_removals(void **state)
{
	(void)state;
	for (size_t f = 0; f < N_ELEMENTS(all_flags); f++)
		for (size_t i = 0; i < N_ELEMENTS(targets); i++)
			check_removal(&targets[i], all_flags[f]);
}

static void test_full_directories_stay(void **state)
{
	static const char *const layers[] = {"l1/n/x=1 u/", "l1/ u/n/x=1", "l1/n/x=1 u/n/",
		"l1/n/x=1 l1/n/y=2 u/n/x!", "l1/n/ l2/n/x=1 u/n/", "l1/n/ u/n/.a=", "l1/n/x/ u/n/"};
	struct world w;
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(layers); i++) {
		support_empty();
		support_tree(layers[i]);
		world_open(&w, 0);
		char *before = world_view(&w, true);
		assert_int_equal(world_rmdir(&w, "n"), -ENOTEMPTY);
		char *after = world_view(&w, true);
		assert_string_equal(before, after);
		free(before);
		free(after);
		world_close(&w);
	}
}

/* Delete and make anew, over and over, in every mixture of kinds. */
static void test_delete_and_make_anew(void **state)
{
	struct world w;
	(void)state;
	for (size_t f = 0; f < N_ELEMENTS(all_flags); f++) {
		uint64_t seed = f + 1;
		char kind = 'd';
		support_empty();
		support_tree("l1/n/x=hidden l1/n/sub/y=hidden l2/n/z=hidden u/");
		world_open(&w, all_flags[f]);
		assert_int_equal(world_unlink(&w, "n/x"), 0);
		assert_int_equal(world_unlink(&w, "n/z"), 0);
		assert_int_equal(world_unlink(&w, "n/sub/y"), 0);
		assert_int_equal(world_rmdir(&w, "n/sub"), 0);
		for (int i = 0; i < 40; i++) {
			int r = kind == 'd' ? world_rmdir(&w, "n") : world_unlink(&w, "n");
			assert_int_equal(r, 0);
			if (support_random(&seed) % 4 == 0)
				world_reopen(&w, all_flags[f]);
			assert_int_equal(world_kind(&w, "n"), '-');
			kind = "fdl"[support_random(&seed) % 3];
			r = kind == 'd'   ? world_mkdir(&w, "n", 0755)
			    : kind == 'f' ? world_mknod(&w, "n", S_IFREG | 0644, 0)
					  : world_symlink(&w, "x", "n");
			assert_int_equal(r, 0);
			if (support_random(&seed) % 4 == 0)
				world_reopen(&w, all_flags[f]);
			assert_int_equal(world_kind(&w, "n"), kind);
			if (kind == 'd')
				assert_string_equal(world_names(&w, "n"), "");
		}
		assert_int_equal(world_leftovers(), 0);
		world_close(&w);
	}
}

/* Who has the file open goes on with it: everything that fstat and friends do. */
static void check_open_file(struct world *w, struct ovl_inode *inode, const char *content)
{
	struct ovl_change change = {.set = OVL_SET_MODE | OVL_SET_SIZE, .mode = 0600, .size = 4};
	struct ovl_set_id set_id = {0};
	char text[64] = "";
	struct stat st;
	assert_int_equal(ovl_getattr(w->fs, inode, &st), 0);
	assert_int_equal(st.st_nlink, 0);
	assert_int_equal(ovl_read(w->fs, inode, text, sizeof(text) - 1, 0), strlen(content));
	assert_string_equal(text, content);
	assert_int_equal(ovl_setattr(w->fs, inode, &change, &st), 0);
	assert_int_equal(st.st_size, 4);
	assert_int_equal(st.st_nlink, 0);
	assert_int_equal(ovl_setxattr(w->fs, inode, "user.a", "v", 1, 0, &w->caller), 0);
	assert_int_equal(ovl_getxattr(w->fs, inode, "user.a", text, sizeof(text)), 1);
	assert_int_equal(ovl_write(w->fs, inode, "NEW!", 4, 0, &set_id), 4);
	assert_int_equal(ovl_read(w->fs, inode, text, 4, 0), 4);
	assert_memory_equal(text, "NEW!", 4);
	assert_int_equal(ovl_fsync(w->fs, inode, false), 0);
}

static void test_open_files_live_on(void **state)
{
	static const char *const layers[] = {
		"l1/n=content u/", "l1/ u/n=content", "l1/n=hidden u/n=content"};
	struct world w;
	(void)state;
	for (size_t f = 0; f < N_ELEMENTS(all_flags); f++)
		for (size_t i = 0; i < N_ELEMENTS(layers); i++) {
			support_empty();
			support_tree(layers[i]);
			world_open(&w, all_flags[f]);
			struct ovl_inode *inode = world_get(&w, "n");
			assert_int_equal(world_unlink(&w, "n"), 0);
			/* Another file of that name is another file. */
			assert_int_equal(world_mknod(&w, "n", S_IFREG | 0644, 0), 0);
			assert_int_equal(world_write(&w, "n", "other", 0), 5);
			check_open_file(&w, inode, "content");
			assert_string_equal(world_read(&w, "n"), "other");
			assert_int_equal(world_unlink(&w, "n"), 0);
			world_put(&w, inode);
			assert_int_equal(world_leftovers(), 0);
			world_close(&w);
		}
}

static void test_one_of_two_names(void **state)
{
	struct stat st;
	struct world w;
	(void)state;
	support_tree("l1/ u/a=content u/b+u/a");
	world_open(&w, 0);
	struct ovl_inode *inode = world_get(&w, "a");
	assert_int_equal(world_unlink(&w, "a"), 0);
	assert_int_equal(ovl_getattr(w.fs, inode, &st), 0);
	assert_int_equal(st.st_nlink, 1);
	struct ovl_inode *other = world_get(&w, "b");
	assert_ptr_equal(other, inode);
	world_put(&w, other);
	assert_int_equal(world_write(&w, "b", "CON", 0), 3);
	assert_int_equal(world_unlink(&w, "b"), 0);
	check_open_file(&w, inode, "CONtent");
	world_put(&w, inode);
	world_close(&w);
}

static void nothing(void *data, const struct ovl_dirent *d)
{
	assert_true(strcmp(d->name, ".") == 0 || strcmp(d->name, "..") == 0);
	++*(int *)data;
}

static bool room(void *data, size_t length)
{
	(void)data;
	(void)length;
	return true;
}

static void test_open_directories_are_empty(void **state)
{
	static const char *const layers[] = {"l1/n/ u/", "l1/ u/n/", "l1/n/x=1 u/n/x!"};
	struct stat st;
	struct ovl_node node;
	struct world w;
	(void)state;
	for (size_t f = 0; f < N_ELEMENTS(all_flags); f++)
		for (size_t i = 0; i < N_ELEMENTS(layers); i++) {
			int n = 0;
			struct ovl_lister lister = {room, nothing, &n, NULL};
			support_empty();
			support_tree(layers[i]);
			world_open(&w, all_flags[f]);
			struct ovl_inode *dir = world_get(&w, "n");
			assert_int_equal(world_rmdir(&w, "n"), 0);
			assert_int_equal(ovl_getattr(w.fs, dir, &st), 0);
			assert_true(S_ISDIR(st.st_mode));
			assert_int_equal(ovl_readdir(w.fs, dir, 0, false, &lister), 0);
			assert_int_equal(ovl_lookup(w.fs, dir, "x", &node), 0);
			assert_int_equal(
				ovl_mkdir(w.fs, dir, "x", 0755, &w.caller, &node), -ENOENT);
			assert_int_equal(ovl_unlink(w.fs, dir, "x"), -ENOENT);
			world_put(&w, dir);
			world_close(&w);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_removals),
		TEST(test_full_directories_stay),
		TEST(test_delete_and_make_anew),
		TEST(test_open_files_live_on),
		TEST(test_one_of_two_names),
		TEST(test_open_directories_are_empty),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
