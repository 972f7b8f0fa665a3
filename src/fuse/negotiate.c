/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * INIT: which of the kernel's offers we take, and why.
 *
 * libfuse before 3.17 never sends PARALLEL_DIROPS (the kernel then serialises lookups in a
 * directory) nor HANDLE_KILLPRIV_V2 (the kernel then asks for security.capability before every
 * write). With such a libfuse the INIT reply is completed on its way out, in the writev hook below;
 * with a newer one the hook only passes things on.
 */
#include <errno.h>
#include <linux/fuse.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "passthrough.h"
#include "ring_entry.h"
#include "session.h"
#include "sys/data.h"
#include "uring.h"

#define MAX_WRITE      (1024 * 1024)
#define MAX_BACKGROUND 64

static const unsigned wanted[] = {
	FUSE_CAP_ASYNC_READ, /* several reads of a file at once */
	FUSE_CAP_ASYNC_DIO,
	FUSE_CAP_IOCTL_DIR, /* lsattr of directories */
	FUSE_CAP_DONT_MASK, /* the umask comes to us, who know of default ACLs */
	FUSE_CAP_PARALLEL_DIROPS,
	FUSE_CAP_READDIRPLUS,
	FUSE_CAP_CACHE_SYMLINKS, /* a symbolic link never changes */
	FUSE_CAP_EXPLICIT_INVAL_DATA,
	FUSE_CAP_NO_OPEN_SUPPORT,
	FUSE_CAP_NO_OPENDIR_SUPPORT,
};

static const unsigned unwanted[] = {
	FUSE_CAP_ATOMIC_O_TRUNC,  /* without opens the truncation would be lost */
	FUSE_CAP_AUTO_INVAL_DATA, /* nobody but us changes the layers */
	FUSE_CAP_SPLICE_READ,     /* pipes cost more than they save at these sizes */
	FUSE_CAP_SPLICE_WRITE,
	FUSE_CAP_SPLICE_MOVE,
	FUSE_CAP_READDIRPLUS_AUTO, /* the kernel's guess: habits.c knows better */
	FUSE_CAP_WRITEBACK_CACHE,  /* errors would come late: only where it is asked for */
	FUSE_CAP_POSIX_LOCKS,      /* locks stay in the kernel */
	FUSE_CAP_FLOCK_LOCKS,
};

/* Requests over io_uring, if the kernel and this process can. Memory for the largest one. */
static void prepare_rings(struct ovl_session *session)
{
	const char *why = "the kernel does not offer it: "
			  "echo 1 >/sys/module/fuse/parameters/enable_uring";
	struct ovl_uring *uring = NULL;
	int r = -EOPNOTSUPP;

	if (session->offered & FUSE_OVER_IO_URING)
		r = ovl_uring_new(session, session->options.threads, MAX_WRITE, &uring, &why);
	if (r == 0)
		session->uring = uring;
	else if (session->options.io_uring == OVL_IO_URING_ON)
		log_line("io_uring=on: %s%s%s: /dev/fuse is read instead", why,
			r == -EOPNOTSUPP ? "" : ": ", r == -EOPNOTSUPP ? "" : strerror(-r));
}

/* Before INIT is answered: no request comes beside, and without passthrough all is as if nobody had
 * asked for it. */
static void prepare_passthrough(struct ovl_session *session)
{
	const char *why = "passthrough=on: out of memory";

	if (!(session->offered & FUSE_PASSTHROUGH))
		why = "passthrough=on: the kernel does not offer it (Linux 6.9, "
		      "CONFIG_FUSE_PASSTHROUGH): leave it out";
	else if (!ovl_passthrough_is_allowed())
		why = "passthrough=on: only root outside of user namespaces may have it: leave it "
		      "out";
	else
		session->passthrough = ovl_passthrough_new(session->fd);
	if (!session->passthrough && session->options.passthrough == OVL_PASSTHROUGH_ON)
		atomic_store(&session->refusal, why);
}

