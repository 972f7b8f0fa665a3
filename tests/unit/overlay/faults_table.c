// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>

#include "sys/fault.h"

/* System.posix_acl_default is set by faults.c: it is not text. */
const char faults_layers[] =
	"l2/ l1/ u/ "
	/* lower alone, in one layer and in two, with an xattr */
	"l1/low=low_content l1/low%user.color=red l1/dir/a=1 l1/dir/b=2 l2/dir/c=3 "
	"l1/deep/er/est=deep l1/link>low l1/fifo| l1/emptyl/ l1/hl1=linked l1/hl2+l1/hl1 "
	"l1/hl3=once l1/hl4+l1/hl3 u/hl4! "
	/* upper alone */
	"u/up=upper_content u/up%user.color=blue u/udir/k=kid u/uempty/ u/ulink>up "
	/* upper over lower */
	"l1/both=lower u/both=upper l1/mixed/low=1 l2/mixed/lower=2 u/mixed/up=3 "
	/* whiteouts; and directories that seem empty */
	"l1/gone=hidden u/gone! l1/gonedir/x=hidden u/gonedir! "
	"l1/mdir/f=hidden u/mdir/f! l1/mdir2/f=hidden l2/mdir2/g=hidden l1/mdir2/g! u/mdir2/f! "
	"l1/wdir/x=hidden u/wdir/x! u/wdir/y! u/wdir@opaque=y "
	/* opaque, in the upper and further down */
	"l1/op/hidden=1 u/op/seen=2 u/op@opaque=y l2/op2/hidden=1 l1/op2/seen=2 l1/op2@opaque=y "
	"l2/op3/hidden=1 l1/op3/seen=2 u/op3/up=3 l1/op3@opaque=y "
	"l2/xw/dead=x l1/xw/dead= l1/xw/dead@whiteout=y l1/xw@opaque=x "
	/* a directory whose default ACL new files get, over a whiteout too */
	"l1/acl/gone=hidden u/acl/gone! u/acl/there=1 ";

const char faults_metacopy_layers[] = "l1/meta=meta_content u/meta=############ "
				      "l2/metadir/below=below_content u/metadir/m=############# "
				      "l2/metalower=lower_content l1/metalow=############# ";

