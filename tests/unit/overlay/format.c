// SPDX-License-Identifier: GPL-2.0-or-later
/* The on-disk format; the spellings are those of the kernel's documentation and of AUFS. */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "format.h"
#include "sys/xattrs.h"

static void test_mark_names(void **state)
{
	static const char *const names[OVL_N_MARKS] = {
		[OVL_MARK_OPAQUE] = "opaque",
		[OVL_MARK_WHITEOUT] = "whiteout",
		[OVL_MARK_REDIRECT] = "redirect",
		[OVL_MARK_METACOPY] = "metacopy",
		[OVL_MARK_ORIGIN] = "origin",
		[OVL_MARK_IMPURE] = "impure",
		[OVL_MARK_NLINK] = "nlink",
		[OVL_MARK_UPPER] = "upper",
		[OVL_MARK_UUID] = "uuid",
		[OVL_MARK_PROTATTR] = "protattr",
	};
	char full[64];
	(void)state;
	for (unsigned i = 0; i < OVL_N_MARKS; i++) {
		assert_non_null(names[i]);
		snprintf(full, sizeof(full), "trusted.overlay.%s", names[i]);
		assert_string_equal(ovl_mark_name(OVL_PREFIX_TRUSTED, i), full);
		snprintf(full, sizeof(full), "user.overlay.%s", names[i]);
		assert_string_equal(ovl_mark_name(OVL_PREFIX_USER, i), full);
		assert_int_equal(ovl_xattr_kind(full), OVL_XATTR_ESCAPED);
	}
}

static void test_names(void **state)
{
	static const struct {
		const char *name;
		enum ovl_name_kind kind;
	} names[] = {
		{"file", OVL_NAME_PLAIN},
		{".", OVL_NAME_PLAIN},
		{".w", OVL_NAME_PLAIN},
		{".wh", OVL_NAME_PLAIN},
		{".whx", OVL_NAME_PLAIN},
		{"wh.file", OVL_NAME_PLAIN},
		{"a.wh.file", OVL_NAME_PLAIN},
		{".WH.file", OVL_NAME_PLAIN},
		{"..wh.file", OVL_NAME_PLAIN},
		{".wh.file", OVL_NAME_AUFS_WHITEOUT},
		{".wh.a", OVL_NAME_AUFS_WHITEOUT},
		{".wh. ", OVL_NAME_AUFS_WHITEOUT},
		{".wh.\xff", OVL_NAME_AUFS_WHITEOUT},
		{".wh....", OVL_NAME_AUFS_WHITEOUT},
		{".wh..a", OVL_NAME_AUFS_WHITEOUT},
		{".wh..wh", OVL_NAME_AUFS_WHITEOUT},
		{".wh..whx", OVL_NAME_AUFS_WHITEOUT},
		{".wh..wh..opq", OVL_NAME_AUFS_OPAQUE},
		{".wh.", OVL_NAME_AUFS_OTHER},
		{".wh..", OVL_NAME_AUFS_OTHER},
		{".wh...", OVL_NAME_AUFS_OTHER},
		{".wh..wh.", OVL_NAME_AUFS_OTHER},
		{".wh..wh.x", OVL_NAME_AUFS_OTHER},
		{".wh..wh.aufs", OVL_NAME_AUFS_OTHER},
		{".wh..wh.plnk", OVL_NAME_AUFS_OTHER},
		{".wh..wh.orph", OVL_NAME_AUFS_OTHER},
		{".wh..wh..op", OVL_NAME_AUFS_OTHER},
		{".wh..wh..opqx", OVL_NAME_AUFS_OTHER},
		{".wh..wh..wh..opq", OVL_NAME_AUFS_OTHER},
	};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(names); i++)
		if (ovl_name_kind(names[i].name) != names[i].kind)
			fail_msg("%s: %d", names[i].name, ovl_name_kind(names[i].name));
}

