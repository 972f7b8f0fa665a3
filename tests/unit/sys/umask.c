// SPDX-License-Identifier: GPL-2.0-or-later
/* The umask of a thread, which is its own, and what this process may do. */
#include "support.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "sys/object.h"

static mode_t mode_of(const char *name)
{
	struct stat st;
	return stat(name, &st) < 0 ? 0 : st.st_mode & 07777;
}

static mode_t created_mode(const char *name)
{
	int fd = sys_create(sys_at(AT_FDCWD, name), O_WRONLY, 0777);
	if (fd >= 0)
		close(fd);
	return mode_of(name);
}

struct worker {
	mode_t mask;
	int number;
	mode_t first, second;
	pthread_barrier_t *barrier;
};

static void *work(void *data)
{
	struct worker *w = data;
	char name[32];
	sys_set_thread_umask(w->mask);
	pthread_barrier_wait(w->barrier); /* all have set theirs */
	snprintf(name, sizeof(name), "first%d", w->number);
	w->first = created_mode(name);
	sys_set_thread_umask(0077);
	snprintf(name, sizeof(name), "second%d", w->number);
	w->second = created_mode(name);
	return NULL;
}

static void test_threads_have_their_own(void **state)
{
	static const mode_t masks[] = {0, 022, 077, 0777};
	struct worker workers[N_ELEMENTS(masks)];
	pthread_t threads[N_ELEMENTS(masks)];
	pthread_barrier_t barrier;
	(void)state;
	pthread_barrier_init(&barrier, NULL, N_ELEMENTS(masks));
	for (unsigned i = 0; i < N_ELEMENTS(masks); i++) {
		workers[i] = (struct worker){masks[i], (int)i, 0, 0, &barrier};
		assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
	}
	for (unsigned i = 0; i < N_ELEMENTS(masks); i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(workers[i].first, 0777 & ~masks[i]);
		assert_int_equal(workers[i].second, 0700);
	}
	pthread_barrier_destroy(&barrier);
	assert_int_equal(umask(0), 0); /* this thread's is as it was */
}

static void *mask(void *data)
{
	mode_t *modes = data;
	sys_set_thread_umask(027);
	modes[0] = sys_masked_mode(0777);
	modes[1] = created_mode("masked");
	return NULL;
}

static void test_masked_mode(void **state)
{
	mode_t modes[2] = {0};
	pthread_t thread;
	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, mask, modes), 0);
	pthread_join(thread, NULL);
	assert_int_equal(modes[0], 0750);
	assert_int_equal(modes[1], 0750);
}

static void *spare(void *data)
{
	mode_t *modes = data;
	sys_set_thread_umask(0777);
	sys_spare_owner_bits();
	modes[0] = created_mode("spared") & 0700;
	sys_set_thread_umask(0027);
	sys_spare_owner_bits();
	modes[1] = created_mode("kept") & 0700;
	return NULL;
}

static void test_owner_bits_are_spared(void **state)
{
	mode_t modes[2] = {0};
	pthread_t thread;
	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, spare, modes), 0);
	pthread_join(thread, NULL);
	assert_int_equal(modes[0], 0700);
	assert_int_equal(modes[1], 0700);
}

static void test_capabilities(void **state)
{
	(void)state;
	/* chroot(2) to where we are changes nothing and asks for CAP_SYS_CHROOT alone. */
	assert_true(sys_has_capability(CAP_SYS_CHROOT) == (chroot("/") == 0));
	char target[64] = "";
	assert_true(readlink("/proc/self/ns/user", target, sizeof(target) - 1) > 0);
	assert_true(sys_in_initial_user_namespace() ==
		    (strtoul(target + sizeof("user:[") - 1, NULL, 10) == 4026531837u));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_threads_have_their_own),
		TEST(test_masked_mode),
		TEST(test_owner_bits_are_spared),
		TEST(test_capabilities),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
