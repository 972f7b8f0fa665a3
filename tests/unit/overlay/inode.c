// SPDX-License-Identifier: GPL-2.0-or-later
/* The inode table: who keeps an inode, who finds it, and whom a stray nodeid cannot hurt. */
#include "world.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "inode.h"

static struct ovl_inode *make(struct world *w, uint8_t type, uint64_t ino)
{
	struct ovl_key key = {.fsid = 1, .ino = ino};
	struct ovl_inode *inode = ovl_inode_new(w->fs, type, NULL, NULL);
	assert_non_null(inode);
	assert_ptr_equal(ovl_inode_add(w->fs, inode, &key), inode);
	return inode;
}

static struct ovl_inode *find(struct world *w, uint64_t ino)
{
	struct ovl_key key = {.fsid = 1, .ino = ino};
	return ovl_inode_find(w->fs, &key);
}

static void open_world(struct world *w)
{
	support_tree("l1/ u/");
	world_open(w, 0);
}

static void test_two_counts(void **state)
{
	struct world w;
	(void)state;
	open_world(&w);
	struct ovl_inode *inode = make(&w, DT_REG, 100);
	uint64_t nodeid = inode->nodeid;
	assert_ptr_equal(ovl_inode_get(w.fs, nodeid), inode);
	ovl_inode_unref(w.fs, inode);
	ovl_inode_add_lookup(w.fs, inode);
	ovl_inode_add_lookup(w.fs, inode);
	ovl_inode_unref(w.fs, inode);
	struct ovl_inode *again = ovl_inode_get(w.fs, nodeid); /* the kernel keeps it */
	assert_ptr_equal(again, inode);
	ovl_inode_forget(w.fs, nodeid, 2); /* now only we do */
	assert_ptr_equal(find(&w, 100), inode);
	ovl_inode_unref(w.fs, inode);
	ovl_inode_unref(w.fs, inode);
	assert_null(ovl_inode_get(w.fs, nodeid));
	assert_null(find(&w, 100));
	world_close(&w);
}

static void test_stale_nodeid_is_refused(void **state)
{
	struct world w;
	(void)state;
	open_world(&w);
	uint64_t old[50];
	for (int i = 0; i < 50; i++) { /* the same slot over and over */
		struct ovl_inode *inode = make(&w, DT_REG, 100);
		old[i] = inode->nodeid;
		for (int k = 0; k < i; k++) {
			assert_true(old[k] != old[i]);
			assert_null(ovl_inode_get(w.fs, old[k]));
			ovl_inode_forget(w.fs, old[k], 1); /* hits nobody */
		}
		assert_ptr_equal(ovl_inode_get(w.fs, old[i]), inode);
		ovl_inode_unref(w.fs, inode);
		ovl_inode_unref(w.fs, inode);
	}
	static const uint64_t never[] = {
		0, 2, 12345, UINT32_MAX, (uint64_t)1 << 32, UINT64_MAX, ((uint64_t)7 << 32) | 1};
	for (size_t i = 0; i < N_ELEMENTS(never); i++) {
		assert_null(ovl_inode_get(w.fs, never[i]));
		ovl_inode_forget(w.fs, never[i], 1);
	}
	world_close(&w);
}

static void test_forget_more_than_had(void **state)
{
	struct world w;
	(void)state;
	open_world(&w);
	struct ovl_inode *inode = make(&w, DT_REG, 100);
	uint64_t nodeid = inode->nodeid;
	ovl_inode_add_lookup(w.fs, inode);
	ovl_inode_forget(w.fs, nodeid, 1000);
	assert_ptr_equal(ovl_inode_get(w.fs, nodeid), inode); /* our ref holds */
	ovl_inode_forget(w.fs, nodeid, UINT64_MAX);
	ovl_inode_unref(w.fs, inode);
	ovl_inode_unref(w.fs, inode);
	assert_null(ovl_inode_get(w.fs, nodeid));
	ovl_inode_forget(w.fs, nodeid, 1);
	world_close(&w);
}

