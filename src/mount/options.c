// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The words of -o. One table says for each known word what may stand after '=', where it goes, or
 * which function takes it. The names and values of kernel overlayfs mean here what they mean there;
 * those of fuse-overlayfs, which container engines pass, are beside them.
 */
#include "mount/options.h"

#include <stddef.h>
#include <string.h>

#include "mount/error.h"
#include "mount/escape.h"
#include "mount/idmap.h"

const char *const mount_context_names[MOUNT_N_CONTEXTS] = {
	"context", "fscontext", "defcontext", "rootcontext"};

struct choice {
	const char *word;
	int value;
};

#define IGNORED SIZE_MAX

/*
 * An option has choices (a value out of a list) or take (any value); without them it is a flag,
 * which act may take. offset is that of the enum (choices) or the bool (flag) to set.
 */
struct option {
	const char *name;
	const struct choice *choices; /* ends with a NULL word */
	size_t offset;                /* IGNORED = checked and forgotten */
	bool (*take)(
		struct mount_options *options, const char *name, const char *value, GError **error);
	bool (*act)(struct mount_options *options, GError **error);
};

static const struct choice on_off[] = {{"on", OVL_SWITCH_ON}, {"off", OVL_SWITCH_OFF}, {0}};
static const struct choice on_off_auto[] = {
	{"on", OVL_SWITCH_ON}, {"off", OVL_SWITCH_OFF}, {"auto", OVL_SWITCH_AUTO}, {0}};
static const struct choice redirect_words[] = {{"on", OVL_REDIRECT_ON},
	{"follow", OVL_REDIRECT_FOLLOW}, {"nofollow", OVL_REDIRECT_NOFOLLOW},
	{"off", OVL_REDIRECT_OFF}, {0}};
static const struct choice verity_words[] = {
	{"on", OVL_VERITY_ON}, {"require", OVL_VERITY_REQUIRE}, {"off", OVL_VERITY_OFF}, {0}};
static const struct choice fsync_words[] = {{"0", OVL_SYNC_NONE}, {"1", OVL_SYNC_AUTO},
	{"auto", OVL_SYNC_AUTO}, {"strict", OVL_SYNC_STRICT}, {"volatile", OVL_SYNC_VOLATILE}, {0}};
static const struct choice uuid_words[] = {{"on", OVL_UUID_ON}, {"off", OVL_UUID_OFF},
	{"null", OVL_UUID_NULL}, {"auto", OVL_UUID_AUTO}, {0}};
static const struct choice io_uring_words[] = {
	{"on", OVL_IO_URING_ON}, {"auto", OVL_IO_URING_AUTO}, {"off", OVL_IO_URING_OFF}, {0}};
static const struct choice passthrough_words[] = {{"on", OVL_PASSTHROUGH_ON},
	{"auto", OVL_PASSTHROUGH_AUTO}, {"off", OVL_PASSTHROUGH_OFF}, {0}};
static const struct choice xattr_permissions_words[] = {{"0", OVL_XATTR_PERMISSIONS_OFF},
	{"1", OVL_XATTR_PERMISSIONS_PRIVILEGED}, {"2", OVL_XATTR_PERMISSIONS_USER}, {0}};

static void set_string(char **string, char *owned)
{
	g_free(*string);
	*string = owned;
}

static bool take_lowerdir(
	struct mount_options *options, const char *name, const char *value, GError **error)
{
	g_ptr_array_set_size(options->lower, 0);
	options->config.n_data = 0;
	return lowerdir_split(value, options->lower, &options->config.n_data, error);
}

static bool take_one_layer(
	struct mount_options *options, const char *name, const char *value, GError **error)
{
	bool data = name[0] == 'd';
	if (!*value)
		return mount_error_set(error, "%s=: is empty: name a directory", name);
	if (!data && options->config.n_data)
		return mount_error_set(error,
			"%s=%s: comes after a data-only layer: name those last", name, value);
	g_ptr_array_add(options->lower, option_value_unescape(value));
	options->config.n_data += data;
	return true;
}

static bool take_directory(
	struct mount_options *options, const char *name, const char *value, GError **error)
{
	if (!*value)
		return mount_error_set(error, "%s=: is empty: name a directory", name);
	set_string(name[0] == 'u' ? &options->upper : &options->work, option_value_unescape(value));
	return true;
}

