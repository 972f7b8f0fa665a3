// SPDX-License-Identifier: GPL-2.0-or-later
/* One word of -o at a time: what each does, and every bad value. */
#include "unit.h"

#include <sys/mount.h>

#include "mount/options.h"

/* Parses PROGRAM -o lowerdir=/l,WORDS /m into *options. */
static bool parse(struct mount_options *options, const char *words, GError **error)
{
	g_autofree char *all = g_strconcat("lowerdir=/l,", words, NULL);
	const char *argv[] = {"fuse-overlay", "-o", all, "/m", NULL};
	return mount_options_parse(options, 4, argv, error);
}

#define WITH(words, ...)                                                                           \
	do {                                                                                       \
		struct mount_options o;                                                            \
		g_autoptr(GError) error_ = NULL;                                                   \
		assert_good(parse(&o, words, &error_), error_);                                    \
		struct ovl_config *c = &o.config;                                                  \
		(void)c;                                                                           \
		__VA_ARGS__;                                                                       \
		mount_options_clear(&o);                                                           \
	} while (0)

static void test_defaults(void **state)
{
	WITH("", assert_int_equal(c->sync, OVL_SYNC_AUTO);
		assert_int_equal(c->marks, OVL_MARKS_AUTO);
		assert_int_equal(c->redirect_dir, OVL_REDIRECT_AUTO);
		assert_int_equal(c->metacopy, OVL_SWITCH_AUTO);
		assert_int_equal(c->verity, OVL_VERITY_OFF);
		assert_int_equal(c->index, OVL_SWITCH_AUTO);
		assert_int_equal(c->uuid, OVL_UUID_NULL);
		assert_int_equal(c->nfs_export, OVL_SWITCH_AUTO);
		assert_int_equal(c->xattr_permissions, OVL_XATTR_PERMISSIONS_OFF);
		assert_int_equal(c->upper_fd, -1); assert_int_equal(c->work_fd, -1);
		assert_int_equal(c->uid_map.n_ranges, 0);
		assert_false(c->squash.uid_set || c->squash.gid_set);
		assert_false(c->no_acl || c->no_ovl_whiteout || c->static_nlink);
		assert_true(o.timeout >= 1e9); assert_int_equal(o.flags, MS_RDONLY | MS_NODEV);
		assert_string_equal(o.subtype, "fuse-overlay");
		assert_string_equal(o.fsname, "fuse-overlay");
		assert_string_equal(o.mountpoint, "/m");
		assert_false(o.allow_other || o.foreground || o.debug || o.fake));
}

static void test_switches(void **state)
{
	WITH("redirect_dir=on", assert_int_equal(c->redirect_dir, OVL_REDIRECT_ON));
	WITH("redirect_dir=follow", assert_int_equal(c->redirect_dir, OVL_REDIRECT_FOLLOW));
	WITH("redirect_dir=nofollow", assert_int_equal(c->redirect_dir, OVL_REDIRECT_NOFOLLOW));
	WITH("redirect_dir=off", assert_int_equal(c->redirect_dir, OVL_REDIRECT_OFF));
	WITH("index=on", assert_int_equal(c->index, OVL_SWITCH_ON));
	WITH("index=off", assert_int_equal(c->index, OVL_SWITCH_OFF));
	WITH("metacopy=on", assert_int_equal(c->metacopy, OVL_SWITCH_ON));
	WITH("metacopy=on,redirect_dir=on", assert_int_equal(c->metacopy, OVL_SWITCH_ON));
	/* As in Linux 6.16 and later, digests and metacopies made here are two things. */
	WITH("verity=on", assert_int_equal(c->verity, OVL_VERITY_ON);
		assert_int_equal(c->metacopy, OVL_SWITCH_AUTO));
	WITH("verity=require,metacopy=off,redirect_dir=nofollow",
		assert_int_equal(c->verity, OVL_VERITY_REQUIRE));
	WITH("verity=require,userxattr,nfs_export=on",
		assert_int_equal(c->verity, OVL_VERITY_REQUIRE));
	WITH("verity=require,verity=off", assert_int_equal(c->verity, OVL_VERITY_OFF));
	WITH("nfs_export=on", assert_int_equal(c->nfs_export, OVL_SWITCH_ON));
	WITH("nfs_export=on,index=on", assert_int_equal(c->nfs_export, OVL_SWITCH_ON));
	WITH("userxattr", assert_int_equal(c->marks, OVL_MARKS_USER));
	/* Design: what the kernel refuses to the ordinary user, we do. */
	WITH("userxattr,redirect_dir=on,metacopy=on",
		assert_int_equal(c->redirect_dir, OVL_REDIRECT_ON));
	WITH("xino=on,xino=off,xino=auto,verity=off,override_creds,nooverride_creds",
		assert_int_equal(o.unknown->len, 0));
	WITH("uuid=on", assert_int_equal(c->uuid, OVL_UUID_ON));
	WITH("uuid=on,uuid=off", assert_int_equal(c->uuid, OVL_UUID_OFF));
	WITH("uuid=off,uuid=null", assert_int_equal(c->uuid, OVL_UUID_NULL));
	WITH("uuid=off,uuid=auto", assert_int_equal(c->uuid, OVL_UUID_AUTO));
}

