/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wrappers of the *at() system calls. What an O_PATH descriptor cannot do directly (open, link,
 * chmod and utimes on kernels without the newer calls) goes through its /proc/self/fd link, which
 * leads to exactly that object whatever its name is by now.
 */
#include "sys/object.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/fault.h"
#include "sys/proc_path.h"

#ifndef SYS_fchmodat2 /* Linux 6.6; Debian 12's headers are older */
#define SYS_fchmodat2 452
#endif

static int result(int r)
{
	return r < 0 ? -errno : r;
}

static bool is_fd(struct sys_at at)
{
	return at.name[0] == '\0';
}

/* AT_* flags with which a call names the object itself. */
static int self_flags(struct sys_at at)
{
	return AT_SYMLINK_NOFOLLOW | (is_fd(at) ? AT_EMPTY_PATH : 0);
}

static bool (*give_back_descriptors)(void *data);
static void *give_back_data;

void sys_set_give_back(bool (*give_back)(void *data), void *data)
{
	give_back_descriptors = give_back;
	give_back_data = data;
}

static bool can_try_again(int fd)
{
	return (fd == -EMFILE || fd == -ENFILE) && give_back_descriptors &&
	       give_back_descriptors(give_back_data);
}

/* The descriptor that a system call opens, at the first or the second try; or -errno. */
#define OPENED(call)                                                                               \
	({                                                                                         \
		int fd_ = result(call);                                                            \
		can_try_again(fd_) ? result(call) : fd_;                                           \
	})

