/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One run of a case, and where its two sides may differ. */
#ifndef RANDOPS_RUN_H
#define RANDOPS_RUN_H

#include "randops.h"

struct settings {
	const char *dir;     /* scratch */
	const char *program; /* NULL: kernel overlayfs */
	const char *options, *both;
	const char *log;
	long n_ops;
	bool user, alternate, numbers, links, foreign, empty_upper;
	bool skip[N_KINDS];
};

struct run {
	const struct settings *settings;
	struct layers layers;
	struct overlay overlay;
	struct side side[2];
	struct compare compare;
	struct generator generator;
	FILE *log;
	void *lower_dirs; /* identities of the plain directory's directories that stand for lower
			     ones */
	uint64_t lower_digest[MAX_LAYERS];
	long n_done, n_errors, n_exdev;
};

/* Of the plain directory as it is now: which of its directories stand for lower ones. */
void remember_lower_dirs(struct run *run);
void forget_lower_dirs(struct run *run);

/* What cannot be alike, and is not the file system's doing: op is left out. */
bool is_out_of_bounds(struct run *run, const struct op *op);

/* May the overlay answer EXDEV where the plain directory does not? */
bool may_be_exdev(struct run *run, const struct op *op);

/* Privileges of a file that Linux takes from it when it is written to, but the FUSE protocol does
 * not. */
bool is_beyond_fuse(struct run *run, const struct op *op);

#endif
