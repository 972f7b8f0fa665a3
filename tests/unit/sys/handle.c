// SPDX-License-Identifier: GPL-2.0-or-later
/* File handles. The layouts in the table are those of the kernel's fs/libfs.c, fs/xfs/xfs_export.c,
 * fs/btrfs/export.h and mm/shmem.c. */
#include "seccomp.h"
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys/handle.h"

#define A64 0x1122334455667788u
#define W64 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11

static const struct layout {
	const char *name;
	int type;
	unsigned size;
	bool known;
	uint64_t ino;
	uint8_t bytes[40];
} layouts[] = {
	{"ext4: inode, generation", 0x01, 8, true, 0x11223344,
		{0x44, 0x33, 0x22, 0x11, 1, 2, 3, 4}},
	{"ext4: with the parent's", 0x02, 16, true, 0x11223344,
		{0x44, 0x33, 0x22, 0x11, 1, 2, 3, 4, 9, 9, 9, 9, 8, 8, 8, 8}},
	{"ext4: largest", 0x01, 8, true, 0xffffffffu, {0xff, 0xff, 0xff, 0xff}},
	{"xfs: 64 bits of inode, generation", 0x81, 12, true, A64, {W64, 1, 2, 3, 4}},
	{"xfs: with the parent's", 0x82, 24, true, A64, {W64, 1, 2, 3, 4, 9, 9, 9, 9, 9, 9, 9, 9}},
	{"btrfs: objectid, root, generation", 0x4d, 20, true, A64, {W64, 5}},
	{"btrfs: with parent", 0x4e, 32, true, A64, {W64, 5}},
	{"btrfs: with parent in another root", 0x4f, 40, true, A64, {W64, 5}},
	{"tmpfs: generation, low, high", 0x01, 12, true, A64,
		{1, 2, 3, 4, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11}},
	{"too short for an inode and a generation", 0x01, 4, false, 0, {1, 2, 3, 4}},
	{"too short for a parent", 0x02, 8, false, 0, {1, 2, 3, 4}},
	{"too short for 64 bits", 0x81, 4, false, 0, {1, 2, 3, 4}},
	{"too short for btrfs", 0x4d, 7, false, 0, {1, 2, 3, 4}},
	{"empty", 0x01, 0, false, 0, {0}},
	{"overlayfs", 0xf8, 29, false, 0, {0, 0xfb, 29}},
	{"fuse", 0x03, 12, false, 0, {W64}},
	{"root", 0x00, 8, false, 0, {W64}},
	{"invalid", 0xff, 12, false, 0, {W64}},
};

static void test_layouts(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(layouts); i++) {
		const struct layout *l = &layouts[i];
		/* An exact copy, so that the sanitizer sees a read beyond its end. */
		uint8_t *bytes = malloc(l->size ? l->size : 1);
		memcpy(bytes, l->bytes, l->size);
		uint64_t ino = 0xdead;
		bool known = sys_handle_inode(l->type, bytes, l->size, &ino);
		if (known != l->known || ino != (l->known ? l->ino : 0xdead))
			fail_msg("%s: %d, %#lx", l->name, known, (unsigned long)ino);
		free(bytes);
	}
}

/* Whatever the type and the size: no read beyond the end. */
static void test_every_type_and_size(void **state)
{
	(void)state;
	for (unsigned size = 0; size <= SYS_HANDLE_MAX; size += size < 48 ? 1 : 16) {
		uint8_t *bytes = calloc(1, size ? size : 1);
		for (int type = -1; type <= 256; type++) {
			uint64_t ino = 0;
			sys_handle_inode(type, bytes, size, &ino);
		}
		free(bytes);
	}
}

static void check_object(int dirfd, const char *name, uint64_t expected)
{
	struct sys_handle handle, again;
	uint64_t ino;
	int r = sys_handle_get(sys_at(dirfd, name), &handle);
	if (r == -EOPNOTSUPP)
		skip();
	assert_int_equal(r, 0);
	assert_in_range(handle.size, 1, SYS_HANDLE_MAX);
	assert_int_equal(sys_handle_get(sys_at(dirfd, name), &again), 0);
	assert_int_equal(again.size, handle.size);
	assert_memory_equal(again.bytes, handle.bytes, handle.size);
	if (sys_handle_inode(handle.type, handle.bytes, handle.size, &ino))
		assert_true(ino == expected);
}

static void test_real_objects(void **state)
{
	struct stat st;
	(void)state;
	support_tree("d/f=x d/sub/ d/l>nowhere d/p|");
	int dirfd = open("d", O_PATH | O_DIRECTORY | O_CLOEXEC);
	static const char *const names[] = {"f", "sub", "l", "p"};
	for (size_t i = 0; i < N_ELEMENTS(names); i++) {
		assert_int_equal(fstatat(dirfd, names[i], &st, AT_SYMLINK_NOFOLLOW), 0);
		check_object(dirfd, names[i], st.st_ino);
	}
	assert_int_equal(fstat(dirfd, &st), 0);
	check_object(dirfd, "", st.st_ino);
	struct sys_handle handle;
	assert_int_equal(sys_handle_get(sys_at(dirfd, "none"), &handle), -ENOENT);
	close(dirfd);
}

static void test_uuid(void **state)
{
	uint8_t uuid[16], again[16];
	(void)state;
	int dirfd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int r = sys_fs_uuid(dirfd, uuid);
	if (r == 0) {
		assert_int_equal(sys_fs_uuid(dirfd, again), 0);
		assert_memory_equal(uuid, again, 16);
	} else {
		assert_int_equal(r, -EOPNOTSUPP);
	}
	close(dirfd);
	int proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(sys_fs_uuid(proc, uuid), -EOPNOTSUPP);
	close(proc);
}

static uint8_t known_uuid[16];

static int check_same_uuid(void)
{
	uint8_t uuid[16];
	int dirfd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int r = sys_fs_uuid(dirfd, uuid);
	close(dirfd);
	CHECK(r == -EOPNOTSUPP || (r == 0 && memcmp(uuid, known_uuid, 16) == 0));
	return 0;
}

/* Kernels before 6.9: the file system's own way gives the same, or none. */
static void test_uuid_by_old_ways(void **state)
{
	const struct denial no_fs_uuid = {SYS_ioctl, ENOTTY, 1, UINT32_MAX, 0x80111500};
	(void)state;
	int dirfd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int r = sys_fs_uuid(dirfd, known_uuid);
	close(dirfd);
	/* One of zeros may have been changed on the disk since it was mounted. */
	bool counts = r == 0 && memcmp(known_uuid, (uint8_t[16]){0}, 16) != 0;
	int line = counts ? run_denied(&no_fs_uuid, 1, check_same_uuid, 0) : -1;
	if (line == -1)
		skip();
	assert_int_equal(line, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_layouts),
		TEST(test_every_type_and_size),
		TEST(test_real_objects),
		TEST(test_uuid),
		TEST(test_uuid_by_old_ways),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
