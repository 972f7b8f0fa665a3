// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs cases: see usage() below, and README.md. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "run.h"

#define PATIENCE 120 /* seconds that one operation may take */

enum outcome { SAME = 0, DIFFERENT = 1, TROUBLE = 2 };

/* --- one run --- */

static enum outcome say_different(struct run *run, const struct op *op, const char *why)
{
	char line[4 * PATH_MAX];
	op_print(op, line, sizeof(line));
	printf("operation %ld: %s\n  %s\n", run->n_done, line, why);
	return DIFFERENT;
}

static enum outcome check_trees(struct run *run, const struct op *op)
{
	return compare_trees(&run->compare) ? SAME : say_different(run, op, run->compare.why);
}

static enum outcome remount(struct run *run, const struct op *op)
{
	side_close_all(&run->side[0]);
	side_close_all(&run->side[1]);
	if (overlay_unmount(&run->overlay) < 0 || overlay_mount(&run->overlay) < 0)
		return say_different(run, op, "cannot mount again");
	return check_trees(run, op);
}

static void drop_caches(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	sync();
	if (write(fd, "3", 1) < 0)
		(void)!write(STDERR_FILENO, "randops: drop_caches does not work\n", 35);
	close(fd);
}

static enum outcome on_both(struct run *run, const struct op *op)
{
	static struct result result[2];
	static char why[3 * RESULT_TEXT];
	if (is_out_of_bounds(run, op) || is_beyond_fuse(run, op))
		return SAME;
	operate(&run->side[0], op, &result[0]);
	if (result[0].error == EXDEV && may_be_exdev(run, op)) {
		run->n_exdev++;
		return SAME;
	}
	operate(&run->side[1], op, &result[1]);
	run->n_errors += result[1].error != 0;
	if (result[0].error != result[1].error || strcmp(result[0].text, result[1].text) != 0) {
		snprintf(why, sizeof(why), "the overlay says: %s (%s)\n  it should say:    %s (%s)",
			strerror(result[0].error), result[0].text, strerror(result[1].error),
			result[1].text);
		return say_different(run, op, why);
	}
	if (result[1].error == 0 && run->generator.known != NULL)
		generator_note(&run->generator, op);
	if (op->kind >= H_OPEN && op->kind != H_LINK)
		return SAME;
	if (!compare_path(&run->compare, op->path) ||
		(op->kind >= O_LINK && op->kind <= O_COPY_RANGE &&
			!compare_path(&run->compare, op->other)))
		return say_different(run, op, run->compare.why);
	return SAME;
}

static enum outcome do_op(struct run *run, const struct op *op)
{
	run->n_done++;
	alarm(PATIENCE);
	switch (op->kind) {
	case O_UMASK:
		umask((mode_t)op->number[0] & 0777);
		return SAME;
	case O_SYNC_:
		sync();
		return SAME;
	case O_DROP_CACHES:
		drop_caches();
		return SAME;
	case O_REMOUNT:
		return remount(run, op);
	case O_CHECK:
		return check_trees(run, op);
	default:
		return on_both(run, op);
	}
}

static void log_op(struct run *run, const struct op *op)
{
	char line[4 * PATH_MAX];
	if (run->log == NULL)
		return;
	op_print(op, line, sizeof(line));
	fprintf(run->log, "%s\n", line);
	fflush(run->log);
}

static void add_layer_line(void *data, const struct op *op)
{
	struct run *run = data;
	if (run->settings->empty_upper && op->kind != L_LAYERS && op->number[0] == 0)
		return;
	log_op(run, op);
	layers_add(&run->layers, op);
}

static int make_dir(const char *dir, const char *name, char *path, size_t size)
{
	snprintf(path, size, "%s/%s", dir, name);
	return mkdir(path, 0755) < 0 && errno != EEXIST ? -1 : 0;
}

/* overlay/t is the mount point and plain/t the plain directory, so that a symbolic link that leads
 * one step out leads to the same on both sides. */
static int make_places(struct run *run)
{
	const char *dir = run->settings->dir;
	char unused[PATH_MAX];
	if (make_dir(dir, "overlay", unused, sizeof(unused)) < 0 ||
		make_dir(dir, "plain", unused, sizeof(unused)) < 0 ||
		make_dir(dir, "overlay/t", run->overlay.mnt, sizeof(run->overlay.mnt)) < 0 ||
		make_dir(dir, "plain/t", run->side[1].root, PATH_MAX) < 0 ||
		make_dir(dir, "layers", run->overlay.layers, sizeof(run->overlay.layers)) < 0 ||
		make_dir(dir, "work", run->overlay.work, sizeof(run->overlay.work)) < 0)
		return -1;
	snprintf(run->side[0].root, PATH_MAX, "%s", run->overlay.mnt);
	for (int i = 0; i < MAX_SLOTS; i++)
		run->side[0].slot[i] = run->side[1].slot[i] = -1;
	return 0;
}

