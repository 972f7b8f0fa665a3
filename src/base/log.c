/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One write(2) per line: lines of several threads, or of several daemons on one pipe, never mix. */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_SIZE 4096

static const char *log_name = "fuse-overlay";
static bool log_debug_on;

void log_set_name(const char *name)
{
	log_name = name;
}

void log_set_debug(bool on)
{
	log_debug_on = on;
}

/* A line stays one, whatever names of a layer are in it. */
static void make_printable(char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			text[i] = '?';
}

__attribute__((format(printf, 1, 0))) static void write_line(const char *format, va_list args)
{
	char line[LINE_SIZE];
	int saved = errno;
	int used = snprintf(line, sizeof(line), "%s: ", log_name);
	if (used < 0 || (size_t)used >= sizeof(line) - 1)
		used = 0;
	int more = vsnprintf(line + used, sizeof(line) - (size_t)used, format, args);
	size_t length = (size_t)used + (more < 0 ? 0 : (size_t)more);
	if (length > sizeof(line) - 2)
		length = sizeof(line) - 2;
	make_printable(line, length);
	line[length] = '\n';
	/* Nobody can be told that telling failed. */
	if (write(STDERR_FILENO, line, length + 1) < 0)
		errno = saved;
	errno = saved;
}

void log_line(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	write_line(format, args);
	va_end(args);
}

void log_debug(const char *format, ...)
{
	if (!log_debug_on)
		return;
	va_list args;
	va_start(args, format);
	write_line(format, args);
	va_end(args);
}