const struct faults_case faults_cases[] = {
	{LOOKUP, "low", NULL, 0},
	{LOOKUP, "up", NULL, 0},
	{LOOKUP, "both", NULL, 0},
	{LOOKUP, "gone", NULL, 0},
	{LOOKUP, "none", NULL, 0},
	{LOOKUP, "mixed", NULL, 0},
	{LOOKUP, "op3", NULL, 0},
	{LOOKUP, "dir/c", NULL, 0},
	{LOOKUP, "op/hidden", NULL, 0},
	{LOOKUP, "op2/hidden", NULL, 0},
	{LOOKUP, "op3/hidden", NULL, 0},
	{LOOKUP, "xw/dead", NULL, 0},
	{READDIR, "", NULL, 0},
	{READDIR, "mixed", NULL, 0},
	{READDIR, "op", NULL, 0},
	{READDIR, "op2", NULL, 0},
	{READDIR, "op3", NULL, 0},
	{READDIR, "xw", NULL, 0},
	{READDIR, "mdir", NULL, 0},
	{READDIRPLUS, "mixed", NULL, 0},
	{GETATTR, "low", NULL, 0},
	{GETATTR, "mixed", NULL, 0},
	{READ, "low", NULL, 0},
	{READ, "up", NULL, 0},
	{READLINK, "link", NULL, 0},
	{CHMOD, "low", NULL, 0},
	{CHMOD, "up", NULL, 0},
	{CHMOD, "deep/er/est", NULL, 0},
	{CHMOD, "dir", NULL, 0},
	{CHMOD, "mixed", NULL, 0},
	{CHMOD, "fifo", NULL, 0},
	{CHMOD, "hl1", NULL, 0},
	{CHMOD, "hl3", NULL, 0},
	{LOOKUP, "hl1", NULL, 0},
	{LOOKUP, "hl3", NULL, 0},
	{CHOWN, "low", NULL, 0},
	{CHOWN, "up", NULL, 0},
	{CHOWN, "link", NULL, 0},
	{UTIMES, "low", NULL, 0},
	{UTIMES, "dir", NULL, 0},
	{TRUNCATE, "low", NULL, 0},
	{TRUNCATE, "low", NULL, 3},
	{TRUNCATE, "low", NULL, 9999},
	{TRUNCATE, "up", NULL, 3},
	{WRITE, "low", NULL, 0},
	{WRITE, "up", NULL, 0},
	{WRITE, "deep/er/est", NULL, 0},
	{WRITE, "sparse", NULL, 0},
	{WRITE, "hl1", NULL, 0},
	{MKNOD, "new", NULL, 0},
	{MKNOD, "gone", NULL, 0},
	{MKNOD, "dir/new", NULL, 0},
	{MKNOD, "mdir/f", NULL, 0},
	{MKNOD, "acl/new", NULL, 0},
	{MKNOD, "acl/gone", NULL, 0},
	{MKFIFO, "new", NULL, 0},
	{MKFIFO, "gone", NULL, 0},
	{MKDIR, "new", NULL, 0},
	{MKDIR, "gone", NULL, 0},
	{MKDIR, "gonedir", NULL, 0},
	{MKDIR, "deep/er/new", NULL, 0},
	{MKDIR, "acl/gone", NULL, 0},
	{SYMLINK, "new", NULL, 0},
	{SYMLINK, "gone", NULL, 0},
	{LINK, "up", "new", 0},
	{LINK, "low", "new", 0},
	{LINK, "low", "gone", 0},
	{LINK, "link", "dir/new", 0},
	{UNLINK, "up", NULL, 0},
	{UNLINK, "low", NULL, 0},
	{UNLINK, "both", NULL, 0},
	{UNLINK, "deep/er/est", NULL, 0},
	{UNLINK, "hl1", NULL, 0},
	{UNLINK, "hl3", NULL, 0},
	{LINK, "hl1", "new", 0},
	{RENAME, "hl1", "new", 0},
	{RENAME, "hl1", "hl3", 0},
	{RENAME, "up", "hl1", 0},
	{RENAME, "hl1", "up", RENAME_EXCHANGE},
	{RMDIR, "uempty", NULL, 0},
	{RMDIR, "emptyl", NULL, 0},
	{RMDIR, "mdir", NULL, 0},
	{RMDIR, "mdir2", NULL, 0},
	{RMDIR, "wdir", NULL, 0},
	{RENAME, "up", "new", 0},
	{RENAME, "up", "up2", RENAME_NOREPLACE},
	{RENAME, "low", "new", 0},
	{RENAME, "low", "dir/new", 0},
	{RENAME, "both", "new", 0},
	{RENAME, "up", "gone", 0},
	{RENAME, "low", "gone", 0},
	{RENAME, "low", "up", 0},
	{RENAME, "up", "low", 0},
	{RENAME, "up", "dir/a", 0},
	{RENAME, "both", "low", 0},
	{RENAME, "up", "low", RENAME_EXCHANGE},
	{RENAME, "low", "both", RENAME_EXCHANGE},
	{RENAME, "udir", "new", 0},
	{RENAME, "udir", "dir/new", 0},
	{RENAME, "udir", "gone", 0},
	{RENAME, "uempty", "gonedir", 0},
	{RENAME, "udir", "uempty", 0},
	{RENAME, "udir", "emptyl", 0},
	{RENAME, "udir", "mdir", 0},
	{RENAME, "uempty", "mdir", 0},
	{RENAME, "uempty", "wdir", 0},
	{RENAME, "udir", "wdir", 0},
	{RENAME, "op", "new", 0},
	{RENAME, "op", "gone", 0},
	{RENAME, "op", "mdir", 0},
	{RENAME, "udir", "op", RENAME_EXCHANGE},
	{RENAME, "udir", "low", RENAME_EXCHANGE},
	{RENAME, "op", "up", RENAME_EXCHANGE},
	{RENAME, "mixed", "new", 0},
	{RENAME, "dir", "mixed", 0},
	{SETXATTR, "low", NULL, 0},
	{SETXATTR, "up", NULL, 0},
	{SETXATTR, "dir", NULL, 0},
	{SETXATTR, "low", "system.posix_acl_access", 0},
	{SETXATTR, "udir", "system.posix_acl_access", 0},
	{REMOVEXATTR, "low", NULL, 0},
	{REMOVEXATTR, "up", NULL, 0},
	{FALLOCATE, "low", NULL, 0},
	{FSYNC, "up", NULL, 0},
	{FSYNC, "mixed", NULL, 0},
	{LOOKUP, "meta", NULL, 0},
	{LOOKUP, "metadir/m", NULL, 0},
	{LOOKUP, "metalow", NULL, 0},
	{GETATTR, "meta", NULL, 0},
	{READ, "metadir/m", NULL, 0},
	{READ, "metalow", NULL, 0},
	{CHMOD, "meta", NULL, 0},
	{CHMOD, "metalow", NULL, 0},
	{TRUNCATE, "meta", NULL, 0},
	{TRUNCATE, "meta", NULL, 3},
	{TRUNCATE, "metalow", NULL, 9999},
	{WRITE, "meta", NULL, 0},
	{WRITE, "metadir/m", NULL, 0},
	{WRITE, "metalow", NULL, 0},
	{LINK, "meta", "new", 0},
	{LINK, "metadir/m", "new", 0},
	{UNLINK, "meta", NULL, 0},
	{RENAME, "meta", "new", 0},
	{RENAME, "meta", "dir/new", 0},
	{RENAME, "metalow", "dir/new", 0},
	{RENAME, "metadir/m", "meta", RENAME_EXCHANGE},
	{SETXATTR, "meta", NULL, 0},
	{FALLOCATE, "meta", NULL, 0},
	{FSYNC, "meta", NULL, 0},
	{GETXATTR, "low", "user.color", 0},
	{GETXATTR, "up", "system.posix_acl_access", 0},
	{LISTXATTR, "low", NULL, 0},
	{LISTXATTR, "mixed", NULL, 0},
	{LSEEK, "sparse", NULL, 0},
	{STATFS, "", NULL, 0},
	{COPY_RANGE, "low", "up", 0},
	{COPY_RANGE, "up", "low", 0},
	{COPY_RANGE, "meta", "low", 0},
	{GET_FLAGS, "low", NULL, 0},
	{SET_FLAGS, "low", NULL, 0},
	{SET_FLAGS, "mixed", NULL, 0},
};
const size_t n_faults_cases = N_ELEMENTS(faults_cases);

