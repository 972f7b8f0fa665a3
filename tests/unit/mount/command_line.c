// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Real invocations, word for word as the callers build them. Source: the shared reference
 * container-callers.md, sections 1, 2 and 4 (podman, buildah, dockerd, containerd, apptainer,
 * enroot: their source or seen; mount(8), mount.fuse3, fstab: tried with logging helpers).
 */
#include "unit.h"

#include <stdlib.h>
#include <sys/mount.h>

#include "mount/mount.h"
#include "mount/options.h"

/* What a command line comes to, as text: only what is not the default is named. */
static char *describe(const struct mount_options *o)
{
	static const struct {
		unsigned long flag;
		const char *name;
	} flags[] = {{MS_RDONLY, "ro"}, {MS_NOSUID, "nosuid"}, {MS_NODEV, "nodev"},
		{MS_NOEXEC, "noexec"}, {MS_NOATIME, "noatime"}, {MS_RELATIME, "relatime"}};
	GString *text = g_string_new(NULL);
	if (o->show_help || o->show_version)
		return g_string_free(
			g_string_append(text, o->show_help ? "help" : "version"), FALSE);
	for (guint i = 0; i < o->lower->len; i++)
		g_string_append_printf(text, "%s%s", i ? ":" : "", (char *)o->lower->pdata[i]);
	if (o->upper)
		g_string_append_printf(text, " upper=%s work=%s", o->upper, o->work);
	g_string_append_printf(text, " %s on %s type %s", o->fsname, o->mountpoint, o->subtype);
	for (size_t i = 0; i < G_N_ELEMENTS(flags); i++) {
		if (o->flags & flags[i].flag)
			g_string_append_printf(text, " %s", flags[i].name);
	}
	if (o->config.sync == OVL_SYNC_VOLATILE)
		g_string_append(text, " volatile");
	if (o->contexts[MOUNT_CONTEXT])
		g_string_append_printf(text, " context=%s", o->contexts[MOUNT_CONTEXT]);
	if (o->config.uid_map.n_ranges || o->config.gid_map.n_ranges)
		g_string_append_printf(text, " maps=%zu,%zu", o->config.uid_map.n_ranges,
			o->config.gid_map.n_ranges);
	if (o->config.squash.uid_set)
		g_string_append_printf(text, " squash_uid=%u", o->config.squash.uid);
	if (o->config.xattr_permissions)
		g_string_append_printf(text, " xattr_permissions=%d", o->config.xattr_permissions);
	if (o->allow_other)
		g_string_append(text, " allow_other");
	if (o->debug)
		g_string_append(text, " debug");
	if (o->foreground)
		g_string_append(text, " foreground");
	if (o->fake)
		g_string_append(text, " fake");
	if (o->mount_namespace)
		g_string_append_printf(text, " ns=%s", o->mount_namespace);
	for (guint i = 0; i < o->unknown->len; i++)
		g_string_append_printf(text, " unknown:%s", (char *)o->unknown->pdata[i]);
	return g_string_free(text, FALSE);
}

struct invocation {
	const char *argv[16];
	const char *expected;
};

static void check(const struct invocation *invocation)
{
	struct mount_options options;
	g_autoptr(GError) error = NULL;
	int argc = (int)g_strv_length((char **)invocation->argv);
	assert_good(mount_options_parse(&options, argc, invocation->argv, &error), error);
	g_autofree char *text = describe(&options);
	assert_string_equal(text, invocation->expected);
	mount_options_clear(&options);
}

#define CHECK_ALL(table)                                                                           \
	for (size_t i_ = 0; i_ < G_N_ELEMENTS(table); i_++)                                        \
	check(&(table)[i_])

#define G "/home/u/.local/share/containers/storage/overlay"

