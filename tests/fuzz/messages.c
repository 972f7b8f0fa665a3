// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What comes from /dev/fuse: messages that are well formed, as the kernel's are, with any
 * operation, node, name, number and order. Each is answered once (but FORGET), and no answer is a
 * positive error.
 */
#include "fuzz.h"

#include <errno.h>
#include <linux/fuse.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "session.h"
#include "world.h"

const char *const fuzz_seeds[] = {"\x01\x01\x01\x02\x02\x03\x11\x12\x01\x02\x03\x04\x05\x06\x07\x08"
				  "\x09\x0a\x0b\x0c\x0d\x0e\x0f",
	"abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", NULL};
const char *const fuzz_words[] = {
	"\x01\x01", "\xff\xff\xff\xff\xff\xff\xff\xff", "\x01\x02\x03", NULL};

/* What is written, and xattrs' values. */
static const uint8_t payload[1024] = {2, 0, 0, 0, 1, 0, 7, 0};

static const char *const names[] = {"a", "b", "dir", "f", "..", ".", ".wh.x", "user.x",
	"user.overlay.opaque", "system.posix_acl_access", "security.capability", "a/b", ""};

/* An operation: the size of its struct, how many names follow. */
static const struct operation {
	uint32_t opcode;
	uint32_t size;
	unsigned n_names;
} operations[] = {
	{FUSE_LOOKUP, 0, 1},
	{FUSE_LOOKUP, 0, 1},
	{FUSE_LOOKUP, 0, 1},
	{FUSE_FORGET, sizeof(struct fuse_forget_in), 0},
	{FUSE_GETATTR, sizeof(struct fuse_getattr_in), 0},
	{FUSE_SETATTR, sizeof(struct fuse_setattr_in), 0},
	{FUSE_READLINK, 0, 0},
	{FUSE_SYMLINK, 0, 2},
	{FUSE_MKNOD, sizeof(struct fuse_mknod_in), 1},
	{FUSE_MKDIR, sizeof(struct fuse_mkdir_in), 1},
	{FUSE_UNLINK, 0, 1},
	{FUSE_RMDIR, 0, 1},
	{FUSE_RENAME2, sizeof(struct fuse_rename2_in), 2},
	{FUSE_LINK, sizeof(struct fuse_link_in), 1},
	{FUSE_OPEN, sizeof(struct fuse_open_in), 0},
	{FUSE_READ, sizeof(struct fuse_read_in), 0},
	{FUSE_WRITE, sizeof(struct fuse_write_in), 0},
	{FUSE_STATFS, 0, 0},
	{FUSE_FSYNC, sizeof(struct fuse_fsync_in), 0},
	{FUSE_SETXATTR, FUSE_COMPAT_SETXATTR_IN_SIZE, 1},
	{FUSE_GETXATTR, sizeof(struct fuse_getxattr_in), 1},
	{FUSE_LISTXATTR, sizeof(struct fuse_getxattr_in), 0},
	{FUSE_REMOVEXATTR, 0, 1},
	{FUSE_READDIR, sizeof(struct fuse_read_in), 0},
	{FUSE_READDIRPLUS, sizeof(struct fuse_read_in), 0},
	{FUSE_ACCESS, sizeof(struct fuse_access_in), 0},
	{FUSE_FALLOCATE, sizeof(struct fuse_fallocate_in), 0},
	{FUSE_LSEEK, sizeof(struct fuse_lseek_in), 0},
	{FUSE_FLUSH, sizeof(struct fuse_flush_in), 0},
	{FUSE_COPY_FILE_RANGE, sizeof(struct fuse_copy_file_range_in), 0},
	{FUSE_BATCH_FORGET, sizeof(struct fuse_batch_forget_in), 0},

	{FUSE_SYNCFS, 8, 0},
	{FUSE_TMPFILE, sizeof(struct fuse_create_in), 1},
	{FUSE_IOCTL, sizeof(struct fuse_ioctl_in), 0},
	{9999, 0, 0},
};

struct kernel {
	struct ovl_session *session;
	int fd; /* where answers come */
	uint64_t nodes[16];
	unsigned n_nodes;
};

struct message {
	union {
		struct fuse_in_header header;
		uint8_t bytes[4096];
	};
};

static void *body_of(struct message *m)
{
	return m->bytes + sizeof(m->header);
}

static void append(struct message *m, const void *data, size_t size)
{
	memcpy(m->bytes + m->header.len, data, size);
	m->header.len += (uint32_t)size;
}

