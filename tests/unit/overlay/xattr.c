// SPDX-License-Identifier: GPL-2.0-or-later
/* Extended attributes as users see them, and what is stored. */
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

/* The names that users see, sorted as the file system gives them, with blanks between; static. */
static const char *names_of(struct world *w, const char *path, bool trusted)
{
	static char *text;
	char names[4096];
	struct ovl_inode *inode = world_get(w, path);
	ssize_t size = ovl_listxattr(w->fs, inode, trusted, NULL, 0);
	assert_true(size >= 0);
	assert_int_equal(ovl_listxattr(w->fs, inode, trusted, names, sizeof(names)), size);
	if (size > 1)
		assert_int_equal(ovl_listxattr(w->fs, inode, trusted, names, 1), -ERANGE);
	assert_int_equal(ovl_listxattr(w->fs, inode, trusted, names, sizeof(names)), size);
	free(text);
	text = NULL;
	support_append(&text, "%s", "");
	for (char *name = names; name < names + size; name += strlen(name) + 1)
		if (strncmp(name, "security.selinux", 16) != 0)
			support_append(&text, "%s%s", *text ? " " : "", name);
	world_put(w, inode);
	return text;
}

static ssize_t get(struct world *w, const char *path, const char *name, char *value, size_t size)
{
	struct ovl_inode *inode = world_get(w, path);
	ssize_t r = ovl_getxattr(w->fs, inode, name, value, size);
	world_put(w, inode);
	return r;
}

static int set(struct world *w, const char *path, const char *name, const char *value, int flags)
{
	struct ovl_inode *inode = world_get(w, path);
	int r = ovl_setxattr(w->fs, inode, name, value, strlen(value), flags, &w->caller);
	world_put(w, inode);
	return r;
}

static const char layers[] =
	"l1/low=x l1/low%user.a=12345 u/up=y u/up%user.a=12345 l1/dir/z=1 l1/dir%user.a=12345 "
	"l1/mixed/z=1 l1/mixed%user.a=hidden u/mixed/ u/mixed%user.a=12345";
static const char *const all[] = {"low", "up", "dir", "mixed"};

static void test_get_set_remove(void **state)
{
	char value[64], path[64];
	struct world w;
	(void)state;
	support_tree(layers);
	char *lower = support_dump("l1", true);
	world_open(&w, WORLD_USER_MARKS);
	for (size_t i = 0; i < N_ELEMENTS(all); i++) {
		snprintf(path, sizeof(path), "u/%s", all[i]);
		assert_int_equal(get(&w, all[i], "user.a", NULL, 0), 5);
		assert_int_equal(get(&w, all[i], "user.a", value, 4), -ERANGE);
		assert_int_equal(get(&w, all[i], "user.a", value, 64), 5);
		assert_memory_equal(value, "12345", 5);
		assert_int_equal(get(&w, all[i], "user.b", value, 64), -ENODATA);
		assert_string_equal(names_of(&w, all[i], false), "user.a");
		/* What is not there is not copied up for (kernel: ovl_xattr_set()). */
		char before = support_kind(path);
		assert_int_equal(world_removexattr(&w, all[i], "user.b"), -ENODATA);
		assert_int_equal(support_kind(path), before);
		assert_int_equal(set(&w, all[i], "user.a", "x", XATTR_CREATE), -EEXIST);
		assert_int_equal(set(&w, all[i], "user.b", "x", XATTR_REPLACE), -ENODATA);
		assert_int_equal(set(&w, all[i], "user.b", "new", XATTR_CREATE), 0);
		assert_true(support_has_xattr(path, "user.b", "new"));
		assert_true(support_has_xattr(path, "user.a", "12345"));
		assert_int_equal(world_removexattr(&w, all[i], "user.a"), 0);
		assert_false(support_has_xattr(path, "user.a", NULL));
		assert_int_equal(set(&w, all[i], "user.empty", "", 0), 0);
		assert_int_equal(get(&w, all[i], "user.empty", value, 64), 0);
	}
	char *now = support_dump("l1", true);
	assert_string_equal(lower, now);
	free(now);
	free(lower);
	world_close(&w);
}

