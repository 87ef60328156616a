/* SPDX-License-Identifier: MIT */
#include "ui/kit/outer_entry.h"

#include "core/base/str.h"

#include <curses.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

#define PAIR_COUNT 0x10000

#define MAGIC_32 0x21e			/* term(5): numbers have 32 bits */

/* As in xterm-256color for what it has, and ISO 8613-6 as every terminal reads it. push: how to get the colour's number. */
#define BYTE(push, divisor) push "%{" divisor "}%/%{255}%&%d"
#define PALETTE(push, dark, bright, more) \
	"\033[%?" push "%{8}%<%t" dark push "%d%e" push "%{16}%<%t" bright push "%{8}%-%d%e" push "%{256}%<%t" more ";5;" push "%d"
#define DIRECT(push, more) "%e" more ";2;" BYTE(push, "65536") ";" BYTE(push, "256") ";" push "%{255}%&%d%;m"
static const char foreground[] = PALETTE("%p1", "3", "9", "38") DIRECT("%p1", "38");
static const char background[] = PALETTE("%p1", "4", "10", "48") DIRECT("%p1", "48");

/*
 * With the colour of an underline: ncurses sends the foreground of a pair and then its background, so the first part of
 * its number waits in the static variable A. U: the terminal has such a colour now. The number 256 is the default.
 */
#define PART "33554432"			/* 1 << 25: the number of a colour takes 25 bits */
#define REST "33554431"
#define DEFAULT(sgr) "%e%gb%{256}%=%t" sgr
static const char lined_foreground[] =
	"%p1%{" PART "}%/%PA%p1%{" REST "}%&%Pb" PALETTE("%gb", "3", "9", "38") DEFAULT("39") DIRECT("%gb", "38");
static const char lined_background[] =
	"%p1%{" REST "}%&%Pb" PALETTE("%gb", "4", "10", "48") DEFAULT("49") DIRECT("%gb", "48")
	"%?%gA%t%gA%{1}%-%{31}%*%p1%{" PART "}%/%+%Pi%{0}%PA%{1}%PU"
	"%?%gi%{891}%<%t\033[58:2::%gi%{99}%/%{255}%*%{8}%/%d:%gi%{9}%/%{11}%m%{255}%*%{10}%/%d:%gi%{9}%m%{255}%*%{8}%/%dm"
	"%e\033[58:5:%gi%{891}%-%dm%;"
	"%e%?%gU%t\033[59m%{0}%PU%;%;";
static const char lined_default[] = "\033[39;49;59m";

/* 9 levels of red, 11 of green and 9 of blue, then the 16 colours of the palette. */
static int line_number(int colour)
{
	int r = colour >> 16 & 255, g = colour >> 8 & 255, b = colour & 255;

	if (colour < 16)
		return 891 + colour;
	return (r * 8 + 127) / 255 * 99 + (g * 10 + 127) / 255 * 9 + (b * 8 + 127) / 255;
}

void outer_line_colour(int colour, int *foreground_out, int *background_out)
{
	int number = line_number(colour);

	*foreground_out = (*foreground_out < 0 ? 256 : *foreground_out) | (number / 31 + 1) << 25;
	*background_out = (*background_out < 0 ? 256 : *background_out) | number % 31 << 25;
}

/* What is different in the copy of an entry. */
struct changes {
	bool direct;		/* 24-bit colours */
	unsigned looks;		/* enum outer_look */
};

struct part {			/* of the predefined capabilities or of the extended ones */
	const TERMTYPE *type;
	const struct changes *changes;
	unsigned bools, numbers, strings;	/* the first of each */
	unsigned bool_count, number_count, string_count;
	bool adds_rgb;
};

static void put_short(struct str *out, int value)
{
	str_addc(out, (char)(value & 255));
	str_addc(out, (char)(value >> 8 & 255));
}

static void align(struct str *out)
{
	if (out->len % 2)
		str_addc(out, '\0');
}

static bool is_string(const char *text)
{
	return text != NULL && text != (const char *)-1;
}

/* Adds it to the table and its place there, seen from `base`, to the places. */
static void put_string(struct str *places, struct str *table, size_t base, const char *text)
{
	if (text == NULL || text == (const char *)-1) {
		put_short(places, text ? -2 : -1);
		return;
	}
	put_short(places, (int)(table->len - base));
	str_add(table, text, strlen(text) + 1);
}

