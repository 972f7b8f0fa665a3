// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * argv: switches, -o strings and one or two plain words in any order, and what follows from all of
 * it together. Called by people, by container engines (PROGRAM -o WORDS TARGET), by mount.fuse3
 * (PROGRAM SOURCE TARGET -o WORDS) and, under a name that begins with "mount.", by mount(8) itself.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include "mount/error.h"
#include "mount/escape.h"
#include "mount/options.h"

#define DEFAULT_NAME "fuse-overlay"
/* What programs look for that know the kind of mount by its type. */
#define KNOWN_NAME "fuse-overlayfs"

struct command_line {
	struct mount_options *options;
	bool helper;             /* called as mount.NAME */
	GPtrArray *plain;        /* borrowed from argv */
	const char *const *next; /* the first word that is not read yet */
};

static bool take_words(struct mount_options *options, const char *string, GError **error)
{
	g_autoptr(GPtrArray) words = option_words_split(string);
	for (guint i = 0; i < words->len; i++) {
		if (!mount_options_take_word(options, words->pdata[i], error))
			return false;
	}
	return true;
}

/* -t TYPE: "fuse.NAME" and, from containerd, "fuse3.NAME". */
static bool take_type(struct mount_options *options, const char *type, GError **error)
{
	const char *dot = strchr(type, '.');
	if (strcmp(type, "fuse") == 0 || strcmp(type, "fuse3") == 0)
		return true;
	g_autofree char *word = g_strconcat("subtype=", dot ? dot + 1 : type, NULL);
	return mount_options_take_word(options, word, error);
}

static bool take_argument(
	struct command_line *line, char letter, const char *argument, GError **error)
{
	if (letter == 'o')
		return take_words(line->options, argument, error);
	if (letter == 't')
		return take_type(line->options, argument, error);
	g_free(line->options->mount_namespace);
	line->options->mount_namespace = g_strdup(argument);
	return true;
}

/* A letter without argument. False when there is no such switch. */
static bool take_letter(struct command_line *line, char letter)
{
	struct mount_options *options = line->options;
	switch (letter) {
	case 'h':
		options->show_help = true;
		return true;
	case 'V':
		options->show_version = true;
		return true;
	case 'r':
		options->flags |= MS_RDONLY;
		return true;
	case 'w':
		options->flags &= ~(unsigned long)MS_RDONLY;
		return true;
	case 'f':
		*(line->helper ? &options->fake : &options->foreground) = true;
		return true;
	case 'd':
		if (!line->helper)
			options->debug = options->foreground = true;
		return !line->helper;
	case 's': /* for mount(8) "sloppy": unknown words are no errors, as always here */
		if (!line->helper)
			options->threads = 1;
		return true;
	case 'n':
	case 'v':
		return line->helper;
	default:
		return false;
	}
}

/* One word of switches, "-fd" or "-olowerdir=/a", with the argument that may follow. */
static bool take_switches(struct command_line *line, const char *word, GError **error)
{
	for (const char *p = word + 1; *p; p++) {
		if (*p == 'o' || *p == 't' || (*p == 'N' && line->helper)) {
			const char *argument = p[1] ? p + 1 : *line->next;
			if (!argument)
				return mount_error_set(error, "-%c: needs an argument", *p);
			if (!p[1])
				line->next++;
			return take_argument(line, *p, argument, error);
		}
		if (!take_letter(line, *p))
			return mount_error_set(
				error, "%s: no such switch: see " DEFAULT_NAME " --help", word);
	}
	return true;
}

static bool take_argv(struct command_line *line, GError **error)
{
	bool only_plain = false;
	while (*line->next) {
		const char *word = *line->next++;
		if (only_plain || word[0] != '-' || !word[1])
			g_ptr_array_add(line->plain, (char *)word);
		else if (strcmp(word, "--") == 0)
			only_plain = true;
		else if (strcmp(word, "--help") == 0)
			line->options->show_help = true;
		else if (strcmp(word, "--version") == 0)
			line->options->show_version = true;
		else if (word[1] == '-')
			return mount_error_set(
				error, "%s: no such switch: see " DEFAULT_NAME " --help", word);
		else if (!take_switches(line, word, error))
			return false;
	}
	return true;
}

