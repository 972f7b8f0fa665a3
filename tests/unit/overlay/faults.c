// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every verb with every call that it makes to the kernel failing, one at a time.
 *
 * Afterwards the caller has been told (or faults_table.c says why not), what users see is what it
 * was or what it was to be, in memory and for a new overlay on the same layers, nothing is left
 * over or leaked, the lower layers are untouched, and the same verb works.
 *
 * The argument is one of the variants below. All problems are listed, each once.
 */
#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "copy_up.h"
#include "sys/fault.h"

static const struct variant {
	const char *name;
	unsigned flags;
} variants[] = {
	{"plain", 0},
	{"user-marks", WORLD_USER_MARKS},
	{"no-whiteout-rename", WORLD_NO_WHITEOUT_RENAME},
	{"no-tmpfile", WORLD_NO_TMPFILE},
	{"no-xattrs", WORLD_NO_XATTRS},
	{"aufs", WORLD_AUFS},
	{"xattr-whiteouts", WORLD_XATTR_WHITEOUTS},
	{"cold", WORLD_COLD},
	{"override-stat", WORLD_OVERRIDE_STAT},
	{"redirect", WORLD_REDIRECT},
	{"metacopy", WORLD_METACOPY},
	{"verity", WORLD_METACOPY | WORLD_VERITY},
	{"index", WORLD_INDEX},
	{"index-user-marks", WORLD_INDEX | WORLD_USER_MARKS},
	{"index-no-tmpfile", WORLD_INDEX | WORLD_NO_TMPFILE},
};

/* The first two with every variant, all of them where the upper lacks nothing. */
static const int errors[] = {EIO, EACCES, ENOSPC, ENOMEM, EROFS, EDQUOT, EMFILE};

static const struct variant *variant;
static const char *only; /* names of verbs: just those cases */

/* What a case looks like without faults. */
struct reference {
	int result;
	char *before, *after; /* views */
	char *copied;         /* with the file at path copied up, and not changed; or NULL */
	char *answer;
};

static unsigned n_runs, n_delivered, n_problems;
static char *problems; /* those already told of, one per line */

static const struct faults_case *current;
static int current_error;
static unsigned current_n;
static const char *current_hit;

/* The first line in which two texts differ, of the second. */
static const char *first_difference(const char *a, const char *b)
{
	static char line[400];
	const char *start = b;
	for (; *a && *a == *b; a++, b++)
		if (*b == '\n')
			start = b + 1;
	const char *end = strchr(start, '\n');
	snprintf(line, sizeof(line), "%.*s", end ? (int)(end - start) : (int)strlen(start), start);
	return line;
}

static void problem(const char *what, const char *detail)
{
	char *key = NULL;
	const struct faults_case *c = current;
	support_append(&key, "%s %s%s%s: %s: %s\n", faults_verb_name(c->verb), c->path,
		c->to ? " " : "", c->to ? c->to : "", current_hit ? current_hit : "-", what);
	if (!problems || !strstr(problems, key)) {
		support_append(&problems, "%s", key);
		n_problems++;
		print_error("%s %s%s%s (%ld): call %u, %s, fails with %s: %s%s%s\n",
			faults_verb_name(c->verb), c->path, c->to ? " -> " : "", c->to ? c->to : "",
			c->number, current_n, current_hit ? current_hit : "-",
			strerror(current_error), what, detail ? ": " : "", detail ? detail : "");
	}
	free(key);
}

/* -- layers ------------------------------------------------------------------------------------ */

/* system.posix_acl_default of user::rwx, group::rwx, other::---: a umask has no say then. */
static const uint8_t default_acl[] = {2, 0, 0, 0, 1, 0, 7, 0, 0xff, 0xff, 0xff, 0xff, 4, 0, 7, 0,
	0xff, 0xff, 0xff, 0xff, 0x20, 0, 0, 0, 0xff, 0xff, 0xff, 0xff};

static bool has_metacopies(void)
{
	return (variant->flags & WORLD_METACOPY) == WORLD_METACOPY;
}

