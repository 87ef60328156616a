/* SPDX-License-Identifier: MIT */
#include "e2e/cli.h"
#include "e2e/home.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

struct capture {
	int fd;
	char *text;
	size_t len;
};

static void capture_read(struct capture *capture)
{
	char buffer[16384];
	ssize_t len = read(capture->fd, buffer, sizeof(buffer));

	if (len <= 0) {
		close(capture->fd);
		capture->fd = -1;
		return;
	}
	capture->text = realloc(capture->text, capture->len + (size_t)len + 1);
	assert_non_null(capture->text);
	memcpy(capture->text + capture->len, buffer, (size_t)len);
	capture->len += (size_t)len;
	capture->text[capture->len] = '\0';
}

static pid_t spawn(struct home *home, const char *const argv[], int in, int out, int err)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	/* A session of its own: no terminal of whoever runs the tests is in reach. */
	setsid();
	if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
		_exit(127);
	home_exec(home, argv);
}

/* Until both ends are closed; the input is written as the program takes it, then closed. */
static bool pump(struct capture streams[2], int in, const char *input)
{
	size_t left = input ? strlen(input) : 0;
	long end = now_ms() + E2E_DEADLINE;

	while (streams[0].fd >= 0 || streams[1].fd >= 0) {
		struct pollfd fds[3] = {
			{ .fd = streams[0].fd, .events = POLLIN },
			{ .fd = streams[1].fd, .events = POLLIN },
			{ .fd = in, .events = POLLOUT },
		};

		if (in >= 0 && left == 0) {
			close(in);
			in = fds[2].fd = -1;
		}
		if (now_ms() >= end || poll(fds, 3, (int)(end - now_ms())) <= 0)
			return false;
		for (int i = 0; i < 2; i++) {
			if (fds[i].revents)
				capture_read(&streams[i]);
		}
		if (in >= 0 && fds[2].revents) {
			ssize_t put = write(in, input, left);

			left = put > 0 ? left - (size_t)put : 0;
			input += put > 0 ? put : 0;
		}
	}
	if (in >= 0)
		close(in);
	return true;
}

struct result cli_run(struct home *home, const char *input, const char *const argv[])
{
	int in[2], out[2], err[2], status;
	struct capture streams[2] = { 0 };
	pid_t pid;

	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	assert_int_equal(pipe2(err, O_CLOEXEC), 0);
	pid = spawn(home, argv, in[0], out[1], err[1]);
	close(in[0]);
	close(out[1]);
	close(err[1]);
	streams[0].fd = out[0];
	streams[1].fd = err[0];
	if (!pump(streams, in[1], input)) {
		kill(pid, SIGKILL);
		fail_msg("%s %s did not end; it said: %s%s", argv[0], argv[1] ? argv[1] : "",
		         streams[0].text ? streams[0].text : "", streams[1].text ? streams[1].text : "");
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	for (int i = 0; i < 2; i++) {
		if (!streams[i].text)
			streams[i].text = strdup("");
	}
	return (struct result){
		.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
		.out = streams[0].text, .out_len = streams[0].len,
		.err = streams[1].text, .err_len = streams[1].len,
	};
}

void result_finish(struct result *result)
{
	free(result->out);
	free(result->err);
	*result = (struct result){ 0 };
}

static void tell(const char *const argv[], const struct result *result)
{
	for (size_t i = 0; argv[i]; i++)
		print_error("%s%s", i ? " " : "$ ", argv[i]);
	print_error("\n%s%s(status %d)\n", result->out, result->err, result->status);
}

void cli_expect(struct home *home, int status, const char *const argv[])
{
	struct result result = cli_run(home, NULL, argv);

	if (result.status != status) {
		tell(argv, &result);
		fail_msg("status is %d, not %d", result.status, status);
	}
	result_finish(&result);
}

/* A start says what it does, and may be refused later on. */
static bool is_step(const char *line)
{
	static const char *const steps[] = { "creating disk ", "writing ", "copying ", "sharing " };

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (strncmp(line, "paddock: ", 9) == 0 && strncmp(line + 9, steps[i], strlen(steps[i])) == 0)
			return true;
	return false;
}

void cli_expect_refused(struct home *home, const char *const words[], const char *const argv[])
{
	struct result result = cli_run(home, NULL, argv);
	bool good = (result.status == 1 || result.status == 2) && result.out_len == 0;
	unsigned reasons = 0;

	for (char *rest = result.err, *line; good && (line = strsep(&rest, "\n")) && *line;) {
		if (strncmp(line, "paddock: warning: ", 18) == 0 || is_step(line))
			continue;
		reasons++;
		good = strncmp(line, "paddock: ", 9) == 0;
		for (size_t i = 0; good && words[i]; i++)
			good = strstr(line, words[i]) != NULL;
	}
	if (!good || reasons != 1) {
		result_finish(&result);
		result = cli_run(home, NULL, argv);
		tell(argv, &result);
		for (size_t i = 0; words[i]; i++)
			print_error("  wanted: %s\n", words[i]);
		fail_msg("not refused in one line with these words");
	}
	result_finish(&result);
}

void cli_wait(struct home *home, const char *text, const char *const argv[])
{
	long end = now_ms() + E2E_DEADLINE;

	for (;;) {
		struct result result = cli_run(home, NULL, argv);
		bool found = strstr(result.out, text) != NULL;

		if (!found && now_ms() >= end) {
			tell(argv, &result);
			fail_msg("waited for \"%s\"", text);
		}
		result_finish(&result);
		if (found)
			return;
		poll(NULL, 0, 10);
	}
}

void wait_until_gone(struct home *home, const char *name)
{
	long end = now_ms() + E2E_DEADLINE;

	for (;;) {
		struct result result = cli_run(home, NULL, (const char *const[]){ "paddock", "ls", NULL });
		bool there = strstr(result.out, name) != NULL;

		if (there && now_ms() >= end)
			fail_msg("%s is still there: %s", name, result.out);
		result_finish(&result);
		if (!there)
			return;
		poll(NULL, 0, 10);
	}
}
