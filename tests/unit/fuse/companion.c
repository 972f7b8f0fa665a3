// SPDX-License-Identifier: GPL-2.0-or-later
/* When the leader shares its client's processor. */
#include "support.h"

#include "companion.h"

#define TICK_NS 4000000

static struct ovl_companion companion;
static uint64_t delay_ns;

static struct ovl_tick busy(bool is_leading)
{
	delay_ns += 300 * 2000;
	return (struct ovl_tick){
		.length_ns = TICK_NS,
		.n_requests = 300,
		.one_client = true,
		.is_leading = is_leading,
		.delay_ns = delay_ns,
	};
}

static int setup(void **state)
{
	(void)state;
	companion = (struct ovl_companion){0};
	delay_ns = 0;
	return 0;
}

static void test_one_busy_client(void **state)
{
	(void)state;
	struct ovl_tick tick = busy(false);
	assert_true(ovl_companion_wanted(&companion, &tick));
	for (int i = 0; i < 1000; i++) {
		tick = busy(true);
		assert_true(ovl_companion_wanted(&companion, &tick));
	}
}

static void test_others(void **state)
{
	(void)state;
	struct ovl_tick tick = busy(false);
	tick.n_requests = 3;
	assert_false(ovl_companion_wanted(&companion, &tick));
	tick = busy(false);
	tick.one_client = false;
	assert_false(ovl_companion_wanted(&companion, &tick));
	tick = busy(true);
	tick.large_reads = true;
	assert_false(ovl_companion_wanted(&companion, &tick));
	tick = busy(false);
	assert_true(ovl_companion_wanted(&companion, &tick)); /* nothing of that was a failure */
}

/* Returns after how many ticks it is called again. */
static unsigned pause_after(struct ovl_tick tick)
{
	unsigned pause = 0;
	tick.is_leading = true;
	while (!ovl_companion_wanted(&companion, &tick)) {
		assert_true(++pause < 100000);
		tick = busy(false);
	}
	return pause;
}

static void test_starved(void **state)
{
	unsigned last = 0;
	(void)state;
	for (int i = 0; i < 20; i++) {
		struct ovl_tick tick = busy(true);
		if (i % 2) { /* nothing got done, though there was something to do */
			tick.n_requests = 1;
			tick.request_waits = true;
		} else { /* little got done */
			tick.n_requests = 20;
			delay_ns += TICK_NS / 2;
			tick.delay_ns = delay_ns;
		}
		unsigned pause = pause_after(tick);
		assert_true(pause > last || pause >= 1000);
		assert_true(pause < 2000); /* for good never */
		last = pause;
	}
	for (int i = 0; i < 100; i++) {
		struct ovl_tick tick = busy(true);
		assert_true(ovl_companion_wanted(&companion, &tick));
	}
	struct ovl_tick tick = busy(true);
	tick.n_requests = 0;
	tick.request_waits = true;
	assert_true(pause_after(tick) < 50); /* old failures are forgotten */
}

/* It stays for a short rest and goes in a long one; then it does not come for little. */
static void test_client_rests(void **state)
{
	unsigned n = 0;
	(void)state;
	struct ovl_tick tick = busy(true);
	tick.n_requests = 0;
	while (ovl_companion_wanted(&companion, &tick))
		n++;
	assert_in_range(n, 5, 100);
	tick.is_leading = false;
	tick.n_requests = 2;
	assert_false(ovl_companion_wanted(&companion, &tick));
	tick = busy(false);
	assert_true(ovl_companion_wanted(&companion, &tick));
	tick = busy(true);
	tick.n_requests = 2;
	assert_true(ovl_companion_wanted(&companion, &tick));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_one_busy_client, setup),
		cmocka_unit_test_setup(test_others, setup),
		cmocka_unit_test_setup(test_starved, setup),
		cmocka_unit_test_setup(test_client_rests, setup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
