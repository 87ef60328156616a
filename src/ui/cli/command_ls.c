/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/base/path.h"
#include "ui/cli/command.h"
#include "ui/cli/vm_json.h"
#include "ui/cli/vm_rows.h"
#include "ui/kit/draw.h"

#include <stdio.h>
#include <stdlib.h>

static void print_table(const struct vm_rows *rows)
{
	int width = vm_rows_name_width(rows);

	if (rows->count)
		printf("%-*s  %-9s  %7s  %7s  %s\n", width, "NAME", "PHASE", "PID", "PENDING", "IMAGE");
	for (size_t i = 0; i < rows->count; i++) {
		const struct vm_row *row = &rows->items[i];
		char *path = path_shorten(row->image ? row->image : "");
		char *image = format_plain(path), *name = format_plain(row->name);
		int columns = text_columns(name);
		char pid[24] = "-", pending[24] = "-";

		if (row->pid)
			snprintf(pid, sizeof(pid), "%d", (int)row->pid);
		if (row->compared)
			snprintf(pending, sizeof(pending), "%zu", row->pending.count);
		printf("%s%*s  %-9s  %7s  %7s  %s\n", name, columns < width ? width - columns : 0, "", row->phase, pid, pending, image);
		free(name);
		free(image);
		free(path);
	}
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
