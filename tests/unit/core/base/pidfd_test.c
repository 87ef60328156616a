/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/pidfd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t sleeping_child(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		while (1)
			pause();
	}
	assert_true(pid > 0);
	return pid;
}

static void a_signal_reaches_the_process(void **state)
{
	pid_t pid = sleeping_child();
	int fd = pidfd_open_process(pid), status;
	struct error err;

	(void)state;
	assert_true(fd >= 0);
	assert_true(pidfd_signal(fd, SIGKILL, &err));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WTERMSIG(status), SIGKILL);
	close(fd);
}

/* Whatever process has its pid by then. */
static void a_process_that_was_reaped_is_not_signalled(void **state)
{
	pid_t pid = sleeping_child();
	int fd = pidfd_open_process(pid);
	struct pollfd end = { .fd = fd, .events = POLLIN };
	struct error err;

	(void)state;
	assert_int_equal(poll(&end, 1, 0), 0);
	assert_true(pidfd_signal(fd, SIGKILL, &err));
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(poll(&end, 1, -1), 1);
	assert_false(pidfd_signal(fd, SIGKILL, &err));
	assert_int_equal(err.code, ESRCH);
	assert_int_equal(pidfd_open_process(pid), -1);
	close(fd);
}

static void ended(void *data, pid_t pid, int status)
{
	(void)pid;
	assert_true(WIFSIGNALED(status));
	*(int *)data = WTERMSIG(status);
}

static void a_child_of_a_loop_is_signalled_before_it_is_reaped(void **state)
{
	struct loop *loop = loop_new();
	struct error err;
	int signo = 0;
	struct loop_child *child = loop_child(loop, sleeping_child(), ended, &signo, &err);

	(void)state;
	assert_non_null(child);
	loop_child_signal(child, SIGTERM);
	while (signo == 0)
		loop_turn(loop, -1);
	assert_int_equal(signo, SIGTERM);
	loop_free(loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signal_reaches_the_process),
		cmocka_unit_test(a_process_that_was_reaped_is_not_signalled),
		cmocka_unit_test(a_child_of_a_loop_is_signalled_before_it_is_reaped),
	};

	return cmocka_run_group_tests_name("pidfd", tests, NULL, NULL);
}
