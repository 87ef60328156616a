/* SPDX-License-Identifier: MIT */
#include "core/base/pidfd.h"

#include "core/base/error.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Old headers lack them; the numbers are the same on all architectures. */
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif

int pidfd_open_process(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

bool pidfd_signal(int pidfd, int signo, struct error *err)
{
	if (syscall(SYS_pidfd_send_signal, pidfd, signo, NULL, 0) == 0)
		return true;
	if (errno == ENOSYS)
		return error_set(err, "this kernel cannot signal a process by a pidfd; Linux 5.3 or newer is needed");
	return error_errno(err, "cannot send signal %d (%s)", signo, strsignal(signo));
}
