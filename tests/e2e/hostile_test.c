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

/* As the fake QEMU's !raw reads them; nothing of any may reach a terminal. */
static const char *const tricks[] = {
	"\\e]52;c;cm0gLXJmIH4K\\x07", "\\e]52;c;?\\x07", "\\e]0;title\\x07", "\\e]2;title\\e\\\\", "\\e]8;;file:///etc/passwd\\x07",
	"\\e]9;note\\x07", "\\e]777;notify;a;b\\x07", "\\e]1337;File=name=ZXZpbA==;inline=0:aGVsbG8=\\x07", "\\e]10;#ff00ff\\x07",
	"\\e]4;1;#00ff00\\x07", "\\e]50;font\\x07", "\\e]7;file://h/x\\x07", "\\e]133;A\\x07", "\\e[21t", "\\e[8;10;20t", "\\e[2t",
	"\\e[5i", "\\e[4i", "\\eP$qm\\e\\\\", "\\e[=c", "\\eZ", "\\x05", "\\eP0;1|17/726d0d\\e\\\\", "\\e[>31u", "\\e[?2026h",
	"\\e[?40h\\e[?3h", "\\ec", "\\e[2h", "\\e[61\"p", "\\e_Gi=1,a=T,f=100;AAAA\\e\\\\", "\\e^pm\\e\\\\", "\\eXsos\\e\\\\",
	"\\ektitle\\e\\\\", "\\x9d52;c;ZXZpbA==\\x9c", "\\x9b6n", "\\xc2\\x9d52;c;ZXZpbA==\\xc2\\x9c",
	"\\ePtmux;\\e\\e]52;c;ZXZpbA==\\x07\\e\\\\", "\\eP+q544e\\e\\\\", "\\e[#{", "\\e[3J", "\\e[?5i", "\\e[5n", "\\e%@",
};

/* Bytes of which each belongs to one of them. */
static const char *const traces[] = {
	"\033]52", "\033]0", "\033]2", "\033]8", "\033]9", "\033]7", "\033]1337", "\033]10", "\033]4", "\033]5", "\033]133",
	"\033[21t", "\033[8;", "\033[2t", "\033[5i", "\033[?5i", "\033[4i", "\033P", "\033[=c", "\033Z", "\005", "\033[>31u", "\033[?2026h", "\033[?40h", "\033[?3h", "\033c",
	"\033[2h", "\033[61", "\033_", "\033^", "\033X", "\033k", "\2336n", "\235", "\302\235", "\033[#{", "\033[3J", "\033%@",
};

/* What they may do to it is undone when they are left: set and reset. */
static const struct { const char *set, *reset; } modes[] = {
	{ "\\e[4h", "\033[4l" }, { "\\e[20h", "\033[20l" }, { "\\e[?5h", "\033[?5l" }, { "\\e[?69h\\e[5;10s", "\033[?69l" },
	{ "\\e[?1015h", "\033[?1015l" }, { "\\e[?1004h", "\033[?1004l" }, { "\\e[?1007h", "\033[?1007l" },
	{ "\\e[>4;2m", "\033[>4;0m" }, { "\\e[5 q", "\033[0 q" }, { "\\e[?1003h", "\033[?1003l" }, { "\\e[?2004h", "\033[?2004l" },
	{ "\\e[?25l", "\033[?25h" }, { "\\e[5;6r", "\033[r" }, { "\\e(0", "\033(B" }, { "\\e[?1049h", "\033[?1049l" },
	{ "\\e=", "\033>" }, { "\\e[?1h", "\033[?1l" }, { "\\e[?7l", "\033[?7h" },
};

static void be_evil(struct tty *tty)
{
	tty_type(tty, "!raw ");
	for (size_t i = 0; i < sizeof(tricks) / sizeof(tricks[0]); i++)
		tty_type(tty, tricks[i]);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		tty_type(tty, modes[i].set);
	/* Whatever is echoed holds it in two parts. */
	tty_type(tty, "al\\\\ over\r");
	tty_wait_bytes(tty, "al\\ over");
}

static const char *last(const char *bytes, size_t len, const char *text)
{
	const char *found = NULL;

	for (const char *at = bytes; (at = memmem(at, len - (size_t)(at - bytes), text, strlen(text))); at++)
		found = at;
	return found;
}

static void assert_unharmed(struct tty *tty)
{
	size_t len;
	const char *bytes = tty_bytes(tty, &len);

	for (size_t i = 0; i < sizeof(traces) / sizeof(traces[0]); i++)
		if (memmem(bytes, len, traces[i], strlen(traces[i])))
			fail_msg("the terminal got \"ESC%s\"", traces[i] + (*traces[i] == '\033'));
}

/* input: whether the modes for keys and mouse have passed. */
static void assert_undone(struct tty *tty, bool input)
{
	size_t len;
	const char *bytes = tty_bytes(tty, &len);
	const char *end = last(bytes, len, "over");

	assert_non_null(end);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		const char *reset = last(bytes, len, modes[i].reset);

		if (input && (!reset || reset < end))
			fail_msg("%s stays", modes[i].set);
	}
	if (!input)
		assert_null(last(bytes, len, "\033[?1003h"));
}

static void start_web(struct home *home)
{
	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", PROFILE);
	expect(home, 0, "start", "web");
}

static void run_attach_and_log_keep_it_from_the_terminal(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	struct tty *run = tty_open(home, 24, 80, "run", "disk.img");
	tty_wait(run, GREETING);
	be_evil(run);
	tty_type(run, "\r~.");
	assert_int_equal(tty_wait_end(run), 0);
	assert_unharmed(run);
	assert_undone(run, true);
	tty_close(run);

	struct tty *attach = tty_open(home, 24, 80, "attach", "disk.img");
	tty_wait_bytes(attach, "al\\ over");
	tty_type(attach, "\r~.");
	assert_int_equal(tty_wait_end(attach), 0);
	assert_unharmed(attach);
	assert_undone(attach, true);
	tty_close(attach);

	wait_for_output(home, "al\\ over", "log", "disk.img");
	struct tty *log = tty_open(home, 24, 80, "log", "disk.img");
	assert_int_equal(tty_wait_end(log), 0);
	assert_unharmed(log);
	assert_undone(log, false);
	tty_close(log);
}

static void the_output_is_filtered_where_only_that_is_a_terminal(void **state)
{
	struct home *home = *state;

	start_web(home);
	struct tty *evil = tty_open(home, 24, 80, "attach", "web");
	tty_wait(evil, GREETING);
	be_evil(evil);
	tty_close(evil);
	struct tty *tty = tty_start(home, 24, 80, (const char *const[]){ "/bin/sh", "-c", "\"$0\" attach web </dev/null",
	                                                                 need_env("PADDOCK"), NULL });
	tty_wait_bytes(tty, "al\\ over");
	assert_unharmed(tty);
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
		story(run_attach_and_log_keep_it_from_the_terminal),
		story(the_output_is_filtered_where_only_that_is_a_terminal),
		story(raw_and_pipes_get_every_byte),
		story(answers_under_way_do_not_reach_the_shell),
		story(an_interrupted_log_gives_the_terminal_back),
	};

	return cmocka_run_group_tests_name("hostile", tests, NULL, NULL);
}
