/* SPDX-License-Identifier: MIT */
#include "core/base/child.h"
#include "core/base/error.h"
#include "core/base/loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the callbacks of one test share. */
struct scene {
	struct loop *loop;
	struct loop_watch *watch[2];
	struct loop_timer *timer[3];
	int calls;
	int status;
	int signo;
	char order[8];
};

static int set_up(void **state)
{
	static struct scene scene;

	scene = (struct scene){ .loop = loop_new() };
	*state = &scene;
	return scene.loop ? 0 : -1;
}

static int tear_down(void **state)
{
	struct scene *s = *state;

	loop_free(s->loop);
	return 0;
}

static void free_both(void *data, int fd, short revents)
{
	struct scene *s = data;

	(void)fd;
	assert_true(revents & POLLIN);
	s->calls++;
	loop_unwatch(s->watch[0]);
	loop_unwatch(s->watch[1]);
}

static void a_freed_watch_is_never_called_even_in_the_same_turn(void **state)
{
	struct scene *s = *state;
	int pipes[2][2];

	for (int i = 0; i < 2; i++) {
		assert_int_equal(pipe2(pipes[i], O_CLOEXEC), 0);
		assert_int_equal(write(pipes[i][1], "x", 1), 1);
		s->watch[i] = loop_watch(s->loop, pipes[i][0], POLLIN, free_both, s);
	}
	loop_turn(s->loop, 0);
	loop_turn(s->loop, 0);
	assert_int_equal(s->calls, 1);
	for (int i = 0; i < 4; i++)
		close(pipes[i / 2][i % 2]);
}

static void note_a(void *data)
{
	strcat(((struct scene *)data)->order, "a");
}

static void note_b_and_free_c(void *data)
{
	struct scene *s = data;

	strcat(s->order, "b");
	loop_timer_free(s->timer[2]);
	s->timer[2] = NULL;
	loop_quit(s->loop, 5);
}

static void timers_run_in_order_and_may_free_each_other(void **state)
{
	struct scene *s = *state;

	s->timer[0] = loop_timer(s->loop, note_a, s);
	s->timer[1] = loop_timer(s->loop, note_b_and_free_c, s);
	s->timer[2] = loop_timer(s->loop, note_a, s);
	loop_timer_arm(s->timer[2], 3);
	loop_timer_arm(s->timer[1], 2);
	loop_timer_arm(s->timer[0], 1);
	assert_int_equal(loop_run(s->loop), 5);
	assert_string_equal(s->order, "ab");
	assert_false(loop_timer_armed(s->timer[0]));
}

/* Whoever waits for what the timer has done would wait for ever. */
static void a_turn_in_which_a_timer_ran_does_not_wait(void **state)
{
	struct scene *s = *state;

	s->timer[0] = loop_timer(s->loop, note_a, s);
	s->timer[1] = loop_timer(s->loop, note_b_and_free_c, s);
	loop_timer_arm(s->timer[0], 0);
	loop_timer_arm(s->timer[1], 10000);
	loop_turn(s->loop, -1);
	loop_turn(s->loop, 0);
	assert_string_equal(s->order, "a");
}

static void a_disarmed_timer_does_not_run(void **state)
{
	struct scene *s = *state;

	s->timer[0] = loop_timer(s->loop, note_a, s);
	s->timer[1] = loop_timer(s->loop, note_b_and_free_c, s);
	loop_timer_arm(s->timer[0], 0);
	loop_timer_disarm(s->timer[0]);
	loop_timer_arm(s->timer[1], 1);
	loop_run(s->loop);
	assert_string_equal(s->order, "b");
}

static void note_signal(void *data, int signo)
{
	((struct scene *)data)->signo = signo;
}

static void a_signal_arrives_as_a_call(void **state)
{
	struct scene *s = *state;
	struct error err;

	assert_true(loop_signal(s->loop, SIGWINCH, note_signal, s, &err));
	raise(SIGWINCH);
	loop_turn(s->loop, 1000);
	assert_int_equal(s->signo, SIGWINCH);
}

static void note_end(void *data, pid_t pid, int status)
{
	struct scene *s = data;

	assert_true(pid > 0);
	s->calls++;
	s->status = status;
	loop_quit(s->loop, 0);
}

static pid_t run_shell(const char *script, int out)
{
	char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" }, NULL, NULL };
	struct child_spec spec = { .path = "/bin/sh", .argv = argv, .in = -1, .out = out, .err = -1,
		                   .new_session = true, .death_signal = SIGKILL };
	struct error err;

	argv[2] = strdup(script);
	pid_t pid = child_spawn(&spec, &err);
	free(argv[2]);
	return pid;
}

