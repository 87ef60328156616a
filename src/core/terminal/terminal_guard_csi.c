/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal_guard_impl.h"

#include <stdio.h>

static size_t spell(const struct guard *guard, int from, int to, char final, char out[160])
{
	size_t len = (size_t)sprintf(out, "\033[");

	if (guard->leader)
		out[len++] = guard->leader;
	for (int i = from; i < to; i++) {
		if (guard->args[i] >= 0)
			len += (size_t)sprintf(out + len, "%d", guard->args[i]);
		if (i + 1 < to)
			out[len++] = guard->colon[i] ? ':' : ';';
	}
	if (guard->intermediate)
		out[len++] = guard->intermediate;
	out[len++] = final;
	return len;
}

static void keep_csi(struct guard *guard, struct scan *scan, char final)
{
	char out[160];

	if (guard->clean && scan->begin)
		guard_keep(guard, scan, NULL, 0);
	else
		guard_keep(guard, scan, out, spell(guard, 0, guard->count, final, out));
}

static void one_mode(struct guard *guard, int number, char final)
{
	bool on = final == 'h', dec = guard->leader == '?';
	char out[32];

	if (dec && number == 69)	/* margins at the sides: a resize leaves libvterm's outside */
		return;
	if (dec && number == 47)
		number = 1047;
	guard_pass(guard, out, (size_t)snprintf(out, sizeof(out), "\033[%s%d%c", dec ? "?" : "", number, final));
	if (!dec && number == 4)
		guard->insert = on;
	if (!dec)
		return;
	guard_act(guard, GUARD_MODE, number, on);
	if (!on && (number == 1048 || number == 1049))
		guard_act(guard, GUARD_RESTORE, 0, true);
}

/* libvterm looks at the first mode of a sequence only. */
static void modes(struct guard *guard, struct scan *scan, char final)
{
	guard_drop(guard, scan);
	for (int i = 0; i < guard->count; i++) {
		if (guard->args[i] >= 0)
			one_mode(guard, guard->args[i], final);
	}
}

/* Arguments that a colour at index i takes, itself included. */
static int colour_length(const struct guard *guard, int i)
{
	int len = 1;

	if (guard->colon[i]) {
		while (i + len < guard->count && guard->colon[i + len - 1])
			len++;
	} else if (i + 1 < guard->count) {
		len = guard->args[i + 1] == 5 ? 3 : guard->args[i + 1] == 2 ? 5 : 2;
	}
	return i + len > guard->count ? guard->count - i : len;
}

/* Whether an attribute is the owner's business: libvterm has no dim and no concealed text. */
static bool own_attribute(const struct guard *guard, int number)
{
	return number == 2 || number == 8 || (guard->styled && (number <= 0 || number == 22 || number == 28));
}

static void one_attribute(struct guard *guard, int number)
{
	if (!own_attribute(guard, number))
		return;
	guard->styled = number > 0;	/* or has been since the last reset */
	if (number <= 0 || number == 2 || number == 22)
		guard_act(guard, GUARD_DIM, 0, number == 2);
	if (number <= 0 || number == 8 || number == 28)
		guard_act(guard, GUARD_CONCEAL, 0, number == 8);
}

static int attribute_length(const struct guard *guard, int i)
{
	int number = guard->args[i];

	return number == 38 || number == 48 || number == 58 || guard->colon[i] ? colour_length(guard, i) : 1;
}

static bool plain_attributes(const struct guard *guard)
{
	for (int i = 0; i < guard->count; i += attribute_length(guard, i)) {
		if (guard->args[i] == 58 || own_attribute(guard, guard->args[i]))
			return false;
	}
	return true;
}

/*
 * 38:2:SPACE:R:G:B (ITU T.416, 13.1.8) as libvterm wants it, 38:2:R:G:B. The
 * colour space is nearly always empty, and means nothing to a terminal.
 */
static void drop_colour_spaces(struct guard *guard)
{
	for (int i = 0; i < guard->count; i += attribute_length(guard, i)) {
		if (!guard->colon[i] || colour_length(guard, i) < 6 || guard->args[i + 1] != 2)
			continue;
		for (int j = i + 2; j + 1 < guard->count; j++) {
			guard->args[j] = guard->args[j + 1];
			guard->colon[j] = guard->colon[j + 1];
		}
		guard->count--;
		guard->clean = false;
	}
}

/* SGR; libvterm takes the numbers of an underline's colour (58) for attributes. */
static void attributes(struct guard *guard, struct scan *scan)
{
	char out[160];
	int from = 0;

	drop_colour_spaces(guard);
	if (plain_attributes(guard)) {
		keep_csi(guard, scan, 'm');
		return;
	}
	guard_drop(guard, scan);
	for (int i = 0; i < guard->count;) {
		int len = attribute_length(guard, i);

		if (guard->args[i] == 58) {
			if (i > from)
				guard_pass(guard, out, spell(guard, from, i, 'm', out));
			from = i + len;
		} else if (len == 1) {
			one_attribute(guard, guard->args[i]);
		}
		i += len;
	}
	if (from < guard->count)
		guard_pass(guard, out, spell(guard, from, guard->count, 'm', out));
}

static int first_arg(const struct guard *guard, int missing)
{
	return guard->args[0] > 0 ? guard->args[0] : missing;
}

/* What libvterm does not know, or must not see. */
static bool own_csi(struct guard *guard, struct scan *scan, char final)
{
	switch (guard->leader << 16 | guard->intermediate << 8 | final) {
	case 'b':
		guard_drop(guard, scan);
		guard_act(guard, GUARD_REPEAT, first_arg(guard, 1), true);
		return true;
	case 's':
		guard_drop(guard, scan);
		guard_pass(guard, "\0337", 2);
		return true;
	case 'u':
		guard_drop(guard, scan);
		guard_restore(guard);
		return true;
	case 'J':
		if (guard->args[0] != 3)
			return false;
		guard_drop(guard, scan);
		guard_act(guard, GUARD_FORGET, 0, true);
		return true;
	case '"' << 8 | 'q':
		guard->unusual = true;
		return false;
	case '!' << 8 | 'p':
		guard_drop(guard, scan);
		guard->styled = guard->insert = false;
		guard_act(guard, GUARD_SOFT_RESET, 0, true);
		return true;
	case 't':
		guard_drop(guard, scan);
		if (guard->args[0] == 18)
			guard_act(guard, GUARD_SIZE, 0, true);
		return true;
	case 'm':
		attributes(guard, scan);
		return true;
	case '?' << 16 | 'h': case '?' << 16 | 'l': case 'h': case 'l':
		modes(guard, scan, final);
		return true;
	default:
		return false;
	}
}

void guard_csi_done(struct guard *guard, struct scan *scan, char final)
{
	if (guard->bad)
		guard_drop(guard, scan);
	else if (!own_csi(guard, scan, final))
		keep_csi(guard, scan, final);
}
