/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/processor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"

#define NAME_FIELD      2
#define PROCESSOR_FIELD 39 /* of /proc/PID/stat: proc(5) */

/* Fields are counted after the name, which may hold blanks and brackets. */
static int parse_processor(const char *stat)
{
	const char *at = strrchr(stat, ')');
	for (int field = NAME_FIELD; at && field < PROCESSOR_FIELD; field++) {
		at = strchr(at, ' ');
		at = at ? at + 1 : NULL;
	}
	return at ? atoi(at) : -ENOENT;
}

int sys_processor_of(pid_t tid)
{
	char path[32], text[1024];

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)tid);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t size = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (size <= 0)
		return -ENOENT;
	text[size] = '\0';
	return parse_processor(text);
}

int sys_processors_get(cpu_set_t *ret_all)
{
	return sched_getaffinity(0, sizeof(*ret_all), ret_all) < 0 ? -errno : 0;
}

int sys_processors_set(pthread_t thread, const cpu_set_t *set)
{
	return -pthread_setaffinity_np(thread, sizeof(*set), set);
}
