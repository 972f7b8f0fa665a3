/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "work.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "sys/listing.h"
#include "sys/xattrs.h"
#include "whiteout.h"

#define WORK     "work"
#define INCOMPAT "incompat"
#define VOLATILE "volatile"

/* Leftovers are shallow: an object, or a directory with whiteouts in a stage directory. */
#define MAX_DEPTH 16

struct cleaning {
	int dirfd;
	unsigned depth;
};

static int remove_tree(struct sys_at at, unsigned depth);

static int remove_listed(void *data, const struct sys_dirent *d)
{
	struct cleaning *cleaning = data;
	struct sys_at at = sys_at(cleaning->dirfd, d->name);
	int r = sys_unlink(at);
	if (r == -ENOENT) /* the daemon before us is just removing its whiteout */
		return 0;
	return r == -EISDIR || r == -EPERM ? remove_tree(at, cleaning->depth + 1) : r;
}

static int remove_tree(struct sys_at at, unsigned depth)
{
	if (depth > MAX_DEPTH)
		return -ELOOP;
	int r = sys_rmdir(at);
	if (r != -ENOTEMPTY && r != -EEXIST)
		return r == -ENOENT ? 0 : r;
	struct cleaning cleaning = {sys_open_dir(at), depth};
	if (cleaning.dirfd < 0)
		return cleaning.dirfd;
	sys_chmod(at, 0700); /* mode 0 is usual, and stops an ordinary user */
	r = sys_list(cleaning.dirfd, remove_listed, &cleaning);
	close(cleaning.dirfd);
	return r < 0 ? r : sys_rmdir(at);
}

int ovl_work_remove_tree(struct sys_at at)
{
	int r = sys_unlink(at);
	if (r == -EISDIR || r == -EPERM)
		r = remove_tree(at, 0);
	return r == -ENOENT ? 0 : r;
}

static int found_one(void *data, const struct sys_dirent *d)
{
	*(bool *)data |= true;
	(void)d;
	return 1;
}

/* Does work/incompat forbid this mount? */
static int check_incompat(int workdir_fd, const char **ret_what)
{
	bool found = false;
	_cleanup_close_ int work = -1, incompat = -1;

	work = sys_open_dir(sys_at(workdir_fd, WORK));
	if (work < 0)
		return work == -ENOENT ? 0 : work;
	incompat = sys_open_dir(sys_at(work, INCOMPAT));
	/* The kernel leaves work/ closed, also to an owner without privileges. */
	if (incompat == -EACCES && sys_chmod(sys_at_fd(work), 0700) == 0)
		incompat = sys_open_dir(sys_at(work, INCOMPAT));
	if (incompat < 0)
		return incompat == -ENOENT ? 0 : incompat;
	int r = sys_list(incompat, found_one, &found);
	if (r < 0 || !found)
		return r < 0 ? r : 0;
	*ret_what =
		"workdir/work/incompat holds a mark (after volatile: check or discard the upper, "
		"then remove that directory)";
	return -EINVAL;
}

static int leave_volatile_mark(int work_fd)
{
	_cleanup_close_ int incompat = -1, mark = -1, dirty = -1;
	int r = sys_mkdir(sys_at(work_fd, INCOMPAT), 0700);
	if (r < 0)
		return r;
	incompat = sys_open_dir(sys_at(work_fd, INCOMPAT));
	r = incompat < 0 ? incompat : sys_mkdir(sys_at(incompat, VOLATILE), 0700);
	if (r < 0)
		return r;
	mark = sys_open_dir(sys_at(incompat, VOLATILE));
	if (mark < 0)
		return mark;
	dirty = sys_create(sys_at(mark, "dirty"), O_WRONLY, 0600);
	return dirty < 0 ? dirty : 0;
}

/* Does a failure mean that the file system cannot do it at all? Anything else (it is full, say)
 * must not be taken for that. */
