/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verity.h"

#include <errno.h>
#include <linux/stat.h>
#include <string.h>

#include "base/log.h"
#include "sys/xattrs.h"

/* The first refusal is told: a layer full of such files must not fill the log. */
static int refuse(struct ovl_fs *fs, const char *name, const char *why)
{
	if (atomic_exchange_explicit(&fs->told_of_verity, true, memory_order_relaxed))
		return -EIO;
	log_line("verity: data in %s: %s: refused (EIO), as further ones will be without a line",
		name, why);
	return -EIO;
}

int ovl_verity_get(int data, struct sys_digest *ret_digest)
{
	struct stat st;
	uint64_t attributes;
	int r = sys_statx(sys_at_fd(data), 0, &st, &attributes);

	if (r < 0 || !(attributes & STATX_ATTR_VERITY))
		return r;
	return sys_verity_digest(data, ret_digest);
}

/* The digest that the mark asks for. Returns as ovl_metacopy_parse(), or -errno. */
static int read_mark(
	const struct ovl_fs *fs, struct sys_at at, bool is_upper, struct sys_digest *ret_digest)
{
	uint8_t value[OVL_METACOPY_MAX_SIZE];
	const char *name = ovl_mark_name(fs->prefix, OVL_MARK_METACOPY);
	ssize_t size = is_upper ? ovl_mark_get_upper(at, name, value, sizeof(value))
				: sys_getxattr(at, name, value, sizeof(value));

	if (size == -ERANGE || size == -ENODATA) /* it was there when the file was looked up */
		return -EIO;
	if (size < 0)
		return (int)size;
	return ovl_metacopy_parse(value, (size_t)size, ret_digest);
}

static bool is_same(const struct sys_digest *a, const struct sys_digest *b)
{
	return a->algorithm == b->algorithm && a->size == b->size &&
	       memcmp(a->bytes, b->bytes, a->size) == 0;
}

int ovl_verity_check(
	struct ovl_fs *fs, struct sys_at metacopy, bool is_upper, int data, const char *name)
{
	struct sys_digest wanted, found;
	if (fs->verity == OVL_VERITY_OFF)
		return 0;
	int r = read_mark(fs, metacopy, is_upper, &wanted);
	if (r == -EIO)
		return refuse(fs, name, "the metacopy mark is damaged or cannot be read");
	if (r == 0 && fs->verity == OVL_VERITY_REQUIRE)
		return refuse(fs, name, "the metacopy mark has no digest");
	if (r <= 0)
		return r;
	r = ovl_verity_get(data, &found);
	if (r == 0)
		return refuse(fs, name, "there is no fs-verity");
	if (r == 1 && !is_same(&wanted, &found))
		return refuse(fs, name, "not the fs-verity digest of the metacopy mark");
	return r < 0 ? r : 0;
}
