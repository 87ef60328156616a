/* SPDX-License-Identifier: MIT */
#include "ui/details/page_usage.h"

#include "core/base/format.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/machines/disk_use.h"
#include "core/machines/guest_figures.h"
#include "core/usage/usage.h"
#include "ui/kit/spark.h"
#include "ui/model/item.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define TEXT_WIDTH 18		/* columns of a figure in front of its picture */

/* A picture shows a whole minute or hour: its width divides that. 0: there is no room for one. */
static int picture_width(const struct page *page, const struct usage_page *of)
{
	static const int widths[] = { 60, 30, 20, 15, 12, 10 };
	int room = of->columns - page->label_width - TEXT_WIDTH;

	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++)
		if (widths[i] <= room)
			return widths[i];
	return 0;
}

/* The mean of what is known. */
static float mean_of(const struct series *series, float (*value)(const struct series *, unsigned ago), unsigned newest,
                     unsigned count)
{
	float sum = 0;
	unsigned known = 0;

	for (unsigned ago = newest; ago < newest + count; ago++)
		if (value(series, ago) >= 0) {
			sum += value(series, ago);
			known++;
		}
	return known > 0 ? sum / (float)known : SERIES_UNKNOWN;
}

/* Adds the line if there is room for the picture, or else the text alone, if there is any. Without a value there is none. */
static void add_course(struct page *page, const struct theme *theme, const struct usage_page *of, const char *label,
                       const char *text, float (*value)(const struct series *, unsigned ago))
{
	int width = picture_width(page, of);
	float values[SERIES_LENGTH];
	struct str line;

	str_init(&line);
	for (int i = 0; i < width; i++) {
		unsigned each = (unsigned)(SERIES_LENGTH / width);

		values[width - 1 - i] = mean_of(usage_cpu_series(of->usage), value, (unsigned)i * each, each);
	}
	spark_line(&line, theme, values, (size_t)width, (float)(of->cpus > 0 ? of->cpus : 1) * 100);
	page_add(page, STYLE_NORMAL, label, "%-*s%s", width > 0 ? TEXT_WIDTH : 0, text, line.text);
	str_finish(&line);
}

static void add_cpu(struct page *page, const struct theme *theme, const struct usage_page *of)
{
	double cpu = usage_figures(of->usage)->cpu;
	char text[64] = "-", cpus[32] = "";

	if (of->cpus > 0)
		snprintf(cpus, sizeof(cpus), " of %u vCPU%s", of->cpus, of->cpus == 1 ? "" : "s");
	if (cpu >= 0)
		snprintf(text, sizeof(text), "%.0f%%%s", cpu, cpus);
	add_course(page, theme, of, "cpu", text, series_minute);
	if (picture_width(page, of) > 0 && mean_of(usage_cpu_series(of->usage), series_hour, 0, SERIES_LENGTH) >= 0)
		add_course(page, theme, of, "", "last hour", series_hour);
}

static void add_memory(struct page *page, const struct theme *theme, const struct usage_page *of)
{
	uint64_t resident = usage_figures(of->usage)->resident;
	char used[24], all[24], text[64];
	int width = picture_width(page, of);
	struct str line;

	str_init(&line);
	if (of->memory > 0) {
		snprintf(text, sizeof(text), "%s of %s", format_size(resident, used, sizeof(used)),
		         format_size(of->memory, all, sizeof(all)));
		spark_bar(&line, theme, (double)resident / (double)of->memory, width);
	} else {
		format_size(resident, text, sizeof(text));
	}
	page_add(page, STYLE_NORMAL, "memory", "%-*s%s", line.len > 0 ? TEXT_WIDTH : 0, text, line.text);
	str_finish(&line);
}

static void add_disks(struct page *page, const struct usage_page *of)
{
	const char *label = "storage";

	for (size_t i = 0; of->disks != NULL && i < of->disks->count; i++) {
		const struct disk_use *disk = &of->disks->items[i];
		char used[24], size[24], text[64];

		if (disk->used == DISK_USE_UNKNOWN)
			continue;
		snprintf(text, sizeof(text), "%s of %s", format_size(disk->used, used, sizeof(used)),
		         disk->size > 0 ? format_size(disk->size, size, sizeof(size)) : "?");
		page_add(page, STYLE_NORMAL, label, "%-*s%s", TEXT_WIDTH, text, path_base(disk->path));
		label = "";
	}
}