static void put_bools(struct str *out, const struct part *part)
{
	for (unsigned i = 0; i < part->bool_count; i++)
		str_addc(out, (char)part->type->Booleans[part->bools + i]);
	if (part->adds_rgb)
		str_addc(out, 1);
	align(out);
}

static bool is_lined(const struct part *part)
{
	return part->changes->direct && part->changes->looks & LOOK_LINE_COLOUR;
}

/* The public copy of a number has 16 bits: what is larger is one of these two. */
static int number_of(const struct part *part, unsigned index)
{
	if (&part->type->Numbers[index] == &max_colors)
		return !part->changes->direct ? tigetnum("colors") : is_lined(part) ? OUTER_COLOURS_LINED : OUTER_COLOURS;
	if (&part->type->Numbers[index] == &max_pairs)
		return part->changes->direct ? PAIR_COUNT : tigetnum("pairs");
	return part->type->Numbers[index];
}

static const char *look_of(unsigned looks, const char *const *string)
{
	const struct { const char *const *place; unsigned look; const char *set; } table[] = {
		{ (const char *const *)&enter_horizontal_hl_mode, LOOK_STRIKE, OUTER_STRIKE },
		{ (const char *const *)&enter_top_hl_mode, LOOK_OVERLINE, OUTER_OVERLINE },
		{ (const char *const *)&enter_left_hl_mode, LOOK_DOUBLE, OUTER_DOUBLE },
		{ (const char *const *)&enter_low_hl_mode, LOOK_CURLY, OUTER_CURLY },
		{ (const char *const *)&enter_right_hl_mode, LOOK_DOTTED, OUTER_DOTTED },
		{ (const char *const *)&enter_vertical_hl_mode, LOOK_DASHED, OUTER_DASHED },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].place == string && looks & table[i].look)
			return table[i].set;
	}
	return *string;
}

static const char *string_of(const struct part *part, unsigned index)
{
	char *const *string = &part->type->Strings[index];

	if (part->changes->direct && string == &set_a_foreground)
		return is_lined(part) ? lined_foreground : foreground;
	if (part->changes->direct && string == &set_a_background)
		return is_lined(part) ? lined_background : background;
	if (is_lined(part) && string == &orig_pair)
		return lined_default;
	/* Where this exists, ncurses sets only the nine attributes that it has parameters for. */
	if (part->changes->looks && string == &set_attributes)
		return NULL;
	return look_of(part->changes->looks, (const char *const *)string);
}

static void put_numbers(struct str *out, const struct part *part)
{
	for (unsigned i = 0; i < part->number_count; i++) {
		int number = number_of(part, part->numbers + i);

		put_short(out, number);
		put_short(out, number >> 16);
	}
}

static void put_strings(struct str *places, struct str *table, const struct part *part)
{
	for (unsigned i = 0; i < part->string_count; i++)
		put_string(places, table, 0, string_of(part, part->strings + i));
}

/* Of the extended capabilities; their places are seen from the first of them. */
static void put_names(struct str *places, struct str *table, const struct part *part)
{
	unsigned count = part->bool_count + part->number_count + part->string_count;
	size_t base = table->len;

	for (unsigned i = 0; i < count; i++) {
		if (i == part->bool_count && part->adds_rgb)
			put_string(places, table, base, "RGB");
		put_string(places, table, base, part->type->ext_Names[i]);
	}
	if (count == part->bool_count && part->adds_rgb)
		put_string(places, table, base, "RGB");
}

static void put_predefined(struct str *out, const struct part *part)
{
	const char *names = part->type->term_names;
	struct str places, table;

	str_init(&places);
	str_init(&table);
	put_strings(&places, &table, part);
	put_short(out, MAGIC_32);
	put_short(out, (int)strlen(names) + 1);
	put_short(out, (int)part->bool_count);
	put_short(out, (int)part->number_count);
	put_short(out, (int)part->string_count);
	put_short(out, (int)table.len);
	str_add(out, names, strlen(names) + 1);
	put_bools(out, part);
	put_numbers(out, part);
	str_add(out, places.text, places.len);
	str_add(out, table.text, table.len);
	align(out);
	str_finish(&places);
	str_finish(&table);
}

