/* SPDX-License-Identifier: MIT */
#include "ui/kit/screen.h"

#include "core/base/alloc.h"
#include "core/base/base64.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "ui/kit/key_terminfo.h"
#include "ui/kit/keys.h"
#include "ui/kit/outer_entry.h"
#include "ui/kit/outer_input.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* Pairs below this belong to the styles; using more pairs would cost ncurses too much memory. */
#define PAIR_FIRST 64
#define PAIR_LAST 32767

#define MOUSE_OFF "\033[?1003l\033[?1002l\033[?1000l\033[?1006l"

/* The terminal belongs to the whole process, and so does this state. */
static struct {
	SCREEN *curses;		/* NULL: not taken */
	FILE *hidden;		/* where a test's terminal writes */
	bool visible;		/* a real terminal: modes beyond those of curses are set and reset */
	bool lent;		/* another program has it: nothing is written */
	enum screen_mouse mouse;
	bool mouse_wanted;
	int shape;
	struct input_modes guest;	/* all zero: none */
	struct outer_input input;	/* what the terminal was asked for */
	bool kitty, kitty_asked;	/* it has the protocol; it was asked whether it has */
	const char *fallback;
	enum outer_attributes attributes;
	enum outer_link_use link_use;
	struct outer_links *links;	/* NULL: the terminal has none */
	struct str written;		/* by put_byte */
	int pair;		/* the pair that screen_pair returned last; 0: none */
	unsigned long reused;
} screen;

/* Sequences without a terminfo name. Terminals that do not know them ignore them. */
static void say(const char *sequence)
{
	size_t len = strlen(sequence);

	fflush(stdout);
	while (len > 0) {
		ssize_t wrote = write(STDOUT_FILENO, sequence, len);

		if (wrote < 0 && errno != EINTR && errno != EAGAIN)
			return;
		if (wrote > 0) {
			sequence += wrote;
			len -= (size_t)wrote;
		}
	}
}

static bool knows_xterm(void)
{
	const char *term = getenv("TERM");

	return term != NULL && strncmp(term, "vt", 2) != 0 && strncmp(term, "dumb", 4) != 0;
}

/* True if modes can be set that terminfo has no names for. */
static bool has_modes(void)
{
	return screen.visible && !screen.lent && knows_xterm();
}

static void report_input(const struct outer_input *wanted)
{
	char sequences[OUTER_INPUT_MAX];

	outer_input_change(&screen.input, wanted, sequences);
	if (sequences[0])
		say(sequences);
	screen.input = *wanted;
}

static void follow_guest(void)
{
	struct outer_input wanted = outer_input_for(&screen.guest, screen.kitty);

	if (!has_modes())
		return;
	if (!outer_input_safe(getenv("TERM")))
		wanted = (struct outer_input){ .focus = wanted.focus, .wheel_keys = wanted.wheel_keys };
	else if (outer_input_extends(&screen.guest) && !screen.kitty_asked)
		say("\033[?u");
	screen.kitty_asked |= wanted.kitty || wanted.other_keys;
	report_input(&wanted);
}

static void modes_on(void)
{
	screen.lent = false;
	if (!has_modes())
		return;
	say("\033[?2004h");
	follow_guest();
}

static void modes_off(void)
{
	if (!has_modes())
		return;
	report_input(&(struct outer_input){ 0 });
	say("\033[?2004l");
	say(MOUSE_OFF);
	if (screen.shape != 0)
		say("\033[0 q");
	screen.shape = 0;
}

/* assert and out of memory: restore the terminal, then die of the signal. */
static void on_abort(int signo)
{
	screen_close();
	signal(signo, SIG_DFL);
	raise(signo);
}

static void set_up_curses(void)
{
	struct termios mode;

	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	/* A read returns what is available and never blocks. */
	if (screen.visible && tcgetattr(STDIN_FILENO, &mode) == 0) {
		mode.c_cc[VMIN] = mode.c_cc[VTIME] = 0;
		tcsetattr(STDIN_FILENO, TCSADRAIN, &mode);
		def_prog_mode();
	}
	typeahead(-1);	/* never interrupt a draw for input; the loop decides when to draw */
}

