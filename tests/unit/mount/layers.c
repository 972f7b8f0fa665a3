// SPDX-License-Identifier: GPL-2.0-or-later
/* Opening and checking layers, on directories of the test's own. No root is needed. */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mount/layers.h"

static char *top; /* the temporary directory, which is also the working directory */

static int set_up(void **state)
{
	top = g_dir_make_tmp("ovl-layers-XXXXXX", NULL);
	if (!top || chdir(top) < 0)
		return -1;
	const char *directories[] = {"a", "b", "a/in", "up", "up/in", "work", "work/in", "side",
		"side/up", "side/work", "shut", "x,y:z\\\xff"};
	for (size_t i = 0; i < G_N_ELEMENTS(directories); i++) {
		if (mkdir(directories[i], 0755) < 0)
			return -1;
	}
	g_file_set_contents("file", "x", 1, NULL);
	return symlink("a", "link") < 0 || symlink("nowhere", "dangling") < 0 ||
			       symlink("loop", "loop") < 0 || chmod("shut", 0) < 0
		       ? -1
		       : 0;
}

static int clean_up(void **state)
{
	g_autofree char *command = g_strdup_printf("rm -rf '%s'", top);
	int status = chdir("/") < 0 || system(command);
	g_free(top);
	return status;
}

/* Opens the layers of -o WORDS; *options and *layers are to be cleared. */
static bool open_layers(const char *words, struct mount_options *options,
	struct mount_layers *layers, GError **error)
{
	const char *argv[] = {"fuse-overlay", "-o", words, "/m", NULL};
	*layers = MOUNT_LAYERS_INIT;
	return mount_options_parse(options, 4, argv, error) &&
	       mount_layers_open(layers, options, error);
}

static void check_good(const char *words, size_t n_lower, bool upper)
{
	struct mount_options options;
	struct mount_layers layers;
	g_autoptr(GError) error = NULL;
	assert_good(open_layers(words, &options, &layers, &error), error);
	assert_int_equal(options.config.n_lower, n_lower);
	for (size_t i = 0; i < n_lower; i++) {
		assert_true(fcntl(options.config.lower_fds[i], F_GETFL) & O_PATH);
		assert_true(fcntl(options.config.lower_fds[i], F_GETFD) & FD_CLOEXEC);
	}
	assert_true((options.config.upper_fd >= 0) == upper);
	assert_true((options.config.work_fd >= 0) == upper);
	mount_layers_clear(&layers);
	mount_options_clear(&options);
}

static void test_good(void **state)
{
	check_good("lowerdir=a", 1, false);
	check_good("lowerdir=a:b", 2, false);
	check_good("lowerdir=link:b", 2, false); /* podman's layers are links */
	check_good("lowerdir=b/../a:./b", 2, false);
	check_good("lowerdir=x\\,y\\:z\\\\\xff:a", 2, false);
	check_good("lowerdir=a:b,upperdir=up,workdir=work", 2, true);
	check_good("lowerdir=a::b", 2, false);
	check_good("lowerdir=side,upperdir=side/up,workdir=side/work", 1, true);
}

/* The descriptor is that of the directory, whether or not its mount could be cloned. */
static void test_same_directory(void **state)
{
	struct mount_options options;
	struct mount_layers layers;
	g_autoptr(GError) error = NULL;
	struct stat wanted, opened;
	assert_good(open_layers("lowerdir=link", &options, &layers, &error), error);
	assert_int_equal(stat("a", &wanted), 0);
	assert_int_equal(fstat(options.config.lower_fds[0], &opened), 0);
	assert_true(wanted.st_dev == opened.st_dev && wanted.st_ino == opened.st_ino);
	assert_int_equal(openat(options.config.lower_fds[0], "in", O_PATH) < 0, 0);
	mount_layers_clear(&layers);
	mount_options_clear(&options);
}

static void check_bad(const char *words, const char *text)
{
	struct mount_options options;
	struct mount_layers layers;
	GError *error = NULL;
	assert_bad(open_layers(words, &options, &layers, &error), error, text);
	mount_layers_clear(&layers);
	mount_options_clear(&options);
}