const char *faults_verb_name(enum faults_verb verb)
{
	static const char *const names[] = {"lookup", "readdir", "readdirplus", "getattr", "read",
		"readlink", "chmod", "chown", "utimes", "truncate", "write", "mknod", "mkfifo",
		"mkdir", "symlink", "link", "unlink", "rmdir", "rename", "setxattr", "removexattr",
		"fallocate", "fsync", "getxattr", "listxattr", "lseek", "statfs", "copy-range",
		"get-flags", "set-flags"};
	return names[verb];
}

/* -- what may succeed, or fail in its own way ---------------------------------------------------
 */

#define ANY -1

static const struct documented {
	int verb; /* or ANY */
	const char *call;
	int error; /* of the call, or ANY */
	int got;   /* 0 = the verb succeeds */
	const char *reason;
} documented[] = {
	{ANY, "sys_utimens", ANY, 0,
		"times of the parent are restored as well as can be (kernel: "
		"ovl_link_up()); the copy's own are in the view"},
	{ANY, "sys_ioctl", ANY, 0, "data.h: FICLONE where it can, else copies"},
	{ANY, "sys_lseek", ANY, 0, "data.h: without SEEK_DATA all is data"},
	{ANY, "sys_unlink", ANY, 0, "whiteout.h: ovl_work_remove() is best effort"},
	{ANY, "sys_rmdir", ANY, 0, "whiteout.h: ovl_work_remove() is best effort"},
	{ANY, "sys_open_dir", ANY, 0, "whiteout.h: ovl_work_remove() is best effort"},
	{ANY, "sys_list", ANY, 0, "whiteout.h: ovl_work_remove() is best effort"},
	{RMDIR, "sys_open", ANY, 0, "sys_list() of ovl_work_remove()"},
	{RENAME, "sys_open", ANY, 0, "sys_list() of ovl_work_remove()"},
	{ANY, "sys_open", EACCES, 0,
		"file.c: the mode of a file of ours is put right for a moment"},
	{ANY, "sys_removexattr", EACCES, 0, "metacopy.c: the same for its marks"},
	{ANY, "sys_getxattr", EACCES, 0, "metacopy.c: the same for its marks"},
	{RENAME, "sys_handle_get", ENOSPC, EXDEV, "redirect: the same, for the origin beside it"},
	{RENAME, "sys_setxattr", ENOSPC, EXDEV,
		"redirect: kernel, ovl_set_redirect(): copy it then"},
	{RENAME, "sys_handle_get", EDQUOT, EXDEV, "redirect: the same, for the origin beside it"},
	{RENAME, "sys_setxattr", EDQUOT, EXDEV,
		"redirect: kernel, ovl_set_redirect(): copy it then"},
	{ANY, "sys_link", EACCES, 0,
		"copy.c: a directory of ours that forbids is opened for a moment"},
	{ANY, "sys_rename", EACCES, 0, "copy.c: the same"},
	{ANY, "sys_setxattr", EACCES, 0, "copy.c: the impure mark, in a directory that forbids"},
	{ANY, "sys_getxattr", EACCES, 0,
		"format.c: a mark that may not be read: the directory may not be listed either"},
	{ANY, "sys_set_thread_umask", ANY, 0, "create.c: in a sandbox the umask is applied by us"},
	{READDIRPLUS, "sys_stat", ANY, 0, "verbs.h: the name alone where a file cannot be read"},
	{READDIRPLUS, "sys_statx", ANY, 0, "verbs.h: the name alone"},
	{READDIRPLUS, "sys_open_dir", ANY, 0, "verbs.h: the name alone"},
	{READDIRPLUS, "sys_listxattr", ANY, 0, "verbs.h: the name alone"},
	{READDIRPLUS, "sys_getxattr", ANY, 0, "verbs.h: the name alone"},
};

