// SPDX-License-Identifier: GPL-2.0-or-later
/* Contents of files, and copying them: a table of shapes, copied in each way that there is. */
#include "seccomp.h"
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys/data.h"

static void test_read_and_write(void **state)
{
	char text[16] = "";
	(void)state;
	int fd = open("f", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	assert_int_equal(sys_pwrite(fd, "hello", 5, 3), 5);
	assert_int_equal(sys_pread(fd, text, sizeof(text), 0), 8);
	assert_memory_equal(text, "\0\0\0hello", 8);
	assert_int_equal(sys_pread(fd, text, 4, 6), 2);
	assert_int_equal(sys_pread(fd, text, 4, 8), 0);
	assert_int_equal(sys_pread(fd, text, 4, 1000), 0);
	assert_int_equal(sys_pread(fd, text, 0, 0), 0);
	assert_int_equal(sys_ftruncate(fd, 3), 0);
	assert_int_equal(sys_pread(fd, text, sizeof(text), 0), 3);
	assert_int_equal(sys_fsync(fd), 0);
	assert_int_equal(sys_fdatasync(fd), 0);
	assert_int_equal(sys_ftruncate(fd, -1), -EINVAL);
	close(fd);
	int ro = open("f", O_RDONLY | O_CLOEXEC);
	assert_int_equal(sys_pwrite(ro, "x", 1, 0), -EBADF);
	assert_int_equal(sys_lseek(ro, 0, SEEK_END), 3);
	assert_int_equal(sys_lseek(ro, 3, SEEK_DATA), -ENXIO);
	int flags;
	assert_int_equal(sys_ioctl(ro, _IO(0x99, 0x77), &flags), -ENOTTY);
	close(ro);
}

/* -- copying ----------------------------------------------------------------------------------- */

#define KIB 1024
#define MIB ((off_t)1024 * 1024)

/* A file: extents of data (seeded) in an otherwise empty file. */
struct shape {
	const char *name;
	off_t size;
	struct {
		off_t at, length;
	} data[4];
	off_t copied; /* how many bytes are asked for; -1 = size */
	int how;      /* SYS_COPY_* */
};

static const struct shape shapes[] = {
	{"one byte", 1, {{0, 1}}, -1, 0},
	{"small", 5000, {{0, 5000}}, -1, 0},
	{"small, asked for holes", 5000, {{0, 5000}}, -1, SYS_COPY_HOLES},
	{"larger than the buffer", 3 * MIB + 17, {{0, 3 * MIB + 17}}, -1, 0},
	{"only a hole", 8 * MIB, {{0, 0}}, -1, SYS_COPY_HOLES},
	{"hole at the start", 8 * MIB, {{6 * MIB, 2 * MIB}}, -1, SYS_COPY_HOLES},
	{"hole at the end", 8 * MIB, {{0, 64 * KIB}}, -1, SYS_COPY_HOLES},
	{"holes all over", 16 * MIB, {{MIB, MIB}, {5 * MIB, 64 * KIB}, {9 * MIB, 4096}}, -1,
		SYS_COPY_HOLES},
	{"odd edges", 4 * MIB + 3, {{4095, 2}, {2 * MIB + 1, 9}, {4 * MIB + 2, 1}}, -1,
		SYS_COPY_HOLES},
	{"over 4 GiB", 5 * 1024 * MIB, {{0, 4096}, {4096 * MIB - 2048, 4096}, {5119 * MIB, MIB}},
		-1, SYS_COPY_HOLES},
	{"not to be shared", 5000, {{0, 5000}}, -1, SYS_COPY_UNSHARED},
	{"not to be shared, holes", 8 * MIB, {{MIB, MIB}}, -1, SYS_COPY_UNSHARED | SYS_COPY_HOLES},
	{"a part of it", 5000, {{0, 5000}}, 3000, 0},
	{"a part with holes", 8 * MIB, {{MIB, MIB}, {4 * MIB, MIB}}, 4 * MIB + 100, SYS_COPY_HOLES},
	{"a part that ends in a hole", 8 * MIB, {{MIB, MIB}, {6 * MIB, MIB}}, 4 * MIB,
		SYS_COPY_HOLES},
	{"nothing", 5000, {{0, 5000}}, 0, 0},
	{"shorter than asked for", 5000, {{0, 5000}}, 9000, SYS_COPY_HOLES},
	{"shorter than asked for, no holes", 5000, {{0, 5000}}, 9000, 0},
	{"shorter than asked for, holes", 8 * MIB, {{MIB, 4096}}, 12 * MIB, SYS_COPY_HOLES},
	{"empty by now", 0, {{0, 0}}, 3000, 0},
	{"empty by now, holes", 0, {{0, 0}}, 3000, SYS_COPY_HOLES},
};

static uint8_t data_at(off_t offset)
{
	return (uint8_t)(1 + ((uint64_t)offset * 2654435761u >> 7) % 255);
}

static int make_shape(const struct shape *shape)
{
	int fd = open("in", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	uint8_t *buffer = malloc((size_t)MIB);
	for (size_t i = 0; i < N_ELEMENTS(shape->data); i++) {
		off_t at = shape->data[i].at, end = at + shape->data[i].length;
		while (at < end) {
			size_t n = (size_t)(end - at < MIB ? end - at : MIB);
			for (size_t k = 0; k < n; k++)
				buffer[k] = data_at(at + (off_t)k);
			if (pwrite(fd, buffer, n, at) != (ssize_t)n)
				abort();
			at += (off_t)n;
		}
	}
	free(buffer);
	if (ftruncate(fd, shape->size) < 0)
		abort();
	return fd;
}

/* What the copy must have at offset. */
static uint8_t expected_at(const struct shape *shape, off_t offset)
{
	for (size_t i = 0; i < N_ELEMENTS(shape->data); i++)
		if (offset >= shape->data[i].at &&
			offset < shape->data[i].at + shape->data[i].length && offset < shape->size)
			return data_at(offset);
	return 0;
}

/* Compares around every edge, and whole where that is not too much. */
static bool has_content(int fd, const struct shape *shape, off_t size)
{
	uint8_t buffer[4096];
	off_t step = size > 64 * MIB ? 61 * MIB + 4099 : (off_t)sizeof(buffer);
	for (off_t at = 0; at < size; at += step) {
		ssize_t n = pread(fd, buffer, sizeof(buffer), at);
		for (ssize_t i = 0; i < n; i++)
			if (buffer[i] != expected_at(shape, at + i))
				return false;
	}
	for (size_t k = 0; k < N_ELEMENTS(shape->data); k++)
		for (int edge = 0; edge < 2; edge++) {
			off_t at = shape->data[k].at + edge * shape->data[k].length;
			at = at > 2048 ? at - 2048 : 0;
			ssize_t n = pread(fd, buffer, sizeof(buffer), at);
			for (ssize_t i = 0; i < n; i++)
				if (buffer[i] != expected_at(shape, at + i))
					return false;
		}
	return true;
}

static const struct shape *current;

static int copy_current(void)
{
	const struct shape *shape = current;
	off_t copied = shape->copied < 0 ? shape->size : shape->copied;
	struct stat st, original;
	int in = make_shape(shape);
	int out = open("out", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CHECK(in >= 0 && out >= 0);
	CHECK(sys_copy_contents(in, out, copied, shape->how) == 0);
	CHECK(fstat(out, &st) == 0 && fstat(in, &original) == 0);
	CHECK(st.st_size == copied);
	CHECK(has_content(out, shape, copied));
	/* Holes stay holes: no more than an extent's rounding on top. */
	if ((shape->how & SYS_COPY_HOLES) && copied == shape->size)
		CHECK(st.st_blocks <= original.st_blocks + 256);
	close(in);
	close(out);
	return 0;
}

static void copy_all_shapes(const struct denial *denials, unsigned n)
{
	for (size_t i = 0; i < N_ELEMENTS(shapes); i++) {
		current = &shapes[i];
		int line = n ? run_denied(denials, n, copy_current, 0) : copy_current();
		if (line == -1)
			skip();
		if (line)
			fail_msg("%s: line %d", shapes[i].name, line);
	}
}

static void test_copy_as_can_be(void **state)
{
	(void)state;
	copy_all_shapes(NULL, 0);
}

#define NO_CLONE                                                                                   \
	{                                                                                          \
		SYS_ioctl, EOPNOTSUPP, 1, 0xffffffffu, (uint32_t)FICLONE                           \
	}

static void test_copy_without_ficlone(void **state)
{
	const struct denial denials[] = {NO_CLONE};
	(void)state;
	copy_all_shapes(denials, 1);
}

static void test_copy_without_copy_file_range(void **state)
{
	static const int errors[] = {ENOSYS, EXDEV, EOPNOTSUPP, EINVAL, EPERM};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(errors); i++) {
		const struct denial denials[] = {
			NO_CLONE, {SYS_copy_file_range, errors[i], -1, 0, 0}};
		if (i == 0) {
			copy_all_shapes(denials, 2);
			continue;
		}
		current = &shapes[1];
		int line = run_denied(denials, 2, copy_current, 0);
		if (line == -1)
			skip();
		assert_int_equal(line, 0);
	}
}

/* Everything is data then; holes are lost, contents are not. */
static int copy_without_seek(void)
{
	struct stat st;
	off_t copied = current->copied < 0 ? current->size : current->copied;
	int in = make_shape(current);
	int out = open("out", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	CHECK(sys_copy_contents(in, out, copied, SYS_COPY_HOLES) == 0);
	CHECK(fstat(out, &st) == 0 && st.st_size == copied);
	CHECK(has_content(out, current, copied));
	close(in);
	close(out);
	return 0;
}

static void test_copy_without_seek_data(void **state)
{
	const struct denial denials[] = {NO_CLONE, {SYS_lseek, EINVAL, 2, 0xffffffffu, SEEK_DATA}};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(shapes); i++) {
		current = &shapes[i];
		if (current->size > 64 * MIB)
			continue;
		int line = run_denied(denials, 2, copy_without_seek, 0);
		if (line == -1)
			skip();
		if (line)
			fail_msg("%s: line %d", current->name, line);
	}
}

static int copy_fails(void)
{
	int in = make_shape(current);
	int out = open("out", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int r = sys_copy_contents(in, out, current->size, current->how);
	close(in);
	close(out);
	return -r;
}

/* A full or broken file system is told of, not worked around. */
static void test_copy_errors(void **state)
{
	static const int errors[] = {ENOSPC, EDQUOT, EIO};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(errors); i++) {
		const struct denial in_kernel[] = {
			NO_CLONE, {SYS_copy_file_range, errors[i], -1, 0, 0}};
		const struct denial writing[] = {NO_CLONE, {SYS_copy_file_range, EXDEV, -1, 0, 0},
			{SYS_pwrite64, errors[i], -1, 0, 0}};
		const struct denial reading[] = {NO_CLONE, {SYS_copy_file_range, EXDEV, -1, 0, 0},
			{SYS_pread64, errors[i], -1, 0, 0}};
		/* No pwrite(2) may fail while the shape is made. */
		static const struct shape empty = {"a hole", 4096, {{0, 0}}, -1, 0};
		current = &empty;
		int r = run_denied(in_kernel, 2, copy_fails, 0);
		if (r == -1)
			skip();
		assert_int_equal(r, errors[i]);
		assert_int_equal(run_denied(writing, 3, copy_fails, 0), errors[i]);
		assert_int_equal(run_denied(reading, 3, copy_fails, 0), errors[i]);
	}
}

/* procfs says 0 bytes and has more: what is asked for is read. */
static void test_copy_of_a_file_without_size(void **state)
{
	struct stat st;
	(void)state;
	int in = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	int out = open("out", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(sys_copy_contents(in, out, 5, 0), 0);
	assert_int_equal(fstat(out, &st), 0);
	assert_int_equal(st.st_size, 5);
	assert_memory_equal(support_read("out"), "Name:", 5);
	close(in);
	close(out);
}

/* Sharing is all or nothing, and says whether it could. */
static void test_share(void **state)
{
	struct stat st;
	(void)state;
	support_tree("in=content");
	int in = open("in", O_RDONLY | O_CLOEXEC), other = open("/proc/self/status", O_RDONLY);
	int out = open("out", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	int r = sys_share_contents(in, out);
	assert_int_equal(fstat(out, &st), 0);
	if (r == 0)
		assert_string_equal(support_read("out"), "content");
	else
		assert_true(r == -EOPNOTSUPP || r == -EINVAL || r == -ENOTTY);
	assert_int_equal(st.st_size, r == 0 ? 7 : 0);
	assert_true(sys_share_contents(other, out) < 0);
	close(in);
	close(out);
	close(other);
}

/* A file that can be read for a page, and no further: our own memory. Who were given that page
 * would take it for the whole file. */
static void test_error_in_the_middle(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *buffer = malloc(2 * page);
	(void)state;
	assert_non_null(buffer);
	char *memory =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(memory != MAP_FAILED);
	memory[page - 1] = 'x';
	assert_int_equal(munmap(memory + page, page), 0);
	int fd = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	off_t offset = (off_t)(uintptr_t)memory;
	assert_int_equal(sys_pread(fd, buffer, page, offset), page);
	assert_int_equal(buffer[page - 1], 'x');
	assert_int_equal(sys_pread(fd, buffer, 2 * page, offset), -EIO);
	close(fd);
	munmap(memory, page);
	free(buffer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_read_and_write),
		TEST(test_error_in_the_middle),
		TEST(test_copy_as_can_be),
		TEST(test_copy_without_ficlone),
		TEST(test_copy_without_copy_file_range),
		TEST(test_copy_without_seek_data),
		TEST(test_copy_errors),
		TEST(test_share),
		TEST(test_copy_of_a_file_without_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
