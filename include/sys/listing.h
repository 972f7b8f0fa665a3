/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One getdents(2) pass over a directory.
 */
#ifndef SYS_LISTING_H
#define SYS_LISTING_H

#include <stdint.h>

struct sys_dirent {
	const char *name; /* borrowed until the callback returns; never "." or ".." */
	uint64_t ino;
	unsigned char type; /* DT_*; DT_UNKNOWN where the file system does not tell */
};

/* Returns 0 to go on; anything else ends the pass and is what sys_list() returns. */
typedef int (*sys_list_fn)(void *data, const struct sys_dirent *entry);

/* Calls each for every entry of the directory dirfd (O_PATH is enough: it is opened anew).
 * Returns 0, -errno of open(2) or getdents(2), or what each returned. */
int sys_list(int dirfd, sys_list_fn each, void *data);

#endif
