// SPDX-License-Identifier: GPL-2.0-or-later
/* Making files: every kind, on every sort of place; what is on disk in the upper afterwards. */
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

/* Places where nothing is seen, as support_tree() words; "n" is the name. */
static const char *const places[] = {
	"l1/d/ u/",             /* a lower directory */
	"l1/d/ u/d/",           /* a merged one */
	"l1/x=1 u/d/",          /* one of the upper alone */
	"l1/d/n=hidden u/d/n!", /* a whiteout of the upper */
	"l1/d/n/x=hidden u/d/n!",
	"l1/d/n>l u/d/n!",
	"l1/d/x=1 u/d/n!", /* a whiteout that hides nothing */
	"l1/d/n! l2/d/n=hidden u/",
	"l1/d/n! l2/d/n/x=hidden u/d/n!",
	"l1/d/n=hidden u/d/.wh.n=",
	"l1/d/n/x=hidden u/d/.wh.n=",
	"l1/d/.wh.n= l2/d/n/x=hidden u/",
	"l1/d/n/x=hidden u/d/ u/d@opaque=y",
	"l1/d/n/x=hidden u/d/.wh..wh..opq=",
};

static const unsigned all_flags[] = {0, WORLD_USER_MARKS, WORLD_AUFS, WORLD_XATTR_WHITEOUTS,
	WORLD_NO_WHITEOUT_RENAME, WORLD_NO_XATTRS, WORLD_NO_TMPFILE, WORLD_COLD};

static int make(struct world *w, char kind, const char *path)
{
	switch (kind) {
	case 'f':
		return world_mknod(w, path, S_IFREG | 0640, 0);
	case 'p':
		return world_mknod(w, path, S_IFIFO | 0640, 0);
	case 's':
		return world_mknod(w, path, S_IFSOCK | 0640, 0);
	case 'd':
		return world_mkdir(w, path, 0750);
	default:
		return world_symlink(w, "target", path);
	}
}

static void check_made(struct world *w, char kind, const char *what)
{
	struct stat st;
	if (world_kind(w, "d/n") != kind)
		fail_msg("%s: %c is %c", what, kind, world_kind(w, "d/n"));
	assert_int_equal(world_stat(w, "d/n", &st), 1);
	assert_int_equal(st.st_uid, w->caller.uid);
	assert_int_equal(st.st_gid, w->caller.gid);
	if (kind != 'l')
		assert_int_equal(st.st_mode & 07777, kind == 'd' ? 0750 : 0640);
	if (kind == 'd' && strcmp(world_names(w, "d/n"), "") != 0)
		fail_msg("%s: what was hidden shows: %s", what, world_names(w, "d/n"));
	if (kind == 'f')
		assert_string_equal(world_read(w, "d/n"), "");
}

static void test_every_kind_everywhere(void **state)
{
	struct world w;
	(void)state;
	for (size_t f = 0; f < N_ELEMENTS(all_flags); f++)
		for (size_t i = 0; i < N_ELEMENTS(places); i++)
			for (const char *kind = "fpsdl"; *kind; kind++) {
				unsigned flags = all_flags[f];
				support_empty();
				support_tree(places[i]);
				char *lower = support_dump("l1", true);
				world_open(&w, flags);
				assert_int_equal(world_kind(&w, "d/n"), '-');
				if (make(&w, *kind, "d/n") != 0)
					fail_msg("%s: %c cannot be made", places[i], *kind);
				check_made(&w, *kind, places[i]);
				assert_int_equal(support_kind("u/d/n"), *kind);
				assert_int_equal(world_leftovers(), 0);
				assert_int_equal(make(&w, *kind, "d/n"), -EEXIST);
				world_reopen(&w, flags);
				check_made(&w, *kind, places[i]);
				world_close(&w);
				char *now = support_dump("l1", true);
				assert_string_equal(lower, now);
				free(now);
				free(lower);
			}
}

static void test_what_is_there_stays(void **state)
{
	static const char *const taken[] = {"lower", "upper", "both", "dir", "merged", "link"};
	struct world w;
	(void)state;
	support_tree("l1/lower=1 u/upper=2 l1/both=3 u/both=4 l1/dir/ l1/merged/x=1 u/merged/ "
		     "l1/link>none");
	world_open(&w, 0);
	char *before = support_dump("u", true);
	for (size_t i = 0; i < N_ELEMENTS(taken); i++)
		for (const char *kind = "fpsdl"; *kind; kind++)
			assert_int_equal(make(&w, *kind, taken[i]), -EEXIST);
	for (size_t i = 0; i < N_ELEMENTS(taken); i++)
		assert_int_equal(world_link(&w, "upper", taken[i]), -EEXIST);
	char *after = support_dump("u", true);
	assert_string_equal(before, after);
	free(before);
	free(after);
	world_close(&w);
}

