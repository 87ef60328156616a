/* SPDX-License-Identifier: MIT */
#include "ui/cli/attach.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/base/loop.h"
#include "core/base/str.h"
#include "core/machines/ending.h"
#include "ui/cli/command.h"
#include "ui/cli/history_filter.h"
#include "ui/kit/key_input.h"
#include "ui/kit/settings.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

/* A guest that does not power off within this time is ended by QEMU's quit, as after a SIGTERM to the keeper. */
#define STOP_GRACE_MS 20000

#define UNTYPED_MAX (64 * 1024)	/* bytes of a typed file that may wait for the guest before reading pauses */

struct attach {
	struct loop *loop;
	struct attach_options options;
	struct keeper_client *client;
	struct loop_watch *input;
	struct loop_timer *grace;
	struct loop_timer *escape;	/* limits the wait for the rest of a sequence */
	struct termios saved;
	bool terminal;			/* input and output are a terminal, which is in raw mode now */
	bool shows;			/* the output is a terminal */
	bool answers;			/* the keeper chose this client to answer queries */
	struct loop_watch *output;	/* notices that the reader of the output pipe is gone */
	bool unread;			/* the reader is gone: write nothing more */
	int stopping;			/* the signal that asked for the end, SIGPIPE for a broken pipe; 0: none */
	struct attach_keys keys;
	struct history_filter history;
	struct attach_outcome outcome;
};

static void finish(struct attach *attach, enum attach_result result)
{
	attach->outcome.result = result;
	loop_quit(attach->loop, 0);
}

static void say(struct attach *attach, const char *text);

/* Presses the power button; a timer asks QEMU to quit if the guest does not react. */
static void request_stop(struct attach *attach, int signo)
{
	attach->stopping = signo;
	keeper_command(attach->client, KEEPER_POWERDOWN);
	loop_timer_arm(attach->grace, STOP_GRACE_MS);
}

/*
 * The reader of `run | grep -q` or `run | head` has seen enough. Stopping the VM lets the pipeline end, and leaves no VM
 * behind that nobody sees.
 */
static void output_unread(struct attach *attach)
{
	char text[128];

	if (attach->unread)
		return;
	attach->unread = true;
	loop_unwatch(attach->output);
	attach->output = NULL;
	if (attach->stopping)
		return;
	snprintf(text, sizeof(text), "nothing reads standard output any more; shutting down within %d s", STOP_GRACE_MS / 1000);
	say(attach, text);
	request_stop(attach, SIGPIPE);
}

static void on_output(void *data, int fd, short revents)
{
	(void)fd;
	(void)revents;
	output_unread(data);
}

/* Blocks while the terminal does. The keeper then skips bytes for this client, and no other client has to wait. */
static bool write_output(struct attach *attach, const char *bytes, size_t len)
{
	while (len && !attach->unread) {
		ssize_t put = write(STDOUT_FILENO, bytes, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0 && errno == EAGAIN) {
			struct pollfd wait = { .fd = STDOUT_FILENO, .events = POLLOUT };
			poll(&wait, 1, -1);
			continue;
		}
		if (put < 0 && errno == EPIPE && attach->options.owns) {
			output_unread(attach);
			return false;
		}
		if (put < 0) {
			/* A reader that is gone means detaching, not a failure of the VM. A full disk is a failure. */
			if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)
				snprintf(attach->outcome.error, sizeof(attach->outcome.error), "standard output: %s",
				         strerror(errno));
			finish(attach, ATTACH_LEFT);
			return false;
		}
		bytes += put;
		len -= (size_t)put;
	}
	return true;
}

static void say(struct attach *attach, const char *text)
{
	char *plain = format_plain(text);

	if (attach->terminal)
		fprintf(stderr, "\r\n[paddock: %s]\r\n", plain);
	else
		fprintf(stderr, "paddock: %s\n", plain);
	free(plain);
}

