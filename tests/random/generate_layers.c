// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The layers of a seed's case, from the lowest up. Half of what a layer has lies where one beneath
 * it has something already, so that there is something to merge, to hide and to replace.
 */
#include <stdlib.h>
#include <string.h>

#include "chance.h"

struct place {
	char path[PATH_MAX];
	bool dir;
};

struct places {
	struct place *all;
	size_t n;
};

struct building {
	struct generator *g;
	struct places here, beneath; /* this layer; any of those beneath it */
	int layer;
	void (*emit)(void *data, const struct op *op);
	void *data;
};

static bool has_place(const struct places *places, const char *path)
{
	for (size_t i = 0; i < places->n; i++)
		if (strcmp(places->all[i].path, path) == 0)
			return true;
	return *path == '\0';
}

static void add_place(struct places *places, const char *path, bool dir)
{
	if (places->n == MAX_KNOWN || has_place(places, path))
		return;
	set_string(places->all[places->n].path, PATH_MAX, path);
	places->all[places->n++].dir = dir;
}

static void describe(struct building *b, struct op *op, bool dir)
{
	op->number[0] = b->layer;
	op->number[1] = random_mode(b->g, dir);
	op->number[2] = random_uid(b->g);
	op->number[3] = random_gid(b->g);
	op->number[4] = random_time(b->g);
	op->number[5] = chance(b->g, 50) ? below(b->g, 1000000000) : 0;
}

static void build_xattrs(struct building *b, const char *path)
{
	while (chance(b->g, 25)) {
		struct op op = {.kind = L_XATTR,
			.number = {b->layer, below(b->g, 60), below(b->g, 100000)}};
		set_string(op.path, sizeof(op.path), path);
		set_string(op.name, sizeof(op.name), random_xattr(b->g));
		b->emit(b->data, &op);
	}
}

static void build_dir(struct building *b, const char *path)
{
	struct op op = {.kind = L_DIR};
	set_string(op.path, sizeof(op.path), path);
	describe(b, &op, true);
	b->emit(b->data, &op);
	add_place(&b->here, path, true);
	build_xattrs(b, path);
	if (chance(b->g, 15)) {
		op.kind = L_OPAQUE;
		b->emit(b->data, &op);
	}
	if (chance(b->g, 1)) {
		op.kind = L_MANY;
		op.number[1] = 50 + below(b->g, 300);
		b->emit(b->data, &op);
	}
}

static void build_parents(struct building *b, const char *path)
{
	char part[PATH_MAX];
	for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
		if (!has_place(&b->here, part))
			build_dir(b, part);
	}
}

static void build_other(struct building *b, const char *path)
{
	struct op op = {.kind = L_FILE};
	set_string(op.path, sizeof(op.path), path);
	describe(b, &op, false);
	op.number[6] = random_size(b->g);
	op.number[7] = below(b->g, 100000);
	if (chance(b->g, 20)) {
		op.kind = L_SYMLINK;
		set_string(op.other, sizeof(op.other), random_target(b->g));
	} else if (chance(b->g, 8)) {
		op.kind = L_NODE;
		op.number[1] = S_IFIFO | (op.number[1] & 0777);
		if (b->g->root && chance(b->g, 50))
			op.number[1] =
				(chance(b->g, 50) ? S_IFCHR : S_IFBLK) | (op.number[1] & 0777);
		op.number[6] = op.number[7] = 0;
		if (!S_ISFIFO(op.number[1])) {
			op.number[6] = 240; /* local use: nothing answers */
			op.number[7] = below(b->g, 3);
		}
	}
	b->emit(b->data, &op);
	add_place(&b->here, path, false);
	build_xattrs(b, path);
}

static void build_one(struct building *b)
{
	char path[PATH_MAX];
	if (b->beneath.n > 0 && chance(b->g, 55)) {
		set_string(path, sizeof(path),
			b->beneath.all[below(b->g, (long long)b->beneath.n)].path);
	} else {
		const struct places *from = chance(b->g, 50) ? &b->here : &b->beneath;
		const struct place *dir =
			from->n > 0 ? &from->all[below(b->g, (long long)from->n)] : NULL;
		const char *name = random_name(b->g);
		name = strlen(name) <= NAME_MAX ? name : "a";
		join(path, dir != NULL && dir->dir && strlen(dir->path) < 1000 ? dir->path : "",
			name);
	}
	if (path[0] == '\0' || has_place(&b->here, path))
		return;
	build_parents(b, path);
	if (has_place(&b->beneath, path) && chance(b->g, 35)) {
		struct op op = {.kind = L_WHITEOUT, .number = {b->layer}};
		set_string(op.path, sizeof(op.path), path);
		b->emit(b->data, &op);
		add_place(&b->here, path, false);
	} else if (chance(b->g, 45)) {
		build_dir(b, path);
	} else {
		build_other(b, path);
	}
}

static void build_layer(struct building *b, int n_layers)
{
	struct op op = {.kind = L_DIR};
	bool lowest = b->layer == n_layers - 1;
	if (chance(b->g, 25) && b->layer > 0 && !lowest) {
		struct op style = {.kind = L_STYLE, .number = {b->layer}};
		set_string(style.name, sizeof(style.name),
			b->g->foreign && chance(b->g, 60) ? "a" : "x");
		b->emit(b->data, &style);
	}
	describe(b, &op, true);
	op.number[1] = chance(b->g, 50) ? 0777 : 0755;
	b->emit(b->data, &op);
	for (long long i = (lowest ? 30 : 5) + below(b->g, 25); i > 0; i--)
		build_one(b);
	for (size_t i = 0; i < b->here.n; i++)
		add_place(&b->beneath, b->here.all[i].path, b->here.all[i].dir);
	b->here.n = 0;
}

void generate_layers(struct generator *g, void (*emit)(void *data, const struct op *op), void *data)
{
	struct building b = {.g = g, .emit = emit, .data = data};
	int n = 2 + (int)below(g, 4);
	struct op op = {.kind = L_LAYERS, .number = {n}};
	b.here.all = calloc(MAX_KNOWN, sizeof(struct place));
	b.beneath.all = calloc(MAX_KNOWN, sizeof(struct place));
	if (b.here.all == NULL || b.beneath.all == NULL)
		abort();
	emit(data, &op);
	for (b.layer = n - 1; b.layer >= 0; b.layer--)
		if (b.layer > 0 || chance(g, 60))
			build_layer(&b, n);
	free(b.here.all);
	free(b.beneath.all);
}
