/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One-line messages for people, on stderr: "fuse-overlay: TEXT\n". Lines are never split: one
 * write(2) each. When the daemon has detached, stderr is /dev/null and so are they.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

/* The name in front of every line; borrowed, must live as long as the program. Call before threads.
 */
void log_set_name(const char *name);

/* A message that is always shown. Adds the newline; cuts at 4095 bytes. errno is kept.
 * Control characters, which names of a layer may have, come out as "?". */
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Shown only with -d. */
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_set_debug(bool on);

#endif