static void test_bad(void **state)
{
	check_bad("lowerdir=a:a/in", "lowerdir=a/in: lies inside lowerdir=a"); /* as the kernel */
	check_bad("lowerdir=missing", "lowerdir=missing: no such directory");
	check_bad("lowerdir=a:missing", "lowerdir=missing: no such directory");
	check_bad("lowerdir=dangling", "lowerdir=dangling: no such directory");
	check_bad("lowerdir=loop", "lowerdir=loop: cannot be opened: ");
	check_bad("lowerdir=file", "lowerdir=file: not a directory");
	check_bad("lowerdir=file/in", "lowerdir=file/in: not a directory");
	check_bad("lowerdir=missing\xff", "lowerdir=missing\xff: no such directory");
	check_bad("lowerdir=a:b:a", "lowerdir=a: the same directory as lowerdir=a");
	check_bad("lowerdir=a:link", "lowerdir=link: the same directory as lowerdir=a");
	check_bad(
		"lowerdir=a,upperdir=missing,workdir=work", "upperdir=missing: no such directory");
	check_bad("lowerdir=a,upperdir=file,workdir=work", "upperdir=file: not a directory");
	check_bad("lowerdir=a,upperdir=up,workdir=missing", "workdir=missing: no such directory");
	check_bad("lowerdir=a,upperdir=up,workdir=file", "workdir=file: not a directory");
	check_bad("lowerdir=a,upperdir=up,workdir=up", "workdir=up: is the upperdir");
	check_bad("lowerdir=a,upperdir=up,workdir=up/in", "workdir=up/in: lies inside upperdir=up");
	check_bad("lowerdir=a,upperdir=work/in,workdir=work",
		"upperdir=work/in: lies inside workdir=work");
	check_bad("lowerdir=up:a,upperdir=up,workdir=work", "upperdir=up: is a lowerdir too");
	check_bad("lowerdir=a:work,upperdir=up,workdir=work", "workdir=work: is a lowerdir too");
	check_bad("lowerdir=a:up/in,upperdir=up,workdir=work",
		"lowerdir=up/in: lies inside upperdir=up");
	check_bad("lowerdir=work/in,upperdir=up,workdir=work",
		"lowerdir=work/in: lies inside workdir=work");
	check_bad("lowerdir=a,upperdir=up,workdir=/proc", "workdir=/proc: ");
	if (geteuid() != 0)
		check_bad("lowerdir=shut", "lowerdir=shut: permission denied");
}

/* A second mount of the same upper, or of the same workdir, waits, then fails; then the first goes.
 */
static void test_in_use(void **state)
{
	struct mount_options first_options;
	struct mount_layers first;
	g_autoptr(GError) error = NULL;
	assert_good(
		open_layers("lowerdir=a,upperdir=up,workdir=work", &first_options, &first, &error),
		error);
	check_bad(
		"lowerdir=a,upperdir=up,workdir=side/work", "upperdir=up: in use by another mount");
	check_bad("lowerdir=a,upperdir=side/up,workdir=work",
		"workdir=work: in use by another mount");
	check_good("lowerdir=up", 1, false); /* as a lower it is the user's affair */
	mount_layers_unlock(&first);
	check_good("lowerdir=a,upperdir=up,workdir=work", 1, true);
	mount_layers_clear(&first);
	mount_options_clear(&first_options);
}

/* What a failed mount has made goes; what was there stays. */
static void test_remove_work(void **state)
{
	struct mount_options options;
	struct mount_layers layers;
	g_autoptr(GError) error = NULL;
	for (int had_work = 0; had_work < 2; had_work++) {
		assert_good(open_layers("lowerdir=a,upperdir=side/up,workdir=side/work", &options,
				    &layers, &error),
			error);
		assert_int_equal(layers.had_work, had_work);
		if (!had_work) {
			g_mkdir_with_parents("side/work/work/incompat/volatile", 0755);
			g_file_set_contents("side/work/work/incompat/volatile/dirty", "", 0, NULL);
			assert_int_equal(chmod("side/work/work", 0), 0);
		}
		mount_layers_remove_work(&layers);
		assert_int_equal(access("side/work/work", F_OK), had_work ? 0 : -1);
		mount_layers_clear(&layers);
		mount_options_clear(&options);
		mkdir("side/work/work", 0700);
	}
	assert_int_equal(rmdir("side/work/work"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_same_directory),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_in_use),
		cmocka_unit_test(test_remove_work),
	};
	return cmocka_run_group_tests(tests, set_up, clean_up);
}
