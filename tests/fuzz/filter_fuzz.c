/* SPDX-License-Identifier: MIT */
/*
 * A guest's bytes on the user's terminal: what passes the filter is whole
 * sequences of a few kinds and nothing else, it is the same whatever pieces
 * the bytes came in, it passes again, and what undoes it undoes all of it.
 */
#include "core/base/str.h"
#include "core/base/utf8.h"
#include "core/terminal/terminal.h"
#include "ui/cli/history_filter.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define require(fine) ((fine) ? (void)0 : fail(#fine, __LINE__))

static void fail(const char *what, int line)
{
	fprintf(stderr, "line %d: %s does not hold\n", line, what);
	abort();
}

static bool same(const struct str *a, const struct str *b)
{
	return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

/* In pieces of 1 to `most` bytes, which the seed decides. */
static void show(struct history_filter *history, const void *bytes, size_t len, size_t most, struct str *out)
{
	uint32_t seed = (uint32_t)(len + most);

	for (size_t at = 0, step; at < len; at += step) {
		seed = seed * 1664525u + 1013904223u;
		step = 1 + (seed >> 8) % most;
		if (step > len - at)
			step = len - at;
		history_filter_feed(history, (const char *)bytes + at, step, out);
	}
}

/* Modes, between their prefix and the h or l: none that a terminal cannot be taken out of again. */
static void judge_modes(const unsigned char *at, bool input)
{
	static const unsigned output_only[] = { 5, 6, 7, 12, 25, 45, 47, 69, 1047, 1048, 1049 };
	static const unsigned keys[] = { 1, 9, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2004 };
	bool private = *at == '?';

	for (at += private; *at != 'h' && *at != 'l'; at += *at == ';') {
		char *end;
		unsigned long number = strtoul((const char *)at, &end, 10);
		bool fine = private ? false : number == 4 || (input && number == 20);

		for (size_t i = 0; private && i < sizeof(output_only) / sizeof(output_only[0]); i++)
			fine |= number == output_only[i];
		for (size_t i = 0; private && input && i < sizeof(keys) / sizeof(keys[0]); i++)
			fine |= number == keys[i];
		at = (const unsigned char *)end;
		require(fine);
		require(*at == ';' || *at == 'h' || *at == 'l');
	}
}

/* kitty's keys, between their prefix and the u: no flags but the first. */
static void judge_kitty_keys(const unsigned char *at, bool input)
{
	char *end;
	unsigned long first = strtoul((const char *)at + 1, &end, 10);

	require(input);
	require(*at == '<' ? first > 0 : first <= 1);
	if (*at == '=')
		require(*end == ';' && end[1] >= '1' && end[1] <= '3' && end[2] == 'u');
	else
		require(*end == 'u');
}

/* A sequence at ESC, judged without the filter's tables or its parser; what follows it. */
static const unsigned char *judge_sequence(const unsigned char *at, bool input, bool asks)
{
	const unsigned char *begin = at + 2;

	if (at[1] == ']') {
		require(asks && (memcmp(at, "\033]10;?", 6) == 0 || memcmp(at, "\033]11;?", 6) == 0));
		at += 6;
		require(*at == 0x07 || (at[0] == 0x1b && at[1] == '\\'));
		return at + (*at == 0x07 ? 1 : 2);
	}
	if (at[1] != '[') {
		at += 1 + (strchr("()*+#", at[1]) != NULL);
		require(*at && strchr(input ? "78DEMno=>0AB" : "78DEMno0AB", *at));
		return at + 1;
	}
	at += 2;
	if (*at >= 0x3c && *at <= 0x3f)
		at++;
	while (*at >= '0' && *at <= ';')
		at++;
	if (*at >= 0x20 && *at < 0x30)
		at++;
	require(*at && strchr("@ABCDEFGHIJKLMPSTXZ`abdefhlmnpqrstucu}~", *at));
	require(asks || !strchr("nct", *at));
	if (*at == 'h' || *at == 'l')
		judge_modes(begin, input);
	if (*at == 'u' && begin[0] >= '<' && begin[0] <= '?')
		judge_kitty_keys(begin, input);
	return at + 1;
}

static void judge(const struct str *out, bool input, bool asks)
{
	const unsigned char *at = (const unsigned char *)out->text, *const end = at + out->len;

	while (at < end) {
		bool whole;

		if (*at == 0x1b) {
			at = judge_sequence(at, input, asks);
		} else if (*at >= 0x80) {
			int have = utf8_prefix(at, (size_t)(end - at), &whole);

			require(whole && (at[0] != 0xc2 || at[1] >= 0xa0));
			at += have;
		} else {
			require((*at >= 0x20 && *at < 0x7f) || (*at >= 0x07 && *at <= 0x0f));
			at++;
		}
		require(at <= end);
	}
}

/* A terminal that was in all modes of the guest is in none of them after the reset. */
static void judge_reset(struct history_filter *history)
{
	/* Which of two kinds of protection is in force is known for good once there was one. */
	static const char unprotected[] = "\033[0\"q";
	struct history_filter fresh;
	struct str reset, modes, none;

	str_init(&reset);
	str_init(&modes);
	str_init(&none);
	history_filter_init(&fresh, false);
	history_filter_reset(history, &reset);
	terminal_write(history->terminal, reset.text, reset.len);
	terminal_write(history->terminal, unprotected, sizeof(unprotected) - 1);
	terminal_write(fresh.terminal, unprotected, sizeof(unprotected) - 1);
	history_filter_resume(history, &modes);
	history_filter_resume(&fresh, &none);
	require(same(&modes, &none));
	history_filter_finish(&fresh);
	str_finish(&reset);
	str_finish(&modes);
	str_finish(&none);
}

/* A terminal that has got all that passed is left like the one that got only what lasts. */
static void judge_lasting(const struct history_filter *history, const struct str *out)
{
	static const struct terminal_events nobody = { .bell = NULL };
	struct terminal *term = terminal_new(24, 80, 0, &nobody, NULL);
	struct str few, all;

	str_init(&few);
	str_init(&all);
	terminal_write(term, out->text, out->len);
	terminal_leave(term, &all);
	terminal_resume(term, &all);
	history_filter_reset(history, &few);
	history_filter_resume(history, &few);
	/* Other sets on the right side make C1 controls of parts of characters. */
	require(same(&few, &all) || memmem(out->text, out->len, "\033*", 2));
	terminal_free(term);
	str_finish(&few);
	str_finish(&all);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	size_t most = len ? 1 + bytes[0] % 16 : 1;
	bool input = len && bytes[0] & 16, asks = len && bytes[0] & 32;
	struct history_filter whole, parts, again;
	struct str first, second, third;

	str_init(&first);
	str_init(&second);
	str_init(&third);
	history_filter_init(&whole, input);
	history_filter_init(&parts, input);
	history_filter_init(&again, input);
	whole.filter.asks = parts.filter.asks = again.filter.asks = asks;
	history_filter_feed(&whole, bytes, len, &first);
	show(&parts, bytes, len, most, &second);
	require(same(&first, &second));
	show(&again, first.text, first.len, most, &third);
	require(same(&first, &third));
	judge(&first, input, asks);
	judge_lasting(&whole, &first);
	judge_reset(&whole);
	history_filter_finish(&whole);
	history_filter_finish(&parts);
	history_filter_finish(&again);
	str_finish(&first);
	str_finish(&second);
	str_finish(&third);
	return 0;
}