static void test_root_stays(void **state)
{
	struct world w;
	(void)state;
	open_world(&w);
	for (int i = 0; i < 3; i++)
		ovl_inode_forget(w.fs, OVL_ROOT_NODEID, 10);
	struct ovl_inode *root = ovl_inode_get(w.fs, OVL_ROOT_NODEID);
	assert_non_null(root);
	assert_true(ovl_inode_is_dir(root));
	ovl_inode_unref(w.fs, root);
	ovl_inode_unref(w.fs, NULL);
	world_close(&w);
}

static void test_second_of_a_key_gives_the_first(void **state)
{
	struct ovl_key key = {.fsid = 1, .ino = 100}, other_fs = {.fsid = 2, .ino = 100};
	struct world w;
	(void)state;
	open_world(&w);
	struct ovl_inode *first = make(&w, DT_REG, 100);
	struct ovl_inode *second = ovl_inode_new(w.fs, DT_REG, NULL, NULL);
	assert_ptr_equal(ovl_inode_add(w.fs, second, &key), first);
	ovl_inode_unref(w.fs, first);
	assert_null(ovl_inode_find(w.fs, &other_fs));
	struct ovl_inode *third = ovl_inode_new(w.fs, DT_REG, NULL, NULL);
	assert_ptr_equal(ovl_inode_add(w.fs, third, &other_fs), third);
	assert_ptr_not_equal(third, first);
	ovl_inode_unref(w.fs, third);
	ovl_inode_unref(w.fs, first);
	world_close(&w);
}

static void test_key_changes_nodeid_stays(void **state)
{
	struct world w;
	(void)state;
	open_world(&w);
	struct ovl_inode *inode = make(&w, DT_REG, 100);
	uint64_t nodeid = inode->nodeid;
	inode->ino = 4711;
	ovl_inode_set_key(w.fs, inode, 1, 200);
	assert_null(find(&w, 100));
	assert_ptr_equal(find(&w, 200), inode);
	ovl_inode_unref(w.fs, inode);
	assert_true(inode->nodeid == nodeid && inode->ino == 4711);
	struct ovl_inode *other = make(&w, DT_REG, 100); /* the number is free again */
	assert_ptr_not_equal(other, inode);
	ovl_inode_unref(w.fs, other);
	ovl_inode_unref(w.fs, inode);
	world_close(&w);
}

static void test_aliases(void **state)
{
	struct world w;
	(void)state;
	open_world(&w);
	struct ovl_inode *dir = make(&w, DT_DIR, 50);
	struct ovl_entry *a = ovl_entry_new("a", DT_REG, 1), *b = ovl_entry_new("b", DT_REG, 1);
	struct ovl_key key_a = {1, 100, dir, "a"}, key_b = {1, 100, dir, "b"};
	struct ovl_key plain = {.fsid = 1, .ino = 100};
	struct ovl_inode *inode_a = ovl_inode_new(w.fs, DT_REG, dir, a);
	struct ovl_inode *inode_b = ovl_inode_new(w.fs, DT_REG, dir, b);
	assert_ptr_equal(ovl_inode_add(w.fs, inode_a, &key_a), inode_a);
	assert_ptr_equal(ovl_inode_add(w.fs, inode_b, &key_b), inode_b);
	assert_null(ovl_inode_find(w.fs, &plain));
	assert_ptr_equal(ovl_inode_find(w.fs, &key_a), inode_a);
	ovl_inode_unref(w.fs, inode_a);
	assert_ptr_equal(ovl_inode_find(w.fs, &key_b), inode_b);
	ovl_inode_unref(w.fs, inode_b);
	ovl_inode_set_key(w.fs, inode_a, 1, 300); /* copied up: no alias any more */
	assert_ptr_equal(find(&w, 300), inode_a);
	ovl_inode_unref(w.fs, inode_a);
	assert_null(ovl_inode_find(w.fs, &key_a));
	ovl_inode_unref(w.fs, inode_a);
	ovl_inode_unref(w.fs, inode_b);
	ovl_inode_unref(w.fs, dir);
	ovl_entry_unref(a);
	ovl_entry_unref(b);
	world_close(&w);
}

