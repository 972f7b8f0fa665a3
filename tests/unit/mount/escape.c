// SPDX-License-Identifier: GPL-2.0-or-later
/* -o strings into words, words into paths. Expected values: the kernel's fs/overlayfs/params.c and
 * overlayfs.rst, and what engines were seen to pass (shared reference container-callers.md). */
#include "unit.h"

#include "mount/escape.h"

/* The words joined by '|'. */
static void check_words(const char *options, const char *expected)
{
	g_autoptr(GPtrArray) words = option_words_split(options);
	g_ptr_array_add(words, NULL);
	g_autofree char *joined = g_strjoinv("|", (char **)words->pdata);
	assert_string_equal(joined, expected);
}

static void test_words(void **state)
{
	check_words("", "");
	check_words("ro", "ro");
	check_words(
		"lowerdir=/a:/b,upperdir=/u,workdir=/w", "lowerdir=/a:/b|upperdir=/u|workdir=/w");
	/* podman's empty mountopt */
	check_words("workdir=/w,,volatile", "workdir=/w|volatile");
	check_words("workdir=/w,", "workdir=/w");
	check_words(",,ro,", "ro");
}

static void test_words_escaped(void **state)
{
	check_words("lowerdir=/a\\,b,ro", "lowerdir=/a\\,b|ro");
	check_words("lowerdir=/a\\\\,ro", "lowerdir=/a\\\\|ro");
	check_words("lowerdir=/a\\\\\\,b,ro", "lowerdir=/a\\\\\\,b|ro");
	check_words("lowerdir=/a\\", "lowerdir=/a\\");
}

static void test_words_quoted(void **state)
{
	check_words("ro,context=\"system_u:object_r:container_file_t:s0:c1,c2\",volatile",
		"ro|context=\"system_u:object_r:container_file_t:s0:c1,c2\"|volatile");
	check_words("context=\"a,b\"", "context=\"a,b\"");
	/* A quote inside a name is a character like others. */
	check_words("lowerdir=/a\"b,ro", "lowerdir=/a\"b|ro");
	/* One that never ends quotes nothing. */
	check_words("context=\"a,ro", "context=\"a|ro");
}

static void check_unquote(const char *value, const char *expected)
{
	g_autofree char *text = option_value_unquote(value);
	assert_string_equal(text, expected);
}

static void test_unquote(void **state)
{
	check_unquote("\"a,b\"", "a,b");
	check_unquote("a", "a");
	check_unquote("\"", "\"");
	check_unquote("\"\"", "");
	check_unquote("\"a", "\"a");
}

static void check_unescape(const char *text, const char *expected)
{
	g_autofree char *path = option_value_unescape(text);
	assert_string_equal(path, expected);
}

static void test_unescape(void **state)
{
	check_unescape("/a/b", "/a/b");
	check_unescape("/a\\,b", "/a,b");
	check_unescape("/a\\:b", "/a:b");
	check_unescape("/a\\\\:b", "/a:b");     /* through one more parser */
	check_unescape("/a\\\\\\:b", "/a\\:b"); /* "\\" then "\:" */
	check_unescape("/a\\\\b", "/a\\b");
	check_unescape("/a\\b", "/ab"); /* as ovl_unescape() */
	check_unescape("/a\\", "/a\\");
	check_unescape("/\xff\xfe\\,\x80", "/\xff\xfe,\x80"); /* no UTF-8 */
	check_unescape("", "");
}

/* The layers joined by '|', and how many are data-only. */
static void check_layers(const char *value, const char *expected, size_t expected_data)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	size_t n_data = 99;
	assert_good(lowerdir_split(value, paths, &n_data, &error), error);
	g_ptr_array_add(paths, NULL);
	g_autofree char *joined = g_strjoinv("|", (char **)paths->pdata);
	assert_string_equal(joined, expected);
	assert_int_equal(n_data, expected_data);
}

static void test_layers(void **state)
{
	check_layers("/a", "/a", 0);
	check_layers("/a:/b:/c", "/a|/b|/c", 0);
	check_layers("/a\\:b:/c", "/a:b|/c", 0);
	check_layers("/a\\\\:b:/c", "/a:b|/c", 0);
	check_layers("/a\\\\\\\\:/c", "/a\\\\|/c", 0);
	check_layers("a:../b:/c/../d", "a|../b|/c/../d", 0);
	check_layers("/a::/d", "/a|/d", 1);
	check_layers("/a:/b::/d1::/d2", "/a|/b|/d1|/d2", 2);
	check_layers("", "", 0);
	check_layers("/gr\xe4"
		     ":/b",
		"/gr\xe4|/b", 0);
}

static void check_bad_layers(const char *value, const char *text)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
	GError *error = NULL;
	size_t n_data = 0;
	assert_bad(lowerdir_split(value, paths, &n_data, &error), error, text);
}

static void test_bad_layers(void **state)
{
	check_bad_layers(":/a", "begins with ':'");
	check_bad_layers("::/a", "begins with ':'");
	check_bad_layers("/a:", "ends with ':'");
	check_bad_layers("/a::", "ends with ':'");
	check_bad_layers("/a:::/b", "more than two ':'");
	check_bad_layers("/a::/b:/c", "a single ':' after '::'");
	check_bad_layers("/a\n:", "/a?:");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_words_escaped),
		cmocka_unit_test(test_words_quoted),
		cmocka_unit_test(test_unquote),
		cmocka_unit_test(test_unescape),
		cmocka_unit_test(test_layers),
		cmocka_unit_test(test_bad_layers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
