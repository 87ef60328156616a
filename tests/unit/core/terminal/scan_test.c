/* SPDX-License-Identifier: MIT */
#include "core/terminal/scan.h"

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* Events as text: printed characters as they are, all others in <>. */

static void add_csi(struct str *out, const struct scan *scan)
{
	str_adds(out, "<CSI ");
	if (scan->prefix)
		str_addc(out, (char)scan->prefix);
	for (int i = 0; i < scan->param_count; i++) {
		str_adds(out, i == 0 ? "" : scan->sub >> i & 1 ? ":" : ";");
		if (scan->given >> i & 1)
			str_addf(out, "%u", scan->param[i]);
		else
			assert_int_equal(scan->param[i], 0);
	}
	str_addf(out, "%s%c>", (const char[]){ (char)scan->intermediate[0], (char)scan->intermediate[1], '\0' }, scan->final);
}

static void add_event(struct str *out, const struct scan *scan, enum scan_event event)
{
	switch (event) {
	case SCAN_ASCII:
		str_add(out, scan->text, scan->len);
		break;
	case SCAN_TEXT:
		for (int i = 0; i < scan->count; i++) {
			char bytes[4];

			str_add(out, bytes, utf8_encode(scan->chars[i], bytes));
		}
		break;
	case SCAN_CONTROL:
		str_addf(out, "<%02x>", scan->final);
		break;
	case SCAN_ESCAPE:
		str_addf(out, "<ESC %s%c>", (const char[]){ (char)scan->intermediate[0], (char)scan->intermediate[1], '\0' },
		         scan->final);
		break;
	case SCAN_CSI:
		add_csi(out, scan);
		break;
	case SCAN_STRING:
		assert_int_equal(scan->string[scan->len], 0);
		str_addf(out, "<%c %s%s>", scan->kind, scan->string, scan->bell ? " BEL" : "");
		break;
	default:
		break;
	}
}

static void feed(struct scan *scan, const char *bytes, size_t len, struct str *out)
{
	const unsigned char *at = (const unsigned char *)bytes, *end = at + len;

	while (at < end)
		add_event(out, scan, scan_next(scan, &at, end));
}

