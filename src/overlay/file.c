/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "fs.h"
#include "inode.h"
#include "metacopy.h"

int ovl_file_cache_init(struct ovl_file_cache *cache, unsigned max_open)
{
	*cache = (struct ovl_file_cache){.max_open = max_open};
	return -pthread_mutex_init(&cache->lock, NULL);
}

void ovl_file_cache_clear(struct ovl_file_cache *cache)
{
	pthread_mutex_destroy(&cache->lock);
}

static void age_list_remove(struct ovl_file_cache *cache, struct ovl_file *file)
{
	*(file->older ? &file->older->newer : &cache->oldest) = file->newer;
	*(file->newer ? &file->newer->older : &cache->newest) = file->older;
	file->older = file->newer = NULL;
	cache->n_open--;
}

static void age_list_append(struct ovl_file_cache *cache, struct ovl_file *file)
{
	file->older = cache->newest;
	file->newer = NULL;
	*(cache->newest ? &cache->newest->newer : &cache->oldest) = file;
	cache->newest = file;
	cache->n_open++;
}

/* Drops one ref. Returns the file when it was the last, to be freed outside the lock. */
static struct ovl_file *unref_locked(struct ovl_file *file)
{
	return file && --file->refs == 0 ? file : NULL;
}

static void destroy(struct ovl_file *file)
{
	if (!file)
		return;
	close(file->fd);
	free(file);
}

/* Takes the inode's file away from it. Returns what unref_locked() does. */
static struct ovl_file *detach_locked(struct ovl_file_cache *cache, struct ovl_file *file)
{
	if (!file)
		return NULL;
	age_list_remove(cache, file);
	file->inode->file = NULL;
	file->inode = NULL;
	return unref_locked(file);
}

static struct ovl_file *attach_locked(
	struct ovl_file_cache *cache, struct ovl_inode *inode, struct ovl_file *file)
{
	file->refs++;
	file->inode = inode;
	inode->file = file;
	age_list_append(cache, file);
	return cache->n_open > cache->max_open ? detach_locked(cache, cache->oldest) : NULL;
}

bool ovl_file_cache_shrink(struct ovl_file_cache *cache)
{
	bool any = false;
	pthread_mutex_lock(&cache->lock);
	for (unsigned most = cache->n_open / 2; cache->n_open > most;) {
		struct ovl_file *last = detach_locked(cache, cache->oldest);
		pthread_mutex_unlock(&cache->lock);
		destroy(last);
		any |= last != NULL;
		pthread_mutex_lock(&cache->lock);
	}
	pthread_mutex_unlock(&cache->lock);
	return any;
}

/* The inode's file if it will do, with a ref; NULL otherwise. */
static struct ovl_file *get_open(struct ovl_file_cache *cache, struct ovl_inode *inode, bool write)
{
	pthread_mutex_lock(&cache->lock);
	struct ovl_file *file = inode->file;
	if (file && (write ? !file->writable : file->append_only))
		file = NULL;
	if (file) {
		file->refs++;
		if (file != cache->newest) {
			age_list_remove(cache, file);
			age_list_append(cache, file);
		}
	}
	pthread_mutex_unlock(&cache->lock);
	return file;
}

static int open_against_mode(struct sys_at at, int flags)
{
	struct stat st;
	int r = sys_stat(at, &st);
	if (r < 0)
		return r;
	r = sys_chmod(at, (st.st_mode & 07777) | S_IRUSR | S_IWUSR);
	if (r < 0)
		return r == -EPERM ? -EACCES : r;
	int fd = sys_open(at, flags);
	r = sys_chmod(at, st.st_mode & 07777);
	if (r < 0 && fd >= 0) {
		close(fd);
		fd = r;
	}
	return fd;
}

int ovl_file_open_upper(struct ovl_fs *fs, struct ovl_inode *inode, struct sys_at at, int flags)
{
	int fd = sys_open(at, flags);
	if (fd != -EACCES)
		return fd;
	ovl_inode_lend(fs, inode);
	return open_against_mode(at, flags);
}

/* Opens the real object, or what has the data of a metacopy. inode's lock is held. */
static int open_real(struct ovl_fs *fs, struct ovl_inode *inode, bool write, struct ovl_file *file)
{
	struct ovl_real real = ovl_inode_real(inode);
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	bool upper = ovl_inode_is_upper(inode);
	unsigned layer;

	if (ovl_inode_metacopy(inode))
		return ovl_metacopy_open(fs, inode, &layer);
	int r = ovl_real_hold(&fs->dirs, &real, &hold);
	if (r < 0)
		return r;
	file->writable = upper && write;
	if (!upper)
		return sys_open_noatime(hold.at);
	int flags = write ? O_RDWR : O_RDONLY;
	int fd = ovl_file_open_upper(fs, inode, hold.at, flags);
	if (fd == -EPERM && write) {
		fd = sys_open(hold.at, O_WRONLY | O_APPEND);
		file->append_only = fd >= 0;
	}
	return fd;
}

/* Makes what was opened inode's backing file; its refs are those besides the inode's own. */
static struct ovl_file *install(
	struct ovl_fs *fs, struct ovl_inode *inode, const struct ovl_file *opened)
{
	struct ovl_file *file = calloc(1, sizeof(*file));
	if (!file) {
		close(opened->fd);
		return NULL;
	}
	*file = *opened;
	pthread_mutex_lock(&fs->files.lock);
	struct ovl_file *old = detach_locked(&fs->files, inode->file);
	struct ovl_file *evicted = attach_locked(&fs->files, inode, file);
	pthread_mutex_unlock(&fs->files.lock);
	destroy(old);
	destroy(evicted);
	return file;
}

static int get_locked(
	struct ovl_fs *fs, struct ovl_inode *inode, bool write, struct ovl_file **ret_file)
{
	struct ovl_file opened = {.refs = 1};

	*ret_file = get_open(&fs->files, inode, write); /* another thread may have been faster */
	if (*ret_file)
		return 0;
	opened.fd = open_real(fs, inode, write, &opened);
	if (opened.fd < 0)
		return opened.fd;
	*ret_file = install(fs, inode, &opened);
	return *ret_file ? 0 : -ENOMEM;
}

int ovl_file_get(struct ovl_fs *fs, struct ovl_inode *inode, bool write, struct ovl_file **ret_file)
{
	if (inode->type != DT_REG)
		return ovl_inode_is_dir(inode) ? -EISDIR : -EINVAL;
	*ret_file = get_open(&fs->files, inode, write);
	if (*ret_file)
		return 0;
	ovl_inode_lock(fs, inode);
	int r = get_locked(fs, inode, write, ret_file);
	ovl_inode_unlock(fs, inode);
	return r;
}

void ovl_file_put(struct ovl_fs *fs, struct ovl_file *file)
{
	pthread_mutex_lock(&fs->files.lock);
	struct ovl_file *last = unref_locked(file);
	pthread_mutex_unlock(&fs->files.lock);
	destroy(last);
}

void ovl_file_install(struct ovl_fs *fs, struct ovl_inode *inode, int fd, bool writable)
{
	const struct ovl_file opened = {.fd = fd, .writable = writable};
	if (!install(fs, inode, &opened))
		ovl_file_drop(fs, inode);
}

void ovl_file_drop(struct ovl_fs *fs, struct ovl_inode *inode)
{
	pthread_mutex_lock(&fs->files.lock);
	struct ovl_file *last = detach_locked(&fs->files, inode->file);
	pthread_mutex_unlock(&fs->files.lock);
	destroy(last);
}