/* [SOURCE] MOUNTPOINT */
static bool finish_plain_words(struct command_line *line, GError **error)
{
	struct mount_options *options = line->options;
	guint n = line->plain->len;
	if (n == 0)
		return mount_error_set(
			error, "no mount point given: name an existing directory as the last word");
	const char *last = line->plain->pdata[n - 1];
	if (n > 2)
		return mount_error_set(error,
			"too many words before the mount point '%s': only one source is allowed",
			last);
	if (!*last)
		return mount_error_set(error, "the mount point is an empty word: name a directory");
	options->mountpoint = g_strdup(last);
	if (options->fsname)
		return true;
	const char *source = n == 2 ? line->plain->pdata[0] : "";
	if (strlen(source) >= PATH_MAX)
		return mount_error_set(
			error, "the source word is longer than %d bytes", PATH_MAX - 1);
	options->fsname = g_strdup(*source ? source : options->subtype);
	return true;
}

/* What a set of words may not leave open or contradict; as fs/overlayfs/params.c,
 * ovl_fs_params_verify(), does it. */
static bool check_together(const struct mount_options *options, GError **error)
{
	const struct ovl_config *config = &options->config;
	guint n_lower = options->lower->len;
	if (n_lower == 0)
		return mount_error_set(
			error, "no lower directory given: add -o lowerdir=DIR[:DIR]...");
	if (n_lower == config->n_data)
		return mount_error_set(
			error, "datadir+: there are only data-only layers: add a lowerdir");
	if (n_lower > OVL_MAX_LOWER)
		return mount_error_set(error,
			"lowerdir: %u layers are too many: at most %d are allowed", n_lower,
			OVL_MAX_LOWER);
	if (options->upper && !options->work)
		return mount_error_set(error,
			"upperdir=%s: a workdir is missing: add workdir=DIR, an empty directory on "
			"the same file system",
			options->upper);
	if (options->work && !options->upper)
		return mount_error_set(error,
			"workdir=%s: an upperdir is missing: add upperdir=DIR, or leave workdir "
			"out for a read-only mount",
			options->work);
	bool follows = config->redirect_dir == OVL_REDIRECT_AUTO ||
		       config->redirect_dir == OVL_REDIRECT_ON ||
		       (config->redirect_dir == OVL_REDIRECT_FOLLOW && !options->upper);
	if (config->metacopy == OVL_SWITCH_ON && !follows)
		return mount_error_set(
			error, "metacopy=on: needs redirect_dir=on, or leave that out");
	if (config->nfs_export == OVL_SWITCH_ON &&
		(config->index == OVL_SWITCH_OFF || config->metacopy == OVL_SWITCH_ON))
		return mount_error_set(
			error, "nfs_export=on: cannot be combined with index=off or metacopy=on");
	if (options->passthrough == OVL_PASSTHROUGH_ON && options->writeback)
		return mount_error_set(error, "passthrough=on: cannot be combined with writeback");
	return true;
}

/* The type's second half: as we are called, where that is a name that others know. */
static const char *default_subtype(const char *name)
{
	const char *prefixes[] = {"mount.", "fuse."};
	for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++) {
		if (g_str_has_prefix(name, prefixes[i]))
			name += strlen(prefixes[i]);
	}
	return strcmp(name, KNOWN_NAME) == 0 ? KNOWN_NAME : DEFAULT_NAME;
}

static void set_defaults(struct mount_options *options, const char *name)
{
	*options = (struct mount_options){
		.config = {.upper_fd = -1, .work_fd = -1},
		.lower = g_ptr_array_new_with_free_func(g_free),
		.subtype = g_strdup(default_subtype(name)),
		.flags = MS_NODEV,
		.timeout = MOUNT_TIMEOUT_FOREVER,
		.unknown = g_ptr_array_new_with_free_func(g_free),
	};
	options->config.no_ovl_whiteout = getenv("FUSE_OVERLAYFS_DISABLE_OVL_WHITEOUT") != NULL;
}

bool mount_options_parse(
	struct mount_options *options, int argc, const char *const *argv, GError **error)
{
	g_autofree char *name = g_path_get_basename(argc > 0 ? argv[0] : DEFAULT_NAME);
	g_autoptr(GPtrArray) plain = g_ptr_array_new();
	struct command_line line = {
		.options = options,
		.helper = g_str_has_prefix(name, "mount."),
		.plain = plain,
		.next = argc > 0 ? argv + 1 : argv,
	};
	set_defaults(options, name);
	if (!take_argv(&line, error))
		return false;
	if (options->show_help || options->show_version)
		return true;
	if (!finish_plain_words(&line, error) || !check_together(options, error))
		return false;
	if (!options->upper)
		options->flags |= MS_RDONLY;
	return true;
}