/* Output to a terminal is always filtered, even if the input is not that terminal. */
static void on_console(void *data, const void *bytes, size_t len, bool history)
{
	struct attach *attach = data;
	struct str clean;

	if (!attach->shows) {
		write_output(attach, bytes, len);
		return;
	}
	/* Queries in the history must not be answered, and live ones only by one client. */
	attach->history.filter.asks = attach->terminal && attach->answers && !history;
	str_init(&clean);
	history_filter_feed(&attach->history, bytes, len, &clean);
	attach->keys.spelled = history_filter_spells_keys(&attach->history);
	write_output(attach, clean.text, clean.len);
	str_finish(&clean);
}

static void on_gap(void *data, uint64_t missed)
{
	struct attach *attach = data;
	char text[64];

	guest_filter_cut(&attach->history.filter);
	snprintf(text, sizeof(text), "%llu bytes skipped", (unsigned long long)missed);
	say(attach, text);
}

/* Moves what the terminal shows out of the way, into its scrollback: a screen is drawn from its first row on. */
static void on_screen(void *data, int rows, int columns, int64_t log)
{
	struct attach *attach = data;

	(void)columns;
	(void)log;
	while (attach->shows && rows-- > 0)
		write_output(attach, "\r\n", 2);
}

static void on_answerer(void *data, bool we)
{
	((struct attach *)data)->answers = we;
}

static void on_notice(void *data, const char *text)
{
	say(data, text);
}

static void on_step(void *data, const char *text)
{
	struct attach *attach = data;

	if (!*text)
		return;

	char *plain = format_plain(text);

	fprintf(stderr, "paddock: %s%s\n", plain, attach->terminal ? "\r" : "");
	free(plain);
}

static void on_ended(void *data, const struct keeper_end *end)
{
	struct attach *attach = data;

	attach->outcome.started = end->started;
	attach->outcome.status = end->status;
	attach->outcome.signal = end->signal;
	/* QEMU exits with status 0 here too, unless it was still starting. */
	if (attach->stopping && end->started && (end->status == 0 || end->signal) && !text_equal(end->reason, "guest-shutdown"))
		attach->outcome.cut_off = attach->stopping;
	snprintf(attach->outcome.error, sizeof(attach->outcome.error), "%s", end->error);
	finish(attach, ATTACH_ENDED);
}

static void on_lost(void *data, const char *why)
{
	struct attach *attach = data;

	snprintf(attach->outcome.error, sizeof(attach->outcome.error), "%s", why);
	finish(attach, ATTACH_LOST);
}

static void on_writable(void *data)
{
	struct attach *attach = data;

	if (attach->input)
		loop_watch_events(attach->input, POLLIN);
}

const struct keeper_events *attach_events(void)
{
	static const struct keeper_events events = {
		.console = on_console, .screen = on_screen, .gap = on_gap, .step = on_step,
		.answerer = on_answerer, .notice = on_notice, .writable = on_writable, .ended = on_ended, .lost = on_lost,
	};

	return &events;
}

struct keeper_join attach_join(const struct attach *attach)
{
	struct keeper_join join = { .role = attach->options.read_only ? ROLE_READ_ONLY : ROLE_CONSOLE };
	struct winsize size;

	join.raw = !isatty(STDOUT_FILENO);
	if (!join.raw && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
		join.rows = size.ws_row;
		join.columns = size.ws_col;
	}
	return join;
}

static const char *leave_hint(void)
{
	return getenv("SSH_CONNECTION") ? "Enter ~ ~ . (ssh takes the first ~)" : "Enter ~ .";
}

static void say_help(struct attach *attach)
{
	char text[256], prefix[8];

	settings_prefix_name(attach->options.prefix, prefix);
	snprintf(text, sizeof(text), "%s or %s d leaves, and %s keeps running; %s twice sends it to the guest", leave_hint(), prefix,
	         attach->options.name, prefix);
	say(attach, text);
}

/*
 * Sends all complete keys. A timer limits how long an incomplete one waits. Replies are sent apart from typed keys: they
 * do not make this client the answerer, and the keeper drops late ones.
 */