static bool take_timeout(
	struct mount_options *options, const char *name, const char *value, GError **error)
{
	char *end = NULL;
	double seconds = g_ascii_strtod(value, &end);
	if (!*value || strspn(value, "0123456789.") != strlen(value) || *end)
		return mount_error_set(error,
			"%s=%s: not a number of seconds, such as 0, 1.5 or 3600", name, value);
	options->timeout = MIN(seconds, MOUNT_TIMEOUT_FOREVER);
	return true;
}

static bool take_threads(
	struct mount_options *options, const char *name, const char *value, GError **error)
{
	uint32_t threads = 0;
	if (!id_parse(value, &threads) || threads > 64)
		return mount_error_set(error, "%s=%s: not a number from 0 to 64", name, value);
	options->threads = threads;
	return true;
}

static bool take_id_map(
	struct mount_options *options, const char *name, const char *value, GError **error)
{
	struct ovl_id_map *target =
		name[0] == 'u' ? &options->config.uid_map : &options->config.gid_map;
	struct ovl_id_map map = {0};
	if (!id_map_parse(name, value, &map, error))
		return false;
	id_map_clear(target);
	*target = map;
	return true;
}

static bool take_squash(
	struct mount_options *options, const char *name, const char *value, GError **error)
{
	uint32_t id = 0;
	if (!id_parse(value, &id))
		return mount_error_set(error, "%s=%s: not an id from 0 to 4294967294", name, value);
	struct ovl_squash *squash = &options->config.squash;
	if (strcmp(name, "squash_to_uid") == 0) {
		squash->uid_set = true;
		squash->uid = id;
	} else {
		squash->gid_set = true;
		squash->gid = id;
	}
	return true;
}

/* mount(2) copies PATH_MAX bytes of the source, and the type has a page for itself. */
static bool take_name(
	struct mount_options *options, const char *name, const char *value, GError **error)
{
	bool subtype = strcmp(name, "subtype") == 0;
	size_t most = subtype ? 255 : 4095;
	g_autofree char *text = option_value_unescape(value);
	if (!*text || strlen(text) > most || (subtype && strchr(text, '/')))
		return mount_error_set(error, "%s=%.64s: not a name of 1 to %zu bytes%s", name,
			value, most, subtype ? " without '/'" : "");
	set_string(subtype ? &options->subtype : &options->fsname, g_steal_pointer(&text));
	return true;
}

static bool take_context(
	struct mount_options *options, const char *name, const char *value, GError **error)
{
	if (!*value)
		return mount_error_set(error, "%s=: is empty: give an SELinux label", name);
	for (size_t i = 0; i < MOUNT_N_CONTEXTS; i++) {
		if (strcmp(name, mount_context_names[i]) == 0)
			set_string(&options->contexts[i], option_value_unescape(value));
	}
	return true;
}

static bool take_volatile(struct mount_options *options, GError **error)
{
	options->config.sync = OVL_SYNC_VOLATILE;
	return true;
}

static bool take_userxattr(struct mount_options *options, GError **error)
{
	options->config.marks = OVL_MARKS_USER;
	return true;
}

static bool take_squash_to_root(struct mount_options *options, GError **error)
{
	/* squash_to_uid= and squash_to_gid= count more, before and after it. */
	struct ovl_squash *squash = &options->config.squash;
	squash->uid_set = squash->gid_set = true;
	return true;
}

static bool take_remount(struct mount_options *options, GError **error)
{
	return mount_error_set(error,
		"remount: cannot change a mounted file system: unmount it and mount it again");
}

#define FIELD(member)  .offset = offsetof(struct mount_options, member)
#define ANY(take_word) .take = take_word

