/* SPDX-License-Identifier: MIT */
#include "ui/cli/vm_json.h"

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/jobs/job_list.h"
#include "core/keeper/run/last_run.h"
#include "core/machines/ending.h"
#include "core/keeper/clients/protocol.h"
#include "core/machines/guest_figures.h"
#include "core/usage/usage.h"
#include "ui/cli/vm_rows.h"
#include "ui/cli/vm_use.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* JSON must be UTF-8, but file names may not be. Invalid bytes become U+FFFD. */
static json_t *json_text(const char *text)
{
	if (!text)
		return json_null();

	json_t *value = json_string(text);
	struct str clean;

	if (value)
		return value;
	str_init(&clean);
	for (const char *p = text; *p;) {
		size_t len = 1;

		while (len <= 4 && strnlen(p, len) == len && !(value = json_stringn(p, len)))
			len++;
		if (value)
			str_add(&clean, p, len);
		else
			str_adds(&clean, "\xef\xbf\xbd");
		p += value ? len : 1;
		json_decref(value);
		value = NULL;
	}
	value = json_string(clean.text);
	str_finish(&clean);
	return value;
}

static json_t *json_pending(const struct vm_row *row)
{
	json_t *array = row->compared ? json_array() : json_null();

	for (size_t i = 0; i < row->pending.count; i++)
		json_array_append_new(array, json_text(row->pending.items[i]));
	return array;
}

/* What is not known is null. */
static void set_number(json_t *object, const char *name, bool known, uint64_t number)
{
	json_object_set_new(object, name, known ? json_integer((json_int_t)number) : json_null());
}

