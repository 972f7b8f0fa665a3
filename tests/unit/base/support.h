/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the unit tests of src/{base,sys,layer,overlay,fuse} have in common: cmocka, a temporary
 * directory that is also the working directory, and trees made from one line of text.
 */
#ifndef TESTS_UNIT_SUPPORT_H
#define TESTS_UNIT_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>

#define N_ELEMENTS(array) (sizeof(array) / sizeof(*(array)))

/* A set-up and its end, for cmocka: each test gets a fresh directory under $TMPDIR as its working
 * directory, and umask 0. Everything in it is removed afterwards, and the test fails if it leaked a
 * descriptor. */
int support_set_up(void **state);
int support_clean_up(void **state);

#define TEST(name) cmocka_unit_test_setup_teardown(name, support_set_up, support_clean_up)

/* Removes everything from the working directory. */
void support_empty(void);

/* The time that support_tree() gives to all that it makes. */
#define SUPPORT_TIME 1000000000

/*
 * Makes objects, given as words with spaces between them; parents are made where missing:
 *   dir/            a directory
 *   file=TEXT       a regular file with that content ("_" in TEXT is a blank)
 *   link>TARGET     a symbolic link
 *   name!           a whiteout: character device 0:0
 *   name|           a FIFO
 *   name+OTHER      a hard link to OTHER, which is there
 *   name@MARK=VALUE the xattr user.overlay.MARK of name, which is there
 *   name%NAME=VALUE the xattr NAME of name, which is there
 * They all get mode 0644 or 0755 and SUPPORT_TIME.
 */
void support_tree(const char *words);

/* A regular file's content as text, at most 4095 bytes of it; static. NULL where there is none. */
const char *support_read(const char *path);

/* What stands at path: 'f'ile, 'd'irectory, 'l'ink, 'w'hiteout, 'p'ipe, 's'ocket, 'o'ther, '-'
 * nothing. */
char support_kind(const char *path);

/* Does path have that xattr with that value (NULL: any)? */
bool support_has_xattr(const char *path, const char *name, const char *value);

/* What a directory is and contains, as text, sorted; to be freed. strict: with inode numbers,
 * ctime and all, to show that nothing was touched. */
char *support_dump(const char *path, bool strict);

/* How many descriptors this process has open. */
unsigned support_count_fds(void);

/* Appends to a text that is allocated. */
void support_append(char **text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A cheap generator of random numbers, the same for the same seed. */
uint32_t support_random(uint64_t *seed);

#endif
