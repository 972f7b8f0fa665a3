// SPDX-License-Identifier: GPL-2.0-or-later
/* uidmapping= and gidmapping=. */
#include "unit.h"

#include "mount/idmap.h"

/* The ranges as "stored>shown*count ...". */
static void check_map(const char *value, const char *expected)
{
	struct ovl_id_map map = {0};
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) text = g_string_new(NULL);
	assert_good(id_map_parse("uidmapping", value, &map, &error), error);
	for (size_t i = 0; i < map.n_ranges; i++)
		g_string_append_printf(text, "%s%u>%u*%u", i ? " " : "", map.ranges[i].stored,
			map.ranges[i].shown, map.ranges[i].count);
	assert_string_equal(text->str, expected);
	id_map_clear(&map);
	assert_null(map.ranges);
}

static void test_good(void **state)
{
	check_map("0:1000:1", "0>1000*1");
	check_map("0:100000:65536", "0>100000*65536");
	/* podman --userns=keep-id, seen: with a ':' too many in front */
	check_map(":0:1:1002:1002:0:1:1003:1003:64534", "0>1*1002 1002>0*1 1003>1003*64534");
	check_map("0:1:1002:1002:0:1:1003:1003:64534", "0>1*1002 1002>0*1 1003>1003*64534");
	check_map("0:0:1:", "0>0*1");
	check_map(":0:0:1:", "0>0*1");
	check_map("0:0:4294967295", "0>0*4294967295");
	check_map("4294967294:0:1", "4294967294>0*1");
	/* neighbours, in any order, do not overlap */
	check_map("10:100:10:0:90:10:20:110:5", "10>100*10 0>90*10 20>110*5");
}

static void test_many(void **state)
{
	g_autoptr(GString) value = g_string_new(NULL);
	struct ovl_id_map map = {0};
	g_autoptr(GError) error = NULL;
	for (unsigned i = 0; i < 400; i++)
		g_string_append_printf(value, ":%u:%u:3", i * 5, 100000 + i * 7);
	assert_good(id_map_parse("gidmapping", value->str, &map, &error), error);
	assert_int_equal(map.n_ranges, 400);
	assert_int_equal(map.ranges[399].shown, 100000 + 399 * 7);
	id_map_clear(&map);
}

static void check_bad(const char *value, const char *text)
{
	struct ovl_id_map map = {0};
	GError *error = NULL;
	assert_bad(id_map_parse("uidmapping", value, &map, &error), error, text);
	assert_null(map.ranges);
	assert_int_equal(map.n_ranges, 0);
}

static void test_bad(void **state)
{
	const char *incomplete = "not a list of STORED:SHOWN:COUNT";
	check_bad("", incomplete);
	check_bad(":", incomplete);
	check_bad("0", incomplete);
	check_bad("0:1", incomplete);
	check_bad("0:1:2:3", incomplete);
	check_bad("0:1:2:3:4", incomplete);
	check_bad("0:1:0", "bad range '0:1:0'");
	check_bad("a:1:1", "bad range");
	check_bad("0:b:1", "bad range");
	check_bad("0:1:c", "bad range");
	check_bad("0::1", "bad range");
	check_bad("-1:0:1", "bad range");
	check_bad("+1:0:1", "bad range");
	check_bad(" 1:0:1", "bad range");
	check_bad("0x1:0:1", "bad range");
	check_bad("1.0:0:1", "bad range");
	check_bad("4294967295:0:1", "bad range");
	check_bad("4294967296:0:1", "bad range");
	check_bad("99999999999999999999999:0:1", "bad range");
	check_bad("4294967294:0:2", "bad range");
	check_bad("0:4294967290:10", "bad range");
	check_bad("0:0:4294967296", "bad range");
	check_bad("0:100:10:9:200:1", "overlaps");
	check_bad("0:100:10:50:109:1", "overlaps");
	check_bad("0:0:4294967295:5:5:1", "overlaps");
	check_bad("0:1:1\n:1:1:1", "bad range '0:1:1?'");
}

static void test_id(void **state)
{
	uint32_t id = 7;
	assert_true(id_parse("0", &id) && id == 0);
	assert_true(id_parse("4294967294", &id) && id == 4294967294);
	assert_true(id_parse("000000000000000000000012", &id) && id == 12);
	assert_false(id_parse("4294967295", &id));
	assert_false(id_parse("", &id));
	assert_false(id_parse("1 ", &id));
	assert_int_equal(id, 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_id),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
