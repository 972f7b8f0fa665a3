/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each wrapper tries the *xattrat system call first and falls back to the path under /proc. The
 * fall-back is remembered for the process: ENOSYS does not change while it runs.
 */
#include "sys/xattrs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/types.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "sys/fault.h"
#include "sys/proc_path.h"

#ifndef SYS_setxattrat /* Linux 6.13 */
#define SYS_setxattrat    463
#define SYS_getxattrat    464
#define SYS_listxattrat   465
#define SYS_removexattrat 466
#endif

/* struct xattr_args of linux/xattr.h, which Debian 12's headers lack. */
struct xattr_at_args {
	__aligned_u64 value;
	__u32 size;
	__u32 flags;
};

static atomic_bool no_xattrat;

/* The new calls refuse an O_PATH descriptor with an empty path (EBADF): /proc takes it. */
static bool use_path(struct sys_at at)
{
	return at.name[0] == '\0' || atomic_load_explicit(&no_xattrat, memory_order_relaxed);
}

/* Was that answer only "no such system call"? Then never try again. */
static bool is_missing(long r)
{
	if (r >= 0 || errno != ENOSYS)
		return false;
	atomic_store_explicit(&no_xattrat, true, memory_order_relaxed);
	return true;
}

ssize_t sys_getxattr(struct sys_at at, const char *name, void *value, size_t size)
{
	SYS_FAULT();
	if (!use_path(at)) {
		struct xattr_at_args args = {(uintptr_t)value, (__u32)size, 0};
		long r = syscall(SYS_getxattrat, at.dirfd, at.name, AT_SYMLINK_NOFOLLOW, name,
			&args, sizeof(args));
		if (!is_missing(r))
			return r < 0 ? -errno : r;
	}
	char path[SYS_PROC_CHILD_SIZE];
	int r = sys_proc_child(path, at.dirfd, at.name);
	if (r < 0)
		return r;
	/* With a name the last component is ours not to follow; without, it is the magic link. */
	ssize_t got =
		at.name[0] ? lgetxattr(path, name, value, size) : getxattr(path, name, value, size);
	return got < 0 ? -errno : got;
}

int sys_setxattr(struct sys_at at, const char *name, const void *value, size_t size, int flags)
{
	SYS_FAULT();
	if (!use_path(at)) {
		struct xattr_at_args args = {(uintptr_t)value, (__u32)size, (__u32)flags};
		long r = syscall(SYS_setxattrat, at.dirfd, at.name, AT_SYMLINK_NOFOLLOW, name,
			&args, sizeof(args));
		if (!is_missing(r))
			return r < 0 ? -errno : 0;
	}
	char path[SYS_PROC_CHILD_SIZE];
	int r = sys_proc_child(path, at.dirfd, at.name);
	if (r < 0)
		return r;
	r = at.name[0] ? lsetxattr(path, name, value, size, flags)
		       : setxattr(path, name, value, size, flags);
	return r < 0 ? -errno : 0;
}

int sys_removexattr(struct sys_at at, const char *name)
{
	SYS_FAULT();
	if (!use_path(at)) {
		long r = syscall(SYS_removexattrat, at.dirfd, at.name, AT_SYMLINK_NOFOLLOW, name);
		if (!is_missing(r))
			return r < 0 ? -errno : 0;
	}
	char path[SYS_PROC_CHILD_SIZE];
	int r = sys_proc_child(path, at.dirfd, at.name);
	if (r < 0)
		return r;
	r = at.name[0] ? lremovexattr(path, name) : removexattr(path, name);
	return r < 0 ? -errno : 0;
}

ssize_t sys_listxattr(struct sys_at at, char *names, size_t size)
{
	SYS_FAULT();
	if (!use_path(at)) {
		long r = syscall(
			SYS_listxattrat, at.dirfd, at.name, AT_SYMLINK_NOFOLLOW, names, size);
		if (!is_missing(r))
			return r < 0 ? -errno : r;
	}
	char path[SYS_PROC_CHILD_SIZE];
	int r = sys_proc_child(path, at.dirfd, at.name);
	if (r < 0)
		return r;
	ssize_t got = at.name[0] ? llistxattr(path, names, size) : listxattr(path, names, size);
	return got < 0 ? -errno : got;
}