static void test_many(void **state)
{
	enum { MANY = 20000 };
	struct ovl_inode **inodes = calloc(MANY, sizeof(*inodes));
	struct world w;
	(void)state;
	open_world(&w);
	for (unsigned i = 0; i < MANY; i++)
		inodes[i] = make(&w, i % 2 ? DT_REG : DT_DIR, 1000 + i);
	for (unsigned i = 0; i < MANY; i++) {
		assert_ptr_equal(find(&w, 1000 + i), inodes[i]);
		ovl_inode_unref(w.fs, inodes[i]);
		assert_ptr_equal(ovl_inode_get(w.fs, inodes[i]->nodeid), inodes[i]);
		ovl_inode_unref(w.fs, inodes[i]);
	}
	for (unsigned i = 0; i < MANY; i++)
		ovl_inode_unref(w.fs, inodes[(i * 7919) % MANY]);
	assert_int_equal(w.fs->inodes.n_inodes, 1);
	free(inodes);
	world_close(&w);
}

/* The table gets smaller; nodeids of before stay refused, those that live stay good. */
static void test_trim(void **state)
{
	enum { MANY = 3000 };
	struct ovl_inode **inodes = calloc(MANY, sizeof(*inodes));
	uint64_t *nodeids = calloc(MANY, sizeof(*nodeids));
	struct world w;
	(void)state;
	open_world(&w);
	ovl_fs_trim(w.fs);
	for (unsigned round = 0; round < 4; round++) {
		for (unsigned i = 0; i < MANY; i++) {
			inodes[i] = make(&w, DT_REG, 1000 + i);
			for (unsigned k = 0; round && k < MANY; k += 97)
				assert_true(nodeids[k] != inodes[i]->nodeid);
		}
		/* A few live on, in the middle and at no end. */
		unsigned alive = 100 * round;
		for (unsigned i = 0; i < MANY; i++)
			if (i != alive) {
				nodeids[i] = inodes[i]->nodeid;
				ovl_inode_unref(w.fs, inodes[i]);
			}
		ovl_fs_trim(w.fs);
		assert_in_range(w.fs->inodes.n_buckets, 1, MANY / 4);
		assert_in_range(w.fs->inodes.slots_size, 1, MANY / 4);
		for (unsigned i = 0; i < MANY; i++)
			if (i != alive)
				assert_null(ovl_inode_get(w.fs, nodeids[i]));
		assert_ptr_equal(ovl_inode_get(w.fs, inodes[alive]->nodeid), inodes[alive]);
		assert_ptr_equal(find(&w, 1000 + alive), inodes[alive]);
		ovl_inode_unref(w.fs, inodes[alive]);
		ovl_inode_unref(w.fs, inodes[alive]);
		nodeids[alive] = inodes[alive]->nodeid;
		ovl_inode_unref(w.fs, inodes[alive]);
	}
	free(inodes);
	free(nodeids);
	world_close(&w);
}

/* What is left when the session ends is freed, whatever its counts. */
static void test_clear_with_counts(void **state)
{
	struct world w;
	(void)state;
	open_world(&w);
	for (uint64_t i = 100; i < 200; i++)
		ovl_inode_add_lookup(w.fs, make(&w, i % 2 ? DT_REG : DT_DIR, i));
	ovl_fs_free(w.fs); /* the sanitizer sees what is forgotten */
}

