// SPDX-License-Identifier: GPL-2.0-or-later
/* xattr_permissions: the value, and what verbs make of it. Needs no privilege. */
#include "world.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "override_stat.h"

#define NAME "user.containers.override_stat"

static void check_good(const char *value, uid_t uid, gid_t gid, mode_t mode, dev_t device)
{
	struct ovl_override o = {0};
	if (!ovl_override_parse(value, strlen(value), &o))
		fail_msg("refused: %s", value);
	assert_int_equal(o.uid, uid);
	assert_int_equal(o.gid, gid);
	assert_int_equal(o.mode, mode);
	assert_int_equal(o.device, device);
	/* A final NUL changes nothing. */
	assert_true(ovl_override_parse(value, strlen(value) + 1, &o));
}

static void test_good_values(void **state)
{
	(void)state;
	check_good("0:0:0755", 0, 0, 0755, 0);
	check_good("0:0:755", 0, 0, 0755, 0);
	check_good("12:34:104711", 12, 34, 04711, 0); /* st_mode, as others write it */
	check_good("12:34:041777", 12, 34, 01777, 0);
	check_good("4294967294:4294967294:7777", 4294967294, 4294967294, 07777, 0);
	check_good("1:2:0640:file", 1, 2, S_IFREG | 0640, 0);
	check_good("1:2:0640:dir", 1, 2, S_IFDIR | 0640, 0);
	check_good("1:2:0777:symlink", 1, 2, S_IFLNK | 0777, 0);
	check_good("1:2:0640:pipe", 1, 2, S_IFIFO | 0640, 0);
	check_good("1:2:0640:socket", 1, 2, S_IFSOCK | 0640, 0);
	check_good("1:2:0640:block-8-17", 1, 2, S_IFBLK | 0640, makedev(8, 17));
	check_good("1:2:0640:char-4095-1048575", 1, 2, S_IFCHR | 0640, makedev(4095, 1048575));
	check_good("1:2:0640:block-0-0", 1, 2, S_IFBLK | 0640, 0);
	check_good("1:2:0640:pipe:and:more", 1, 2, S_IFIFO | 0640, 0);
	/* A type that means nothing is not obeyed, the rest is. */
	static const char *const no_type[] = {"1:2:0640:", "1:2:0640::", "1:2:0640:door",
		"1:2:0640:pipes", "1:2:0640:char", "1:2:0640:char-1", "1:2:0640:char-1-",
		"1:2:0640:char-4096-1", "1:2:0640:block-1-1048576", "1:2:0640:block-1-2-3",
		"1:2:0640:block--1-2", "1:2:0640:char-0-0", "1:2:0640:char-00-000",
		"1:2:0640:block-1-2x", "1:2:0640:PIPE"};
	for (size_t i = 0; i < N_ELEMENTS(no_type); i++)
		check_good(no_type[i], 1, 2, 0640, 0);
}

static void test_bad_values(void **state)
{
	static const char *const bad[] = {"", ":", "::", "0", "0:0", "0:0:", ":0:0755", "0::0755",
		"a:0:0755", "0:b:0755", "0:0:c", "0:0:0758", "0:0:9", "-1:0:0755", "+1:0:0755",
		" 1:0:0755", "1 :0:0755", "0x1:0:0755", "4294967295:0:0755", "0:4294967295:0755",
		"99999999999999999999:0:0755", "18446744073709551616:0:0755", "0:0:200000",
		"0:0:777777777777777777777777", "0:0:0755 ", "0:0:0755\n", "0:0:0755file",
		"0.0.0755", "0:0:-755", "root:root:0755", "\xff\xfe:0:0"};
	struct ovl_override o = {.uid = 7};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(bad); i++)
		if (ovl_override_parse(bad[i], strlen(bad[i]), &o))
			fail_msg("taken: %s", bad[i]);
	assert_false(ovl_override_parse("0:0:0755\0\0", 10, &o));
	assert_false(ovl_override_parse("0:0\0:0755", 9, &o));
	assert_int_equal(o.uid, 7);
}

/* Every cut and every changed byte of good values: no read beyond the end (with sanitizers). */
static void test_cut_and_changed(void **state)
{
	static const char *const good[] = {
		"12:34:104711", "1:2:0640:block-8-17", "1:2:0640:pipe:more"};
	struct ovl_override o;
	unsigned taken = 0;
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(good); i++) {
		size_t length = strlen(good[i]);
		for (size_t cut = 0; cut <= length; cut++) {
			char *value = malloc(cut ? cut : 1);
			assert_non_null(value);
			memcpy(value, good[i], cut);
			taken += ovl_override_parse(value, cut, &o);
			for (size_t at = 0; at < cut; at++) {
				for (int c = 0; c < 256; c++) {
					value[at] = (char)c;
					taken += ovl_override_parse(value, cut, &o);
					if (S_ISCHR(o.mode))
						assert_int_not_equal(o.device, 0);
				}
				value[at] = good[i][at];
			}
			free(value);
		}
	}
	assert_true(taken > 0);
}

