/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every test of src/mount includes. cmocka wants its headers in this order. */
#ifndef TESTS_UNIT_MOUNT_UNIT_H
#define TESTS_UNIT_MOUNT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glib.h>
#include <stdbool.h>
#include <string.h>

/* good is true, or the test fails with error's message. */
#define assert_good(good, error)                                                                   \
	do {                                                                                       \
		if (!(good))                                                                       \
			fail_msg("%s", (error) ? (error)->message : "failed without a message");   \
	} while (0)

/* good is false and error's message, one line, contains text. Frees the error. */
#define assert_bad(good, error, text)                                                              \
	do {                                                                                       \
		if (good)                                                                          \
			fail_msg("accepted; expected a message with '%s'", text);                  \
		if (!(error) || !strstr((error)->message, text))                                   \
			fail_msg("message '%s' without '%s'", (error) ? (error)->message : "none", \
				text);                                                             \
		if (error)                                                                         \
			assert_null(strchr((error)->message, '\n'));                               \
		g_clear_error(&(error));                                                           \
	} while (0)

#endif
