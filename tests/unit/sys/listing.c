// SPDX-License-Identifier: GPL-2.0-or-later
#include "support.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sys/listing.h"

#define MANY 9000 /* more than one buffer of getdents64(2) */

struct seen {
	int n, stop_at;
	uint8_t *times; /* by number, how often "NUMBER" was listed */
};

static int note(void *data, const struct sys_dirent *entry)
{
	struct seen *seen = data;
	assert_true(strcmp(entry->name, ".") != 0 && strcmp(entry->name, "..") != 0);
	if (seen->times)
		seen->times[atoi(entry->name)]++;
	return ++seen->n == seen->stop_at ? 77 : 0;
}

static void test_every_entry_once(void **state)
{
	struct seen seen = {.times = calloc(MANY, 1)};
	char name[32];
	(void)state;
	assert_int_equal(mkdir("d", 0755), 0);
	int dirfd = open("d", O_PATH | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "%d", i);
		int fd = openat(dirfd, name, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
		assert_true(fd >= 0);
		close(fd);
	}
	assert_int_equal(sys_list(dirfd, note, &seen), 0);
	assert_int_equal(seen.n, MANY);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(seen.times[i], 1);
	free(seen.times);
	close(dirfd);
}

static void test_callback_ends_it(void **state)
{
	struct seen seen = {.stop_at = 2};
	(void)state;
	support_tree("d/a=1 d/b=2 d/c=3");
	int dirfd = open("d", O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(sys_list(dirfd, note, &seen), 77);
	assert_int_equal(seen.n, 2);
	close(dirfd);
}

static int check_type(void *data, const struct sys_dirent *entry)
{
	struct stat st;
	assert_int_equal(fstatat(*(int *)data, entry->name, &st, AT_SYMLINK_NOFOLLOW), 0);
	assert_true(entry->ino == st.st_ino);
	if (entry->type != DT_UNKNOWN)
		assert_int_equal(entry->type, IFTODT(st.st_mode));
	return 0;
}

static void test_types_and_odd_names(void **state)
{
	char name[300];
	(void)state;
	support_tree("d/f=x d/l>f d/p| d/sub/ d/w! d/...=x d/..a=x d/.b=x");
	memset(name, 'n', 255);
	name[255] = '\0';
	int dirfd = open("d", O_PATH | O_DIRECTORY | O_CLOEXEC);
	close(openat(dirfd, name, O_CREAT | O_WRONLY, 0644));
	close(openat(dirfd, "\xff\xfe\n\t", O_CREAT | O_WRONLY, 0644));
	struct seen seen = {0};
	assert_int_equal(sys_list(dirfd, note, &seen), 0);
	assert_int_equal(seen.n, 10);
	assert_int_equal(sys_list(dirfd, check_type, &dirfd), 0);
	close(dirfd);
}

static void test_errors(void **state)
{
	struct seen seen = {0};
	(void)state;
	support_tree("f=x");
	int file = open("f", O_PATH | O_CLOEXEC);
	assert_int_equal(sys_list(file, note, &seen), -ENOTDIR);
	assert_int_equal(sys_list(-1, note, &seen), -EBADF);
	assert_int_equal(seen.n, 0);
	close(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_every_entry_once),
		TEST(test_callback_ends_it),
		TEST(test_types_and_odd_names),
		TEST(test_errors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