static bool is_lacking(int r)
{
	return r == -EOPNOTSUPP || r == -EPERM || r == -EINVAL || r == -ENOSYS || r == -EACCES ||
	       r == -EISDIR || r == -ENOTTY;
}

static int remove_acl(int fd, const char *name)
{
	int r = sys_removexattr(sys_at_fd(fd), name);
	return r == -ENODATA || is_lacking(r) ? 0 : r;
}

int ovl_work_prepare(struct ovl_fs *fs, int workdir_fd, const char **ret_what)
{
	struct sys_at work = sys_at(workdir_fd, WORK);

	*ret_what = "workdir/work cannot be read";
	int r = check_incompat(workdir_fd, ret_what);
	if (r < 0)
		return r;
	*ret_what = "workdir/work cannot be emptied";
	r = remove_tree(work, 0);
	if (r < 0 && r != -ENOTDIR)
		return r;
	*ret_what = "workdir/work cannot be made";
	r = sys_mkdir(work, 0700);
	if (r < 0)
		return r;
	fs->work_fd = sys_open_dir(work);
	if (fs->work_fd < 0)
		return fs->work_fd;
	/* What is made in it must inherit nothing: the objects belong elsewhere. */
	r = remove_acl(fs->work_fd, "system.posix_acl_default");
	if (r == 0)
		r = remove_acl(fs->work_fd, "system.posix_acl_access");
	if (r == 0)
		r = sys_chmod(sys_at_fd(fs->work_fd), 0700);
	if (r < 0)
		return r;
	if (fs->sync == OVL_SYNC_VOLATILE)
		r = leave_volatile_mark(fs->work_fd);
	/* As the kernel leaves it: nobody has business there. One without privileges needs the
	 * bits. */
	if (r == 0 && sys_has_capability(CAP_DAC_OVERRIDE))
		r = sys_chmod(sys_at_fd(fs->work_fd), 0);
	return r;
}

/* -- probes ------------------------------------------------------------------------------------ */

/* What a probe found: 1 it can, 0 it cannot, or -errno. */
static int verdict(int r)
{
	return r == 0 ? 1 : is_lacking(r) ? 0 : r;
}

/* Takes away what a probe may have left there. */
static int remove_leftover(struct sys_at at)
{
	int r = sys_unlink(at);
	return r == -ENOENT ? 0 : r;
}

/* What a probe found that may have left something at temp. */
static int verdict_without(struct sys_at temp, int r)
{
	int removed = remove_leftover(temp);
	return removed < 0 ? removed : verdict(r);
}

/* On work/ itself, as the kernel does: every object made costs the upper's file system an inode. */
static int probe_xattrs(struct ovl_fs *fs)
{
	struct sys_at work = sys_at_fd(fs->work_fd);
	const char *name = ovl_mark_name(fs->prefix, OVL_MARK_OPAQUE);
	int r = sys_setxattr(work, name, "0", 1, 0);
	if (r == 0)
		r = sys_removexattr(work, name);
	return verdict(r);
}

/* Making a whiteout, and finding it made. It stays there for the next one. */
static int probe_device(struct sys_at temp)
{
	struct stat st;
	int r = sys_mknod(temp, S_IFCHR | 0, 0);
	if (r == 0)
		r = sys_stat(temp, &st);
	if (r == 0 && !ovl_is_whiteout_device(st.st_mode, st.st_rdev))
		r = -EOPNOTSUPP;
	return verdict(r);
}

/* Moves what probe_device() has made. */
static int probe_whiteout_rename(struct sys_at temp, struct sys_at other)
{
	return verdict(sys_rename(temp, other, RENAME_WHITEOUT));
}

static int probe_tmpfile(struct ovl_fs *fs, struct sys_at temp)
{
	_cleanup_close_ int fd = sys_create_tmpfile(fs->work_fd, 0600);
	int r = fd < 0 ? fd : sys_link(sys_at_fd(fd), temp);
	/* Where /proc is missing, a nameless file cannot get a name. */
	return verdict_without(temp, r == -ENOENT ? -EOPNOTSUPP : r);
}

