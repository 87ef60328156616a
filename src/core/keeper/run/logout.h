/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_LOGOUT_H
#define CORE_KEEPER_RUN_LOGOUT_H

#include <stdbool.h>

/*
 * Finds out whether systemd-logind would end a VM at logout.
 * KillUserProcesses=yes ends everything in the scope of the session, which
 * setsid does not leave. Only reads files: uses no bus and no daemon.
 */

/* Returns KillUserProcesses of this file, or `so_far` if it is not set; a commented-out line is read as the compiled-in
 * default. Pure. */
bool logind_kills(const char *text, bool so_far);
/* Returns true if this content of /proc/self/cgroup is that of a process in a login session. Pure. */
bool cgroup_is_session(const char *text);

/*
 * Returns a warning for the user, or NULL. It is given only once: a file next
 * to the registry records that. root: prefix of all system paths, "" except in
 * tests. The caller frees the warning.
 */
char *logout_warning(const char *root);

#endif