/* Makes a file, whose content must not be seen, a metacopy; redirect may be NULL. */
static void make_metacopy(const char *path, const char *redirect)
{
	enum ovl_prefix prefix = geteuid() == 0 ? OVL_PREFIX_TRUSTED : OVL_PREFIX_USER;
	assert_int_equal(setxattr(path, ovl_mark_name(prefix, OVL_MARK_METACOPY), "", 0, 0), 0);
	if (redirect)
		assert_int_equal(setxattr(path, ovl_mark_name(prefix, OVL_MARK_REDIRECT), redirect,
					 strlen(redirect), 0),
			0);
}

static void make_layers(void)
{
	struct timespec times[2] = {{SUPPORT_TIME, 0}, {SUPPORT_TIME, 0}};
	support_empty();
	support_tree(faults_layers);
	if (has_metacopies()) {
		support_tree(faults_metacopy_layers);
		make_metacopy("u/meta", NULL);
		make_metacopy("u/metadir/m", "/metadir/below");
		make_metacopy("l1/metalow", "metalower");
	}
	int fd = open("l1/sparse", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	assert_true(fd >= 0 && pwrite(fd, "data", 4, 1 << 16) == 4);
	assert_int_equal(ftruncate(fd, 3 << 16), 0);
	assert_int_equal(futimens(fd, times), 0);
	close(fd);
	setxattr("u/acl", "system.posix_acl_default", default_acl, sizeof(default_acl), 0);
}

static char *dump_lowers(void)
{
	char *text = support_dump("l1", true), *second = support_dump("l2", true);
	support_append(&text, "%s", second);
	free(second);
	return text;
}

/* A view of the layers by an overlay of its own. */
static char *fresh_view(bool inodes)
{
	struct world w;
	world_open(&w, variant->flags);
	char *view = world_view(&w, inodes);
	if (w.fs->inodes.n_inodes != 1)
		problem("inodes leak", NULL);
	ovl_fs_free(w.fs);
	return view;
}

static void end_world(struct world *w)
{
	if (w->fs->inodes.n_inodes != 1)
		problem("inodes leak", NULL);
	ovl_fs_free(w->fs);
	w->fs = NULL;
}

/* -- one case ---------------------------------------------------------------------------------- */

/* Is path a name of a lower hard link, which copy-up makes a file of its own? */
static bool breaks_link(const struct faults_case *c)
{
	return !(variant->flags & WORLD_INDEX) && strncmp(c->path, "hl", 2) == 0;
}

static void run_reference(const struct faults_case *c, struct reference *ret)
{
	struct faults_outcome outcome;
	struct world w;

	make_layers();
	ret->before = fresh_view(false);
	ret->copied = NULL;
	if (c->verb != UNLINK && breaks_link(c)) {
		/* Copy-up breaks a hard link, as in the kernel; and it is not taken back. */
		world_open(&w, variant->flags);
		world_setattr(&w, c->path, &(struct ovl_change){0});
		ret->copied = world_view(&w, false);
		end_world(&w);
		make_layers();
	}
	world_open(&w, variant->flags);
	faults_run(&w, c, FAULTS_NONE, &outcome);
	ret->result = outcome.result;
	ret->answer = outcome.answer;
	ret->after = world_view(&w, false);
	end_world(&w);
	char *fresh = fresh_view(false);
	if (strcmp(fresh, ret->after) != 0)
		problem("another overlay sees something else, without any fault",
			first_difference(ret->after, fresh));
	free(fresh);
}

static void reference_clear(struct reference *reference)
{
	free(reference->before);
	free(reference->after);
	free(reference->copied);
	free(reference->answer);
}

/* Was the caller told what is right? */
static void check_result(
	const struct faults_case *c, const struct reference *ref, const struct faults_outcome *o)
{
	char detail[64];
	if (!o->hit) {
		if (o->result != ref->result)
			problem("another result without a fault", strerror(-o->result));
		return;
	}
	snprintf(detail, sizeof(detail), "%d", o->result);
	if (o->result >= 0 || (o->result == ref->result && o->result != -current_error)) {
		if (!faults_best_effort(c, o->hit, current_error))
			problem("nobody is told", detail);
		if (strcmp(o->answer, ref->answer) != 0 && c->verb != READDIRPLUS)
			problem("a wrong answer", o->answer);
	} else if (o->result != -current_error &&
		   !faults_other_errno(c, o->hit, current_error, -o->result)) {
		problem("another errno", strerror(-o->result));
	}
}

/* Is the view the one before or the one after? Returns whether it is the one after. */
static bool check_view(const struct reference *ref, const struct faults_outcome *o,
	const char *view, const char *where)
{
	char what[128];
	bool before = strcmp(view, ref->before) == 0, after = strcmp(view, ref->after) == 0;

	if (o->result >= 0 && !after && !(o->hit && faults_degraded(current, o->hit))) {
		snprintf(what, sizeof(what), "%s it was not done", where);
		problem(what, first_difference(ref->after, view));
	} else if (o->result < 0 && !before && after) {
		snprintf(what, sizeof(what), "%s it was done", where);
		if (!faults_done(current, o->hit))
			problem(what, NULL);
	} else if (o->result < 0 && !before && !after &&
		   !(ref->copied && strcmp(view, ref->copied) == 0)) {
		snprintf(what, sizeof(what), "%s it is neither as before nor as after", where);
		problem(what, first_difference(ref->before, view));
	}
	return after && !before;
}

/* The verb again, without a fault. */
static void check_again(struct world *w, const struct faults_case *c, const struct reference *ref)
{
	struct faults_outcome again;
	faults_run(w, c, FAULTS_NONE, &again);
	if (again.result != ref->result)
		problem("it does not work afterwards", strerror(-again.result));
	else if (strcmp(again.answer, ref->answer) != 0)
		problem("it gives something else afterwards", again.answer);
	free(again.answer);
	char *view = world_view(w, false);
	if (strcmp(view, ref->after) != 0)
		problem("it does something else afterwards", first_difference(ref->after, view));
	free(view);
}

static void check_lowers(const char *lowers)
{
	char *now = dump_lowers();
	if (strcmp(now, lowers) != 0)
		problem("a lower layer was changed", first_difference(lowers, now));
	free(now);
}

/* Are inode numbers to stay? Not where copy-up cannot leave an origin mark. */
static bool keeps_identity(const struct faults_case *c)
{
	bool trusted = geteuid() == 0 && !(variant->flags & WORLD_USER_MARKS);
	bool special = strcmp(c->path, "link") == 0 || strcmp(c->path, "fifo") == 0;
	bool broken = breaks_link(c);
	return !(variant->flags & WORLD_NO_XATTRS) && !broken && (trusted || !special);
}

/* Is path still the same file when the verb is done? */
static bool is_same_file(const struct faults_case *c)
{
	bool changes_file = c->verb < MKNOD || c->verb >= SETXATTR;
	return changes_file && c->path[0] && keeps_identity(c);
}

static const char *inode_of(const char *view, const char *path)
{
	static char found[2][32];
	static unsigned next;
	char start[256];
	snprintf(start, sizeof(start), "\n/%s ", path);
	const char *at = strstr(view, start);
	at = at ? strstr(at, " i") : NULL;
	char *slot = found[next++ % 2];
	slot[0] = '\0';
	if (at)
		sscanf(at, " %31s", slot);
	return slot;
}

/* One run in the eyes of those who use the overlay on. Returns whether a fault was delivered. */
static bool run_staying(const struct faults_case *c, const struct reference *ref, unsigned n)
{
	const struct faults_plan plan = {n, 0, current_error};
	struct faults_outcome o;
	struct world w;

	make_layers();
	char *lowers = dump_lowers();
	unsigned fds = support_count_fds();
	world_open(&w, variant->flags);
	faults_run(&w, c, &plan, &o);
	current_hit = o.hit;
	check_result(c, ref, &o);
	char *view = world_view(&w, false);
	bool done = check_view(ref, &o, view, "on the spot");
	free(view);
	if (!done && o.result < 0)
		check_again(&w, c, ref);
	end_world(&w);
	if (support_count_fds() != fds)
		problem("descriptors leak", NULL);
	check_lowers(lowers);
	free(lowers);
	free(o.answer);
	return o.hit != NULL;
}

/* One run in the eyes of those who come after a remount. */
static void run_leaving(const struct faults_case *c, const struct reference *ref, unsigned n)
{
	const struct faults_plan plan = {n, 0, current_error};
	struct faults_outcome o;
	struct world w;

	make_layers();
	char *inodes_before = fresh_view(true);
	world_open(&w, variant->flags);
	faults_run(&w, c, &plan, &o);
	current_hit = o.hit;
	end_world(&w);
	world_open(&w, variant->flags);
	if (world_leftovers() != 0)
		problem("work/ is not clean after a remount", NULL);
	char *view = world_view(&w, false);
	char *inodes = world_view(&w, true);
	bool done = check_view(ref, &o, view, "after a remount");
	if (o.result < 0 && !done && keeps_identity(c) && strcmp(view, ref->before) == 0 &&
		strcmp(inodes, inodes_before) != 0)
		problem("an inode number has changed", first_difference(inodes_before, inodes));
	if (is_same_file(c) &&
		strcmp(inode_of(inodes_before, c->path), inode_of(inodes, c->path)) != 0)
		problem("the inode number has changed", c->path);
	if (!done && o.result < 0)
		check_again(&w, c, ref);
	end_world(&w);
	free(inodes_before);
	free(inodes);
	free(view);
	free(o.answer);
}

static void run_case(const struct faults_case *c)
{
	struct reference ref;

	current = c;
	current_n = 0;
	current_hit = NULL;
	run_reference(c, &ref);
	bool all = variant->flags == 0 || variant->flags == WORLD_REDIRECT ||
		   variant->flags == WORLD_INDEX;
	for (size_t e = 0; e < (all ? N_ELEMENTS(errors) : 2); e++) {
		bool delivered = true;
		current_error = errors[e];
		for (current_n = 1; delivered && current_n < 500; current_n++) {
			delivered = run_staying(c, &ref, current_n);
			/* On disk the others do nothing else. */
			if (delivered && e < 2)
				run_leaving(c, &ref, current_n);
			n_runs++;
			n_delivered += delivered;
		}
		if (delivered)
			problem("it never ends", NULL);
	}
	reference_clear(&ref);
}

/* One run in which the undoing fails as well, or what comes instead of it. Much may be left then;
 * but the verb works when the disk does again. Returns whether a fault was delivered. */
static bool run_undoing(const struct faults_case *c, const struct faults_plan *plan)
{
	struct faults_outcome o, again;
	struct world w;

	make_layers();
	world_open(&w, variant->flags);
	struct ovl_inode *kept = world_get(&w, c->path); /* a new one would look at the disk */
	faults_run(&w, c, plan, &o);
	bool delivered = o.n_hits > 0;
	current_hit = o.hit;
	int r = ovl_copy_up(w.fs, kept, OVL_COPY_ALL);
	faults_run(&w, c, FAULTS_NONE, &again);
	if (r < 0 || again.result < 0)
		problem("it does not work when undoing it has failed",
			strerror(r < 0 ? -r : -again.result));
	world_put(&w, kept);
	end_world(&w);
	free(o.answer);
	free(again.answer);
	return delivered;
}

/* Where the names of a file are kept, what is left over could be in the way of the next try. */
static void test_undoing_fails(void **state)
{
	static const struct faults_case cases[] = {
		{WRITE, "hl1", NULL, 0}, {CHMOD, "hl3", NULL, 0}, {TRUNCATE, "hl1", NULL, 3}};
	(void)state;
	if (!(variant->flags & WORLD_INDEX))
		return;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct faults_plan plan = {.another = 1, .error = current_error = EIO};
		current = &cases[i];
		for (; plan.another < 6; plan.another++) {
			bool delivered = true;
			for (plan.n = current_n = 1; delivered; plan.n = ++current_n)
				delivered = run_undoing(&cases[i], &plan);
		}
	}
	assert_int_equal(n_problems, 0);
}

