// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the overlay and the plain directory may differ: README.md, "What is not asked". */
#include <fcntl.h>
#include <ftw.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "run.h"

/* --- directories with lower content --- */

struct identity {
	uint64_t ino;
	int64_t birth, birth_ns;
};

static int compare_identities(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct identity));
}

static bool get_identity(const char *path, struct identity *identity)
{
	struct statx stx;
	if (statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_BTIME, &stx) < 0 ||
		!S_ISDIR(stx.stx_mode))
		return false;
	memset(identity, 0, sizeof(*identity));
	identity->ino = stx.stx_ino;
	identity->birth = stx.stx_btime.tv_sec;
	identity->birth_ns = stx.stx_btime.tv_nsec;
	return true;
}

static struct run *walking; /* nftw(3) has no place for it */

static int remember_lower_dir(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)ftw;
	(void)type;
	const char *relative = path + strlen(walking->side[1].root);
	struct identity *identity = malloc(sizeof(*identity));
	if (identity == NULL)
		abort();
	if (S_ISDIR(st->st_mode) && *relative == '/' && get_identity(path, identity) &&
		layers_path_is_lower(&walking->layers, relative + 1))
		tsearch(identity, &walking->lower_dirs, compare_identities);
	else
		free(identity);
	return 0;
}

void remember_lower_dirs(struct run *run)
{
	walking = run;
	nftw(run->side[1].root, remember_lower_dir, 32, FTW_PHYS);
}

void forget_lower_dirs(struct run *run)
{
	tdestroy(run->lower_dirs, free);
}

static bool is_lower_dir(struct run *run, const char *path)
{
	struct identity identity;
	char full[2 * PATH_MAX];
	snprintf(full, sizeof(full), "%s/%s", run->side[1].root, path);
	return get_identity(full, &identity) &&
	       tfind(&identity, &run->lower_dirs, compare_identities) != NULL;
}

/* --- exceptions --- */

/* Kernel overlayfs lists a wrong number for a new hard link of a copied-up file in a directory that
 * is in the upper alone: ovl_link() neither marks it impure nor makes a list that it has in memory
 * invalid. */
static bool is_listed_wrongly_by_kernel(struct run *run, const struct op *op)
{
	char parent[PATH_MAX];
	if (!run->settings->numbers || !overlay_is_kernels(&run->overlay) ||
		(op->kind != O_LINK && op->kind != H_LINK))
		return false;
	snprintf(parent, sizeof(parent), "%s", op->kind == O_LINK ? op->other : op->path);
	char *slash = strrchr(parent, '/');
	if (slash == NULL)
		return false; /* in the root, which is merged */
	*slash = '\0';
	return !is_lower_dir(run, parent);
}

/* What cannot be alike, and is not the file system's doing. */
bool is_out_of_bounds(struct run *run, const struct op *op)
{
	struct stat st;
	if (run->settings->skip[op->kind])
		return true;
	/* The root of one side is a mount point, that of the other is not. */
	if ((op->kind == O_RMDIR || op->kind == O_UNLINK || op->kind == O_LINK ||
		    op->kind == O_RENAME) &&
		(op->path[0] == '\0' || (op->kind == O_RENAME && op->other[0] == '\0')))
		return true;
	if (is_listed_wrongly_by_kernel(run, op))
		return true;
	/* Kernel overlayfs copies a file up to the name that it had, even when it has lost it: the
	 * result is EEXIST, or a file that is back from the dead. */
	if ((op->kind == H_CHMOD || op->kind == H_SETXATTR) && run->side[0].kernel &&
		run->side[1].slot[op->slot] >= 0)
		return fstat(run->side[1].slot[op->slot], &st) == 0 && st.st_nlink == 0;
	return false;
}

/* Does path lead out of the plain directory, by way of symbolic links? follow: the last one too. */
static bool leads_out(struct run *run, const char *path, bool follow)
{
	char full[2 * PATH_MAX], real[PATH_MAX];
	size_t length = strlen(run->side[1].root);
	snprintf(full, sizeof(full), "%s/%s", run->side[1].root, path);
	if (!follow)
		*strrchr(full, '/') = '\0';
	return realpath(full, real) != NULL &&
	       (strncmp(real, run->side[1].root, length) != 0 ||
		       (real[length] != '/' && real[length] != '\0'));
}

/* May the overlay answer EXDEV where the plain directory does not? */
bool may_be_exdev(struct run *run, const struct op *op)
{
	bool follow = op->kind == O_COPY_RANGE;
	if (op->kind == H_LINK)
		return leads_out(run, op->path, false);
	if (op->kind < O_LINK || op->kind > O_COPY_RANGE)
		return false;
	if (leads_out(run, op->path, follow) || leads_out(run, op->other, follow))
		return true;
	if (op->kind != O_RENAME)
		return false;
	return is_lower_dir(run, op->path) ||
	       ((op->number[0] & 2) != 0 && is_lower_dir(run, op->other));
}

/* The regular file whose content op changes, as the plain directory has it. */
static bool get_changed_file(
	struct run *run, const struct op *op, struct stat *st, bool *has_capability)
{
	char full[2 * PATH_MAX];
	bool slot = op->kind >= H_WRITE && op->kind <= H_MMAP_WRITE;
	bool path = (op->kind >= O_CREAT_ && op->kind <= O_FALLOCATE && op->kind != O_READ) ||
		    op->kind == O_COPY_RANGE;
	snprintf(full, sizeof(full), "%s/%s", run->side[1].root,
		op->kind == O_COPY_RANGE ? op->other : op->path);
	if (!slot && !path)
		return false;
	int fd = slot ? dup(run->side[1].slot[op->slot])
		      : open(full, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return false;
	*has_capability = fgetxattr(fd, "security.capability", NULL, 0) > 0;
	bool regular = fstat(fd, st) == 0 && S_ISREG(st->st_mode);
	close(fd);
	return regular;
}

/* Privileges of a file that Linux takes from it when it is written to, but the FUSE protocol does
 * not. */
bool is_beyond_fuse(struct run *run, const struct op *op)
{
	struct stat st;
	bool has_capability;
	if (run->settings->program == NULL)
		return false;
	/* chown(2) to nobody takes the set-id bits off; fs/fuse/dir.c, fuse_setattr() leaves that
	 * to the daemon without saying so. */
	if (op->kind == O_CHOWN && op->number[0] == -1 && op->number[1] == -1)
		return true;
	if (!get_changed_file(run, op, &st, &has_capability))
		return false;
	/* A page that was changed by way of a mapping comes back from the kernel as a write, and
	 * the daemon's own write takes more from the file than the change did. */
	if (op->kind == O_MMAP_WRITE || op->kind == H_MMAP_WRITE)
		return has_capability ||
		       (run->settings->user && (st.st_mode & (S_ISUID | S_ISGID)) != 0);
	/* Who is not in the group of a setgid file takes that bit off even where the group may not
	 * execute it (fs/attr.c, setattr_should_drop_sgid()). The daemon is not told all groups of
	 * the writer. */
	return op->as != 0 && (st.st_mode & (S_ISGID | S_IXGRP)) == S_ISGID;
}