void ovl_negotiate(struct ovl_session *session, struct fuse_conn_info *conn)
{
	for (size_t i = 0; i < sizeof(unwanted) / sizeof(*unwanted); i++)
		conn->want &= ~unwanted[i];
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		conn->want |= wanted[i] & conn->capable;
	if (!session->options.no_acl)
		conn->want |= FUSE_CAP_POSIX_ACL & conn->capable;
	if (session->options.nfs_export)
		conn->want |= FUSE_CAP_EXPORT_SUPPORT & conn->capable;
	if (session->options.writeback)
		conn->want |= FUSE_CAP_WRITEBACK_CACHE & conn->capable;
#if FUSE_VERSION >= FUSE_MAKE_VERSION(3, 17)
	fuse_set_feature_flag(conn, FUSE_CAP_HANDLE_KILLPRIV_V2);
#endif
	conn->max_write = MAX_WRITE;
	conn->max_background = MAX_BACKGROUND;
	conn->congestion_threshold = MAX_BACKGROUND * 3 / 4;
	conn->time_gran = 1;
	if (session->options.passthrough != OVL_PASSTHROUGH_OFF && !session->options.writeback)
		prepare_passthrough(session);
	if (session->options.io_uring != OVL_IO_URING_OFF)
		prepare_rings(session);
	session->is_initialised = true;
}

#ifndef FUSE_INIT_EXT
#define FUSE_INIT_EXT (1 << 30)
#endif
#ifndef FUSE_HANDLE_KILLPRIV_V2
#define FUSE_HANDLE_KILLPRIV_V2 (1 << 28)
#endif

#if FUSE_VERSION < FUSE_MAKE_VERSION(3, 17)
#define ADDED_FLAGS (FUSE_PARALLEL_DIROPS | FUSE_HANDLE_KILLPRIV_V2)
#else
#define ADDED_FLAGS 0
#endif

static void note_request(struct ovl_session *session, const void *message, ssize_t size)
{
	const struct fuse_in_header *header = message;
	const struct fuse_init_in *init = (const struct fuse_init_in *)(header + 1);
	if (size < (ssize_t)(sizeof(*header) + offsetof(struct fuse_init_in, flags2)) ||
		header->opcode != FUSE_INIT)
		return;
	session->init_unique = header->unique;
	session->offered = init->flags;
	if (init->flags & FUSE_INIT_EXT && size >= (ssize_t)(sizeof(*header) + sizeof(*init)))
		session->offered |= (uint64_t)init->flags2 << 32;
}

static void set_stack_depth(struct fuse_init_out *reply, uint32_t depth)
{
	memcpy((char *)reply + OVL_INIT_MAX_STACK_DEPTH, &depth, sizeof(depth));
}

/* The reply to INIT gets the flags that libfuse cannot set. Returns whether that message is it. */
static bool complete_init_reply(struct ovl_session *session, struct iovec *iov, int count)
{
	const struct fuse_out_header *header = iov[0].iov_base;
	if (!session->init_unique || count < 2 || header->unique != session->init_unique ||
		header->error != 0 || iov[1].iov_len < 24)
		return false;
	struct fuse_init_out *reply = iov[1].iov_base;
	uint64_t added = ADDED_FLAGS & session->offered;
	if (session->uring)
		added |= FUSE_INIT_EXT | FUSE_OVER_IO_URING;
	if (session->passthrough)
		added |= FUSE_INIT_EXT | FUSE_PASSTHROUGH;
	reply->flags |= (uint32_t)added;
	if (reply->flags & FUSE_INIT_EXT && iov[1].iov_len >= sizeof(*reply)) {
		reply->flags2 |= (uint32_t)(added >> 32);
		if (session->passthrough)
			set_stack_depth(reply, OVL_MAX_STACK_DEPTH);
	}
	session->init_unique = 0;
	return true;
}

static ssize_t read_message(int fd, void *buffer, size_t size, void *userdata)
{
	struct ovl_session *session = userdata;
	ssize_t r = read(fd, buffer, size);
	if (!session->is_initialised)
		note_request(session, buffer, r);
	return r;
}

/* The kernel has our reply to INIT, or does not want it. */
static void begin_rings(struct ovl_session *session, ssize_t written)
{
	struct ovl_uring *uring = session->uring;
	if (uring && written >= 0)
		ovl_uring_begin(uring);
	else
		ovl_uring_stop(uring);
}

static ssize_t write_message(int fd, struct iovec *iov, int count, void *userdata)
{
	struct ovl_session *session = userdata;
	ssize_t r;

	ovl_passthrough_complete_answer(iov, count);
	if (ovl_uring_take_answer(iov, count, &r))
		return sys_as_libc(r);
	bool is_init_reply = complete_init_reply(session, iov, count);
	r = writev(fd, iov, count);
	if (is_init_reply)
		begin_rings(session, r);
	return r;
}

const struct fuse_custom_io ovl_custom_io = {
	.writev = write_message,
	.read = read_message,
};
