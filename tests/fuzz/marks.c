// SPDX-License-Identifier: GPL-2.0-or-later
/* The values and names of marks, as a layer has them: names, xattr names, origin, override_stat,
 * metacopy. */
#include "fuzz.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "world.h"

#include "format.h"
#include "origin.h"
#include "override_stat.h"

const char *const fuzz_seeds[] = {".wh.file", ".wh..wh..opq", "trusted.overlay.opaque",
	"user.overlay.overlay.redirect", "user.fuseoverlayfs.opaque", "1000:1000:0755:dir",
	"0:0:020666:chr-1-3", "0:0:100644", "\x01\xfb\x1d\x01\x01", "\x01\xfb\x25\x01\x81",
	"\x01\x05\x01\x01!", NULL};
const char *const fuzz_words[] = {".wh.", "trusted.", "user.", "overlay.", "origin", ":", "0",
	"77777", "4294967295", "18446744073709551616", "-", "file", "dir", "symlink", "pipe",
	"socket", "block-", "char-", "\xfb", "\x01\x01\x01\x01\x01\x01\x01\x01", NULL};

static struct world world;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	char directory[] = "/tmp/fuse-overlay-fuzz.XXXXXX";
	(void)argc;
	(void)argv;
	fuzz_check(mkdtemp(directory) && chdir(directory) == 0);
	fuzz_check(mkdir("l1", 0755) == 0 && mkdir("u", 0755) == 0);
	world_open(&world, 0);
	support_empty();
	fuzz_check(chdir("/") == 0 && rmdir(directory) == 0);
	return 0;
}

/* A name that users give never becomes one of our marks, and is seen as it was given. */
static void check_names(const char *name)
{
	char stored[OVL_XATTR_NAME_SIZE], buffer[OVL_XATTR_NAME_SIZE];
	(void)ovl_name_kind(name);
	if (strlen(name) >= OVL_XATTR_NAME_SIZE || !*name)
		return;
	enum ovl_xattr_kind kind = ovl_xattr_kind(name);
	if (kind == OVL_XATTR_ESCAPED && ovl_xattr_escape(name, stored) == 0) {
		const char *seen = ovl_xattr_user_name(stored, buffer);
		fuzz_check(seen && strcmp(seen, name) == 0);
	} else if (kind == OVL_XATTR_PLAIN) {
		const char *seen = ovl_xattr_user_name(name, buffer);
		fuzz_check(seen && strcmp(seen, name) == 0);
	} else if (kind == OVL_XATTR_HIDDEN) {
		fuzz_check(!ovl_xattr_user_name(name, buffer));
	}
}

static void check_override(const uint8_t *data, size_t size)
{
	struct ovl_override value, again;
	char text[OVL_OVERRIDE_SIZE];
	if (!ovl_override_parse((const char *)data, size, &value))
		return;
	struct stat st = {.st_uid = value.uid,
		.st_gid = value.gid,
		.st_mode = value.mode,
		.st_rdev = value.device};
	if ((value.mode & S_IFMT) == 0)
		return;
	fuzz_check(ovl_override_parse(text, ovl_override_format(&st, text), &again));
	fuzz_check(again.uid == value.uid && again.gid == value.gid && again.mode == value.mode);
}

static void check_metacopy(const uint8_t *data, size_t size)
{
	struct sys_digest digest, again;
	uint8_t value[OVL_METACOPY_MAX_SIZE];
	if (ovl_metacopy_parse(data, size, &digest) != 1)
		return;
	fuzz_check(digest.size >= 1 && digest.size <= SYS_DIGEST_MAX);
	fuzz_check(ovl_metacopy_format(&digest, value) == size);
	fuzz_check(ovl_metacopy_parse(value, size, &again) == 1);
	fuzz_check(memcmp(again.bytes, digest.bytes, digest.size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	uint64_t ino;
	check_names(text);
	check_override(data, size);
	check_metacopy(data, size);
	(void)ovl_origin_decode(world.fs, data, size, 1, &ino);
	(void)ovl_origin_decode(world.fs, data, size, 0, &ino);
	free(text);
	return 0;
}
