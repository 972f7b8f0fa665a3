/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From parsed options to a served mount and to its end.
 */
#ifndef MOUNT_SERVE_H
#define MOUNT_SERVE_H

#include "mount/options.h"

/*
 * Opens the layers, makes the overlay, mounts it, serves it, and ends when it is unmounted or when
 * SIGTERM, SIGINT or SIGHUP comes, which unmounts it (lazily). When the mount answers,
 * daemon_detach() is called with notify_fd. Whatever fails, nothing stays mounted, and one line
 * says why. Returns the exit status: 0 or 1.
 */
int mount_serve(struct mount_options *options, int notify_fd);

#endif
