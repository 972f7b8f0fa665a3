/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * workdir/work: where new objects are made aside. Made afresh at every mount, as the kernel's
 * ovl_workdir_create() does; and the place to find out what the upper's file system can hold.
 */
#ifndef OVERLAY_WORK_H
#define OVERLAY_WORK_H

#include "fs.h"

/* Makes workdir/work empty and opens it as fs->work_fd. Returns 0 or -errno with *ret_what: -EINVAL
 * where work/incompat says that the upper must not be mounted so. With volatile its marker is left
 * there. */
int ovl_work_prepare(struct ovl_fs *fs, int workdir_fd, const char **ret_what);

/* Removes what at names and what is in it; not there is no error. Returns 0 or -errno. */
int ovl_work_remove_tree(struct sys_at at);

/* Tries in work/ what the upper can do and sets fs->upper_has_*; says in one line each what is
 * missing and what is used instead. Returns 0 or -errno. */
int ovl_work_probe(struct ovl_fs *fs, bool no_devices);

#endif
