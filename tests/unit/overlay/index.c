// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The directory index against a model: an array of names. A listing that is under way while names
 * come and go shows each of those that stay exactly once, and ends.
 */
#include "support.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "index.h"

static void name_of(unsigned number, char name[32])
{
	snprintf(name, 32, "name-%u", number);
}

static struct ovl_entry *new_entry(unsigned number, uint8_t type)
{
	char name[32];
	name_of(number, name);
	struct ovl_entry *entry = ovl_entry_new(name, type, 1);
	assert_non_null(entry);
	return entry;
}

static void add(struct ovl_index *index, unsigned number, uint8_t type)
{
	assert_int_equal(ovl_index_add(index, new_entry(number, type)), 0);
}

static struct ovl_entry *get(struct ovl_index *index, unsigned number)
{
	char name[32];
	name_of(number, name);
	return ovl_index_get(index, name);
}

static void test_entries(void **state)
{
	char longest[256];
	(void)state;
	memset(longest, 'n', 255);
	longest[255] = '\0';
	struct ovl_entry *entry = ovl_entry_new(longest, DT_REG, 7);
	assert_string_equal(entry->name, longest);
	assert_int_equal(entry->length, 255);
	assert_int_equal(entry->layer, 7);
	assert_true(ovl_entry_is_positive(entry));
	assert_ptr_equal(ovl_entry_ref(entry), entry);
	ovl_entry_unref(entry);
	assert_int_equal(ovl_entry_add_lower(entry, 9), 0);
	assert_int_equal(ovl_entry_add_lower(entry, 12), 0);
	assert_int_equal(entry->lowers[0], 2);
	assert_int_equal(entry->lowers[1], 9);
	assert_int_equal(entry->lowers[2], 12);
	ovl_entry_unref(entry);
	ovl_entry_unref(NULL);
	entry = ovl_entry_new("x", DT_WHT, 0);
	assert_false(ovl_entry_is_positive(entry));
	ovl_entry_unref(entry);
}

static void test_empty(void **state)
{
	(void)state;
	struct ovl_index *index = ovl_index_new();
	uint64_t offset = OVL_INDEX_START;
	assert_null(ovl_index_get(index, "a"));
	assert_null(ovl_index_get(index, ""));
	assert_null(ovl_index_next(index, &offset));
	assert_int_equal(index->n_positive, 0);
	ovl_index_free(index);
	ovl_index_free(NULL);
}

static void test_names_that_look_alike(void **state)
{
	static const char *const names[] = {"a", "aa", "A", "a ", "\xff", "\xff\xff", "a\n"};
	(void)state;
	struct ovl_index *index = ovl_index_new();
	for (size_t i = 0; i < N_ELEMENTS(names); i++)
		assert_int_equal(ovl_index_add(index, ovl_entry_new(names[i], DT_REG, 1)), 0);
	for (size_t i = 0; i < N_ELEMENTS(names); i++)
		assert_string_equal(ovl_index_get(index, names[i])->name, names[i]);
	assert_null(ovl_index_get(index, "aaa"));
	ovl_index_free(index);
}

static void test_replace_keeps_the_place(void **state)
{
	(void)state;
	struct ovl_index *index = ovl_index_new();
	for (unsigned i = 0; i < 10; i++)
		add(index, i, DT_REG);
	uint64_t before = OVL_INDEX_START, after = OVL_INDEX_START;
	struct ovl_entry *fourth = NULL;
	for (int i = 0; i < 4; i++)
		fourth = ovl_index_next(index, &before);
	struct ovl_entry *old = ovl_entry_ref(fourth);
	struct ovl_entry *renewed = ovl_entry_new(old->name, DT_LNK, 0);
	ovl_index_replace(index, old, renewed);
	for (int i = 0; i < 4; i++)
		fourth = ovl_index_next(index, &after);
	assert_ptr_equal(fourth, renewed);
	assert_true(before == after);
	assert_ptr_equal(ovl_index_get(index, old->name), renewed);
	assert_int_equal(index->n_entries, 10);
	ovl_entry_unref(old);
	ovl_index_free(index);
}