/* Where whiteouts are files .wh.NAME. */
static int probe_aufs(struct ovl_fs *fs, struct sys_at temp)
{
	fs->whiteouts = OVL_WHITEOUTS_AUFS;
	int r = ovl_whiteout_make(fs, temp);
	int removed = ovl_whiteout_remove(fs, temp);
	return removed < 0 ? removed : verdict(r);
}

/* Where they are marked files. */
static int probe_marked_file(struct ovl_fs *fs, struct sys_at temp)
{
	int fd = sys_create(temp, O_WRONLY, 0600);
	if (fd < 0)
		return fd;
	close(fd);
	int r = sys_setxattr(temp, ovl_mark_name(fs->prefix, OVL_MARK_WHITEOUT), "y", 1, 0);
	return verdict_without(temp, r);
}

/* Which form the upper can hold: 1 with fs->whiteouts, 0 none, or -errno. Engines that read an
 * upper know the first two. */
static int choose_whiteouts(struct ovl_fs *fs, struct sys_at temp, int devices)
{
	int r = devices;
	if (r == 1)
		fs->whiteouts = OVL_WHITEOUTS_DEVICES;
	else
		r = probe_aufs(fs, temp);
	if (r != 0 || !fs->upper_has_xattrs)
		return r;
	r = probe_marked_file(fs, temp);
	if (r == 1)
		fs->whiteouts = OVL_WHITEOUTS_XATTRS;
	return r;
}

static void tell_lacks(const struct ovl_fs *fs, bool no_devices, bool has_whiteouts)
{
	if (!fs->upper_has_xattrs)
		log_line("upperdir's file system cannot hold %s: opaque directories are marked by "
			 "files " OVL_AUFS_OPAQUE ", and inode numbers change at copy-up",
			ovl_mark_name(fs->prefix, OVL_MARK_OPAQUE));
	if (!has_whiteouts)
		log_line("upperdir's file system cannot hold whiteouts, neither devices nor "
			 "files " OVL_AUFS_PREFIX
			 "NAME nor marked ones: what lower layers have cannot be removed");
	else if (fs->whiteouts == OVL_WHITEOUTS_XATTRS)
		log_line("upperdir's file system cannot hold whiteout devices: empty files with "
			 "%s are used",
			ovl_mark_name(fs->prefix, OVL_MARK_WHITEOUT));
	else if (fs->whiteouts == OVL_WHITEOUTS_AUFS && !no_devices)
		log_line("upperdir's file system cannot hold whiteout devices: "
			 "files " OVL_AUFS_PREFIX "NAME are used");
}

int ovl_work_probe(struct ovl_fs *fs, bool no_devices)
{
	char name[OVL_TEMP_NAME_SIZE], other[OVL_TEMP_NAME_SIZE];

	ovl_temp_name(fs, name);
	ovl_temp_name(fs, other);
	struct sys_at temp = sys_at(fs->work_fd, name);
	int xattrs = probe_xattrs(fs);
	int devices = xattrs < 0 || no_devices ? 0 : probe_device(temp);
	int rename = devices <= 0 ? 0 : probe_whiteout_rename(temp, sys_at(fs->work_fd, other));
	int removed = remove_leftover(temp);
	int other_removed = remove_leftover(sys_at(fs->work_fd, other));
	int tmpfile = probe_tmpfile(fs, temp);
	const int verdicts[] = {xattrs, devices, rename, removed, other_removed, tmpfile};

	for (size_t i = 0; i < sizeof(verdicts) / sizeof(*verdicts); i++)
		if (verdicts[i] < 0)
			return verdicts[i];
	fs->upper_has_xattrs = xattrs;
	fs->upper_has_whiteout_rename = rename;
	fs->upper_has_tmpfile = tmpfile;
	int whiteouts = choose_whiteouts(fs, temp, devices);
	if (whiteouts < 0)
		return whiteouts;
	tell_lacks(fs, no_devices, whiteouts);
	return 0;
}
