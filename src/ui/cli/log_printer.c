/* SPDX-License-Identifier: MIT */
#include "ui/cli/log_printer.h"

#include "core/base/error.h"
#include "core/base/str.h"
#include "core/keeper/stream/log_file.h"
#include "core/keeper/stream/log_match.h"
#include "core/keeper/stream/log_text.h"
#include "ui/cli/history_filter.h"
#include "ui/cli/moment.h"

#include <stdio.h>
#include <string.h>

bool log_selection_by_time(const struct log_selection *selection)
{
	return selection->timestamps || selection->since != INT64_MIN || selection->until != INT64_MAX;
}

bool log_selection_by_lines(const struct log_selection *selection)
{
	return selection->match || log_selection_by_time(selection);
}

void log_printer_begin(struct log_printer *printer)
{
	uint64_t size = log_file_size(printer->file), from;

	printer->at = 0;
	if (printer->selection->since == INT64_MIN)
		return;
	if (!log_file_since(printer->file, printer->selection->since, &from) || from > size)
		from = size;
	/* What was written at a time can begin with the end of an earlier line. */
	printer->at = log_file_line(printer->file, from);
	if (printer->at < from)
		printer->at = log_file_next(printer->file, printer->at);
}

/* Filters for a terminal, and leaves the bytes unchanged for anything else. */
static bool print_bytes(struct history_filter *history, const char *bytes, size_t len, struct error *err)
{
	struct str clean;
	bool ok;

	if (!history)
		return fwrite(bytes, 1, len, stdout) == len || error_errno(err, "standard output");
	str_init(&clean);
	history_filter_feed(history, bytes, len, &clean);
	ok = fwrite(clean.text, 1, clean.len, stdout) == clean.len || error_errno(err, "standard output");
	str_finish(&clean);
	return ok;
}

static bool print_all(struct log_printer *printer, struct error *err)
{
	char bytes[65536];
	size_t got;

	while (!printer->stopped() && (got = log_file_read(printer->file, printer->at, bytes, sizeof(bytes))) > 0) {
		if (!print_bytes(printer->history, bytes, got, err))
			return false;
		printer->at += got;
	}
	return true;
}

static bool wants_line(struct log_printer *printer, const char *bytes, size_t len, bool known, int64_t ms)
{
	const struct log_selection *selection = printer->selection;
	struct str text;
	bool matches;

	if (!known)
		ms = 0;
	if (ms < selection->since || ms > selection->until)
		return false;
	if (!selection->match)
		return true;
	str_init(&text);
	log_text(bytes, len, &text);
	matches = log_match_line(selection->match, text.text);
	str_finish(&text);
	return matches;
}

static bool print_line(struct log_printer *printer, char *bytes, size_t len, struct error *err)
{
	const struct log_selection *selection = printer->selection;
	char stamp[MOMENT_SIZE + 1] = "", moment[MOMENT_SIZE];
	int64_t ms = 0;
	bool known = log_selection_by_time(selection) && log_file_time(printer->file, printer->at, &ms);

	if (!wants_line(printer, bytes, len, known, ms))
		return true;
	if (selection->timestamps)
		snprintf(stamp, sizeof(stamp), "%s ", known ? moment_text(ms, moment) : "-");
	bytes[len] = '\n';
	printer->printed++;
	return print_bytes(printer->history, stamp, strlen(stamp), err) &&
	       print_bytes(printer->history, bytes, len + 1, err);
}

static bool print_lines(struct log_printer *printer, bool whole, struct error *err)
{
	char bytes[2 * LOG_FILE_BLOCK + 1];
	uint64_t size = log_file_size(printer->file), next;

	for (; printer->at < size && !printer->stopped(); printer->at = next) {
		size_t len = log_file_text(printer->file, printer->at, bytes, &next);

		/* Without its line feed, the last line may be only the beginning of one. */
		if (whole && next == size && len == next - printer->at)
			break;
		if (!print_line(printer, bytes, len, err))
			return false;
	}
	return true;
}

bool log_printer_print(struct log_printer *printer, bool whole, struct error *err)
{
	bool ok = log_selection_by_lines(printer->selection) ? print_lines(printer, whole, err) : print_all(printer, err);

	return ok && (fflush(stdout) == 0 || error_errno(err, "standard output"));
}
