/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "passthrough.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdlib.h>

#include "session.h"
#include "sys/data.h"
#include "sys/object.h"

struct ovl_passthrough *ovl_passthrough_new(int fd)
{
	struct ovl_passthrough *passthrough = calloc(1, sizeof(*passthrough));
	if (!passthrough)
		return NULL;
	passthrough->fd = fd;
	ovl_open_modes_init(&passthrough->modes);
	return passthrough;
}

void ovl_passthrough_free(struct ovl_passthrough *passthrough)
{
	if (!passthrough)
		return;
	ovl_open_modes_clear(&passthrough->modes);
	free(passthrough);
}

/* Returns its number, which is more than 0, or -errno. */
static int backing_open(const struct ovl_passthrough *passthrough, int fd)
{
	struct fuse_backing_map map = {.fd = fd};
	return sys_ioctl(passthrough->fd, FUSE_DEV_IOC_BACKING_OPEN, &map);
}

static void backing_close(const struct ovl_passthrough *passthrough, int backing)
{
	uint32_t id = (uint32_t)backing;
	if (backing > 0)
		(void)sys_ioctl(passthrough->fd, FUSE_DEV_IOC_BACKING_CLOSE, &id);
}

bool ovl_passthrough_is_allowed(void)
{
	return sys_has_capability(CAP_SYS_ADMIN) && sys_in_initial_user_namespace();
}

static bool writes(int flags)
{
	return (flags & O_ACCMODE) != O_RDONLY;
}

/* Returns its number, 0 where the data have to come through us, or -errno. */
static int find_backing(
	const struct ovl_passthrough *passthrough, struct ovl_fs *fs, struct ovl_inode *inode)
{
	struct ovl_backing real;
	int r = ovl_backing_get(fs, inode, &real);
	if (r == 0) {
		r = backing_open(passthrough, real.fd);
		ovl_backing_put(fs, &real);
	}
	/* The first is ours; the other is said of an upper that is stacked itself. Anything else
	 * is no reason: a mapping of the backing file may still be there, which the cache would
	 * know nothing of. */
	return r == -EOPNOTSUPP || r == -ELOOP ? 0 : r;
}

static int decide(struct ovl_session *session, struct ovl_inode *inode, uint64_t nodeid, int flags)
{
	struct ovl_passthrough *passthrough = session->passthrough;
	int backing, counted;

	if (ovl_open_modes_join(&passthrough->modes, nodeid, writes(flags), &counted))
		return counted;
	backing = find_backing(passthrough, session->fs, inode);
	if (backing < 0)
		return backing;
	int r = ovl_open_modes_begin(&passthrough->modes, nodeid, writes(flags), backing, &counted);
	if (r < 0 || counted != backing)
		backing_close(passthrough, backing);
	return r < 0 ? r : counted;
}

int ovl_passthrough_open(
	struct ovl_session *session, struct ovl_inode *inode, uint64_t nodeid, int flags)
{
	int r = ovl_open(session->fs, inode, flags);
	if (r == 0)
		r = decide(session, inode, nodeid, flags);
	/* Only who may write and read can map what he writes to. The kernel shall not go on
	 * believing in the times that it has; each time, for the answer to a SETATTR that began
	 * before could bring them back. */
	if (r > 0 && (flags & O_ACCMODE) == O_RDWR) {
		ovl_open_modes_note_mappable(&session->passthrough->modes, nodeid);
		fuse_lowlevel_notify_inval_inode(session->fuse, nodeid, -1, 0);
	}
	return r;
}

int ovl_passthrough_open_new(
	struct ovl_session *session, struct ovl_inode *inode, uint64_t nodeid, int flags)
{
	int counted, r = ovl_passthrough_open(session, inode, nodeid, flags);
	if (r >= 0)
		return r;
	/* The kernel would go on believing that there is no such name. Nobody has mapped it yet. */
	r = ovl_open_modes_begin(&session->passthrough->modes, nodeid, writes(flags), 0, &counted);
	return r < 0 ? r : counted;
}

void ovl_passthrough_release(struct ovl_passthrough *passthrough, uint64_t nodeid, int flags)
{
	backing_close(
		passthrough, ovl_open_modes_leave(&passthrough->modes, nodeid, writes(flags)));
}

/* libfuse sends an answer from within the call that gives it. */
static __thread int answer;

void ovl_passthrough_set_answer(int backing)
{
	answer = backing;
}

void ovl_passthrough_complete_answer(const struct iovec *iov, int count)
{
	const struct fuse_out_header *header = iov[0].iov_base;
	int backing = answer;

	answer = 0;
	if (backing == 0 || count != 2 || header->error != 0 ||
		iov[1].iov_len < sizeof(struct ovl_open_out))
		return;
	/* In a reply to CREATE it comes last, too. */
	struct ovl_open_out *out =
		(struct ovl_open_out *)((char *)iov[1].iov_base + iov[1].iov_len - sizeof(*out));
	out->open_flags |= FOPEN_PASSTHROUGH;
	out->backing_id = backing;
}
