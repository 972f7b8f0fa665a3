// SPDX-License-Identifier: GPL-2.0-or-later
/* How many leaders several clients get. */
#include "support.h"

#include "leader_number.h"

#define PROCESSORS 2

static struct ovl_leader_number number;

static int setup(void **state)
{
	(void)state;
	number = (struct ovl_leader_number){.n_processors = PROCESSORS, .n = PROCESSORS};
	return 0;
}

static unsigned ticks(unsigned n, unsigned n_asleep)
{
	while (n-- > 1)
		ovl_leader_number_tick(&number, n_asleep);
	return ovl_leader_number_tick(&number, n_asleep);
}

static void test_as_many_as_processors(void **state)
{
	(void)state;
	assert_int_equal(ticks(1, 0), PROCESSORS);
	assert_int_equal(ticks(10 * OVL_LEADERS_STAY_TICKS, 0), PROCESSORS);
}

static void test_sleepers_do_not_count(void **state)
{
	(void)state;
	assert_int_equal(ticks(1, 1), PROCESSORS + 1);
	assert_int_equal(ticks(1, 5), PROCESSORS + 5);
}

/* A dead layer takes one more thread each time, and the others still have the processors. */
static void test_who_never_wakes_stays_left_out(void **state)
{
	(void)state;
	assert_int_equal(ticks(10 * OVL_LEADERS_STAY_TICKS, 3), PROCESSORS + 3);
}

static void test_places_stay_for_a_while(void **state)
{
	(void)state;
	ticks(1, 4);
	assert_int_equal(ticks(OVL_LEADERS_STAY_TICKS - 1, 0), PROCESSORS + 4);
	assert_int_equal(ticks(1, 0), PROCESSORS);
}

static void test_a_sleeper_begins_the_while_anew(void **state)
{
	(void)state;
	ticks(1, 4);
	ticks(OVL_LEADERS_STAY_TICKS - 1, 0);
	assert_int_equal(ticks(1, 2), PROCESSORS + 2);
	assert_int_equal(ticks(OVL_LEADERS_STAY_TICKS - 1, 0), PROCESSORS + 2);
	assert_int_equal(ticks(1, 0), PROCESSORS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_as_many_as_processors, setup),
		cmocka_unit_test_setup(test_sleepers_do_not_count, setup),
		cmocka_unit_test_setup(test_who_never_wakes_stays_left_out, setup),
		cmocka_unit_test_setup(test_places_stay_for_a_while, setup),
		cmocka_unit_test_setup(test_a_sleeper_begins_the_while_anew, setup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