static json_t *json_disks(const struct disk_uses *disks)
{
	json_t *array = json_array();

	for (size_t i = 0; i < disks->count; i++) {
		const struct disk_use *disk = &disks->items[i];
		json_t *object = json_object();

		json_object_set_new(object, "file", json_text(disk->path));
		set_number(object, "used_bytes", disk->used != DISK_USE_UNKNOWN, disk->used);
		set_number(object, "size_bytes", disk->size != 0, disk->size);
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *json_blocks(const struct guest_figures *guest)
{
	json_t *array = json_array();

	for (size_t i = 0; i < guest->block_count; i++) {
		const struct guest_block *block = &guest->blocks[i];
		json_t *object = json_object();

		json_object_set_new(object, "device", json_text(block->device));
		set_number(object, "read_bytes", true, block->read);
		set_number(object, "written_bytes", true, block->written);
		set_number(object, "read_operations", true, block->reads);
		set_number(object, "write_operations", true, block->writes);
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *json_guest_memory(const struct memory_state *memory)
{
	json_t *object = json_object();

	set_number(object, "total_bytes", memory->total != MEMORY_UNKNOWN, memory->total);
	set_number(object, "free_bytes", memory->free != MEMORY_UNKNOWN, memory->free);
	set_number(object, "available_bytes", memory->available != MEMORY_UNKNOWN, memory->available);
	return object;
}

static json_t *json_use(const struct vm_use *use)
{
	static const struct { const char *total, *rate; } names[USAGE_COUNTERS] = {
		[USAGE_DISK_READ] = { "disk_read_bytes", "disk_read_bytes_per_second" },
		[USAGE_DISK_WRITTEN] = { "disk_written_bytes", "disk_written_bytes_per_second" },
		[USAGE_NET_RECEIVED] = { "net_received_bytes", "net_received_bytes_per_second" },
		[USAGE_NET_SENT] = { "net_sent_bytes", "net_sent_bytes_per_second" },
	};
	const struct usage_figures *figures = usage_figures(use->usage);
	json_t *object = json_object();

	json_object_set_new(object, "cpus", use->settings_known ? json_integer(use->cpus) : json_null());
	json_object_set_new(object, "cpu_percent", figures->cpu >= 0 ? json_real((double)(int64_t)(figures->cpu * 10 + 0.5) / 10) : json_null());
	json_object_set_new(object, "cpu_seconds", json_real((double)figures->cpu_ms / 1000));
	set_number(object, "memory_bytes", true, figures->resident);
	set_number(object, "memory_pss_bytes", use->exact != USAGE_UNKNOWN, use->exact);
	set_number(object, "memory_size_bytes", use->settings_known, use->memory);
	for (int i = 0; i < USAGE_COUNTERS; i++) {
		uint64_t total = figures->counter[i].total, rate = figures->counter[i].rate;

		set_number(object, names[i].total, total != USAGE_UNKNOWN, total);
		set_number(object, names[i].rate, rate != USAGE_UNKNOWN, rate);
	}
	json_object_set_new(object, "disks", use->settings_known ? json_disks(&use->disks) : json_null());
	json_object_set_new(object, "block_devices", use->guest ? json_blocks(use->guest) : json_null());
	json_object_set_new(object, "guest_memory",
	                    use->guest && use->guest->memory_known ? json_guest_memory(&use->guest->memory) : json_null());
	json_object_set_new(object, "address", use->address[0] ? json_string(use->address) : json_null());
	json_object_set_new(object, "ssh", use->ssh[0] ? json_string(use->ssh) : json_null());
	return object;
}

static json_t *json_time(time_t when)
{
	return when ? json_integer(when) : json_null();
}

/* All that is known about the last run, but for the end of its console, which may hold secrets. */
static json_t *json_last(const struct last_run *last)
{
	json_t *object;
	struct vm_end end;
	char *sentence;

	if (!last)
		return json_null();
	end = ending_of_run(last);
	sentence = last_run_open(last) ? mem_strdup("its keeper was killed, or the host went down") : ending_sentence(&end);
	object = json_object();
	json_object_set_new(object, "sentence", json_text(sentence));
	json_object_set_new(object, "ran", json_boolean(last->ran));
	json_object_set_new(object, "started", json_time(last->started));
	json_object_set_new(object, "ended", json_time(last->ended));
	json_object_set_new(object, "exit", json_integer(last->exit));
	json_object_set_new(object, "signal", json_integer(last->signal));

	const struct { const char *name, *text; } texts[] = {
		{ "asked_by", last->asked_by }, { "reason", last->reason }, { "error", last->error }, { "words", last->words },
		{ "panic", last->panic }, { "watchdog", last->watchdog }, { "io_error", last->io_error },
		{ "paused", last->paused }, { "memory_failure", last->memory_failure },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		json_object_set_new(object, texts[i].name, json_text(texts[i].text));
	json_object_set_new(object, "resets_guest", json_integer(last->resets_guest));
	json_object_set_new(object, "resets_host", json_integer(last->resets_host));
	json_object_set_new(object, "reset_first", json_time(last->reset_first));
	json_object_set_new(object, "reset_last", json_time(last->reset_last));
	json_object_set_new(object, "reset_loop", json_boolean(last->reset_loop));
	free(sentence);
	return object;
}

static json_t *json_screens(const struct vm_row *row)
{
	json_t *array = json_array();

	for (size_t i = 0; i < row->screen_count; i++) {
		const struct attached_screen *screen = &row->screens[i];
		json_t *object = json_object();
		char terminal[16];

		usage_terminal("", screen->pid, terminal);
		set_number(object, "pid", screen->pid != 0, (uint64_t)screen->pid);
		json_object_set_new(object, "terminal", terminal[0] ? json_string(terminal) : json_null());
		json_object_set_new(object, "read_only", json_boolean(screen->read_only));
		set_number(object, "rows", screen->rows != 0, (uint64_t)screen->rows);
		set_number(object, "columns", screen->columns != 0, (uint64_t)screen->columns);
		json_array_append_new(array, object);
	}
	return array;
}

/* Prints it on stdout and frees it. */
static void print_array(json_t *array)
{
	/* JSON may hold U+009B and characters that turn the writing round as they are. */
	json_dumpf(array, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(12) | (isatty(STDOUT_FILENO) ? JSON_ENSURE_ASCII : 0));
	putchar('\n');
	json_decref(array);
}

void vm_rows_print_json(const struct vm_rows *rows)
{
	json_t *array = json_array();

	for (size_t i = 0; i < rows->count; i++) {
		const struct vm_row *row = &rows->items[i];
		json_t *object = json_object();

		json_object_set_new(object, "name", json_text(row->name));
		json_object_set_new(object, "uuid", json_text(row->uuid));
		json_object_set_new(object, "phase", json_text(row->phase));
		json_object_set_new(object, "why", json_text(row->why));
		json_object_set_new(object, "pid", row->pid ? json_integer(row->pid) : json_null());
		json_object_set_new(object, "state", json_text(row->state));
		json_object_set_new(object, "image", json_text(row->image));
		json_object_set_new(object, "started", row->started ? json_integer(row->started) : json_null());
		json_object_set_new(object, "pending", json_pending(row));
		json_object_set_new(object, "resets", json_integer(row->resets));
		json_object_set_new(object, "last", json_last(row->last));
		json_object_set_new(object, "screens", row->screens ? json_screens(row) : json_null());
		json_object_set_new(object, "usage", row->use ? json_use(row->use) : json_null());
		json_array_append_new(array, object);
	}
	print_array(array);
}

void jobs_print_json(const struct job_list *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->count; i++) {
		const struct job_entry *entry = &list->items[i];
		json_t *object = json_object();

		json_object_set_new(object, "id", json_integer(entry->id));
		json_object_set_new(object, "title", json_text(entry->title));
		json_object_set_new(object, "vm", json_text(entry->vm));
		json_object_set_new(object, "state", json_string(job_state_name(entry->state)));
		json_object_set_new(object, "percent", json_integer(entry->percent));
		json_object_set_new(object, "step", json_text(entry->step));
		json_object_set_new(object, "error", *entry->error ? json_text(entry->error) : json_null());
		json_object_set_new(object, "pid", entry->state == JOB_RUNNING ? json_integer(entry->pid) : json_null());
		json_object_set_new(object, "started", json_time(entry->started));
		json_object_set_new(object, "ended", json_time(entry->ended));
		json_array_append_new(array, object);
	}
	print_array(array);
}