static void send_typed(struct attach *attach)
{
	struct attach_sent sent;
	enum attach_action action;
	unsigned ms;

	str_init(&sent.typed);
	str_init(&sent.answers);
	while ((action = attach_keys_take(&attach->keys, &sent)) == ATTACH_HELP)
		say_help(attach);
	if (action == ATTACH_DETACH)
		finish(attach, ATTACH_LEFT);
	if (sent.typed.len && !attach->options.read_only)
		keeper_type(attach->client, sent.typed.text, sent.typed.len);
	if (sent.answers.len && !attach->options.read_only)
		keeper_answer(attach->client, sent.answers.text, sent.answers.len);
	str_finish(&sent.typed);
	str_finish(&sent.answers);
	loop_timer_disarm(attach->escape);
	if (action == ATTACH_TYPE && key_parser_waits(&attach->keys.parser, key_escape_ms(), &ms))
		loop_timer_arm(attach->escape, ms);
}

static void on_input(void *data, int fd, short revents)
{
	struct attach *attach = data;
	unsigned char bytes[4096];
	ssize_t got = read(fd, bytes, sizeof(bytes));

	(void)revents;
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (got <= 0) {
		/* The end of a file or pipe ends only the typing. If the terminal is gone, detach. */
		loop_unwatch(attach->input);
		attach->input = NULL;
		if (attach->terminal)
			finish(attach, ATTACH_LEFT);
		return;
	}
	if (attach->terminal) {
		attach_keys_feed(&attach->keys, bytes, (size_t)got);
		send_typed(attach);
	} else if (!attach->options.read_only) {
		keeper_type(attach->client, bytes, (size_t)got);
	}
	/* Reading a file pauses until the guest catches up. A terminal is always read, or ~. would have to wait too. */
	if (!attach->terminal && keeper_untyped(attach->client) > UNTYPED_MAX)
		loop_watch_events(attach->input, -1);
}

/* If this process was slow, the rest of the sequence may already have arrived. */
static void escape_over(void *data)
{
	struct attach *attach = data;

	if (attach->input && key_is_ready(STDIN_FILENO)) {
		on_input(attach, STDIN_FILENO, POLLIN);
		return;
	}
	key_parser_expire(&attach->keys.parser);
	send_typed(attach);
}

static void grace_over(void *data)
{
	struct attach *attach = data;

	keeper_command(attach->client, KEEPER_QUIT);
}

/* A signal to `run` shuts the VM down; a second one makes QEMU quit at once (D46). */
static void on_stop_signal(void *data, int signo)
{
	struct attach *attach = data;

	if (!attach->options.owns || signo == SIGHUP) {
		finish(attach, ATTACH_LEFT);
		return;
	}
	if (attach->stopping) {
		keeper_command(attach->client, KEEPER_QUIT);
		return;
	}
	request_stop(attach, signo);
}

static bool set_raw(const struct attach *attach)
{
	struct termios raw = attach->saved;

	cfmakeraw(&raw);
	return tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0;
}

static void make_raw(struct attach *attach)
{
	attach->shows = isatty(STDOUT_FILENO);
	if (!isatty(STDIN_FILENO) || !attach->shows || tcgetattr(STDIN_FILENO, &attach->saved) < 0)
		return;
	if (set_raw(attach))
		attach->terminal = true;
	/* The guest may change what keys and mouse send only if this process reads it; otherwise the shell would. */
	attach->history.filter.input = attach->terminal && !attach->options.read_only;
}

static void give_back(struct attach *attach)
{
	struct str reset;

	if (attach->shows) {
		str_init(&reset);
		history_filter_reset(&attach->history, &reset);
		/* The cursor is behind a prompt of the guest. */
		if (attach->outcome.result == ATTACH_LEFT)
			str_adds(&reset, "\r\n");
		write_output(attach, reset.text, reset.len);
		str_finish(&reset);
	}
	if (attach->terminal && history_filter_may_be_answered(&attach->history))
		attach_swallow_answers(STDIN_FILENO, STDOUT_FILENO);
	if (attach->terminal)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &attach->saved);
}

