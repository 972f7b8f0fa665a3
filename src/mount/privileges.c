// SPDX-License-Identifier: GPL-2.0-or-later
#include "mount/privileges.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mount/error.h"

static const int needed[] = {
	CAP_CHOWN,           /* owners of what is copied up and made */
	CAP_DAC_OVERRIDE,    /* the kernel has checked who asks; we reach everything */
	CAP_DAC_READ_SEARCH, /* file handles */
	CAP_FOWNER,          /* modes and times of others' files; O_NOATIME */
	CAP_FSETID,          /* set-id bits that users may keep */
	CAP_LINUX_IMMUTABLE, /* chattr(1); whether the caller may, the kernel has checked */
	CAP_MAC_ADMIN,       /* labels are copied up (SMACK, SELinux's unknown ones) */
	CAP_MAC_OVERRIDE,    /* the same as CAP_DAC_OVERRIDE, for SMACK */
	CAP_MKNOD,           /* whiteouts, devices */
	CAP_SETFCAP,         /* capabilities of files are copied up */
	CAP_SYS_NICE,        /* a thread that was SCHED_IDLE for a while goes back */
	CAP_SYS_ADMIN,       /* trusted.* xattrs; umount(2) */
};

static bool is_needed(int capability)
{
	for (size_t i = 0; i < G_N_ELEMENTS(needed); i++)
		if (needed[i] == capability)
			return true;
	return false;
}

/* The kernel may know more of them than our headers do. It refuses those that there are not, and
 * all of them to who lacks CAP_SETPCAP: he has none to lose. */
static void shrink_bounding_set(void)
{
	for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
		if (!is_needed(capability))
			prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

static bool drop_capabilities(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct has[_LINUX_CAPABILITY_U32S_3] = {0};
	struct __user_cap_data_struct keeps[_LINUX_CAPABILITY_U32S_3] = {0};

	if (syscall(SYS_capget, &header, has) < 0)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(needed); i++) {
		size_t word = CAP_TO_INDEX(needed[i]);
		keeps[word].effective |= has[word].effective & CAP_TO_MASK(needed[i]);
		keeps[word].permitted |= has[word].permitted & CAP_TO_MASK(needed[i]);
	}
	return syscall(SYS_capset, &header, keeps) == 0;
}

bool privileges_renounce(bool needs_helper, GError **error)
{
	if (!needs_helper)
		shrink_bounding_set();
	if (!drop_capabilities())
		return mount_error_set(
			error, "capabilities cannot be given up: %s", g_strerror(errno));
	if (!needs_helper && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return mount_error_set(error, "no_new_privs: %s", g_strerror(errno));
	return true;
}
