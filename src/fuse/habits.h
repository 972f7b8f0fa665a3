/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Habits: does whoever lists a directory also look at the files in it?
 *
 * A READDIRPLUS may bring a file's attributes with its name, which costs a stat of it. For `ls -l`
 * that saves a LOOKUP for each file; for `find` it is work for nothing. Where attributes came
 * along, no later message tells whether they were wanted. So at first, and then now and again, one
 * file's are left out: who wants them asks; who does not, twice, is given names alone from then on,
 * until he asks. What a process did is remembered by its id, for the last few that listed anything.
 * (The kernel's own guess, READDIRPLUS_AUTO, knows directories only, and takes the first part of
 * each for wanted.)
 *
 * Directories always come with their attributes: who walks a tree enters them.
 */
#ifndef FUSE_HABITS_H
#define FUSE_HABITS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define OVL_N_HABITS 64

/* What one process did lately. */
struct ovl_habit {
	uint32_t pid;    /* 0 = nobody */
	uint64_t dir;    /* the nodeid that it listed last */
	uint32_t n_bare; /* files there that it got the names of, alone */
	uint32_t n_looked_up;
	uint32_t n_listings; /* since there was a file to try it with */
	uint8_t interest;    /* 0 = names will do */
};

struct ovl_habits {
	pthread_mutex_t lock; /* innermost; not held while anything is done */
	struct ovl_habit known[OVL_N_HABITS];
};

void ovl_habits_init(struct ovl_habits *habits);
void ovl_habits_clear(struct ovl_habits *habits);

/* How the files of one READDIRPLUS are to be answered. */
struct ovl_listing {
	uint32_t n_bare;   /* so many files without attributes come first; the others have them */
	uint32_t was_bare; /* result: how many there were */
};

/* pid lists dir, by READDIRPLUS, from its start or from further on. */
struct ovl_listing ovl_habits_begin(
	struct ovl_habits *habits, uint32_t pid, uint64_t dir, bool from_start);
/* Decides for each file that is no directory, in order. */
bool ovl_listing_wants(struct ovl_listing *listing);
void ovl_habits_end(
	struct ovl_habits *habits, uint32_t pid, uint64_t dir, const struct ovl_listing *listing);

/* Somebody (a shell lists, its children look) has looked up a file, no directory, in dir. */
void ovl_habits_note_lookup(struct ovl_habits *habits, uint64_t dir);

#endif