static void test_pairs_of_locks(void **state)
{
	struct world w;
	struct ovl_inode *inodes[600];
	(void)state;
	open_world(&w);
	struct ovl_inode *dir = make(&w, DT_DIR, 50);
	for (unsigned i = 0; i < N_ELEMENTS(inodes); i++)
		inodes[i] = make(&w, DT_REG, 1000 + i);
	/* More inodes than stripes: some pair has one and the same. */
	for (unsigned i = 0; i < N_ELEMENTS(inodes); i++) {
		ovl_inode_lock_pair(w.fs, inodes[0], inodes[i]);
		ovl_inode_unlock_pair(w.fs, inodes[0], inodes[i]);
		ovl_inode_lock_pair(w.fs, inodes[i], inodes[0]);
		ovl_inode_unlock_pair(w.fs, inodes[i], inodes[0]);
	}
	ovl_inode_lock_pair(w.fs, NULL, NULL);
	ovl_inode_unlock_pair(w.fs, NULL, NULL);
	ovl_inode_lock_pair(w.fs, dir, inodes[0]);
	ovl_inode_unlock_pair(w.fs, dir, inodes[0]);
	for (unsigned i = 0; i < N_ELEMENTS(inodes); i++)
		ovl_inode_unref(w.fs, inodes[i]);
	ovl_inode_unref(w.fs, dir);
	world_close(&w);
}

/* -- as the kernel sees it, through lookups -----------------------------------------------------
 */

static uint64_t lookup(struct world *w, const char *path)
{
	const char *name;
	struct ovl_node node = {0};
	struct ovl_inode *dir = world_parent(w, path, &name);
	assert_int_equal(ovl_lookup(w->fs, dir, name, &node), 1);
	world_put(w, dir);
	return node.nodeid;
}

static void test_names_of_an_upper_file_are_one_inode(void **state)
{
	struct world w;
	(void)state;
	support_tree("l1/ u/a=x u/d/b+u/a l1/la=y l1/lb+l1/la");
	world_open(&w, 0);
	uint64_t a = lookup(&w, "a"), b = lookup(&w, "d/b");
	assert_true(a == b);
	/* A lower file's names are an inode each: copy-up takes them apart. */
	uint64_t la = lookup(&w, "la"), lb = lookup(&w, "lb");
	assert_true(la != lb);
	assert_true(lookup(&w, "la") == la);
	assert_int_equal(world_write(&w, "la", "Y", 0), 1);
	assert_true(lookup(&w, "la") == la);
	assert_string_equal(world_read(&w, "lb"), "y");
	assert_string_equal(world_read(&w, "la"), "Y");
	ovl_inode_forget(w.fs, a, 2);
	ovl_inode_forget(w.fs, la, 3);
	ovl_inode_forget(w.fs, lb, 1);
	world_close(&w);
}

static void test_nodeid_stays_over_copy_up_and_rename(void **state)
{
	struct stat before, st;
	struct world w;
	(void)state;
	support_tree("l1/f=content l1/d/e/ u/");
	world_open(&w, 0);
	uint64_t f = lookup(&w, "f"), d = lookup(&w, "d");
	assert_int_equal(world_stat(&w, "f", &before), 1);
	assert_int_equal(world_chmod(&w, "f", 0600), 0);
	assert_int_equal(world_chmod(&w, "d", 0700), 0);
	assert_true(lookup(&w, "f") == f && lookup(&w, "d") == d);
	assert_int_equal(world_rename(&w, "f", "d/g", 0), 0);
	assert_true(lookup(&w, "d/g") == f);
	assert_int_equal(world_stat(&w, "d/g", &st), 1);
	assert_true(st.st_ino == before.st_ino);
	assert_int_equal(world_unlink(&w, "d/g"), 0);
	struct ovl_inode *open = ovl_inode_get(w.fs, f); /* for who has it open */
	assert_non_null(open);
	assert_int_equal(ovl_getattr(w.fs, open, &st), 0);
	assert_int_equal(st.st_nlink, 0);
	world_put(&w, open);
	assert_int_equal(world_mknod(&w, "f", S_IFREG | 0644, 0), 0);
	uint64_t other = lookup(&w, "f");
	assert_true(other != f);
	ovl_inode_forget(w.fs, f, 3);
	ovl_inode_forget(w.fs, d, 2);
	ovl_inode_forget(w.fs, other, 1);
	world_close(&w);
}

