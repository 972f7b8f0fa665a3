/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "overlay/super.h"

#include <dirent.h>
#include <errno.h>
#include <linux/capability.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "fs.h"
#include "instance_uuid.h"
#include "link_index.h"
#include "override_stat.h"
#include "readahead.h"
#include "sys/data.h"
#include "sys/handle.h"
#include "whiteout.h"
#include "work.h"

uint32_t ovl_fsid(struct ovl_fs *fs, dev_t device)
{
	uint32_t fsid = 0;

	pthread_mutex_lock(&fs->devices_lock);
	while (fsid < fs->n_devices && fs->devices[fsid] != device)
		fsid++;
	if (fsid == fs->n_devices && fsid < OVL_MAX_DEVICES)
		fs->devices[fs->n_devices++] = device;
	pthread_mutex_unlock(&fs->devices_lock);
	/* More file systems than there is room for: told apart, but with longer inode numbers. */
	return fsid < OVL_MAX_DEVICES ? fsid : (uint32_t)device | 1u << 31;
}

#define INO_FSID_SHIFT 56

uint64_t ovl_map_ino(const struct ovl_fs *fs, uint32_t fsid, uint64_t real_ino)
{
	if (fsid == 0 && real_ino != 0 && (fs->is_one_file_system || !(real_ino >> INO_FSID_SHIFT)))
		return real_ino;
	if (fsid < 0x80 && real_ino >> INO_FSID_SHIFT == 0 && real_ino != 0)
		return real_ino | (uint64_t)fsid << INO_FSID_SHIFT;
	/* No room for both: a number that is the same at every mount and hardly another's. */
	uint64_t mixed = (real_ino + 0x9E3779B97F4A7C15u * (fsid + 1)) * 0xBF58476D1CE4E5B9u;
	return (mixed ^ mixed >> 31) | (uint64_t)1 << 63;
}

void ovl_temp_name(struct ovl_fs *fs, char name[OVL_TEMP_NAME_SIZE])
{
	unsigned n = atomic_fetch_add_explicit(&fs->temp_counter, 1, memory_order_relaxed);
	snprintf(name, OVL_TEMP_NAME_SIZE, "#%x", n);
}

bool ovl_fs_is_read_only(const struct ovl_fs *fs)
{
	return !fs->has_upper;
}

void ovl_fs_set_own_device(struct ovl_fs *fs, dev_t dev)
{
	fs->own_device = dev;
}

/* -- options ----------------------------------------------------------------------------------- */

static enum ovl_prefix choose_prefix(const struct ovl_config *config)
{
	bool trusted = config->marks != OVL_MARKS_USER && sys_has_capability(CAP_SYS_ADMIN) &&
		       sys_in_initial_user_namespace();
	return trusted ? OVL_PREFIX_TRUSTED : OVL_PREFIX_USER;
}

/*
 * Redirects and metacopies out of user.* xattrs are refused to root: whoever may write a layer
 * could lead root's users to directories that he himself may not enter, and to data that he may not
 * read. An ordinary user's daemon can read no more than its user, and trusted.* only root can
 * write.
 */
static bool may_follow_marks(const struct ovl_fs *fs)
{
	return fs->prefix == OVL_PREFIX_TRUSTED || fs->euid != 0 ||
	       !sys_in_initial_user_namespace();
}

static void choose_redirects(struct ovl_fs *fs, enum ovl_redirect wanted)
{
	bool is_safe = may_follow_marks(fs);
	bool asked = wanted == OVL_REDIRECT_ON || wanted == OVL_REDIRECT_FOLLOW;

	if (asked && !is_safe)
		log_line("redirect_dir: marks in user.* xattrs are not followed for root: falling "
			 "back to redirect_dir=nofollow");
	fs->follows_redirects = is_safe && (asked || wanted == OVL_REDIRECT_AUTO);
	fs->makes_redirects = fs->follows_redirects && wanted != OVL_REDIRECT_FOLLOW &&
			      fs->has_upper && fs->upper_has_xattrs;
}

