// SPDX-License-Identifier: GPL-2.0-or-later
#include "seccomp.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_STEPS 64

struct job {
	const struct denial *denials;
	unsigned n;
	int (*check)(void);
	int result;
};

/* The lower half of an argument; this is for little-endian machines. */
#define ARGUMENT(i) (unsigned)(offsetof(struct seccomp_data, args) + 8 * (i))

static int deny(const struct denial *denials, unsigned n)
{
	struct sock_filter steps[MAX_STEPS];
	unsigned short used = 0;

	for (unsigned i = 0; i < n; i++) {
		const struct denial *d = &denials[i];
		uint32_t answer = SECCOMP_RET_ERRNO | (uint32_t)d->error;
		steps[used++] = (struct sock_filter)BPF_STMT(
			BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
		steps[used++] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)d->call, 0, d->argument < 0 ? 1 : 4);
		if (d->argument >= 0) {
			steps[used++] = (struct sock_filter)BPF_STMT(
				BPF_LD | BPF_W | BPF_ABS, ARGUMENT(d->argument));
			steps[used++] =
				(struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, d->mask);
			steps[used++] = (struct sock_filter)BPF_JUMP(
				BPF_JMP | BPF_JEQ | BPF_K, d->value, 0, 1);
		}
		steps[used++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, answer);
	}
	steps[used++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = {used, steps};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static void *run(void *data)
{
	struct job *job = data;
	job->result = deny(job->denials, job->n) < 0 ? -1 : job->check();
	return NULL;
}

static int run_in_process(struct job *job)
{
	int ends[2], result = -2;
	if (pipe(ends) < 0)
		return -2;
	pid_t child = fork();
	if (child == 0) {
		run(job);
		_exit(write(ends[1], &job->result, sizeof(int)) != sizeof(int));
	}
	close(ends[1]);
	if (read(ends[0], &result, sizeof(result)) != sizeof(result))
		result = -2;
	close(ends[0]);
	waitpid(child, NULL, 0);
	return result;
}

int run_denied(const struct denial *denials, unsigned n, int (*check)(void), int in_process)
{
	struct job job = {denials, n, check, -2};
	pthread_t thread;

	if (in_process)
		return run_in_process(&job);
	if (pthread_create(&thread, NULL, run, &job) != 0)
		return -2;
	pthread_join(thread, NULL);
	return job.result;
}
