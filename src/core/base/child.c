/* SPDX-License-Identifier: MIT */
#include "core/base/child.h"

#include "core/base/alloc.h"
#include "core/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
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

/* Runs in the child until its exec. Returns only with errno set. */
static void become(const struct child_spec *spec, pid_t parent)
{
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

/* What parent and child share. */
struct launch {
	const struct child_spec *spec;
	pid_t parent;
	int reason;		/* why the child could not become its program, as errno; 0 if it could */
};

static int child_side(void *data)
{
	struct launch *launch = data;

	become(launch->spec, launch->parent);
	launch->reason = errno;
	_exit(127);
}

/* Enough for become() with room to spare; sanitizers make frames larger. */
#define STACK (64 * 1024)

/*
 * The child borrows this process's memory, which waits until the exec: nothing
 * is copied, however large a screen is. It needs a stack of its own.
 */
static pid_t clone_and_exec(struct launch *launch)
{
	char *stack = mem_resize(NULL, STACK, 1);
	sigset_t all, before;

	/* Handlers of this process must not run in the child before its signals are reset. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);

	pid_t pid = clone(child_side, stack + STACK, CLONE_VM | CLONE_VFORK | SIGCHLD, launch);
	int reason = errno;

	sigprocmask(SIG_SETMASK, &before, NULL);
	free(stack);
	errno = reason;
	return pid;
}

pid_t child_spawn(const struct child_spec *spec, struct error *err)
{
	struct launch launch = { .spec = spec, .parent = getpid() };
	pid_t pid = clone_and_exec(&launch);

	if (pid < 0) {
		error_errno(err, "cannot start %s", spec->path);
		return -1;
	}
	if (launch.reason) {
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
		errno = launch.reason;
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
