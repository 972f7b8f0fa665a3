// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The words that every file system gets: mount(8), fstab and container engines add them without
 * asking who understands them. Some are flags of mount(2); the rest is written for others to read,
 * and reporting it as unknown would only train people to ignore what we say.
 */
#include <string.h>
#include <sys/mount.h>

#include "mount/options.h"

#define ATIME_FLAGS (MS_NOATIME | MS_RELATIME | MS_STRICTATIME)

/* As in mount(8): a word clears some flags, then sets some. */
struct flag_word {
	const char *name;
	unsigned long clear;
	unsigned long set;
};

static const struct flag_word flag_words[] = {
	{"ro", 0, MS_RDONLY},
	{"rw", MS_RDONLY, 0},
	{"suid", MS_NOSUID, 0},
	{"nosuid", 0, MS_NOSUID},
	{"dev", MS_NODEV, 0},
	{"nodev", 0, MS_NODEV},
	{"exec", MS_NOEXEC, 0},
	{"noexec", 0, MS_NOEXEC},
	{"sync", 0, MS_SYNCHRONOUS},
	{"async", MS_SYNCHRONOUS, 0},
	{"dirsync", 0, MS_DIRSYNC},
	{"atime", MS_NOATIME, 0},
	{"noatime", ATIME_FLAGS, MS_NOATIME},
	{"diratime", MS_NODIRATIME, 0},
	{"nodiratime", 0, MS_NODIRATIME},
	{"relatime", ATIME_FLAGS, MS_RELATIME},
	{"norelatime", MS_RELATIME, 0},
	{"strictatime", ATIME_FLAGS, MS_STRICTATIME},
	{"nostrictatime", MS_STRICTATIME, 0},
	{"lazytime", 0, MS_LAZYTIME},
	{"nolazytime", MS_LAZYTIME, 0},
	{"nosymfollow", 0, MS_NOSYMFOLLOW},
	{"symfollow", MS_NOSYMFOLLOW, 0},
};

/* For mount(8), systemd and engines; or what is so anyhow. */
static const char *const ignored_words[] = {"defaults", "default_permissions", "nonempty", "auto",
	"noauto", "user", "nouser", "users", "nousers", "owner", "noowner", "group", "nogroup",
	"_netdev", "nofail", "fail", "loud", "silent", "mand", "nomand", "iversion", "noiversion",
	"private", "rprivate", "slave", "rslave", "shared", "rshared", "unbindable", "runbindable",
	"seclabel", "comment", "uhelper", "helper", "ino32_t"};

static bool is_ignored(const char *name)
{
	if (g_str_has_prefix(name, "x-") || g_str_has_prefix(name, "X-"))
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(ignored_words); i++) {
		if (strcmp(name, ignored_words[i]) == 0)
			return true;
	}
	return false;
}

bool generic_option_take(unsigned long *flags, const char *word)
{
	/* A value (newer mount(8): ro=recursive, user=NAME) changes nothing. */
	g_autofree char *name = g_strndup(word, strcspn(word, "="));
	for (size_t i = 0; i < G_N_ELEMENTS(flag_words); i++) {
		const struct flag_word *flag = &flag_words[i];
		if (strcmp(name, flag->name) == 0) {
			*flags = (*flags & ~flag->clear) | flag->set;
			return true;
		}
	}
	return is_ignored(name);
}