static void test_podman(void **state)
{
	static const struct invocation table[] = {
		{{"/usr/bin/fuse-overlay", "--version"}, "version"},
		/* rw, with the empty mountopt and MCS label */
		{{"/usr/bin/fuse-overlay", "-o",
			 "lowerdir=" G "/l/AAAA:" G "/l/BBBB,upperdir=" G "/id/diff,workdir=" G
			 "/id/"
			 "work,,volatile,context=\"system_u:object_r:container_file_t:s0:c1,c2\"",
			 G "/id/merged"},
			G "/l/AAAA:" G "/l/BBBB upper=" G "/id/diff work=" G
			  "/id/work fuse-overlay on " G
			  "/id/merged type fuse-overlay nodev volatile "
			  "context=system_u:object_r:container_file_t:s0:c1,c2"},
		/* ro image mount */
		{{"/usr/bin/fuse-overlayfs", "-o", "lowerdir=" G "/id/diff:" G "/l/B,",
			 G "/id/merged"},
			G "/id/diff:" G "/l/B fuse-overlayfs on " G
			  "/id/merged type fuse-overlayfs ro nodev"},
		/* a layer without parent; keep-id */
		{{"fuse-overlay", "-o",
			 "lowerdir=/g/ID/empty,upperdir=/g/ID/diff,workdir=/g/ID/"
			 "work,,uidmapping=:0:1:"
			 "1002:1002:0:1:1003:1003:64534,gidmapping=:0:1:1002:1002:0:1:1003:1003:"
			 "64534",
			 "/g/ID/merged"},
			"/g/ID/empty upper=/g/ID/diff work=/g/ID/work fuse-overlay on /g/ID/merged "
			"type fuse-overlay nodev maps=3,3"},
		/* podman 5: a layer out of a composefs or idmapped mount, and SELinux */
		{{"/usr/bin/fuse-overlay", "-o",
			 "lowerdir=" G "/id/mapped/0/l/AAAA:" G "/l/BBBB/../diff1,upperdir=" G
			 "/id/diff,workdir=" G
			 "/id/work,context=\"system_u:object_r:container_file_t:s0:c1,c2\"",
			 G "/id/merged"},
			G "/id/mapped/0/l/AAAA:" G "/l/BBBB/../diff1 upper=" G "/id/diff work=" G
			  "/id/work fuse-overlay on " G "/id/merged type fuse-overlay nodev "
			  "context=system_u:object_r:container_file_t:s0:c1,c2"},
		/* one entry of size 1; force_mask */
		{{"fuse-overlay", "-o",
			 "lowerdir=/l,upperdir=/u,workdir=/w,squash_to_uid=1000,squash_to_gid=1000,"
			 "xattr_permissions=2",
			 "/m"},
			"/l upper=/u work=/w fuse-overlay on /m type fuse-overlay nodev "
			"squash_uid=1000 xattr_permissions=2"},
		/* storage.conf's mountopt leftovers */
		{{"fuse-overlay", "-o",
			 "lowerdir=/l,upperdir=/u,workdir=/w,redirect_dir=off,index=off,xino=off,"
			 "nfs_export=off",
			 "/m"},
			"/l upper=/u work=/w fuse-overlay on /m type fuse-overlay nodev"},
	};
	CHECK_ALL(table);
}

static void test_buildah(void **state)
{
	static const struct invocation table[] = {
		{{"fuse-overlay", "-o",
			 "lowerdir=/src\\:1,upperdir=/c/upper,workdir=/c/work,private", "/c/merge"},
			"/src:1 upper=/c/upper work=/c/work fuse-overlay on /c/merge type "
			"fuse-overlay nodev"},
		{{"fuse-overlay", "-o",
			 "lowerdir=/src:/c/lower,private,context=\"u:r:container_file_t:s0:c8,c9\"",
			 "/c/merge"},
			"/src:/c/lower fuse-overlay on /c/merge type fuse-overlay ro nodev "
			"context=u:r:container_file_t:s0:c8,c9"},
	};
	CHECK_ALL(table);
}

