/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The overlay as a whole (what the kernel calls the super block): made from a config, closed at the
 * end. Mirrors fs/overlayfs/super.c, ovl_fill_super() and ovl_put_super().
 */
#ifndef OVERLAY_SUPER_H
#define OVERLAY_SUPER_H

#include <stdbool.h>
#include <sys/types.h>

#include "overlay/config.h"

struct ovl_fs;

/*
 * Makes an overlay of config's layers: takes its own descriptors of them, makes workdir/work afresh
 * (what an earlier crash left there is removed), and finds out what the upper can hold.
 *
 * Where the upper lacks something that has a fall-back it is used: for xattrs and device nodes,
 * which change what is on disk, one warning line each is logged; for O_TMPFILE and RENAME_WHITEOUT
 * none.
 *
 * Returns 0 with *ret_fs owned by the caller, or -errno with *ret_what (a static string, for
 * people) naming what failed:
 *   -EINVAL      workdir holds an incompat feature this program does not know (or volatile's dirt)
 *   -ESTALE      index=on, and the upper belongs to another lower, or workdir/index to another
 *                upper
 *   -EINVAL, -ENODATA  ... and workdir/index holds what is no entry of an index
 *   -EOPNOTSUPP  an option in config that this version cannot honour
 *   -EACCES, -EPERM, -EROFS, -ENOSPC, ...  as work/ could not be made in the workdir
 * On disk afterwards: workdir/work, empty but for the marker of volatile; its mode is 0000 where
 * the daemon has CAP_DAC_OVERRIDE, else 0700. config's descriptors are not needed any more.
 */
int ovl_fs_new(const struct ovl_config *config, struct ovl_fs **ret_fs, const char **ret_what);

/* What the users of the mount were told is written shall be so once it is gone: syncs the upper's
 * file system, unless volatile or fsync=0, or nothing was changed. Takes no lock. */
void ovl_fs_sync(struct ovl_fs *fs);

/* Syncs as ovl_fs_sync(), frees everything. No request may be
 * running. NULL is allowed. */
void ovl_fs_free(struct ovl_fs *fs);

/* True when nothing can be changed through the overlay (no upper). */
bool ovl_fs_is_read_only(const struct ovl_fs *fs);

/*
 * Tells the overlay which device its own mount has, so that walking a layer never walks into it
 * (a lower that contains the mount point). Call once, after mount(2) and before requests are
 * served. The kernel's word for such a place is a trap (fs/overlayfs/super.c, ovl_setup_trap()).
 */
void ovl_fs_set_own_device(struct ovl_fs *fs, dev_t dev);

/* From now on a thread reads files ahead of whoever reads a directory's one after the other. Call
 * in the process that serves, when capabilities have been given up: a thread keeps those that it
 * has. Where there is no thread to be had nothing happens. */
void ovl_fs_read_ahead(struct ovl_fs *fs);

/* Gives memory that is no longer needed back to the system. For an idle moment; safe at any time.
 */
void ovl_fs_trim(struct ovl_fs *fs);

#endif
