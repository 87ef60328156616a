/* SPDX-License-Identifier: MIT */
/* A guest that means harm to the terminal of whoever looks at it. */
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define GREETING "fake guest ready"
#define PROFILE "[vm]\nuuid = 11111111-2222-4333-8444-555555555555\n[boot]\nimage = @/disk.img\n[state]\ndirectory = @/state\n"

enum passes {
	NEVER,
	DRAWS,			/* passes everywhere */
	KEYS,			/* where keys go to the guest */
	ASKS,			/* never: the keeper answers */
	RESETS			/* spelled out */
};

struct trick {
	const char *name, *bytes;
	enum passes passes;
};

/* Bytes as the fake QEMU's !raw reads them. Questions are last: what the keeper answers is typed into the guest. */
static const struct trick tricks[] = {
	{ "OSC 52, clipboard", "\\e]52;c;cm0gLXJmIH4K\\x07", NEVER },
	{ "OSC 52, reading it", "\\e]52;c;?\\x07", NEVER },
	{ "OSC 0, title", "\\e]0;title\\x07", NEVER },
	{ "OSC 2, title", "\\e]2;title\\e\\\\", NEVER },
	{ "OSC 8, link", "\\e]8;;file:///etc/passwd\\x07", NEVER },
	{ "OSC 9, notification", "\\e]9;note\\x07", NEVER },
	{ "OSC 777, notification", "\\e]777;notify;a;b\\x07", NEVER },
	{ "OSC 1337, file", "\\e]1337;File=name=ZXZpbA==;inline=0:aGVsbG8=\\x07", NEVER },
	{ "OSC 10, foreground", "\\e]10;#ff00ff\\x07", NEVER },
	{ "OSC 4, palette", "\\e]4;1;#00ff00\\x07", NEVER },
	{ "OSC 50, font", "\\e]50;font\\x07", NEVER },
	{ "OSC 7, directory", "\\e]7;file://h/x\\x07", NEVER },
	{ "OSC 133, prompt", "\\e]133;A\\x07", NEVER },
	{ "title report", "\\e[21t", NEVER },
	{ "resize", "\\e[8;10;20t", NEVER },
	{ "iconify", "\\e[2t", NEVER },
	{ "printer", "\\e[5i", NEVER },
	{ "printer off", "\\e[4i", NEVER },
	{ "printer, DEC", "\\e[?5i", NEVER },
	{ "ENQ", "\\x05", NEVER },
	{ "DECUDK, function keys", "\\eP0;1|17/726d0d\\e\\\\", NEVER },
	{ "synchronized output", "\\e[?2026h", NEVER },
	{ "132 columns", "\\e[?40h\\e[?3h", NEVER },
	{ "keyboard lock", "\\e[2h", NEVER },
	{ "DECSCL", "\\e[61\"p", NEVER },
	{ "APC", "\\e_Gi=1,a=T,f=100;AAAA\\e\\\\", NEVER },
	{ "PM", "\\e^pm\\e\\\\", NEVER },
	{ "SOS", "\\eXsos\\e\\\\", NEVER },
	{ "screen's title", "\\ektitle\\e\\\\", NEVER },
	{ "through tmux", "\\ePtmux;\\e\\e]52;c;ZXZpbA==\\x07\\e\\\\", NEVER },
	{ "XTPUSHSGR", "\\e[#{", NEVER },
	{ "erase the scrollback", "\\e[3J", NEVER },
	{ "ISO 8859-1", "\\e%@", NEVER },
	{ "wheel as arrows", "\\e[?1007h", NEVER },
	{ "RIS", "\\ec", RESETS },
	{ "scroll region", "\\e[5;6r", DRAWS },
	{ "alternate screen", "\\e[?1049h", DRAWS },
	{ "no cursor", "\\e[?25l", DRAWS },
	{ "conceal", "\\e[8m", DRAWS },
	{ "shift out", "\\x0e", DRAWS },
	{ "line drawing", "\\e(0", DRAWS },
	{ "cursor shape", "\\e[5 q", DRAWS },
	{ "origin", "\\e[?6h", DRAWS },
	{ "no autowrap", "\\e[?7l", DRAWS },
	{ "insert", "\\e[4h", DRAWS },
	{ "side margins", "\\e[?69h\\e[5;10s", DRAWS },
	{ "reverse video", "\\e[?5h", DRAWS },
	{ "mouse 1003", "\\e[?1003h", KEYS },
	{ "mouse 9", "\\e[?9h", KEYS },
	{ "bracketed paste", "\\e[?2004h", KEYS },
	{ "modifyOtherKeys", "\\e[>4;2m", KEYS },
	{ "kitty's keyboard", "\\e[>1u", KEYS },
	{ "focus", "\\e[?1004h", KEYS },
	{ "new line", "\\e[20h", KEYS },
	{ "application keypad", "\\e=", KEYS },
	{ "application cursor keys", "\\e[?1h", KEYS },
	{ "DECRQSS", "\\eP$qm\\e\\\\", ASKS },
	{ "DA3", "\\e[=c", ASKS },
	{ "DECID", "\\eZ", ASKS },
	{ "DSR 5", "\\e[5n", ASKS },
	{ "XTGETTCAP", "\\eP+q544e\\e\\\\", ASKS },
	{ "DA", "\\e[c", ASKS },
	{ "DA2", "\\e[>c", ASKS },
	{ "CPR", "\\e[6n", ASKS },
};

