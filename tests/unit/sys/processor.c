// SPDX-License-Identifier: GPL-2.0-or-later
/* Where threads run. */
#include "support.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <time.h>
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

static void *become_idle(void *data)
{
	int *ret = data;
	ret[0] = sys_thread_be_idle(gettid());
	ret[1] = sched_getscheduler(0);
	ret[2] = sys_thread_be_idle(gettid());
	ret[3] = sys_thread_be_ordinary(gettid());
	ret[4] = sched_getscheduler(0);
	return NULL;
}

static void test_idle(void **state)
{
	pthread_t thread;
	int results[5];
	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, become_idle, results), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(results[0], 0);
	assert_int_equal(results[1], SCHED_IDLE);
	assert_int_equal(results[2], -EPERM);
	if (sys_threads_may_be_idle()) {
		assert_int_equal(results[3], 0);
		assert_int_equal(results[4], SCHED_OTHER);
	} else {
		assert_int_equal(results[3], -EPERM);
	}
	assert_int_equal(sched_getscheduler(0), SCHED_OTHER); /* it was for that thread alone */
}

static void *run(void *data)
{
	atomic_bool *stop = data;
	while (!atomic_load(stop))
		continue;
	return NULL;
}

/* Two that never rest on one processor: each waits for the other. */
static void test_delay(void **state)
{
	atomic_bool stop = false;
	cpu_set_t all, one;
	pthread_t thread;
	(void)state;
	CPU_ZERO(&one);
	CPU_SET((unsigned)sys_processor_of(gettid()), &one);
	assert_int_equal(sys_processors_get(&all), 0);
	assert_int_equal(sys_processors_set(pthread_self(), &one), 0);
	assert_int_equal(pthread_create(&thread, NULL, run, &stop), 0);
	uint64_t before = sys_run_delay(gettid());
	for (time_t end = time(NULL) + 10; time(NULL) < end;)
		if (sys_run_delay(gettid()) > before + 1000000)
			break;
	uint64_t after = sys_run_delay(gettid());
	atomic_store(&stop, true);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(sys_processors_set(pthread_self(), &all), 0);
	assert_true(after > before + 1000000);
	assert_true(sys_run_delay(INT32_MAX) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_bound),
		TEST(test_odd_name),
		TEST(test_nobody),
		TEST(test_idle),
		TEST(test_delay),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
