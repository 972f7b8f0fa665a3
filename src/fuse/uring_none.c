/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In place of uring.c where there is no liburing to build with. */
#include <errno.h>
#include <stddef.h>

#include "uring.h"

int ovl_uring_new(struct ovl_session *session, unsigned threads, size_t max_write,
	struct ovl_uring **ret_uring, const char **ret_why)
{
	(void)session;
	(void)threads;
	(void)max_write;
	(void)ret_uring;
	*ret_why = "this program was built without liburing";
	return -EOPNOTSUPP;
}

void ovl_uring_begin(struct ovl_uring *uring)
{
	(void)uring;
}

void ovl_uring_stop(struct ovl_uring *uring)
{
	(void)uring;
}

void ovl_uring_wait(struct ovl_uring *uring)
{
	(void)uring;
}

void ovl_uring_free(struct ovl_uring *uring)
{
	(void)uring;
}

unsigned ovl_uring_requests(const struct ovl_uring *uring)
{
	(void)uring;
	return 0;
}

bool ovl_uring_take_answer(const struct iovec *iov, int count, ssize_t *ret_size)
{
	(void)iov;
	(void)count;
	(void)ret_size;
	return false;
}
