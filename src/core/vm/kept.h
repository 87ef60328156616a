/* SPDX-License-Identifier: MIT */
#ifndef CORE_VM_KEPT_H
#define CORE_VM_KEPT_H

#include <stdbool.h>
#include <sys/types.h>

struct error;

/*
 * The small text files that a state directory keeps between runs: one line
 * each; white space at either end is ignored. They are written by steps of a
 * start's plan (KEPT_PID by QEMU itself) and read here.
 */
#define KEPT_UUID "uuid"
#define KEPT_MAC "mac-addr"
#define KEPT_IMAGE "image"		/* absolute path of the image that the directory was created for */
#define KEPT_PID "qemu.pid"

/* Parse the content of such a file. Return false, with the reason in err, if it is invalid. */
bool kept_parse_uuid(const char *text, char uuid[37], struct error *err);
bool kept_parse_mac(const char *text, char mac[18], struct error *err);

/* Read from the state directory at this path, as own_dir.h describes. Return false if the file is missing or invalid. */
bool kept_uuid(const char *state, char uuid[37]);
bool kept_mac(const char *state, char mac[18]);
/* Returns NULL if the image is not known; the caller frees it. */
char *kept_image(const char *state);
/* Returns the PID of the last QEMU that ran there, or 0. QEMU may have exited since, and another process may have that PID. */
pid_t kept_pid(const char *state);

/* Names of files that mark a directory as a state directory; one is enough. NULL-terminated. */
extern const char *const kept_marks[];
bool kept_is_state_directory(const char *path);

#endif
