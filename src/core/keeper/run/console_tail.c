/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/console_tail.h"

#include "core/base/str.h"
#include "core/base/utf8.h"
#include "core/terminal/terminal.h"

#include <stdio.h>
#include <string.h>

#define ROW_BYTES (4 * 1000 + 1)	/* of a row with as many columns as a client may have */

#define PANIC "Kernel panic - "
#define PANIC_END " ]---"

/* The row that begins the last lines before row `end`. */
static int first_row(const struct terminal *screen, int end)
{
	int row = end;

	for (int lines = 0; row > 0; row--) {
		lines += !terminal_row_wrapped(screen, row - 1) || row == end;
		if (lines > CONSOLE_TAIL_LINES)
			break;
	}
	return row;
}

void console_tail(const struct terminal *screen, char *out, size_t size)
{
	char row_text[ROW_BYTES];
	struct str text;
	int end = terminal_rows(screen);
	const char *from;

	str_init(&text);
	while (end > 0 && terminal_row_text(screen, end - 1, row_text, sizeof(row_text)) == 0)
		end--;
	for (int row = first_row(screen, end); row < end; row++) {
		terminal_row_text(screen, row, row_text, sizeof(row_text));
		str_adds(&text, row_text);
		if (row + 1 < end && !terminal_row_wrapped(screen, row))
			str_adds(&text, "\n");
	}
	from = text.text;
	while (text.len - (size_t)(from - text.text) >= size) {
		const char *line = strchr(from, '\n');

		from = line ? line + 1 : text.text + text.len;
	}
	snprintf(out, size, "%s", from);
	str_finish(&text);
}

void console_panic(const char *tail, char *out, size_t size)
{
	const char *reason = NULL, *at = tail;
	size_t len;

	while ((at = strstr(at, PANIC))) {
		at += strlen(PANIC);
		reason = at;
	}
	out[0] = '\0';
	if (!reason)
		return;
	len = strcspn(reason, "\n");
	if (len > strlen(PANIC_END) && !strncmp(reason + len - strlen(PANIC_END), PANIC_END, strlen(PANIC_END)))
		len -= strlen(PANIC_END);
	if (len >= size)
		len = utf8_cut(reason, size - 1);
	memcpy(out, reason, len);
	out[len] = '\0';
}
