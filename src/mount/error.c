// SPDX-License-Identifier: GPL-2.0-or-later
/* A message is one line, whatever the paths in it contain. */
#include "mount/error.h"

#include <errno.h>
#include <stdarg.h>

bool mount_error_set(GError **error, const char *format, ...)
{
	int saved = errno;
	va_list args;
	va_start(args, format);
	g_autofree char *message = g_strdup_vprintf(format, args);
	va_end(args);
	for (char *c = message; *c; c++) {
		if (g_ascii_iscntrl(*c))
			*c = '?';
	}
	g_set_error_literal(error, OVL_MOUNT_ERROR, 0, message);
	errno = saved;
	return false;
}