static void test_whiteouts_are_passed_over(void **state)
{
	(void)state;
	struct ovl_index *index = ovl_index_new();
	for (unsigned i = 0; i < 20; i++)
		add(index, i, i % 2 ? DT_WHT : DT_REG);
	assert_int_equal(index->n_entries, 20);
	assert_int_equal(index->n_positive, 10);
	unsigned seen = 0;
	for (uint64_t offset = OVL_INDEX_START; ovl_index_next(index, &offset);)
		seen++;
	assert_int_equal(seen, 10);
	assert_non_null(get(index, 1)); /* but they are there */
	ovl_index_set_type(index, get(index, 1), DT_REG);
	ovl_index_set_type(index, get(index, 0), DT_WHT);
	ovl_index_set_type(index, get(index, 2), DT_DIR);
	assert_int_equal(index->n_positive, 10);
	ovl_index_replace(index, get(index, 2), new_entry(2, DT_WHT));
	assert_int_equal(index->n_positive, 9);
	ovl_index_remove(index, get(index, 2));
	assert_int_equal(index->n_positive, 9);
	ovl_index_remove(index, get(index, 4));
	assert_int_equal(index->n_positive, 8);
	assert_int_equal(index->n_entries, 18);
	ovl_index_free(index);
}

static void test_offsets_fit_into_off_t(void **state)
{
	(void)state;
	struct ovl_index *index = ovl_index_new();
	uint64_t seen[100] = {0};
	for (unsigned i = 0; i < 100; i++)
		add(index, i, DT_REG);
	uint64_t offset = OVL_INDEX_START;
	for (unsigned i = 0; i < 100; i++) {
		assert_non_null(ovl_index_next(index, &offset));
		assert_in_range(offset, OVL_INDEX_START + 1, INT64_MAX);
		for (unsigned k = 0; k < i; k++)
			assert_true(seen[k] != offset);
		seen[i] = offset;
	}
	assert_null(ovl_index_next(index, &offset));
	ovl_index_free(index);
}

/* A listing goes on after a name as after the entry of that name. */
static void test_offset_of_a_name(void **state)
{
	(void)state;
	struct ovl_index *index = ovl_index_new();
	assert_true(ovl_index_offset(index, "none") == OVL_INDEX_START);
	for (unsigned i = 0; i < 10; i++)
		add(index, i, DT_REG);
	struct ovl_entry *entry;
	for (uint64_t offset = OVL_INDEX_START; (entry = ovl_index_next(index, &offset));)
		assert_true(ovl_index_offset(index, entry->name) == offset);
	assert_true(ovl_index_offset(index, "none") == OVL_INDEX_START);
	ovl_index_free(index);
}

#define MANY 100000

static void test_many(void **state)
{
	(void)state;
	struct ovl_index *index = ovl_index_new();
	uint8_t *seen = calloc(MANY, 1);
	for (unsigned i = 0; i < MANY; i++)
		add(index, i, DT_REG);
	for (unsigned i = 0; i < MANY; i++)
		assert_non_null(get(index, i));
	assert_null(get(index, MANY));
	for (unsigned i = 0; i < MANY; i += 3)
		ovl_index_remove(index, get(index, i));
	struct ovl_entry *entry;
	for (uint64_t offset = OVL_INDEX_START; (entry = ovl_index_next(index, &offset));)
		seen[atoi(entry->name + 5)]++;
	for (unsigned i = 0; i < MANY; i++) {
		assert_int_equal(seen[i], i % 3 != 0);
		assert_true((get(index, i) != NULL) == (i % 3 != 0));
	}
	/* It shrinks as well as it grows. */
	for (unsigned i = 0; i < MANY; i++)
		if (i % 3)
			ovl_index_remove(index, get(index, i));
	assert_int_equal(index->n_entries, 0);
	assert_in_range(index->slots_size, 0, 1000);
	add(index, 1, DT_REG);
	assert_non_null(get(index, 1));
	free(seen);
	ovl_index_free(index);
}

/* One name, made and removed for ever: neither memory nor the way to it grows. */
static void test_churn(void **state)
{
	(void)state;
	struct ovl_index *index = ovl_index_new();
	for (unsigned i = 0; i < 10; i++)
		add(index, i, DT_REG);
	for (unsigned i = 0; i < 200000; i++) {
		add(index, 100 + i % 7, DT_REG);
		ovl_index_remove(index, get(index, 100 + i % 7));
		assert_in_range(index->slots_size, 1, 1000);
		assert_in_range(index->table_size, 1, 1000);
	}
	for (unsigned i = 0; i < 10; i++)
		assert_non_null(get(index, i));
	ovl_index_free(index);
}

