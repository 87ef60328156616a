/* SPDX-License-Identifier: MIT */
/* What a child gets of its parent, and what not. loop_test has its end. */
#include "core/base/child.h"
#include "core/base/error.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static pid_t spawn_shell(char *script, struct error *err)
{
	char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" }, script, NULL };
	struct child_spec spec = { .path = "/bin/sh", .argv = argv, .in = -1, .out = -1, .err = -1,
		                   .death_signal = SIGTERM };

	return child_spawn(&spec, err);
}

static int status_of(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* A shell's or a jobserver's, which are not O_CLOEXEC. */
static void descriptors_of_others_do_not_get_through(void **state)
{
	(void)state;
	struct error err;
	char script[64];
	int fd = open("/dev/zero", O_RDONLY);

	assert_true(fd > 2);
	snprintf(script, sizeof(script), "test -e /proc/self/fd/%d", fd);
	assert_int_equal(status_of(spawn_shell(script, &err)), 1);
	close(fd);
}

static void a_low_limit_of_descriptors_is_enough_or_is_named(void **state)
{
	(void)state;
	struct rlimit before, tight;
	struct error err;
	char script[] = "exit 0";

	getrlimit(RLIMIT_NOFILE, &before);
	tight = (struct rlimit){ .rlim_cur = 32, .rlim_max = before.rlim_max };
	setrlimit(RLIMIT_NOFILE, &tight);
	pid_t pid = spawn_shell(script, &err);
	tight.rlim_cur = 12;
	setrlimit(RLIMIT_NOFILE, &tight);
	pid_t none = spawn_shell(script, &err);
	setrlimit(RLIMIT_NOFILE, &before);
	assert_int_equal(status_of(pid), 0);
	assert_int_equal(none, -1);
	assert_string_equal(err.text, "/bin/sh: Too many open files");
}

/* The parent of which the child is to hear the end: it stops, and goes on to spawn. */
static void be_parent(void)
{
	char script[] = "exit 0";
	struct error err;

	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		_exit(9);
	raise(SIGSTOP);
	spawn_shell(script, &err);
	_exit(0);
}

static int next_stop(pid_t pid)
{
	int status = 0;

	assert_int_equal(waitpid(pid, &status, __WALL), pid);
	return status;
}

/* Stopped by a tracer where no other way leads: cloned, and nothing asked of the kernel yet. */
static void a_child_whose_parent_died_before_it_could_ask_ends_all_the_same(void **state)
{
	(void)state;
	unsigned long child = 0;
	pid_t parent = fork();

	if (parent == 0)
		be_parent();
	if (WIFEXITED(next_stop(parent)))
		skip();		/* no tracing here */
	assert_int_equal(ptrace(PTRACE_SETOPTIONS, parent, NULL, PTRACE_O_TRACEVFORK | PTRACE_O_EXITKILL), 0);
	assert_int_equal(ptrace(PTRACE_CONT, parent, NULL, NULL), 0);
	assert_int_equal(next_stop(parent) >> 8, SIGTRAP | PTRACE_EVENT_VFORK << 8);
	assert_int_equal(ptrace(PTRACE_GETEVENTMSG, parent, NULL, &child), 0);
	kill(parent, SIGKILL);
	assert_true(WIFSIGNALED(next_stop(parent)));

	assert_true(WIFSTOPPED(next_stop((pid_t)child)));
	assert_int_equal(ptrace(PTRACE_CONT, (pid_t)child, NULL, NULL), 0);
	int status = next_stop((pid_t)child);	/* a stop would be its exec */
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(descriptors_of_others_do_not_get_through),
		cmocka_unit_test(a_low_limit_of_descriptors_is_enough_or_is_named),
		cmocka_unit_test(a_child_whose_parent_died_before_it_could_ask_ends_all_the_same),
	};

	return cmocka_run_group_tests_name("children", tests, NULL, NULL);
}