/* C1 controls, of eight bits and as UTF-8: what is behind the former stays, as text; the latter become ESC and a letter. */
#define C1_TRICKS "\\x9b6n\\x9d52;c;ZXZpbA==\\x9c\\xc2\\x9d52;c;ZXZpbA==\\xc2\\x9c"
static const char *const c1[] = { "\2336n", "\23552;c", "\302\235", "\302\234" };

/* What a guest can leave a terminal in, and what undoes it. */
static const struct { const char *set, *reset; bool superseded; } modes[] = {
	{ "\\e[4h", "\033[4l", false }, { "\\e[20h", "\033[20l", false }, { "\\e[?5h", "\033[?5l", false },
	{ "\\e[?6h", "\033[?6l", false }, { "\\e[?69h\\e[5;10s", "\033[?69l", false }, { "\\e[?9h", "\033[?9l", true },
	{ "\\e[?1000h", "\033[?1000l", true }, { "\\e[?1002h", "\033[?1002l", true },
	{ "\\e[?1003h", "\033[?1003l", false }, { "\\e[?1004h", "\033[?1004l", false },
	{ "\\e[?1005h", "\033[?1005l", true }, { "\\e[?1006h", "\033[?1006l", true }, { "\\e[?1015h", "\033[?1015l", true },
	{ "\\e[?1016h", "\033[?1016l", false }, { "\\e[>4;2m", "\033[>4m", false }, { "\\e[5 q", "\033[0 q", false },
	{ "\\e[?12h", "\033[0 q", false }, { "\\e[?2004h", "\033[?2004l", false }, { "\\e[?25l", "\033[?25h", false },
	{ "\\e[5;6r", "\033[r", false }, { "\\e(0", "\033(B", false }, { "\\x0e", "\017", false },
	{ "\\e[?1049h", "\033[?1049l", false }, { "\\e=", "\033>", false }, { "\\e[?1h", "\033[?1l", false },
	{ "\\e[?7l", "\033[?7h", false }, { "\\e[?45h", "\033[?45l", false }, { "\\e[1\"q", "\033[0\"q", false },
	{ "\\e[7;31m", "\033[0m", false }, { "\\e[>1u", "\033[<99u\033[=0;1u", false },
};

static const char *last(const char *bytes, size_t len, const char *text)
{
	const char *found = NULL;

	for (const char *at = bytes; (at = memmem(at, len - (size_t)(at - bytes), text, strlen(text))); at++)
		found = at;
	return found;
}

/* As the fake QEMU does. */
static void unescape(const char *text, char out[128])
{
	size_t len = 0;

	for (; *text; text++) {
		unsigned hex;
		char c = *text;

		if (c == '\\') {
			c = *++text == 'e' ? '\033' : *text;
			if (*text == 'x' && sscanf(text + 1, "%2x", &hex) == 1) {
				c = (char)hex;
				text += 2;
			}
		}
		assert_true(len < 127);
		out[len++] = c;
	}
	out[len] = '\0';
}