static void test_format(void **state)
{
	const struct {
		struct stat st;
		const char *value;
	} cases[] = {
		{{.st_uid = 1, .st_gid = 2, .st_mode = S_IFREG | 04711}, "1:2:4711:file"},
		{{.st_mode = S_IFDIR | 01777}, "0:0:1777:dir"},
		{{.st_mode = S_IFREG | 7}, "0:0:0007:file"},
		{{.st_mode = S_IFLNK | 0777}, "0:0:0777:symlink"},
		{{.st_mode = S_IFIFO | 0600}, "0:0:0600:pipe"},
		{{.st_mode = S_IFSOCK | 0600}, "0:0:0600:socket"},
		{{.st_mode = S_IFBLK | 0600, .st_rdev = makedev(8, 1)}, "0:0:0600:block-8-1"},
	};
	const struct stat longest = {.st_uid = 4294967294,
		.st_gid = 4294967294,
		.st_mode = S_IFBLK | 07777,
		.st_rdev = makedev(4095, 1048575)};
	char value[OVL_OVERRIDE_SIZE];
	struct ovl_override o;
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		size_t length = ovl_override_format(&cases[i].st, value);
		assert_int_equal(length, strlen(cases[i].value));
		assert_string_equal(value, cases[i].value);
		assert_true(ovl_override_parse(value, length, &o));
		assert_int_equal(o.mode, cases[i].st.st_mode);
		assert_int_equal(o.device, cases[i].st.st_rdev);
	}
	assert_true(ovl_override_format(&longest, value) < OVL_OVERRIDE_SIZE);
	assert_string_equal(value, "4294967294:4294967294:7777:block-4095-1048575");
}

static void open_world(struct world *w)
{
	world_prepare(w, WORLD_USER_MARKS);
	w->config.xattr_permissions = OVL_XATTR_PERMISSIONS_USER;
	assert_int_equal(world_start(w, 0), 0);
}

static void check_shown(struct world *w, const char *path, uid_t uid, gid_t gid, mode_t mode)
{
	struct stat st;
	assert_int_equal(world_stat(w, path, &st), 1);
	assert_int_equal(st.st_uid, uid);
	assert_int_equal(st.st_gid, gid);
	assert_int_equal(st.st_mode, mode);
}

static void check_real(const char *path, mode_t mode)
{
	struct stat st;
	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(st.st_uid, getuid());
	assert_int_equal(st.st_mode, mode);
}

static void test_verbs(void **state)
{
	struct ovl_change owner = {.set = OVL_SET_UID | OVL_SET_GID, .uid = 70, .gid = 80};
	struct ovl_change kill = {.set = OVL_SET_SIZE | OVL_KILL_SUIDGID};
	struct world w;
	(void)state;
	support_tree("l1/low=x l1/low%" NAME "=12:34:4755 l1/pipe= l1/pipe%" NAME "=1:2:0600:pipe "
		     "l1/dir/z=1 l1/dir%" NAME "=5:6:0700:dir u/");
	open_world(&w);
	check_shown(&w, "low", 12, 34, S_IFREG | 04755);
	check_shown(&w, "pipe", 1, 2, S_IFIFO | 0600);
	check_shown(&w, "dir", 5, 6, S_IFDIR | 0700);
	assert_int_equal(world_setattr(&w, "low", &owner), 0);
	check_shown(&w, "low", 70, 80, S_IFREG | 0755);
	assert_true(support_has_xattr("u/low", NAME, "70:80:0755:file"));
	check_real("u/low", S_IFREG | 0600);
	assert_int_equal(world_chmod(&w, "low", 06711), 0);
	assert_int_equal(world_setattr(&w, "low", &kill), 0);
	check_shown(&w, "low", 70, 80, S_IFREG | 0711);
	w.caller.uid = 500;
	w.caller.gid = 600;
	w.caller.umask = 027;
	assert_int_equal(world_mkdir(&w, "dir/new", 0777), 0);
	assert_true(support_has_xattr("u/dir/new", NAME, "500:600:0750:dir"));
	check_real("u/dir/new", S_IFDIR | 0700);
	assert_int_equal(world_mknod(&w, "dir/blk", S_IFBLK | 0666, makedev(8, 3)), 0);
	assert_true(support_has_xattr("u/dir/blk", NAME, "500:600:0640:block-8-3"));
	check_real("u/dir/blk", S_IFREG | 0600);
	check_shown(&w, "dir/blk", 500, 600, S_IFBLK | 0640);
	assert_int_equal(world_chmod(&w, "pipe", 0644), 0);
	assert_true(support_has_xattr("u/pipe", NAME, "1:2:0644:pipe"));
	assert_int_equal(world_chmod(&w, "dir", 0), 0);
	check_real("u/dir", S_IFDIR | 0700);
	check_shown(&w, "dir", 5, 6, S_IFDIR);
	world_close(&w);
}

/* A directory that its owner may not write to can still hold the xattr. */
static void test_read_only_objects(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/ u/f=x u/d/");
	assert_int_equal(chmod("u/f", 0400), 0);
	assert_int_equal(chmod("u/d", 0500), 0);
	open_world(&w);
	assert_int_equal(world_chmod(&w, "f", 04555), 0);
	assert_int_equal(world_chmod(&w, "d", 0555), 0);
	assert_true(support_has_xattr("u/d", NAME, NULL));
	check_shown(&w, "f", getuid(), getgid(), S_IFREG | 04555);
	check_shown(&w, "d", getuid(), getgid(), S_IFDIR | 0555);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_values),
		cmocka_unit_test(test_bad_values),
		cmocka_unit_test(test_cut_and_changed),
		cmocka_unit_test(test_format),
		TEST(test_verbs),
		TEST(test_read_only_objects),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
