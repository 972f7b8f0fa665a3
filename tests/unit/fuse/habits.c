// SPDX-License-Identifier: GPL-2.0-or-later
/* Who gets attributes with the names of a listing. */
#include "support.h"

#include "habits.h"

static struct ovl_habits habits;

/* pid lists n files of dir; returns how many came with attributes. */
static unsigned list(uint32_t pid, uint64_t dir, unsigned n, bool from_start)
{
	struct ovl_listing listing = ovl_habits_begin(&habits, pid, dir, from_start);
	unsigned with = 0;
	for (unsigned i = 0; i < n; i++)
		with += ovl_listing_wants(&listing);
	ovl_habits_end(&habits, pid, dir, &listing);
	return with;
}

static void look(uint64_t dir, unsigned n)
{
	while (n-- > 0)
		ovl_habits_note_lookup(&habits, dir);
}

static void test_find(void **state)
{
	(void)state;
	ovl_habits_init(&habits);
	assert_int_equal(list(7, 100, 50, true), 49); /* one is left out, to see */
	assert_int_equal(list(7, 101, 50, true), 49);
	for (uint64_t dir = 102; dir < 200; dir++)
		assert_int_equal(list(7, dir, 50, true), 0);
	assert_int_equal(list(8, 300, 50, true), 49); /* another one is another one */
	ovl_habits_clear(&habits);
}

static void test_ls_of_all(void **state)
{
	unsigned left_out = 0;
	(void)state;
	ovl_habits_init(&habits);
	for (uint64_t dir = 100; dir < 200; dir++) {
		unsigned bare = 50 - list(7, dir, 50, true);
		left_out += bare;
		look(dir, bare);
		assert_int_equal(list(7, dir, 50, false), 50);
	}
	assert_in_range(left_out, 2, 10); /* he is tried again now and then */
	ovl_habits_clear(&habits);
}

static void test_a_change_of_mind(void **state)
{
	(void)state;
	ovl_habits_init(&habits);
	for (uint64_t dir = 1; dir < 5; dir++)
		list(7, dir, 50, true);
	assert_int_equal(list(7, 5, 50, true), 0);
	look(5, 12); /* a few are no habit */
	assert_int_equal(list(7, 6, 50, true), 0);
	look(6, 13);
	assert_int_equal(list(7, 6, 50, false), 50); /* still in the same directory */
	assert_int_equal(list(7, 7, 50, true), 50);
	ovl_habits_clear(&habits);
}

static void test_a_long_listing(void **state)
{
	(void)state;
	ovl_habits_init(&habits);
	/* Who has not looked yet gets no more than the first part. */
	assert_int_equal(list(7, 1, 50, true), 49);
	assert_int_equal(list(7, 1, 50, false), 0);
	assert_int_equal(list(7, 1, 50, false), 0);
	/* He reads everything first, and looks then, as du does. */
	look(1, 101);
	assert_int_equal(list(7, 2, 50, true), 50);
	assert_int_equal(list(7, 2, 50, false), 50);
	ovl_habits_clear(&habits);
}

static void test_directories_only(void **state)
{
	(void)state;
	ovl_habits_init(&habits);
	for (uint64_t dir = 1; dir < 50; dir++)
		list(7, dir, 0, true);
	assert_int_equal(list(7, 50, 50, true), 49); /* nothing has been learnt */
	ovl_habits_clear(&habits);
}

static void test_processes_come_and_go(void **state)
{
	(void)state;
	ovl_habits_init(&habits);
	for (uint32_t pid = 0; pid < 10 * OVL_N_HABITS; pid++) {
		assert_int_equal(list(pid, pid, 50, true), 49);
		look(pid, 1);
	}
	ovl_habits_clear(&habits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_find),
		TEST(test_ls_of_all),
		TEST(test_a_change_of_mind),
		TEST(test_a_long_listing),
		TEST(test_directories_only),
		TEST(test_processes_come_and_go),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