/* What the kernel bounds is bounded here. */
static void bound(struct kernel *k, struct message *m, struct feed *feed)
{
	uint64_t any = k->nodes[feed_byte(feed) % k->n_nodes];
	switch (m->header.opcode) {
	case FUSE_SETATTR: {
		struct fuse_setattr_in *in = body_of(m);
		in->valid &= FATTR_MODE | FATTR_UID | FATTR_GID | FATTR_SIZE | FATTR_ATIME |
			     FATTR_MTIME | FATTR_ATIME_NOW | FATTR_MTIME_NOW;
		in->size &= 0xfffff;
		break;
	}
	case FUSE_MKNOD: { /* do_mknodat() */
		static const uint32_t types[] = {S_IFREG, S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK};
		struct fuse_mknod_in *in = body_of(m);
		in->mode = types[in->mode % N_ELEMENTS(types)] | (in->mode & 07777);
		break;
	}
	case FUSE_MKDIR:
		((struct fuse_mkdir_in *)body_of(m))->mode &= 07777;
		break;
	case FUSE_READ:
	case FUSE_READDIR:
	case FUSE_READDIRPLUS:
		((struct fuse_read_in *)body_of(m))->size &= 0xffff;
		break;
	case FUSE_WRITE: {
		struct fuse_write_in *in = body_of(m);
		in->size &= 0x3ff;
		in->offset &= 0xfffff;
		append(m, payload, in->size);
		break;
	}
	case FUSE_SETXATTR: {
		struct fuse_setxattr_in *in = body_of(m);
		in->size &= 0xff;
		append(m, payload, in->size);
		break;
	}
	case FUSE_GETXATTR:
	case FUSE_LISTXATTR:
		((struct fuse_getxattr_in *)body_of(m))->size &= 0xffff;
		break;
	case FUSE_FALLOCATE: {
		struct fuse_fallocate_in *in = body_of(m);
		in->offset &= 0xfffff;
		in->length &= 0xfffff;
		break;
	}
	case FUSE_COPY_FILE_RANGE: {
		struct fuse_copy_file_range_in *in = body_of(m);
		in->nodeid_out = any;
		in->len &= 0xfffff;
		in->off_in &= 0xfffff;
		in->off_out &= 0xfffff;
		break;
	}
	case FUSE_LINK:
		((struct fuse_link_in *)body_of(m))->oldnodeid = any;
		break;
	case FUSE_RENAME2:
		((struct fuse_rename2_in *)body_of(m))->newdir = any;
		((struct fuse_rename2_in *)body_of(m))->flags &= 7;
		break;
	case FUSE_FORGET: /* never more than there were lookups */
		((struct fuse_forget_in *)body_of(m))->nlookup = 0;
		break;
	case FUSE_BATCH_FORGET:
		((struct fuse_batch_forget_in *)body_of(m))->count = 0;
		break;
	case FUSE_IOCTL:
		((struct fuse_ioctl_in *)body_of(m))->in_size = 0;
		((struct fuse_ioctl_in *)body_of(m))->out_size &= 0xff;
		break;
	default:
		break;
	}
}

/* Hands a message to the daemon and takes the answer; a node in it becomes known. */
static void exchange(struct kernel *k, struct message *m)
{
	static uint8_t answer[1 << 18];
	struct fuse_buf buffer = {.size = m->header.len, .mem = m->bytes};
	struct fuse_out_header out;
	ssize_t size;

	ovl_set_request(m->bytes);
	fuse_session_process_buf(k->session->fuse, &buffer);
	ovl_set_request(NULL);
	do { /* notifications come before the answer: fuse_lowlevel_notify_...() */
		size = recv(k->fd, answer, sizeof(answer), MSG_DONTWAIT);
		if (size < 0)
			return;
		fuzz_check(size >= (ssize_t)sizeof(out));
		memcpy(&out, answer, sizeof(out));
		fuzz_check(out.len == size);
	} while (out.unique == 0 && out.error > 0 && out.error < FUSE_NOTIFY_CODE_MAX);
	fuzz_check(out.error <= 0 && out.unique == m->header.unique);
	fuzz_check(recv(k->fd, answer, sizeof(answer), MSG_DONTWAIT) < 0);
	bool gives_node = m->header.opcode == FUSE_LOOKUP || m->header.opcode == FUSE_MKDIR ||
			  m->header.opcode == FUSE_MKNOD || m->header.opcode == FUSE_LINK;
	if (gives_node && out.error == 0 && k->n_nodes < N_ELEMENTS(k->nodes))
		memcpy(&k->nodes[k->n_nodes++], answer + sizeof(out), sizeof(uint64_t));
}

static void send_one(struct kernel *k, struct feed *feed, uint64_t unique)
{
	const struct operation *op = &operations[feed_byte(feed) % N_ELEMENTS(operations)];
	unsigned which = feed_byte(feed);
	struct message m = {
		.header = {
			.len = sizeof(m.header), .opcode = op->opcode, .unique = unique, .pid = 1}};

	m.header.nodeid = which >= 0xf0 ? feed_take(feed, 8) : k->nodes[which % k->n_nodes];
	m.header.uid = feed_byte(feed) & 1 ? 1000 : 0;
	for (uint32_t i = 0; i < op->size; i++)
		m.bytes[m.header.len++] = feed_byte(feed);
	for (unsigned i = 0; i < op->n_names; i++) {
		const char *name = names[feed_byte(feed) % N_ELEMENTS(names)];
		append(&m, name, strlen(name) + 1);
	}
	bound(k, &m, feed);
	exchange(k, &m);
}

static void send_init(struct kernel *k)
{
	struct message m = {
		.header = {.len = sizeof(m.header), .opcode = FUSE_INIT, .unique = 2, .pid = 1}};
	struct fuse_init_in in = {.major = 7,
		.minor = 45,
		.max_readahead = 131072,
		.flags = ~0U & ~(uint32_t)FUSE_SETXATTR_EXT};
	append(&m, &in, sizeof(in));
	exchange(k, &m);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_enter_scratch();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct feed feed = {data, size};
	struct kernel k = {.nodes = {1}, .n_nodes = 1};
	struct ovl_session_options options = {.timeout = 1};
	struct world w;
	int pair[2];

	support_tree("l1/a=text l1/dir/f=low l1/b>a l2/dir/a=x u/dir/b=up u/f!");
	world_open(&w, WORLD_REDIRECT);
	fuzz_check(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) == 0);
	fuzz_check(ovl_session_new(w.fs, pair[0], &options, &k.session) == 0);
	k.fd = pair[1];
	send_init(&k);
	for (uint64_t unique = 4; feed.size > 0 && unique < 100; unique += 2)
		send_one(&k, &feed, unique);
	ovl_session_free(k.session);
	close(pair[0]);
	close(pair[1]);
	ovl_fs_free(w.fs);
	support_empty();
	return 0;
}
