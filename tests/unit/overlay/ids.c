// SPDX-License-Identifier: GPL-2.0-or-later
/* Owners, stored and shown: maps, squash_to_*, and the ids in ACLs and capabilities. */
#include "world.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "id_xattrs.h"
#include "ids.h"

#define NONE OVL_NO_ID

static struct ovl_id_range several[] = {{0, 1, 1002}, {1002, 0, 1}, {1003, 1003, 64534},
	{100000, 200000, 1}, {4294967290, 4000000000, 5}};
static const struct ovl_id_map map = {several, N_ELEMENTS(several)};

static void check_pair(const struct ovl_id_map *m, uint32_t stored, uint32_t shown)
{
	assert_int_equal(ovl_id_shown(m, stored), shown);
	assert_int_equal(ovl_id_stored(m, shown), stored);
}

static void test_several_ranges(void **state)
{
	(void)state;
	check_pair(&map, 0, 1);
	check_pair(&map, 1001, 1002);
	check_pair(&map, 1002, 0);
	check_pair(&map, 1003, 1003);
	check_pair(&map, 65536, 65536);
	check_pair(&map, 100000, 200000);
	check_pair(&map, 4294967290, 4000000000);
	check_pair(&map, 4294967294, 4000000004);
	const uint32_t unstored[] = {65537, 99999, 100001, 4294967289, NONE};
	for (size_t i = 0; i < N_ELEMENTS(unstored); i++)
		assert_int_equal(ovl_id_shown(&map, unstored[i]), NONE);
	const uint32_t unshown[] = {
		65537, 100000, 199999, 200001, 3999999999, 4000000005, 4294967294, NONE};
	for (size_t i = 0; i < N_ELEMENTS(unshown); i++)
		assert_int_equal(ovl_id_stored(&map, unshown[i]), NONE);
}

/* Ranges of all ids, of one at each end, and none at all. */
static void test_edges(void **state)
{
	static struct ovl_id_range whole[] = {{0, 0, UINT32_MAX}};
	static struct ovl_id_range ends[] = {{0, UINT32_MAX - 1, 1}, {UINT32_MAX - 1, 0, 1}};
	static struct ovl_id_range halves[] = {
		{0, 1u << 31, (1u << 31) - 1}, {1u << 31, 0, (1u << 31) - 1}};
	const struct ovl_id_map all = {whole, 1}, two = {ends, 2}, swap = {halves, 2},
				identity = {0};
	(void)state;
	check_pair(&all, 0, 0);
	check_pair(&all, UINT32_MAX - 1, UINT32_MAX - 1);
	assert_int_equal(ovl_id_shown(&all, NONE), NONE);
	check_pair(&two, 0, UINT32_MAX - 1);
	check_pair(&two, UINT32_MAX - 1, 0);
	assert_int_equal(ovl_id_shown(&two, 1), NONE);
	assert_int_equal(ovl_id_stored(&two, 1), NONE);
	assert_int_equal(ovl_id_shown(&two, NONE), NONE);
	check_pair(&swap, 0, 1u << 31);
	check_pair(&swap, (1u << 31) - 2, UINT32_MAX - 1);
	check_pair(&swap, UINT32_MAX - 1, (1u << 31) - 2);
	assert_int_equal(ovl_id_shown(&swap, (1u << 31) - 1), NONE);
	check_pair(&identity, 0, 0);
	check_pair(&identity, UINT32_MAX - 1, UINT32_MAX - 1);
}

static struct ovl_id_range shift[] = {{0, 1000, 10}, {10, 0, 10}};

static void test_stat_and_store(void **state)
{
	struct ovl_fs fs = {.ids = {.uids = {shift, 2}, .gids = {shift, 1}}};
	struct stat st = {.st_uid = 12, .st_gid = 12};
	uid_t uid = 1003, other = 77;
	gid_t gid = (gid_t)-1;
	(void)state;
	ovl_ids_show(&fs, &st);
	assert_int_equal(st.st_uid, 2);
	assert_int_equal(st.st_gid, NONE);
	assert_int_equal(ovl_ids_store(&fs, &uid, &gid), 0);
	assert_int_equal(uid, 3);
	assert_int_equal(gid, (gid_t)-1);
	/* Neither changes where one cannot be. */
	gid = 1001;
	assert_int_equal(ovl_ids_store(&fs, &other, &gid), -EOVERFLOW);
	assert_int_equal(other, 77);
	assert_int_equal(gid, 1001);
	/* squash_to_uid counts more than the map; the group goes by its own. */
	fs.ids.squash = (struct ovl_squash){.uid_set = true, .uid = 5};
	st = (struct stat){.st_uid = 4000, .st_gid = 1};
	ovl_ids_show(&fs, &st);
	assert_int_equal(st.st_uid, 5);
	assert_int_equal(st.st_gid, 1001);
	assert_int_equal(ovl_ids_store(&fs, &other, &gid), 0);
	assert_int_equal(other, (uid_t)-1);
	assert_int_equal(gid, 1);
}

