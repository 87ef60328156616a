/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/base/loop.h"
#include "core/base/str.h"
#include "core/machines/guest_figures.h"
#include "core/machines/resolve.h"
#include "core/usage/usage.h"
#include "ui/cli/ask_guest.h"
#include "ui/cli/command.h"
#include "ui/cli/vm_json.h"
#include "ui/cli/vm_rows.h"
#include "ui/cli/vm_use.h"
#include "ui/kit/draw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MEASURED_MS 1000	/* between the two samples: a tick of the CPU clock is then 1 % */
#define NOT_KNOWN "-"

/* Sizes as of format_size. */
typedef char cell[24];

static const char *size_cell(bool known, uint64_t bytes, cell out)
{
	return known ? format_size(bytes, out, sizeof(cell)) : NOT_KNOWN;
}

static const char *rate_cell(const struct usage_figures *figures, enum usage_counter counter, cell out)
{
	return size_cell(figures->counter[counter].rate != USAGE_UNKNOWN, figures->counter[counter].rate, out);
}

static const char *disks_cell(const struct vm_use *use, cell out)
{
	uint64_t used = 0;
	bool known = false;

	for (size_t i = 0; i < use->disks.count; i++) {
		known |= use->disks.items[i].used != DISK_USE_UNKNOWN;
		used += use->disks.items[i].used != DISK_USE_UNKNOWN ? use->disks.items[i].used : 0;
	}
	return size_cell(known, used, out);
}

static void print_row(const struct vm_row *row, int width)
{
	const struct vm_use *use = row->use;
	const struct usage_figures *figures = usage_figures(use->usage);
	char *name = format_plain(row->name);
	int columns = text_columns(name);
	cell cpu = NOT_KNOWN, memory, of, disks, read, written, received, sent, up = NOT_KNOWN;

	if (figures->cpu >= 0)
		snprintf(cpu, sizeof(cpu), "%.0f %%", figures->cpu);
	if (row->started)
		format_duration(time(NULL) - row->started, up, sizeof(up));
	printf("%s%*s  %6s  %6s  %6s  %6s  %6s  %6s  %6s  %6s  %11s  %s\n", name, columns < width ? width - columns : 0, "", cpu,
	       size_cell(true, figures->resident, memory), size_cell(use->settings_known, use->memory, of), disks_cell(use, disks),
	       rate_cell(figures, USAGE_DISK_READ, read), rate_cell(figures, USAGE_DISK_WRITTEN, written),
	       rate_cell(figures, USAGE_NET_RECEIVED, received), rate_cell(figures, USAGE_NET_SENT, sent), up,
	       use->ssh[0] ? use->ssh : use->address[0] ? use->address : NOT_KNOWN);
	free(name);
}

static void print_table(const struct vm_rows *rows)
{
	int width = vm_rows_name_width(rows);

	if (rows->count)
		printf("%-*s  %6s  %6s  %6s  %6s  %6s  %6s  %6s  %6s  %11s  %s\n", width, "NAME", "CPU", "MEMORY", "OF", "DISKS",
		       "READ/s", "WRIT/s", "RECV/s", "SENT/s", "UP", "REACHED BY");
	for (size_t i = 0; i < rows->count; i++)
		if (rows->items[i].use)
			print_row(&rows->items[i], width);
}

/* The row of a running machine that a word refers to, or NULL and an error. */
static struct vm_row *find_row(const struct command_context *context, const struct vm_rows *rows, const char *word,
                               struct error *err)
{
	struct vm_row *found = NULL;
	struct vm_target target;

	if (!vm_target_find(word, context->store, context->records, &target, err))
		return NULL;
	for (size_t i = 0; i < rows->count && !found; i++) {
		struct vm_row *row = &rows->items[i];

		if (target.running ? text_equal(row->uuid, target.entry.uuid) : row->pid && text_equal(row->state, target.state))
			found = row;
	}
	if (!found || !found->pid)
		error_set(err, found && target.running ? "%s: its keeper does not answer" : "%s is not running", word);
	vm_target_finish(&target);
	return found && found->pid ? found : NULL;
}

/* Measures the machines of these words, or all that run. Returns false if one of the words is no running machine's. */
static bool measure(const struct command_context *context, struct vm_rows *rows, const struct command_words *words)
{
	struct error err;
	bool ok = true;

	for (size_t i = 0; i < words->count; i++) {
		struct vm_row *row = find_row(context, rows, words->words[i], &err);

		if (row)
			vm_row_measure(row, context->records);
		if (!row || !row->use)
			ok = !(row ? cli_error("%s has ended", words->words[i]) : command_fail(&err));
	}
	for (size_t i = 0; i < rows->count && words->count == 0; i++)
		vm_row_measure(&rows->items[i], context->records);
	return ok;
}

/* Removes the machines that are not measured, or have ended meanwhile. */
static void drop_others(struct vm_rows *rows)
{
	struct vm_rows others = { .items = mem_array(rows->count + 1, sizeof(rows->items[0])) };
	size_t kept = 0;

	for (size_t i = 0; i < rows->count; i++) {
		if (rows->items[i].use && vm_use_again(rows->items[i].use))
			rows->items[kept++] = rows->items[i];
		else
			others.items[others.count++] = rows->items[i];
	}
	rows->count = kept;
	vm_rows_finish(&others);
}

/* One machine that was named is asked meanwhile for what only its QEMU knows. */
static void wait_for_second_sample(struct vm_rows *rows, bool named)
{
	uint64_t until = loop_now() + MEASURED_MS, now;
	struct vm_row *row = NULL;

	for (size_t i = 0; i < rows->count; i++)
		if (rows->items[i].use)
			row = &rows->items[i];
	if (!row)
		return;
	if (named && row->keeper) {
		struct guest_figures *guest = mem_alloc(sizeof(*guest));

		if (ask_guest(row->uuid, MEASURED_MS, guest)) {
			row->use->guest = guest;
			if (!row->use->address[0])
				memcpy(row->use->address, guest->address, sizeof(guest->address));
		} else {
			free(guest);
		}
	}
	now = loop_now();
	if (now < until)
		usleep((useconds_t)(until - now) * 1000);
}

int command_stats(const struct command_context *context, int argc, char **argv)
{
	struct vm_rows rows = { 0 };
	struct error err;
	struct command_words words;
	bool ok;

	if (!command_words_read(context->options, (size_t)argc, argc, argv, &words, &err))
		return command_usage(context, "%s", err.text);
	if (!vm_rows_gather(context, &rows, &err))
		return command_fail(&err);
	ok = measure(context, &rows, &words);
	wait_for_second_sample(&rows, words.count == 1);
	drop_others(&rows);
	if (rows.count == 1 && words.count == 1 && rows.items[0].use)
		rows.items[0].use->exact = usage_memory_exact(rows.items[0].use->usage);
	if (command_words_value(&words, "--json"))
		vm_rows_print_json(&rows);
	else
		print_table(&rows);
	vm_rows_finish(&rows);
	return ok ? 0 : 1;
}
