/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fs-verity: the digest of a file whose contents the file system checks at each read.
 */
#ifndef SYS_VERITY_H
#define SYS_VERITY_H

#include <stdint.h>

#define SYS_DIGEST_MAX 64 /* FS_VERITY_MAX_DIGEST_SIZE of Linux */

struct sys_digest {
	uint8_t algorithm; /* FS_VERITY_HASH_ALG_* */
	uint8_t size;      /* of bytes, 1..SYS_DIGEST_MAX */
	uint8_t bytes[SYS_DIGEST_MAX];
};

/*
 * The digest of a regular file that is open for reading (FS_IOC_MEASURE_VERITY). Needs no
 * privilege, reads none of the data.
 *
 * A file system of a user (FUSE) passes the question on to its server, Linux 6.10: only where
 * sys_statx() says STATX_ATTR_VERITY, which the kernel takes from no server, is it the kernel that
 * answers.
 *
 * Returns 1 with the digest; 0 where the file has none, or its file system or the kernel has no
 * fs-verity; or -errno: -EOVERFLOW for a digest that is none of Linux's.
 */
int sys_verity_digest(int fd, struct sys_digest *ret_digest);

#endif