/* That a file has none is remembered until it gets one, whichever way. */
static void test_none_is_remembered(void **state)
{
	struct world w;
	char value[64];
	(void)state;
	support_tree("u/ w/ l1/f=text l1/g=text");
	world_open(&w, WORLD_USER_MARKS);
	for (int i = 0; i < 2; i++) {
		assert_string_equal(names_of(&w, "f", false), "");
		assert_int_equal(get(&w, "f", "security.capability", value, 64), -ENODATA);
		assert_int_equal(get(&w, "f", "user.a", value, 64), -ENODATA);
	}
	assert_int_equal(set(&w, "f", "user.a", "x", 0), 0);
	assert_string_equal(names_of(&w, "f", false), "user.a");
	assert_int_equal(get(&w, "f", "user.a", value, 64), 1);
	assert_string_equal(names_of(&w, "g", false), "");
	assert_int_equal(set(&w, "g", "user.a", "x", XATTR_CREATE), 0);
	assert_int_equal(world_removexattr(&w, "g", "user.a"), 0);
	assert_string_equal(names_of(&w, "g", false), "");
	assert_int_equal(world_removexattr(&w, "g", "user.a"), -ENODATA);
	assert_string_equal(names_of(&w, "g", false), "");
	world_close(&w);
}

/* A user of the mount can neither read nor forge a mark. */
static void test_marks_are_not_seen(void **state)
{
	static const char *const marks[] = {"user.overlay.opaque", "user.overlay.origin",
		"user.overlay.redirect", "user.overlay.whiteout", "user.overlay.anything",
		"user.fuseoverlayfs.opaque", "user.containers.override_stat"};
	char value[64];
	struct world w;
	(void)state;
	support_tree("l1/d/x=1 l1/f=x u/d/y=1 u/d@opaque=y u/d@origin=abc u/d@redirect=zzz "
		     "u/d@whiteout= u/d@anything=1 u/d%user.fuseoverlayfs.opaque=y "
		     "u/d%user.containers.override_stat=0:0:0755 u/d%user.seen=1");
	world_open(&w, WORLD_USER_MARKS);
	assert_string_equal(names_of(&w, "d", true), "user.seen");
	for (size_t i = 0; i < N_ELEMENTS(marks); i++)
		assert_int_equal(get(&w, "d", marks[i], value, 64), -ENODATA);
	assert_string_equal(world_names(&w, "d"), "y");
	/* Forging: stored where no overlay takes it for a mark, or refused. */
	for (size_t i = 0; i < N_ELEMENTS(marks); i++) {
		int r = set(&w, "f", marks[i], "y", 0);
		bool escaped = strncmp(marks[i], "user.overlay.", 13) == 0;
		assert_int_equal(r, escaped ? 0 : -EPERM);
		assert_false(support_has_xattr("u/f", marks[i], "y"));
		r = world_removexattr(&w, "d", marks[i]);
		assert_int_equal(r, -ENODATA);
	}
	assert_true(support_has_xattr("u/d", "user.overlay.opaque", "y"));
	world_close(&w);
}

/* Nested overlays: marks that users set come back to them, after a remount and a copy-up too. */
static void test_escaped_marks(void **state)
{
	char value[64];
	struct world w;
	(void)state;
	support_tree("l1/low/x=1 l1/low@overlay.opaque=y l2/low/z=1 u/");
	world_open(&w, WORLD_USER_MARKS);
	assert_int_equal(get(&w, "low", "user.overlay.opaque", value, 64), 1);
	assert_string_equal(names_of(&w, "low", false), "user.overlay.opaque");
	assert_string_equal(world_names(&w, "low"), "x z"); /* it is not ours */
	assert_int_equal(world_mkdir(&w, "d", 0755), 0);
	assert_int_equal(set(&w, "d", "user.overlay.opaque", "y", 0), 0);
	assert_int_equal(set(&w, "d", "user.overlay.overlay.opaque", "deeper", 0), 0);
	assert_true(support_has_xattr("u/d", "user.overlay.overlay.opaque", "y"));
	assert_true(support_has_xattr("u/d", "user.overlay.overlay.overlay.opaque", "deeper"));
	assert_int_equal(world_chmod(&w, "low", 0700), 0);
	world_reopen(&w, WORLD_USER_MARKS);
	assert_int_equal(get(&w, "d", "user.overlay.opaque", value, 64), 1);
	assert_int_equal(get(&w, "d", "user.overlay.overlay.opaque", value, 64), 6);
	assert_int_equal(get(&w, "low", "user.overlay.opaque", value, 64), 1);
	assert_true(support_has_xattr("u/low", "user.overlay.overlay.opaque", "y"));
	assert_string_equal(world_names(&w, "low"), "x z");
	assert_int_equal(world_removexattr(&w, "d", "user.overlay.opaque"), 0);
	assert_false(support_has_xattr("u/d", "user.overlay.overlay.opaque", NULL));
	world_close(&w);
}

