/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * File system objects as system calls name them: a directory descriptor and one name in it, or a
 * descriptor alone. One wrapper per system call; every fall-back for older kernels lives here.
 *
 * All functions return 0 (or what they say) or -errno, exactly the errno of the system call. None
 * follows a symbolic link that stands at the name, and a name is always a single component, so no
 * call leaves the directory it was given. All are safe to call from any thread.
 */
#ifndef SYS_OBJECT_H
#define SYS_OBJECT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <time.h>

/* An object: name in the directory dirfd (any open mode, O_PATH too), or dirfd itself where name is
 * "" (again O_PATH is enough). Both are borrowed for the call. */
struct sys_at {
	int dirfd;
	const char *name;
};

static inline struct sys_at sys_at(int dirfd, const char *name)
{
	return (struct sys_at){dirfd, name};
}

static inline struct sys_at sys_at_fd(int fd)
{
	return (struct sys_at){fd, ""};
}

/*
 * When the process has no descriptor left (EMFILE, ENFILE), all that open one here call give_back,
 * which closes some that can be done without and says whether there were any, and try once more.
 * Set before there are other threads; NULL = nobody. give_back may be called under any lock but
 * those of rank 6 (src/README.md).
 */
void sys_set_give_back(bool (*give_back)(void *data), void *data);

/* Opens a directory O_PATH: for walking and as dirfd, not for listing. Returns the descriptor. */
int sys_open_dir(struct sys_at at);

/* Opens an existing object with flags (O_CLOEXEC, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY are added: a
 * FIFO put in a regular file's place cannot block us). Where at is a descriptor it is opened anew
 * through /proc. Returns the descriptor. */
int sys_open(struct sys_at at, int flags);

/* As sys_open() for reading and without touching the access time where we may ask for that. */
int sys_open_noatime(struct sys_at at);

/* Creates a regular file that did not exist (O_CREAT|O_EXCL is added). Returns the descriptor. */
int sys_create(struct sys_at at, int flags, mode_t mode);

/* A nameless regular file in the directory. Returns the descriptor; -EOPNOTSUPP or -EISDIR where
 * the file system has no O_TMPFILE. */
int sys_create_tmpfile(int dirfd, mode_t mode);

/* Another descriptor of the same open file, O_CLOEXEC. */
int sys_dup(int fd);

/* stat of the object itself. */
int sys_stat(struct sys_at at, struct stat *ret_stat);

/* As sys_stat(), and what the file system says besides: STATX_ATTR_* (immutable, append-only, with
 * fs-verity); none where the kernel has no statx(2). how: 0, or AT_STATX_DONT_SYNC, with which a
 * remote file system answers from what it has cached: our own mount, met while walking a layer,
 * then answers without a message to us. */
int sys_statx(struct sys_at at, int how, struct stat *ret_stat, uint64_t *ret_attributes);

int sys_statvfs(int fd, struct statvfs *ret_stat);

/* The target without a final NUL; returns its length. -ENAMETOOLONG when it did not fit. */
ssize_t sys_readlink(struct sys_at at, char *buffer, size_t size);

int sys_mkdir(struct sys_at at, mode_t mode);
int sys_mknod(struct sys_at at, mode_t mode, dev_t device);
int sys_symlink(const char *target, struct sys_at at);
/* from may be a descriptor (O_TMPFILE's too), then it is linked through /proc. */
int sys_link(struct sys_at from, struct sys_at to);
int sys_unlink(struct sys_at at);
int sys_rmdir(struct sys_at at);
/* renameat2(2); with flags 0 also where the file system knows no flags. */
int sys_rename(struct sys_at from, struct sys_at to, unsigned flags);

/* (uid_t)-1 and (gid_t)-1 leave that id as it is. */
int sys_chown(struct sys_at at, uid_t uid, gid_t gid);
/* Permission bits (07777). -EOPNOTSUPP for a symbolic link. */
int sys_chmod(struct sys_at at, mode_t mode);
/* Access and modification time, UTIME_NOW and UTIME_OMIT allowed. */
int sys_utimens(struct sys_at at, const struct timespec times[2]);

/*
 * The umask of the calling thread alone (the kernel applies it, or the parent's default ACL in its
 * stead, when an object is created). The first call in a thread takes its file system attributes
 * apart from the other threads'. Costs a system call only when the value changes.
 */
int sys_set_thread_umask(mode_t mask);

/* What the calling thread's umask leaves of mode. */
mode_t sys_masked_mode(mode_t mode);

/* Sees to it that the calling thread's umask takes nothing from an owner (u+rwx), for objects that
 * the daemon makes for itself. */
void sys_spare_owner_bits(void);

/* Is the capability (CAP_*) effective in this process's own user namespace? */
bool sys_has_capability(int capability);

/* Is the capability effective in the initial user namespace, so that trusted.* can be used? */
bool sys_in_initial_user_namespace(void);

#endif
