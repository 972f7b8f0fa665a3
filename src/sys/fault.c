/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The counter behind SYS_FAULT(): one armed fault per thread. Empty in a normal build. */
#include "sys/fault.h"

#ifdef OVL_FAULTS
#include <stddef.h>

static __thread unsigned calls_left, calls_to_another, n_hits;
static __thread int armed_error;
static __thread const char *hit;

void sys_fault_arm(unsigned n, int error)
{
	calls_left = n;
	calls_to_another = 0;
	armed_error = error;
	hit = NULL;
	n_hits = 0;
}

void sys_fault_arm_another(unsigned n)
{
	calls_to_another = n;
}

const char *sys_fault_hit(void)
{
	return hit;
}

unsigned sys_fault_count(void)
{
	return n_hits;
}

int sys_fault_next(const char *wrapper)
{
	if (calls_left == 0 || --calls_left > 0)
		return 0;
	hit = wrapper;
	n_hits++;
	calls_left = calls_to_another;
	calls_to_another = 0;
	return armed_error;
}
#else
typedef int sys_fault_not_built;
#endif
