/* SPDX-License-Identifier: MIT */
#include "core/usage/proc_text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Fields of /proc/PID/stat, counted from 1 as proc(5) does. */
enum { FIELD_STATE = 3, FIELD_PARENT = 4, FIELD_TERMINAL = 7, FIELD_USER = 14, FIELD_SYSTEM = 15, FIELD_BORN = 22, FIELD_RESIDENT = 24 };

static const char *skip_blanks(const char *at)
{
	return at + strspn(at, " \t");
}

/* Reads a number of at most `max` and moves *at behind it. */
static bool take_number(const char **at, uint64_t max, uint64_t *out)
{
	const char *p = *at;
	uint64_t value = 0;

	if (*p < '0' || *p > '9')
		return false;
	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(value, UINT64_C(10), &value) || __builtin_add_overflow(value, (uint64_t)(*p - '0'), &value))
			return false;
	*at = p;
	*out = value;
	return value <= max;
}

/* The next of the fields that are separated by one blank. */
static const char *next_field(const char *at)
{
	const char *blank = strchr(at, ' ');

	return blank ? blank + 1 : at + strlen(at);
}

bool proc_stat_parse(const char *text, struct proc_stat *out)
{
	const char *at = strrchr(text, ')');
	uint64_t number[FIELD_RESIDENT + 1] = { 0 };

	if (!at || at[1] != ' ' || !isalpha((unsigned char)at[2]))
		return false;
	at += 2;
	out->state = *at;
	for (int field = FIELD_PARENT; field <= FIELD_RESIDENT; field++) {
		at = next_field(at);

		const char *digits = at + (*at == '-');

		if (!take_number(&digits, UINT64_MAX, &number[field]) || (*digits != ' ' && *digits != '\n'))
			return false;
		if (*at == '-')
			number[field] = 0;
	}
	if (number[FIELD_PARENT] > INT_MAX || number[FIELD_TERMINAL] > INT_MAX)
		return false;
	out->parent = (pid_t)number[FIELD_PARENT];
	out->terminal = (int)number[FIELD_TERMINAL];
	out->born = number[FIELD_BORN];
	out->resident_pages = number[FIELD_RESIDENT];
	return !__builtin_add_overflow(number[FIELD_USER], number[FIELD_SYSTEM], &out->cpu_ticks);
}

/* Numbers of Documentation/admin-guide/devices.txt in Linux; the minor one is in bits 0 to 7 and 20 to 31. */
void proc_terminal_name(int device, char name[16])
{
	enum { VIRTUAL = 4, SERIAL_FROM = 64, PTS = 136, PTS_END = 144 };
	unsigned number = (unsigned)device, major = number >> 8 & 0xfff, minor = (number & 0xff) | (number >> 12 & 0xfff00);

	name[0] = '\0';
	if (major >= PTS && major < PTS_END)
		snprintf(name, 16, "pts/%u", (major - PTS) * 256 + minor);
	else if (major == VIRTUAL && minor < SERIAL_FROM)
		snprintf(name, 16, "tty%u", minor);
	else if (major == VIRTUAL && minor < 256)
		snprintf(name, 16, "ttyS%u", minor - SERIAL_FROM);
}

/* What follows "NAME:" and blanks in the line that begins with it; NULL if there is none. */
static const char *value_of(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, name, len) && line[len] == ':')
			return skip_blanks(line + len + 1);
	}
	return NULL;
}

static bool whole_number(const char *at, uint64_t *out)
{
	return at && take_number(&at, UINT64_MAX, out) && *at == '\n';
}

bool proc_io_parse(const char *text, uint64_t *read, uint64_t *written)
{
	return whole_number(value_of(text, "read_bytes"), read) && whole_number(value_of(text, "write_bytes"), written);
}

bool proc_size_parse(const char *text, const char *name, uint64_t *bytes)
{
	const char *at = value_of(text, name);

	if (!at || !take_number(&at, UINT64_MAX >> 10, bytes) || strncmp(at, " kB\n", 4) != 0)
		return false;
	*bytes <<= 10;
	return true;
}

/* It is part of a path below /sys. */
static bool is_interface_name(const char *name, size_t len)
{
	if (len == 0 || len > 15 || name[0] == '.')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isgraph((unsigned char)name[i]) || name[i] == '/')
			return false;
	return true;
}

bool proc_tap_parse(const char *text, char name[16])
{
	const char *at = value_of(text, "iff");
	size_t len = at ? strcspn(at, "\n") : 0;

	if (!at || at[len] != '\n' || !is_interface_name(at, len))
		return false;
	memcpy(name, at, len);
	name[len] = '\0';
	return true;
}

pid_t proc_child_next(const char **text)
{
	const char *at = skip_blanks(*text);
	uint64_t pid;

	/* A number without a blank after it may be cut off. */
	if (!take_number(&at, INT_MAX, &pid) || *at != ' ')
		return 0;
	*text = at;
	return (pid_t)pid;
}

/* The columns are the address, the type of the hardware, flags, the MAC, a mask and the interface. */
bool proc_arp_find(const char *text, const char *mac, char address[16])
{
	for (const char *line = strchr(text, '\n'); line; line = strchr(line, '\n')) {
		const char *column[4];
		size_t len[4];
		struct in_addr ignored;

		line++;
		for (int i = 0; i < 4; i++) {
			column[i] = i == 0 ? line : skip_blanks(column[i - 1] + len[i - 1]);
			len[i] = strcspn(column[i], " \t\n");
		}
		if (len[0] == 0 || len[0] > 15 || len[3] != strlen(mac) || strncasecmp(column[3], mac, len[3]) != 0)
			continue;
		memcpy(address, line, len[0]);
		address[len[0]] = '\0';
		/* Flags 0x0: nobody has answered. */
		if (!(len[2] == 3 && !memcmp(column[2], "0x0", 3)) && inet_pton(AF_INET, address, &ignored) == 1)
			return true;
	}
	return false;
}