static const struct documented *find_documented(
	const struct faults_case *c, const char *call, int error, int got)
{
	for (size_t i = 0; i < N_ELEMENTS(documented); i++) {
		const struct documented *d = &documented[i];
		if ((d->verb == ANY || d->verb == (int)c->verb) && strcmp(d->call, call) == 0 &&
			(d->error == ANY || d->error == error) && d->got == got)
			return d;
	}
	return NULL;
}

static bool is_hard_link(const char *path)
{
	return path && strncmp(path, "hl", 2) == 0;
}

const char *faults_best_effort(const struct faults_case *c, const char *call, int error)
{
	bool is_link = is_hard_link(c->path) || is_hard_link(c->to);
	bool looks = strcmp(call, "sys_stat") == 0 || strcmp(call, "sys_statx") == 0 ||
		     strcmp(call, "sys_listxattr") == 0 || strcmp(call, "sys_getxattr") == 0;
	bool removes = c->verb == UNLINK || c->verb == RMDIR || c->verb == RENAME;
	bool makes = strcmp(call, "sys_link") == 0 || strcmp(call, "sys_mknod") == 0;
	if (removes && makes)
		return "whiteout.c: one with an inode of its own then, as the kernel";
	if (is_link && strcmp(call, "sys_setxattr") == 0)
		return "link_up.c: the mark that counts from the lower's links is as good";
	if (is_link && c->verb == RENAME && looks)
		return "rename.c: is_still() could not see, so all is tried again";
	const struct documented *d = find_documented(c, call, error, 0);
	return d ? d->reason : NULL;
}

