// SPDX-License-Identifier: GPL-2.0-or-later
/* Each line is one write(2): stderr is a socket that keeps messages apart. */
#include "support.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"

static int messages = -1, real_stderr = -1;

static int catch_stderr(void **state)
{
	int pair[2];
	(void)state;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	real_stderr = dup(STDERR_FILENO);
	dup2(pair[1], STDERR_FILENO);
	close(pair[1]);
	messages = pair[0];
	log_set_name("fuse-overlay");
	log_set_debug(false);
	return 0;
}

static int free_stderr(void **state)
{
	(void)state;
	dup2(real_stderr, STDERR_FILENO);
	close(real_stderr);
	close(messages);
	return 0;
}

/* The next write(2) to stderr; "" where there was none. */
static const char *next_write(void)
{
	static char text[8192];
	ssize_t size = recv(messages, text, sizeof(text) - 1, MSG_DONTWAIT);
	text[size < 0 ? 0 : size] = '\0';
	return text;
}

static void test_line(void **state)
{
	(void)state;
	log_line("%s is %d", "answer", 42);
	assert_string_equal(next_write(), "fuse-overlay: answer is 42\n");
	log_set_name("other");
	log_line("x");
	assert_string_equal(next_write(), "other: x\n");
	assert_string_equal(next_write(), "");
}

static void test_debug_only_when_on(void **state)
{
	(void)state;
	log_debug("hidden");
	assert_string_equal(next_write(), "");
	log_set_debug(true);
	log_debug("shown %c", 'y');
	assert_string_equal(next_write(), "fuse-overlay: shown y\n");
	log_set_debug(false);
	log_debug("hidden");
	assert_string_equal(next_write(), "");
}

static void test_cut(void **state)
{
	char text[6000];
	(void)state;
	for (size_t length = 4060; length < 5500; length += length < 4110 ? 1 : 97) {
		memset(text, 'a', length);
		text[length] = '\0';
		log_line("%s", text);
		const char *line = next_write();
		size_t whole = strlen("fuse-overlay: ") + length + 1;
		assert_int_equal(strlen(line), whole < 4095 ? whole : 4095);
		assert_int_equal(line[strlen(line) - 1], '\n');
		assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
		assert_string_equal(next_write(), ""); /* one write, not two */
	}
}

static void test_long_name(void **state)
{
	char name[5000];
	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	log_set_name(name);
	log_line("text");
	const char *line = next_write();
	assert_in_range(strlen(line), 1, 4095);
	assert_int_equal(line[strlen(line) - 1], '\n');
	log_set_name("fuse-overlay");
}

static void test_errno_is_kept(void **state)
{
	(void)state;
	errno = ENOTEMPTY;
	log_line("x");
	assert_int_equal(errno, ENOTEMPTY);
	close(STDERR_FILENO); /* now write(2) fails */
	errno = EXDEV;
	log_line("nobody hears this");
	assert_int_equal(errno, EXDEV);
}

static void *shout(void *data)
{
	for (int i = 0; i < 50; i++)
		log_line("%s", (const char *)data);
	return NULL;
}

static void test_threads_do_not_mix(void **state)
{
	static const char *const words[] = {"aaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbb"};
	pthread_t threads[2];
	(void)state;
	for (int i = 0; i < 2; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, shout, (void *)(uintptr_t)words[i]), 0);
	for (int n = 0; n < 100;) {
		const char *line = next_write();
		if (!*line)
			continue;
		n++;
		assert_true(strcmp(line, "fuse-overlay: aaaaaaaaaaaaaaaaaaaaaaaa\n") == 0 ||
			    strcmp(line, "fuse-overlay: bbbbbbbbbbbbbbbbbbbbbbbb\n") == 0);
	}
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
}

#define LOG_TEST(name) cmocka_unit_test_setup_teardown(name, catch_stderr, free_stderr)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOG_TEST(test_line),
		LOG_TEST(test_debug_only_when_on),
		LOG_TEST(test_cut),
		LOG_TEST(test_long_name),
		LOG_TEST(test_errno_is_kept),
		LOG_TEST(test_threads_do_not_mix),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