/* -- mounting ---------------------------------------------------------------------------------- */

/* What an earlier mount has left: a copy in the link index, and unfinished work. */
static void make_leftovers(void)
{
	struct world w;
	make_layers();
	world_open(&w, variant->flags);
	assert_int_equal(world_write(&w, "hl1", "LINKED", 0), 6);
	end_world(&w);
	support_tree("w/work/#1=unfinished w/work/#2/ w/work/#2/dir/ w/work/#2/dir/gone!");
}

/* The mount is there, and what its upper cannot hold, as it seems, is made up for. */
static void check_mounted(struct world *w, const char *view)
{
	char *now = world_view(w, false);
	bool fell_back = (variant->flags & WORLD_INDEX) && !w->fs->link_index; /* and said so */
	if (strcmp(now, view) != 0 && !fell_back)
		problem("the mount shows something else", first_difference(view, now));
	free(now);
	if (world_unlink(w, "low") != 0 || world_mkdir(w, "low", 0755) != 0)
		problem("what is mounted cannot be changed", NULL);
	end_world(w);
	char *after = fresh_view(false);
	if (!strstr(after, "\n/low 40755 "))
		problem("the change is not there after a remount", NULL);
	free(after);
}

/* Returns whether a fault was delivered. */
static bool run_mounting(const char *view)
{
	struct world w;

	make_leftovers();
	char *lowers = dump_lowers();
	unsigned fds = support_count_fds();
	world_prepare(&w, variant->flags);
	sys_fault_arm(current_n, current_error);
	int r = world_start(&w, variant->flags);
	current_hit = sys_fault_hit();
	sys_fault_arm(0, 0);
	if (r == 0) {
		check_mounted(&w, view);
	} else {
		/* A file system without a UUID is another one than the index was made on. */
		bool is_other = r == -ESTALE && strcmp(current_hit, "sys_fs_uuid") == 0;
		if (r != -current_error && !is_other)
			problem("another errno", strerror(-r));
		char *fresh = fresh_view(false);
		if (strcmp(fresh, view) != 0)
			problem("the failed mount changed", first_difference(view, fresh));
		free(fresh);
	}
	if (support_count_fds() != fds)
		problem("descriptors leak", NULL);
	check_lowers(lowers);
	free(lowers);
	n_runs++;
	n_delivered += current_hit != NULL;
	return current_hit != NULL;
}