static void test_other_engines(void **state)
{
	static const struct invocation table[] = {
		/* dockerd's graphdriver */
		{{"fuse-overlayfs", "-o",
			 "lowerdir=/var/lib/docker/fuse-overlayfs/l/A:/var/lib/docker/"
			 "fuse-overlayfs/l/"
			 "B,upperdir=/d/u,workdir=/d/w",
			 "/d/merged"},
			"/var/lib/docker/fuse-overlayfs/l/A:/var/lib/docker/fuse-overlayfs/l/B "
			"upper=/d/u work=/d/w fuse-overlayfs on /d/merged type fuse-overlayfs "
			"nodev"},
		/* containerd, k3s, nerdctl, buildkit: what mount.fuse3 makes of it */
		{{"fuse-overlayfs", "overlay", "/t", "-o",
			 "workdir=/s/1/work,upperdir=/s/1/fs,lowerdir=/s/2/fs:/s/3/fs,dev,suid"},
			"/s/2/fs:/s/3/fs upper=/s/1/fs work=/s/1/work overlay on /t type "
			"fuse-overlayfs"},
		{{"fuse-overlayfs", "overlay", "/t", "-o", "lowerdir=/s/1:/s/2,dev,suid"},
			"/s/1:/s/2 overlay on /t type fuse-overlayfs ro"},
		{{"fuse-overlayfs", "overlay", "/t", "-o",
			 "uidmapping=0:1000:1:1:100000:65535,gidmapping=0:1000:1,lowerdir=/"
			 "s,dev,suid"},
			"/s overlay on /t type fuse-overlayfs ro maps=2,1"},
		/* apptainer; ro, then with an upper */
		{{"/usr/bin/fuse-overlayfs", "-f", "-o", "lowerdir=/a:/b", "/var/final"},
			"/a:/b fuse-overlayfs on /var/final type fuse-overlayfs ro nodev "
			"foreground"},
		{{"fuse-overlayfs", "-f", "-o", "lowerdir=/a,upperdir=/u,workdir=/w", "/final"},
			"/a upper=/u work=/w fuse-overlayfs on /final type fuse-overlayfs nodev "
			"foreground"},
		/* enroot: over the directory that holds the layers */
		{{"fuse-overlayfs", "-f", "-o",
			 "lowerdir=/r/lower,upperdir=/r/upper,workdir=/r/work", "/r"},
			"/r/lower upper=/r/upper work=/r/work fuse-overlayfs on /r type "
			"fuse-overlayfs nodev foreground"},
		/* a transient unit of systemd-run */
		{{"fuse-overlayfs", "-f", "-o",
			 "lowerdir=/l,upperdir=/u,workdir=/w,allow_other,squash_to_uid=1000,"
			 "squash_to_gid=1000",
			 "/m"},
			"/l upper=/u work=/w fuse-overlayfs on /m type fuse-overlayfs nodev "
			"squash_uid=1000 allow_other foreground"},
	};
	CHECK_ALL(table);
}

