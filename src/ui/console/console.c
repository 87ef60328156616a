/* SPDX-License-Identifier: MIT */
#include "ui/console/console.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/base/loop.h"
#include "core/base/str.h"
#include "core/keeper/clients/client.h"
#include "core/keeper/run/registry.h"
#include "core/keeper/stream/log.h"
#include "core/machines/ending.h"
#include "core/machines/pause_words.h"
#include "core/terminal/terminal.h"
#include "ui/console/console_history.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct history {
	bool wanted;			/* the screen has come, the log has not been read */
	bool reading;
	int64_t log;			/* bytes of console.log that led to the screen */
	int rows, columns;		/* of that screen */
	struct str screen, since;	/* it, and the bytes since then */
	char *directory;		/* the state directory */
	struct loop_timer *timer;
};

struct console {
	char *name;
	struct keeper_client *client;	/* NULL: not connected, or ended */
	struct terminal *term;
	int rows, columns;		/* of the terminal; differ from its own while a screen arrives */
	const struct console_watcher *watcher;
	void *data;
	char *title, *note;
	char *step;			/* the current step of a start; NULL: none */
	bool live, over;
	bool answerer;			/* only with a keeper of protocol 1 */
	bool arriving;			/* a screen, between its size and its end */
	struct history history;
};

static void tell(struct console *console)
{
	console->watcher->changed(console->data);
}

static void set_note(struct console *console, char *note)
{
	free(console->note);
	console->note = note;
}

/* The terminal's side. */

static void on_answer(void *data, const void *bytes, size_t len)
{
	struct console *console = data;

	if (console->client)
		keeper_answer(console->client, bytes, len);
}

static void on_bell(void *data)
{
	struct console *console = data;

	/* Bells in the history are not rung again. */
	if (console->live && !console->history.reading)
		console->watcher->bell(console->data);
}

static void on_title(void *data, const char *utf8)
{
	struct console *console = data;

	if (console->history.reading)
		return;
	free(console->title);
	console->title = mem_strdup(utf8);
}

static const struct terminal_events terminal_events = { .answer = on_answer, .bell = on_bell, .title = on_title };

/* A guest that has drawn a menu may have its cursor anywhere. A line below all of its output covers nothing. */
static void move_below_text(const struct terminal *term, int *row, int *column)
{
	for (int below = terminal_rows(term) - 1; below >= *row; below--) {
		if (terminal_row_width(term, below) == 0)
			continue;
		*row = below;
		*column = terminal_columns(term) - 1;
		return;
	}
}

/* Writes a line of paddock's own from the cursor on, without the guest's modes. */
static void write_line(struct console *console, const char *text)
{
	static const char plain[] = "\033[?1049l\033[?6l\033[r\033[?7h\033[4l\033[m\017\033(B";
	/* Messages of QEMU may contain any bytes. */
	char *said = format_plain(text), *line;
	int row, column, shape;

	terminal_answers(console->term, false);
	/* The rest of a sequence that the guest began will not arrive any more. */
	terminal_write(console->term, "\030", 1);
	terminal_cursor(console->term, &row, &column, &shape);
	if (terminal_alternate(console->term)) {
		terminal_write(console->term, plain, sizeof(plain) - 1);
		terminal_cursor(console->term, &row, &column, &shape);
	}
	move_below_text(console->term, &row, &column);
	line = mem_printf("%s\033[%d;%dH%s\033[7m %s \033[m\r\n", plain, row + 1, column + 1,
	                  column > 0 ? "\r\n" : "", said);
	terminal_write(console->term, line, strlen(line));
	free(line);
	free(said);
}

/*
 * Scrollback from before this client. The keeper sends only the screen; what led to it is in the log. It is read once
 * the screen has been drawn, into a second terminal that then gets the same screen and the same bytes since.
 */
#define HISTORY_READ (1024 * 1024)
#define SCREEN_BYTES_MAX (16 * 1024 * 1024)	/* of a screen that history is read for */

static void forget_history(struct console *console)
{
	console->history.wanted = false;
	str_finish(&console->history.screen);
	str_finish(&console->history.since);
}

