/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/proc_path.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void sys_proc_path(char path[SYS_PROC_PATH_SIZE], int fd)
{
	snprintf(path, SYS_PROC_PATH_SIZE, "/proc/self/fd/%d", fd);
}

int sys_proc_child(char path[SYS_PROC_CHILD_SIZE], int fd, const char *name)
{
	sys_proc_path(path, fd);
	if (name[0] == '\0')
		return 0;
	size_t used = strlen(path), length = strlen(name);
	if (length > NAME_MAX)
		return -ENAMETOOLONG;
	path[used] = '/';
	memcpy(path + used + 1, name, length + 1);
	return 0;
}
