// SPDX-License-Identifier: GPL-2.0-or-later
/* Mounting the overlay under test, by the program or by the kernel. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "randops.h"

static void format_options(const struct overlay *overlay, bool kernel, char *options, size_t size)
{
	size_t used = (size_t)snprintf(options, size, "lowerdir=");
	for (int i = 1; i < overlay->n_layers; i++)
		used += (size_t)snprintf(options + used, size - used, "%s%s/%d", i > 1 ? ":" : "",
			overlay->layers, i);
	used += (size_t)snprintf(options + used, size - used, ",upperdir=%s/0,workdir=%s",
		overlay->layers, overlay->work);
	if (kernel && overlay->user)
		used += (size_t)snprintf(options + used, size - used, ",userxattr");
	if (overlay->options != NULL && (!kernel || overlay->program == NULL))
		used += (size_t)snprintf(options + used, size - used, ",%s", overlay->options);
	if (overlay->both != NULL)
		snprintf(options + used, size - used, ",%s", overlay->both);
}

static int run_program(const struct overlay *overlay, const char *options)
{
	int status;
	pid_t pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		execl(overlay->program, overlay->program, "-o", options, overlay->mnt,
			(char *)NULL);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (status == 0)
		return 0;
	fprintf(stderr, "randops: %s ended with status %#x\n", overlay->program, (unsigned)status);
	return -EIO;
}

bool overlay_is_kernels(const struct overlay *overlay)
{
	return overlay->program == NULL || (overlay->alternate && overlay->mounts % 2 == 0);
}

int overlay_mount(struct overlay *overlay)
{
	static char options[MAX_LAYERS * PATH_MAX];
	overlay->mounts++;
	bool kernel = overlay_is_kernels(overlay);
	format_options(overlay, kernel, options, sizeof(options));
	if (!kernel)
		return run_program(overlay, options);
	if (mount("overlay", overlay->mnt, "overlay", 0, options) == 0)
		return 0;
	int error = errno;
	fprintf(stderr, "randops: mount -t overlay -o %s: %s\n", options, strerror(error));
	return -error;
}

/* The kernel may still be closing what a child process had open. */
int overlay_unmount(struct overlay *overlay)
{
	for (int try = 0; try < 50; try++) {
		if (umount2(overlay->mnt, 0) == 0)
			return 0;
		if (errno != EBUSY)
			break;
		usleep(20000);
	}
	int error = errno;
	fprintf(stderr, "randops: umount: %s\n", strerror(error));
	return -error;
}
