/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Metacopies: files of which a layer has only the metadata, with the metacopy mark, while their
 * data are in a layer further below: in the file of the same name, or where the redirect mark says,
 * or in a data-only layer (the kernel's metacopy=on and lowerdir=A::B; fs/overlayfs/namei.c,
 * ovl_lookup(), and copy_up.c, ovl_copy_up_meta_inode_data()).
 *
 * A change of metadata makes one in the upper: a file of full size without data. The first change
 * of the data completes it: data are copied into it, and only then the mark goes. Until then a
 * crash or a failure leaves the mark, and with it the data below.
 *
 * A metacopy can lead to data that its writer may not read: the rule is that of redirect.h.
 */
#ifndef OVERLAY_METACOPY_H
#define OVERLAY_METACOPY_H

#include "fs.h"

/* Of an inode whose real object is a metacopy. All: the inode's lock. */
struct ovl_metacopy {
	char *redirect;          /* owned: the real object's redirect mark, or NULL */
	struct ovl_realdir *dir; /* a ref: where the data are; NULL: in some data-only layer */
	char *name;              /* owned: their name in dir; without dir their absolute path */
	blkcnt_t blocks;         /* that they occupy, where dir is known */
};

/* NULL is allowed. */
void ovl_metacopy_free(struct ovl_fs *fs, struct ovl_metacopy *metacopy);

/*
 * Finds out, once in an inode's life, whether its real object is a metacopy, and if so where the
 * data are; those in a data-only layer are searched when they are first opened. inode is the file
 * behind entry in dir; raw, what stat(2) says. dir's lock and inode's are held.
 *
 * Costs nothing where the overlay follows no metacopies, but for files with holes and for small
 * ones in directories with the impure mark; else one getxattr for a file that is not of the bottom
 * layer.
 * Returns 0, or -errno: -EPERM for a metacopy that is not to be followed, -EIO for one without data
 * or with a damaged mark, -EINVAL for a redirect that no overlay makes, -ELOOP where it leads into
 * our own mount.
 */
int ovl_metacopy_learn(struct ovl_fs *fs, struct ovl_dir *dir, const struct ovl_entry *entry,
	struct ovl_inode *inode, const struct stat *raw);

/*
 * What learning does not ask of, for that would be a question for each small file: one that was
 * made by hand, beside no impure mark, and fills a block with xattrs. It reads as zeros. So whoever
 * has read nothing but zeros from fd, the backing file of no metacopy, asks here. Costs nothing
 * else. Returns 0, or -EPERM as ovl_metacopy_learn().
 */
int ovl_metacopy_check_read(int fd, const char *buffer, size_t size, off_t offset);

/* The same for whoever is about to copy from fd without seeing what: reads the first block, if that
 * is among it. */
int ovl_metacopy_check_copy(int fd, size_t size, off_t offset);

/* Is it the name of a metacopy mark, of either prefix? */
bool ovl_metacopy_is_mark(const char *name);

/* Opens the data of a metacopy for reading, and tells their layer's number. inode's lock is held.
 * Returns the descriptor or -errno: -EIO where no data-only layer has them, and where they are not
 * those that verity= asks for (verity.h). */
int ovl_metacopy_open(struct ovl_fs *fs, struct ovl_inode *inode, unsigned *ret_layer);

/* A metacopy occupies what its data do; unless they are in a data-only layer and nobody has opened
 * them yet: then as much as its size. inode's lock is held. */
void ovl_metacopy_show(const struct ovl_inode *inode, struct stat *st);

/*
 * Makes copy, an empty file that nobody can reach yet, a metacopy of inode's lower object, whose
 * attributes are st. Its mark gets the digest of the data, or none (NULL). Returns 1 with
 * *ret_metacopy (owned by the caller) for the inode once copy is published, 0 where the mark cannot
 * be stored, so that the data have to be copied, or -errno.
 */
int ovl_metacopy_make(struct ovl_fs *fs, struct ovl_inode *inode, int copy, const struct stat *st,
	const struct sys_digest *digest, struct ovl_metacopy **ret_metacopy);

/*
 * Gives a metacopy of the upper its data, cut or extended to limit if that is given (copy_up.h), in
 * place: it stays the same file, with all its names. The caller has marked inode COPYING and holds
 * no lock. Returns 0 with inode no metacopy any more, or -errno with it still one.
 */
int ovl_metacopy_complete(struct ovl_fs *fs, struct ovl_inode *inode, off_t limit);

/* Takes the mark away from a file of the upper that has its data by now. Returns 0, or -errno with
 * the mark still there. */
int ovl_metacopy_unmark(struct ovl_fs *fs, struct sys_at upper);

/*
 * Before a metacopy of the upper is renamed, to another directory or not: makes sure that its
 * redirect mark says where its data are. Where it leaves its directory, or has several names, the
 * rename lock is held. Nothing to do for any other file. Returns 0 or -errno: -EXDEV where no
 * redirect can say it, so that the data have to be copied up. Mirrors ovl_set_redirect().
 */
int ovl_metacopy_keep_found(struct ovl_fs *fs, struct ovl_inode *inode, bool leaves_parent);

/* The same before inode gets another name. Takes the rename lock for a metacopy. */
int ovl_metacopy_keep_found_by_link(struct ovl_fs *fs, struct ovl_inode *inode);

/* Is it one? Without its lock: yes may be no by now, but for a file of the upper no stays no. */
static inline bool ovl_inode_is_metacopy(const struct ovl_inode *inode)
{
	return ovl_inode_metacopy(inode) != NULL;
}

#endif