static void on_resize(void *data, int signo)
{
	struct attach *attach = data;
	struct keeper_join now = attach_join(attach);

	(void)signo;
	history_filter_resize(&attach->history, now.rows, now.columns);
	if (now.rows > 0)
		keeper_resize(attach->client, now.rows, now.columns);
}

static void on_suspend(void *data, int signo)
{
	struct attach *attach = data;
	struct str modes;

	if (signo == SIGTSTP) {
		give_back(attach);
		raise(SIGSTOP);
		str_init(&modes);
		history_filter_resume(&attach->history, &modes);
		if (attach->shows)
			write_output(attach, modes.text, modes.len);
		str_finish(&modes);
	}
	/* Continued, perhaps after a SIGSTOP, which cannot be caught: the shell has changed the terminal's mode. */
	if (attach->terminal)
		set_raw(attach);
}

struct attach *attach_new(struct loop *loop, const struct attach_options *options)
{
	struct attach *attach = mem_alloc(sizeof(*attach));

	attach->loop = loop;
	attach->options = *options;
	attach_keys_init(&attach->keys, options->prefix);
	history_filter_init(&attach->history, false);
	attach->history.raw = options->raw;
	return attach;
}

void attach_run(struct attach *attach, struct keeper_client *client, struct attach_outcome *outcome)
{
	static const int stops[] = { SIGTERM, SIGINT, SIGHUP };
	char *name = format_plain(attach->options.name);
	struct sigaction now;
	struct error err;
	struct stat st;

	attach->client = client;
	/* Signals that the parent ignored (nohup, a background job of a shell) stay ignored. */
	for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
		if (sigaction(stops[i], NULL, &now) < 0 || now.sa_handler != SIG_IGN)
			loop_signal(attach->loop, stops[i], on_stop_signal, attach, &err);
	loop_signal(attach->loop, SIGWINCH, on_resize, attach, &err);
	loop_signal(attach->loop, SIGTSTP, on_suspend, attach, &err);
	loop_signal(attach->loop, SIGCONT, on_suspend, attach, &err);
	signal(SIGPIPE, SIG_IGN);
	make_raw(attach);
	on_resize(attach, SIGWINCH);
	if (attach->terminal)
		fprintf(stderr, "paddock: %s: %s leaves the console; the VM keeps running\r\n", name, leave_hint());
	free(name);
	attach->grace = loop_timer(attach->loop, grace_over, attach);
	attach->escape = loop_timer(attach->loop, escape_over, attach);
	attach->input = loop_watch(attach->loop, STDIN_FILENO, POLLIN, on_input, attach);
	if (attach->options.owns && fstat(STDOUT_FILENO, &st) == 0 && S_ISFIFO(st.st_mode))
		attach->output = loop_watch(attach->loop, STDOUT_FILENO, 0, on_output, attach);
	loop_run(attach->loop);
	loop_unwatch(attach->input);
	loop_unwatch(attach->output);
	loop_timer_free(attach->grace);
	loop_timer_free(attach->escape);
	give_back(attach);
	*outcome = attach->outcome;
}

void attach_free(struct attach *attach)
{
	if (!attach)
		return;
	attach_keys_finish(&attach->keys);
	history_filter_finish(&attach->history);
	free(attach);
}

void attach_tell_end(const struct attach_outcome *outcome, const char *name)
{
	if (outcome->cut_off)
		cli_note("%s did not power off by itself and was ended", name);
	if (outcome->cut_off || (outcome->started && outcome->status == 0))
		return;
	char *why = ending_of_qemu(&(struct vm_end){ .status = outcome->status, .signal = outcome->signal, .error = outcome->error });

	cli_error("%s%s%s", *outcome->error ? "" : name, *outcome->error ? "" : ": ", why);
	free(why);
}
