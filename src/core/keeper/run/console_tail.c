/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/console_tail.h"

#include "core/base/str.h"
#include "core/keeper/stream/ring.h"
#include "core/terminal/terminal.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define ROW_BYTES (4 * 1000 + 1)	/* of a row with as many columns as a client may have */

#define PANIC "Kernel panic - "
#define PANIC_END " ]---"
#define PANIC_WITHIN (32 * 1024)	/* newest bytes of the console that are searched */

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

void console_panic(const struct ring *ring, char *out, size_t size)
{
	uint64_t at = ring_end(ring) > PANIC_WITHIN ? ring_end(ring) - PANIC_WITHIN : 0;
	const char *reason = NULL, *found;
	struct str text;
	size_t len;

	str_init(&text);
	for (at = at > ring_begin(ring) ? at : ring_begin(ring); at < ring_end(ring); at += len) {
		const void *bytes = ring_at(ring, at, &len);

		str_add(&text, bytes, len);
	}
	found = text.text;
	while ((found = memmem(found, text.len - (size_t)(found - text.text), PANIC, strlen(PANIC)))) {
		found += strlen(PANIC);
		reason = found;
	}
	for (len = 0; reason && len < size - 1 && (unsigned char)reason[len] >= ' '; len++)
		out[len] = (char)((unsigned char)reason[len] < 0x7f ? reason[len] : '?');
	out[reason ? len : 0] = '\0';
	len = strlen(out);
	if (len > strlen(PANIC_END) && !strcmp(out + len - strlen(PANIC_END), PANIC_END))
		out[len - strlen(PANIC_END)] = '\0';
	str_finish(&text);
}
