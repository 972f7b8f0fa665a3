// SPDX-License-Identifier: GPL-2.0-or-later
/* Id maps, and the xattrs that have ids in them: a map in text, a zero, an ACL or capabilities. */
#include "fuzz.h"

#include "id_xattrs.h"
#include "ids.h"
#include "mount/idmap.h"

const char *const fuzz_seeds[] = {
	"0:1000:1:1:100000:65535", ":0:0:4294967295", "0:1000:1:", "5:6:7\n\x02", NULL};
const char *const fuzz_words[] = {":", "0", "1", "4294967295", "4294967294", "65536", " ", "-", "+",
	"0x", "\n", "\x02\x01", "\xff\xff\xff\xff", "\x03", NULL};

/* What is shown is stored, and the other way round. */
static void check_ids(const struct ovl_id_map *map, uint32_t id)
{
	uint32_t shown = ovl_id_shown(map, id), stored = ovl_id_stored(map, id);
	fuzz_check(shown == OVL_NO_ID || ovl_id_stored(map, shown) == id);
	fuzz_check(stored == OVL_NO_ID || ovl_id_shown(map, stored) == id);
}

static void check_values(const struct ovl_ids *ids, const uint8_t *data, size_t size)
{
	uint8_t acl[512] = {0}, capability[OVL_CAPABILITY_SIZE] = {0};
	mode_t mode = 0;
	size_t n = size < sizeof(acl) ? size : sizeof(acl);
	if (n > 0)
		memcpy(acl, data, n);
	size_t left = ovl_acl_show(ids, acl, n);
	fuzz_check(left <= n);
	(void)ovl_acl_store(ids, acl, left);
	if (ovl_acl_mode(acl, left, &mode))
		ovl_acl_set_mode(acl, left, mode & 0777);
	n = size < sizeof(capability) ? size : sizeof(capability);
	if (n > 0)
		memcpy(capability, data, n);
	fuzz_check(ovl_capability_show(ids, capability, n) <= (ssize_t)sizeof(capability));
	fuzz_check(ovl_capability_store(ids, capability, n) <= (ssize_t)sizeof(capability));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	char *value = text;
	char *map_text = strsep(&value, "\n");
	struct ovl_ids ids = {0};
	GError *error = NULL;
	uint32_t id;

	(void)id_parse(map_text, &id);
	bool good = id_map_parse("uidmapping", map_text, &ids.uids, &error);
	fuzz_check(good == !error);
	g_clear_error(&error);
	for (size_t i = 0; i < ids.uids.n_ranges; i++)
		check_ids(&ids.uids,
			ids.uids.ranges[i].shown + (uint32_t)size % ids.uids.ranges[i].count);
	if (value)
		check_values(&ids, data + (value - text), size - (size_t)(value - text));
	id_map_clear(&ids.uids);
	free(text);
	return 0;
}
