/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Data calls retry EINTR and short transfers, so that callers see all, an end, or an error. */
#include "sys/data.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/fault.h"

static int result(int r)
{
	return r < 0 ? -errno : r;
}

ssize_t sys_pread(int fd, void *buffer, size_t size, off_t offset)
{
	size_t done = 0;

	SYS_FAULT();
	while (done < size) {
		ssize_t r = pread(fd, (char *)buffer + done, size - done, offset + (off_t)done);
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno; /* a short read would be taken for the file's end */
		if (r == 0)
			break;
		done += (size_t)r;
	}
	return (ssize_t)done;
}

ssize_t sys_pread_now(int fd, void *buffer, size_t size, off_t offset)
{
	struct iovec vector = {buffer, size};
	SYS_FAULT();
	ssize_t r = preadv2(fd, &vector, 1, offset, RWF_NOWAIT);
	return r < 0 ? -errno : r;
}

void sys_read_ahead(struct sys_at at, off_t length)
{
	struct stat st;
	/* A layer that says "regular file" of a device in its listing must not have it opened. */
	if (fstatat(at.dirfd, at.name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode))
		return;
	const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	int fd = openat(at.dirfd, at.name, flags | O_NOATIME);
	if (fd < 0 && errno == EPERM)
		fd = openat(at.dirfd, at.name, flags);
	if (fd < 0)
		return;
	(void)posix_fadvise(fd, 0, length, POSIX_FADV_WILLNEED);
	close(fd);
}

ssize_t sys_pwrite(int fd, const void *buffer, size_t size, off_t offset)
{
	size_t done = 0;

	SYS_FAULT();
	while (done < size) {
		ssize_t r =
			pwrite(fd, (const char *)buffer + done, size - done, offset + (off_t)done);
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return done ? (ssize_t)done : -errno;
		done += (size_t)r;
	}
	return (ssize_t)done;
}

int sys_ftruncate(int fd, off_t size)
{
	SYS_FAULT();
	return result(ftruncate(fd, size));
}

int sys_fallocate(int fd, int mode, off_t offset, off_t length)
{
	SYS_FAULT();
	return result(fallocate(fd, mode, offset, length));
}

off_t sys_lseek(int fd, off_t offset, int whence)
{
	SYS_FAULT();
	off_t r = lseek(fd, offset, whence);
	return r < 0 ? -errno : r;
}

int sys_fsync(int fd)
{
	SYS_FAULT();
	return result(fsync(fd));
}

int sys_fdatasync(int fd)
{
	SYS_FAULT();
	return result(fdatasync(fd));
}

int sys_syncfs(int fd)
{
	SYS_FAULT();
	return result(syncfs(fd));
}

ssize_t sys_copy_file_range(int in, off_t in_offset, int out, off_t out_offset, size_t length)
{
	SYS_FAULT();
	ssize_t r = copy_file_range(in, &in_offset, out, &out_offset, length, 0);
	return r < 0 ? -errno : r;
}

int sys_ioctl(int fd, unsigned long command, void *argument)
{
	SYS_FAULT();
	return result(ioctl(fd, command, argument));
}

#define COPY_CHUNK     (1024 * 1024)
#define COPY_IN_KERNEL ((size_t)1 << 30)

/* Can copy_file_range() not serve this pair of files at all? */
static bool must_read_and_write(ssize_t r)
{
	return r == -EXDEV || r == -EINVAL || r == -EOPNOTSUPP || r == -ENOSYS || r == -EPERM;
}

static off_t read_and_write(int in, int out, off_t from, off_t to)
{
	_cleanup_free_ char *buffer = malloc(COPY_CHUNK);
	if (!buffer)
		return -ENOMEM;
	while (from < to) {
		size_t want = to - from < COPY_CHUNK ? (size_t)(to - from) : COPY_CHUNK;
		ssize_t got = sys_pread(in, buffer, want, from);
		if (got <= 0)
			return got < 0 ? got : from;
		ssize_t put = sys_pwrite(out, buffer, (size_t)got, from);
		if (put < 0)
			return put;
		from += put;
	}
	return from;
}

/* Copies [from, to) at the same offsets. Returns how far it came, which is less than to, without an
 * error, where in has become shorter. *in_kernel is cleared when copy_file_range() proves useless.
 */
static off_t copy_extent(int in, int out, off_t from, off_t to, bool *in_kernel)
{
	while (from < to && *in_kernel) {
		size_t want = (size_t)(to - from);
		ssize_t r = sys_copy_file_range(
			in, from, out, from, want < COPY_IN_KERNEL ? want : COPY_IN_KERNEL);
		if (must_read_and_write(r)) {
			*in_kernel = false;
			break;
		}
		if (r < 0)
			return r;
		/* 0 is an end of file, or a file system whose size is not what it can read
		 * (procfs). */
		if (r == 0)
			*in_kernel = false;
		from += r;
	}
	return from < to ? read_and_write(in, out, from, to) : from;
}

int sys_share_contents(int in, int out)
{
	return sys_ioctl(out, FICLONE, (void *)(intptr_t)in);
}

int sys_copy_contents(int in, int out, off_t size, int how)
{
	bool in_kernel = true;

	if (size == 0)
		return 0;
	int r = how & SYS_COPY_UNSHARED ? -EOPNOTSUPP : sys_share_contents(in, out);
	if (r == 0)
		return sys_ftruncate(out, size);
	if (!(how & SYS_COPY_HOLES)) {
		off_t reached = copy_extent(in, out, 0, size, &in_kernel);
		if (reached < 0)
			return (int)reached;
		return reached < size ? sys_ftruncate(out, size) : 0;
	}
	for (off_t at = 0; at < size;) {
		off_t data = sys_lseek(in, at, SEEK_DATA);
		if (data == -ENXIO || data >= size)
			break; /* nothing but a hole up to the end */
		off_t end = data < 0 ? size : sys_lseek(in, data, SEEK_HOLE);
		if (data < 0) /* no SEEK_DATA here: everything is data */
			data = at;
		if (end < 0 || end > size)
			end = size;
		off_t reached = copy_extent(in, out, data, end, &in_kernel);
		if (reached < 0)
			return (int)reached;
		at = end;
	}
	return sys_ftruncate(out, size);
}

ssize_t sys_as_libc(ssize_t result)
{
	if (result >= 0)
		return result;
	errno = (int)-result;
	return -1;
}