static void test_mount8(void **state)
{
	static const struct invocation table[] = {
		/* mount -t fuse.fuse-overlay src dir -o A, by mount.fuse3 */
		{{"fuse-overlay", "overlay", "/mnt", "-o",
			 "rw,lowerdir=/a:/b,upperdir=/u,workdir=/w,dev,suid"},
			"/a:/b upper=/u work=/w overlay on /mnt type fuse-overlay"},
		/* the same with user in fstab: noexec,nosuid,nodev */
		{{"fuse-overlay", "overlay", "/mnt", "-o",
			 "rw,noexec,nosuid,nodev,lowerdir=/a:/b c,noatime"},
			"/a:/b c overlay on /mnt type fuse-overlay ro nosuid nodev noexec noatime"},
		/* /sbin/mount.fuse.fuse-overlay, called by mount(8) itself */
		{{"/sbin/mount.fuse.fuse-overlay", "overlay", "/mnt", "-o",
			 "rw,nodev,noatime,lowerdir=/a,user,_netdev,nofail"},
			"/a overlay on /mnt type fuse-overlay ro nodev noatime"},
		{{"/sbin/mount.fuse-overlay", "/src", "/mnt", "-s", "-n", "-v", "-f", "-o",
			 "rw,lowerdir=/a"},
			"/a /src on /mnt type fuse-overlay ro nodev fake"},
		{{"/sbin/mount.fuse.fuse-overlayfs", "x", "/mnt", "-o", "rw,lowerdir=/a", "-N",
			 "/proc/7/ns/mnt"},
			"/a x on /mnt type fuse-overlayfs ro nodev ns=/proc/7/ns/mnt"},
		{{"/sbin/mount.fuse", "x", "/mnt", "-sfnv", "-o", "lowerdir=/a", "-t",
			 "fuse.fuse-overlay"},
			"/a x on /mnt type fuse-overlay ro nodev fake"},
		{{"fuse-overlay", "x", "/mnt", "-o", "lowerdir=/a", "-t", "fuse3.fuse-overlayfs"},
			"/a x on /mnt type fuse-overlayfs ro nodev"},
		/* a systemd mount unit: Options= with what it adds */
		{{"fuse-overlay", "overlay", "/mnt", "-o",
			 "rw,lowerdir=/a,x-systemd.requires-mounts-for=/a,nofail,dev,suid"},
			"/a overlay on /mnt type fuse-overlay ro"},
	};
	CHECK_ALL(table);
}

static void test_forms(void **state)
{
	static const struct invocation table[] = {
		{{"fuse-overlay", "/m", "-o", "lowerdir=a"},
			"a fuse-overlay on /m type fuse-overlay ro nodev"},
		{{"fuse-overlay", "-olowerdir=a", "-oupperdir=u", "-o", "workdir=w", "s", "m"},
			"a upper=u work=w s on m type fuse-overlay nodev"},
		{{"fuse-overlay", "s", "-o", "lowerdir=a", "m", "-fd"},
			"a s on m type fuse-overlay ro nodev debug foreground"},
		{{"fuse-overlay", "-d", "-o", "lowerdir=a", "m"},
			"a fuse-overlay on m type fuse-overlay ro nodev debug foreground"},
		{{"fuse-overlay", "-folowerdir=a", "m"},
			"a fuse-overlay on m type fuse-overlay ro nodev foreground"},
		{{"fuse-overlay", "-o", "", "-o", ",", "-o", "lowerdir=a", "m"},
			"a fuse-overlay on m type fuse-overlay ro nodev"},
		{{"fuse-overlay", "-o", "lowerdir=a", "--", "-m"},
			"a fuse-overlay on -m type fuse-overlay ro nodev"},
		{{"fuse-overlay", "-o", "lowerdir=a,fsname=n", "s", "m"},
			"a n on m type fuse-overlay ro nodev"},
		{{"fuse-overlay", "-o", "lowerdir=a", "", "m"},
			"a fuse-overlay on m type fuse-overlay ro nodev"},
		{{"fuse-overlay", "-o", "lowerdir=a", "-r", "m"},
			"a fuse-overlay on m type fuse-overlay ro nodev"},
		{{"fuse-overlay", "-o", "lowerdir=a,odd,allow_other", "m"},
			"a fuse-overlay on m type fuse-overlay ro nodev allow_other unknown:odd"},
		{{"fuse-overlay", "-o", "lowerdir=a", "/dev/fd/7"},
			"a fuse-overlay on /dev/fd/7 type fuse-overlay ro nodev"},
		{{"/x/ovlx", "-o", "lowerdir=a", "m"},
			"a fuse-overlay on m type fuse-overlay ro nodev"},
		{{"fuse-overlay", "-V"}, "version"},
		{{"fuse-overlay", "-h"}, "help"},
		{{"fuse-overlay", "--help", "whatever"}, "help"},
	};
	CHECK_ALL(table);
}

