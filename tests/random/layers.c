// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Layers as trees in memory: made from lines, merged into the tree that an overlay must show, and
 * written to disk, each with its marks.
 *
 * The merge goes from the lowest layer up and does to one tree what each layer says: a whiteout
 * takes a name away; a directory joins a directory, unless it is opaque; everything else replaces.
 * (An overlay looks from the top down. That both come to the same is the point.)
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "randops.h"

struct attribute {
	char name[NAME_MAX + 2];
	long long length, seed;
	struct attribute *next;
};

struct tree {
	char name[NAME_MAX + 1];
	struct op line; /* the L_ line that made it: attributes of the object */
	bool opaque;
	bool whiteout;
	bool idle;  /* a whiteout that hides nothing: not written */
	bool lower; /* in the merge: a lower layer has a part in it */
	struct attribute *attributes;
	struct tree *children, *next;
};

struct mark_names {
	const char *opaque, *whiteout;
};

static const struct mark_names trusted_marks = {
	"trusted.overlay.opaque", "trusted.overlay.whiteout"};
static const struct mark_names user_marks_ = {"user.overlay.opaque", "user.overlay.whiteout"};

/* --- trees --- */

static struct tree *tree_new(const char *name)
{
	struct tree *tree = calloc(1, sizeof(*tree));
	if (tree == NULL)
		abort();
	snprintf(tree->name, sizeof(tree->name), "%s", name);
	tree->line.kind = L_DIR;
	tree->line.number[1] = 0755;
	tree->line.number[4] = 1000000000;
	return tree;
}

static void free_attributes(struct tree *tree)
{
	while (tree->attributes != NULL) {
		struct attribute *next = tree->attributes->next;
		free(tree->attributes);
		tree->attributes = next;
	}
}

static void tree_free(struct tree *tree)
{
	while (tree != NULL) {
		struct tree *next = tree->next;
		tree_free(tree->children);
		free_attributes(tree);
		free(tree);
		tree = next;
	}
}

static struct tree **find_link(struct tree *dir, const char *name)
{
	struct tree **link = &dir->children;
	while (*link != NULL && strcmp((*link)->name, name) != 0)
		link = &(*link)->next;
	return link;
}

static bool is_dir(const struct tree *tree)
{
	return tree->line.kind == L_DIR && !tree->whiteout;
}

/* The node at path, or NULL; with parent its directory and the last name instead. */
static struct tree *find(struct tree *root, const char *path, const char **last)
{
	char copy[PATH_MAX];
	char *rest = copy;
	struct tree *tree = root;
	snprintf(copy, sizeof(copy), "%s", path);
	if (last != NULL) {
		char *slash = strrchr(copy, '/');
		*last = slash != NULL ? path + (slash - copy) + 1 : path;
		*(slash != NULL ? slash : copy) = '\0';
	}
	while (tree != NULL && rest != NULL && *rest != '\0') {
		const char *name = strsep(&rest, "/");
		tree = is_dir(tree) ? *find_link(tree, name) : NULL;
	}
	return tree;
}

static void add_attribute(struct tree *tree, const struct attribute *from)
{
	for (const struct attribute *a = tree->attributes; a != NULL; a = a->next)
		if (strcmp(a->name, from->name) == 0)
			return;
	struct attribute *attribute = malloc(sizeof(*attribute));
	if (attribute == NULL)
		abort();
	*attribute = *from;
	attribute->next = tree->attributes;
	tree->attributes = attribute;
}

/* --- lines --- */

void layers_init(struct layers *layers)
{
	memset(layers, 0, sizeof(*layers));
	layers->n = 2;
	for (int i = 0; i < MAX_LAYERS; i++) {
		layers->tree[i] = tree_new("");
		layers->style[i] = 'k';
	}
}

void layers_clear(struct layers *layers)
{
	for (int i = 0; i < MAX_LAYERS; i++)
		tree_free(layers->tree[i]);
}

static void add_node(struct tree *dir, const char *name, const struct op *op, char style)
{
	if (dir == NULL || !is_dir(dir) || *name == '\0' || *find_link(dir, name) != NULL)
		return;
	if (op->kind == L_WHITEOUT && style == 'a' && strlen(name) + strlen(".wh.") > NAME_MAX)
		return;
	struct tree *tree = tree_new(name);
	tree->line = *op;
	tree->whiteout = op->kind == L_WHITEOUT;
	tree->next = dir->children;
	dir->children = tree;
}

