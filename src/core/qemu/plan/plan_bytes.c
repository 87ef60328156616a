/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/plan_bytes.h"

#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "core/base/error.h"
#include "core/base/str.h"

#include <stdlib.h>
#include <string.h>

#define PLAN_MAGIC 0x706c616e33ULL	/* "plan3" */

static void put_strv(struct str *out, const struct strv *list)
{
	bytes_put_number(out, list->count);
	for (size_t i = 0; i < list->count; i++)
		bytes_put_text(out, list->items[i]);
}

static void put_step(struct str *out, const struct plan_step *step)
{
	bytes_put_number(out, step->kind);
	bytes_put_text(out, step->path);
	bytes_put_text(out, step->from);
	bytes_put_number(out, step->mode);
	bytes_put_number(out, step->bytes != NULL);
	bytes_put_blob(out, step->bytes ? step->bytes : "", step->bytes_len);
	bytes_put_text(out, step->meta);
	put_strv(out, &step->argv);
	bytes_put_text(out, step->socket);
	bytes_put_text(out, step->log);
	bytes_put_text(out, step->what);
}

void plan_write(const struct plan *plan, struct str *out)
{
	bytes_put_number(out, PLAN_MAGIC);
	bytes_put_text(out, plan->name);
	bytes_put_text(out, plan->uuid);
	bytes_put_text(out, plan->mac);
	bytes_put_text(out, plan->image);
	bytes_put_text(out, plan->state);
	bytes_put_text(out, plan->state_absolute);
	bytes_put_text(out, plan->cwd);
	bytes_put_text(out, plan->kind);
	bytes_put_text(out, plan->qemu);
	put_strv(out, &plan->settings);
	bytes_put_number(out, plan->gui);
	bytes_put_number(out, plan->ends_with_starter);
	bytes_put_number(out, plan->first_extra_arg);
	bytes_put_number(out, plan->arg_count);
	for (size_t i = 0; i < plan->arg_count; i++) {
		bytes_put_text(out, plan->args[i].text);
		bytes_put_text(out, plan->args[i].origin);
	}
	bytes_put_number(out, plan->step_count);
	for (size_t i = 0; i < plan->step_count; i++)
		put_step(out, &plan->steps[i]);
}

/* Reads a count of items that take at least one byte each; rejects counts above the number of bytes left. */
static size_t get_count(struct bytes_reader *in)
{
	uint64_t count = bytes_get_number(in);

	if (count > in->left) {
		in->bad = true;
		return 0;
	}
	return (size_t)count;
}

static void get_strv(struct bytes_reader *in, struct strv *list)
{
	size_t count = get_count(in);

	for (size_t i = 0; i < count && !in->bad; i++) {
		char *text = bytes_get_text(in);

		if (text)
			strv_take(list, text);
		else
			in->bad = true;
	}
}

static void get_step(struct bytes_reader *in, struct plan_step *step)
{
	uint64_t kind = bytes_get_number(in);
	bool has_bytes;

	if (kind > STEP_HELPER)
		in->bad = true;
	step->kind = (enum plan_step_kind)kind;
	step->path = bytes_get_text(in);
	step->from = bytes_get_text(in);
	step->mode = (unsigned)bytes_get_number(in);
	has_bytes = bytes_get_number(in);
	step->bytes = bytes_get_blob(in, &step->bytes_len);
	/* A step without bytes has an empty blob. */
	if (has_bytes ? !step->bytes : step->bytes_len > 0)
		in->bad = true;
	if (!has_bytes) {
		free(step->bytes);
		step->bytes = NULL;
		step->bytes_len = 0;
	}
	step->meta = bytes_get_text(in);
	get_strv(in, &step->argv);
	step->socket = bytes_get_text(in);
	step->log = bytes_get_text(in);
	step->what = bytes_get_text(in);
}

bool plan_read(const void *bytes, size_t len, struct plan *out, struct error *err)
{
	struct bytes_reader in = { .at = bytes, .left = len };
	size_t count;

	memset(out, 0, sizeof(*out));
	if (bytes_get_number(&in) != PLAN_MAGIC)
		return error_set(err, "not a plan, or a plan of another version");
	out->name = bytes_get_text(&in);
	out->uuid = bytes_get_text(&in);
	out->mac = bytes_get_text(&in);
	out->image = bytes_get_text(&in);
	out->state = bytes_get_text(&in);
	out->state_absolute = bytes_get_text(&in);
	out->cwd = bytes_get_text(&in);
	out->kind = bytes_get_text(&in);
	out->qemu = bytes_get_text(&in);
	get_strv(&in, &out->settings);
	out->gui = bytes_get_number(&in);
	out->ends_with_starter = bytes_get_number(&in);
	out->first_extra_arg = (size_t)bytes_get_number(&in);
	count = get_count(&in);
	out->args = mem_array(count + 1, sizeof(*out->args));
	out->arg_size = count + 1;
	for (; out->arg_count < count && !in.bad; out->arg_count++) {
		struct plan_arg *arg = &out->args[out->arg_count];

		arg->text = bytes_get_text(&in);
		arg->origin = bytes_get_text(&in);
		in.bad |= !arg->text || !arg->origin;
	}
	count = get_count(&in);
	out->steps = mem_array(count + 1, sizeof(*out->steps));
	out->step_size = count + 1;
	for (; out->step_count < count && !in.bad; out->step_count++)
		get_step(&in, &out->steps[out->step_count]);
	if (!in.bad && in.left == 0 && out->name && out->state_absolute && out->qemu && out->arg_count > 0)
		return true;
	plan_finish(out);
	return error_set(err, "the plan is damaged");
}

bool plan_complete(const struct plan *plan, struct error *err)
{
	if (plan->name && plan->uuid && plan->state_absolute && plan->cwd && plan->qemu && plan->arg_count > 0)
		return true;
	return error_set(err, "the plan is incomplete");
}
