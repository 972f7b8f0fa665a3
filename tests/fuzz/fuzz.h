/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fuzz target is a program made of one file that defines LLVMFuzzerTestOneInput(), fuzz_seeds and
 * fuzz_words, and of driver.c, or with -Dlibfuzzer=true of LLVM's libFuzzer. What must be true of
 * an input stands in fuzz_check().
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* Called once, before the first input. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Inputs to begin with, and words that inputs are made of; each ends with NULL. */
extern const char *const fuzz_seeds[];
extern const char *const fuzz_words[];

#define fuzz_check(truth)                                                                          \
	do {                                                                                       \
		if (!(truth)) {                                                                    \
			fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #truth);      \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/* The working directory is a new one from here on, in memory unless TMPDIR says where. */
static inline void fuzz_enter_scratch(void)
{
	char directory[4096];
	const char *top = getenv("TMPDIR");
	snprintf(directory, sizeof(directory), "%s/fuse-overlay-fuzz.XXXXXX",
		top ? top : "/dev/shm");
	fuzz_check(mkdtemp(directory) && chdir(directory) == 0);
}

/* An input as text, which it may not contain a NUL for: what is before it. To be freed. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	fuzz_check(text);
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

/* An input that is used up from the front; at its end come zeros. */
struct feed {
	const uint8_t *data;
	size_t size;
};

static inline uint64_t feed_take(struct feed *feed, size_t n)
{
	uint64_t value = 0;
	for (; n > 0 && feed->size > 0; n--, feed->data++, feed->size--)
		value = value << 8 | *feed->data;
	return value;
}

static inline uint8_t feed_byte(struct feed *feed)
{
	return (uint8_t)feed_take(feed, 1);
}

/* Up to max bytes, as many as the next byte says; borrowed from the input. */
static inline const uint8_t *feed_bytes(struct feed *feed, size_t max, size_t *ret_size)
{
	size_t n = feed_byte(feed);
	n = n > max ? max : n;
	n = n > feed->size ? feed->size : n;
	const uint8_t *bytes = feed->data;
	feed->data += n;
	feed->size -= n;
	*ret_size = n;
	return bytes;
}

#endif
