/* SPDX-License-Identifier: MIT */
#include "core/base/str.h"
#include "ui/kit/key_meaning.h"
#include "ui/kit/key_parser.h"
#include "ui/kit/keys.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ESCAPE_MS 50

/* What comes from a terminal, and the keys that it says, by name; "!" in front of what is no key. */
struct row {
	const char *bytes, *keys;
};

static const struct row rows[] = {
	{ "ab\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "a b é € 😀" },
	{ "\r\t\x15\x7f\b\x01", "Enter Tab C-u Backspace Backspace C-a" },
	{ "\xff\xc0\xafz", "ÿ À ¯ z" },			/* no UTF-8: Latin-1 */
	{ "\033x\033\xc3\xa9\033\r\033\x7f", "A-x A-é A-Enter A-Backspace" },
	{ "\033\033x", "Esc A-x" },

	/* Keys, by xterm's letters and VT220's numbers. */
	{ "\033[A\033[B\033[C\033[D\033[H\033[F\033[Z", "Up Down Right Left Home End S-Tab" },
	{ "\033OA\033OB\033OC\033OD\033OH\033OF", "Up Down Right Left Home End" },
	{ "\033OP\033OQ\033OR\033OS\033[15~\033[17~\033[24~", "F1 F2 F3 F4 F5 F6 F12" },
	{ "\033[1~\033[2~\033[3~\033[4~\033[5~\033[6~", "Home Ins Del End PgUp PgDn" },
	{ "\033[[A\033[[E", "F1 F5" },
	{ "\033Ok\033Oj\033Om\033Oo\033On\033Op\033OM\033OX", "+ * - / . 0 Enter =" },
	{ "\033[1;5C\033[1;2A\033[3;5~\033[1;3D\033[1;8H\033[1;5P", "C-Right S-Up C-Del A-Left A-C-S-Home C-F1" },
	{ "\033\033[A\033\033OA\033[25~\033O5C", "A-Up A-Up F13 C-Right" },
	{ "\033[1;5R\033[1;69C", "C-F3 C-Right" },	/* num lock is no modifier */

	/* rxvt's. */
	{ "\033[a\033[c\033[d\033Oa\033Od\033[5^\033[3@\033[7~\033[8~\033[e\033[0^", "S-Up S-Right S-Left C-Up C-Left C-PgUp C-S-Del Home End ! !" },
	/* Terminfo's own. */
	{ "\033[7$\033Oa\033[7;\033y\x01@\rx", "S-Home C-Up ! A-y F9 x" },

	/* Spelled out: CSI u, modifyOtherKeys. */
	{ "\033[117;5u\033[27;5;117~\033[117;6u\033[85;5u", "C-u C-u C-u C-u" },
	{ "\033[97u\033[97;2u\033[97:65;2u\033[49:33;2u\033[120;3u", "a A A ! A-x" },
	{ "\033[13u\033[13;5u\033[9u\033[9;2u\033[27u\033[127u\033[32;5u", "Enter Enter Tab S-Tab Esc Backspace C-@" },
	{ "\033[105;5u\033[109;5u\033[91;5u\033[103;5u", "Tab Enter Esc C-g" },
	{ "\033[27;2;65~\033[27;5;103~\033[27;3;120~\033[27;5;9~", "A C-g A-x Tab" },
	{ "\033[1089::99;5u\033[8364u\033[57399u\033[57419u", "C-c € 0 Up" },
	{ "\033[117;5:1u\033[117;5:2u\033[117;5:3u\033[1;1:3A", "C-u C-u ! !" },
	{ "\033[117;9u\033[57441u\033[3u\033[u\033[27;5~\033[1;9A", "! ! ! ! ! !" },	/* Super, a modifier alone, none */

	/* Answers and reports. */
	{ "\033[?62;1;4c\033[>0;95;0c\033[24;80R\033[1;1R\033[?1;2R\033[0n", "! ! ! ! ! !" },
	{ "\033]11;rgb:1e1e/1e1e/1e1e\033\\\033]10;rgb:f/f/f\007q", "! ! q" },
	{ "\033P1$r0m\033\\\033P>|xterm\033\\\033_Gi=1;OK\033\\\033^q\033\\\033Xq\033\\", "! ! ! ! !" },
	{ "\033[?2004;1$y\033[4;2$y\033[8;24;80t\033[?0u\033[I\033[O", "! ! ! ! ! !" },
	{ "\033\033[24;80R\033\033]11;x\007", "Esc ! Esc !" },

	/* Unknown, or broken by what cannot be part of it. */
	{ "\033[99~\033[1;2;3z\033[?5h\033Oz\033[12;\r", "! ! ! ! ! Enter" },
	{ "\033]11;rgb\025\033[1\033[A\033[\r\033O\002", "! C-u ! Up A-[ Enter A-O C-b" },
	{ "\033]11;x\033[A\033[3\xc3\xa9", "! Up ! é" },

	/* The mouse. */
	{ "\033[<0;10;5M\033[<0;10;5m\033[<64;1;2M\033[<65;1;2M", "1+4,9 1-4,9 4+1,0 5+1,0" },
	{ "\033[<35;3;2M\033[<32;3;2M\033[<66;1;1M\033[<128;1;1M\033[<131;1;1m", "0+1,2 0+1,2 6+0,0 8+0,0 11-0,0" },
	{ "\033[<4;1;1M\033[<24;1;1M\033[<80;1;1M\033[<55;1;1M", "S1+0,0 AC1+0,0 C4+0,0 SC0+0,0" },
	{ "\033[<192;1;1M\033[<256;1;1M", "! !" },
	{ "\033[M *%\033[M#*%\033[M`!\"\033[M#*%", "1+4,9 1-4,9 4+1,0 !" },
	{ "\033[<16;300;200M\033[<0;0;1M\033[32;5;5M", "C1+199,299 ! !" },

	/* What is pasted is text. */
	{ "\033[200~a\033[A\x7f\033[2\033[201~\033[A", "{ a Esc [ A ^? Esc [ 2 } Up" },
};

/* As rxvt, and a Wyse. */
static const struct key_known known[] = {
	{ "\033[7$", { .code = KEY_HOME, .is_code = true, .shift = true } },
	{ "\033Oa", { .code = KEY_UP, .is_code = true, .ctrl = true } },
	{ "\x01@\r", { .code = KEY_F(9), .is_code = true } },
};

/* Tokens to names, and a clock that moves only when it is told to. */
struct rig {
	struct key_parser parser;
	struct str out;
	unsigned now, due;	/* ms; due 0: nothing waits */
};

static void rig_init(struct rig *rig)
{
	memset(rig, 0, sizeof(*rig));
	rig->now = 1000;
	key_parser_init(&rig->parser, known, sizeof(known) / sizeof(known[0]));
	str_init(&rig->out);
}

static void rig_finish(struct rig *rig)
{
	key_parser_finish(&rig->parser);
	str_finish(&rig->out);
}

static void put_key(struct str *out, const struct key *key)
{
	char name[40];

	if (key->is_code && key->code == KEY_MOUSE)
		str_addf(out, "%s%s%s%d%c%d,%d", key->mouse.modifiers & 1 ? "S" : "", key->mouse.modifiers & 2 ? "A" : "",
		         key->mouse.modifiers & 4 ? "C" : "", key->mouse.button, key->mouse.pressed ? '+' : '-', key->mouse.row, key->mouse.column);
	else if (key->is_code && (key->code == KEY_PASTE_BEGIN || key->code == KEY_PASTE_END))
		str_addc(out, key->code == KEY_PASTE_BEGIN ? '{' : '}');
	else if (!key->is_code && key->code == 127)
		str_adds(out, "^?");
	else
		str_adds(out, key_text(key, name, sizeof(name)));
}

static void take_tokens(struct rig *rig)
{
	struct key_token token;
	struct key key;
	unsigned ms;

	while (key_parser_next(&rig->parser, &token)) {
		enum key_meaning meaning = key_meaning(&rig->parser, &token, &key);

		if (rig->out.len > 0)
			str_addc(&rig->out, ' ');
		if (meaning == KEY_MEANS_KEY || meaning == KEY_MEANS_MOUSE)
			put_key(&rig->out, &key);
		else
			str_addc(&rig->out, '!');
	}
	rig->due = key_parser_waits(&rig->parser, ESCAPE_MS, &ms) ? rig->now + ms : 0;
}

static void send(struct rig *rig, const char *bytes, size_t len)
{
	key_parser_feed(&rig->parser, bytes, len);
	take_tokens(rig);
}

static void pass(struct rig *rig, unsigned ms)
{
	unsigned until = rig->now + ms;

	while (rig->due && rig->due <= until) {
		rig->now = rig->due;
		key_parser_expire(&rig->parser);
		take_tokens(rig);
	}
	rig->now = until;
}

static void each_sequence_becomes_its_key_or_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rig rig;

		rig_init(&rig);
		send(&rig, rows[i].bytes, strlen(rows[i].bytes));
		pass(&rig, 10000);
		assert_string_equal(rig.out.text, rows[i].keys);
		rig_finish(&rig);
	}
}

