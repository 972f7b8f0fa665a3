// SPDX-License-Identifier: GPL-2.0-or-later
/* getattr, setattr, readlink: on a file of every layer, seen through the overlay and on disk. */
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attributes.h"

static const char layers[] = "l1/low=content u/up=content l1/both=hidden u/both=content "
			     "l1/dir/x=1 u/udir/x=1 l1/mixed/x=1 u/mixed/y=2 l1/link>low l1/fifo|";
static const char *const all[] = {"low", "up", "both", "dir", "udir", "mixed", "link", "fifo"};

static void check_upper(const char *name, const struct stat *expected)
{
	char path[64];
	struct stat st;
	snprintf(path, sizeof(path), "u/%s", name);
	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(st.st_mode, expected->st_mode);
	assert_int_equal(st.st_uid, expected->st_uid);
	assert_int_equal(st.st_gid, expected->st_gid);
	assert_true(st.st_mtime == expected->st_mtime);
	assert_true(st.st_mtim.tv_nsec == expected->st_mtim.tv_nsec);
	assert_true(st.st_atime == expected->st_atime);
}

/* Makes a change and gives what the overlay says afterwards, which is also on disk. */
static struct stat change(struct world *w, const char *name, struct ovl_change c)
{
	struct stat answer, st;
	struct ovl_inode *inode = world_get(w, name);
	int r = ovl_setattr(w->fs, inode, &c, &answer);
	if (r != 0)
		fail_msg("%s: %s", name, strerror(-r));
	assert_int_equal(ovl_getattr(w->fs, inode, &st), 0);
	assert_int_equal(answer.st_mode, st.st_mode);
	assert_true(answer.st_ino == st.st_ino && answer.st_size == st.st_size);
	assert_true(answer.st_mtime == st.st_mtime);
	check_upper(name, &answer);
	world_put(w, inode);
	return answer;
}

static void test_mode(void **state)
{
	struct world w;
	(void)state;
	support_tree(layers);
	char *lower = support_dump("l1", true);
	world_open(&w, 0);
	for (size_t i = 0; i < N_ELEMENTS(all); i++) {
		if (strcmp(all[i], "link") == 0)
			continue;
		struct stat st =
			change(&w, all[i], (struct ovl_change){.set = OVL_SET_MODE, .mode = 01751});
		assert_int_equal(st.st_mode & 07777, 01751);
		assert_true(st.st_mtime == SUPPORT_TIME); /* content is as old as it was */
	}
	assert_int_equal(world_chmod(&w, "link", 0600), -EOPNOTSUPP);
	char *now = support_dump("l1", true);
	assert_string_equal(lower, now);
	free(now);
	free(lower);
	world_close(&w);
}

static void test_owner(void **state)
{
	struct world w;
	(void)state;
	if (geteuid() != 0)
		skip();
	support_tree(layers);
	world_open(&w, 0);
	for (size_t i = 0; i < N_ELEMENTS(all); i++) {
		struct ovl_change c = {.set = OVL_SET_UID, .uid = 11, .gid = 22};
		struct stat st = change(&w, all[i], c);
		assert_true(st.st_uid == 11 && st.st_gid == 0);
		c.set = OVL_SET_GID;
		st = change(&w, all[i], c);
		assert_true(st.st_uid == 11 && st.st_gid == 22);
	}
	/* chown and chmod in one: the mode that was asked for is what there is. */
	struct ovl_change both = {.set = OVL_SET_UID | OVL_SET_MODE, .mode = 06755, .uid = 33};
	assert_int_equal(change(&w, "low", both).st_mode & 07777, 06755);
	world_close(&w);
}