static void read_history(struct console *console)
{
	struct history *history = &console->history;
	struct terminal *term = terminal_new(history->rows, history->columns, CONSOLE_SCROLLBACK, &terminal_events, console);
	struct str log;

	terminal_succeed(term, console->term);
	str_init(&log);
	log_read_end(history->directory, history->log, HISTORY_READ, &log);
	history->reading = true;
	if (log.len == HISTORY_READ && console_history_alternate(&log, &history->since, terminal_alternate(console->term)))
		terminal_write(term, "\033[?1049h", 8);
	terminal_write(term, log.text, log.len);
	console_history_join(term, &history->screen);
	terminal_resize(term, console->rows, console->columns);
	terminal_write(term, history->since.text, history->since.len);
	history->reading = false;
	str_finish(&log);
	terminal_take_points(term, console->term);
	terminal_free(console->term);
	console->term = term;
	forget_history(console);
	tell(console);
}

static void history_due(void *data)
{
	struct console *console = data;

	if (console->history.wanted)
		read_history(console);
}

/* The keeper's side. */

static void on_console(void *data, const void *bytes, size_t len, bool history)
{
	struct console *console = data;

	terminal_answers(console->term, !history && console->answerer);
	terminal_write(console->term, bytes, len);
	if (console->history.wanted)
		str_add(history ? &console->history.screen : &console->history.since, bytes, len);
	if (console->history.screen.len > SCREEN_BYTES_MAX)
		forget_history(console);
	if (console->history.since.len > HISTORY_READ)
		read_history(console);
	tell(console);
}

/* After a gap, what the window shows becomes scrollback. */
static void on_screen(void *data, int rows, int columns, int64_t log)
{
	struct console *console = data;

	forget_history(console);
	if (terminal_row_width(console->term, 0) > 0 || console->live)
		terminal_turn_page(console->term);
	terminal_resize(console->term, rows, columns);
	console->arriving = true;
	console->history.wanted = log > 0 && !console->live;
	console->history.log = log;
	console->history.rows = rows;
	console->history.columns = columns;
}

static void on_history_end(void *data)
{
	struct console *console = data;

	console->arriving = false;
	terminal_resize(console->term, console->rows, console->columns);
	if (console->history.wanted)
		loop_timer_arm(console->history.timer, 0);
	if (!console->live)
		set_note(console, NULL);
	console->live = true;
	tell(console);
}

static void on_gap(void *data, uint64_t missed)
{
	struct console *console = data;
	char *text = mem_printf("%llu bytes skipped here", (unsigned long long)missed);

	terminal_turn_page(console->term);
	write_line(console, text);
	free(text);
	tell(console);
}

static void on_step(void *data, const char *text)
{
	struct console *console = data;

	free(console->step);
	console->step = mem_strdup(text);
	set_note(console, mem_strdup(text));
	tell(console);
}

static void on_state(void *data, const struct keeper_state *state)
{
	struct console *console = data;
	const char *what = state->paused ? "paused" : state->unresponsive ? "does not react to the power button"
	                   : state->phase == VM_STOPPING ? "stopping" : NULL;

	if (state->paused && state->paused_why && *state->paused_why) {
		char *words = pause_words(state->paused_why);

		set_note(console, mem_printf("paused: %s", words));
		free(words);
	} else if (state->phase == VM_STARTING) {
		set_note(console, mem_printf("starting: %s", lifecycle_waits_for(state->pid > 0, console->step)));
	} else {
		set_note(console, mem_strdup(what));
	}
	tell(console);
}

static void on_answerer(void *data, bool we)
{
	((struct console *)data)->answerer = we;
}

static void on_notice(void *data, const char *text)
{
	struct console *console = data;

	console->watcher->said(console->data, text);
}

static void end(struct console *console, char *how)
{
	/* Or the second terminal would come without what is said of the end. */
	if (console->history.wanted && !console->arriving)
		read_history(console);
	console->over = true;
	console->live = false;
	write_line(console, how);
	set_note(console, how);
	tell(console);
}

