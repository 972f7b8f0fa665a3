// SPDX-License-Identifier: GPL-2.0-or-later
/* Cleanup attributes. That memory is freed is for the sanitizers to see. */
#include "support.h"

#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static int open_null(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void test_closed_at_the_end_of_the_scope(void **state)
{
	int seen;
	(void)state;
	{
		_cleanup_close_ int fd = open_null();
		seen = fd;
		assert_true(is_open(seen));
	}
	assert_false(is_open(seen));
}

static int fail_with(int error)
{
	_cleanup_close_ int fd = open_null();
	_cleanup_close_ int bad = 123456; /* close(2) will set errno */
	_cleanup_close_ int none = -1;
	assert_true(fd >= 0);
	errno = error;
	return -1;
}

static void test_errno_is_kept(void **state)
{
	(void)state;
	assert_int_equal(fail_with(ENOTEMPTY), -1);
	assert_int_equal(errno, ENOTEMPTY);
}

static int hand_on(void)
{
	_cleanup_close_ int fd = open_null();
	return steal_fd(&fd);
}

static void test_steal_fd(void **state)
{
	(void)state;
	int fd = hand_on();
	assert_true(is_open(fd));
	int copy = fd;
	assert_int_equal(steal_fd(&copy), fd);
	assert_int_equal(copy, -1);
	close(fd);
}

static char *hand_on_text(void)
{
	_cleanup_free_ char *text = strdup("text");
	return steal_pointer(&text);
}

static void test_steal_pointer(void **state)
{
	(void)state;
	_cleanup_free_ char *text = hand_on_text();
	assert_string_equal(text, "text");
	char *other = text;
	assert_ptr_equal(steal_pointer(&other), text);
	assert_null(other);
}

static void test_free_of_null(void **state)
{
	(void)state;
	_cleanup_free_ char *nothing = NULL;
	assert_null(nothing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_closed_at_the_end_of_the_scope),
		TEST(test_errno_is_kept),
		TEST(test_steal_fd),
		TEST(test_steal_pointer),
		TEST(test_free_of_null),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