static void test_whiteout_device(void **state)
{
	(void)state;
	assert_true(ovl_is_whiteout_device(S_IFCHR, 0));
	assert_true(ovl_is_whiteout_device(S_IFCHR | 0777, makedev(0, 0)));
	assert_false(ovl_is_whiteout_device(S_IFBLK, 0));
	assert_false(ovl_is_whiteout_device(S_IFREG, 0));
	assert_false(ovl_is_whiteout_device(S_IFIFO, 0));
	assert_false(ovl_is_whiteout_device(S_IFCHR, makedev(0, 1)));
	assert_false(ovl_is_whiteout_device(S_IFCHR, makedev(1, 0)));
}

static void test_xattr_kinds(void **state)
{
	static const struct {
		const char *name;
		enum ovl_xattr_kind kind;
	} names[] = {
		{"user.color", OVL_XATTR_PLAIN},
		{"user.overlay", OVL_XATTR_PLAIN},
		{"user.overlayx", OVL_XATTR_PLAIN},
		{"user.overla.y", OVL_XATTR_PLAIN},
		{"trusted.overlay", OVL_XATTR_PLAIN},
		{"trusted.x", OVL_XATTR_PLAIN},
		{"security.capability", OVL_XATTR_PLAIN},
		{"system.posix_acl_access", OVL_XATTR_PLAIN},
		{"security.overlay.opaque", OVL_XATTR_PLAIN},
		{"user.overlay.opaque", OVL_XATTR_ESCAPED},
		{"user.overlay.", OVL_XATTR_ESCAPED},
		{"user.overlay.anything", OVL_XATTR_ESCAPED},
		{"user.overlay.overlay.opaque", OVL_XATTR_ESCAPED},
		{"trusted.overlay.redirect", OVL_XATTR_ESCAPED},
		{"trusted.overlay.overlay.", OVL_XATTR_ESCAPED},
		{"user.fuseoverlayfs.opaque", OVL_XATTR_HIDDEN},
		{"user.fuseoverlayfs.override_stat", OVL_XATTR_HIDDEN},
		{"security.fuseoverlayfs.override_stat", OVL_XATTR_HIDDEN},
		{"user.containers.override_stat", OVL_XATTR_HIDDEN},
	};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(names); i++)
		if (ovl_xattr_kind(names[i].name) != names[i].kind)
			fail_msg("%s: %d", names[i].name, ovl_xattr_kind(names[i].name));
}

/* Kernel documentation, "Nesting overlayfs mounts": P NAME is stored as P overlay.NAME. */
static void test_escaping_both_ways(void **state)
{
	static const char *const pairs[][2] = {
		{"user.overlay.opaque", "user.overlay.overlay.opaque"},
		{"trusted.overlay.redirect", "trusted.overlay.overlay.redirect"},
		{"user.overlay.overlay.opaque", "user.overlay.overlay.overlay.opaque"},
		{"user.overlay.x", "user.overlay.overlay.x"},
	};
	char stored[OVL_XATTR_NAME_SIZE], buffer[OVL_XATTR_NAME_SIZE];
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(pairs); i++) {
		assert_int_equal(ovl_xattr_escape(pairs[i][0], stored), 0);
		assert_string_equal(stored, pairs[i][1]);
		assert_string_equal(ovl_xattr_user_name(stored, buffer), pairs[i][0]);
	}
	/* Never a name that the overlay reads as a mark. */
	for (unsigned p = 0; p < 2; p++)
		for (unsigned m = 0; m < OVL_N_MARKS; m++) {
			const char *mark = ovl_mark_name(p, m);
			assert_int_equal(ovl_xattr_escape(mark, stored), 0);
			for (unsigned k = 0; k < 2 * OVL_N_MARKS; k++)
				assert_string_not_equal(stored, ovl_mark_name(k % 2, k / 2));
			assert_null(ovl_xattr_user_name(mark, buffer)); /* hidden itself */
		}
}

static void test_user_names(void **state)
{
	char buffer[OVL_XATTR_NAME_SIZE];
	(void)state;
	assert_string_equal(ovl_xattr_user_name("user.color", buffer), "user.color");
	assert_string_equal(ovl_xattr_user_name("trusted.x", buffer), "trusted.x");
	assert_null(ovl_xattr_user_name("user.overlay.anything", buffer));
	assert_null(ovl_xattr_user_name("trusted.overlay.anything", buffer));
	assert_null(ovl_xattr_user_name("user.fuseoverlayfs.opaque", buffer));
	assert_null(ovl_xattr_user_name("security.fuseoverlayfs.x", buffer));
	assert_null(ovl_xattr_user_name("user.containers.override_stat", buffer));
}