static void put_extended(struct str *out, const struct part *part)
{
	unsigned bools = part->bool_count + part->adds_rgb;
	struct str places, table;

	str_init(&places);
	str_init(&table);
	put_strings(&places, &table, part);
	put_names(&places, &table, part);
	put_short(out, (int)bools);
	put_short(out, (int)part->number_count);
	put_short(out, (int)part->string_count);
	put_short(out, (int)(bools + part->number_count + 2 * part->string_count));
	put_short(out, (int)table.len);
	put_bools(out, part);
	put_numbers(out, part);
	str_add(out, places.text, places.len);
	str_add(out, table.text, table.len);
	str_finish(&places);
	str_finish(&table);
}

static bool has_extended(const TERMTYPE *type, const char *name)
{
	unsigned count = (unsigned)type->ext_Booleans + type->ext_Numbers + type->ext_Strings;

	for (unsigned i = 0; i < count; i++)
		if (text_equal(type->ext_Names[i], name))
			return true;
	return false;
}

static void put_entry(struct str *out, const TERMTYPE *type, const struct changes *changes)
{
	struct part predefined = {
		.type = type, .changes = changes,
		.bool_count = (unsigned)type->num_Booleans - type->ext_Booleans,
		.number_count = (unsigned)type->num_Numbers - type->ext_Numbers,
		.string_count = (unsigned)type->num_Strings - type->ext_Strings,
	};
	struct part extended = {
		.type = type, .changes = changes,
		.bools = predefined.bool_count, .numbers = predefined.number_count, .strings = predefined.string_count,
		.bool_count = type->ext_Booleans, .number_count = type->ext_Numbers, .string_count = type->ext_Strings,
		.adds_rgb = changes->direct && !has_extended(type, "RGB"),
	};

	put_predefined(out, &predefined);
	put_extended(out, &extended);
}

/* GNU screen before 5 misreads such colours as other attributes, but passes COLORTERM on. */
static bool environment_says_so(const char *term)
{
	const char *says = getenv("COLORTERM");

	if (getenv("STY") && term && text_starts(term, "screen"))
		return false;
	return says && (text_equal(says, "truecolor") || text_equal(says, "24bit"));
}

/* True if the entry sets the eight colours in the usual way and has at most 256. */
static bool may_be_more(const TERMTYPE *type, const char *term)
{
	return max_colors >= 8 && max_colors <= 256 && is_string(set_a_foreground) && is_string(set_a_background) &&
	       (strstr(set_a_foreground, "\033[3%p1%d") || strstr(set_a_foreground, "8;5;%p1%d")) &&
	       (environment_says_so(term) || has_extended(type, "Tc") || has_extended(type, "RGB"));
}

static bool has_capability(const char *name)
{
	return has_extended((const TERMTYPE *)cur_term, name);
}

static const char *variable(const char *name)
{
	return getenv(name);
}

/* Without `sgr`, ncurses relies on sgr0 to end every look; and a terminal with glitches has rules of its own. */
static bool may_have_looks(void)
{
	return is_string(exit_attribute_mode) && (strstr(exit_attribute_mode, "\033[m") || strstr(exit_attribute_mode, "\033[0m")) &&
	       magic_cookie_glitch <= 0;
}

static char *as_value(const TERMTYPE *type, const struct changes *changes)
{
	struct str entry, value;

	str_init(&entry);
	str_init(&value);
	put_entry(&entry, type, changes);
	str_adds(&value, "hex:");
	for (size_t i = 0; i < entry.len; i++)
		str_addf(&value, "%02X", (unsigned char)entry.text[i]);
	str_finish(&entry);
	return str_detach(&value);
}

char *outer_entry(const char *term, const char *name, enum outer_attributes attributes)
{
	struct outer_facts facts = { .term = term, .variable = variable, .capability = has_capability };
	TERMINAL *before = cur_term;
	struct changes changes = { 0 };
	char *value = NULL;
	int found;

	if (setupterm(name, STDOUT_FILENO, &found) != OK)
		return NULL;
	/* What <term.h> itself does to read a capability. */
	changes.direct = may_be_more((const TERMTYPE *)cur_term, name);
	changes.looks = may_have_looks() ? outer_looks(&facts, attributes) : 0;
	if (changes.direct || changes.looks)
		value = as_value((const TERMTYPE *)cur_term, &changes);
	del_curterm(set_curterm(before));
	return value;
}
