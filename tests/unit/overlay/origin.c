// SPDX-License-Identifier: GPL-2.0-or-later
/* Origin marks: struct ovl_fb of the kernel (fs/overlayfs/overlayfs.h), read from hostile layers.
 */
#include "world.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "origin.h"
#include "sys/handle.h"
#include "sys/xattrs.h"

#define HANDLE 21 /* where the file handle starts in the mark */

/* A mark for an inode number below 2^32 as ext4 has it; the kernel's own example (null uuid). */
static size_t ext4_mark(uint8_t bytes[OVL_FB_MAX], uint32_t ino)
{
	static const uint8_t generation[4] = {0x05, 0x91, 0x42, 0x6f};
	memset(bytes, 0, OVL_FB_MAX);
	bytes[1] = 0xfb;
	bytes[2] = HANDLE + 8;
	bytes[4] = 0x01;
	memcpy(bytes + HANDLE, &ino, 4);
	memcpy(bytes + HANDLE + 4, generation, 4);
	return HANDLE + 8;
}

static void test_decodes_the_kernels_example(void **state)
{
	/* 00fb1d0001 + 16 x 00 + 7cc5a700 + 0591426f */
	uint8_t bytes[OVL_FB_MAX] = {0, 0xfb, 0x1d, 0, 1};
	static const uint8_t handle[8] = {0x7c, 0xc5, 0xa7, 0x00, 0x05, 0x91, 0x42, 0x6f};
	struct world w;
	uint64_t ino = 0;
	(void)state;
	support_tree("l1/ u/");
	world_open(&w, 0);
	memcpy(bytes + HANDLE, handle, 8);
	assert_true(ovl_origin_decode(w.fs, bytes, 29, 1, &ino));
	assert_int_equal(ino, 0x00a7c57c); /* all layers on one file system: the number itself */
	assert_true(ovl_origin_decode(w.fs, bytes, 29, 0, &ino));
	world_close(&w);
}

static void test_encode_and_decode(void **state)
{
	static const char *const names[] = {"f", "d", "l", "p"};
	uint8_t bytes[OVL_FB_MAX], uuid[16];
	struct stat st;
	struct world w;
	(void)state;
	support_tree("l1/f=x l1/d/ l1/l>f l1/p| u/");
	world_open(&w, 0);
	int layer = open("l1", O_PATH | O_DIRECTORY | O_CLOEXEC);
	bool has_uuid = sys_fs_uuid(layer, uuid) == 0;
	for (size_t i = 0; i < N_ELEMENTS(names); i++) {
		struct sys_handle handle;
		uint64_t ino, known;
		struct sys_at at = sys_at(layer, names[i]);
		size_t size = ovl_origin_encode(w.fs, at, &w.fs->layers[1], bytes);
		if (sys_handle_get(at, &handle) < 0) {
			assert_int_equal(size, 0);
			continue;
		}
		assert_int_equal(size, HANDLE + handle.size);
		assert_int_equal(bytes[0], 0);
		assert_int_equal(bytes[1], 0xfb);
		assert_int_equal(bytes[2], size);
		assert_int_equal(bytes[4], handle.type);
		assert_memory_equal(bytes + HANDLE, handle.bytes, handle.size);
		if (has_uuid)
			assert_memory_equal(bytes + 5, uuid, 16);
		bool decodable = sys_handle_inode(handle.type, handle.bytes, handle.size, &known);
		assert_int_equal(ovl_origin_decode(w.fs, bytes, size, 1, &ino), decodable);
		assert_int_equal(fstatat(layer, names[i], &st, AT_SYMLINK_NOFOLLOW), 0);
		if (decodable)
			assert_true(ino == st.st_ino);
	}
	close(layer);
	world_close(&w);
}

struct damage {
	const char *name;
	unsigned at;
	uint8_t value;
	size_t size; /* 0 = as it was */
};

