/* SPDX-License-Identifier: MIT */
#include "core/base/child.h"

#include "core/base/alloc.h"
#include "core/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

/* Above all descriptor numbers in any child_fd. No higher, because the limit may be low. */
#define PARKED 16

static void default_signals(void)
{
	struct sigaction as_new = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int signo = 1; signo < NSIG; signo++)
		sigaction(signo, &as_new, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/*
 * The parent of this process may have left descriptors open (a shell, a make
 * jobserver), which a VM must not inherit. dup2 afterwards restores those that
 * are meant for the child.
 */
static void seal_fds(void)
{
	if (syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
		return;
	/* For kernels before Linux 5.11. */
	long last = sysconf(_SC_OPEN_MAX);
	for (int fd = 3; fd < (last > 0 && last < 65536 ? last : 65536); fd++)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/* Duplicates fd to a high number, so that a later dup2 does not overwrite it. */
static int park(int fd)
{
	if (fd < 0)
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	int parked = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, PARKED);

	/* EINVAL means that the limit is below PARKED. */
	if (fd >= 0 && parked < 0 && errno == EINVAL)
		errno = EMFILE;
	return parked;
}

static bool arrange_fds(const struct child_spec *spec)
{
	int standard[3] = { park(spec->in), park(spec->out), park(spec->err) };
	int extra[8];

	if (spec->extra_count > sizeof(extra) / sizeof(extra[0])) {
		errno = EINVAL;
		return false;
	}
	for (size_t i = 0; i < spec->extra_count; i++)
		extra[i] = park(spec->extra[i].from);
	for (int i = 0; i < 3; i++)
		if (standard[i] < 0 || dup2(standard[i], i) < 0)
			return false;
	for (size_t i = 0; i < spec->extra_count; i++)
		if (extra[i] < 0 || dup2(extra[i], spec->extra[i].to) < 0)
			return false;
	return true;
}

bool child_follow(pid_t parent, int signo)
{
	if (prctl(PR_SET_PDEATHSIG, signo) < 0)
		return false;
	/* The parent may have exited before the call above. */
	if (getppid() != parent)
		raise(SIGKILL);
	return true;
}

/* Runs in the child between fork and exec. Returns only with errno set. */
static void become(const struct child_spec *spec, pid_t parent, int report)
{
	/* The descriptor of the report pipe must remain open until exec. */
	if (fcntl(report, F_GETFD) < 0)
		return;
	default_signals();
	if (spec->new_session && setsid() < 0)
		return;
	if (spec->death_signal && !child_follow(parent, spec->death_signal))
		return;
	if (spec->cwd && chdir(spec->cwd) < 0)
		return;
	seal_fds();
	if (!arrange_fds(spec))
		return;
	execve(spec->path, spec->argv, environ);
}

static pid_t fork_and_exec(const struct child_spec *spec, int report[2])
{
	pid_t parent = getpid();
	sigset_t all, before;

	/* Handlers of this process must not run in the child before its signals are reset. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);

	pid_t pid = fork();
	if (pid == 0) {
		become(spec, parent, report[1]);
		int reason = errno;
		ssize_t written = write(report[1], &reason, sizeof(reason));
		_exit(written < 0 ? 126 : 127);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

pid_t child_spawn(const struct child_spec *spec, struct error *err)
{
	int report[2], reason = 0;

	if (pipe2(report, O_CLOEXEC) < 0) {
		error_errno(err, "cannot start %s", spec->path);
		return -1;
	}
	/* Move it above the descriptor numbers of the child. */
	int high = fcntl(report[1], F_DUPFD_CLOEXEC, PARKED);
	if (high >= 0) {
		close(report[1]);
		report[1] = high;
	}

	pid_t pid = fork_and_exec(spec, report);
	close(report[1]);
	if (pid < 0) {
		error_errno(err, "cannot start %s", spec->path);
		close(report[0]);
		return -1;
	}

	ssize_t got;
	do
		got = read(report[0], &reason, sizeof(reason));
	while (got < 0 && errno == EINTR);
	close(report[0]);
	if (got == (ssize_t)sizeof(reason)) {
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
		errno = reason;
		error_errno(err, "%s", spec->path);
		return -1;
	}
	return pid;
}

static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

char *child_find(const char *name)
{
	const char *search = getenv("PATH");

	if (!*name)
		return NULL;
	if (strchr(name, '/'))
		return is_program(name) ? mem_strdup(name) : NULL;
	for (const char *at = search ? search : ""; *at;) {
		size_t len = strcspn(at, ":");
		char *full = len ? mem_printf("%.*s/%s", (int)len, at, name) : mem_printf("./%s", name);

		if (is_program(full))
			return full;
		free(full);
		at += len;
		at += *at == ':';
	}
	return NULL;
}

const char *child_status_text(int status, char *buf, size_t size)
{
	if (WIFSIGNALED(status))
		snprintf(buf, size, "signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(buf, size, "exit status %d", WEXITSTATUS(status));
	return buf;
}
