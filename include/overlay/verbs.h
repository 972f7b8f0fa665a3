/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be done with an overlay: one function, a verb, for each thing that a file system is
 * asked for. src/fuse calls nothing else of the overlay.
 *
 * Everywhere: 0 (or what is said) or -errno; results through ret_x, untouched on failure. Names are
 * single components of 1..255 bytes, no NUL, no '/'. All verbs may be called from any thread at any
 * time; each takes and gives back the locks that it needs (src/overlay/fs.h has their order).
 * What changes something returns -EROFS where the overlay has no upper, and may return whatever the
 * upper's file system says (-ENOSPC, -EDQUOT, -EIO, -EACCES, -EPERM); then nothing has changed.
 * Permissions are checked by the kernel before it asks (default_permissions), so no verb does.
 *
 * The specification is kernel overlayfs; the function that a verb mirrors stands beside it.
 */
#ifndef OVERLAY_VERBS_H
#define OVERLAY_VERBS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>

struct ovl_file;
struct ovl_fs;
struct ovl_inode;

/* Who asks: ids as the daemon's user namespace has them. */
struct ovl_caller {
	uid_t uid;
	gid_t gid;
	mode_t umask;
	/* Is the caller in that group, or privileged? For what only setting an ACL asks. */
	bool (*is_in_group)(const struct ovl_caller *caller, gid_t gid);
	void *request;
};

/* What the kernel is to remember of a file: its count of lookups has grown by one, which FORGET
 * takes back (also when the answer could not be delivered). */
struct ovl_node {
	uint64_t nodeid;
	struct stat st; /* st_ino, st_mode, ... as users see them; st_dev is not meaningful */
};

/* The inode of a nodeid, with a ref; NULL where there is none (-ESTALE). */
struct ovl_inode *ovl_inode_get(struct ovl_fs *fs, uint64_t nodeid);
void ovl_inode_unref(struct ovl_fs *fs, struct ovl_inode *inode);
/* Of the lookups of which the kernel was told it has forgotten n. Returns whether that were all. */
bool ovl_inode_forget(struct ovl_fs *fs, uint64_t nodeid, uint64_t n);

/* Returns 1 with *ret_node, 0 where there is no such name, or -errno: -ENAMETOOLONG, -ENOTDIR,
 * -ELOOP where our own mount would be entered. Mirrors ovl_lookup(). */
int ovl_lookup(
	struct ovl_fs *fs, struct ovl_inode *dir, const char *name, struct ovl_node *ret_node);

/* For file handles: "." of an inode that the kernel knows by its nodeid alone, and "..", the
 * directory that it is in. Returns 1 with *ret_node or -errno: -ESTALE where it has lost its name.
 * Mirror ovl_fh_to_dentry() and ovl_get_parent(). */
int ovl_lookup_self(struct ovl_fs *fs, struct ovl_inode *inode, struct ovl_node *ret_node);
int ovl_lookup_parent(struct ovl_fs *fs, struct ovl_inode *inode, struct ovl_node *ret_node);

/* -- attributes -------------------------------------------------------------------------------- */

/* Mirrors ovl_getattr(). */
int ovl_getattr(struct ovl_fs *fs, struct ovl_inode *inode, struct stat *ret_stat);

/* Which of a struct ovl_change are to be made. */
#define OVL_SET_MODE     0x01
#define OVL_SET_UID      0x02
#define OVL_SET_GID      0x04
#define OVL_SET_SIZE     0x08
#define OVL_SET_ATIME    0x10
#define OVL_SET_MTIME    0x20
#define OVL_KILL_SUIDGID 0x40 /* a truncation by one who may not keep set-id bits */
#define OVL_KEPT_TIMES   0x80 /* writeback: the kernel, nobody else, gives back what it kept */

struct ovl_change {
	unsigned set;
	mode_t mode; /* 07777 of it */
	uid_t uid;
	gid_t gid;
	off_t size;
	struct timespec atime, mtime; /* tv_nsec may be UTIME_NOW */
};

