/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "readahead.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "fs.h"
#include "index.h"
#include "inode.h"
#include "sys/data.h"

#define SURE         2   /* files of a directory for which its reader must have waited first */
#define FIRST_WINDOW 4   /* files that are read ahead at first; it doubles as they are read */
#define MAX_WINDOW   64  /* and at most */
#define MAX_LOOKS    256 /* entries that are looked at for them, at once */
#define MAX_DIRS     8   /* real directories that these may be in */
#define LENGTH       (128 * 1024) /* of each; bytes */
#define PATIENCE     1            /* seconds for which the end waits for the thread */

/* What the thread is asked to do. Its own: it holds nothing of the overlay's. */
struct job {
	unsigned n_dirs, n_files;
	int dirs[MAX_DIRS];                     /* owned */
	const struct ovl_realdir *of[MAX_DIRS]; /* whose they are: not looked into */
	struct {
		unsigned dir;
		char name[NAME_MAX + 1];
	} files[MAX_WINDOW];
};

struct ovl_readahead {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wanted;
	atomic_bool stop;
	struct job *job; /* owned; the next one, or NULL; lock */

	/* The one directory that is watched. All: lock. */
	uint64_t dir;     /* its nodeid, 0 = none */
	uint64_t start;   /* where it began, as of a listing: it goes round */
	uint64_t offset;  /* how far it is read ahead */
	bool is_round;    /* it has begun anew at the first one */
	unsigned n_waits; /* files for which somebody waited, up to SURE */
	unsigned n_read, n_ahead;
	unsigned window;
	atomic_bool is_reading; /* ahead, in that directory */
};

/* -- the thread -------------------------------------------------------------------------------- */

static void free_job(struct job *job)
{
	for (unsigned i = 0; job && i < job->n_dirs; i++)
		close(job->dirs[i]);
	free(job);
}

static void do_job(const struct ovl_readahead *readahead, const struct job *job)
{
	for (unsigned i = 0; i < job->n_files && !atomic_load(&readahead->stop); i++) {
		struct sys_at at = sys_at(job->dirs[job->files[i].dir], job->files[i].name);
		sys_read_ahead(at, LENGTH);
	}
}

static struct job *wait_for_job(struct ovl_readahead *readahead)
{
	pthread_mutex_lock(&readahead->lock);
	while (!readahead->stop && !readahead->job)
		pthread_cond_wait(&readahead->wanted, &readahead->lock);
	struct job *job = readahead->stop ? NULL : steal_pointer(&readahead->job);
	pthread_mutex_unlock(&readahead->lock);
	return job;
}

static void *run(void *data)
{
	struct ovl_readahead *readahead = data;
	for (struct job *job; (job = wait_for_job(readahead));) {
		do_job(readahead, job);
		free_job(job);
	}
	return NULL;
}

struct ovl_readahead *ovl_readahead_start(void)
{
	struct ovl_readahead *readahead = calloc(1, sizeof(*readahead));
	if (!readahead)
		return NULL;
	pthread_mutex_init(&readahead->lock, NULL);
	pthread_cond_init(&readahead->wanted, NULL);
	if (pthread_create(&readahead->thread, NULL, run, readahead) == 0)
		return readahead;
	free(readahead);
	return NULL;
}

void ovl_readahead_stop(struct ovl_readahead *readahead)
{
	struct timespec end;

	if (!readahead)
		return;
	pthread_mutex_lock(&readahead->lock);
	readahead->stop = true;
	pthread_cond_signal(&readahead->wanted);
	pthread_mutex_unlock(&readahead->lock);
	clock_gettime(CLOCK_REALTIME, &end); /* TSan knows of no join by another clock */
	end.tv_sec += PATIENCE;
	if (pthread_timedjoin_np(readahead->thread, NULL, &end) != 0)
		return;
	free_job(readahead->job);
	pthread_cond_destroy(&readahead->wanted);
	pthread_mutex_destroy(&readahead->lock);
	free(readahead);
}

/* -- what is asked for ------------------------------------------------------------------------- */

/* The job's descriptor of a real directory: its number, or -1 where it is not open, which is not
 * waited for. */
static int add_dir(struct ovl_fs *fs, struct job *job, struct ovl_realdir *dir)
{
	for (unsigned i = 0; i < job->n_dirs; i++)
		if (job->of[i] == dir)
			return (int)i;
	int held = job->n_dirs < MAX_DIRS ? ovl_realdir_hold_if_open(&fs->dirs, dir) : -1;
	if (held < 0)
		return -1;
	/* Not sys_dup() or the like: a guess takes no descriptor from others. */
	int fd = fcntl(held, F_DUPFD_CLOEXEC, 3);
	ovl_realdir_release(&fs->dirs, dir);
	if (fd < 0)
		return -1;
	job->of[job->n_dirs] = dir;
	job->dirs[job->n_dirs] = fd;
	return (int)job->n_dirs++;
}