static void test_reserve(void **state)
{
	(void)state;
	struct ovl_index *index = ovl_index_new();
	for (unsigned i = 0; i < 1000; i++) {
		assert_int_equal(ovl_index_reserve(index), 0);
		struct ovl_slot *slots = index->slots;
		uint32_t *table = index->table;
		add(index, i, DT_REG);
		assert_ptr_equal(index->slots, slots); /* so it cannot have failed */
		assert_ptr_equal(index->table, table);
	}
	ovl_index_free(index);
}

/* -- random operations against the model ------------------------------------------------------- */

#define NAMES    400
#define LISTINGS 6

struct listing {
	bool on;
	uint64_t offset;
	unsigned steps;       /* since it began */
	bool stayed[NAMES];   /* there since it began, without a break */
	uint8_t shown[NAMES]; /* how often */
};

struct model {
	struct ovl_index *index;
	bool there[NAMES], positive[NAMES];
	struct listing listings[LISTINGS];
	uint64_t seed;
};

static void begin(struct model *m, struct listing *l)
{
	*l = (struct listing){.on = true, .offset = OVL_INDEX_START};
	for (unsigned i = 0; i < NAMES; i++)
		l->stayed[i] = m->there[i] && m->positive[i];
}

static void go_on(struct model *m, struct listing *l)
{
	struct ovl_entry *entry = ovl_index_next(m->index, &l->offset);
	if (entry) {
		unsigned number = (unsigned)atoi(entry->name + 5);
		assert_true(m->there[number] && m->positive[number]);
		l->shown[number]++;
		/* Even while new names come all the time it ends. */
		assert_in_range(++l->steps, 1, NAMES);
		return;
	}
	for (unsigned i = 0; i < NAMES; i++) {
		if (l->stayed[i])
			assert_int_equal(l->shown[i], 1);
		else
			assert_in_range(l->shown[i], 0, 1);
	}
	l->on = false;
}

static void left(struct model *m, unsigned number)
{
	for (unsigned i = 0; i < LISTINGS; i++)
		m->listings[i].stayed[number] = false;
}

/* A name that comes back is another entry: it may be shown again by listings under way only if the
 * header did not promise that new names come before their start. */
static void change(struct model *m, unsigned number)
{
	uint8_t type = support_random(&m->seed) % 4 ? DT_REG : DT_WHT;
	struct ovl_entry *entry = get(m->index, number);

	assert_true((entry != NULL) == m->there[number]);
	if (!entry) {
		add(m->index, number, type);
	} else if (support_random(&m->seed) % 3 == 0) {
		ovl_index_replace(m->index, entry, new_entry(number, type));
	} else if (support_random(&m->seed) % 4 == 0) {
		ovl_index_set_type(m->index, entry, type);
	} else {
		ovl_index_remove(m->index, entry);
		m->there[number] = false;
		left(m, number);
		return;
	}
	m->there[number] = true;
	m->positive[number] = type != DT_WHT;
	if (type == DT_WHT)
		left(m, number);
}

static void check_counts(struct model *m)
{
	unsigned there = 0, positive = 0;
	for (unsigned i = 0; i < NAMES; i++) {
		there += m->there[i];
		positive += m->there[i] && m->positive[i];
	}
	assert_int_equal(m->index->n_entries, there);
	assert_int_equal(m->index->n_positive, positive);
}

static void run_model(uint64_t seed)
{
	struct model m = {.index = ovl_index_new(), .seed = seed};
	unsigned range = NAMES;
	for (unsigned step = 0; step < 20000; step++) {
		/* Times of many names and times of few. */
		if (step % 2000 == 0)
			range = 3 + support_random(&m.seed) % (NAMES - 3);
		change(&m, support_random(&m.seed) % range);
		struct listing *l = &m.listings[support_random(&m.seed) % LISTINGS];
		if (!l->on)
			begin(&m, l);
		else
			go_on(&m, l);
		if (step % 500 == 0)
			check_counts(&m);
	}
	for (unsigned i = 0; i < LISTINGS; i++)
		while (m.listings[i].on)
			go_on(&m, &m.listings[i]);
	check_counts(&m);
	ovl_index_free(m.index);
}

static void test_random_operations(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 20; seed++)
		run_model(seed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_entries),
		TEST(test_empty),
		TEST(test_names_that_look_alike),
		TEST(test_replace_keeps_the_place),
		TEST(test_whiteouts_are_passed_over),
		TEST(test_offsets_fit_into_off_t),
		TEST(test_offset_of_a_name),
		TEST(test_many),
		TEST(test_churn),
		TEST(test_reserve),
		TEST(test_random_operations),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