static void test_times(void **state)
{
	struct world w;
	(void)state;
	support_tree(layers);
	world_open(&w, 0);
	for (size_t i = 0; i < N_ELEMENTS(all); i++) {
		struct ovl_change c = {.set = OVL_SET_ATIME,
			.atime = {-86400, 1},
			.mtime = {4000000000, 999999999}};
		struct stat st = change(&w, all[i], c);
		assert_true(st.st_atime == -86400 && st.st_atim.tv_nsec == 1);
		assert_true(st.st_mtime == SUPPORT_TIME);
		c.set = OVL_SET_MTIME;
		st = change(&w, all[i], c);
		assert_true(st.st_mtime == 4000000000 && st.st_mtim.tv_nsec == 999999999);
		assert_true(st.st_atime == -86400);
		c.set = OVL_SET_ATIME | OVL_SET_MTIME;
		c.atime.tv_nsec = c.mtime.tv_nsec = UTIME_NOW;
		st = change(&w, all[i], c);
		assert_true(st.st_mtime >= time(NULL) - 60 && st.st_atime >= time(NULL) - 60);
	}
	world_close(&w);
}

static void test_size(void **state)
{
	static const char *const names[] = {"low", "up", "both"};
	static const off_t sizes[] = {0, 3, 7, 10, 100000};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(names); i++)
		for (size_t k = 0; k < N_ELEMENTS(sizes); k++) {
			struct world w;
			char path[16], expected[8] = "content";
			support_empty();
			support_tree(layers);
			world_open(&w, 0);
			struct ovl_change c = {.set = OVL_SET_SIZE, .size = sizes[k]};
			struct stat st = change(&w, names[i], c);
			assert_int_equal(st.st_size, sizes[k]);
			assert_true(st.st_mtime != SUPPORT_TIME);
			if (sizes[k] < 7)
				expected[sizes[k]] = '\0';
			assert_string_equal(world_read(&w, names[i]), expected);
			snprintf(path, sizeof(path), "l1/%s", names[i]);
			assert_true(strcmp(names[i], "low") != 0 ||
				    strcmp(support_read(path), "content") == 0);
			assert_int_equal(world_leftovers(), 0);
			world_close(&w);
		}
}

static void test_size_of_what_has_none(void **state)
{
	struct world w;
	(void)state;
	support_tree(layers);
	world_open(&w, 0);
	assert_int_equal(world_truncate(&w, "dir", 0), -EISDIR);
	assert_int_equal(world_truncate(&w, "udir", 0), -EISDIR);
	assert_true(world_truncate(&w, "fifo", 0) < 0);
	assert_int_equal(world_truncate(&w, "up", -1), -EINVAL);
	assert_string_equal(world_read(&w, "up"), "content");
	world_close(&w);
}

/* should_remove_suid(): suid goes, sgid where the group may execute; others stay. */
static void test_kill_set_id(void **state)
{
	static const struct {
		mode_t before, after;
	} modes[] = {
		{04755, 0755},
		{02755, 0755},
		{06777, 0777},
		{02644, 02644}, /* without group execution it is mandatory locking's */
		{06644, 02644},
		{01777, 01777},
		{0644, 0644},
	};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(modes); i++)
		for (int lower = 0; lower < 2; lower++) {
			struct world w;
			support_empty();
			support_tree("l1/x=1 u/");
			support_tree(lower ? "l1/f=content" : "u/f=content");
			assert_int_equal(chmod(lower ? "l1/f" : "u/f", modes[i].before), 0);
			world_open(&w, 0);
			struct ovl_change c = {.set = OVL_SET_SIZE | OVL_KILL_SUIDGID, .size = 2};
			assert_int_equal(change(&w, "f", c).st_mode & 07777, modes[i].after);
			world_close(&w);
			/* And the same for who writes. */
			support_empty();
			support_tree("l1/x=1 u/");
			support_tree(lower ? "l1/f=content" : "u/f=content");
			assert_int_equal(chmod(lower ? "l1/f" : "u/f", modes[i].before), 0);
			world_open(&w, 0);
			struct ovl_set_id set_id = {.kill = true};
			struct ovl_inode *f = world_get(&w, "f");
			assert_int_equal(ovl_write(w.fs, f, "x", 1, 0, &set_id), 1);
			assert_int_equal(set_id.changed, modes[i].before != modes[i].after);
			struct stat st;
			assert_int_equal(ovl_getattr(w.fs, f, &st), 0);
			assert_int_equal(st.st_mode & 07777, modes[i].after);
			world_put(&w, f);
			world_close(&w);
		}
}