static void test_refusals(void **state)
{
	char too_long[300];
	struct ovl_node node;
	struct world w;
	(void)state;
	support_tree("l1/f=1 l1/d/ u/");
	world_open(&w, 0);
	assert_int_equal(world_mknod(&w, "white", S_IFCHR | 0600, 0), -EPERM);
	static const char *const aufs[] = {".wh.x", ".wh.", ".wh..wh..opq", ".wh..wh.plnk"};
	for (size_t i = 0; i < N_ELEMENTS(aufs); i++) {
		assert_int_equal(make(&w, 'f', aufs[i]), -EPERM);
		assert_int_equal(make(&w, 'd', aufs[i]), -EPERM);
		assert_int_equal(make(&w, 'l', aufs[i]), -EPERM);
		assert_int_equal(world_link(&w, "f", aufs[i]), -EPERM);
		assert_int_equal(world_rename(&w, "f", aufs[i], 0), -EPERM);
	}
	memset(too_long, 'n', 256);
	too_long[256] = '\0';
	assert_int_equal(make(&w, 'f', too_long), -ENAMETOOLONG);
	too_long[255] = '\0';
	assert_int_equal(make(&w, 'f', too_long), 0);
	assert_int_equal(world_link(&w, "d", "n"), -EPERM);
	struct ovl_inode *f = world_get(&w, "f");
	assert_int_equal(ovl_mkdir(w.fs, f, "n", 0755, &w.caller, &node), -ENOTDIR);
	assert_int_equal(ovl_mknod(w.fs, f, "n", S_IFREG | 0644, 0, &w.caller, &node), -ENOTDIR);
	world_put(&w, f);
	/* In a directory that is removed. */
	struct ovl_inode *d = world_get(&w, "d");
	assert_int_equal(world_rmdir(&w, "d"), 0);
	assert_int_equal(ovl_mkdir(w.fs, d, "n", 0755, &w.caller, &node), -ENOENT);
	world_put(&w, d);
	world_close(&w);
}

static void test_umask(void **state)
{
	static const mode_t masks[] = {0, 022, 027, 077, 0777};
	struct stat st;
	struct world w;
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(masks); i++) {
		support_empty();
		support_tree("l1/white=x l1/wdir=x u/white! u/wdir!");
		world_open(&w, 0);
		w.caller.umask = masks[i];
		assert_int_equal(world_mknod(&w, "f", S_IFREG | 0777, 0), 0);
		assert_int_equal(world_mknod(&w, "white", S_IFREG | 0777, 0), 0);
		assert_int_equal(world_mkdir(&w, "d", 0777), 0);
		assert_int_equal(world_mkdir(&w, "wdir", 01777), 0);
		static const char *const names[] = {"f", "white", "d", "wdir"};
		for (size_t k = 0; k < 4; k++) {
			assert_int_equal(world_stat(&w, names[k], &st), 1);
			assert_int_equal(st.st_mode & 0777, 0777 & ~masks[i]);
		}
		assert_true(st.st_mode & S_ISVTX);
		world_close(&w);
	}
}

/* user::rwx, group::r-x, other::---, as system.posix_acl_default: the umask has no say. */
static const uint8_t default_acl[] = {2, 0, 0, 0, 1, 0, 7, 0, 0xff, 0xff, 0xff, 0xff, 4, 0, 5, 0,
	0xff, 0xff, 0xff, 0xff, 0x20, 0, 0, 0, 0xff, 0xff, 0xff, 0xff};

static void test_default_acl(void **state)
{
	struct stat st;
	struct world w;
	(void)state;
	support_tree("l1/d/hidden=x u/d/hidden! l1/d/hdir=x u/d/hdir!");
	if (setxattr("u/d", "system.posix_acl_default", default_acl, sizeof(default_acl), 0) < 0)
		skip();
	world_open(&w, 0);
	w.caller.umask = 077;
	static const char *const files[] = {"d/new", "d/hidden"};
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(world_mknod(&w, files[i], S_IFREG | 0666, 0), 0);
		assert_int_equal(world_stat(&w, files[i], &st), 1);
		assert_int_equal(st.st_mode & 07777, 0640);
	}
	static const char *const dirs[] = {"d/newdir", "d/hdir"};
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(world_mkdir(&w, dirs[i], 0777), 0);
		assert_int_equal(world_stat(&w, dirs[i], &st), 1);
		assert_int_equal(st.st_mode & 07777, 0750);
	}
	assert_true(support_has_xattr("u/d/hdir", "system.posix_acl_default", NULL));
	assert_true(support_has_xattr("u/d/newdir", "system.posix_acl_default", NULL));
	world_close(&w);
}

static void test_setgid_directory(void **state)
{
	struct stat st;
	struct world w;
	(void)state;
	support_tree("l1/d/hidden=x u/d/hidden! l1/d/hdir=x u/d/hdir!");
	gid_t group = geteuid() == 0 ? 77 : getegid();
	assert_int_equal(chown("u/d", (uid_t)-1, group), 0);
	assert_int_equal(chmod("u/d", 02755), 0);
	world_open(&w, 0);
	static const char *const names[] = {"d/new", "d/hidden", "d/newdir", "d/hdir"};
	for (size_t i = 0; i < 4; i++) {
		int r = i < 2 ? world_mknod(&w, names[i], S_IFREG | 0644, 0)
			      : world_mkdir(&w, names[i], 0755);
		assert_int_equal(r, 0);
		assert_int_equal(world_stat(&w, names[i], &st), 1);
		assert_int_equal(st.st_gid, group);
		assert_int_equal(!!(st.st_mode & S_ISGID), i >= 2);
	}
	world_close(&w);
}

