// SPDX-License-Identifier: GPL-2.0-or-later
/* When a thread looks for the next request before it sleeps. */
#include "support.h"

#include <time.h>
#include <unistd.h>

#include "busy_poll.h"

#define QUICK (OVL_BUSY_POLL_NS / 2)
#define SLOW  (OVL_BUSY_POLL_NS * 10)

static struct ovl_busy_poll busy_poll;
static int ends[2];

static int setup(void **state)
{
	(void)state;
	busy_poll = (struct ovl_busy_poll){0};
	return pipe(ends);
}

static int teardown(void **state)
{
	(void)state;
	close(ends[0]);
	if (ends[1] >= 0)
		close(ends[1]);
	return 0;
}

static void learn(unsigned times, uint64_t waited_ns)
{
	while (times-- > 0)
		ovl_busy_poll_learn(&busy_poll, waited_ns);
}

/* Returns after how many quick requests it pays. */
static unsigned until_it_pays(void)
{
	unsigned n = 0;
	for (; n < 1000000 && !ovl_busy_poll_pays(&busy_poll); n++)
		learn(1, QUICK);
	return n;
}

static void test_pays_once_requests_are_quick(void **state)
{
	(void)state;
	assert_false(ovl_busy_poll_pays(&busy_poll));
	learn(1, QUICK);
	assert_true(ovl_busy_poll_pays(&busy_poll));
}

static void test_some_slow_ones_do_not_matter(void **state)
{
	(void)state;
	learn(1000, QUICK);
	for (unsigned i = 0; i < 100; i++) {
		learn(1, SLOW);
		assert_true(ovl_busy_poll_pays(&busy_poll));
		learn(9, QUICK);
	}
}

static void test_many_slow_ones_end_it(void **state)
{
	(void)state;
	learn(1000, QUICK);
	for (unsigned i = 0; i < 100; i++) {
		learn(1, SLOW);
		learn(1, QUICK);
	}
	assert_false(ovl_busy_poll_pays(&busy_poll));
	learn(1000000, SLOW);
	assert_in_range(until_it_pays(), 2, 100); /* nor is it held against the next burst */
}

/* A wait that the thread slept through has the time in it that looking would have saved. */
static void test_woken_late_is_quick(void **state)
{
	(void)state;
	learn(1, OVL_BUSY_POLL_NS * 3 / 2);
	assert_true(ovl_busy_poll_pays(&busy_poll));
	busy_poll.looked = true;
	learn(1, OVL_BUSY_POLL_NS * 3 / 2);
	assert_false(ovl_busy_poll_pays(&busy_poll));
}

/* A look that was just too short may have kept its client from the processor. */
static void test_came_just_after_the_look(void **state)
{
	(void)state;
	learn(1000, QUICK);
	busy_poll.looked = true;
	learn(1, OVL_BUSY_POLL_NS * 2);
	assert_true(ovl_busy_poll_pays(&busy_poll));
	learn(1, OVL_BUSY_POLL_NS * 2);
	busy_poll.looked = false;
	for (unsigned i = 0; i < 100; i++) { /* most requests do not meet such a look, then */
		assert_in_range(until_it_pays(), 8, 20);
		busy_poll.looked = true;
		learn(1, OVL_BUSY_POLL_NS * 2);
		busy_poll.looked = false;
	}
}

#define TICK_NS 4000000

static struct ovl_busy_poll_pause pause_;
static uint64_t delay_ns;

static bool tick(pid_t tid, uint64_t waited_ns)
{
	delay_ns += waited_ns;
	return ovl_busy_poll_allowed(&pause_, TICK_NS, tid, delay_ns);
}

/* Returns for how many ticks nobody may, nobody wanting the processor. */
static unsigned pause_length(void)
{
	unsigned n = 0;
	for (; n < 1000000 && !tick(1, 0); n++)
		continue;
	return n;
}