static void digest_lowers(struct run *run, uint64_t *digests)
{
	char path[PATH_MAX];
	for (int i = 1; i < run->overlay.n_layers; i++) {
		snprintf(path, sizeof(path), "%s/%d", run->overlay.layers, i);
		digests[i] = tree_digest(path);
	}
}

/* The layers are described: make them, and mount. */
static enum outcome begin(struct run *run)
{
	struct op none = {.kind = O_CHECK};
	umask(0);
	int r = layers_write(
		&run->layers, run->overlay.layers, run->side[1].root, run->settings->user);
	if (r < 0) {
		fprintf(stderr, "randops: the layers cannot be made: %s\n", strerror(-r));
		return TROUBLE;
	}
	run->overlay.n_layers = run->layers.n;
	digest_lowers(run, run->lower_digest);
	remember_lower_dirs(run);
	clock_gettime(CLOCK_REALTIME_COARSE, &run->compare.started);
	/* A coarse clock stamps files: let it tick, so that what is made from now on is later. */
	struct timespec now = run->compare.started;
	while (now.tv_nsec == run->compare.started.tv_nsec)
		clock_gettime(CLOCK_REALTIME_COARSE, &now);
	run->compare.started = now;
	alarm(PATIENCE);
	if (overlay_mount(&run->overlay) < 0)
		return TROUBLE;
	umask(022);
	return check_trees(run, &none);
}

static enum outcome finish(struct run *run)
{
	struct op none = {.kind = O_REMOUNT};
	uint64_t digests[MAX_LAYERS];
	enum outcome outcome = check_trees(run, &none);
	if (outcome == SAME)
		outcome = remount(run, &none);
	digest_lowers(run, digests);
	for (int i = 1; i < run->overlay.n_layers; i++)
		if (outcome == SAME && digests[i] != run->lower_digest[i]) {
			printf("lower layer %d has changed\n", i);
			outcome = DIFFERENT;
		}
	return outcome;
}

static enum outcome run_seed(struct run *run, uint64_t seed)
{
	static struct op op;
	generator_init(&run->generator, seed);
	run->generator.root = !run->settings->user;
	run->generator.foreign = run->settings->foreign;
	if (run->log != NULL)
		fprintf(run->log, "# made from seed %llu\n", (unsigned long long)seed);
	generate_layers(&run->generator, add_layer_line, run);
	enum outcome outcome = begin(run);
	for (long i = 0; i < run->settings->n_ops && outcome == SAME; i++) {
		generate_op(&run->generator, run->side[1].root, &op);
		if (run->settings->user && op.kind == O_DROP_CACHES)
			op.kind = O_CHECK;
		log_op(run, &op);
		outcome = do_op(run, &op);
	}
	return outcome == SAME ? finish(run) : outcome;
}

static enum outcome run_case(struct run *run, const char *file)
{
	static char line[4 * PATH_MAX];
	static struct op op;
	enum outcome outcome = SAME;
	bool begun = false;
	FILE *f = fopen(file, "re");
	if (f == NULL) {
		fprintf(stderr, "randops: %s: %s\n", file, strerror(errno));
		return TROUBLE;
	}
	while (outcome == SAME && fgets(line, sizeof(line), f) != NULL) {
		int r = op_parse(line, &op);
		if (r < 0) {
			fprintf(stderr, "randops: %s: this is no operation: %s", file, line);
			outcome = TROUBLE;
		}
		if (r <= 0)
			continue;
		log_op(run, &op);
		if (op.kind < O_CREAT_) {
			layers_add(&run->layers, &op);
			continue;
		}
		if (!begun)
			outcome = begin(run);
		begun = true;
		if (outcome == SAME)
			outcome = do_op(run, &op);
	}
	fclose(f);
	if (!begun && outcome == SAME)
		outcome = begin(run);
	return outcome == SAME ? finish(run) : outcome;
}

