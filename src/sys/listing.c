/* SPDX-License-Identifier: GPL-2.0-or-later */
/* getdents64 with a large buffer: readdir(3) would cost a malloc of its own and a lock per entry.
 */
#include "sys/listing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/fault.h"
#include "sys/object.h"

#define LIST_BUFFER (128 * 1024)

static bool is_dot(const char *name)
{
	return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

static int each_in_buffer(const char *buffer, ssize_t length, sys_list_fn each, void *data)
{
	for (ssize_t at = 0; at < length;) {
		const struct dirent64 *d = (const struct dirent64 *)(buffer + at);
		struct sys_dirent entry = {d->d_name, d->d_ino, d->d_type};
		at += d->d_reclen;
		if (is_dot(entry.name))
			continue;
		int r = each(data, &entry);
		if (r != 0)
			return r;
	}
	return 0;
}

int sys_list(int dirfd, sys_list_fn each, void *data)
{
	_cleanup_close_ int fd = sys_open_noatime(sys_at(dirfd, "."));
	if (fd < 0)
		return fd;
	_cleanup_free_ char *buffer = malloc(LIST_BUFFER);
	if (!buffer)
		return -ENOMEM;
	for (;;) {
		SYS_FAULT();
		ssize_t length = getdents64(fd, buffer, LIST_BUFFER);
		if (length == 0)
			return 0;
		if (length < 0)
			return -errno;
		int r = each_in_buffer(buffer, length, each, data);
		if (r != 0)
			return r;
	}
}
