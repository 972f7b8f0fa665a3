/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "habits.h"

#define MOST_INTEREST  3
#define FIRST_INTEREST 2  /* of one whom we do not know: a single `ls -l` gets all at once */
#define BE_SURE_FOR    16 /* listings of one who is known to look, until he is tried again */
#define ALL            UINT32_MAX

void ovl_habits_init(struct ovl_habits *habits)
{
	*habits = (struct ovl_habits){.known[0].interest = FIRST_INTEREST};
	pthread_mutex_init(&habits->lock, NULL);
}

void ovl_habits_clear(struct ovl_habits *habits)
{
	pthread_mutex_destroy(&habits->lock);
}

static struct ovl_habit *habit_of(struct ovl_habits *habits, uint32_t pid)
{
	return &habits->known[pid % OVL_N_HABITS];
}

/* One who looks at a quarter of the files is better served with all of them. */
static bool looks(const struct ovl_habit *habit)
{
	return habit->n_bare > 0 && habit->n_looked_up >= (habit->n_bare + 3) / 4;
}

/* What the last listing has shown. */
static void learn(struct ovl_habit *habit)
{
	if (habit->n_bare == 0)
		return;
	if (looks(habit))
		habit->interest = MOST_INTEREST;
	else if (habit->interest > 0)
		habit->interest--;
	habit->n_bare = habit->n_looked_up = 0;
	habit->n_listings = 0;
}

/* How many of the next files come without attributes. Of a listing's start one, to see; what comes
 * after it may be long, and only whoever has shown interest gets it all. */
static uint32_t choose_bare(const struct ovl_habit *habit, bool from_start)
{
	if (habit->interest == 0)
		return ALL;
	if (!from_start)
		return habit->interest < MOST_INTEREST ? ALL : 0;
	return habit->interest < MOST_INTEREST || habit->n_listings >= BE_SURE_FOR;
}

struct ovl_listing ovl_habits_begin(
	struct ovl_habits *habits, uint32_t pid, uint64_t dir, bool from_start)
{
	struct ovl_listing listing = {0};

	pthread_mutex_lock(&habits->lock);
	struct ovl_habit *habit = habit_of(habits, pid);
	if (habit->pid != pid)
		*habit = (struct ovl_habit){.pid = pid, .interest = FIRST_INTEREST};
	/* In the middle of a listing it is too early to say that he does not look. */
	if (from_start || looks(habit))
		learn(habit);
	habit->dir = dir;
	listing.n_bare = choose_bare(habit, from_start);
	habit->n_listings += from_start;
	pthread_mutex_unlock(&habits->lock);
	return listing;
}

bool ovl_listing_wants(struct ovl_listing *listing)
{
	if (listing->was_bare >= listing->n_bare)
		return true;
	listing->was_bare++;
	return false;
}

void ovl_habits_end(
	struct ovl_habits *habits, uint32_t pid, uint64_t dir, const struct ovl_listing *listing)
{
	pthread_mutex_lock(&habits->lock);
	struct ovl_habit *habit = habit_of(habits, pid);
	if (habit->pid == pid && habit->dir == dir)
		habit->n_bare += listing->was_bare;
	pthread_mutex_unlock(&habits->lock);
}

void ovl_habits_note_lookup(struct ovl_habits *habits, uint64_t dir)
{
	pthread_mutex_lock(&habits->lock);
	for (unsigned i = 0; i < OVL_N_HABITS; i++)
		habits->known[i].n_looked_up += habits->known[i].dir == dir;
	pthread_mutex_unlock(&habits->lock);
}
