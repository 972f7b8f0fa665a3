/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which processor a thread runs on, and may run on.
 */
#ifndef SYS_PROCESSOR_H
#define SYS_PROCESSOR_H

#include <pthread.h>
#include <sched.h>
#include <sys/types.h>

/* The processor on which the thread of that id (of any process) runs, or ran last. -ENOENT where
 * there is none, or /proc does not show it. */
int sys_processor_of(pid_t tid);

/* Those on which this process may run. Returns 0 or -errno. */
int sys_processors_get(cpu_set_t *ret_all);

/* A thread of this process runs on one of these from now on. Returns 0 or -errno: -EINVAL where it
 * may run on none of them. */
int sys_processors_set(pthread_t thread, const cpu_set_t *set);

#endif