#define ACE(tag, perm, id)                                                                         \
	(tag), 0, (perm), 0, (id)&255, (id) >> 8 & 255, (id) >> 16 & 255, (id) >> 24 & 255
#define NO_ID 0xffffffff

static const struct ovl_ids ids = {.uids = {shift, 2}, .gids = {shift, 2}};

static void test_acl(void **state)
{
	const uint8_t stored[] = {2, 0, 0, 0, ACE(1, 6, NO_ID), ACE(2, 4, 3), ACE(2, 7, 500),
		ACE(4, 5, NO_ID), ACE(8, 4, 15), ACE(8, 2, 70000), ACE(16, 7, NO_ID),
		ACE(32, 1, NO_ID)};
	const uint8_t shown[] = {2, 0, 0, 0, ACE(1, 6, NO_ID), ACE(2, 4, 1003), ACE(4, 5, NO_ID),
		ACE(8, 4, 5), ACE(16, 7, NO_ID), ACE(32, 1, NO_ID)};
	const uint8_t back[] = {2, 0, 0, 0, ACE(1, 6, NO_ID), ACE(2, 4, 3), ACE(4, 5, NO_ID),
		ACE(8, 4, 15), ACE(16, 7, NO_ID), ACE(32, 1, NO_ID)};
	uint8_t value[sizeof(stored)];
	(void)state;
	memcpy(value, stored, sizeof(stored));
	assert_int_equal(ovl_acl_show(&ids, value, sizeof(stored)), sizeof(shown));
	assert_memory_equal(value, shown, sizeof(shown));
	assert_int_equal(ovl_acl_store(&ids, value, sizeof(shown)), 0);
	assert_memory_equal(value, back, sizeof(back));
	memcpy(value, stored, sizeof(stored)); /* 500 is nobody that is shown */
	assert_int_equal(ovl_acl_store(&ids, value, sizeof(stored)), -EINVAL);
}

static void test_acl_mode(void **state)
{
	uint8_t masked[] = {2, 0, 0, 0, ACE(1, 6, NO_ID), ACE(2, 7, 1), ACE(4, 5, NO_ID),
		ACE(16, 2, NO_ID), ACE(32, 1, NO_ID)};
	uint8_t plain[] = {2, 0, 0, 0, ACE(1, 7, NO_ID), ACE(4, 5, NO_ID), ACE(32, 0, NO_ID)};
	mode_t mode = 0;
	(void)state;
	assert_true(ovl_acl_mode(masked, sizeof(masked), &mode));
	assert_int_equal(mode, 0621);
	assert_true(ovl_acl_mode(plain, sizeof(plain), &mode));
	assert_int_equal(mode, 0750);
	ovl_acl_set_mode(masked, sizeof(masked), 0174);
	ovl_acl_mode(masked, sizeof(masked), &mode);
	assert_int_equal(mode, 0174);
	assert_int_equal(masked[4 + 16 + 2], 5); /* the group's entry stays under a mask */
	ovl_acl_set_mode(plain, sizeof(plain), 0631);
	ovl_acl_mode(plain, sizeof(plain), &mode);
	assert_int_equal(mode, 0631);
}

/* Of no use, but in the layer: nothing is read beyond it, and it comes out as it was. */
static void test_garbage(void **state)
{
	static const uint8_t bytes[][13] = {{2, 0, 0, 0, 2, 0, 4, 0, 3, 0, 0, 0, 9},
		{3, 0, 0, 0, 2, 0, 4, 0, 3}, {0, 0, 0, 2, 1, 1, 1, 1, 1}, {1}};
	mode_t mode = 07;
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(bytes); i++) {
		for (size_t size = 0; size <= sizeof(bytes[i]); size++) {
			uint8_t *value = malloc(OVL_CAPABILITY_SIZE);
			if (i == 0 && size == 12)
				size++; /* that one is an ACL */
			assert_non_null(value);
			memcpy(value, bytes[i], size);
			assert_int_equal(ovl_acl_show(&ids, value, size), size);
			assert_int_equal(ovl_acl_store(&ids, value, size), 0);
			ovl_acl_set_mode(value, size, 0777);
			assert_false(ovl_acl_mode(value, size, &mode));
			assert_int_equal(ovl_capability_show(&ids, value, size), size);
			assert_int_equal(ovl_capability_store(&ids, value, size), size);
			assert_memory_equal(value, bytes[i], size);
			free(value);
		}
	}
}

