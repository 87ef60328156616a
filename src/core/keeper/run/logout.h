/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_LOGOUT_H
#define CORE_KEEPER_RUN_LOGOUT_H

#include <stdbool.h>

/*
 * Whether systemd-logind would end a VM at logout: KillUserProcesses=yes
 * takes everything that is in the session's scope, and a session of one's
 * own (setsid) is still in it. Only files are read: no bus, no daemon.
 */

/* What a logind.conf sets; so_far where it says nothing. A comment shows what was built in. Pure. */
bool logind_kills(const char *text, bool so_far);
/* /proc/self/cgroup says that the process is in a login session. Pure. */
bool cgroup_is_session(const char *text);

/*
 * A line for the user, said once: the first time it is true a file is left
 * beside the registry. NULL: nothing to say. root is in front of every path
 * of the system, "" but in tests. The caller's.
 */
char *logout_warning(const char *root);

#endif