static void the_end_of_a_child_is_told_once_with_its_status(void **state)
{
	struct scene *s = *state;
	struct error err;
	char text[64];

	pid_t pid = run_shell("exit 7", -1);
	assert_true(pid > 0);
	assert_non_null(loop_child(s->loop, pid, note_end, s, &err));
	loop_run(s->loop);
	assert_int_equal(WEXITSTATUS(s->status), 7);
	assert_string_equal(child_status_text(s->status, text, sizeof(text)), "exit status 7");
	loop_turn(s->loop, 0);
	assert_int_equal(s->calls, 1);
	assert_int_equal(waitpid(pid, NULL, WNOHANG), -1);
}

static void a_child_starts_with_default_signals_and_nothing_blocked(void **state)
{
	struct scene *s = *state;
	struct error err;

	/* SIGTERM is blocked and SIGPIPE ignored here; the child must die of the one and see the other. */
	assert_true(loop_signal(s->loop, SIGTERM, note_signal, s, &err));
	signal(SIGPIPE, SIG_IGN);
	pid_t pid = run_shell("kill -TERM $$; exit 3", -1);
	assert_non_null(loop_child(s->loop, pid, note_end, s, &err));
	loop_run(s->loop);
	assert_true(WIFSIGNALED(s->status));
	assert_int_equal(WTERMSIG(s->status), SIGTERM);
	signal(SIGPIPE, SIG_DFL);
}

static void a_program_that_is_not_there_is_an_error_and_no_child(void **state)
{
	(void)state;
	char *argv[] = { (char[]){ "x" }, NULL };
	struct child_spec spec = { .path = "/no/such/program", .argv = argv, .in = -1, .out = -1, .err = -1 };
	struct error err;

	assert_int_equal(child_spawn(&spec, &err), -1);
	assert_string_equal(err.text, "/no/such/program: No such file or directory");
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* Descriptors may be asked for on each other's numbers. */
static void descriptors_land_on_the_numbers_asked_for(void **state)
{
	(void)state;
	int out[2];
	char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" },
		         (char[]){ "ls /proc/self/fd | wc -l; readlink /proc/self/fd/3 /proc/self/fd/4" }, NULL };
	struct error err;
	char text[256] = "";
	size_t len = 0;

	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	/* Crossed: zero to null's number would break a naive order of dup2. */
	struct child_fd extra[] = { { null, 4 }, { zero, 3 } };
	struct child_spec spec = { .path = "/bin/sh", .argv = argv, .in = -1, .out = out[1], .err = -1,
		                   .extra = extra, .extra_count = 2, .cwd = "/" };
	pid_t pid = child_spawn(&spec, &err);
	assert_true(pid > 0);
	close(out[1]);
	for (ssize_t got; (got = read(out[0], text + len, sizeof(text) - 1 - len)) > 0;)
		len += (size_t)got;
	waitpid(pid, NULL, 0);
	/* 0 to 4, and the directory that ls reads. */
	assert_string_equal(text, "6\n/dev/zero\n/dev/null\n");
	close(out[0]);
	close(null);
	close(zero);
}

static void programs_are_found_as_execvp_finds_them(void **state)
{
	(void)state;
	const char *path = getenv("PATH");
	assert_non_null(path);
	char *saved = strdup(path);
	char *found;

	setenv("PATH", "/no/such:/bin:/usr/bin", 1);
	found = child_find("sh");
	assert_string_equal(found, "/bin/sh");
	free(found);
	assert_null(child_find("no-such-program"));
	assert_null(child_find("/etc/passwd"));
	assert_null(child_find(""));
	setenv("PATH", "", 1);
	assert_null(child_find("sh"));
	setenv("PATH", saved, 1);
	free(saved);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_freed_watch_is_never_called_even_in_the_same_turn, set_up, tear_down),
		cmocka_unit_test_setup_teardown(timers_run_in_order_and_may_free_each_other, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_turn_in_which_a_timer_ran_does_not_wait, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_disarmed_timer_does_not_run, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_signal_arrives_as_a_call, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_end_of_a_child_is_told_once_with_its_status, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_child_starts_with_default_signals_and_nothing_blocked, set_up, tear_down),
		cmocka_unit_test(a_program_that_is_not_there_is_an_error_and_no_child),
		cmocka_unit_test(descriptors_land_on_the_numbers_asked_for),
		cmocka_unit_test(programs_are_found_as_execvp_finds_them),
	};

	return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
