/* SPDX-License-Identifier: MIT */
#include "ui/kit/key_input.h"

#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/str.h"
#include "ui/kit/screen.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* The terminal is a pipe. A lone ESC waits only for one turn of the loop. */
struct rig {
	struct loop *loop;
	struct key_input *input;
	int ends[2];
	struct str keys;	/* by name */
	bool pause;		/* at the next key */
	bool ended;
};

static bool on_key(void *data, const struct key *key)
{
	struct rig *rig = data;
	char name[40];
	bool in = key->is_code && key->code == KEY_FOCUS_IN, out = key->is_code && key->code == KEY_FOCUS_OUT;

	str_addf(&rig->keys, "%s%s", rig->keys.len ? " " : "", in ? "<in>" : out ? "<out>" : key_text(key, name, sizeof(name)));
	if (rig->pause)
		key_input_pause(rig->input, true);
	return true;
}

static void on_kitty(void *data)
{
	str_adds(&((struct rig *)data)->keys, "<kitty>");
}

static void on_ended(void *data)
{
	((struct rig *)data)->ended = true;
}

static void rig_init(struct rig *rig)
{
	static const struct key_input_events events = { .key = on_key, .ended = on_ended, .kitty = on_kitty };
	struct error err;

	memset(rig, 0, sizeof(*rig));
	str_init(&rig->keys);
	setenv("ESCDELAY", "0", 1);
	assert_true(screen_open_hidden("xterm", 24, 80, &err));
	assert_int_equal(pipe(rig->ends), 0);
	rig->loop = loop_new();
	assert_non_null(rig->loop);
	rig->input = key_input_new(rig->loop, rig->ends[0], &events, rig);
}

static void rig_finish(struct rig *rig)
{
	key_input_free(rig->input);
	loop_free(rig->loop);
	close(rig->ends[0]);
	if (rig->ends[1] >= 0)
		close(rig->ends[1]);
	screen_close();
	str_finish(&rig->keys);
}

static void put(struct rig *rig, const char *bytes)
{
	assert_int_equal(write(rig->ends[1], bytes, strlen(bytes)), (ssize_t)strlen(bytes));
}

static void a_lone_escape_is_esc_after_a_timeout(void **state)
{
	(void)state;
	struct rig rig;

	rig_init(&rig);
	put(&rig, "a\033");
	loop_turn(rig.loop, 0);
	assert_string_equal(rig.keys.text, "a");
	loop_turn(rig.loop, 0);
	assert_string_equal(rig.keys.text, "a Esc");
	put(&rig, "[A");
	loop_turn(rig.loop, 0);
	assert_string_equal(rig.keys.text, "a Esc [ A");
	rig_finish(&rig);
}

/* On a busy machine the timeout may end before the process can read bytes that arrived in time. */
static void bytes_that_arrive_before_the_timeout_belong_to_the_sequence(void **state)
{
	(void)state;
	struct rig rig;

	rig_init(&rig);
	put(&rig, "\033");
	loop_turn(rig.loop, 0);
	put(&rig, "[1;");
	loop_turn(rig.loop, 0);
	assert_string_equal(rig.keys.text, "");
	put(&rig, "5A");
	loop_turn(rig.loop, 0);
	assert_string_equal(rig.keys.text, "C-Up");
	rig_finish(&rig);
}

static void focus_reports_are_passed_on_and_the_answer_about_kitty_is_noted(void **state)
{
	(void)state;
	struct rig rig;

	rig_init(&rig);
	put(&rig, "a\033[Ob\033[I\033[?0u\033[117;9u");
	loop_turn(rig.loop, 0);
	assert_string_equal(rig.keys.text, "a <out> b <in><kitty> u");
	rig_finish(&rig);
}

static void answers_are_not_keys(void **state)
{
	(void)state;
	struct rig rig;

	rig_init(&rig);
	put(&rig, "\033]11;rgb:0/0/0\033\\\033[?62;c\033[12;40R\033[99;99zq");
	loop_turn(rig.loop, 0);
	assert_string_equal(rig.keys.text, "q");
	rig_finish(&rig);
}

/* Keys after the one that lends the terminal are handled when it is back. */
static void keys_wait_while_the_terminal_is_lent(void **state)
{
	(void)state;
	struct rig rig;

	rig_init(&rig);
	rig.pause = true;
	put(&rig, "Eab");
	loop_turn(rig.loop, 0);
	put(&rig, "c");
	loop_turn(rig.loop, 0);
	assert_string_equal(rig.keys.text, "E");
	rig.pause = false;
	key_input_pause(rig.input, false);
	loop_turn(rig.loop, 0);
	loop_turn(rig.loop, 0);
	assert_string_equal(rig.keys.text, "E a b c");
	rig_finish(&rig);
}

static void the_end_of_the_terminal_follows_its_last_keys(void **state)
{
	(void)state;
	struct rig rig;

	rig_init(&rig);
	put(&rig, "q");
	close(rig.ends[1]);
	rig.ends[1] = -1;
	loop_turn(rig.loop, 0);
	assert_string_equal(rig.keys.text, "q");
	assert_true(rig.ended);
	rig_finish(&rig);
}

static void escdelay_is_a_number_of_milliseconds(void **state)
{
	(void)state;
	static const struct { const char *text; unsigned ms; } table[] = {
		{ NULL, 50 }, { "", 50 }, { "0", 0 }, { "25", 25 }, { "2000", 2000 }, { "x", 50 }, { "-1", 50 }, { "10x", 50 },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].text)
			setenv("ESCDELAY", table[i].text, 1);
		else
			unsetenv("ESCDELAY");
		assert_int_equal(key_escape_ms(), table[i].ms);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lone_escape_is_esc_after_a_timeout),
		cmocka_unit_test(bytes_that_arrive_before_the_timeout_belong_to_the_sequence),
		cmocka_unit_test(focus_reports_are_passed_on_and_the_answer_about_kitty_is_noted),
		cmocka_unit_test(answers_are_not_keys),
		cmocka_unit_test(keys_wait_while_the_terminal_is_lent),
		cmocka_unit_test(the_end_of_the_terminal_follows_its_last_keys),
		cmocka_unit_test(escdelay_is_a_number_of_milliseconds),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
