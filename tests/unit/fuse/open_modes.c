// SPDX-License-Identifier: GPL-2.0-or-later
/* One mode and one backing file for an inode, as long as anybody has it open. */
#include "support.h"

#include <pthread.h>

#include "open_modes.h"

static struct ovl_open_modes modes;

/* Another number than any backing file has, and than 0. */
#define UNTOUCHED (-7)

static int join(uint64_t nodeid)
{
	int backing = UNTOUCHED;
	bool joined = ovl_open_modes_join(&modes, nodeid, false, &backing);
	assert_true(joined == (backing != UNTOUCHED));
	return backing;
}

static int begin(uint64_t nodeid, int backing)
{
	int counted = UNTOUCHED;
	assert_int_equal(ovl_open_modes_begin(&modes, nodeid, false, backing, &counted), 0);
	return counted;
}

static void test_first_decides(void **state)
{
	(void)state;
	ovl_open_modes_init(&modes);
	assert_int_equal(join(5), UNTOUCHED);
	assert_int_equal(begin(5, 33), 33);
	assert_int_equal(join(5), 33);
	assert_int_equal(begin(5, 34), 33); /* two at once: the slower one's is not used */
	assert_int_equal(begin(5, 0), 33);  /* ... also where it would have been cached */
	assert_int_equal(begin(6, 0), 0);   /* another inode is another one */
	assert_int_equal(begin(6, 40), 0);
	assert_int_equal(join(6), 0);
	ovl_open_modes_clear(&modes);
}

static void test_last_release_closes(void **state)
{
	(void)state;
	ovl_open_modes_init(&modes);
	begin(5, 33);
	join(5);
	assert_int_equal(ovl_open_modes_leave(&modes, 5, false), 0);
	assert_int_equal(join(5), 33);
	assert_int_equal(ovl_open_modes_leave(&modes, 5, false), 0);
	assert_int_equal(ovl_open_modes_leave(&modes, 5, false), 33);
	assert_int_equal(join(5), UNTOUCHED);
	assert_int_equal(begin(5, 0), 0); /* now it may be the other mode */
	assert_int_equal(ovl_open_modes_leave(&modes, 5, false), 0);
	ovl_open_modes_clear(&modes);
}

static void test_one_release_too_many(void **state)
{
	(void)state;
	ovl_open_modes_init(&modes);
	assert_int_equal(ovl_open_modes_leave(&modes, 5, false), 0);
	begin(5, 33);
	assert_int_equal(ovl_open_modes_leave(&modes, 5, false), 33);
	assert_int_equal(ovl_open_modes_leave(&modes, 5, false), 0);
	ovl_open_modes_clear(&modes);
}

static void test_one_bucket_for_several(void **state)
{
	(void)state;
	ovl_open_modes_init(&modes);
	for (uint64_t i = 1; i <= 5; i++)
		assert_int_equal(begin(7 + i * OVL_N_OPEN_BUCKETS, (int)i), (int)i);
	assert_int_equal(ovl_open_modes_leave(&modes, 7 + 3 * OVL_N_OPEN_BUCKETS, false), 3);
	for (uint64_t i = 1; i <= 5; i++)
		assert_int_equal(join(7 + i * OVL_N_OPEN_BUCKETS), i == 3 ? UNTOUCHED : (int)i);
	ovl_open_modes_clear(&modes);
}

static void test_mapped_until_forgotten(void **state)
{
	(void)state;
	ovl_open_modes_init(&modes);
	assert_false(ovl_open_modes_is_mappable(&modes, 5));
	begin(5, 33);
	assert_false(ovl_open_modes_is_mappable(&modes, 5));
	ovl_open_modes_note_mappable(&modes, 5);
	assert_true(ovl_open_modes_is_mappable(&modes, 5));
	ovl_open_modes_forget(&modes, 5); /* it is open: the kernel has it */
	assert_true(ovl_open_modes_is_mappable(&modes, 5));
	assert_int_equal(ovl_open_modes_leave(&modes, 5, false), 33);
	assert_true(ovl_open_modes_is_mappable(&modes, 5));
	assert_int_equal(join(5), UNTOUCHED); /* but it is not open */
	assert_int_equal(begin(5, 0), 0);
	assert_int_equal(ovl_open_modes_leave(&modes, 5, false), 0);
	assert_true(ovl_open_modes_is_mappable(&modes, 5));
	ovl_open_modes_forget(&modes, 5);
	assert_false(ovl_open_modes_is_mappable(&modes, 5));
	ovl_open_modes_forget(&modes, 5);
	ovl_open_modes_clear(&modes);
}

/* Only of who may write past us, and as long as he may. */
static void test_writers(void **state)
{
	int counted;
	(void)state;
	ovl_open_modes_init(&modes);
	assert_false(ovl_open_modes_has_writers(&modes, 5));
	begin(5, 33);
	assert_false(ovl_open_modes_has_writers(&modes, 5));
	assert_true(ovl_open_modes_join(&modes, 5, true, &counted));
	assert_true(ovl_open_modes_has_writers(&modes, 5));
	assert_int_equal(ovl_open_modes_leave(&modes, 5, false), 0); /* the reader goes */
	assert_true(ovl_open_modes_has_writers(&modes, 5));
	assert_int_equal(ovl_open_modes_leave(&modes, 5, true), 33);
	assert_false(ovl_open_modes_has_writers(&modes, 5));
	assert_int_equal(ovl_open_modes_begin(&modes, 5, true, 0, &counted), 0); /* cached */
	assert_false(ovl_open_modes_has_writers(&modes, 5));
	ovl_open_modes_clear(&modes);
}

/* -- several at once ----------------------------------------------------------------------------
 */

#define N_THREADS 4
#define N_ROUNDS  20000

/* All who have an inode open at once are told the same, so its backing file is closed by one of
 * those who used it. */
static void *open_and_close(void *data)
{
	int self = *(const int *)data;
	for (int round = 1; round <= N_ROUNDS; round++) {
		unsigned at = (unsigned)round % 8;
		int wanted = round % 3 ? self * N_ROUNDS + round : 0, told;
		if (!ovl_open_modes_join(&modes, at, false, &told))
			assert_int_equal(ovl_open_modes_begin(&modes, at, true, wanted, &told), 0);
		int other = told;
		assert_true(ovl_open_modes_join(&modes, at, true, &other));
		assert_int_equal(other, told);
		assert_int_equal(ovl_open_modes_leave(&modes, at, false), 0);
		int unused = ovl_open_modes_leave(&modes, at, false);
		assert_true(unused == 0 || unused == told);
	}
	return NULL;
}

static void test_threads(void **state)
{
	pthread_t threads[N_THREADS];
	int numbers[N_THREADS];
	(void)state;
	ovl_open_modes_init(&modes);
	for (int i = 0; i < N_THREADS; i++) {
		numbers[i] = i + 1;
		pthread_create(&threads[i], NULL, open_and_close, &numbers[i]);
	}
	for (int i = 0; i < N_THREADS; i++)
		pthread_join(threads[i], NULL);
	for (unsigned i = 0; i < OVL_N_OPEN_BUCKETS; i++)
		assert_null(modes.buckets[i]);
	ovl_open_modes_clear(&modes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_first_decides),
		TEST(test_last_release_closes),
		TEST(test_one_release_too_many),
		TEST(test_one_bucket_for_several),
		TEST(test_mapped_until_forgotten),
		TEST(test_writers),
		TEST(test_threads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