static void test_durability(void **state)
{
	WITH("volatile", assert_int_equal(c->sync, OVL_SYNC_VOLATILE));
	WITH("fsync=0", assert_int_equal(c->sync, OVL_SYNC_NONE));
	WITH("fsync=1", assert_int_equal(c->sync, OVL_SYNC_AUTO));
	WITH("fsync=auto", assert_int_equal(c->sync, OVL_SYNC_AUTO));
	WITH("fsync=strict", assert_int_equal(c->sync, OVL_SYNC_STRICT));
	WITH("fsync=volatile", assert_int_equal(c->sync, OVL_SYNC_VOLATILE));
}

static void test_owners(void **state)
{
	WITH("uidmapping=:0:1:2,gidmapping=5:6:7", assert_int_equal(c->uid_map.ranges[0].shown, 1);
		assert_int_equal(c->gid_map.ranges[0].stored, 5));
	WITH("uidmapping=0:1:2,uidmapping=9:9:9", assert_int_equal(c->uid_map.n_ranges, 1);
		assert_int_equal(c->uid_map.ranges[0].count, 9));
	WITH("squash_to_root", assert_true(c->squash.uid_set && c->squash.gid_set);
		assert_int_equal(c->squash.uid | c->squash.gid, 0));
	WITH("squash_to_uid=1000", assert_true(c->squash.uid_set && !c->squash.gid_set);
		assert_int_equal(c->squash.uid, 1000));
	/* In either order the exact one counts more. */
	WITH("squash_to_uid=7,squash_to_root", assert_int_equal(c->squash.uid, 7);
		assert_true(c->squash.gid_set && c->squash.gid == 0));
	WITH("squash_to_root,squash_to_gid=7", assert_int_equal(c->squash.gid, 7);
		assert_true(c->squash.uid_set && c->squash.uid == 0));
	WITH("squash_to_gid=7", assert_true(!c->squash.uid_set && c->squash.gid_set);
		assert_int_equal(c->squash.gid, 7));
	WITH("xattr_permissions=0", assert_int_equal(c->xattr_permissions, 0));
	WITH("xattr_permissions=1", assert_int_equal(c->xattr_permissions, 1));
	WITH("xattr_permissions=2", assert_int_equal(c->xattr_permissions, 2));
	WITH("noacl", assert_true(c->no_acl));
	WITH("static_nlink", assert_true(c->static_nlink));
}

static void test_numbers(void **state)
{
	WITH("timeout=0", assert_true(o.timeout == 0));
	WITH("timeout=1.5", assert_true(o.timeout == 1.5));
	WITH("timeout=99999999999999999999999", assert_true(o.timeout == MOUNT_TIMEOUT_FOREVER));
	WITH("threads=4", assert_int_equal(o.threads, 4));
	WITH("threads=64", assert_int_equal(o.threads, 64));
	WITH("writeback", assert_true(o.writeback));
	WITH("io_uring=on", assert_int_equal(o.io_uring, OVL_IO_URING_ON));
	WITH("io_uring=auto", assert_int_equal(o.io_uring, OVL_IO_URING_AUTO));
	WITH("io_uring=on,io_uring=off", assert_int_equal(o.io_uring, OVL_IO_URING_OFF));
	WITH("passthrough=on", assert_int_equal(o.passthrough, OVL_PASSTHROUGH_ON));
	WITH("passthrough=auto,writeback", assert_int_equal(o.passthrough, OVL_PASSTHROUGH_AUTO));
	WITH("passthrough=on,passthrough=off",
		assert_int_equal(o.passthrough, OVL_PASSTHROUGH_OFF));
	WITH("ro", assert_int_equal(o.passthrough, OVL_PASSTHROUGH_OFF));
}