const char *faults_other_errno(const struct faults_case *c, const char *call, int error, int got)
{
	const struct documented *d = find_documented(c, call, error, got);
	return d ? d->reason : NULL;
}

const char *faults_degraded(const struct faults_case *c, const char *call)
{
	bool has_acl = strncmp(c->path, "acl/", 4) == 0;
	bool loses_link = c->verb == UNLINK ? is_hard_link(c->path) : is_hard_link(c->to);
	if (loses_link && strcmp(call, "sys_unlink") == 0)
		return "what stays in work/ counts as a link until the next mount";
	if (strcmp(call, "sys_getxattr") == 0) /* and EACCES: else the verb has failed */
		return "override_stat.h: one that may not be read says nothing";
	return has_acl && strcmp(call, "sys_set_thread_umask") == 0
		       ? "create.c: in a sandbox default ACLs are not obeyed"
		       : NULL;
}

const char *faults_done(const struct faults_case *c, const char *call)
{
	bool sets =
		c->verb == CHMOD || c->verb == CHOWN || c->verb == UTIMES || c->verb == TRUNCATE;
	bool answers = strcmp(call, "sys_stat") == 0 || strcmp(call, "sys_open_dir") == 0 ||
		       strcmp(call, "sys_getxattr") == 0;
	return sets && answers ? "the answer, not the change, is missing" : NULL;
}

/* -- making the calls ---------------------------------------------------------------------------
 */

struct run {
	struct world *w;
	const struct faults_case *c;
	struct ovl_inode *dir, *to_dir; /* of path and of to */
	struct ovl_inode *inode;        /* at path */
	struct ovl_inode *from;         /* of COPY_RANGE: at to */
	const char *name, *to_name;
	char *answer;
};

static bool has_room(void *data, size_t length)
{
	(void)data;
	(void)length;
	return true;
}

static void add(void *data, const struct ovl_dirent *d)
{
	struct run *run = data;
	if (d->node)
		ovl_inode_forget(run->w->fs, d->node->nodeid, 1);
	if (strcmp(d->name, ".") != 0 && strcmp(d->name, "..") != 0)
		support_append(&run->answer, "%s:%d ", d->name, d->type);
}

static int run_reading(struct run *run)
{
	struct ovl_fs *fs = run->w->fs;
	struct ovl_lister lister = {has_room, add, run, NULL};
	struct ovl_node node;
	struct stat st;
	char text[256];
	ssize_t r;

	switch (run->c->verb) {
	case LOOKUP:
		r = ovl_lookup(fs, run->dir, run->name, &node);
		if (r == 1) {
			ovl_inode_forget(fs, node.nodeid, 1);
			support_append(&run->answer, "%o %ld", node.st.st_mode,
				S_ISDIR(node.st.st_mode) ? 0L : (long)node.st.st_size);
		}
		break;
	case GETATTR:
		r = ovl_getattr(fs, run->inode, &st);
		if (r == 0)
			support_append(&run->answer, "%o %ld", st.st_mode, (long)st.st_size);
		break;
	case READ:
		r = ovl_read(fs, run->inode, text, sizeof(text), 0);
		if (r >= 0)
			support_append(&run->answer, "%.*s", (int)r, text);
		break;
	case READLINK:
		r = ovl_readlink(fs, run->inode, text, sizeof(text));
		if (r >= 0)
			support_append(&run->answer, "%.*s", (int)r, text);
		break;
	default:
		r = ovl_readdir(fs, run->inode, 0, run->c->verb == READDIRPLUS, &lister);
		break;
	}
	return (int)r;
}

