// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line: an argument a line. Whatever it is, there are options, or one line that says
 * why not. */
#include "fuzz.h"

#include "mount/escape.h"
#include "mount/options.h"

const char *const fuzz_seeds[] = {
	"fuse-overlay\n-o\nlowerdir=/a:/b,upperdir=/u,workdir=/w\n/mnt",
	"fuse-overlay\n-f\n-o\nlowerdir=a\\:b:c\\,d::e,redirect_dir=on,metacopy=on\n/mnt",
	"mount.fuse.fuse-overlay\nnone\n/mnt\n-sfnv\n-o\nrw,noexec,lowerdir+=/a,datadir+=/d",
	"fuse-overlay\n-o\ncontext=\"u:r:t:s0:c1,c2\",uidmapping=0:1000:1:1:100000:65536,lowerdir=/"
	"l\n/m",
	"fuse-overlay\n-o\nsquash_to_uid=5,squash_to_gid=6,timeout=1.5,threads=3,volatile,lowerdir="
	"/l\n/m",
	NULL,
};

const char *const fuzz_words[] = {"\n", ",", ":", "::", "\\", "\"", "=", "-o", "-f", "-d", "-t",
	"-N", "--", "lowerdir=", "lowerdir+=", "datadir+=", "upperdir=", "workdir=",
	"redirect_dir=", "metacopy=", "index=", "xino=", "uidmapping=", "gidmapping=", "fsync=",
	"timeout=", "threads=", "volatile",
	"fsname=", "subtype=", "context=", "squash_to_uid=", "xattr_permissions=", "on", "off",
	"follow", "4294967295", "-1", "1e99", "nan", "/dev/fd/3", "\xff", NULL};

/* What a word is made of does not get longer, and unescaping ends. */
static void check_words(const char *text)
{
	GPtrArray *words = option_words_split(text);
	size_t total = 0;
	for (guint i = 0; i < words->len; i++) {
		char *plain = option_value_unquote(words->pdata[i]);
		char *last = option_value_unescape(plain);
		fuzz_check(strlen(last) <= strlen(plain));
		fuzz_check(*(char *)words->pdata[i] != '\0');
		total += strlen(words->pdata[i]);
		g_free(plain);
		g_free(last);
	}
	fuzz_check(total <= strlen(text));
	g_ptr_array_unref(words);
}

static void check_layers(const char *text)
{
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
	GError *error = NULL;
	size_t n_data = 0;
	bool good = lowerdir_split(text, paths, &n_data, &error);
	fuzz_check(good == !error);
	fuzz_check(!good || n_data <= paths->len);
	g_clear_error(&error);
	g_ptr_array_unref(paths);
}

static void check_command_line(char *text)
{
	const char *argv[66];
	struct mount_options options;
	GError *error = NULL;
	int argc = 0;
	for (char *word; argc < 64 && (word = strsep(&text, "\n"));)
		argv[argc++] = word;
	argv[argc] = NULL;
	bool good = mount_options_parse(&options, argc, argv, &error);
	fuzz_check(good == !error);
	if (good && !options.show_help && !options.show_version) {
		fuzz_check(options.lower->len > 0 || options.fake);
		fuzz_check(!options.upper == !options.work);
		fuzz_check(options.config.n_data <= options.lower->len);
	}
	g_clear_error(&error);
	mount_options_clear(&options);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	check_words(text);
	check_layers(text);
	check_command_line(text);
	free(text);
	return 0;
}
