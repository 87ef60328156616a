/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/base/loop.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/keeper/clients/client.h"
#include "core/keeper/run/last_run.h"
#include "core/keeper/run/registry.h"
#include "core/machines/ending.h"
#include "core/machines/foreign_qemu.h"
#include "core/machines/identity.h"
#include "core/machines/missing.h"
#include "core/machines/pending.h"
#include "core/machines/startable.h"
#include "core/machines/state_dir.h"
#include "core/vm/store.h"
#include "ui/cli/command.h"
#include "ui/kit/draw.h"
#include "ui/model/item.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ANSWER_MS 2000		/* a keeper that does not answer within this time has the phase "unknown" */

#define WIDEST_NAME 40		/* columns; a longer name shifts only its own line */

/* A line of the list. */
struct row {
	char *name, *uuid, *state, *image;
	const char *phase;
	char *why;		/* why QEMU paused it, which setting is invalid, or why the profile cannot be read */
	pid_t pid;
	time_t started;
	bool broken;
	bool compared;		/* a profile that runs, as its settings are known */
	struct strv pending;	/* its settings that wait for a restart */
};

struct rows {
	struct row *items;
	size_t count, size;
};

static struct row *add_row(struct rows *rows)
{
	rows->items = mem_grow(rows->items, &rows->size, rows->count + 1, sizeof(*rows->items));
	struct row *row = &rows->items[rows->count++];
	*row = (struct row){ .phase = "off" };
	return row;
}

/* The phase of a VM without a keeper: another program's QEMU may run there; otherwise how the last run ended. */
static void look_at_rest(struct row *row, const struct record_io *records)
{
	struct last_run run;
	pid_t pid;

	if (!row->state)
		return;
	switch (foreign_qemu_probe(row->state, &pid)) {
	case FOREIGN_RUNS:
		row->phase = "running";
		row->pid = pid;
		return;
	case FOREIGN_UNKNOWN:
		row->phase = "unknown";
		return;
	case FOREIGN_NONE:
		break;
	}
	if (last_run_read(records, row->state, &run))
		row->phase = ending_word(ending_of(&run));
}

/* A VM that cannot start is shown as invalid, not as off. */
static void look_at_settings(struct row *row, const struct vm_config *config)
{
	if (row->pid || text_equal(row->phase, "unknown"))
		return;
	row->why = startable_bad_setting(config);
	if (!row->why)
		row->why = missing_image(row->image);
	if (row->why)
		row->phase = UNSTARTABLE_WORD;
}

/* Asks all keepers for their phases at the same time: they answer while the profiles are read. */
struct asking {
	struct loop *loop;
	struct question *questions;
	size_t count, open;
};

struct question {
	struct asking *asking;
	struct row *row;
	struct keeper_client *client;
	bool done;
};

static void answered(struct question *question)
{
	if (question->done)
		return;
	question->done = true;
	if (--question->asking->open == 0)
		loop_quit(question->asking->loop, 0);
}

static void on_state(void *data, const struct keeper_state *state)
{
	struct question *question = data;

	question->row->phase = running_word(state->phase, state->unresponsive, state->paused);
	if (state->paused && state->paused_why && *state->paused_why)
		question->row->why = mem_strdup(state->paused_why);
	question->row->pid = state->pid;
	answered(question);
}

static void on_ended(void *data, const struct keeper_end *end)
{
	struct question *question = data;

	(void)end;
	question->row->phase = "off";
	answered(question);
}

static void on_lost(void *data, const char *why)
{
	(void)why;
	answered(data);
}

static void no_answer(void *data)
{
	loop_quit(((struct asking *)data)->loop, 1);
}

static void ask_phases(struct asking *asking, const struct registry_list *running)
{
	static const struct keeper_events events = { .state = on_state, .ended = on_ended, .lost = on_lost };
	struct error ignored;

	*asking = (struct asking){ .loop = loop_new(), .count = running->count,
	                           .questions = mem_array(running->count, sizeof(*asking->questions)) };
	for (size_t i = 0; i < running->count; i++) {
		struct question *question = &asking->questions[i];

		question->asking = asking;
		question->client = keeper_connect(asking->loop, &running->items[i], &keeper_watch, &events, question, &ignored);
		asking->open += question->client != NULL;
	}
}

/* The answers go to the rows of the questions, which the caller has set by now. */
static void await_phases(struct asking *asking)
{
	struct loop_timer *timer = loop_timer(asking->loop, no_answer, asking);

	loop_timer_arm(timer, ANSWER_MS);
	if (asking->open)
		loop_run(asking->loop);
	for (size_t i = 0; i < asking->count; i++)
		keeper_close(asking->questions[i].client);
	loop_timer_free(timer);
	loop_free(asking->loop);
	free(asking->questions);
}

static bool row_is(const struct row *row, const struct registry_entry *entry)
{
	struct vm_ref ref = {
		.kind = VM_REF_PROFILE, .name = row->name, .uuid = row->broken ? NULL : row->uuid, .state = row->state,
	};

	return vm_ref_is(&ref, entry, path_same);
}

/* Whether a VM of that name is this profile's. The list is ordered by name. */
static bool runs_by_name(const struct row *row, const struct registry_list *running)
{
	size_t first = 0, end = running->count;

	while (first < end) {
		size_t middle = first + (end - first) / 2;

		if (strcmp(running->items[middle].name, row->name) < 0)
			first = middle + 1;
		else
			end = middle;
	}
	for (; first < running->count && text_equal(running->items[first].name, row->name); first++)
		if (row_is(row, &running->items[first]))
			return true;
	return false;
}