static void test_bad(void **state)
{
	static const struct invocation table[] = {
		{{"fuse-overlay"}, "no mount point given"},
		{{"fuse-overlay", "-o", "lowerdir=/a"}, "no mount point given"},
		{{"fuse-overlay", "/m"}, "no lower directory given"},
		{{"fuse-overlay", "-o", "lowerdir=/a", ""}, "mount point is an empty word"},
		{{"fuse-overlay", "-o", "lowerdir=/a", "a", "b", "c"}, "too many words before"},
		{{"fuse-overlay", "/m", "-o"}, "-o: needs an argument"},
		{{"fuse-overlay", "-t"}, "-t: needs an argument"},
		{{"fuse-overlay", "-x", "/m"}, "-x: no such switch"},
		{{"fuse-overlay", "-fx", "/m"}, "-fx: no such switch"},
		{{"fuse-overlay", "-n", "/m"}, "-n: no such switch"},
		{{"mount.fuse-overlay", "s", "/m", "-d"}, "-d: no such switch"},
		{{"fuse-overlay", "--lowerdir=/a", "/m"}, "--lowerdir=/a: no such switch"},
		{{"fuse-overlay", "-o", "lowerdir=/a", "-t", "fuse.", "/m"}, "subtype="},
		{{"/sbin/mount.fuse.fuse-overlay", "s", "/m", "-o", "ro,remount"},
			"remount: cannot change"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		struct mount_options options;
		GError *error = NULL;
		int argc = (int)g_strv_length((char **)table[i].argv);
		assert_bad(mount_options_parse(&options, argc, table[i].argv, &error), error,
			table[i].expected);
		mount_options_clear(&options);
	}
}

/* 500 layers are 40 kB in one word. */
static void test_long_word(void **state)
{
	g_autoptr(GString) words = g_string_new("lowerdir=");
	for (unsigned i = 0; i < 500; i++)
		g_string_append_printf(words, "%s" G "/l/%026u", i ? ":" : "", i);
	const char *argv[] = {"fuse-overlay", "-o", words->str, "/m", NULL};
	struct mount_options options;
	g_autoptr(GError) error = NULL;
	assert_true(words->len > 35000);
	assert_good(mount_options_parse(&options, 4, argv, &error), error);
	assert_int_equal(options.lower->len, 500);
	assert_true(g_str_has_suffix(options.lower->pdata[499], "499"));
	mount_options_clear(&options);
}

static void test_environment(void **state)
{
	const char *argv[] = {"fuse-overlay", "-o", "lowerdir=/a", "/m", NULL};
	struct mount_options options;
	g_autoptr(GError) error = NULL;
	setenv("FUSE_OVERLAYFS_DISABLE_OVL_WHITEOUT", "1", 1);
	assert_good(mount_options_parse(&options, 4, argv, &error), error);
	assert_true(options.config.no_ovl_whiteout);
	mount_options_clear(&options);
	unsetenv("FUSE_OVERLAYFS_DISABLE_OVL_WHITEOUT");
	assert_good(mount_options_parse(&options, 4, argv, &error), error);
	assert_false(options.config.no_ovl_whiteout);
	mount_options_clear(&options);
}

static void test_mount_point_descriptor(void **state)
{
	assert_int_equal(mount_point_descriptor("/dev/fd/0"), 0);
	assert_int_equal(mount_point_descriptor("/dev/fd/17"), 17);
	assert_int_equal(mount_point_descriptor("/dev/fd/17x"), -1);
	assert_int_equal(mount_point_descriptor("/dev/fd/"), -1);
	assert_int_equal(mount_point_descriptor("/dev/fd/-1"), -1);
	assert_int_equal(mount_point_descriptor("/dev/fd/99999999999"), -1);
	assert_int_equal(mount_point_descriptor("/mnt"), -1);
}

int main(void)
{
	unsetenv("FUSE_OVERLAYFS_DISABLE_OVL_WHITEOUT");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_podman),
		cmocka_unit_test(test_buildah),
		cmocka_unit_test(test_other_engines),
		cmocka_unit_test(test_mount8),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_long_word),
		cmocka_unit_test(test_environment),
		cmocka_unit_test(test_mount_point_descriptor),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