/* Each between marks of its own, of which the echo has another spelling. */
static void play_tricks(struct tty *tty)
{
	char line[256];

	tty_type(tty, "!raw " C1_TRICKS "\r");
	for (size_t i = 0; i < sizeof(tricks) / sizeof(tricks[0]); i++) {
		snprintf(line, sizeof(line), "!raw \\x3c%zu>%s\\x3c/%zu>\r", i, tricks[i].bytes, i);
		if (tricks[i].passes == ASKS)
			line[strlen(line) - 1] = '\0';
		tty_type(tty, tricks[i].passes == ASKS && tricks[i - 1].passes == ASKS ? line + strlen("!raw ") : line);
	}
	tty_type(tty, "al\\\\ over\r");
}

/* What reached the terminal of trick i, at its first showing. */
static void between_marks(struct tty *tty, size_t i, char out[512])
{
	char begin[16], end[16];
	size_t len;
	const char *bytes = tty_bytes(tty, &len), *from, *to;

	snprintf(begin, sizeof(begin), "<%zu>", i);
	snprintf(end, sizeof(end), "</%zu>", i);
	from = memmem(bytes, len, begin, strlen(begin));
	assert_non_null(from);
	from += strlen(begin);
	to = memmem(from, len - (size_t)(from - bytes), end, strlen(end));
	assert_non_null(to);
	assert_true(to - from < 512);
	memcpy(out, from, (size_t)(to - from));
	out[to - from] = '\0';
}

static void assert_no_c1(struct tty *tty)
{
	size_t len;
	const char *bytes = tty_bytes(tty, &len);

	for (size_t i = 0; i < sizeof(c1) / sizeof(c1[0]); i++)
		assert_null(memmem(bytes, len, c1[i], strlen(c1[i])));
}

/* most: of the kinds above the last that passes here. */
static void assert_passed(struct tty *tty, enum passes most)
{
	assert_no_c1(tty);
	for (size_t i = 0; i < sizeof(tricks) / sizeof(tricks[0]); i++) {
		char got[512], want[128];

		between_marks(tty, i, got);
		unescape(tricks[i].bytes, want);
		if (tricks[i].passes == RESETS ? strstr(got, want) || !strstr(got, "\033[r") :
		    tricks[i].passes == NEVER || tricks[i].passes > most ? *got != '\0' : strcmp(got, want) != 0)
			fail_msg("%s: the terminal got \"%s\"", tricks[i].name, got);
	}
}

/* Where all is drawn by ncurses, marks and all. */
static void assert_unharmed(struct tty *tty)
{
	size_t len;
	const char *bytes = tty_bytes(tty, &len);

	assert_no_c1(tty);
	for (size_t i = 0; i < sizeof(tricks) / sizeof(tricks[0]); i++) {
		char trick[128];

		unescape(tricks[i].bytes, trick);
		if ((tricks[i].passes == NEVER || tricks[i].passes == RESETS) && memmem(bytes, len, trick, strlen(trick)))
			fail_msg("the terminal got %s", tricks[i].name);
	}
}

static void set_modes(struct tty *tty)
{
	tty_type(tty, "!raw ");
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		tty_type(tty, modes[i].set);
	tty_type(tty, "gon\\x65\r");
	tty_wait_bytes(tty, "gone");
}

/* What undoes a mode must be behind what set it. later: the terminal has got the screen only, in the modes of the end. */
static void assert_undone(struct tty *tty, bool later)
{
	size_t len;
	const char *bytes = tty_bytes(tty, &len);
	const char *end = last(bytes, len, "gone");

	assert_non_null(end);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		const char *reset = last(bytes, len, modes[i].reset);

		if (later && modes[i].superseded)
			continue;
		if (!reset || reset < end)
			fail_msg("%s stays", modes[i].set);
	}
}

static void start_web(struct home *home)
{
	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", PROFILE);
	expect(home, 0, "start", "web");
}

static void leave(struct tty *tty)
{
	tty_type(tty, "\r~.");
	assert_int_equal(tty_wait_end(tty), 0);
}