static void add_profile(struct rows *rows, const char *name, const struct registry_list *running,
                        const struct command_context *context)
{
	struct vm_config config;
	struct store_revision revision;
	struct error err;
	struct row *row = add_row(rows);

	row->name = mem_strdup(name);
	vm_config_init(&config, CONFIG_PROFILE);
	if (context->store->load(context->store, name, &config, &revision, &err)) {
		const char *image = vm_config_get(&config, SET_IMAGE);

		row->image = image ? path_expand(image) : NULL;
		row->state = state_dir_of(&config);
		/* The state directory need not be read for what the VM's keeper knows better. */
		if (!row->state || !runs_by_name(row, running)) {
			row->uuid = state_dir_uuid_of(&config, row->state);
			look_at_rest(row, context->records);
			look_at_settings(row, &config);
		}
	} else {
		row->broken = true;
		row->phase = "broken";
		row->why = mem_strdup(err.text);
		cli_error("%s: %s", name, err.text);
	}
	vm_config_finish(&config);
}

/*
 * The row of a running VM: that of its profile, or a new one. If copies of a profile share a state directory, the one
 * with the VM's name comes first.
 */
static struct row *row_of(struct rows *rows, size_t profiles, const struct registry_entry *entry)
{
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < profiles; i++) {
			struct row *row = &rows->items[i];

			if ((pass > 0 || text_equal(row->name, entry->name)) && row_is(row, entry))
				return row;
		}
	return add_row(rows);
}

static void fill_running(struct row *row, const struct registry_entry *entry)
{
	if (!row->name)
		row->name = mem_strdup(entry->name);
	free(row->uuid);
	row->uuid = mem_strdup(entry->uuid);
	/* What runs, and not what the profile says by now. */
	free(row->state);
	row->state = mem_strdup(entry->state);
	if (entry->image && *entry->image) {
		free(row->image);
		row->image = mem_strdup(entry->image);
	}
	row->phase = "unknown";
	free(row->why);
	row->why = NULL;
	row->pid = 0;
	row->started = entry->started;
}

static void compare(struct row *row, const struct command_context *context)
{
	struct vm_config config;
	struct store_revision revision;
	struct pending pending = { 0 };
	struct error ignored;

	vm_config_init(&config, CONFIG_PROFILE);
	row->compared = context->store->load(context->store, row->name, &config, &revision, &ignored) &&
	                pending_read(&pending, context->records, row->state, row->uuid, &config);
	pending_names(&pending, &row->pending);
	pending_finish(&pending);
	vm_config_finish(&config);
}

static bool gather(const struct command_context *context, struct rows *rows, struct error *err)
{
	struct strv names = { 0 };
	struct registry_list running = { 0 };

	if (!context->store->names(context->store, &names, err) || !registry_read(context->records, &running, err)) {
		strv_finish(&names);
		return false;
	}
	struct asking asking;

	ask_phases(&asking, &running);
	for (size_t i = 0; i < names.count; i++)
		add_profile(rows, names.items[i], &running, context);
	strv_finish(&names);

	size_t profiles = rows->count;

	/* Rows move while they are added: first all of them, then pointers. */
	size_t *where = mem_array(running.count, sizeof(*where));
	for (size_t i = 0; i < running.count; i++) {
		struct row *row = row_of(rows, profiles, &running.items[i]);

		fill_running(row, &running.items[i]);
		if ((size_t)(row - rows->items) < profiles && !row->broken && row->state)
			compare(row, context);
		where[i] = (size_t)(row - rows->items);
	}
	for (size_t i = 0; i < running.count; i++)
		asking.questions[i].row = &rows->items[where[i]];
	await_phases(&asking);
	free(where);
	registry_list_finish(&running);
	return true;
}

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

static json_t *json_pending(const struct row *row)
{
	json_t *array = row->compared ? json_array() : json_null();

	for (size_t i = 0; i < row->pending.count; i++)
		json_array_append_new(array, json_text(row->pending.items[i]));
	return array;
}

static void print_json(const struct rows *rows)
{
	json_t *array = json_array();

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->items[i];
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
		json_array_append_new(array, object);
	}
	/* JSON may hold U+009B and characters that turn the writing round as they are. */
	json_dumpf(array, stdout, JSON_INDENT(2) | (isatty(STDOUT_FILENO) ? JSON_ENSURE_ASCII : 0));
	putchar('\n');
	json_decref(array);
}

static void print_table(const struct rows *rows)
{
	int width = 4;

	for (size_t i = 0; i < rows->count; i++) {
		int columns = text_columns(rows->items[i].name);

		if (columns > width && columns <= WIDEST_NAME)
			width = columns;
	}
	if (rows->count)
		printf("%-*s  %-9s  %7s  %7s  %s\n", width, "NAME", "PHASE", "PID", "PENDING", "IMAGE");
	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->items[i];
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
	struct rows rows = { 0 };
	struct error err;
	struct command_words words;

	if (!command_words_read(context->options, 1, argc, argv, &words, &err))
		return command_usage(context, "%s", err.text);
	if (words.name)
		return command_usage(context, "unexpected argument %s; ls lists all VMs", words.name);
	if (!gather(context, &rows, &err))
		return command_fail(&err);
	if (command_words_value(&words, "--json"))
		print_json(&rows);
	else
		print_table(&rows);
	for (size_t i = 0; i < rows.count; i++) {
		free(rows.items[i].name);
		free(rows.items[i].uuid);
		free(rows.items[i].state);
		free(rows.items[i].image);
		free(rows.items[i].why);
		strv_finish(&rows.items[i].pending);
	}
	free(rows.items);
	return 0;
}