/* Copies up (without the data that a shorter size throws away) and changes. *ret_stat is the state
 * afterwards. Mirrors ovl_setattr(). */
int ovl_setattr(struct ovl_fs *fs, struct ovl_inode *inode, const struct ovl_change *change,
	struct stat *ret_stat);

/* The target without a NUL; returns its length. Mirrors ovl_get_link(). */
ssize_t ovl_readlink(struct ovl_fs *fs, struct ovl_inode *inode, char *buffer, size_t size);

/* Of the upper's file system, else of the topmost lower's. Mirrors ovl_statfs(). */
int ovl_statfs(struct ovl_fs *fs, struct statvfs *ret_stat);

/* -- making, removing, renaming ---------------------------------------------------------------- */

/* A file, FIFO, socket or device. The mode is masked by the caller's umask or the directory's
 * default ACL; the owner is the caller, the group the directory's where that is setgid. -EEXIST;
 * -EINVAL for other types;
 * -EPERM for a device 0:0 (it would be a whiteout) and for names that AUFS keeps to itself
 * (.wh.NAME). Mirrors ovl_create_object(). */
int ovl_mknod(struct ovl_fs *fs, struct ovl_inode *dir, const char *name, mode_t mode, dev_t device,
	const struct ovl_caller *caller, struct ovl_node *ret_node);
int ovl_mkdir(struct ovl_fs *fs, struct ovl_inode *dir, const char *name, mode_t mode,
	const struct ovl_caller *caller, struct ovl_node *ret_node);
int ovl_symlink(struct ovl_fs *fs, struct ovl_inode *dir, const char *name, const char *target,
	const struct ovl_caller *caller, struct ovl_node *ret_node);
/* Another name for inode, which is copied up. Mirrors ovl_link(). */
int ovl_link(struct ovl_fs *fs, struct ovl_inode *inode, struct ovl_inode *dir, const char *name,
	struct ovl_node *ret_node);

/* -EISDIR, -ENOENT. The file stays usable for who has it open. Mirrors ovl_unlink(). */
int ovl_unlink(struct ovl_fs *fs, struct ovl_inode *dir, const char *name);
/* -ENOTDIR, -ENOENT, -ENOTEMPTY. Mirrors ovl_rmdir(). */
int ovl_rmdir(struct ovl_fs *fs, struct ovl_inode *dir, const char *name);

/* flags: 0, RENAME_NOREPLACE or RENAME_EXCHANGE, else -EINVAL. -EXDEV for a directory that has
 * something in a lower layer where redirects are not made. Mirrors ovl_rename(). */
int ovl_rename(struct ovl_fs *fs, struct ovl_inode *from_dir, const char *from,
	struct ovl_inode *to_dir, const char *to, unsigned flags);

/* -- listing ----------------------------------------------------------------------------------- */

struct ovl_dirent {
	const char *name;
	uint64_t ino;
	uint8_t type;  /* DT_* */
	uint64_t next; /* the offset from which the listing goes on after this entry */
	const struct ovl_node *node; /* NULL, or with ovl_readdir(plus): the file itself */
};

struct ovl_lister {
	/* Is there room for an entry with a name of that many bytes? */
	bool (*has_room)(void *data, size_t name_length);
	void (*add)(void *data, const struct ovl_dirent *entry);
	void *data;
	/* With plus: shall the next entry, of that type, have a node? NULL = all shall. */
	bool (*wants_node)(void *data, uint8_t type);
};

/* Entries after offset (0 = from the start), "." and ".." first. plus: with their nodes where those
 * are wanted, but for those two and for files that cannot be read. Mirrors ovl_iterate(). */
int ovl_readdir(struct ovl_fs *fs, struct ovl_inode *dir, uint64_t offset, bool plus,
	const struct ovl_lister *lister);

/* -- data -------------------------------------------------------------------------------------- */

/* Where opens are told to us at all: may inode be opened with these flags of open(2)? Nothing is
 * copied up; one for writing counts as a change that the end has to sync (ovl_fs_sync()). Returns 0
 * or -EPERM: writing to what is immutable, or, but for appending, to what is append-only. Mirrors
 * ovl_open() and, of that, may_open() of the kernel. */
