/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cleanup attributes: what a variable owns is released when it goes out of scope, on every path.
 * steal_fd() and steal_pointer() hand the ownership on.
 */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* Closes *fd when it is open; errno is kept, so that it can stand between a failure and its use. */
static inline void cleanup_close(int *fd)
{
	if (*fd >= 0) {
		int saved = errno;
		close(*fd);
		errno = saved;
	}
}

static inline void cleanup_free(void *pointer)
{
	free(*(void **)pointer);
}

#define _cleanup_close_ __attribute__((cleanup(cleanup_close)))
#define _cleanup_free_  __attribute__((cleanup(cleanup_free)))

/* Takes the descriptor out of a _cleanup_close_ variable. */
static inline int steal_fd(int *fd)
{
	int taken = *fd;
	*fd = -1;
	return taken;
}

#define steal_pointer(p)                                                                           \
	({                                                                                         \
		__typeof__(*(p)) taken_ = *(p);                                                    \
		*(p) = NULL;                                                                       \
		taken_;                                                                            \
	})

#endif
