// SPDX-License-Identifier: GPL-2.0-or-later
/* fuse-overlay: reads its command line, becomes a daemon, serves. */
#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <malloc.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "mount/daemon.h"
#include "mount/error.h"
#include "mount/mount.h"
#include "mount/options.h"
#include "mount/serve.h"

static const char usage[] =
	"usage: fuse-overlay [-f] [-d] [-o OPTION,...]... [SOURCE] MOUNTPOINT\n"
	"\n"
	"Shows several directories as one: reads come from the topmost that has the file,\n"
	"changes go to the upper one.\n"
	"\n"
	"  -o lowerdir=DIR[:DIR]...   read-only layers, the first on top\n"
	"  -o upperdir=DIR            the layer that takes the changes; without it: read-only\n"
	"  -o workdir=DIR             an empty directory on the same file system as upperdir\n"
	"  -o OPTION                  more options are in fuse-overlay(1)\n"
	"  -f                         stay in the foreground\n"
	"  -d                         stay in the foreground and log every request\n"
	"  -h, --help                 show this help\n"
	"  -V, --version              show the version\n"
	"\n"
	"example: fuse-overlay -o lowerdir=/base,upperdir=/up,workdir=/work /mnt\n"
	"unmount: umount /mnt (as root), fusermount3 -u /mnt\n";

static int show(const struct mount_options *options)
{
	if (options->show_help)
		fputs(usage, stdout);
	else
		printf("fuse-overlay: version %s\nFUSE library version %s\n", OVL_VERSION,
			fuse_pkgversion());
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* -N of mount(8): what it names is a process or a file of /proc/PID/ns/mnt's kind. */
static bool enter_namespace(const char *name, GError **error)
{
	g_autofree char *path = name[strspn(name, "0123456789")]
					? g_strdup(name)
					: g_strdup_printf("/proc/%s/ns/mnt", name);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNS) < 0)
		return mount_error_set(error, "-N %s: cannot enter this mount namespace: %s", name,
			g_strerror(errno));
	return true;
}

static int run(struct mount_options *options, GError **error)
{
	int notify_fd = -1;
	for (guint i = 0; i < options->unknown->len; i++)
		log_line("option '%s' is unknown and ignored", (char *)options->unknown->pdata[i]);
	if (options->mount_namespace && !enter_namespace(options->mount_namespace, error))
		return EXIT_FAILURE;
	if (options->fake)
		return EXIT_SUCCESS;
	log_set_debug(options->debug);
	if (!options->foreground &&
		!daemon_fork(mount_point_descriptor(options->mountpoint), &notify_fd, error))
		return EXIT_FAILURE;
	return mount_serve(options, notify_fd);
}

/* One heap for all threads: malloc_trim(3) gives back what is free at its end, and does not for the
 * heaps that glibc makes for threads. */
static void share_heap(void)
{
	mallopt(M_ARENA_MAX, 1);
}

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	struct mount_options options;
	int status = EXIT_FAILURE;
	share_heap();
	daemon_ensure_stdio();
	if (mount_options_parse(&options, argc, (const char *const *)argv, &error))
		status = options.show_help || options.show_version ? show(&options)
								   : run(&options, &error);
	if (error)
		log_line("%s", error->message);
	mount_options_clear(&options);
	return status;
}
