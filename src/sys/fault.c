/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The counter behind SYS_FAULT(): one armed fault per thread. Empty in a normal build. */
#include "sys/fault.h"

#ifdef OVL_FAULTS
#include <stddef.h>

static __thread unsigned calls_left;
static __thread int armed_error;
static __thread const char *hit;

void sys_fault_arm(unsigned n, int error)
{
	calls_left = n;
	armed_error = error;
	hit = NULL;
}

const char *sys_fault_hit(void)
{
	return hit;
}

int sys_fault_next(const char *wrapper)
{
	if (calls_left == 0 || --calls_left > 0)
		return 0;
	hit = wrapper;
	return armed_error;
}
#else
typedef int sys_fault_not_built;
#endif