static void test_long_names(void **state)
{
	char name[300], value[8];
	struct world w;
	(void)state;
	support_tree("l1/ u/f=x");
	world_open(&w, WORLD_USER_MARKS);
	memset(name, 'n', sizeof(name));
	memcpy(name, "user.", 5);
	name[255] = '\0';
	assert_int_equal(set(&w, "f", name, "v", 0), 0);
	assert_int_equal(get(&w, "f", name, value, 8), 1);
	memcpy(name, "user.overlay.", 13); /* escaped it would be too long */
	assert_int_equal(set(&w, "f", name, "v", 0), -ERANGE);
	name[247] = '\0';
	assert_int_equal(set(&w, "f", name, "v", 0), 0);
	assert_int_equal(get(&w, "f", name, value, 8), 1);
	world_close(&w);
}

static void test_trusted_names(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/f=x u/");
	if (setxattr("l1/f", "trusted.seen", "1", 1, 0) < 0)
		skip();
	assert_int_equal(setxattr("l1/f", "trusted.overlay.origin", "1", 1, 0), 0);
	world_open(&w, 0);
	assert_string_equal(names_of(&w, "f", true), "trusted.seen");
	assert_string_equal(names_of(&w, "f", false), "");
	assert_int_equal(world_chmod(&w, "f", 0600), 0);
	assert_string_equal(names_of(&w, "f", true), "trusted.seen");
	world_close(&w);
}

/* user::rw-, user:1:r--, group::r--, mask::r--, other::r-- as system.posix_acl_access */
static const uint8_t access_acl[] = {2, 0, 0, 0, 1, 0, 6, 0, 0xff, 0xff, 0xff, 0xff, 2, 0, 4, 0, 1,
	0, 0, 0, 4, 0, 4, 0, 0xff, 0xff, 0xff, 0xff, 0x10, 0, 4, 0, 0xff, 0xff, 0xff, 0xff, 0x20, 0,
	4, 0, 0xff, 0xff, 0xff, 0xff};

static void no_acls(struct world *w)
{
	world_prepare(w, WORLD_USER_MARKS);
	w->config.no_acl = true;
	assert_int_equal(world_start(w, 0), 0);
}

static void test_acls(void **state)
{
	static const char name[] = "system.posix_acl_access";
	char value[256];
	struct world w;
	(void)state;
	support_tree("l1/f=x l1/g=x u/");
	if (setxattr("l1/f", name, access_acl, sizeof(access_acl), 0) < 0)
		skip();
	world_open(&w, WORLD_USER_MARKS);
	assert_int_equal(get(&w, "f", name, value, 256), sizeof(access_acl));
	assert_int_equal(get(&w, "g", name, value, 256), -ENODATA);
	assert_int_equal(world_write(&w, "f", "y", 0), 1);
	assert_true(support_has_xattr("u/f", name, NULL));
	assert_int_equal(get(&w, "f", name, value, 256), sizeof(access_acl));
	assert_memory_equal(value, access_acl, sizeof(access_acl));
	world_close(&w);
	/* noacl: neither seen nor set nor copied. */
	support_empty();
	support_tree("l1/f=x u/");
	assert_int_equal(setxattr("l1/f", name, access_acl, sizeof(access_acl), 0), 0);
	no_acls(&w);
	assert_int_equal(get(&w, "f", name, value, 256), -EOPNOTSUPP);
	assert_string_equal(names_of(&w, "f", true), "");
	assert_int_equal(world_setxattr(&w, "f", name, "x"), -EOPNOTSUPP);
	assert_int_equal(world_write(&w, "f", "y", 0), 1);
	assert_false(support_has_xattr("u/f", name, NULL));
	world_close(&w);
}

static void test_large_values(void **state)
{
	char value[3001], back[3001];
	struct world w;
	(void)state;
	support_tree("l1/f=x u/");
	memset(value, 'v', 3000);
	value[3000] = '\0';
	if (setxattr("l1/f", "user.large", value, 3000, 0) < 0)
		skip();
	world_open(&w, WORLD_USER_MARKS);
	assert_int_equal(world_write(&w, "f", "y", 0), 1); /* copy-up takes it along */
	assert_int_equal(get(&w, "f", "user.large", back, sizeof(back)), 3000);
	assert_memory_equal(value, back, 3000);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_get_set_remove),
		TEST(test_none_is_remembered),
		TEST(test_marks_are_not_seen),
		TEST(test_escaped_marks),
		TEST(test_long_names),
		TEST(test_trusted_names),
		TEST(test_acls),
		TEST(test_large_values),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
