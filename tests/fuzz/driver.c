// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs a fuzz target without libFuzzer:
 *
 *     fuzz_NAME [--seed N] [--first I] [--runs N] [--seconds S] [FILE...]
 *
 * Input number I of seed N is always the same: seeds and words of the target, mixed and damaged. A
 * crash, a failed check, or an input that takes longer than ten seconds prints the words that do it
 * again. With files, these are the inputs.
 */
#include "fuzz.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#define MAX_INPUT 4096
#define TOO_LONG  10 /* seconds */

static uint64_t seed, number;
static char program[64];

/* Of the sanitizers; absent without them. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

static void say_how(void)
{
	char text[256];
	int n = snprintf(text, sizeof(text), "again: %s --seed %llu --first %llu --runs 1\n",
		program, (unsigned long long)seed, (unsigned long long)number);
	if (write(STDERR_FILENO, text, (size_t)n) < 0)
		_exit(2);
}

static void on_signal(int signal_number)
{
	say_how();
	signal(signal_number, SIG_DFL);
	raise(signal_number == SIGALRM ? SIGABRT : signal_number);
}

/* -- making inputs ----------------------------------------------------------------------------- */

static uint64_t next(uint64_t *state)
{
	*state += 0x9e3779b97f4a7c15;
	uint64_t z = *state;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static size_t below(uint64_t *state, size_t n)
{
	return n ? (size_t)(next(state) % n) : 0;
}

static const char *pick(uint64_t *state, const char *const *from)
{
	size_t n = 0;
	while (from[n])
		n++;
	return n ? from[below(state, n)] : "";
}

struct input {
	uint8_t data[MAX_INPUT];
	size_t size;
};

static void insert(struct input *in, size_t at, const void *data, size_t size)
{
	if (size > MAX_INPUT - in->size)
		size = MAX_INPUT - in->size;
	memmove(in->data + at + size, in->data + at, in->size - at);
	memcpy(in->data + at, data, size);
	in->size += size;
}

static void delete (struct input *in, size_t at, size_t size)
{
	memmove(in->data + at, in->data + at + size, in->size - at - size);
	in->size -= size;
}

static void damage(struct input *in, uint64_t *state)
{
	size_t at = below(state, in->size + 1);
	size_t rest = in->size - at;
	uint8_t byte = (uint8_t)next(state), copy[64];
	const char *word = pick(state, fuzz_words);
	size_t n = below(state, rest < sizeof(copy) ? rest + 1 : sizeof(copy));

	switch (below(state, 7)) {
	case 0:
		insert(in, at, &byte, 1);
		break;
	case 1:
		delete (in, at, n);
		break;
	case 2:
		if (rest > 0)
			in->data[at] = byte;
		break;
	case 3:
		if (rest > 0)
			in->data[at] ^= (uint8_t)(1U << (byte & 7));
		break;
	case 4:
		memcpy(copy, in->data + at, n);
		insert(in, below(state, in->size + 1), copy, n);
		break;
	default:
		insert(in, at, word, strlen(word));
	}
}

static void make_input(struct input *in, uint64_t which)
{
	uint64_t state = seed * 0x100000001b3 + which;
	const char *start = pick(&state, fuzz_seeds);
	in->size = 0;
	if (next(&state) % 8 == 0) /* noise */
		for (size_t i = below(&state, 200); i > 0; i--)
			in->data[in->size++] = (uint8_t)next(&state);
	else
		insert(in, 0, start, strlen(start));
	for (size_t i = below(&state, 12); i > 0; i--)
		damage(in, &state);
}

/* -- running ----------------------------------------------------------------------------------- */

/* From memory of exactly that size, so that a byte too far is seen. */
static void run(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);
	fuzz_check(copy);
	memcpy(copy, data, size);
	alarm(TOO_LONG);
	LLVMFuzzerTestOneInput(copy, size);
	alarm(0);
	free(copy);
}

static int run_file(const char *path)
{
	static uint8_t data[1 << 16];
	FILE *file = fopen(path, "rb");
	if (!file) {
		perror(path);
		return 1;
	}
	size_t size = fread(data, 1, sizeof(data), file);
	fclose(file);
	run(data, size);
	return 0;
}

static void run_many(uint64_t runs, double seconds)
{
	struct timespec begin, now;
	struct input in;
	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (uint64_t i = 0; i < runs; i++, number++) {
		make_input(&in, number);
		run(in.data, in.size);
		clock_gettime(CLOCK_MONOTONIC, &now);
		if ((double)(now.tv_sec - begin.tv_sec) +
				(double)(now.tv_nsec - begin.tv_nsec) / 1e9 >
			seconds)
			break;
	}
	printf("%s: seed %llu, up to input %llu\n", program, (unsigned long long)seed,
		(unsigned long long)number);
}

int main(int argc, char **argv)
{
	uint64_t runs = UINT64_MAX;
	double seconds = 1e9;
	int i = 1;

	snprintf(program, sizeof(program), "%s",
		strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0]);
	for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
		const char *value = argv[i + 1];
		if (strcmp(argv[i], "--seed") == 0)
			seed = strtoull(value, NULL, 10);
		else if (strcmp(argv[i], "--first") == 0)
			number = strtoull(value, NULL, 10);
		else if (strcmp(argv[i], "--runs") == 0)
			runs = strtoull(value, NULL, 10);
		else
			seconds = strtod(value, NULL);
	}
	if (LLVMFuzzerInitialize)
		LLVMFuzzerInitialize(&argc, &argv);
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(say_how);
	else
		signal(SIGSEGV, on_signal);
	signal(SIGABRT, on_signal);
	signal(SIGALRM, on_signal);
	if (i == argc)
		run_many(runs, seconds);
	for (; i < argc; i++)
		if (run_file(argv[i]) != 0)
			return 1;
	return 0;
}
