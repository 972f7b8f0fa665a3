// SPDX-License-Identifier: GPL-2.0-or-later
/* Where threads run. */
#include "support.h"

#include <errno.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "sys/processor.h"

static void test_bound(void **state)
{
	cpu_set_t all, one, now;
	(void)state;
	assert_int_equal(sys_processors_get(&all), 0);
	for (unsigned cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &all))
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		assert_int_equal(sys_processors_set(pthread_self(), &one), 0);
		assert_int_equal(sys_processor_of(gettid()), cpu);
	}
	assert_int_equal(sys_processors_set(pthread_self(), &all), 0);
	assert_int_equal(sys_processors_get(&now), 0);
	assert_true(CPU_EQUAL(&all, &now));
}

static void test_odd_name(void **state)
{
	cpu_set_t all;
	(void)state;
	assert_int_equal(prctl(PR_SET_NAME, ") 1 (2 3)"), 0);
	assert_int_equal(sys_processors_get(&all), 0);
	int cpu = sys_processor_of(gettid());
	assert_true(cpu >= 0 && CPU_ISSET((unsigned)cpu, &all));
}

static void test_nobody(void **state)
{
	cpu_set_t none;
	(void)state;
	CPU_ZERO(&none);
	assert_int_equal(sys_processor_of(0), -ENOENT);
	assert_int_equal(sys_processor_of(INT32_MAX), -ENOENT);
	assert_int_equal(sys_processors_set(pthread_self(), &none), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_bound),
		TEST(test_odd_name),
		TEST(test_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
