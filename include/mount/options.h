/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line, as a struct: what to mount (an ovl_config and the paths of its layers), where
 * and how to mount it, and how to run.
 *
 *   fuse-overlay [-f] [-d] [-o OPTION,...]... [SOURCE] MOUNTPOINT
 *   mount.fuse.NAME SOURCE MOUNTPOINT [-sfnv] [-N NAMESPACE] [-o OPTION,...] [-t TYPE]
 *
 * The second is what mount(8) calls, recognised by a program name that begins with "mount."; there
 * -f means "fake". Nothing is opened and no path is looked at.
 */
#ifndef MOUNT_OPTIONS_H
#define MOUNT_OPTIONS_H

#include <glib.h>
#include <stdbool.h>
#include <sys/mount.h>

#include "fuse/session.h"
#include "overlay/config.h"

#ifndef MS_NOSYMFOLLOW /* Linux 5.10 */
#define MS_NOSYMFOLLOW 256
#endif

/* timeout= when not given: names and attributes are valid for ever, as good as (31 years). */
#define MOUNT_TIMEOUT_FOREVER 1e9

/* The words that SELinux knows; the others in the order of mount_context_names[]. */
enum mount_context {
	MOUNT_CONTEXT,
	MOUNT_FSCONTEXT,
	MOUNT_DEFCONTEXT,
	MOUNT_ROOTCONTEXT,
	MOUNT_N_CONTEXTS
};
extern const char *const mount_context_names[MOUNT_N_CONTEXTS];

struct mount_options {
	/* What: config's descriptors are not set yet (mount/layers.h does), its id maps are owned.
	 */
	struct ovl_config config;
	GPtrArray *lower; /* owned: paths, top first, config.n_data data-only ones at the end */
	char *upper;      /* owned; NULL = read-only overlay */
	char *work;       /* owned; NULL exactly when upper is */

	/* Where and how. Strings are owned. */
	char *mountpoint;
	char *fsname;        /* the first column of mountinfo: fsname=, SOURCE, or the subtype */
	char *subtype;       /* the type is fuse.SUBTYPE */
	unsigned long flags; /* MS_RDONLY, MS_NOSUID, MS_NODEV, ... of mount(2) */
	bool allow_other;    /* asked for; mount(2) gets it always, fusermount3 only then */
	bool allow_root;
	char *contexts[MOUNT_N_CONTEXTS];
	char *mount_namespace; /* -N of a mount(8) helper; NULL = ours */

	/* How to run. */
	double timeout;
	unsigned threads; /* 0 = as many as are useful */
	bool writeback;
	enum ovl_io_uring io_uring;
	enum ovl_passthrough_use passthrough;
	bool foreground;
	bool debug;

	/* Instead of running. */
	bool fake; /* -f of a mount(8) helper: check the words, do nothing */
	bool show_help;
	bool show_version;

	GPtrArray *unknown; /* owned: words of -o that nobody knows, to be reported and ignored */
};

/*
 * Fills *options from argv and from FUSE_OVERLAYFS_DISABLE_OVL_WHITEOUT. On failure *error says in
 * one line what is wrong with which word. mount_options_clear() is due in both cases.
 * With show_help or show_version nothing else needs to be complete.
 */
bool mount_options_parse(
	struct mount_options *options, int argc, const char *const *argv, GError **error);

/* Frees what options owns. */
void mount_options_clear(struct mount_options *options);

/*
 * For the parts of the parser. Takes one word of -o ("lowerdir=/a", "ro") into options. A word that
 * nobody knows is added to options->unknown and is no failure; a known one with a bad value is.
 */
bool mount_options_take_word(struct mount_options *options, const char *word, GError **error);

/*
 * Takes a word that mount(8), fstab, or any file system knows: mount flags become bits of *flags,
 * administrative words mean nothing here. Returns false when the word is none of these.
 */
bool generic_option_take(unsigned long *flags, const char *word);

#endif