/* In a process of its own, so that nothing it does can keep the next case from running. */
static enum outcome run_here(const struct settings *settings, const char *what)
{
	static struct run run;
	char *end;
	struct timespec from, to;
	run.settings = settings;
	run.overlay = (struct overlay){.program = settings->program,
		.user = settings->user,
		.alternate = settings->alternate,
		.both = settings->both,
		.options = settings->options};
	layers_init(&run.layers);
	if (make_places(&run) < 0) {
		fprintf(stderr, "randops: %s: %s\n", settings->dir, strerror(errno));
		return TROUBLE;
	}
	run.compare.root[0] = run.side[0].root;
	run.compare.root[1] = run.side[1].root;
	run.compare.numbers = settings->numbers;
	run.compare.links = settings->links;
	run.compare.kernel = run.side[0].kernel = run.side[1].kernel =
		settings->program == NULL || settings->alternate;
	if (settings->log != NULL && (run.log = fopen(settings->log, "we")) == NULL)
		return TROUBLE;
	clock_gettime(CLOCK_MONOTONIC, &from);
	unsigned long long seed = strtoull(what, &end, 10);
	enum outcome outcome = *end == '\0' ? run_seed(&run, seed) : run_case(&run, what);
	side_close_all(&run.side[0]);
	if (outcome == SAME && overlay_unmount(&run.overlay) < 0)
		outcome = TROUBLE;
	clock_gettime(CLOCK_MONOTONIC, &to);
	long ms = (long)(to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000;
	printf("%s: %s, %ld operations, %ld errors alike, %ld EXDEV, %d layers, %u mounts, "
	       "%ld.%03ld s\n",
		what,
		outcome == SAME        ? "same"
		: outcome == DIFFERENT ? "DIFFERENT"
				       : "TROUBLE",
		run.n_done, run.n_errors, run.n_exdev, run.layers.n, run.overlay.mounts, ms / 1000,
		ms % 1000);
	fflush(stdout);
	compare_clear(&run.compare);
	generator_clear(&run.generator);
	layers_clear(&run.layers);
	forget_lower_dirs(&run);
	return outcome;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	if (ftw->level > 0)
		(void)!remove(path);
	return 0;
}

static void empty_scratch(const char *dir)
{
	nftw(dir, remove_entry, 32, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

static enum outcome run_one(const struct settings *settings, const char *what)
{
	char mnt[PATH_MAX];
	int status = 0;
	empty_scratch(settings->dir);
	fflush(stdout);
	pid_t pid = fork();
	if (pid < 0)
		return TROUBLE;
	if (pid == 0)
		exit(run_here(settings, what));
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	snprintf(mnt, sizeof(mnt), "%s/overlay/t", settings->dir);
	umount2(mnt, MNT_DETACH);
	empty_scratch(settings->dir);
	if (WIFEXITED(status))
		return (enum outcome)WEXITSTATUS(status);
	printf("%s: DIFFERENT, %s\n", what,
		WTERMSIG(status) == SIGALRM ? "an operation hangs" : strsignal(WTERMSIG(status)));
	return DIFFERENT;
}

static int usage(FILE *to)
{
	fputs("usage: randops --dir EMPTY-DIRECTORY [OPTION...] SEED-OR-CASE-FILE...\n"
	      "  --fuse PROGRAM     the overlay under test; without it, the kernel's\n"
	      "  --alternate        every other mount of the same upper is made by the kernel\n"
	      "  --options OPTIONS  more mount options; with --alternate, of the program alone\n"
	      "  --both OPTIONS     more mount options, for the kernel as well\n"
	      "  --user             root of a user namespace: no devices, user.overlay. marks\n"
	      "  --ops N            operations that a seed makes (3000)\n"
	      "  --numbers          inode numbers must not change and be those that are listed\n"
	      "  --empty-upper      nothing is in the upper when it is first mounted\n"
	      "  --no-links         do not compare link counts\n"
	      "  --foreign          layers in AUFS form too, which kernel overlayfs does not know\n"
	      "  --skip OPERATION   leave out operations of this kind (repeat)\n"
	      "  --log FILE         write the case to FILE as it is done\n"
	      "Exit status: 0 all were the same, 1 one was not, 2 one could not be run.\n",
		to);
	return to == stderr ? 2 : 0;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"dir", 1, NULL, 'd'}, {"fuse", 1, NULL, 'f'},
		{"alternate", 0, NULL, 'a'}, {"options", 1, NULL, 'o'}, {"both", 1, NULL, 'b'},
		{"user", 0, NULL, 'u'}, {"ops", 1, NULL, 'n'}, {"numbers", 0, NULL, 'i'},
		{"no-links", 0, NULL, 'k'}, {"foreign", 0, NULL, 'F'},
		{"empty-upper", 0, NULL, 'e'}, {"skip", 1, NULL, 's'}, {"log", 1, NULL, 'l'},
		{"help", 0, NULL, 'h'}, {NULL, 0, NULL, 0}};
	struct settings settings = {.n_ops = 3000, .links = true};
	enum outcome worst = SAME;
	int c;
	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (c) {
		case 'd':
			settings.dir = optarg;
			break;
		case 'f':
			settings.program = optarg;
			break;
		case 'a':
			settings.alternate = true;
			break;
		case 'o':
			settings.options = optarg;
			break;
		case 'b':
			settings.both = optarg;
			break;
		case 'u':
			settings.user = true;
			break;
		case 'n':
			settings.n_ops = atol(optarg);
			break;
		case 'i':
			settings.numbers = true;
			break;
		case 'k':
			settings.links = false;
			break;
		case 'F':
			settings.foreign = true;
			break;
		case 's':
			for (int i = 0; i < N_KINDS; i++)
				settings.skip[i] |= strcmp(op_word((enum kind)i), optarg) == 0;
			break;
		case 'e':
			settings.empty_upper = true;
			break;
		case 'l':
			settings.log = optarg;
			break;
		default:
			return usage(c == 'h' ? stdout : stderr);
		}
	}
	if (settings.dir == NULL || optind == argc)
		return usage(stderr);
	for (int i = optind; i < argc; i++) {
		enum outcome outcome = run_one(&settings, argv[i]);
		if (outcome > worst)
			worst = outcome;
	}
	return (int)worst;
}