int sys_open_dir(struct sys_at at)
{
	SYS_FAULT();
	return OPENED(openat(at.dirfd, is_fd(at) ? "." : at.name,
		O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

#define OPEN_ALWAYS (O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

int sys_open(struct sys_at at, int flags)
{
	SYS_FAULT();
	if (!is_fd(at))
		return OPENED(openat(at.dirfd, at.name, flags | OPEN_ALWAYS | O_NOFOLLOW));
	char path[SYS_PROC_PATH_SIZE];
	sys_proc_path(path, at.dirfd);
	return OPENED(open(path, flags | OPEN_ALWAYS));
}

int sys_open_noatime(struct sys_at at)
{
	int fd = sys_open(at, O_RDONLY | O_NOATIME);
	return fd == -EPERM ? sys_open(at, O_RDONLY) : fd;
}

int sys_create(struct sys_at at, int flags, mode_t mode)
{
	SYS_FAULT();
	return OPENED(openat(
		at.dirfd, at.name, flags | O_CREAT | O_EXCL | O_NOFOLLOW | OPEN_ALWAYS, mode));
}

int sys_create_tmpfile(int dirfd, mode_t mode)
{
	SYS_FAULT();
	return OPENED(openat(dirfd, ".", O_TMPFILE | O_RDWR | OPEN_ALWAYS, mode));
}

int sys_dup(int fd)
{
	SYS_FAULT();
	return OPENED(fcntl(fd, F_DUPFD_CLOEXEC, 3));
}

int sys_stat(struct sys_at at, struct stat *ret_stat)
{
	SYS_FAULT();
	return result(fstatat(at.dirfd, at.name, ret_stat, self_flags(at) | AT_NO_AUTOMOUNT));
}

int sys_statx(struct sys_at at, int how, struct stat *ret_stat, uint64_t *ret_attributes)
{
	struct statx x;
	SYS_FAULT();
	if (statx(at.dirfd, at.name, self_flags(at) | AT_NO_AUTOMOUNT | how, STATX_BASIC_STATS,
		    &x) < 0) {
		if (errno != ENOSYS)
			return -errno;
		*ret_attributes = 0;
		return sys_stat(at, ret_stat);
	}
	*ret_attributes = x.stx_attributes;
	*ret_stat = (struct stat){
		.st_dev = makedev(x.stx_dev_major, x.stx_dev_minor),
		.st_ino = x.stx_ino,
		.st_mode = x.stx_mode,
		.st_nlink = x.stx_nlink,
		.st_uid = x.stx_uid,
		.st_gid = x.stx_gid,
		.st_rdev = makedev(x.stx_rdev_major, x.stx_rdev_minor),
		.st_size = (off_t)x.stx_size,
		.st_blksize = x.stx_blksize,
		.st_blocks = (blkcnt_t)x.stx_blocks,
		.st_atim = {x.stx_atime.tv_sec, x.stx_atime.tv_nsec},
		.st_mtim = {x.stx_mtime.tv_sec, x.stx_mtime.tv_nsec},
		.st_ctim = {x.stx_ctime.tv_sec, x.stx_ctime.tv_nsec},
	};
	return 0;
}

int sys_statvfs(int fd, struct statvfs *ret_stat)
{
	SYS_FAULT();
	return result(fstatvfs(fd, ret_stat));
}

ssize_t sys_readlink(struct sys_at at, char *buffer, size_t size)
{
	SYS_FAULT();
	ssize_t length = readlinkat(at.dirfd, at.name, buffer, size);
	if (length < 0)
		return -errno;
	return (size_t)length < size ? length : -ENAMETOOLONG;
}

int sys_mkdir(struct sys_at at, mode_t mode)
{
	SYS_FAULT();
	return result(mkdirat(at.dirfd, at.name, mode));
}

int sys_mknod(struct sys_at at, mode_t mode, dev_t device)
{
	SYS_FAULT();
	return result(mknodat(at.dirfd, at.name, mode, device));
}

int sys_symlink(const char *target, struct sys_at at)
{
	SYS_FAULT();
	return result(symlinkat(target, at.dirfd, at.name));
}

int sys_link(struct sys_at from, struct sys_at to)
{
	SYS_FAULT();
	if (!is_fd(from))
		return result(linkat(from.dirfd, from.name, to.dirfd, to.name, 0));
	/* AT_EMPTY_PATH would want CAP_DAC_READ_SEARCH; the magic link wants nothing. */
	char path[SYS_PROC_PATH_SIZE];
	sys_proc_path(path, from.dirfd);
	return result(linkat(AT_FDCWD, path, to.dirfd, to.name, AT_SYMLINK_FOLLOW));
}

int sys_unlink(struct sys_at at)
{
	SYS_FAULT();
	return result(unlinkat(at.dirfd, at.name, 0));
}

int sys_rmdir(struct sys_at at)
{
	SYS_FAULT();
	return result(unlinkat(at.dirfd, at.name, AT_REMOVEDIR));
}

int sys_rename(struct sys_at from, struct sys_at to, unsigned flags)
{
	SYS_FAULT();
	if (flags == 0)
		return result(renameat(from.dirfd, from.name, to.dirfd, to.name));
	return result(renameat2(from.dirfd, from.name, to.dirfd, to.name, flags));
}

int sys_chown(struct sys_at at, uid_t uid, gid_t gid)
{
	SYS_FAULT();
	return result(fchownat(at.dirfd, at.name, uid, gid, self_flags(at)));
}

int sys_chmod(struct sys_at at, mode_t mode)
{
	SYS_FAULT();
	int r = result((int)syscall(SYS_fchmodat2, at.dirfd, at.name, mode, self_flags(at)));
	if (r != -ENOSYS && r != -EPERM) /* a seccomp filter that is too old says EPERM */
		return r;
	_cleanup_close_ int opened = -1;
	int fd = at.dirfd;
	if (!is_fd(at)) {
		opened = OPENED(openat(at.dirfd, at.name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
		if (opened < 0)
			return opened;
		fd = opened;
	}
	char path[SYS_PROC_PATH_SIZE];
	sys_proc_path(path, fd);
	return result(chmod(path, mode));
}

int sys_utimens(struct sys_at at, const struct timespec times[2])
{
	SYS_FAULT();
	int r = result(utimensat(at.dirfd, at.name, times, self_flags(at)));
	if (r != -EINVAL || !is_fd(at)) /* AT_EMPTY_PATH came with Linux 5.8 */
		return r;
	char path[SYS_PROC_PATH_SIZE];
	sys_proc_path(path, at.dirfd);
	return result(utimensat(AT_FDCWD, path, times, 0));
}

static __thread bool umask_is_own; /* this thread's file system attributes are its own */
static __thread mode_t thread_umask;

int sys_set_thread_umask(mode_t mask)
{
	SYS_FAULT();
	if (!umask_is_own) {
		if (unshare(CLONE_FS) < 0)
			return -errno;
		umask(mask);
		umask_is_own = true;
	} else if (thread_umask != mask) {
		umask(mask);
	}
	thread_umask = mask;
	return 0;
}

mode_t sys_masked_mode(mode_t mode)
{
	return umask_is_own ? mode & ~thread_umask : mode; /* the daemon's own umask is 0 */
}

void sys_spare_owner_bits(void)
{
	if (umask_is_own && (thread_umask & 0700))
		sys_set_thread_umask(0);
}

bool sys_has_capability(int capability)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};

	if (syscall(SYS_capget, &header, data) < 0)
		return false;
	return (data[CAP_TO_INDEX(capability)].effective & CAP_TO_MASK(capability)) != 0;
}

bool sys_in_initial_user_namespace(void)
{
	/* The initial namespace's inode number is fixed: PROC_USER_INIT_INO in linux/proc_ns.h. */
	struct stat st;
	return stat("/proc/self/ns/user", &st) == 0 && st.st_ino == 0xEFFFFFFDu;
}
