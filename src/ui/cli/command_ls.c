/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/machines/ending.h"
#include "core/machines/pause_words.h"
#include "ui/cli/command.h"
#include "ui/cli/vm_json.h"
#include "ui/cli/vm_rows.h"
#include "ui/kit/draw.h"
#include "ui/model/item.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* What the table says about a row besides its phase: why a VM does not run, or does not go on; "" for nothing. */
static char *remark(const struct vm_row *row)
{
	char text[2048] = "", resets[40];

	if (row->why && text_equal(row->phase, "paused")) {
		char *words = pause_words(row->why), *plain = format_plain(words);

		free(words);
		return plain;
	}
	if (row->why)
		return format_plain(row->why);
	if (row->last && (ending_is_bad(ending_of(row->last)) || ending_of(row->last) == ENDING_KILLED))
		last_run_text(row->last, time(NULL), text, sizeof(text));
	return format_plain(row->last ? text : resets_words(row->resets, false, resets, sizeof(resets)));
}

#define WIDEST_IMAGE 40

struct line {
	char *name, *image, *remark;
};

static void print_padded(const char *text, int width)
{
	int columns = text_columns(text);

	printf("%s%*s", text, columns < width ? width - columns : 0, "");
}

static void print_table(const struct vm_rows *rows)
{
	int width = vm_rows_name_width(rows), image_width = 5;
	struct line *lines = mem_array(rows->count, sizeof(*lines));
	bool remarks = false;

	for (size_t i = 0; i < rows->count; i++) {
		char *path = path_shorten(rows->items[i].image ? rows->items[i].image : "");

		lines[i] = (struct line){ format_plain(rows->items[i].name), format_plain(path), remark(&rows->items[i]) };
		if (text_columns(lines[i].image) > image_width && text_columns(lines[i].image) <= WIDEST_IMAGE)
			image_width = text_columns(lines[i].image);
		remarks = remarks || lines[i].remark[0];
		free(path);
	}
	if (rows->count)
		printf("%-*s  %-9s  %7s  %7s  %-*s%s\n", width, "NAME", "PHASE", "PID", "PENDING", remarks ? image_width : 0, "IMAGE",
		       remarks ? "  WHY" : "");
	for (size_t i = 0; i < rows->count; i++) {
		const struct vm_row *row = &rows->items[i];
		char pid[24] = "-", pending[24] = "-";

		if (row->pid)
			snprintf(pid, sizeof(pid), "%d", (int)row->pid);
		if (row->compared)
			snprintf(pending, sizeof(pending), "%zu", row->pending.count);
		print_padded(lines[i].name, width);
		printf("  %-9s  %7s  %7s  ", row->phase, pid, pending);
		print_padded(lines[i].image, lines[i].remark[0] ? image_width : 0);
		printf("%s%s\n", lines[i].remark[0] ? "  " : "", lines[i].remark);
		free(lines[i].name);
		free(lines[i].image);
		free(lines[i].remark);
	}
	free(lines);
}

int command_ls(const struct command_context *context, int argc, char **argv)
{
	struct vm_rows rows = { 0 };
	struct error err;
	struct command_words words;

	if (!command_words_read(context->options, 1, argc, argv, &words, &err))
		return command_usage(context, "%s", err.text);
	if (words.name)
		return command_usage(context, "unexpected argument %s; ls lists all VMs", words.name);
	if (!vm_rows_gather(context, &rows, &err))
		return command_fail(&err);
	if (command_words_value(&words, "--json")) {
		for (size_t i = 0; i < rows.count; i++)
			vm_row_measure(&rows.items[i], context->records);
		vm_rows_print_json(&rows);
	} else {
		print_table(&rows);
	}
	vm_rows_finish(&rows);
	return 0;
}
