/* SPDX-License-Identifier: MIT */
#ifndef CORE_VM_KEPT_H
#define CORE_VM_KEPT_H

#include <stdbool.h>
#include <sys/types.h>

struct error;

/*
 * The small text files that a state directory keeps between runs: one line
 * each, and blanks at its ends do not count. A start writes them as steps of
 * its plan (QEMU itself writes KEPT_PID); this is how they are read.
 */
#define KEPT_UUID "uuid"
#define KEPT_MAC "mac-addr"
#define KEPT_IMAGE "image"		/* absolute path of the image that made it */
#define KEPT_PID "qemu.pid"

/* The text of such a file. false: err says what is wrong with it. */
bool kept_parse_uuid(const char *text, char uuid[37], struct error *err);
bool kept_parse_mac(const char *text, char mac[18], struct error *err);

/* Of the state directory at this path, opened as own_dir.h says. false: not there, or no good. */
bool kept_uuid(const char *state, char uuid[37]);
bool kept_mac(const char *state, char mac[18]);
/* The caller's; NULL: not known. */
char *kept_image(const char *state);
/* Of the QEMU that ran there last; it may have ended, and its number may belong to another process. 0: none. */
pid_t kept_pid(const char *state);

/* Files that tell a state directory from another one: any of them is enough. NULL at the end. */
extern const char *const kept_marks[];
bool kept_is_state_directory(const char *path);

#endif