/* Off unless asked for, as in the kernel. A data-only layer asks for what leads to it. */
static void choose_metacopies(struct ovl_fs *fs, enum ovl_switch wanted)
{
	bool asked = wanted == OVL_SWITCH_ON;
	if (asked && !may_follow_marks(fs))
		log_line("metacopy: marks in user.* xattrs are not followed for root: falling back "
			 "to metacopy=off");
	if (asked && fs->follows_redirects)
		fs->metacopy = OVL_METACOPY_FOLLOWED;
	else if (fs->n_data_layers > 0)
		fs->metacopy = OVL_METACOPY_DATA_ONLY;
	fs->makes_metacopies = fs->metacopy == OVL_METACOPY_FOLLOWED && fs->makes_redirects;
}

/* Without it a file of several names would become another one when it is copied up (kernel:
 * params.c, "Automatically enable index"). */
static bool wants_link_index(const struct ovl_config *config)
{
	return config->index == OVL_SWITCH_ON || config->nfs_export == OVL_SWITCH_ON;
}

/* -- layers ------------------------------------------------------------------------------------ */

static int init_layer(struct ovl_fs *fs, unsigned index, int borrowed_fd)
{
	struct ovl_layer *layer = &fs->layers[index];
	struct stat st;
	int fd = sys_dup(borrowed_fd);
	if (fd < 0)
		return fd;
	int r = sys_stat(sys_at_fd(fd), &st);
	if (r < 0) {
		close(fd);
		return r;
	}
	*layer = (struct ovl_layer){.index = index, .dev = st.st_dev};
	layer->root = ovl_realdir_new_root(layer, fd);
	if (!layer->root)
		return -ENOMEM;
	ovl_fsid(fs, st.st_dev);
	r = sys_fs_uuid(fd, fs->uuids[index].bytes);
	fs->uuids[index].known = r == 0;
	/* What comes and goes is no answer: without, origins would be taken for another one's. */
	return r == -EIO || r == -ENOMEM ? r : 0;
}

/* uuid=off: origins are written without, and found whatever theirs is, for layers that are copied
 * to a new file system. Only one may have them all, or handles could mean anything (kernel:
 * ovl_fill_super(), "uuid=off requires a single fs"). */
static void forget_uuids(struct ovl_fs *fs)
{
	if (!fs->is_one_file_system) {
		log_line("uuid=off: the layers are on several file systems: falling back to "
			 "uuid=null");
		return;
	}
	for (unsigned i = 0; i < fs->n_layers; i++)
		fs->uuids[i] = (struct ovl_uuid){.known = false};
}

static int init_layers(struct ovl_fs *fs, const struct ovl_config *config)
{
	unsigned n = (unsigned)config->n_lower + 1;
	fs->n_data_layers = (unsigned)config->n_data;
	fs->n_layers = n - fs->n_data_layers;
	fs->layers = calloc(n, sizeof(*fs->layers));
	fs->uuids = calloc(n, sizeof(*fs->uuids));
	fs->cannot_share = calloc(n, sizeof(*fs->cannot_share));
	if (!fs->layers || !fs->uuids || !fs->cannot_share)
		return -ENOMEM;
	int r = fs->has_upper ? init_layer(fs, OVL_UPPER, config->upper_fd) : 0;
	for (unsigned i = 1; r == 0 && i < n; i++)
		r = init_layer(fs, i, config->lower_fds[i - 1]);
	fs->is_one_file_system = fs->n_devices == 1;
	if (r == 0 && config->uuid == OVL_UUID_OFF)
		forget_uuids(fs);
	return r;
}

/* The upper and the workdir may lie in a lower layer; what users would see of them there would
 * change under their feet, or be what they already have elsewhere. */
static int init_traps(struct ovl_fs *fs, const struct ovl_config *config)
{
	const int fds[OVL_N_TRAPS] = {config->upper_fd, config->work_fd};
	struct stat st;

	for (size_t i = 0; fs->has_upper && i < OVL_N_TRAPS; i++) {
		int r = sys_stat(sys_at_fd(fds[i]), &st);
		if (r < 0)
			return r;
		fs->traps[i] = (struct ovl_trap){st.st_dev, st.st_ino};
	}
	return 0;
}