static void add_file(struct ovl_fs *fs, struct job *job, const struct ovl_dir *dir,
	const struct ovl_entry *entry)
{
	int number = add_dir(fs, job, ovl_dir_real(dir, entry->layer));
	if (number < 0)
		return;
	job->files[job->n_files].dir = (unsigned)number;
	memcpy(job->files[job->n_files].name, entry->name, entry->length + 1U);
	job->n_files++;
}

/* Has all of the directory been read ahead? */
static bool is_done(const struct ovl_readahead *readahead)
{
	return readahead->is_round && readahead->offset >= readahead->start;
}

/* What follows in the listing, all round; NULL where that is done. */
static const struct ovl_entry *next_entry(
	struct ovl_readahead *readahead, const struct ovl_index *index)
{
	const struct ovl_entry *entry = ovl_index_next(index, &readahead->offset);
	if (!entry && !readahead->is_round) {
		readahead->is_round = true;
		readahead->offset = OVL_INDEX_START;
		entry = ovl_index_next(index, &readahead->offset);
	}
	if (!entry)
		readahead->offset = UINT64_MAX;
	return is_done(readahead) ? NULL : entry;
}

/* The next files in the listing. dir is locked for reading. Returns a job, or NULL. */
static struct job *make_job(struct ovl_fs *fs, struct ovl_readahead *readahead,
	const struct ovl_dir *dir, unsigned n_files)
{
	struct job *job = malloc(sizeof(*job));
	if (!job)
		return NULL;
	job->n_dirs = job->n_files = 0;
	for (unsigned i = 0; i < MAX_LOOKS && job->n_files < n_files; i++) {
		const struct ovl_entry *entry = next_entry(readahead, dir->index);
		if (!entry)
			break;
		if (entry->type == DT_REG)
			add_file(fs, job, dir, entry);
	}
	if (job->n_files > 0)
		return job;
	free_job(job);
	return NULL;
}

/* Somebody reads on in the directory that is watched. */
static void read_on(struct ovl_fs *fs, struct ovl_readahead *readahead, const struct ovl_dir *dir)
{
	if (++readahead->n_read >= readahead->window && readahead->window < MAX_WINDOW)
		readahead->window *= 2;
	unsigned ahead =
		readahead->n_ahead > readahead->n_read ? readahead->n_ahead - readahead->n_read : 0;
	if (readahead->job || ahead > readahead->window / 2 || is_done(readahead))
		return;
	readahead->job = make_job(fs, readahead, dir, readahead->window - ahead);
	if (!readahead->job)
		return;
	readahead->n_ahead += readahead->job->n_files;
	pthread_cond_signal(&readahead->wanted);
}

/* Somebody waits for a file in another directory. One who has read most of what was read ahead for
 * him in the last one is trusted at once. */
static void watch(struct ovl_readahead *readahead, uint64_t dir)
{
	bool was_right = readahead->n_ahead > 0 && readahead->n_read * 2 >= readahead->n_ahead;

	readahead->dir = dir;
	readahead->n_waits = was_right ? SURE - 1 : 0;
	if (!was_right)
		readahead->window = FIRST_WINDOW;
	else if (readahead->window > FIRST_WINDOW)
		readahead->window /= 2;
	readahead->n_read = readahead->n_ahead = 0;
	readahead->is_round = false;
	atomic_store(&readahead->is_reading, false);
}

static void note_locked(struct ovl_fs *fs, struct ovl_readahead *readahead,
	const struct ovl_dir *dir, const struct ovl_entry *entry, bool waited)
{
	if (readahead->dir != dir->inode.nodeid) {
		if (!waited)
			return;
		watch(readahead, dir->inode.nodeid);
	}
	if (readahead->n_waits < SURE) {
		readahead->n_waits += waited;
		if (readahead->n_waits < SURE)
			return;
		readahead->start = ovl_index_offset(dir->index, entry->name);
		readahead->offset = readahead->start;
		atomic_store(&readahead->is_reading, true);
	}
	read_on(fs, readahead, dir);
}

void ovl_readahead_note(struct ovl_fs *fs, struct ovl_inode *inode, bool waited)
{
	struct ovl_readahead *readahead = fs->readahead;

	if (!waited && !atomic_load(&readahead->is_reading))
		return;
	/* A guess is not worth waiting: no lock is, least of all that of the directory, which comes
	 * before its files'. */
	if (!ovl_inode_trylock(fs, inode))
		return;
	struct ovl_dir *dir = inode->entry && inode->parent ? ovl_dir_of(inode->parent) : NULL;
	if (dir && pthread_rwlock_tryrdlock(&dir->lock) == 0) {
		if (dir->index && pthread_mutex_trylock(&readahead->lock) == 0) {
			note_locked(fs, readahead, dir, inode->entry, waited);
			pthread_mutex_unlock(&readahead->lock);
		}
		pthread_rwlock_unlock(&dir->lock);
	}
	ovl_inode_unlock(fs, inode);
}
