/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/str.h"
#include "core/keeper/stream/log.h"
#include "core/keeper/stream/log_file.h"
#include "core/keeper/stream/log_match.h"
#include "core/machines/resolve.h"
#include "ui/cli/command.h"
#include "ui/cli/history_filter.h"
#include "ui/cli/log_printer.h"
#include "ui/cli/moment.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

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

/* Goes on in the log that has taken the place of this one. Returns false if there is none yet. */
static bool go_on(struct log_printer *printer)
{
	uint64_t dropped;

	if (!log_file_reopen(printer->file, &dropped))
		return false;
	printer->at = printer->at > dropped ? printer->at - dropped : 0;
	return true;
}

/* Like tail -F: continues across boots until interrupted or until the reader is gone. */
static bool follow(struct log_printer *printer, const char *directory, struct error *err)
{
	int watch = inotify_init1(IN_CLOEXEC), signals;
	sigset_t ends;
	bool ok = watch >= 0 && inotify_add_watch(watch, directory, IN_MODIFY | IN_CREATE | IN_MOVED_TO) >= 0;

	if (!ok)
		error_errno(err, "watching %s", directory);
	list_ends(&ends);
	signals = signalfd(-1, &ends, SFD_CLOEXEC);
	while (ok && !was_interrupted()) {
		char events[4096];
		struct pollfd wait[] = { { .fd = watch, .events = POLLIN }, { .fd = STDOUT_FILENO },
			                 { .fd = signals, .events = POLLIN } };
		bool current;

		do {
			/* A log that was replaced may have grown before: its end comes first. */
			current = log_file_look(printer->file);
			ok = log_printer_print(printer, current, err);
		} while (ok && !current && go_on(printer));
		if (!ok || poll(wait, 3, -1) < 0 || wait[1].revents || wait[2].revents)
			break;
		if (read(watch, events, sizeof(events)) < 0 && errno != EINTR)
			ok = error_errno(err, "watching %s", directory);
	}
	if (signals >= 0)
		close(signals);
	if (watch >= 0)
		close(watch);
	return ok;
}

static int no_log(const char *name, const char *state, unsigned boot, const struct error *err)
{
	char *path;
	int status;

	if (err->code == ENOENT && boot)
		return cli_error("%s has no log from %u %s ago", name, boot, boot == 1 ? "boot" : "boots");
	if (err->code != ENOENT)
		return command_fail(err);
	path = log_path(state, boot);
	status = cli_error("%s has no log yet: %s does not exist", name, path);
	free(path);
	return status;
}

static int print_log(const char *state, unsigned boot, const struct command_words *words, const struct log_selection *selection)
{
	struct history_filter terminal, *history = isatty(STDOUT_FILENO) ? &terminal : NULL;
	struct error err;
	struct log_printer printer = { .selection = selection, .history = history, .stopped = was_interrupted };
	sigset_t ends, before;
	int status = 0;

	printer.file = log_file_open(state, boot, &err);
	if (!printer.file)
		return no_log(words->name, state, boot, &err);
	if (log_selection_by_time(selection) && log_file_size(printer.file) > 0 && !log_file_has_times(printer.file)) {
		log_file_close(printer.file);
		return cli_error("%s has no times for this log; omit --since, --until and --timestamps", words->name);
	}
	history_filter_init(&terminal, false);
	terminal.raw = command_words_value(words, "--raw");
	list_ends(&ends);
	if (!history)
		sigemptyset(&ends);
	sigprocmask(SIG_BLOCK, &ends, &before);
	log_printer_begin(&printer);
	if (!(command_words_value(words, "--follow") ? follow(&printer, state, &err) : log_printer_print(&printer, false, &err)))
		status = err.code == EPIPE ? 0 : command_fail(&err);
	else if (selection->match && printer.printed == 0)
		status = 1;
	give_back_terminal(history);
	log_file_close(printer.file);
	history_filter_finish(&terminal);
	sigprocmask(SIG_SETMASK, &before, NULL);	/* a signal that arrived meanwhile ends the process here */
	return status;
}

/* Reads what was asked for. Returns false after a message if that makes no sense. */
static bool read_selection(const struct command_words *words, struct log_selection *out)
{
	const char *since = command_words_value(words, "--since"), *until = command_words_value(words, "--until");
	const char *pattern = command_words_value(words, "--grep");
	time_t now = time(NULL);
	struct error err;

	*out = (struct log_selection){ .since = INT64_MIN, .until = INT64_MAX,
	                               .timestamps = command_words_value(words, "--timestamps") };
	if (since && !moment_parse(since, now, &out->since, &err))
		cli_error("log: --since: %s", err.text);
	else if (until && !moment_parse(until, now, &out->until, &err))
		cli_error("log: --until: %s", err.text);
	else if (pattern && !(out->match = log_match_new(pattern, &err)))
		cli_error("log: --grep: %s", err.text);
	else
		return true;
	return false;
}

int command_log(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct log_selection selection;
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
	if (following && command_words_value(&words, "--until"))
		return command_usage(context, "-f prints what is added from now on; omit --until");
	if (!read_selection(&words, &selection))
		return 2;
	if (!vm_target_find(words.name, context->store, context->records, &target, &err)) {
		log_match_free(selection.match);
		return command_fail(&err);
	}
	if (target.state)
		status = print_log(target.state, (unsigned)boot, &words, &selection);
	else
		status = cli_error("%s has no state directory", words.name);
	log_match_free(selection.match);
	vm_target_finish(&target);
	return status;
}