static void test_names(void **state)
{
	WITH("fsname=a\\,b,subtype=x", assert_string_equal(o.fsname, "a,b");
		assert_string_equal(o.subtype, "x"));
	WITH("context=\"u:r:t:s0:c1,c2\",fscontext=f,defcontext=d,rootcontext=r",
		assert_string_equal(o.contexts[MOUNT_CONTEXT], "u:r:t:s0:c1,c2");
		assert_string_equal(o.contexts[MOUNT_FSCONTEXT], "f");
		assert_string_equal(o.contexts[MOUNT_DEFCONTEXT], "d");
		assert_string_equal(o.contexts[MOUNT_ROOTCONTEXT], "r"));
	WITH("context=u:r:t:s0:c1\\,c2",
		assert_string_equal(o.contexts[MOUNT_CONTEXT], "u:r:t:s0:c1,c2"));
}

static void test_layers(void **state)
{
	WITH("lowerdir=/x:/y", assert_int_equal(o.lower->len, 2);
		assert_string_equal(o.lower->pdata[0], "/x"));
	WITH("lowerdir=/x:/y::/z", assert_int_equal(o.lower->len, 3);
		assert_int_equal(c->n_data, 1));
	WITH("lowerdir=,lowerdir+=/p\\,q,lowerdir+=/a:b,datadir+=/d",
		assert_int_equal(o.lower->len, 3);
		assert_string_equal(o.lower->pdata[0], "/p,q");
		assert_string_equal(o.lower->pdata[1], "/a:b"); assert_int_equal(c->n_data, 1));
	WITH("upperdir=/u\\:v\\,w\\\\x,workdir=/w", assert_string_equal(o.upper, "/u:v,w\\x");
		assert_string_equal(o.work, "/w"); assert_int_equal(o.flags, MS_NODEV));
}

/* SOURCE of the words: container-callers.md, "Words to know", and mount(8). */
static void test_generic(void **state)
{
	const char *upper = "upperdir=/u,workdir=/w,";
	struct {
		const char *words;
		unsigned long flags;
	} table[] = {
		{"rw", MS_NODEV},
		{"rw,dev,suid", 0},
		{"ro", MS_NODEV | MS_RDONLY},
		{"ro,rw", MS_NODEV},
		{"dev", 0},
		{"dev,nodev", MS_NODEV},
		{"nosuid,noexec,nodev", MS_NODEV | MS_NOSUID | MS_NOEXEC},
		{"nosuid,suid,noexec,exec", MS_NODEV},
		{"noatime", MS_NODEV | MS_NOATIME},
		{"noatime,relatime", MS_NODEV | MS_RELATIME},
		{"nodiratime,lazytime", MS_NODEV | MS_NODIRATIME | MS_LAZYTIME},
		{"strictatime", MS_NODEV | MS_STRICTATIME},
		{"sync,dirsync", MS_NODEV | MS_SYNCHRONOUS | MS_DIRSYNC},
		{"ro=recursive", MS_NODEV | MS_RDONLY},
		{"private,_netdev,nofail,user,x-systemd.requires-mounts-for=/a,X-y,comment=z",
			MS_NODEV},
		{"defaults,default_permissions,auto,noauto,nouser,ino32_t", MS_NODEV},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *words = g_strconcat(upper, table[i].words, NULL);
		WITH(words, assert_int_equal(o.flags, table[i].flags);
			assert_int_equal(o.unknown->len, 0));
	}
	WITH("rw", assert_int_equal(o.flags, MS_NODEV | MS_RDONLY)); /* no upper */
	WITH("allow_other", assert_true(o.allow_other));
	WITH("allow_root", assert_true(o.allow_root && !o.allow_other));
}

static void test_unknown(void **state)
{
	WITH("frobnicate,ro,plugins=x,,uppe=/x", assert_int_equal(o.unknown->len, 3);
		assert_string_equal(o.unknown->pdata[0], "frobnicate");
		assert_string_equal(o.unknown->pdata[1], "plugins=x");
		assert_string_equal(o.unknown->pdata[2], "uppe=/x"));
}