static void test_long_names(void **state)
{
	char name[400], stored[OVL_XATTR_NAME_SIZE], buffer[OVL_XATTR_NAME_SIZE];
	(void)state;
	for (size_t length = 240; length < 300; length++) {
		memset(name, 'n', length);
		memcpy(name, "user.overlay.", 13);
		name[length] = '\0';
		int r = ovl_xattr_escape(name, stored);
		assert_int_equal(r, length + 8 <= 255 ? 0 : -ERANGE);
		if (r == 0)
			assert_string_equal(ovl_xattr_user_name(stored, buffer), name);
	}
}

/* -- marks of directories ---------------------------------------------------------------------- */

static struct ovl_dir_marks read_marks(const char *path)
{
	struct ovl_dir_marks marks, same;
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int top = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(ovl_marks_read(sys_at_fd(fd), false, &marks), 0);
	assert_int_equal(ovl_marks_read(sys_at(top, path), true, &same), 0);
	assert_int_equal(marks.opaque, same.opaque);
	close(top);
	close(fd);
	return marks;
}

static void test_marks(void **state)
{
	static const struct {
		const char *set, *value;
		bool opaque, xattr_whiteouts, impure, redirect;
	} cases[] = {
		{"user.color", "y", false, false, false, false},
		{"user.overlay.opaque", "y", true, false, false, false},
		{"user.overlay.opaque", "x", false, true, false, false},
		{"user.overlay.opaque", "n", false, false, false, false},
		{"user.overlay.opaque", "", false, false, false, false},
		{"user.overlay.opaque", "yy", false, false, false, false},
		{"user.overlay.opaque", "yes_please", false, false, false, false},
		{"user.overlay.impure", "y", false, false, true, false},
		{"user.overlay.redirect", "/a", false, false, false, true},
		{"user.overlay.origin", "", false, false, false, false},
		{"user.fuseoverlayfs.opaque", "y", true, false, false, false},
		{"user.fuseoverlayfs.opaque", "n", false, false, false, false},
		{"user.overlay.overlay.opaque", "y", false, false, false, false},
		{"trusted.overlay.opaque", "y", true, false, false, false},
		{"trusted.overlay.opaque", "x", false, true, false, false},
		{"trusted.overlay.impure", "y", false, false, true, false},
		{"trusted.overlay.redirect", "a", false, false, false, true},
	};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		support_empty();
		support_tree("d/");
		int top = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
		int r = sys_setxattr(
			sys_at(top, "d"), cases[i].set, cases[i].value, strlen(cases[i].value), 0);
		close(top);
		if (r == -EPERM || r == -EOPNOTSUPP)
			continue; /* trusted.* is for root */
		assert_int_equal(r, 0);
		struct ovl_dir_marks marks = read_marks("d");
		if (marks.opaque != cases[i].opaque ||
			marks.xattr_whiteouts != cases[i].xattr_whiteouts ||
			marks.impure != cases[i].impure || marks.redirect != cases[i].redirect)
			fail_msg("%s=%s", cases[i].set, cases[i].value);
	}
}

static void test_marks_among_many(void **state)
{
	char name[256];
	(void)state;
	support_tree("d/ d@opaque=y d@impure=y");
	int top = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; i < 40; i++) { /* more names than the first guess has room for */
		snprintf(name, sizeof(name), "user.%d%.*d", i, 60, 7);
		if (sys_setxattr(sys_at(top, "d"), name, "", 0, 0) < 0)
			break;
	}
	close(top);
	struct ovl_dir_marks marks = read_marks("d");
	assert_true(marks.opaque && marks.impure && !marks.redirect);
}

static void test_marks_of_nothing(void **state)
{
	struct ovl_dir_marks marks;
	(void)state;
	int top = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(ovl_marks_read(sys_at(top, "none"), false, &marks), -ENOENT);
	close(top);
	int proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC); /* no xattrs there */
	assert_int_equal(ovl_marks_read(sys_at_fd(proc), false, &marks), 0);
	assert_false(marks.opaque || marks.xattr_whiteouts || marks.impure || marks.redirect);
	close(proc);
}