/* A file that is already written by one who may keep set-id bits keeps them. */
static void test_set_id_is_kept_by_the_privileged(void **state)
{
	struct stat st;
	struct world w;
	(void)state;
	if (geteuid() != 0)
		skip();
	support_tree("l1/f=content u/");
	assert_int_equal(chmod("l1/f", 06755), 0);
	world_open(&w, 0);
	assert_int_equal(world_write(&w, "f", "x", 0), 1);
	assert_int_equal(world_stat(&w, "f", &st), 1);
	assert_int_equal(st.st_mode & 07777, 06755);
	world_close(&w);
}

static void test_link_counts(void **state)
{
	struct stat st;
	struct world w;
	(void)state;
	support_tree("l1/a=1 l1/b+l1/a u/c=2 u/d+u/c u/e+u/c l1/only/s1/ l1/only/s2/ u/mixed/ "
		     "l1/mixed/s/");
	world_open(&w, 0);
	assert_int_equal(world_stat(&w, "a", &st), 1);
	assert_int_equal(st.st_nlink, 2);
	assert_int_equal(world_stat(&w, "d", &st), 1);
	assert_int_equal(st.st_nlink, 3);
	assert_int_equal(world_stat(&w, "mixed", &st), 1);
	assert_int_equal(st.st_nlink, 1); /* kernel: merged directories say 1 */
	struct stat real;
	assert_int_equal(lstat("l1/only", &real), 0);
	assert_int_equal(world_stat(&w, "only", &st), 1);
	assert_int_equal(st.st_nlink, real.st_nlink); /* and others the real count */
	assert_int_equal(world_unlink(&w, "e"), 0);
	assert_int_equal(world_stat(&w, "c", &st), 1);
	assert_int_equal(st.st_nlink, 2);
	world_close(&w);
}

static void test_readlink(void **state)
{
	char target[4097], longest[4096];
	struct world w;
	(void)state;
	memset(longest, 't', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	support_tree("l1/l>lower u/u>/abs/olute l1/f=x");
	assert_int_equal(symlink(longest, "l1/long"), 0);
	world_open(&w, 0);
	static const char *const names[] = {"l", "u", "long"};
	const char *const targets[] = {"lower", "/abs/olute", longest};
	for (int copied = 0; copied < 2; copied++)
		for (size_t i = 0; i < 3; i++) {
			struct ovl_inode *inode = world_get(&w, names[i]);
			size_t length = strlen(targets[i]);
			assert_int_equal(ovl_readlink(w.fs, inode, target, sizeof(target)), length);
			assert_memory_equal(target, targets[i], length);
			world_put(&w, inode);
			/* Changing its times copies it up. */
			struct ovl_change c = {.set = OVL_SET_MTIME, .mtime = {5, 5}};
			assert_int_equal(world_setattr(&w, names[i], &c), 0);
		}
	struct ovl_inode *f = world_get(&w, "f");
	assert_int_equal(ovl_readlink(w.fs, f, target, sizeof(target)), -EINVAL);
	world_put(&w, f);
	world_close(&w);
}

/* What the kernel's writeback cache gives back is no reason to copy up, unless it is new. */
static void test_kept_times(void **state)
{
	struct ovl_change kept = {.set = OVL_SET_MTIME | OVL_KEPT_TIMES};
	struct stat st, upper;
	struct world w;
	(void)state;
	support_tree("l1/f=x u/");
	world_open(&w, 0);
	struct ovl_inode *inode = world_get(&w, "f");
	assert_int_equal(ovl_getattr(w.fs, inode, &st), 0);
	kept.mtime = st.st_mtim;
	assert_int_equal(ovl_setattr(w.fs, inode, &kept, &st), 0);
	assert_int_equal(lstat("u/f", &upper), -1);
	world_put(&w, inode);
	kept.mtime.tv_nsec++;
	assert_true(change(&w, "f", kept).st_mtim.tv_nsec == kept.mtime.tv_nsec);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_mode),
		TEST(test_owner),
		TEST(test_times),
		TEST(test_kept_times),
		TEST(test_size),
		TEST(test_size_of_what_has_none),
		TEST(test_kill_set_id),
		TEST(test_set_id_is_kept_by_the_privileged),
		TEST(test_link_counts),
		TEST(test_readlink),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
