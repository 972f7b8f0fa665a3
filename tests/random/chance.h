/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What generate.c and generate_layers.c choose with. The same seed gives the same choices
 * everywhere. */
#ifndef CHANCE_H
#define CHANCE_H

#include "randops.h"

#define MAX_KNOWN 600

static inline uint64_t next(struct generator *g)
{
	uint64_t x = g->state += 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

static inline long long below(struct generator *g, long long n)
{
	return (long long)(next(g) % (uint64_t)n);
}

static inline bool chance(struct generator *g, int percent)
{
	return below(g, 100) < percent;
}

#define one_of(g, array) ((array)[below((g), (long long)(sizeof(array) / sizeof((array)[0])))])

/* A component, at times longer than a name may be; valid until the next call. */
const char *random_name(struct generator *g);
long long random_mode(struct generator *g, bool dir);
long long random_uid(struct generator *g);
long long random_gid(struct generator *g);
long long random_size(struct generator *g);
long long random_time(struct generator *g);
const char *random_target(struct generator *g);
const char *random_xattr(struct generator *g);

/* Copies; cuts. */
void set_string(char *to, size_t size, const char *from);
/* DIR/NAME, or "" when that is too long. */
void join(char *to, const char *dir, const char *name);

#endif
