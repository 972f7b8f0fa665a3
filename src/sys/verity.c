/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/verity.h"

#include <errno.h>
#include <linux/fsverity.h>
#include <string.h>
#include <sys/ioctl.h>

#include "sys/fault.h"

/* struct fsverity_digest with room for the digest. */
union answer {
	struct fsverity_digest digest;
	uint8_t room[sizeof(struct fsverity_digest) + SYS_DIGEST_MAX];
};

int sys_verity_digest(int fd, struct sys_digest *ret_digest)
{
	union answer answer = {.digest = {.digest_size = SYS_DIGEST_MAX}};

	SYS_FAULT();
	if (ioctl(fd, FS_IOC_MEASURE_VERITY, &answer) < 0)
		return errno == ENODATA || errno == EOPNOTSUPP || errno == ENOTTY ? 0 : -errno;
	unsigned algorithm = answer.digest.digest_algorithm, size = answer.digest.digest_size;
	if (algorithm == 0 || algorithm > UINT8_MAX || size == 0 || size > SYS_DIGEST_MAX)
		return -EOVERFLOW;
	*ret_digest = (struct sys_digest){.algorithm = (uint8_t)algorithm, .size = (uint8_t)size};
	memcpy(ret_digest->bytes, answer.digest.digest, size);
	return 1;
}