static const struct {
	const char *bytes, *events;
} table[] = {
	{ "plain text", "plain text" }, { "a\r\n\tb\a", "a<0d><0a><09>b<07>" }, { "a\x7f" "b", "ab" },
	{ "gr\xc3\xbc\xc3\x9f" "e \xe6\xbc\xa2 \xf0\x9f\xa5\xb0", "gr\xc3\xbc\xc3\x9f" "e \xe6\xbc\xa2 \xf0\x9f\xa5\xb0" },
	/* One replacement for each maximal part. */
	{ "\xc3\xe6\xbc\xf0\x9f\xa5.\xff\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd.\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	{ "\xe6\xbc\033[mx", "\xef\xbf\xbd<CSI m>x" },
	{ "\033[m\033[1m\033[;7H\033[38;5;9m", "<CSI m><CSI 1m><CSI ;7H><CSI 38;5;9m>" },
	{ "\033[4:3m\033[38:2::1:2:3;1m", "<CSI 4:3m><CSI 38:2::1:2:3;1m>" },
	{ "\033[?25l\033[>4;2m\033[<u\033[=1;2u", "<CSI ?25l><CSI >4;2m><CSI <u><CSI =1;2u>" },
	{ "\033[2 q\033[!p\033[?7$p\033[1'*\"x", "<CSI 2 q><CSI !p><CSI ?7$p>" },
	{ "\033[99999999999;65536m", "<CSI 65535;65535m>" },
	{ "\033[1?2mx\033[ 1mx\033[?<my\033[<>m", "xxy" },
	{ "\033[1\n2mx\033[3\x7f;4H", "<0a><CSI 12m>x<CSI 3;4H>" },
	{ "\033[12\030m\033[3\032H\033[4\033[5m", "mH<CSI 5m>" }, { "\033[12\xc3\xa9m", "\xc3\xa9m" },
	{ "\0337\033D\033(B\033#8\033%G\033 F\033(%5\033(*-Ax", "<ESC 7><ESC D><ESC (B><ESC #8><ESC %G><ESC  F><ESC (%5>Ax" },
	{ "\xc2\x9b" "31m\xc2\x85\xc2\x9d" "0;x\xc2\x9c.", "<CSI 31m><ESC E><] 0;x>." },
	{ "\033]0;title\a\033]2;two\033\\x", "<] 0;title BEL><] 2;two>x" },
	{ "\033P$qm\033\\\033_apc\a\033\\\033^pm\033\\\033Xsos\033\\", "<P $qm><_ apc\a><^ pm><X sos>" },
	{ "\033]8;;http://\xc3\xa4\033\\", "<] 8;;http://\xc3\xa4>" },
	{ "\033]0;cancelled\030x\033]0;y\032z\033]0;ended\033[mx", "xz<CSI m>x" },
	{ "\033]P1aabbccA\033]RB\033]P12x;y\a", "AB<] x;y BEL>" },
};

static void sequences_become_events_in_any_pieces(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		size_t len = strlen(table[i].bytes);

		for (size_t piece = 1; piece <= len; piece++) {
			struct scan *scan = mem_alloc(sizeof(*scan));
			struct str events;

			str_init(&events);
			scan_init(scan);
			for (size_t at = 0; at < len; at += piece)
				feed(scan, table[i].bytes + at, len - at < piece ? len - at : piece, &events);
			assert_string_equal(events.text, table[i].events);
			/* Nothing is left of the last sequence. */
			struct str pending;

			str_init(&pending);
			scan_pending(scan, &pending);
			assert_int_equal(pending.len, 0);
			str_finish(&pending);
			str_finish(&events);
			free(scan);
		}
	}
}

static void bytes_of_other_sets_are_characters_when_asked_for(void **state)
{
	struct scan *scan = mem_alloc(sizeof(*scan));
	struct str events;

	(void)state;
	str_init(&events);
	scan_init(scan);
	scan->single = true;
	feed(scan, "a\xe9\xc3\xa9\x9b" "1m\xff\x9d" "2;x\xc2\x9c", 14, &events);
	assert_string_equal(events.text, "a\xc3\xa9\xc3\x83\xc2\xa9<CSI 1m>\xc3\xbf<] 2;x\xc2>");
	str_finish(&events);
	free(scan);
}

static void strings_and_parameters_have_limits(void **state)
{
	struct scan *scan = mem_alloc(sizeof(*scan));
	struct str bytes, events;

	(void)state;
	str_init(&bytes);
	str_init(&events);
	scan_init(scan);
	for (int over = 0; over < 2; over++) {
		str_adds(&bytes, "\033]");
		for (int i = 0; i < SCAN_STRING_MAX + over; i++)
			str_addc(&bytes, 's');
		str_addc(&bytes, '\a');
	}
	feed(scan, bytes.text, bytes.len, &events);
	/* The longer one is no event. */
	assert_int_equal(events.len, SCAN_STRING_MAX + strlen("<]  BEL>"));
	str_clear(&bytes);
	str_clear(&events);
	str_adds(&bytes, "\033[");
	for (int i = 0; i < 100; i++)
		str_addf(&bytes, "%d;", i);
	str_adds(&bytes, "7m");
	feed(scan, bytes.text, bytes.len, &events);
	assert_int_equal(scan->param_count, SCAN_PARAMS);
	for (int i = 0; i < SCAN_PARAMS; i++)
		assert_int_equal(scan->param[i], i);
	str_finish(&bytes);
	str_finish(&events);
	free(scan);
}

/* The first bytes to one scanner; what it has pending, and the rest, to another. */
static void assert_pending_goes_on(const char *bytes, size_t len, size_t cut, const struct str *want)
{
	struct scan *first = mem_alloc(sizeof(*first)), *second = mem_alloc(sizeof(*second));
	struct str events, pending;
	size_t before;

	str_init(&events);
	str_init(&pending);
	scan_init(first);
	scan_init(second);
	feed(first, bytes, cut, &events);
	scan_pending(first, &pending);
	before = events.len;
	feed(second, pending.text, pending.len, &events);
	if (events.len != before)
		fail_msg("%s: what is pending at %zu is an event: %s", want->text, cut, events.text + before);
	feed(second, bytes + cut, len - cut, &events);
	if (!text_equal(events.text, want->text))
		fail_msg("cut at %zu: %s, not %s", cut, events.text, want->text);
	str_finish(&events);
	str_finish(&pending);
	free(first);
	free(second);
}

static void assert_pending_goes_on_everywhere(const char *bytes, size_t len)
{
	struct scan *scan = mem_alloc(sizeof(*scan));
	struct str want;

	str_init(&want);
	scan_init(scan);
	feed(scan, bytes, len, &want);
	for (size_t cut = 0; cut <= len; cut++)
		assert_pending_goes_on(bytes, len, cut, &want);
	str_finish(&want);
	free(scan);
}

static void what_is_pending_brings_another_scanner_to_the_same_place(void **state)
{
	uint64_t random = 1;
	struct str many;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_pending_goes_on_everywhere(table[i].bytes, strlen(table[i].bytes));
	str_init(&many);
	str_adds(&many, "\033[?1");
	for (int i = 0; i < 60; i++)
		str_addf(&many, "%c%d", ";:"[i % 3 == 0], i * 3000);
	str_adds(&many, " q\033[m");
	assert_pending_goes_on_everywhere(many.text, many.len);
	for (int turn = 0; turn < 300; turn++) {
		static const char alphabet[] = "\033\033\033[[]]P?<;:0123 $!\"(\\\a\n\x18\xc2\x9b\x9c\xe6\xbc\xa2mHPRx";

		str_clear(&many);
		for (int i = 0; i < 40; i++) {
			random = random * 6364136223846793005u + 1442695040888963407u;
			str_addc(&many, alphabet[(random >> 33) % (sizeof(alphabet) - 1)]);
		}
		assert_pending_goes_on_everywhere(many.text, many.len);
	}
	str_finish(&many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sequences_become_events_in_any_pieces),
		cmocka_unit_test(bytes_of_other_sets_are_characters_when_asked_for),
		cmocka_unit_test(strings_and_parameters_have_limits),
		cmocka_unit_test(what_is_pending_brings_another_scanner_to_the_same_place),
	};

	return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
