/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_SYS_SECCOMP_H
#define TESTS_UNIT_SYS_SECCOMP_H

#include <stdint.h>

/* A system call that is to fail: always, or where argument & mask == value. */
struct denial {
	int call;
	int error;
	int argument; /* -1 = always */
	uint32_t mask, value;
};

/*
 * Runs check, in a thread (or, with in_process, in a child process: for what a process remembers)
 * in which those system calls fail. check returns 0, or the line of what is wrong.
 * Returns that, or -1 where seccomp cannot be used here.
 */
int run_denied(const struct denial *denials, unsigned n, int (*check)(void), int in_process);

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			return __LINE__;                                                           \
	} while (0)

#endif
