/* SPDX-License-Identifier: MIT */
/*
 * The terminal, fed 64 KiB at a time without a pty: MB/s of CPU time, medians, and the same of a memcpy of the
 * input, to compare machines.
 */
#include "core/terminal/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define INPUT (4 * 1024 * 1024)
#define CHUNK (64 * 1024)
#define ROUNDS 7

static size_t short_line(char *out, int i)
{
	return (size_t)sprintf(out, "%d\r\n", i);
}

static size_t log_line(char *out, int i)
{
	return (size_t)sprintf(out, "[%5d.%06d] systemd[1]: Started a unit with a name of some length and number %d.\r\n",
	                       i / 100, i * 7919 % 1000000, i);
}

static size_t colours(char *out, int i)
{
	return (size_t)sprintf(out, "\033[0;%dmdrwxr-xr-x\033[0m \033[1;34mdirectory%d\033[0m  \033[38;5;%dmfile.c\033[m\r\n",
	                       31 + i % 7, i, i % 256);
}

static size_t redraw(char *out, int i)
{
	return (size_t)sprintf(out, "\033[%d;%dH\033[K\033[7m row %d \033[27m%d%%", 1 + i % 24, 1 + i % 40, i, i % 100);
}

static size_t utf8_line(char *out, int i)
{
	return (size_t)sprintf(out, "\xe2\x94\x82 gr\xc3\xbc\xc3\x9f" "e %d \xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82 "
	                       "\xe4\xb8\xad\xe6\x96\x87 \xe2\x94\x82\r\n", i);
}

static size_t true_colour(char *out, int i)
{
	return (size_t)sprintf(out, "\033[38;2;%d;%d;%dmx\033[48;2;1;2;%dmy", i & 255, i >> 3 & 255, i >> 5 & 255, i & 63);
}

static const struct {
	const char *name;
	size_t (*line)(char *out, int i);
} kinds[] = {
	{ "short lines", short_line }, { "log lines", log_line }, { "colours", colours },
	{ "redraws", redraw }, { "UTF-8", utf8_line }, { "true colour", true_colour },
};

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double run_copy(const char *input, size_t len)
{
	static char out[CHUNK];
	double begin = seconds();

	for (size_t at = 0; at < len; at += CHUNK) {
		memcpy(out, input + at, len - at < CHUNK ? len - at : CHUNK);
		__asm__ volatile("" : : "r"(out) : "memory");	/* the copy is needed */
	}
	return (double)len / (seconds() - begin) / 1e6;
}

static double run_terminal(const char *input, size_t len)
{
	static const struct terminal_events nobody = { .bell = NULL };
	struct terminal *term = terminal_new(24, 80, 10000, &nobody, NULL);
	double begin = seconds();

	for (size_t at = 0; at < len; at += CHUNK)
		terminal_write(term, input + at, len - at < CHUNK ? len - at : CHUNK);
	begin = seconds() - begin;
	terminal_free(term);
	return (double)len / begin / 1e6;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void measure(size_t kind)
{
	char *input = malloc(INPUT + 256);
	double ours[ROUNDS], copies[ROUNDS];
	size_t len = 0;

	if (!input)
		abort();
	for (int i = 0; len < INPUT; i++)
		len += kinds[kind].line(input + len, i);
	for (int i = 0; i < ROUNDS; i++) {
		copies[i] = run_copy(input, len);
		ours[i] = run_terminal(input, len);
	}
	qsort(ours, ROUNDS, sizeof(*ours), compare);
	qsort(copies, ROUNDS, sizeof(*copies), compare);
	printf("terminal  %-12s %6.1f MB/s   memcpy %8.1f MB/s   x %.3f\n", kinds[kind].name,
	       ours[ROUNDS / 2], copies[ROUNDS / 2], ours[ROUNDS / 2] / copies[ROUNDS / 2]);
	free(input);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		measure(i);
	return 0;
}
