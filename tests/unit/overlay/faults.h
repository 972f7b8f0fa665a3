/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of verbs that faults.c makes fail, and what is documented of their failing. */
#ifndef TESTS_UNIT_FAULTS_H
#define TESTS_UNIT_FAULTS_H

#include "world.h"

/* The layers on which every case starts, as support_tree() words. */
extern const char faults_layers[];
/* More of them, for the variant that knows metacopies; faults.c makes the marks. */
extern const char faults_metacopy_layers[];

enum faults_verb {
	LOOKUP,
	READDIR,
	READDIRPLUS,
	GETATTR,
	READ,
	READLINK,
	CHMOD,
	CHOWN,
	UTIMES,
	TRUNCATE,
	WRITE,
	MKNOD,
	MKFIFO,
	MKDIR,
	SYMLINK,
	LINK,
	UNLINK,
	RMDIR,
	RENAME,
	SETXATTR,
	REMOVEXATTR,
	FALLOCATE,
	FSYNC,
	GETXATTR,
	LISTXATTR,
	LSEEK,
	STATFS,
	COPY_RANGE, /* from the file at `to` */
	GET_FLAGS,
	SET_FLAGS,
};

struct faults_case {
	enum faults_verb verb;
	const char *path, *to;
	long number; /* size, flags of rename */
};

extern const struct faults_case faults_cases[];
extern const size_t n_faults_cases;

const char *faults_verb_name(enum faults_verb verb);

/* What a run of a verb said. */
struct faults_outcome {
	int result;
	const char *hit; /* the (last) call that failed, or NULL */
	unsigned n_hits;
	char *answer; /* owned: what a verb that reads gave, or "" */
};

/* Which calls fail, and with what. */
struct faults_plan {
	unsigned n;       /* the n-th; 0 = none */
	unsigned another; /* and this one after that; 0 = none */
	int error;
};

#define FAULTS_NONE (&(const struct faults_plan){0, 0, 0})

/* Makes the verb of c, with faults. What it needs is looked up before. */
void faults_run(struct world *w, const struct faults_case *c, const struct faults_plan *plan,
	struct faults_outcome *ret_outcome);

/* Why the verb may succeed although that call failed; NULL: it may not. */
const char *faults_best_effort(const struct faults_case *c, const char *call, int error);
/* Why the verb may succeed without that call, in a lesser way; NULL: it may not. */
const char *faults_degraded(const struct faults_case *c, const char *call);
/* Why the verb may fail because of that call and be done all the same; NULL: it may not. */
const char *faults_done(const struct faults_case *c, const char *call);
/* Why the verb may fail with another errno (got) than the call's; NULL: it may not. */
const char *faults_other_errno(const struct faults_case *c, const char *call, int error, int got);

#endif
