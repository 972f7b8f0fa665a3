/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/processor.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
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

/* Returns the length of the text, or -ENOENT. */
static ssize_t read_text(const char *path, char *text, size_t size)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, size - 1);
	if (length <= 0)
		return -ENOENT;
	text[length] = '\0';
	return length;
}

int sys_processor_of(pid_t tid)
{
	char path[32], text[1024];

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)tid);
	ssize_t r = read_text(path, text, sizeof(text));
	return r < 0 ? (int)r : parse_processor(text);
}

bool sys_thread_is_runnable(pid_t tid)
{
	char path[48], text[1024];

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", (int)tid);
	const char *name_end = read_text(path, text, sizeof(text)) > 0 ? strrchr(text, ')') : NULL;
	return name_end && strncmp(name_end, ") R", 3) == 0;
}

uint64_t sys_run_delay(pid_t tid)
{
	char path[48], text[128];
	uint64_t delay = 0;

	snprintf(path, sizeof(path), "/proc/self/task/%d/schedstat", (int)tid);
	if (read_text(path, text, sizeof(text)) < 0 || sscanf(text, "%*u %" SCNu64, &delay) != 1)
		return 0;
	return delay;
}

int sys_thread_be_idle(pid_t tid)
{
	const struct sched_param none = {0};

	if (sched_getscheduler(tid) != SCHED_OTHER)
		return -EPERM;
	return sched_setscheduler(tid, SCHED_IDLE, &none) < 0 ? -errno : 0;
}

int sys_thread_be_ordinary(pid_t tid)
{
	const struct sched_param none = {0};
	return sched_setscheduler(tid, SCHED_OTHER, &none) < 0 ? -errno : 0;
}

static void *try_idle(void *data)
{
	bool *may = data;
	*may = sys_thread_be_idle(0) == 0 && sys_thread_be_ordinary(0) == 0;
	return NULL;
}

bool sys_threads_may_be_idle(void)
{
	pthread_t thread;
	bool may = false;
	return pthread_create(&thread, NULL, try_idle, &may) == 0 &&
	       pthread_join(thread, NULL) == 0 && may;
}

int sys_processors_get(cpu_set_t *ret_all)
{
	return sched_getaffinity(0, sizeof(*ret_all), ret_all) < 0 ? -errno : 0;
}

int sys_n_possible_processors(void)
{
	char text[256];

	/* "0-3", or "0,2-7": the last number counts. */
	if (read_text("/sys/devices/system/cpu/possible", text, sizeof(text)) < 0)
		return -ENOENT;
	size_t length = strcspn(text, "\n");
	while (length > 0 && isdigit((unsigned char)text[length - 1]))
		length--;
	return isdigit((unsigned char)text[length]) ? atoi(text + length) + 1 : -ENOENT;
}

int sys_processors_set(pthread_t thread, const cpu_set_t *set)
{
	return -pthread_setaffinity_np(thread, sizeof(*set), set);
}