static void add_many(struct tree *dir, const struct op *op)
{
	struct op file = {.kind = L_FILE, .number = {0, 0644, 0, 0, 1000000000, 0, 10, 1}};
	for (long long i = 0; i < op->number[1]; i++) {
		char name[NAME_MAX + 1];
		snprintf(name, sizeof(name), "m%04lld", i);
		file.number[7] = i + 1;
		add_node(dir, name, &file, 'k');
	}
}

static void add_xattr(struct tree *tree, const struct op *op)
{
	struct attribute attribute = {.length = op->number[1], .seed = op->number[2]};
	snprintf(attribute.name, sizeof(attribute.name), "%s", op->name);
	add_attribute(tree, &attribute);
}

void layers_add(struct layers *layers, const struct op *op)
{
	int i = (int)op->number[0];
	const char *last;
	if (op->kind == L_LAYERS && i >= 2 && i <= MAX_LAYERS)
		layers->n = i;
	if (op->kind == L_LAYERS || i < 0 || i >= MAX_LAYERS)
		return;
	struct tree *tree = find(layers->tree[i], op->path, NULL);
	switch (op->kind) {
	case L_STYLE:
		layers->style[i] = op->name[0];
		break;
	case L_XATTR:
		if (tree != NULL && !tree->whiteout)
			add_xattr(tree, op);
		break;
	case L_OPAQUE:
		if (tree != NULL && tree != layers->tree[i] && is_dir(tree))
			tree->opaque = true;
		break;
	case L_MANY:
		if (tree != NULL && is_dir(tree))
			add_many(tree, op);
		break;
	default:
		if (op->kind == L_DIR && op->path[0] == '\0') {
			layers->tree[i]->line = *op;
			break;
		}
		tree = find(layers->tree[i], op->path, &last);
		add_node(tree, last, op, layers->style[i]);
	}
}

/* --- the merge --- */

static void take_attributes(struct tree *to, const struct tree *from)
{
	free_attributes(to);
	to->line = from->line;
	for (const struct attribute *a = from->attributes; a != NULL; a = a->next)
		add_attribute(to, a);
}

static void merge_directory(struct tree *merge, struct tree *layer, bool is_lower)
{
	take_attributes(merge, layer);
	merge->lower |= is_lower;
	for (struct tree *child = layer->children; child != NULL; child = child->next) {
		struct tree **link = find_link(merge, child->name);
		struct tree *old = *link;
		if (child->whiteout)
			child->idle = old == NULL;
		if (old != NULL && !(is_dir(child) && is_dir(old) && !child->opaque)) {
			*link = old->next;
			old->next = NULL;
			tree_free(old);
			old = NULL;
		}
		if (child->whiteout)
			continue;
		if (old == NULL) {
			old = tree_new(child->name);
			old->next = merge->children;
			merge->children = old;
		}
		if (is_dir(child))
			merge_directory(old, child, is_lower);
		else
			take_attributes(old, child);
	}
}

static struct tree *merge_all(struct layers *layers)
{
	struct tree *merge = tree_new("");
	for (int i = layers->n - 1; i >= 0; i--)
		merge_directory(merge, layers->tree[i], i > 0);
	return merge;
}

bool layers_path_is_lower(struct layers *layers, const char *path)
{
	struct tree *merge = merge_all(layers);
	const struct tree *tree = find(merge, path, NULL);
	bool lower = tree != NULL && tree->lower;
	tree_free(merge);
	return lower;
}

/* --- writing --- */

struct writer {
	char style; /* 0: the merge, without any mark */
	const struct mark_names *marks;
};

static int write_whiteout(const struct writer *writer, const char *dir, const char *name)
{
	char path[PATH_MAX];
	snprintf(path, sizeof(path), "%s/%s%s", dir, writer->style == 'a' ? ".wh." : "", name);
	if (writer->style == 'k')
		return mknod(path, S_IFCHR, makedev(0, 0));
	if (mknod(path, S_IFREG | 0644, 0) < 0)
		return -1;
	if (writer->style == 'a')
		return 0;
	if (setxattr(path, writer->marks->whiteout, "y", 1, 0) < 0)
		return -1;
	return setxattr(dir, writer->marks->opaque, "x", 1, 0);
}