static void test_owner_is_the_caller(void **state)
{
	struct stat st;
	struct world w;
	(void)state;
	if (geteuid() != 0)
		skip();
	support_tree("l1/hidden=x u/hidden! l1/hdir=x u/hdir!");
	world_open(&w, 0);
	w.caller.uid = 1001;
	w.caller.gid = 1002;
	assert_int_equal(world_mknod(&w, "f", S_IFREG | 06755, 0), 0);
	assert_int_equal(world_mknod(&w, "hidden", S_IFREG | 06755, 0), 0);
	assert_int_equal(world_mkdir(&w, "d", 03755), 0);
	assert_int_equal(world_mkdir(&w, "hdir", 0755), 0);
	assert_int_equal(world_symlink(&w, "t", "l"), 0);
	assert_int_equal(world_mknod(&w, "dev", S_IFCHR | 0600, makedev(1, 3)), 0);
	static const char *const names[] = {"f", "hidden", "d", "hdir", "l", "dev"};
	for (size_t i = 0; i < N_ELEMENTS(names); i++) {
		assert_int_equal(world_stat(&w, names[i], &st), 1);
		assert_int_equal(st.st_uid, 1001);
		assert_int_equal(st.st_gid, 1002);
		if (i < 2) /* chown(2) must not have cost the set-id bits */
			assert_int_equal(st.st_mode & 07777, 06755);
	}
	assert_int_equal(st.st_rdev, makedev(1, 3));
	world_close(&w);
}

static void test_link(void **state)
{
	static const char *const sources[] = {"low", "up", "both", "link", "fifo"};
	static const char *const targets[] = {"new", "gone", "gonedir", "dir/new", "udir/new"};
	struct stat a, b;
	struct world w;
	(void)state;
	for (size_t s = 0; s < N_ELEMENTS(sources); s++)
		for (size_t t = 0; t < N_ELEMENTS(targets); t++) {
			support_empty();
			support_tree("l1/low=low u/up=up l1/both=1 u/both=2 l1/link>x l1/fifo| "
				     "l1/gone=1 u/gone! l1/gonedir/x=1 u/gonedir! l1/dir/x=1 "
				     "u/udir/x=1");
			world_open(&w, WORLD_USER_MARKS);
			char kind = world_kind(&w, sources[s]);
			assert_int_equal(world_link(&w, sources[s], targets[t]), 0);
			for (int remounted = 0; remounted < 2; remounted++) {
				assert_int_equal(world_kind(&w, targets[t]), kind);
				assert_int_equal(world_stat(&w, sources[s], &a), 1);
				assert_int_equal(world_stat(&w, targets[t], &b), 1);
				/* user.* marks are not for links and special files. */
				bool marked = kind == 'f' || w.fs->prefix == OVL_PREFIX_TRUSTED;
				if (marked && a.st_ino != b.st_ino)
					fail_msg("%s -> %s (%d): inode numbers differ", sources[s],
						targets[t], remounted);
				assert_int_equal(a.st_nlink, 2);
				assert_int_equal(b.st_nlink, 2);
				char *view = world_view(&w, true);
				if (marked && strstr(view, "DIFFERS"))
					fail_msg("%s -> %s: %s", sources[s], targets[t], view);
				free(view);
				world_reopen(&w, WORLD_USER_MARKS);
			}
			assert_int_equal(world_leftovers(), 0);
			world_close(&w);
		}
}

static void test_answer_of_a_creation(void **state)
{
	struct ovl_node node, again;
	struct world w;
	(void)state;
	support_tree("l1/ u/");
	world_open(&w, 0);
	struct ovl_inode *root = world_get(&w, "");
	assert_int_equal(ovl_mknod(w.fs, root, "f", S_IFREG | 0644, 0, &w.caller, &node), 0);
	assert_int_equal(ovl_lookup(w.fs, root, "f", &again), 1);
	assert_true(node.nodeid == again.nodeid && node.st.st_ino == again.st.st_ino);
	assert_int_equal(node.st.st_mode, S_IFREG | 0644);
	assert_int_equal(node.st.st_nlink, 1);
	ovl_inode_forget(w.fs, node.nodeid, 2);
	memset(&node, 0x55, sizeof(node));
	again = node;
	assert_int_equal(ovl_mknod(w.fs, root, "f", S_IFREG | 0644, 0, &w.caller, &node), -EEXIST);
	assert_memory_equal(&node, &again, sizeof(node)); /* untouched on failure */
	world_put(&w, root);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_every_kind_everywhere),
		TEST(test_what_is_there_stays),
		TEST(test_refusals),
		TEST(test_umask),
		TEST(test_default_acl),
		TEST(test_setgid_directory),
		TEST(test_owner_is_the_caller),
		TEST(test_link),
		TEST(test_answer_of_a_creation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