static const struct option known_options[] = {
	{"lowerdir", ANY(take_lowerdir)},
	{"lowerdir+", ANY(take_one_layer)},
	{"datadir+", ANY(take_one_layer)},
	{"upperdir", ANY(take_directory)},
	{"workdir", ANY(take_directory)},
	{"redirect_dir", redirect_words, FIELD(config.redirect_dir)},
	{"index", on_off, FIELD(config.index)},
	{"metacopy", on_off, FIELD(config.metacopy)},
	{"nfs_export", on_off, FIELD(config.nfs_export)},
	{"xino", on_off_auto, .offset = IGNORED}, /* always as with on */
	{"uuid", uuid_words, FIELD(config.uuid)},
	{"verity", verity_words, FIELD(config.verity)},
	{"fsync", fsync_words, FIELD(config.sync)},
	{"xattr_permissions", xattr_permissions_words, FIELD(config.xattr_permissions)},
	{"noacl", FIELD(config.no_acl)},
	{"static_nlink", FIELD(config.static_nlink)},
	{"allow_other", FIELD(allow_other)},
	{"allow_root", FIELD(allow_root)},
	{"override_creds", .offset = IGNORED},
	{"nooverride_creds", .offset = IGNORED},
	{"volatile", .act = take_volatile},
	{"userxattr", .act = take_userxattr},
	{"squash_to_root", .act = take_squash_to_root},
	{"remount", .act = take_remount},
	{"uidmapping", ANY(take_id_map)},
	{"gidmapping", ANY(take_id_map)},
	{"squash_to_uid", ANY(take_squash)},
	{"squash_to_gid", ANY(take_squash)},
	{"timeout", ANY(take_timeout)},
	{"threads", ANY(take_threads)},
	{"writeback", FIELD(writeback)},
	{"io_uring", io_uring_words, FIELD(io_uring)},
	{"passthrough", passthrough_words, FIELD(passthrough)},
	{"fsname", ANY(take_name)},
	{"subtype", ANY(take_name)},
	{"context", ANY(take_context)},
	{"fscontext", ANY(take_context)},
	{"defcontext", ANY(take_context)},
	{"rootcontext", ANY(take_context)},
};

static bool take_choice(struct mount_options *options, const struct option *option,
	const char *value, GError **error)
{
	g_autoptr(GString) allowed = g_string_new(NULL);
	for (const struct choice *choice = option->choices; choice->word; choice++) {
		if (value && strcmp(value, choice->word) == 0) {
			if (option->offset != IGNORED)
				memcpy((char *)options + option->offset, &choice->value,
					sizeof(choice->value));
			return true;
		}
		g_string_append_printf(allowed, "%s%s", allowed->len ? ", " : "", choice->word);
	}
	return mount_error_set(error, "%s%s%s: not one of %s", option->name, value ? "=" : "",
		value ? value : "", allowed->str);
}

static bool take_known(struct mount_options *options, const struct option *option,
	const char *escaped, GError **error)
{
	g_autofree char *value = escaped ? option_value_unquote(escaped) : NULL;
	if (option->choices)
		return take_choice(options, option, value, error);
	if (option->take && !value)
		return mount_error_set(
			error, "%s: needs a value: %s=...", option->name, option->name);
	if (option->take)
		return option->take(options, option->name, value, error);
	if (value)
		return mount_error_set(error, "%s=%s: takes no value", option->name, value);
	if (option->act)
		return option->act(options, error);
	if (option->offset != IGNORED)
		*(bool *)((char *)options + option->offset) = true;
	return true;
}

bool mount_options_take_word(struct mount_options *options, const char *word, GError **error)
{
	const char *equals = strchr(word, '=');
	g_autofree char *name = g_strndup(word, equals ? (gsize)(equals - word) : strlen(word));
	for (size_t i = 0; i < G_N_ELEMENTS(known_options); i++) {
		if (strcmp(name, known_options[i].name) == 0)
			return take_known(
				options, &known_options[i], equals ? equals + 1 : NULL, error);
	}
	if (!generic_option_take(&options->flags, word))
		g_ptr_array_add(options->unknown, g_strdup(word));
	return true;
}

void mount_options_clear(struct mount_options *options)
{
	g_clear_pointer(&options->lower, g_ptr_array_unref);
	g_clear_pointer(&options->unknown, g_ptr_array_unref);
	g_clear_pointer(&options->upper, g_free);
	g_clear_pointer(&options->work, g_free);
	g_clear_pointer(&options->mountpoint, g_free);
	g_clear_pointer(&options->fsname, g_free);
	g_clear_pointer(&options->subtype, g_free);
	g_clear_pointer(&options->mount_namespace, g_free);
	for (size_t i = 0; i < MOUNT_N_CONTEXTS; i++)
		g_clear_pointer(&options->contexts[i], g_free);
	id_map_clear(&options->config.uid_map);
	id_map_clear(&options->config.gid_map);
}