struct storm {
	struct world *w;
	unsigned seed;
};

static void *storm(void *data)
{
	struct storm *s = data;
	uint64_t seed = s->seed;
	struct ovl_inode *root = ovl_inode_get(s->w->fs, OVL_ROOT_NODEID);
	for (int i = 0; i < 3000; i++) {
		struct ovl_node node;
		char name[2] = {(char)('a' + support_random(&seed) % 8), '\0'};
		if (ovl_lookup(s->w->fs, root, name, &node) == 1) {
			struct ovl_inode *inode = ovl_inode_get(s->w->fs, node.nodeid);
			if (!inode) /* we have a lookup of it */
				abort();
			ovl_inode_unref(s->w->fs, inode);
			ovl_inode_forget(s->w->fs, node.nodeid, 1);
		}
	}
	ovl_inode_unref(s->w->fs, root);
	return NULL;
}

static void test_lookups_and_forgets_from_threads(void **state)
{
	struct storm storms[4];
	pthread_t threads[4];
	struct world w;
	(void)state;
	support_tree("l1/a=1 l1/b=2 l1/c/ u/d=4 u/e/ u/c/x=1 l1/f>a u/g! l1/g=7 l1/h=8 l1/i+l1/h");
	world_open(&w, 0);
	for (unsigned i = 0; i < 4; i++) {
		storms[i] = (struct storm){&w, i + 1};
		assert_int_equal(pthread_create(&threads[i], NULL, storm, &storms[i]), 0);
	}
	for (unsigned i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	world_close(&w); /* counts come out even */
}

/* nfs_export=on: what is forgotten is still found by its nodeid, until it has lost its name. */
static void test_forgotten_stays_known(void **state)
{
	struct world w;
	struct ovl_node node, again;
	(void)state;
	support_tree("l1/d/f=x u/");
	world_open(&w, 0);
	w.fs->inodes.keeps_forgotten = true;
	struct ovl_inode *dir = world_get(&w, "d");
	assert_int_equal(ovl_lookup(w.fs, dir, "f", &node), 1);
	ovl_inode_forget(w.fs, node.nodeid, 1);
	struct ovl_inode *file = ovl_inode_get(w.fs, node.nodeid);
	assert_non_null(file);
	assert_int_equal(ovl_lookup_self(w.fs, file, &again), 1);
	assert_true(again.nodeid == node.nodeid && again.st.st_ino == node.st.st_ino);
	assert_int_equal(ovl_lookup_parent(w.fs, file, &again), 1);
	assert_true(again.nodeid == dir->nodeid);
	ovl_inode_forget(w.fs, again.nodeid, 1);
	assert_int_equal(ovl_lookup_parent(w.fs, &w.fs->root->inode, &again), 1);
	assert_int_equal(again.nodeid, OVL_ROOT_NODEID);

	assert_int_equal(world_unlink(&w, "d/f"), 0);
	assert_int_equal(ovl_lookup_self(w.fs, file, &again), -ESTALE);
	ovl_inode_forget(w.fs, node.nodeid, 1);
	ovl_inode_unref(w.fs, file);
	assert_null(ovl_inode_get(w.fs, node.nodeid));
	assert_int_equal(world_rmdir(&w, "d"), 0);
	world_put(&w, dir);
	world_close(&w); /* nothing is left */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_two_counts),
		TEST(test_stale_nodeid_is_refused),
		TEST(test_forget_more_than_had),
		TEST(test_forgotten_stays_known),
		TEST(test_root_stays),
		TEST(test_second_of_a_key_gives_the_first),
		TEST(test_key_changes_nodeid_stays),
		TEST(test_aliases),
		TEST(test_many),
		TEST(test_trim),
		TEST(test_clear_with_counts),
		TEST(test_pairs_of_locks),
		TEST(test_names_of_an_upper_file_are_one_inode),
		TEST(test_nodeid_stays_over_copy_up_and_rename),
		TEST(test_lookups_and_forgets_from_threads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