/* The root: its inode number is that of the topmost layer's root, as in the kernel. */
static int init_root(struct ovl_fs *fs)
{
	struct ovl_inode *inode = ovl_inode_new(fs, DT_DIR, NULL, NULL);
	if (!inode)
		return -ENOMEM;
	struct ovl_dir *root = ovl_dir_of(inode);
	root->lowers = calloc(fs->n_layers, sizeof(struct ovl_realdir *));
	if (!root->lowers) {
		ovl_inode_unref(fs, inode);
		return -ENOMEM;
	}
	if (fs->has_upper)
		root->upper = ovl_realdir_ref(&fs->dirs, fs->layers[OVL_UPPER].root);
	for (unsigned i = 1; i < fs->n_layers; i++)
		root->lowers[root->n_lowers++] = ovl_realdir_ref(&fs->dirs, fs->layers[i].root);
	root->top_lower = root->lowers[0];
	root->merged = root->n_lowers + fs->has_upper > 1;

	struct ovl_real self = {ovl_dir_top(root), "", -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	struct stat st;
	int r = ovl_real_hold(&fs->dirs, &self, &hold);
	if (r == 0)
		r = ovl_stored_stat(fs, hold.at, &st);
	if (r < 0) {
		ovl_inode_unref(fs, inode);
		return r;
	}
	struct ovl_key key = {.fsid = ovl_fsid(fs, st.st_dev), .ino = st.st_ino};
	inode->ino = ovl_map_ino(fs, key.fsid, key.ino);
	root->setgid = (st.st_mode & S_ISGID) != 0;
	inode = ovl_inode_add(fs, inode, &key);
	fs->root = inode ? ovl_dir_of(inode) : NULL;
	return inode ? 0 : -ENOMEM;
}

void ovl_fs_trim(struct ovl_fs *fs)
{
	ovl_inode_table_trim(fs);
	malloc_trim(0);
}

/* -- new and free ------------------------------------------------------------------------------ */

static int init_locks(struct ovl_fs *fs)
{
	int r = pthread_mutex_init(&fs->rename_lock, NULL);
	if (r == 0)
		r = pthread_mutex_init(&fs->link_index_lock, NULL);
	if (r == 0)
		r = pthread_mutex_init(&fs->devices_lock, NULL);
	for (unsigned i = 0; r == 0 && i < OVL_N_STRIPES; i++) {
		r = pthread_mutex_init(&fs->stripes[i].lock, NULL);
		if (r == 0)
			r = pthread_cond_init(&fs->stripes[i].copied, NULL);
	}
	return -r;
}

/* Of all descriptors that the process may have, how many each cache keeps. */
static unsigned cache_share(void)
{
	long max = sysconf(_SC_OPEN_MAX);
	return max > 0 && max < 262144 ? (unsigned)max / 4 : 65536;
}

static int init(struct ovl_fs *fs, const struct ovl_config *config, const char **ret_what)
{
	*ret_what = "out of memory or descriptors";
	int r = init_locks(fs);
	if (r == 0)
		r = ovl_ids_init(&fs->ids, config);
	if (r == 0)
		r = ovl_inode_table_init(&fs->inodes);
	fs->inodes.keeps_forgotten = config->nfs_export == OVL_SWITCH_ON;
	if (r == 0)
		r = ovl_realdir_cache_init(&fs->dirs, cache_share());
	if (r == 0)
		r = ovl_file_cache_init(&fs->files, cache_share());
	if (r == 0) {
		*ret_what = "a layer cannot be read";
		r = init_layers(fs, config);
	}
	if (r == 0)
		r = init_traps(fs, config);
	if (r == 0 && fs->has_upper) {
		r = ovl_work_prepare(fs, config->work_fd, ret_what);
		if (r == 0) {
			*ret_what = "trying what upperdir's file system can hold";
			r = ovl_work_probe(fs, config->no_ovl_whiteout);
		}
		if (r == 0 && ovl_override_is_on(fs)) {
			*ret_what = "xattr_permissions: upperdir's file system, or this user, "
				    "cannot set that xattr";
			r = ovl_override_probe(fs, fs->work_fd);
		}
	}
	choose_redirects(fs, config->redirect_dir);
	choose_metacopies(fs, config->metacopy);
	if (r == 0 && fs->n_data_layers > 0 && !may_follow_marks(fs)) {
		*ret_what = "data-only lower layers: marks in user.* xattrs (userxattr) are not "
			    "followed for root";
		r = -EOPNOTSUPP;
	}
	if (r == 0) {
		*ret_what = "the root of the topmost layer cannot be read";
		r = init_root(fs);
	}
	if (r == 0 && fs->has_upper && wants_link_index(config))
		r = ovl_link_index_prepare(fs, config->work_fd, ret_what);
	if (r == 0 && fs->has_upper)
		ovl_instance_uuid_keep(fs, config->uuid);
	return r;
}

void ovl_fs_read_ahead(struct ovl_fs *fs)
{
	fs->readahead = ovl_readahead_start();
}

/* For sys_set_give_back(). */
static bool give_back_descriptors(void *data)
{
	struct ovl_fs *fs = data;
	bool dirs = ovl_realdir_cache_shrink(&fs->dirs);
	return ovl_file_cache_shrink(&fs->files) || dirs;
}

int ovl_fs_new(const struct ovl_config *config, struct ovl_fs **ret_fs, const char **ret_what)
{
	*ret_what = "out of memory or descriptors";
	struct ovl_fs *fs = calloc(1, sizeof(*fs));
	if (!fs)
		return -ENOMEM;
	fs->work_fd = fs->link_index_fd = -1;
	fs->has_upper = config->upper_fd >= 0;
	fs->sync = config->sync;
	fs->no_acl = config->no_acl;
	fs->static_nlink = config->static_nlink;
	fs->xattr_permissions = config->xattr_permissions;
	fs->verity = config->verity;
	fs->prefix = choose_prefix(config);
	fs->euid = geteuid();
	fs->egid = getegid();
	int r = init(fs, config, ret_what);
	if (r < 0) {
		fs->sync = OVL_SYNC_NONE; /* nothing was written */
		ovl_fs_free(fs);
		return r;
	}
	sys_set_give_back(give_back_descriptors, fs);
	*ret_fs = fs;
	return 0;
}

void ovl_fs_sync(struct ovl_fs *fs)
{
	if (!fs->has_upper || fs->work_fd < 0 || !atomic_load(&fs->was_changed) ||
		(fs->sync != OVL_SYNC_AUTO && fs->sync != OVL_SYNC_STRICT))
		return;
	_cleanup_close_ int fd = sys_open(sys_at_fd(fs->work_fd), 0);
	if (fd >= 0 && sys_syncfs(fd) < 0)
		log_line("writing the upper's file system to disk failed: data may be lost");
}

void ovl_fs_free(struct ovl_fs *fs)
{
	if (!fs)
		return;
	ovl_fs_sync(fs);
	ovl_readahead_stop(fs->readahead);
	sys_set_give_back(NULL, NULL);
	ovl_inode_table_clear(fs);
	for (unsigned i = 0; fs->layers && i < fs->n_layers + fs->n_data_layers; i++)
		ovl_realdir_unref(&fs->dirs, fs->layers[i].root);
	ovl_realdir_cache_clear(&fs->dirs);
	ovl_file_cache_clear(&fs->files);
	ovl_whiteout_forget_shared(fs);
	if (fs->work_fd >= 0)
		close(fs->work_fd);
	if (fs->link_index_fd >= 0)
		close(fs->link_index_fd);
	free(fs->layers);
	free(fs->uuids);
	free(fs->cannot_share);
	ovl_ids_clear(&fs->ids);
	free(fs);
}