/* The same for what is asked for seldom. */
static int run_asking(struct run *run)
{
	struct ovl_fs *fs = run->w->fs;
	struct statvfs statfs;
	char text[256];
	int flags = 0;
	ssize_t r;

	switch (run->c->verb) {
	case GETXATTR:
		r = ovl_getxattr(fs, run->inode, run->c->to, text, sizeof(text));
		if (r > 0)
			support_append(&run->answer, "%.*s", (int)r, text);
		break;
	case LISTXATTR:
		r = ovl_listxattr(fs, run->inode, false, text, sizeof(text));
		for (const char *name = text; name < text + r; name += strlen(name) + 1)
			support_append(&run->answer, "%s ", name);
		break;
	case LSEEK:
		r = ovl_lseek(fs, run->inode, 0, SEEK_DATA);
		support_append(&run->answer, "%ld", (long)r);
		break;
	case STATFS:
		r = ovl_statfs(fs, &statfs);
		if (r == 0)
			support_append(&run->answer, "%lu", statfs.f_namemax);
		break;
	default:
		r = ovl_ioctl_get(fs, run->inode, FS_IOC_GETFLAGS, &flags);
		support_append(&run->answer, "%d", flags);
		break;
	}
	return r < 0 ? (int)r : 0;
}

static int run_copy_range(struct run *run)
{
	struct ovl_set_id set_id = {0};
	ssize_t r = ovl_copy_file_range(run->w->fs, run->from, 1, run->inode, 1, 3, &set_id);
	return r < 0 ? (int)r : r == 3 ? 0 : -EPROTO;
}

static int run_set_flags(struct run *run)
{
	int flags = FS_NODUMP_FL;
	return ovl_ioctl_set(run->w->fs, run->inode, FS_IOC_SETFLAGS, &flags);
}

static int run_setattr(struct run *run)
{
	struct ovl_change change = {.mode = 0751, .uid = run->w->caller.uid, .gid = 0};
	struct stat st;

	switch (run->c->verb) {
	case CHMOD:
		change.set = OVL_SET_MODE;
		break;
	case CHOWN:
		/* The same owner, for who is not root. */
		change.set = OVL_SET_UID | OVL_SET_GID;
		change.uid += run->w->caller.uid == 0 ? 7 : 0;
		change.gid = run->w->caller.gid;
		break;
	case UTIMES:
		change.set = OVL_SET_MTIME | OVL_SET_ATIME;
		change.atime.tv_sec = change.mtime.tv_sec = 77;
		break;
	default:
		change.set = OVL_SET_SIZE;
		change.size = run->c->number;
		break;
	}
	return ovl_setattr(run->w->fs, run->inode, &change, &st);
}

/* to is the name of an ACL, or NULL for any other xattr. */
static int run_setxattr(struct run *run)
{
	/* user::rw-, group::r--, mask::-wx, user of the id 7: rwx, other::--- */
	static const uint8_t acl[] = {2, 0, 0, 0, 1, 0, 6, 0, 0xff, 0xff, 0xff, 0xff, 2, 0, 7, 0, 7,
		0, 0, 0, 4, 0, 4, 0, 0xff, 0xff, 0xff, 0xff, 0x10, 0, 3, 0, 0xff, 0xff, 0xff, 0xff,
		0x20, 0, 0, 0, 0xff, 0xff, 0xff, 0xff};
	const struct ovl_caller *caller = &run->w->caller;
	struct ovl_fs *fs = run->w->fs;

	if (run->c->to)
		return ovl_setxattr(fs, run->inode, run->c->to, acl, sizeof(acl), 0, caller);
	return ovl_setxattr(fs, run->inode, "user.new", "value", 5, 0, caller);
}