/* Child processes get the original environment. name: of the entry, for the terminal type term. */
static SCREEN *open_entry(const char *term, const char *name, FILE *out, FILE *in)
{
	const char *set = getenv("TERMINFO");
	char *was = mem_strdup(set), *entry = outer_entry(term, name, screen.attributes);
	SCREEN *curses;

	if (entry)
		setenv("TERMINFO", entry, 1);
	curses = newterm(name, out, in);
	if (entry && was)
		setenv("TERMINFO", was, 1);
	else if (entry)
		unsetenv("TERMINFO");
	/* This curses does not support such a value, and the entry is only in the user's own database. */
	if (entry && curses == NULL)
		curses = newterm(name, out, in);
	free(entry);
	free(was);
	return curses;
}

static SCREEN *open_curses(const char *term, FILE *out, FILE *in)
{
	const char *fallback = outer_fallback(term);
	SCREEN *curses;

	if (!fallback || key_terminfo_exists(term))
		return open_entry(term, term, out, in);
	curses = open_entry(term, fallback, out, in);
	screen.fallback = curses ? fallback : NULL;
	return curses;
}

void screen_attributes(enum outer_attributes attributes)
{
	screen.attributes = attributes;
}

void screen_links(enum outer_link_use use)
{
	screen.link_use = use;
}

static const char *variable(const char *name)
{
	return getenv(name);
}

bool screen_open(struct error *err)
{
	const char *term = getenv("TERM");

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return error_set(err, "the screen needs a terminal; `paddock ls` and `paddock run` do not");
	/* The loop receives the signal. With the default action, ncurses would install and remove a handler at every draw. */
	signal(SIGTSTP, SIG_IGN);
	screen.curses = open_curses(term, stdout, stdin);
	if (screen.curses == NULL)
		return error_set(err, "terminal type \"%s\" is unknown; try TERM=xterm", term ? term : "");
	/* dumb, unknown: curses accepts them, but cannot move the cursor on them. */
	if (tigetstr("cup") == NULL) {
		endwin();
		delscreen(screen.curses);
		screen.curses = NULL;
		return error_set(err, "terminal type \"%s\" cannot move the cursor; `paddock ls` and `paddock run` do not need that",
		                 term ? term : "");
	}
	/* ncurses writes at every move of the cursor until endwin has been called once. */
	endwin();
	doupdate();
	screen.visible = true;
	if (outer_has_links(&(struct outer_facts){ .term = term, .variable = variable }, screen.link_use))
		screen.links = outer_links_new();
	str_init(&screen.written);
	signal(SIGABRT, on_abort);
	set_up_curses();
	modes_on();
	return true;
}

bool screen_open_hidden(const char *term, int rows, int columns, struct error *err)
{
	screen.hidden = fopen("/dev/null", "r+e");
	if (screen.hidden == NULL)
		return error_errno(err, "/dev/null");
	screen.curses = open_curses(term, screen.hidden, screen.hidden);
	if (screen.curses == NULL) {
		fclose(screen.hidden);
		screen.hidden = NULL;
		return error_set(err, "terminal type \"%s\" is unknown", term);
	}
	set_up_curses();
	resizeterm(rows, columns);
	return true;
}

void screen_close(void)
{
	if (screen.curses == NULL)
		return;
	modes_off();
	endwin();
	delscreen(screen.curses);
	screen.curses = NULL;
	if (screen.hidden != NULL)
		fclose(screen.hidden);
	screen.hidden = NULL;
	screen.visible = screen.lent = false;
	screen.mouse = MOUSE_OURS;
	screen.mouse_wanted = false;
	screen.shape = 0;
	screen.guest = (struct input_modes){ 0 };
	screen.kitty = screen.kitty_asked = false;
	screen.fallback = NULL;
	screen.attributes = ATTRIBUTES_AUTO;
	screen.link_use = LINKS_AUTO;
	outer_links_free(screen.links);
	screen.links = NULL;
	str_finish(&screen.written);
	screen.pair = 0;
	screen.reused = 0;
}

bool screen_has_mouse(void)
{
	return screen.mouse == MOUSE_GUEST || (screen.mouse != MOUSE_NOBODY && screen.mouse_wanted);
}

/* Mouse modes are exclusive: disable the old one before enabling the next. SGR reports are not limited to column 223. */
static void report_mouse(void)
{
	const char *mouse = tigetstr("kmous");

	if (!has_modes() || mouse == NULL || mouse == (const char *)-1)
		return;
	say(MOUSE_OFF);
	if (!screen_has_mouse())
		return;
	/* Motion only as far as it is wanted: each event wakes this process. */
	if (screen.mouse == MOUSE_DRAGS || (screen.mouse == MOUSE_GUEST && screen.guest.mouse == TERM_MOUSE_DRAG))
		say("[?1002h[?1006h");
	else if (screen.mouse == MOUSE_GUEST && screen.guest.mouse == TERM_MOUSE_ANY)
		say("[?1003h[?1006h");
	else
		say("[?1000h[?1006h");
}