/* "12 K/s (3.1 M)": the rate, if it is known, and the total since the start. */
static void add_counter(struct str *out, const struct usage_figures *figures, enum usage_counter counter)
{
	char rate[24], total[24];

	if (figures->counter[counter].rate != USAGE_UNKNOWN)
		str_addf(out, "%s/s (%s)", format_size(figures->counter[counter].rate, rate, sizeof(rate)),
		         format_size(figures->counter[counter].total, total, sizeof(total)));
	else
		str_addf(out, "%s", format_size(figures->counter[counter].total, total, sizeof(total)));
}

static void add_pair(struct page *page, const struct usage_page *of, const char *label, const char *const words[2],
                     enum usage_counter first)
{
	const struct usage_figures *figures = usage_figures(of->usage);
	struct str line;

	if (figures->counter[first].total == USAGE_UNKNOWN)
		return;
	str_init(&line);
	for (int i = 0; i < 2; i++) {
		str_addf(&line, "%s%s ", i > 0 ? ", " : "", words[i]);
		add_counter(&line, figures, (enum usage_counter)((int)first + i));
	}
	page_add(page, STYLE_NORMAL, label, "%s", line.text);
	str_finish(&line);
}

/* What the guest has done since its start, by device, and what its system says of its memory. */
static void add_guest(struct page *page, const struct guest_figures *guest)
{
	char one[24], two[24];

	for (size_t i = 0; i < guest->block_count; i++)
		page_add(page, STYLE_NORMAL, i == 0 ? "guest i/o" : "", "%s: read %s, written %s", guest->blocks[i].device,
		         format_size(guest->blocks[i].read, one, sizeof(one)), format_size(guest->blocks[i].written, two, sizeof(two)));
	if (guest->memory_known && guest->memory.total != MEMORY_UNKNOWN && guest->memory.free != MEMORY_UNKNOWN)
		page_add(page, STYLE_NORMAL, "guest mem", "%s free of %s", format_size(guest->memory.free, one, sizeof(one)),
		         format_size(guest->memory.total, two, sizeof(two)));
}

/* "2: this one, pts/4 (read-only) 80x24" */
static void add_screens(struct page *page, const struct running_vm *machine)
{
	struct str line;

	if (machine->screen_count == 0)
		return;
	str_init(&line);
	str_addf(&line, "%zu", machine->screen_count);
	for (size_t i = 0; i < machine->screen_count; i++) {
		const struct vm_screen *screen = &machine->screens[i];

		str_adds(&line, i == 0 ? ": " : ", ");
		if (screen->pid == getpid())
			str_adds(&line, "this one");
		else if (screen->terminal[0] != '\0')
			str_adds(&line, screen->terminal);
		else
			str_addf(&line, "pid %d", (int)screen->pid);
		if (screen->read_only)
			str_adds(&line, " (read-only)");
		if (screen->rows > 0 && screen->pid != getpid())
			str_addf(&line, " %dx%d", screen->columns, screen->rows);
	}
	page_add(page, STYLE_NORMAL, "screens", "%s", line.text);
	str_finish(&line);
}

void page_usage(struct page *page, const struct theme *theme, const struct usage_page *of)
{
	static const char *const disk_words[] = { "read", "written" }, *const net_words[] = { "received", "sent" };

	if (of->usage != NULL) {
		add_cpu(page, theme, of);
		add_memory(page, theme, of);
		add_disks(page, of);
		add_pair(page, of, "disk i/o", disk_words, USAGE_DISK_READ);
		add_pair(page, of, "traffic", net_words, USAGE_NET_RECEIVED);
	}
	if (of->guest != NULL)
		add_guest(page, of->guest);
	if (of->address[0] != '\0')
		page_add(page, STYLE_NORMAL, "address", "%s", of->address);
	else if (of->guest != NULL && of->guest->address[0] != '\0')
		page_add(page, STYLE_NORMAL, "address", "%s", of->guest->address);
	if (of->ssh[0] != '\0')
		page_add(page, STYLE_NORMAL, "connect", "%s", of->ssh);
	add_screens(page, of->machine);
}