#define CAP2 1, 0, 0, 2, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
#define CAP3(root)                                                                                 \
	1, 0, 0, 3, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (root)&255, (root) >> 8, 0, 0

static void check_capability(ssize_t (*translate)(const struct ovl_ids *, void *, size_t),
	const struct ovl_ids *with, const uint8_t *from, const uint8_t *to)
{
	uint8_t value[OVL_CAPABILITY_SIZE] = {0};
	size_t size = from[3] == 2 ? 20 : 24, expected = !to ? 0 : to[3] == 2 ? 20 : 24;
	memcpy(value, from, size);
	ssize_t r = translate(with, value, size);
	if (!to) {
		assert_true(r == -ENODATA || r == -EINVAL);
		return;
	}
	assert_int_equal(r, expected);
	assert_memory_equal(value, to, expected);
}

static void test_capability(void **state)
{
	static const uint8_t v2[] = {CAP2}, root1000[] = {CAP3(1000)}, root10[] = {CAP3(10)},
			     root3[] = {CAP3(3)}, root1003[] = {CAP3(1003)},
			     root500[] = {CAP3(500)};
	const struct ovl_ids squashed = {.squash = {.uid_set = true, .uid = 1000}};
	(void)state;
	check_capability(ovl_capability_show, &ids, v2, root1000);
	check_capability(ovl_capability_show, &ids, root10, v2);
	check_capability(ovl_capability_show, &ids, root3, root1003);
	check_capability(ovl_capability_show, &ids, root500, NULL);
	check_capability(ovl_capability_store, &ids, root1000, v2);
	check_capability(ovl_capability_store, &ids, v2, root10);
	check_capability(ovl_capability_store, &ids, root1003, root3);
	check_capability(ovl_capability_store, &ids, root500, NULL);
	/* Somebody else's root must not become the one whom all belongs to. */
	check_capability(ovl_capability_show, &squashed, v2, root1000);
	check_capability(ovl_capability_show, &squashed, root3, NULL);
	check_capability(ovl_capability_store, &squashed, root1000, NULL);
	check_capability(ovl_capability_store, &squashed, root3, NULL);
	check_capability(ovl_capability_store, &squashed, v2, NULL);
}

/* What is made and what is changed through verbs, as an ordinary user can. */
static void test_verbs(void **state)
{
	struct ovl_id_range own_uid = {getuid(), 5000, 1}, own_gid = {getgid(), 6000, 1};
	struct stat st;
	struct world w;
	(void)state;
	support_tree("l1/low=x u/");
	world_prepare(&w, WORLD_USER_MARKS);
	w.config.uid_map = (struct ovl_id_map){&own_uid, 1};
	w.config.gid_map = (struct ovl_id_map){&own_gid, 1};
	assert_int_equal(world_start(&w, 0), 0);
	assert_int_equal(world_stat(&w, "low", &st), 1);
	assert_int_equal(st.st_uid, 5000);
	assert_int_equal(st.st_gid, 6000);
	w.caller.uid = 5001;
	w.caller.gid = 6000;
	assert_int_equal(world_mkdir(&w, "d", 0755), -EOVERFLOW);
	assert_int_equal(access("u/d", F_OK), -1);
	w.caller.uid = 5000;
	assert_int_equal(world_mkdir(&w, "d", 0755), 0);
	struct ovl_change change = {.set = OVL_SET_UID, .uid = 5001};
	assert_int_equal(world_setattr(&w, "low", &change), -EOVERFLOW);
	assert_int_equal(access("u/low", F_OK), -1);
	change.uid = 5000;
	assert_int_equal(world_setattr(&w, "low", &change), 0);
	assert_int_equal(lstat("u/low", &st), 0);
	assert_int_equal(st.st_uid, getuid());
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_several_ranges),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_stat_and_store),
		cmocka_unit_test(test_acl),
		cmocka_unit_test(test_acl_mode),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_capability),
		TEST(test_verbs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