static void test_protection(void **state)
{
	static const struct {
		const char *value;
		int means;
	} values[] = {
		{"a", OVL_APPEND_ONLY},
		{"i", OVL_IMMUTABLE},
		{"ai", OVL_APPEND_ONLY | OVL_IMMUTABLE},
		{"ia", OVL_APPEND_ONLY | OVL_IMMUTABLE},
		{"", -EINVAL},
		{"x", -EINVAL},
		{"ix", -EINVAL},
		{"A", -EINVAL},
	};
	char value[OVL_PROTATTR_SIZE];
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(values); i++)
		assert_int_equal(ovl_protattr_parse(values[i].value, strlen(values[i].value)),
			values[i].means);
	assert_int_equal(ovl_protattr_parse("i\0", 2), -EINVAL);
	assert_int_equal(ovl_protattr_format(0, value), 0);
	assert_int_equal(ovl_protattr_format(OVL_IMMUTABLE, value), 1);
	assert_int_equal(value[0], 'i');
	assert_int_equal(ovl_protattr_format(OVL_APPEND_ONLY | OVL_IMMUTABLE, value), 2);
	assert_memory_equal(value, "ai", 2);
}

static void test_metacopy(void **state)
{
	static const struct {
		uint8_t value[OVL_METACOPY_MAX_SIZE + 8];
		size_t size;
		int means;
	} marks[] = {
		{{0}, 0, 0},                 /* as the kernel writes one without digest */
		{{0, 4, 0, 0}, 4, 0},        /* or might */
		{{9, 9, 9, 9}, 4, 0},        /* not looked at by the kernel either */
		{{0, 5, 0, 0, 7}, 5, 0},     /* no algorithm: no digest */
		{{0, 36, 0, 1, 7}, 36, 1},   /* SHA-256 */
		{{0, 36, 255, 1, 7}, 36, 1}, /* flags that nobody knows */
		{{0, 68, 0, 2, 7}, 68, 1},   /* SHA-512 */
		{{0, 5, 0, 255, 7}, 5, 1},   /* an algorithm that nobody knows */
		{{0}, 1, -EIO},              /* too small */
		{{0, 2}, 2, -EIO},
		{{0, 3, 0}, 3, -EIO},
		{{1, 36, 0, 1, 7}, 36, -EIO}, /* another version */
		{{0, 35, 0, 1, 7}, 36, -EIO}, /* another length */
		{{0, 37, 0, 1, 7}, 36, -EIO},
		{{0, 0, 0, 1, 7}, 36, -EIO},
		{{0, 255, 0, 1, 7}, 68, -EIO},
		{{0, 69, 0, 2, 7}, 69, -EIO}, /* more than a digest can be */
		{{0, 76, 0, 2, 7}, 76, -EIO},
	};
	uint8_t value[OVL_METACOPY_MAX_SIZE];
	struct sys_digest digest;
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(marks); i++) {
		const uint8_t *mark = marks[i].value;
		size_t size = marks[i].size;
		assert_int_equal(ovl_metacopy_parse(mark, size, &digest), marks[i].means);
		if (marks[i].means != 1)
			continue;
		assert_int_equal(digest.algorithm, mark[3]);
		assert_int_equal(digest.size, size - OVL_METACOPY_MIN_SIZE);
		assert_memory_equal(digest.bytes, mark + OVL_METACOPY_MIN_SIZE, digest.size);
		assert_int_equal(ovl_metacopy_format(&digest, value), size);
		assert_int_equal(value[2], 0);
		value[2] = mark[2];
		assert_memory_equal(value, mark, size);
	}
	assert_int_equal(ovl_metacopy_format(NULL, value), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_mark_names),
		TEST(test_names),
		TEST(test_whiteout_device),
		TEST(test_xattr_kinds),
		TEST(test_escaping_both_ways),
		TEST(test_user_names),
		TEST(test_long_names),
		TEST(test_marks),
		TEST(test_marks_among_many),
		TEST(test_marks_of_nothing),
		TEST(test_protection),
		TEST(test_metacopy),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