int ovl_open(struct ovl_fs *fs, struct ovl_inode *inode, int flags);

/* The real file of an inode whose data whoever has it open may reach without us. */
struct ovl_backing {
	int fd;                /* borrowed from file: for reading at least */
	struct ovl_file *file; /* a ref */
};

/* For a regular file that is in the upper with its data, which never ends. -EOPNOTSUPP where data
 * have to go through us: all others, append-only ones, and where owners are squashed, so that the
 * kernel cannot tell whose set-id bits a write takes. */
int ovl_backing_get(struct ovl_fs *fs, struct ovl_inode *inode, struct ovl_backing *ret_backing);
void ovl_backing_put(struct ovl_fs *fs, const struct ovl_backing *backing);

/* Returns how many bytes; fewer than size only at the end. Mirrors ovl_read_iter(). */
ssize_t ovl_read(
	struct ovl_fs *fs, struct ovl_inode *inode, char *buffer, size_t size, off_t offset);
/* What changing a file's contents did to its mode. */
struct ovl_set_id {
	bool kill;    /* in: the one who writes may not leave set-id bits (has no CAP_FSETID) */
	bool changed; /* out: bits were taken away, which the kernel has to be told */
};

/* Mirrors ovl_write_iter(). */
ssize_t ovl_write(struct ovl_fs *fs, struct ovl_inode *inode, const char *buffer, size_t size,
	off_t offset, struct ovl_set_id *set_id);
/* Nothing to do for what lies in a lower layer, and with volatile or fsync=0. Mirrors ovl_fsync().
 */
int ovl_fsync(struct ovl_fs *fs, struct ovl_inode *inode, bool data_only);
/* Mirrors ovl_fallocate(). */
int ovl_fallocate(struct ovl_fs *fs, struct ovl_inode *inode, int mode, off_t offset, off_t length,
	struct ovl_set_id *set_id);
/* SEEK_DATA and SEEK_HOLE (and the plain ones). Mirrors ovl_llseek(). */
off_t ovl_lseek(struct ovl_fs *fs, struct ovl_inode *inode, off_t offset, int whence);
/* Mirrors ovl_copy_file_range(). */
ssize_t ovl_copy_file_range(struct ovl_fs *fs, struct ovl_inode *in, off_t in_offset,
	struct ovl_inode *out, off_t out_offset, size_t length, struct ovl_set_id *set_id);

/* FS_IOC_GETFLAGS, FS_IOC_FSGETXATTR: reads into argument. -ENOTTY for every other command and
 * where the file system knows none. Mirrors ovl_fileattr_get(). */
int ovl_ioctl_get(
	struct ovl_fs *fs, struct ovl_inode *inode, unsigned long command, void *argument);
/* FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR. Mirrors ovl_fileattr_set(). */
int ovl_ioctl_set(
	struct ovl_fs *fs, struct ovl_inode *inode, unsigned long command, void *argument);

/* -- extended attributes ----------------------------------------------------------------------- */

/* Size of the value; size 0 asks for it only. -ENODATA, -ERANGE. Marks of the overlay are not
 * there; names that start as they do are stored escaped. Mirrors ovl_xattr_get(). */
ssize_t ovl_getxattr(
	struct ovl_fs *fs, struct ovl_inode *inode, const char *name, void *value, size_t size);
/* An access ACL that is set by one who is not in the file's group costs the file its setgid bit
 * (kernel: posix_acl_update_mode()). Mirrors ovl_xattr_set(). */
int ovl_setxattr(struct ovl_fs *fs, struct ovl_inode *inode, const char *name, const void *value,
	size_t size, int flags, const struct ovl_caller *caller);
int ovl_removexattr(struct ovl_fs *fs, struct ovl_inode *inode, const char *name);
/* trusted: the caller may see trusted.* names. Mirrors ovl_listxattr(). */
ssize_t ovl_listxattr(
	struct ovl_fs *fs, struct ovl_inode *inode, bool trusted, char *names, size_t size);

#endif