static int write_opaque(const struct writer *writer, const char *path)
{
	char mark[PATH_MAX];
	if (writer->style != 'a')
		return setxattr(path, writer->marks->opaque, "y", 1, 0);
	snprintf(mark, sizeof(mark), "%s/.wh..wh..opq", path);
	return mknod(mark, S_IFREG | 0644, 0);
}

static int write_file(const char *path, const struct op *line)
{
	char bytes[4096];
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	for (long long at = 0; at < line->number[6]; at += (long long)sizeof(bytes)) {
		size_t length = sizeof(bytes);
		if (line->number[6] - at < (long long)length)
			length = (size_t)(line->number[6] - at);
		pattern_fill(bytes, length, at, line->number[7]);
		if (pwrite(fd, bytes, length, at) != (ssize_t)length) {
			close(fd);
			return -1;
		}
	}
	return close(fd);
}

static int write_object(const struct tree *tree, const char *path)
{
	const struct op *line = &tree->line;
	switch (line->kind) {
	case L_DIR:
		return mkdir(path, 0700) < 0 && errno != EEXIST ? -1 : 0;
	case L_FILE:
		return write_file(path, line);
	case L_SYMLINK:
		return symlink(line->other[0] != '\0' ? line->other : "x", path);
	default:
		return mknod(path, (mode_t)line->number[1],
			makedev((unsigned)line->number[6], (unsigned)line->number[7]));
	}
}

/* Owner before mode and capabilities, which a change of owner takes away. After what is below,
 * which would inherit a default ACL. */
static int write_attributes(const struct tree *tree, const char *path)
{
	const struct op *line = &tree->line;
	char value[4096];
	bool symlink = line->kind == L_SYMLINK;
	if (lchown(path, (uid_t)line->number[2], (gid_t)line->number[3]) < 0)
		return -1;
	if (!symlink && chmod(path, (mode_t)line->number[1] & 07777) < 0)
		return -1;
	for (const struct attribute *a = tree->attributes; a != NULL; a = a->next) {
		size_t length = xattr_value(a->name, a->length, a->seed, value, sizeof(value));
		/* Not every name can be set on every type of file, nor by every user. */
		if (lsetxattr(path, a->name, value, length, 0) < 0 && errno != EPERM &&
			errno != EOPNOTSUPP && errno != EACCES)
			return -1;
	}
	return 0;
}

static int write_times(const struct tree *tree, const char *path)
{
	const struct op *line = &tree->line;
	struct timespec times[2] = {{.tv_sec = line->number[4], .tv_nsec = line->number[5]}};
	if (line->kind == L_NODE)
		times[0].tv_nsec = 0;
	times[1] = times[0];
	return utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
}

static int write_tree(const struct writer *writer, const struct tree *tree, const char *path)
{
	char below[PATH_MAX];
	if (write_object(tree, path) < 0)
		return -1;
	if (tree->opaque && writer->style != 0 && write_opaque(writer, path) < 0)
		return -1;
	for (const struct tree *child = tree->children; child != NULL; child = child->next) {
		if (child->whiteout) {
			if (!child->idle && write_whiteout(writer, path, child->name) < 0)
				return -1;
			continue;
		}
		if ((size_t)snprintf(below, sizeof(below), "%s/%s", path, child->name) >=
			sizeof(below))
			continue;
		if (write_tree(writer, child, below) < 0)
			return -1;
	}
	return write_attributes(tree, path) < 0 ? -1 : write_times(tree, path);
}

int layers_write(struct layers *layers, const char *dir, const char *plain, bool user_marks)
{
	struct tree *merge = merge_all(layers);
	struct writer writer = {.marks = user_marks ? &user_marks_ : &trusted_marks};
	char path[PATH_MAX];
	int r = write_tree(&writer, merge, plain);
	for (int i = 0; i < layers->n && r == 0; i++) {
		writer.style = layers->style[i];
		snprintf(path, sizeof(path), "%s/%d", dir, i);
		r = write_tree(&writer, layers->tree[i], path);
	}
	r = r < 0 ? -errno : 0;
	tree_free(merge);
	return r;
}