static void test_refuses_what_is_damaged(void **state)
{
	static const struct damage damages[] = {
		{"version", 0, 1, 0},
		{"magic", 1, 0xfa, 0},
		{"length too small", 2, 28, 0},
		{"length too large", 2, 30, 0},
		{"length zero", 2, 0, 0},
		{"the other endianness", 3, __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 0 : 1, 0},
		{"type invalid", 4, 0xff, 0},
		{"type unknown", 4, 0x7e, 0},
		{"type zero", 4, 0, 0},
		{"cut in the handle", 2, 25, 25},
		{"no handle", 2, 21, 21},
		{"cut in the uuid", 2, 10, 10},
		{"cut at the header", 2, 4, 4},
		{"one byte", 0, 0, 1},
	};
	uint8_t bytes[OVL_FB_MAX];
	struct world w;
	(void)state;
	support_tree("l1/ u/");
	world_open(&w, 0);
	for (size_t i = 0; i < N_ELEMENTS(damages); i++) {
		uint64_t ino = 4711;
		size_t size = ext4_mark(bytes, 12345);
		bytes[damages[i].at] = damages[i].value;
		size = damages[i].size ? damages[i].size : size;
		/* An exact copy, so that the sanitizer sees a read beyond its end. */
		uint8_t *copy = malloc(size);
		memcpy(copy, bytes, size);
		if (ovl_origin_decode(w.fs, copy, size, 1, &ino) || ino != 4711)
			fail_msg("%s is taken for good", damages[i].name);
		free(copy);
	}
	uint64_t ino = 4711;
	assert_false(ovl_origin_decode(w.fs, bytes, 0, 1, &ino));
	size_t size = ext4_mark(bytes, 12345);
	bytes[3] |= 2; /* readable in any endianness */
	assert_true(ovl_origin_decode(w.fs, bytes, size, 1, &ino));
	world_close(&w);
}

static void test_random_bytes_never_crash(void **state)
{
	uint64_t seed = 4, ino;
	struct world w;
	(void)state;
	support_tree("l1/ l2/ u/");
	world_open(&w, 0);
	for (int round = 0; round < 50000; round++) {
		size_t size = support_random(&seed) % (OVL_FB_MAX + 1);
		uint8_t *bytes = malloc(size ? size : 1);
		for (size_t i = 0; i < size; i++)
			bytes[i] = (uint8_t)support_random(&seed);
		if (size > 4 && support_random(&seed) % 4) { /* most with a good header */
			static const uint8_t types[] = {0x01, 0x02, 0x4d, 0x4e, 0x4f, 0x81, 0x82};
			bytes[0] = 0;
			bytes[1] = 0xfb;
			bytes[2] = (uint8_t)size;
			bytes[3] = 0;
			bytes[4] = types[support_random(&seed) % sizeof(types)];
		}
		ovl_origin_decode(w.fs, bytes, size, support_random(&seed) % 3, &ino);
		free(bytes);
	}
	world_close(&w);
}

/* A mark of another file system's uuid says nothing. */
static void test_uuid_of_another_file_system(void **state)
{
	uint8_t bytes[OVL_FB_MAX];
	struct world w;
	uint64_t ino;
	(void)state;
	support_tree("l1/ u/");
	world_open(&w, 0);
	size_t size = ext4_mark(bytes, 12345);
	memset(bytes + 5, 0x5a, 16);
	bool known = w.fs->uuids[1].known;
	assert_int_equal(ovl_origin_decode(w.fs, bytes, size, 1, &ino), !known);
	world_close(&w);
}

static void set_origin(const char *path, const void *bytes, size_t size)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	assert_int_equal(sys_setxattr(sys_at_fd(fd), "user.overlay.origin", bytes, size, 0), 0);
	close(fd);
}

/* In the upper: corrupt marks of every kind; the file is there with its own number. */
static void test_corrupt_marks_in_the_upper(void **state)
{
	uint8_t bytes[512];
	struct stat own, st;
	struct world w;
	(void)state;
	for (size_t size = 0; size <= 300; size += size < 32 ? 1 : 37) {
		support_empty();
		support_tree("l1/x=1 u/f=content u@impure=y");
		memset(bytes, 0xfb, sizeof(bytes));
		set_origin("u/f", bytes, size);
		assert_int_equal(stat("u/f", &own), 0);
		world_open(&w, WORLD_USER_MARKS);
		assert_int_equal(world_stat(&w, "f", &st), 1);
		assert_true(st.st_ino == own.st_ino);
		assert_string_equal(world_read(&w, "f"), "content");
		assert_string_equal(world_names(&w, ""), "f x");
		world_close(&w);
	}
}

/* In the upper: a good mark gives the number, in stat and in the listing. */
static void test_good_mark_in_the_upper(void **state)
{
	uint8_t bytes[OVL_FB_MAX];
	struct stat st;
	struct world w;
	(void)state;
	support_tree("l1/x=1 u/f=content u@impure=y");
	set_origin("u/f", bytes, ext4_mark(bytes, 987654321));
	world_open(&w, WORLD_USER_MARKS);
	assert_int_equal(world_stat(&w, "f", &st), 1);
	assert_int_equal(st.st_ino, 987654321);
	char *view = world_view(&w, true);
	assert_null(strstr(view, "DIFFERS"));
	free(view);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_decodes_the_kernels_example),
		TEST(test_encode_and_decode),
		TEST(test_refuses_what_is_damaged),
		TEST(test_random_bytes_never_crash),
		TEST(test_uuid_of_another_file_system),
		TEST(test_corrupt_marks_in_the_upper),
		TEST(test_good_mark_in_the_upper),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
