/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fault injection: in a build with -Dfaults=true every wrapper of src/sys asks here first, so that
 * a unit test can make the n-th call fail with any errno and watch what the overlay does. In every
 * other build this is nothing at all.
 */
#ifndef SYS_FAULT_H
#define SYS_FAULT_H

#ifdef OVL_FAULTS

/* The n-th wrapper call from now on (1 = the next) fails with error (an errno, positive); n = 0
 * turns injection off. Counts calls of this thread only. */
void sys_fault_arm(unsigned n, int error);

/* The n-th call after the armed one fails as well: the step that was to undo what had been done. */
void sys_fault_arm_another(unsigned n);

/* Was the armed fault delivered since sys_fault_arm()? Returns the name of the (last) wrapper
 * or NULL. */
const char *sys_fault_hit(void);

/* How many faults have been delivered since sys_fault_arm(). */
unsigned sys_fault_count(void);

/* Called by the wrappers. Returns 0, or the errno with which the call is to fail. */
int sys_fault_next(const char *wrapper);

#define SYS_FAULT()                                                                                \
	do {                                                                                       \
		int fault_ = sys_fault_next(__func__);                                             \
		if (fault_)                                                                        \
			return -fault_;                                                            \
	} while (0)

#else
#define SYS_FAULT() ((void)0)
#endif

#endif