static void test_others_want_the_processor(void **state)
{
	(void)state;
	unsigned before = 0;
	pause_ = (struct ovl_busy_poll_pause){0};
	assert_true(tick(1, 0));
	assert_true(tick(1, TICK_NS / 100)); /* the watchdog does */
	for (unsigned i = 0; i < 5; i++) {
		assert_true(tick(1, TICK_NS / 2));
		assert_false(tick(1, TICK_NS / 2));
		unsigned now = pause_length();
		assert_true(now > before);
		before = now;
	}
	for (unsigned i = 0; i < 20; i++) {
		assert_true(tick(1, TICK_NS / 2));
		assert_false(tick(1, TICK_NS / 2));
		assert_in_range(pause_length(), before, 2000);
	}
	for (unsigned i = 0; i < 1000; i++)
		assert_true(tick(1, i % 2 ? TICK_NS / 2 : 0)); /* now and then is no harm */
	(void)tick(1, TICK_NS / 2);
	assert_false(tick(1, TICK_NS / 2));
	assert_in_range(pause_length(), 1, 100);
}

/* What another thread has waited since it started was not since the last tick. */
static void test_another_leader(void **state)
{
	(void)state;
	pause_ = (struct ovl_busy_poll_pause){0};
	assert_true(tick(1, 0));
	assert_true(tick(2, 10 * (uint64_t)TICK_NS));
	assert_true(tick(2, TICK_NS));
	assert_false(tick(2, TICK_NS));
}

static void test_new_leader_sleeps_first(void **state)
{
	(void)state;
	learn(1000, QUICK);
	ovl_busy_poll_start(&busy_poll);
	assert_int_equal(until_it_pays(), 1);
	learn(1000, SLOW);
	ovl_busy_poll_start(&busy_poll);
	assert_in_range(until_it_pays(), 10, 30); /* no better than it was */
}

static uint64_t cpu_ns(void)
{
	struct timespec used;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	return (uint64_t)used.tv_sec * 1000000000 + (uint64_t)used.tv_nsec;
}

static void test_sees_what_is_there(void **state)
{
	(void)state;
	learn(1000, QUICK);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_true(ovl_busy_poll(&busy_poll, ends[0], true));
	assert_false(ovl_busy_poll(&busy_poll, ends[0], false)); /* did not look */
}

static void test_sees_what_is_broken(void **state)
{
	(void)state;
	learn(1000, QUICK);
	close(ends[1]);
	ends[1] = -1;
	assert_true(ovl_busy_poll(&busy_poll, ends[0], true));
}

/* However often it waits in vain, it hardly costs a processor anything. */
static void test_does_not_look_for_long(void **state)
{
	(void)state;
	uint64_t before = cpu_ns();
	learn(1000, QUICK);
	for (unsigned i = 0; i < 2000; i++) {
		assert_false(ovl_busy_poll(&busy_poll, ends[0], true));
		busy_poll.began_ns -= 10 * OVL_BUSY_POLL_NS;
		ovl_busy_poll_end(&busy_poll);
	}
	assert_false(ovl_busy_poll_pays(&busy_poll));
	assert_in_range(cpu_ns() - before, 0, 50 * OVL_BUSY_POLL_NS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_pays_once_requests_are_quick, setup, teardown),
		cmocka_unit_test_setup_teardown(test_some_slow_ones_do_not_matter, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_slow_ones_end_it, setup, teardown),
		cmocka_unit_test_setup_teardown(test_woken_late_is_quick, setup, teardown),
		cmocka_unit_test_setup_teardown(test_came_just_after_the_look, setup, teardown),
		cmocka_unit_test_setup_teardown(test_others_want_the_processor, setup, teardown),
		cmocka_unit_test_setup_teardown(test_another_leader, setup, teardown),
		cmocka_unit_test_setup_teardown(test_new_leader_sleeps_first, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sees_what_is_there, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sees_what_is_broken, setup, teardown),
		cmocka_unit_test_setup_teardown(test_does_not_look_for_long, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
