/* SPDX-License-Identifier: MIT */
#include "ui/details/page_end.h"

#include "core/base/format.h"
#include "core/base/str.h"
#include "core/keeper/run/last_run.h"
#include "core/machines/ending.h"
#include "core/machines/pause_words.h"
#include "ui/model/item.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_set(struct page *page, const char *label, const char *text)
{
	if (text[0] != '\0')
		page_add(page, STYLE_NORMAL, label, "%s", text);
}

/* The label stands in front of the first line. */
static void add_lines(struct page *page, const char *label, const char *lines)
{
	while (*lines != '\0') {
		size_t len = strcspn(lines, "\n");

		page_add(page, STYLE_NORMAL, label, "%.*s", (int)len, lines);
		label = "";
		lines += len;
		lines += *lines == '\n';
	}
}

static void add_resets(struct page *page, const struct last_run *last, long now)
{
	unsigned all = last->resets_guest + last->resets_host;
	char first[32], newest[32];

	if (all == 0)
		return;
	format_when(last->reset_first, now, first, sizeof(first));
	format_when(last->reset_last, now, newest, sizeof(newest));
	page_add(page, last->reset_loop ? STYLE_WARNING : STYLE_NORMAL, "resets", "%u by the guest, %u by QEMU; %s%s%s%s%s",
	         last->resets_guest, last->resets_host, all > 1 ? "first " : "at ", first, all > 1 ? ", last " : "",
	         all > 1 ? newest : "", last->reset_loop ? "; again and again" : "");
}

void page_end(struct page *page, const struct last_run *last, long now)
{
	char started[32], duration[32];
	const char *asker = ending_asker(last->asked_by);

	page_add(page, STYLE_NORMAL, NULL, "%s", "");
	page_add(page, STYLE_HEADING, NULL, "%s", last->ran ? "Why it stopped" : "Why it did not start");
	if (last_run_open(last)) {
		page_add(page, STYLE_NORMAL, NULL, "its keeper was killed, or the host went down");
		return;
	}
	if (last->ran && last->started > 0)
		page_add(page, STYLE_NORMAL, "started", "%s, ran %s", format_when(last->started, now, started, sizeof(started)),
		         format_duration(last->ended - last->started, duration, sizeof(duration)));
	page_add(page, STYLE_NORMAL, "asked by", "%s", asker);
	if (last->signal != 0)
		page_add(page, STYLE_NORMAL, "QEMU", "ended by signal %d (%s)", last->signal, strsignal(last->signal));
	else if (last->ran)
		page_add(page, STYLE_NORMAL, "QEMU", "exit status %d", last->exit);
	add_resets(page, last, now);
	if (last->watchdog[0] != '\0')
		page_add(page, STYLE_WARNING, "watchdog", "expired; action: %s", last->watchdog);
	add_set(page, "disk", last->io_error);
	add_set(page, "memory", last->memory_failure);
	add_lines(page, "its words", last->words);
	add_lines(page, "console", last->console);
}

void page_hindered(struct page *page, const struct running_vm *machine)
{
	char *words;

	if (machine->paused_why != NULL) {
		words = pause_words(machine->paused_why);
		page_add(page, STYLE_FAILED, NULL, "paused: %s; %s", words,
		         pause_full_file(machine->paused_why) != NULL ? "make room, then press R to go on" : "press R to try again");
		free(words);
	}
	if (machine->panicked)
		page_add(page, STYLE_FAILED, NULL, "the guest has panicked; its console or log may show why");
	if (machine->resetting)
		page_add(page, STYLE_WARNING, NULL, "the guest resets itself again and again; its console or log may show why");
}