static int run_making(struct run *run)
{
	struct ovl_fs *fs = run->w->fs;
	const struct ovl_caller *caller = &run->w->caller;
	struct ovl_node node;
	int r;

	switch (run->c->verb) {
	case MKNOD:
		r = ovl_mknod(fs, run->dir, run->name, S_IFREG | 0666, 0, caller, &node);
		break;
	case MKFIFO:
		r = ovl_mknod(fs, run->dir, run->name, S_IFIFO | 0666, 0, caller, &node);
		break;
	case MKDIR:
		r = ovl_mkdir(fs, run->dir, run->name, 0777, caller, &node);
		break;
	case SYMLINK:
		r = ovl_symlink(fs, run->dir, run->name, "target", caller, &node);
		break;
	default:
		r = ovl_link(fs, run->inode, run->to_dir, run->to_name, &node);
		break;
	}
	if (r == 0)
		ovl_inode_forget(fs, node.nodeid, 1);
	return r;
}

static int run_verb(struct run *run)
{
	struct ovl_fs *fs = run->w->fs;
	struct ovl_set_id set_id = {0};

	switch (run->c->verb) {
	case LOOKUP:
	case READDIR:
	case READDIRPLUS:
	case GETATTR:
	case READ:
	case READLINK:
		return run_reading(run);
	case CHMOD:
	case CHOWN:
	case UTIMES:
	case TRUNCATE:
		return run_setattr(run);
	case WRITE: {
		ssize_t r = ovl_write(fs, run->inode, "WRITTEN", 7, 1, &set_id);
		return r < 0 ? (int)r : r == 7 ? 0 : -EPROTO;
	}
	case UNLINK:
		return ovl_unlink(fs, run->dir, run->name);
	case RMDIR:
		return ovl_rmdir(fs, run->dir, run->name);
	case RENAME:
		return ovl_rename(fs, run->dir, run->name, run->to_dir, run->to_name,
			(unsigned)run->c->number);
	case SETXATTR:
		return run_setxattr(run);
	case REMOVEXATTR:
		return ovl_removexattr(fs, run->inode, "user.color");
	case FALLOCATE:
		return ovl_fallocate(fs, run->inode, 0, 0, 8192, &set_id);
	case FSYNC:
		return ovl_fsync(fs, run->inode, false);
	case GETXATTR:
	case LISTXATTR:
	case LSEEK:
	case STATFS:
	case GET_FLAGS:
		return run_asking(run);
	case COPY_RANGE:
		return run_copy_range(run);
	case SET_FLAGS:
		return run_set_flags(run);
	default:
		return run_making(run);
	}
}

/* Does the verb work on the file at path, rather than on the name? */
static bool needs_inode(enum faults_verb verb)
{
	return verb != LOOKUP && verb != MKNOD && verb != MKFIFO && verb != MKDIR &&
	       verb != SYMLINK && verb != UNLINK && verb != RMDIR && verb != RENAME;
}

void faults_run(struct world *w, const struct faults_case *c, const struct faults_plan *plan,
	struct faults_outcome *ret_outcome)
{
	struct run run = {.w = w, .c = c};

	support_append(&run.answer, "%s", "");
	run.dir = world_parent(w, c->path, &run.name);
	run.to_dir = c->to ? world_parent(w, c->to, &run.to_name) : NULL;
	run.from = c->verb == COPY_RANGE ? world_get(w, c->to) : NULL;
	run.inode = needs_inode(c->verb) ? world_get(w, c->path) : NULL;
	/* As a worker begins; and each test's set-up has changed it behind our back. */
	sys_set_thread_umask(0);
	sys_fault_arm(plan->n, plan->error);
	sys_fault_arm_another(plan->another);
	ret_outcome->result = run_verb(&run);
	ret_outcome->hit = sys_fault_hit();
	ret_outcome->n_hits = sys_fault_count();
	sys_fault_arm(0, 0);
	ret_outcome->answer = run.answer;
	world_put(w, run.inode);
	world_put(w, run.from);
	world_put(w, run.to_dir);
	world_put(w, run.dir);
}