static char *describe_end(const struct keeper_end *ended)
{
	struct vm_end ending = ending_of_keeper(ended);
	char *sentence = ending_sentence(&ending), *line;
	struct tm tm;
	char at[16];

	localtime_r(&ended->ended, &tm);
	strftime(at, sizeof(at), "%H:%M:%S", &tm);
	line = ended->started ? mem_printf("%s %s", at, sentence) : mem_strdup(sentence);
	free(sentence);
	return line;
}

static void on_ended(void *data, const struct keeper_end *ended)
{
	end(data, describe_end(ended));
}

void console_keeper_lost(struct console *console, const char *why)
{
	end(console, mem_printf("connection lost: %s", why));
}

static void on_lost(void *data, const char *why)
{
	console_keeper_lost(data, why);
}

static const struct keeper_events keeper_events = {
	.console = on_console, .screen = on_screen, .history_end = on_history_end, .gap = on_gap, .step = on_step, .state = on_state,
	.answerer = on_answerer, .notice = on_notice, .ended = on_ended, .lost = on_lost,
};

struct console *console_new(const char *name, const struct console_watcher *watcher, void *data)
{
	struct console *console = mem_alloc(sizeof(*console));

	console->name = mem_strdup(name);
	console->watcher = watcher;
	console->data = data;
	console->note = mem_strdup("connecting");
	str_init(&console->history.screen);
	str_init(&console->history.since);
	console->rows = CONSOLE_ROWS;
	console->columns = CONSOLE_COLUMNS;
	console->term = terminal_new(CONSOLE_ROWS, CONSOLE_COLUMNS, CONSOLE_SCROLLBACK, &terminal_events, console);
	return console;
}

bool console_connect(struct console *console, struct loop *loop, const struct registry_entry *entry, struct error *err)
{
	struct keeper_join join = { .role = ROLE_CONSOLE, .rows = console->rows, .columns = console->columns };

	console->history.directory = mem_strdup(entry->state);
	console->history.timer = loop_timer(loop, history_due, console);
	console->client = keeper_connect(loop, entry, &join, &keeper_events, console, err);
	return console->client != NULL;
}

void console_free(struct console *console)
{
	if (!console)
		return;
	keeper_close(console->client);
	forget_history(console);
	loop_timer_free(console->history.timer);
	free(console->history.directory);
	terminal_free(console->term);
	free(console->name);
	free(console->title);
	free(console->note);
	free(console->step);
	free(console);
}

void console_resize(struct console *console, int rows, int columns)
{
	rows = rows > CONSOLE_ROWS ? rows : CONSOLE_ROWS;
	columns = columns > CONSOLE_COLUMNS ? columns : CONSOLE_COLUMNS;
	if (rows == console->rows && columns == console->columns)
		return;
	console->rows = rows;
	console->columns = columns;
	if (!console->arriving)
		terminal_resize(console->term, rows, columns);
	if (console->client && !console->over)
		keeper_resize(console->client, rows, columns);
}

struct terminal *console_terminal(struct console *console)
{
	return console->term;
}

const struct terminal *console_screen(const struct console *console)
{
	return console->term;
}

const char *console_name(const struct console *console)
{
	return console->name;
}

const char *console_title(const struct console *console)
{
	return console->title ? console->title : "";
}

const char *console_link_at(const struct console *console, int row, int column)
{
	struct cell cell;

	terminal_cell(console->term, row, column, &cell);
	return cell.link ? terminal_link(console->term, cell.link) : NULL;
}

bool console_over(const struct console *console)
{
	return console->over;
}

const char *console_note(const struct console *console)
{
	return console->note ? console->note : "";
}

static void type_bytes(struct console *console, const void *bytes, size_t len)
{
	if (console->client && !console->over && len > 0)
		keeper_type(console->client, bytes, len);
}

void console_type(struct console *console, const struct key *key)
{
	char out[64];

	type_bytes(console, out, console_encode(console->term, key, out));
}

void console_mouse(struct console *console, const struct mouse_event *event)
{
	char out[64];

	type_bytes(console, out, terminal_mouse(console->term, event, out));
}
