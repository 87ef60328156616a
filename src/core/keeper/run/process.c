/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

void process_close_from(int first)
{
	if (syscall(SYS_close_range, (unsigned)first, ~0U, 0U) == 0)
		return;
	/* For kernels before Linux 5.9. */
	for (int fd = first; fd < 65536; fd++)
		close(fd);
}

bool process_detach(const char *word)
{
	int null;

	if (fcntl(KEEPER_PLAN_FD, F_SETFD, FD_CLOEXEC) < 0 || fcntl(KEEPER_CLIENT_FD, F_SETFD, FD_CLOEXEC) < 0) {
		fprintf(stderr, "paddock: %s is for internal use only\n", word);
		return false;
	}
	process_close_from(KEEPER_CLIENT_FD + 1);
	null = open("/dev/null", O_RDWR);
	for (int fd = 0; fd <= 2; fd++)
		dup2(null, fd);
	if (null > 2)
		close(null);
	fcntl(KEEPER_PLAN_FD, F_SETFL, O_NONBLOCK);
	umask(077);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);	/* exceeding a size limit is then an ordinary write error */
	prctl(PR_SET_NAME, "paddock");
	return true;
}
