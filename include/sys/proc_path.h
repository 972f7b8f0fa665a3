/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The path of an open descriptor under /proc, for the calls that take no O_PATH descriptor.
 */
#ifndef SYS_PROC_PATH_H
#define SYS_PROC_PATH_H

#include <limits.h>

#define SYS_PROC_PATH_SIZE sizeof("/proc/self/fd/-2147483648")

/* Writes "/proc/self/fd/FD". */
void sys_proc_path(char path[SYS_PROC_PATH_SIZE], int fd);

#define SYS_PROC_CHILD_SIZE (SYS_PROC_PATH_SIZE + 1 + NAME_MAX)

/* Writes "/proc/self/fd/FD/NAME", or the path of fd alone where name is "". Returns 0, or
 * -ENAMETOOLONG for a name of more than NAME_MAX bytes. */
int sys_proc_child(char path[SYS_PROC_CHILD_SIZE], int fd, const char *name);

#endif
