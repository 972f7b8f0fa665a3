/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The layers, opened and checked before anything is mounted: so a mount point may be one of them or
 * lie under one, relative paths mean the directory that the program was started in, and a mistake
 * is answered while there is somebody to read the answer.
 */
#ifndef MOUNT_LAYERS_H
#define MOUNT_LAYERS_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "mount/options.h"

struct mount_layers {
	int *lower_fds; /* owned, O_PATH; private read-only clones of the mounts where allowed */
	size_t n_lower;
	int upper_fd, work_fd;     /* owned, O_PATH, of one mount; -1 = none */
	int upper_lock, work_lock; /* owned, with flock(LOCK_EX), as long as the mount lives */
	bool had_work;             /* workdir/work was there before us */
};

#define MOUNT_LAYERS_INIT                                                                          \
	(struct mount_layers)                                                                      \
	{                                                                                          \
		.upper_fd = -1, .work_fd = -1, .upper_lock = -1, .work_lock = -1                   \
	}

/*
 * Opens the layers that options names into *layers (MOUNT_LAYERS_INIT before) and sets the
 * descriptors of options->config, which borrows them. mount_layers_clear() is due in both cases.
 *
 * Fails with a message for: a path that is missing, no directory or not permitted; a layer named
 * twice; an upper or work directory that is a lower, contains the other or contains a lower; a
 * workdir on another mount than the upper; an upper that is read-only; an upper or work directory
 * in use by a live mount (waits 3 seconds for one that is just ending). Mirrors
 * fs/overlayfs/super.c, ovl_get_upper(), ovl_get_workdir(), ovl_check_overlapping_layers().
 */
bool mount_layers_open(struct mount_layers *layers, struct mount_options *options, GError **error);

/* Checks how the open layers lie to one another; part of mount_layers_open(). */
bool mount_layers_check(
	const struct mount_layers *layers, const struct mount_options *options, GError **error);

/* When the overlay has taken its own: up to 500 descriptors less. config.lower_fds is dead then. */
void mount_layers_close_lowers(struct mount_layers *layers);

/* Lets the next mount have upper and work: when the session has ended, before the last sync. */
void mount_layers_unlock(struct mount_layers *layers);

/* After a mount that failed: removes the workdir/work that the overlay has made for it. */
void mount_layers_remove_work(const struct mount_layers *layers);

/* Closes everything. */
void mount_layers_clear(struct mount_layers *layers);

#endif