static void no_trick_reaches_the_terminal(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	struct tty *run = tty_open(home, 24, 80, "run", "disk.img");
	tty_wait(run, GREETING);

	struct tty *attach = tty_open(home, 24, 80, "attach", "disk.img");
	tty_wait(attach, GREETING);
	/* Whose keys are read nowhere, as with `log`. */
	struct tty *reader = tty_open(home, 24, 80, "attach", "--read-only", "disk.img");
	tty_wait(reader, GREETING);
	struct tty *piped = tty_start(home, 24, 80, (const char *const[]){ "/bin/sh", "-c", "\"$0\" attach disk.img </dev/null",
	                                                                   need_env("PADDOCK"), NULL });
	tty_wait(piped, GREETING);
	play_tricks(run);
	tty_wait_bytes(run, "al\\ over");
	tty_wait_bytes(attach, "al\\ over");
	tty_wait_bytes(reader, "al\\ over");
	tty_wait_bytes(piped, "al\\ over");
	tty_type(run, "\r!raw \\ecal\\x6c seen\r");
	tty_wait(run, "all seen");
	leave(run);
	leave(attach);
	leave(reader);
	assert_passed(run, KEYS);
	assert_passed(attach, KEYS);
	assert_passed(reader, DRAWS);
	assert_passed(piped, DRAWS);
	tty_close(run);
	tty_close(attach);
	tty_close(reader);
	tty_close(piped);

	/* Who comes later gets the screen that they have left. */
	attach = tty_open(home, 24, 80, "attach", "disk.img");
	tty_wait(attach, "all seen");
	leave(attach);
	assert_unharmed(attach);
	tty_close(attach);

	wait_for_output(home, "al\\ over", "log", "disk.img");
	struct tty *log = tty_open(home, 24, 80, "log", "disk.img");
	assert_int_equal(tty_wait_end(log), 0);
	assert_passed(log, DRAWS);
	tty_close(log);

	struct tty *follow = tty_open(home, 24, 80, "log", "-f", "disk.img");
	tty_wait_bytes(follow, "al\\ over");
	assert_passed(follow, DRAWS);
	tty_close(follow);
}

static void no_trick_leaves_the_pane(void **state)
{
	struct home *home = *state;

	start_web(home);
	struct tty *tty = tty_open(home, 30, 100, ".");
	tty_wait(tty, "web");
	tty_type(tty, "\r");
	tty_wait(tty, GREETING);
	play_tricks(tty);
	tty_type(tty, "\r!raw \\ecal\\x6c seen\r");
	tty_wait(tty, "all seen");
	tty_type(tty, "\007dq");
	assert_int_equal(tty_wait_end(tty), 0);
	assert_unharmed(tty);
	tty_close(tty);
}

static void what_was_set_is_undone(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	struct tty *run = tty_open(home, 24, 80, "run", "disk.img");
	tty_wait(run, GREETING);
	set_modes(run);
	leave(run);
	assert_undone(run, false);
	tty_close(run);

	struct tty *attach = tty_open(home, 24, 80, "attach", "disk.img");
	tty_wait_bytes(attach, "gone");
	leave(attach);
	assert_undone(attach, true);
	tty_close(attach);

	/* The guest ends by itself. */
	attach = tty_open(home, 24, 80, "attach", "disk.img");
	tty_wait_bytes(attach, "gone");
	tty_type(attach, "\r!exit 0\r");
	assert_int_equal(tty_wait_end(attach), 0);
	assert_undone(attach, true);
	tty_close(attach);
}

static void suspending_undoes_it_and_continuing_sets_it_again(void **state)
{
	struct home *home = *state;

	start_web(home);
	struct tty *tty = tty_open(home, 24, 80, "attach", "web");
	tty_wait(tty, GREETING);
	set_modes(tty);
	kill(tty_pid(tty), SIGTSTP);
	process_wait_stopped(tty_pid(tty));
	assert_undone(tty, false);
	tty_drain(tty);
	tty_wait_bytes(tty, "\033[?1004l");
	kill(tty_pid(tty), SIGCONT);
	tty_wait_bytes(tty, "\033[?1004h");
	leave(tty);
	assert_undone(tty, false);
	tty_close(tty);
}

