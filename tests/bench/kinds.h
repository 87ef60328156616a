/* SPDX-License-Identifier: MIT */
#ifndef BENCH_KINDS_H
#define BENCH_KINDS_H

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* What a guest writes, unit by unit, each in one write. */
#define KIND_UNIT_MAX 8192

struct kind {
	const char *name;
	size_t (*unit)(char *out, int i);
};

static size_t kind_short(char *out, int i)
{
	return (size_t)sprintf(out, "%d\r\n", i % 10000);
}

static size_t kind_log(char *out, int i)
{
	return (size_t)sprintf(out, "[%5d.%06d] systemd[1]: Started a unit with a name of some length and number %d.\r\n",
	                       i / 100 % 100000, i * 7919 % 1000000, i);
}

static size_t kind_colour(char *out, int i)
{
	return (size_t)sprintf(out, "\033[0;%dmdrwxr-xr-x\033[0m \033[1;34mdirectory%d\033[0m  \033[38;5;%dmfile.c\033[m "
	                       "\033[32mscript.sh\033[0m  \033[01;31marchive%d.tar.gz\033[0m\r\n",
	                       31 + i % 7, i, i % 256, i);
}

/* A screenful, as a full-screen program paints it. */
static size_t kind_redraw(char *out, int i)
{
	size_t len = 0;

	for (int row = 0; row < 24; row++)
		len += (size_t)sprintf(out + len, "\033[%d;1H\033[K\033[%dm%5d row %d of a table \033[m %d%% and more text there",
		                       row + 1, row == i % 24 ? 7 : 0, i + row, row, (i * 7 + row) % 100);
	return len;
}

static size_t kind_utf8(char *out, int i)
{
	return (size_t)sprintf(out, "\xe2\x94\x82 gr\xc3\xbc\xc3\x9f" "e %d \xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82 "
	                       "\xe4\xb8\xad\xe6\x96\x87 \xe2\x94\x80\xe2\x94\x80\xe2\x94\x80 caf\xc3\xa9 \xe2\x94\x82\r\n", i);
}

static const struct kind kinds[] = {
	{ "short", kind_short }, { "log", kind_log }, { "colour", kind_colour },
	{ "redraw", kind_redraw }, { "UTF-8", kind_utf8 },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static inline const struct kind *kind_find(const char *name)
{
	for (size_t i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return &kinds[0];
}

#endif