static void test_mounting_fails(void **state)
{
	static const struct faults_case mounting = {LOOKUP, "(mounting)", NULL, 0};
	(void)state;
	current = &mounting;
	make_leftovers();
	char *view = fresh_view(false);
	for (size_t e = 0; e < N_ELEMENTS(errors); e++) {
		current_error = errors[e];
		for (current_n = 1; run_mounting(view); current_n++)
			assert_true(current_n < 500);
	}
	free(view);
	print_message("%s: mounting: %u faults delivered\n", variant->name, n_delivered);
	assert_int_equal(n_problems, 0);
}

static void test_faults(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_faults_cases; i++)
		if ((!only || strstr(only, faults_verb_name(faults_cases[i].verb))) &&
			(has_metacopies() || strncmp(faults_cases[i].path, "meta", 4) != 0))
			run_case(&faults_cases[i]);
	print_message("%s: %zu verbs, %u runs, %u faults delivered, %u problems\n", variant->name,
		n_faults_cases, n_runs, n_delivered, n_problems);
	free(problems);
	assert_int_equal(n_problems, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(test_mounting_fails), TEST(test_undoing_fails), TEST(test_faults)};
	variant = &variants[0];
	for (size_t i = 0; argc > 1 && i < N_ELEMENTS(variants); i++)
		if (strcmp(argv[1], variants[i].name) == 0)
			variant = &variants[i];
	only = argc > 2 ? argv[2] : NULL;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