static void keys_are_spelled_out_for_a_guest_that_has_asked(void **state)
{
	struct home *home = *state;

	start_web(home);
	struct tty *tty = tty_open(home, 24, 80, "attach", "web");
	tty_wait(tty, GREETING);
	tty_type(tty, "plain\033[27;5;105~!\r!raw \\e[>4;2m\r");
	tty_wait_bytes(tty, "\033[>4;2m");
	tty_type(tty, "asked\033[27;5;105~!\r");
	wait_for_output(home, "asked\033[27;5;105~!", "log", "web");
	wait_for_output(home, "plain\t!", "log", "web");
	tty_type(tty, "!raw \\e[>4m\\e[>9u\r");
	tty_wait_bytes(tty, "\033[>1u");
	tty_type(tty, "kitty\033[105;5u!\r");
	wait_for_output(home, "kitty\033[105;5u!", "log", "web");
	leave(tty);
	tty_close(tty);
}

static void raw_and_pipes_get_every_byte(void **state)
{
	struct home *home = *state;

	start_web(home);
	struct tty *tty = tty_open(home, 24, 80, "attach", "--raw", "web");
	tty_wait(tty, GREETING);
	tty_type(tty, "!raw \\e]52;c;Zm9v\\x07\r");
	tty_wait_bytes(tty, "\033]52;c;Zm9v\007");
	tty_type(tty, "\r~.");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
	wait_for_output(home, "52;c;Zm9v", "log", "web");
	tty = tty_open_piped(home, "log", "web");
	tty_wait_bytes(tty, "\033]52;c;Zm9v\007");
	tty_close(tty);
	tty = tty_open(home, 24, 80, "log", "--raw", "web");
	tty_wait_bytes(tty, "\033]52;c;Zm9v\007");
	tty_close(tty);
}

/* ^C in `log -f` is how it is always left. */
static void an_interrupted_log_gives_the_terminal_back(void **state)
{
	struct home *home = *state;

	start_web(home);
	struct tty *tty = tty_open(home, 24, 80, "attach", "web");
	tty_wait(tty, GREETING);
	tty_type(tty, "!raw \\e[?1049h\\e[?25lhidden\r");
	tty_wait_bytes(tty, "\033[?25lhidden");
	tty_close(tty);
	wait_for_output(home, "\033[?25lhidden", "log", "web");
	tty = tty_open(home, 24, 80, "log", "-f", "web");
	tty_wait_bytes(tty, "\033[?25lhidden");
	tty_type(tty, "\003");
	assert_int_equal(tty_wait_end(tty), 128 + SIGINT);
	size_t len;
	const char *bytes = tty_bytes(tty, &len);
	assert_non_null(last(bytes, len, "\033[?1049l"));
	assert_non_null(last(bytes, len, "\033[?25h"));
	tty_close(tty);
}

/* What a terminal answers when the console is left already is not typed into the shell, nor does it keep anybody there. */
static void answers_under_way_do_not_reach_the_shell(void **state)
{
	struct home *home = *state;
	static const char script[] = "\"$0\" attach web; stty -icanon -echo min 0 time 3; "
				     "echo left=$(dd bs=64 count=1 2>/dev/null | wc -c)";

	start_web(home);
	struct tty *tty = tty_start(home, 24, 80, (const char *const[]){ "/bin/sh", "-c", script, need_env("PADDOCK"), NULL });
	tty_wait(tty, GREETING);
	/* The terminal answers as it is read: not before the console has been left. */
	tty_type(tty, "!raw \\e[6n\\e[6n\\e[6n\\e[6n\r");
	tty_type(tty, "\r~\033[24;80R.");
	tty_wait(tty, "left=0");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(no_trick_reaches_the_terminal),
		story(no_trick_leaves_the_pane),
		story(what_was_set_is_undone),
		story(suspending_undoes_it_and_continuing_sets_it_again),
		story(keys_are_spelled_out_for_a_guest_that_has_asked),
		story(raw_and_pipes_get_every_byte),
		story(answers_under_way_do_not_reach_the_shell),
		story(an_interrupted_log_gives_the_terminal_back),
	};

	return cmocka_run_group_tests_name("hostile", tests, NULL, NULL);
}