static void test_bad_values(void **state)
{
	static const char *const table[][2] = {
		{"redirect_dir=maybe", "redirect_dir=maybe: not one of on, follow, nofollow, off"},
		{"redirect_dir=", "not one of on, follow, nofollow, off"},
		{"redirect_dir", "redirect_dir: not one of on, follow, nofollow, off"},
		{"index=auto", "index=auto: not one of on, off"},
		{"metacopy=1", "metacopy=1: not one of on, off"},
		{"nfs_export=yes", "not one of on, off"},
		{"xino=ON", "xino=ON: not one of on, off, auto"},
		{"uuid=x", "not one of on, off, null, auto"},
		{"verity=yes", "verity=yes: not one of on, require, off"},
		{"verity", "verity: not one of on, require, off"},
		{"fsync=2", "fsync=2: not one of 0, 1, auto, strict, volatile"},
		{"fsync", "fsync: not one of 0, 1"},
		{"xattr_permissions=3", "not one of 0, 1, 2"},
		{"xattr_permissions=", "not one of 0, 1, 2"},
		{"volatile=1", "volatile=1: takes no value"},
		{"userxattr=on", "takes no value"},
		{"noacl=", "takes no value"},
		{"static_nlink=1", "takes no value"},
		{"writeback=1", "takes no value"},
		{"io_uring", "io_uring: not one of on, auto, off"},
		{"io_uring=yes", "io_uring=yes: not one of on, auto, off"},
		{"passthrough", "passthrough: not one of on, auto, off"},
		{"passthrough=1", "passthrough=1: not one of on, auto, off"},
		{"passthrough=on,writeback", "passthrough=on: cannot be combined with writeback"},
		{"allow_other=1", "takes no value"},
		{"squash_to_root=0", "takes no value"},
		{"override_creds=1", "takes no value"},
		{"squash_to_uid", "squash_to_uid: needs a value"},
		{"squash_to_uid=", "squash_to_uid=: not an id"},
		{"squash_to_uid=root", "not an id from 0 to 4294967294"},
		{"squash_to_uid=-1", "not an id"},
		{"squash_to_gid=4294967295", "not an id"},
		{"squash_to_gid=1:2", "not an id"},
		{"uidmapping", "uidmapping: needs a value"},
		{"uidmapping=0:1", "uidmapping=0:1: not a list"},
		{"gidmapping=0:0:0", "gidmapping=0:0:0: bad range"},
		{"timeout=", "timeout=: not a number of seconds"},
		{"timeout=-1", "not a number of seconds"},
		{"timeout=1s", "not a number of seconds"},
		{"timeout=nan", "not a number of seconds"},
		{"timeout=inf", "not a number of seconds"},
		{"timeout=0x10", "not a number of seconds"},
		{"timeout=1e3", "not a number of seconds"},
		{"timeout=1.2.3", "not a number of seconds"},
		{"timeout=.", "not a number of seconds"},
		{"timeout", "timeout: needs a value"},
		{"threads=65", "not a number from 0 to 64"},
		{"threads=two", "not a number from 0 to 64"},
		{"fsname=", "fsname=: not a name of 1 to 4095 bytes"},
		{"subtype=", "subtype=: not a name of 1 to 255 bytes"},
		{"subtype=a/b", "without '/'"},
		{"context=", "context=: is empty"},
		{"rootcontext=\"\"", "rootcontext=: is empty"},
		{"lowerdir", "lowerdir: needs a value"},
		{"lowerdir=", "no lower directory given"},
		{"lowerdir=:/a", "begins with ':'"},
		{"lowerdir+=", "lowerdir+=: is empty"},
		{"datadir+=/d,lowerdir+=/l2", "comes after a data-only layer"},
		{"lowerdir=,datadir+=/d", "only data-only layers"},
		{"upperdir=", "upperdir=: is empty"},
		{"workdir=", "workdir=: is empty"},
		{"upperdir=/u", "upperdir=/u: a workdir is missing"},
		{"workdir=/w", "workdir=/w: an upperdir is missing"},
		{"metacopy=on,redirect_dir=off", "metacopy=on: needs redirect_dir=on"},
		{"metacopy=on,redirect_dir=nofollow", "metacopy=on: needs redirect_dir=on"},
		{"metacopy=on,redirect_dir=follow,upperdir=/u,workdir=/w",
			"metacopy=on: needs redirect_dir=on"},
		{"nfs_export=on,index=off", "nfs_export=on: cannot be combined"},
		{"nfs_export=on,metacopy=on", "nfs_export=on: cannot be combined"},
		{"remount", "remount: cannot change a mounted file system"},
		{"ro,remount", "unmount it and mount it again"},
		{"fsync=a\nb", "fsync=a?b: not one of"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		struct mount_options options;
		GError *error = NULL;
		assert_bad(parse(&options, table[i][0], &error), error, table[i][1]);
		mount_options_clear(&options);
	}
}

static char *many_layers(unsigned n)
{
	GString *words = g_string_new("lowerdir=/l0");
	for (unsigned i = 1; i < n; i++)
		g_string_append_printf(words, ":/l%u", i);
	return g_string_free(words, FALSE);
}

static void test_many_layers(void **state)
{
	g_autofree char *most = many_layers(500), *too_many = many_layers(501);
	struct mount_options options;
	GError *error = NULL;
	WITH(most, assert_int_equal(o.lower->len, 500));
	assert_bad(parse(&options, too_many, &error), error, "501 layers are too many");
	mount_options_clear(&options);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_switches),
		cmocka_unit_test(test_durability),
		cmocka_unit_test(test_owners),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_layers),
		cmocka_unit_test(test_generic),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_bad_values),
		cmocka_unit_test(test_many_layers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
