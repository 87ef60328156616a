/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/own_dir.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/keeper/stream/log.h"
#include "core/machines/resolve.h"
#include "ui/cli/command.h"
#include "ui/cli/history_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

/* Writes filtered output to a terminal, and the bytes unchanged to anything else (history is NULL). */
static bool print_bytes(struct history_filter *history, const char *bytes, size_t len, struct error *err)
{
	struct str clean;
	bool ok;

	if (!history)
		return fwrite(bytes, 1, len, stdout) == len || error_errno(err, "standard output");
	str_init(&clean);
	history_filter_feed(history, bytes, len, &clean);
	ok = fwrite(clean.text, 1, clean.len, stdout) == clean.len || error_errno(err, "standard output");
	str_finish(&clean);
	return ok;
}

/* The signals that end this process. Ignored ones are left out: while blocked they would stay pending too. */
static void list_ends(sigset_t *set)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction now;

	sigemptyset(set);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (sigaction(ends[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
			sigaddset(set, ends[i]);
}

/* True if one of these signals is pending. They are blocked only while a terminal has to be restored. */
static bool was_interrupted(void)
{
	sigset_t ends, pending;

	list_ends(&ends);
	sigpending(&pending);
	return sigandset(&pending, &pending, &ends) == 0 && !sigisemptyset(&pending);
}

static bool copy(int fd, struct history_filter *history, struct error *err)
{
	char bytes[65536];
	ssize_t got = 0;

	while (!was_interrupted() && (got = read(fd, bytes, sizeof(bytes))) > 0) {
		if (!print_bytes(history, bytes, (size_t)got, err))
			return false;
	}
	if (got < 0)
		return error_errno(err, "reading");
	return fflush(stdout) == 0 || error_errno(err, "standard output");
}

static void give_back_terminal(struct history_filter *history)
{
	struct str rest;

	if (!history)
		return;
	str_init(&rest);
	history_filter_reset(history, &rest);
	/* The cursor may be behind a prompt of the guest; the shell's prompt goes on a new line. */
	if (history->last && history->last != '\n')
		str_adds(&rest, "\n");
	fwrite(rest.text, 1, rest.len, stdout);
	fflush(stdout);
	str_finish(&rest);
}

/* True if the path now names another file: a new boot began, or the log was split. */
static bool replaced(const char *path, int fd)
{
	struct stat there, here;

	return stat(path, &there) == 0 && fstat(fd, &here) == 0 &&
	       (there.st_ino != here.st_ino || there.st_dev != here.st_dev);
}

static bool reopen(const char *path, int *fd)
{
	int next = own_file_open(path, O_RDONLY);

	if (next < 0)
		return false;
	close(*fd);
	*fd = next;
	return true;
}

/* Like tail -F: continues across boots until interrupted or until the reader is gone. */
static bool follow(const char *path, int *fd, struct history_filter *history, struct error *err)
{
	char *directory = path_parent(path);
	int watch = inotify_init1(IN_CLOEXEC), signals;
	sigset_t ends;
	bool ok = watch >= 0 && inotify_add_watch(watch, directory, IN_MODIFY | IN_CREATE | IN_MOVED_TO) >= 0;

	free(directory);
	if (!ok)
		error_errno(err, "watching %s", path);
	list_ends(&ends);
	signals = signalfd(-1, &ends, SFD_CLOEXEC);
	while (ok && !was_interrupted()) {
		char events[4096];
		struct pollfd wait[] = { { .fd = watch, .events = POLLIN }, { .fd = STDOUT_FILENO },
			                 { .fd = signals, .events = POLLIN } };

		ok = copy(*fd, history, err);
		/* Read the old file to its end once more: it may have grown before it was replaced. */
		while (ok && replaced(path, *fd) && copy(*fd, history, err) && reopen(path, fd))
			ok = copy(*fd, history, err);
		if (!ok || poll(wait, 3, -1) < 0 || wait[1].revents || wait[2].revents)
			break;
		if (read(watch, events, sizeof(events)) < 0 && errno != EINTR)
			ok = error_errno(err, "watching %s", path);
	}
	if (signals >= 0)
		close(signals);
	if (watch >= 0)
		close(watch);
	return ok;
}

/* The log of a boot with much output is in two files; this one is the first part. */
static bool copy_older(const char *state, uint64_t boot, struct history_filter *history, struct error *err)
{
	char *path = log_older_path(state, (unsigned)boot);
	int fd = own_file_open(path, O_RDONLY);
	bool ok = fd < 0 || copy(fd, history, err);

	if (fd >= 0)
		close(fd);
	free(path);
	return ok;
}

static int print_log(const char *state, uint64_t boot, const struct command_words *words)
{
	const bool following = command_words_value(words, "--follow");
	const char *name = words->name;
	char *path = log_path(state, (unsigned)boot);
	struct history_filter terminal, *history = isatty(STDOUT_FILENO) ? &terminal : NULL;
	sigset_t ends, before;
	int fd = own_file_open(path, O_RDONLY);
	struct error err;
	int status = 0;

	history_filter_init(&terminal, false);
	terminal.raw = command_words_value(words, "--raw");
	list_ends(&ends);
	if (!history)
		sigemptyset(&ends);
	sigprocmask(SIG_BLOCK, &ends, &before);
	if (fd < 0 && errno == ENOENT && boot)
		status = cli_error("%s has no log from %d %s ago", name, (int)boot, boot == 1 ? "boot" : "boots");
	else if (fd < 0 && errno == ENOENT)
		status = cli_error("%s has no log yet: %s does not exist", name, path);
	else if (fd < 0)
		status = cli_error("%s: %s", path, strerror(errno));
	else if (!copy_older(state, boot, history, &err) ||
	         (following ? !follow(path, &fd, history, &err) : !copy(fd, history, &err)))
		status = err.code == EPIPE ? 0 : command_fail(&err);
	if (fd >= 0) {
		give_back_terminal(history);
		close(fd);
	}
	free(path);
	history_filter_finish(&terminal);
	sigprocmask(SIG_SETMASK, &before, NULL);	/* a signal that arrived meanwhile ends the process here */
	return status;
}

int command_log(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	uint64_t boot = 0;
	struct vm_target target;
	struct error err;
	int status;

	if (!command_read(context, argc, argv, &words))
		return 2;

	bool following = command_words_value(&words, "--follow");
	const char *number = command_words_value(&words, "--boot");

	if (number && !number_parse(number, 0, LOG_BOOTS, &boot, &err))
		return command_usage(context, "--boot %s: %s", number, err.text);
	if (following && boot)
		return command_usage(context, "-f follows only the newest log; omit --boot");
	if (!vm_target_find(words.name, context->store, context->records, &target, &err))
		return command_fail(&err);
	if (target.state)
		status = print_log(target.state, boot, &words);
	else
		status = cli_error("%s has no state directory", words.name);
	vm_target_finish(&target);
	return status;
}
