/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which processor a thread runs on, and may run on, and how readily it gets it.
 */
#ifndef SYS_PROCESSOR_H
#define SYS_PROCESSOR_H

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The processor on which the thread of that id (of any process) runs, or ran last. -ENOENT where
 * there is none, or /proc does not show it. */
int sys_processor_of(pid_t tid);

/* Those on which this process may run. Returns 0 or -errno. */
int sys_processors_get(cpu_set_t *ret_all);

/* How many there may ever be in this machine, those that are not there (hotplug) included: their
 * numbers are smaller. -ENOENT where /sys does not tell. */
int sys_n_possible_processors(void);

/* A thread of this process runs on one of these from now on. Returns 0 or -errno: -EINVAL where it
 * may run on none of them. */
int sys_processors_set(pthread_t thread, const cpu_set_t *set);

/* Can threads of this process be SCHED_IDLE and come back from it? That takes CAP_SYS_NICE in the
 * first user namespace or RLIMIT_NICE; a thread is made to try it. */
bool sys_threads_may_be_idle(void);

/* That thread of this process has the policy SCHED_IDLE from now on: all others come first, and a
 * processor that runs nothing else counts as idle. Threads that it makes inherit it. Returns 0 or
 * -errno: -EPERM where it has another policy than the usual one, which was somebody's choice. */
int sys_thread_be_idle(pid_t tid);

/* Back to the usual policy. Returns 0 or -errno: -EPERM. */
int sys_thread_be_ordinary(pid_t tid);

/* Does that thread of this process run, or wait for a processor, rather than sleep? */
bool sys_thread_is_runnable(pid_t tid);

/* How long that thread of this process has waited for a processor since it started, in nanoseconds;
 * waits that have ended count. 0 where the kernel does not tell. */
uint64_t sys_run_delay(pid_t tid);

#endif