void screen_lend(void)
{
	modes_off();
	screen.lent = true;
	endwin();
}

/*
 * Stops the whole job, as ^Z in a terminal does. Without a shell that could
 * continue it, the kernel ignores SIGTSTP, but not SIGSTOP, so SIGTSTP is used.
 * It is blocked and ignored otherwise.
 */
static void stop_process(void)
{
	struct sigaction plain = { .sa_handler = SIG_DFL }, before;
	sigset_t stop, mask;

	sigaction(SIGTSTP, &plain, &before);
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	kill(0, SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &stop, &mask);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	sigaction(SIGTSTP, &before, NULL);
}

void screen_suspend(void)
{
	screen_lend();
	stop_process();
	screen_resume();
}

void screen_resume(void)
{
	/* After a SIGSTOP the terminal was not restored before, but the shell has changed its modes. */
	reset_prog_mode();
	modes_on();
	report_mouse();
	screen_resized();
	clearok(curscr, TRUE);
	screen_update();
}

static int put_byte(int byte)
{
	str_addc(&screen.written, (char)byte);
	return byte;
}

void screen_update(void)
{
	if (screen.links)
		outer_links_before(screen.links);
	doupdate();
	if (!screen.links)
		return;
	outer_links_after(screen.links, put_byte);
	if (screen.written.len > 0)
		say(screen.written.text);
	str_clear(&screen.written);
}

int screen_link(unsigned name, const char *uri)
{
	return screen.links ? outer_links_number(screen.links, name, uri) : 0;
}

void screen_place_link(int row, int column, int columns, int link)
{
	if (screen.links)
		outer_links_place(screen.links, row, column, columns, link);
}

void screen_resized(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
		resizeterm(size.ws_row, size.ws_col);
}

void screen_mouse(enum screen_mouse mouse)
{
	if (mouse == screen.mouse)
		return;
	screen.mouse = mouse;
	report_mouse();
}

void screen_mouse_wanted(bool wanted)
{
	screen.mouse_wanted = wanted;
	report_mouse();
}

void screen_guest_input(const struct input_modes *guest)
{
	enum mouse_mode before = screen.guest.mouse;

	screen.guest = guest ? *guest : (struct input_modes){ 0 };
	follow_guest();
	if (screen.mouse == MOUSE_GUEST && screen.guest.mouse != before)
		report_mouse();
}

void screen_has_kitty(void)
{
	screen.kitty = true;
	follow_guest();
}

enum screen_copied screen_copy(const char *text, size_t len)
{
	const char *term = getenv("TERM");
	struct str sequence;

	if (!has_modes() || !outer_input_safe(term) || len > SCREEN_COPY)
		return COPY_IMPOSSIBLE;
	str_init_secret(&sequence);
	str_adds(&sequence, "\033]52;c;");
	base64_add(&sequence, text, len);
	/* BEL ends it where ST is not known. */
	str_addc(&sequence, '\a');
	say(sequence.text);
	str_finish(&sequence);
	return outer_takes_copies(term) ? COPY_TAKEN : COPY_SENT;
}

const char *screen_fallback(void)
{
	return screen.fallback;
}

void screen_cursor_shape(int shape)
{
	char sequence[16];

	if (shape < 0 || shape > 6)
		shape = 0;
	if (!has_modes() || shape == screen.shape)
		return;
	screen.shape = shape;
	snprintf(sequence, sizeof(sequence), "\033[%d q", shape);
	say(sequence);
}

/* With millions of colours, ncurses itself would never reuse a pair. */
int screen_pair(int foreground, int background)
{
	int pair = find_pair(foreground, background);

	if (pair >= 0)
		return pair;
	pair = screen.pair >= PAIR_FIRST && screen.pair < PAIR_LAST ? screen.pair + 1 : PAIR_FIRST;
	if (screen.reused || screen.pair == PAIR_LAST)
		screen.reused++;
	screen.pair = pair;
	return init_extended_pair(pair, foreground, background) == OK ? pair : 0;
}

unsigned long screen_pairs_reused(void)
{
	return screen.reused;
}

bool screen_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}
