/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How src/mount reports failure: a GError whose message is one line for people. It names the
 * option, the path and what to do, because it is all that "podman run" or mount(8) will show.
 */
#ifndef MOUNT_ERROR_H
#define MOUNT_ERROR_H

#include <glib.h>
#include <stdbool.h>

/* The only domain and the only code: nobody acts on the kind, everybody shows the message. */
#define OVL_MOUNT_ERROR g_quark_from_static_string("ovl-mount-error")

/* Sets *error (may be NULL). Control characters, which a path may contain, become '?': the message
 * stays one line. errno is kept. Returns false, so that "return mount_error_set(...)" reads well.
 */
bool mount_error_set(GError **error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