static void a_sequence_in_pieces_gives_the_same_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = strlen(rows[i].bytes);

		/* In two at each place, and in single bytes. */
		for (size_t split = 0; split <= len; split++) {
			struct rig rig;

			rig_init(&rig);
			for (size_t at = 0; split == 0 && at < len; at++)
				send(&rig, rows[i].bytes + at, 1);
			if (split > 0) {
				send(&rig, rows[i].bytes, split);
				pass(&rig, ESCAPE_MS - 1);
				send(&rig, rows[i].bytes + split, len - split);
			}
			pass(&rig, 10000);
			assert_string_equal(rig.out.text, rows[i].keys);
			rig_finish(&rig);
		}
	}
}

static void a_lone_escape_waits_and_an_incomplete_sequence_is_dropped(void **state)
{
	(void)state;
	static const struct { const char *first; unsigned ms; const char *second, *keys; } table[] = {
		{ "\033", ESCAPE_MS - 1, "[A", "Up" },
		{ "\033", ESCAPE_MS, "", "Esc" },
		{ "\033", ESCAPE_MS, "[A", "Esc [ A" },
		{ "\033\033", ESCAPE_MS, "x", "Esc Esc x" },
		{ "\033[", KEY_REST_MS - 1, "A", "Up" },
		{ "\033[1;5", KEY_REST_MS - 1, "C", "C-Right" },
		{ "\033[1;5", KEY_REST_MS, "q", "! q" },
		{ "\033]11;rgb:0", KEY_REST_MS - 1, "\007q", "! q" },
		{ "\033]11;rgb:0\033", KEY_REST_MS - 1, "\\q", "! q" },
		{ "\033]11;rgb:0", KEY_REST_MS, "q", "! q" },
		{ "\033P1$r", KEY_REST_MS, "q", "! q" },
		{ "\033[<0;1", KEY_REST_MS, "q", "! q" },
		{ "\033[M !", KEY_REST_MS, "q", "! q" },
		{ "\033[", KEY_REST_MS, "q", "A-[ q" },	/* one key: Alt and the bracket */
		{ "\033O", KEY_REST_MS, "q", "A-O q" },
		{ "\033\033[1;", KEY_REST_MS, "q", "Esc ! q" },
		{ "\xc3", KEY_REST_MS - 1, "\xa9", "é" },
		{ "\xc3", KEY_REST_MS, "q", "Ã q" },
		{ "\x01", ESCAPE_MS, "@", "C-a @" },
		{ "\033[200~\033", KEY_REST_MS - 1, "[201~x", "{ } x" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct rig rig;

		rig_init(&rig);
		send(&rig, table[i].first, strlen(table[i].first));
		pass(&rig, table[i].ms);
		send(&rig, table[i].second, strlen(table[i].second));
		assert_string_equal(rig.out.text, table[i].keys);
		assert_int_equal(rig.due, 0);
		rig_finish(&rig);
	}
}

/* However long: what is held has a limit, and all of it is dropped. */
static void an_endless_sequence_is_dropped_as_it_arrives(void **state)
{
	(void)state;
	static const char *const begins[] = { "\033]52;c;", "\033P", "\033[", "\033\033[" }, *const ends[] = { "\033\\", "\007", "m", "m" };
	static const char *const more[] = { "\033[A", "\025", "\r", "\r" }, *const keys[] = { "Up", "C-u", "Enter", "Enter" };

	for (size_t i = 0; i < 4; i++) {
		for (int whole = 0; whole < 2; whole++) {
			struct rig rig;

			rig_init(&rig);
			send(&rig, begins[i], strlen(begins[i]));
			for (int n = 0; n < 3 * KEY_HELD_MAX; n++)
				send(&rig, "1", 1);
			assert_true(rig.parser.pending.len < 2 * KEY_HELD_MAX);
			if (whole)
				send(&rig, ends[i], strlen(ends[i]));
			send(&rig, more[i], strlen(more[i]));
			assert_string_equal(rig.out.text + rig.out.len - strlen(keys[i]), keys[i]);
			assert_true(strspn(rig.out.text, "! ") >= rig.out.len - strlen(keys[i]));
			assert_int_equal(rig.due, 0);
			rig_finish(&rig);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_sequence_becomes_its_key_or_none),
		cmocka_unit_test(a_sequence_in_pieces_gives_the_same_keys),
		cmocka_unit_test(a_lone_escape_waits_and_an_incomplete_sequence_is_dropped),
		cmocka_unit_test(an_endless_sequence_is_dropped_as_it_arrives),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
