/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * randops does the same random operations on an overlay and on a plain directory that starts with
 * the same content, and wants the same results. README.md beside this file says how to use it.
 *
 * A case is a text: lines that describe the layers, then lines that each are one operation. A seed
 * only makes a case; everything that happens afterwards depends on its lines alone. So a case can
 * be kept, read, and made smaller by leaving lines out: every subset of its lines is a case.
 */
#ifndef RANDOPS_H
#define RANDOPS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#define MAX_LAYERS  8
#define MAX_SLOTS   12
#define MAX_NUMBERS 8

/* --- case.c: the lines of a case --- */

enum kind {
	/* the layers; 0 is the upper, 1 the topmost lower */
	L_LAYERS,
	L_STYLE,
	L_DIR,
	L_FILE,
	L_SYMLINK,
	L_NODE,
	L_MANY,
	L_XATTR,
	L_OPAQUE,
	L_WHITEOUT,
	/* one path */
	O_CREAT_,
	O_WRITE,
	O_APPENDING,
	O_READ,
	O_TRUNCATE,
	O_MMAP_WRITE,
	O_FALLOCATE,
	O_MKDIR,
	O_RMDIR,
	O_UNLINK,
	O_SYMLINK,
	O_MKNOD,
	O_CHMOD,
	O_CHOWN,
	O_UTIMES,
	O_SETXATTR,
	O_REMOVEXATTR,
	O_GETXATTR,
	O_LISTXATTR,
	O_LIST,
	O_READLINK,
	O_STAT,
	O_ACCESS,
	/* two paths */
	O_LINK,
	O_RENAME,
	O_COPY_RANGE,
	/* a descriptor that is kept open in a slot */
	H_OPEN,
	H_CLOSE,
	H_READ,
	H_WRITE,
	H_TRUNCATE,
	H_FALLOCATE,
	H_MMAP_WRITE,
	H_STAT,
	H_CHMOD,
	H_SETXATTR,
	H_SYNC,
	H_LINK,
	H_LIST,
	/* the process, the machine */
	O_UMASK,
	O_SYNC_,
	O_DROP_CACHES,
	O_REMOUNT,
	O_CHECK,
	N_KINDS
};

struct op {
	enum kind kind;
	int as;   /* which of the users does it: see users[] in operate.c */
	int slot; /* of a kept descriptor */
	long long number[MAX_NUMBERS];
	char path[PATH_MAX]; /* below the root; no leading slash; "" is the root */
	char other[PATH_MAX];
	char name[NAME_MAX + 2]; /* of an xattr, or a style */
};

/* The line without its newline. */
void op_print(const struct op *op, char *line, size_t size);

/* Returns 1 when the line is an operation, 0 when it is empty or a comment, -1 when it is nonsense.
 */
int op_parse(const char *line, struct op *op);

const char *op_word(enum kind kind);

/* --- layers.c: trees in memory, and on disk --- */

struct tree; /* one directory tree in memory */

struct layers {
	int n; /* the upper included */
	struct tree *tree[MAX_LAYERS];
	char style[MAX_LAYERS]; /* how whiteouts and opaque marks are written: see layers_add() */
};

void layers_init(struct layers *layers);
void layers_clear(struct layers *layers);

/* Adds what an L_ line says; a line that does not fit (no such parent) is left out silently.
 * Styles: 'k' as kernel overlayfs writes, 'x' xattr whiteouts, 'a' AUFS names. */
void layers_add(struct layers *layers, const struct op *op);

/*
 * Writes layer i to DIR/i for every i, and what an overlay of them must show to PLAIN. The merge is
 * computed here, on the trees in memory, from the words of the kernel's documentation; it shares
 * nothing with any implementation. user_marks: user.overlay. instead of trusted.overlay. marks.
 * Returns 0 or -errno.
 */
int layers_write(struct layers *layers, const char *dir, const char *plain, bool user_marks);

/* True when PATH, a directory of the merge, has a part in a lower layer. */
bool layers_path_is_lower(struct layers *layers, const char *path);

/* --- operate.c: one operation on one side --- */

#define RESULT_TEXT 4096

struct result {
	int error;              /* errno, or 0 */
	char text[RESULT_TEXT]; /* whatever else must be equal, for people too */
};

struct side {
	bool kernel; /* as in struct compare */
	char root[PATH_MAX];
	int slot[MAX_SLOTS]; /* descriptors kept open, or -1 */
};

void operate(struct side *side, const struct op *op, struct result *result);
void side_close_all(struct side *side);

/* Becomes users[as] for the next system calls. 0 is root. */
void become(int as);

#define N_USERS 3

/*
 * The value that name, length and seed stand for: what the name demands where it demands something
 * (capabilities, ACLs), else pattern bytes. Returns its length, at most size.
 */
size_t xattr_value(const char *name, long long length, long long seed, char *value, size_t size);

/* The bytes that "seed" stands for, from offset on: the same for both sides, and never zero. */
void pattern_fill(char *buffer, size_t length, long long offset, long long seed);

/* --- compare.c: are two trees the same --- */

struct compare {
	const char *root[2];     /* the overlay, the plain directory */
	struct timespec started; /* times since then cannot be the same on both sides */
	bool numbers;            /* inode numbers of the overlay may not change, d_ino = st_ino */
	bool links;              /* link counts of files must be equal */
	bool kernel;             /* kernel overlayfs has a part in it: its blemishes are allowed */
	void *seen;              /* inode numbers at earlier comparisons, owned */
	char why[2 * PATH_MAX];
};

/* Returns true when they are, else false with why. */
bool compare_trees(struct compare *compare);

/* The same for one path and its attributes only. */
bool compare_path(struct compare *compare, const char *path);

void compare_clear(struct compare *compare);

/* A digest of everything below path but access times. */
uint64_t tree_digest(const char *path);

/* --- mounts.c --- */

struct overlay {
	const char *program;       /* NULL: the kernel's overlayfs */
	bool user;                 /* userxattr, for the kernel */
	bool alternate;            /* every other mount is made by the kernel */
	unsigned mounts;           /* how many have been made */
	const char *options;       /* more mount options, or NULL */
	const char *both;          /* such that are also the kernel's where that alternates */
	char layers[PATH_MAX / 2]; /* directory with 0, 1, ... */
	char work[PATH_MAX / 2];
	char mnt[PATH_MAX / 2];
	int n_layers;
};

/* Has the kernel made the mount that there is now? */
bool overlay_is_kernels(const struct overlay *overlay);

/* Both return 0, or -errno with a line on stderr. */
int overlay_mount(struct overlay *overlay);
int overlay_unmount(struct overlay *overlay);

/* --- generate.c: from a seed --- */

struct generator {
	uint64_t state;
	bool root;               /* device nodes and trusted xattrs are possible */
	bool foreign;            /* layers may be in styles that the kernel does not know */
	char (*known)[PATH_MAX]; /* paths that the plain tree has, or had; owned */
	size_t n_known;
};

void generator_init(struct generator *g, uint64_t seed);
void generator_clear(struct generator *g);

/* The layers, each line to emit(). */
void generate_layers(
	struct generator *g, void (*emit)(void *data, const struct op *op), void *data);

/* The next operation; plain is looked at now and then to know what exists. */
void generate_op(struct generator *g, const char *plain, struct op *op);

/* Tells the generator that the operation worked. */
void generator_note(struct generator *g, const struct op *op);

#endif
