/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/build.h"

#include "core/base/alloc.h"
#include "core/vm/kept.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void add_write(struct build *b, const char *name, const char *text)
{
	char *path = layout_in_state(b->facts, name);
	struct plan_step *step = step_add(b, STEP_WRITE, path, mem_printf("writing %s", path));

	step->mode = 0600;
	step->bytes = mem_strdup(text);
	step->bytes_len = strlen(text);
}

static const struct file_fact *file_in_state(const struct build *b, const char *name)
{
	char *path = layout_in_state(b->facts, name);
	const struct file_fact *file = host_file(b->facts, path);

	free(path);
	return file;
}

static void check_state(struct build *b, const char *written)
{
	const struct file_fact *place = host_file(b->facts, written);
	const char *other = b->facts->state_other;
	const struct problem *image = problems_of(b->problems, SET_IMAGE, -1);

	/* The directory is named after an invalid image, which is already reported. */
	if (!b->spec->state && image && image->severity == PROBLEM_ERROR)
		return;
	if (place->error && place->error != ENOENT)
		problem_add(b->problems, PROBLEM_ERROR, SET_STATE, -1, "%s: %s", written, strerror(place->error));
	else if (place->kind != FILE_MISSING && place->kind != FILE_DIRECTORY)
		problem_add(b->problems, PROBLEM_ERROR, SET_STATE, -1, "%s: %s", written, strerror(ENOTDIR));
	if (b->facts->state_distrust)
		problem_add(b->problems, PROBLEM_ERROR, SET_STATE, -1, "%s", b->facts->state_distrust);
	else if (b->facts->state_unwritable && !place->error && (place->kind == FILE_MISSING || place->kind == FILE_DIRECTORY))
		problem_add(b->problems, PROBLEM_ERROR, SET_STATE, -1, "you cannot write to %s: %s; use another directory", written,
		            strerror(b->facts->state_unwritable));
	if (!other || b->spec->origin == CONFIG_PROFILE)
		return;
	if (!b->spec->state)
		problem_add(b->problems, PROBLEM_ERROR, SET_STATE, -1,
		            "%s belongs to %s; use another directory with --state", b->facts->state, other);
	else
		problem_add(b->problems, PROBLEM_WARNING, SET_STATE, -1, "%s was created for %s", b->facts->state, other);
}

void build_state_steps(struct build *b)
{
	char *written = layout_state_written(b->spec, b->facts);
	const char *record = file_in_state(b, KEPT_IMAGE)->text;
	struct plan_step *step;

	check_state(b, written);
	if (host_file(b->facts, written)->kind != FILE_DIRECTORY) {
		step = step_add(b, STEP_MKDIR, mem_strdup(written), mem_printf("creating %s", written));
		step->mode = 0700;
	}
	free(written);
	if (!b->spec->uuid && !b->facts->kept_uuid)
		add_write(b, KEPT_UUID, b->plan->uuid);
	/* The recorded image is gone, or is this image under another name. */
	if (!record || (strcmp(record, b->plan->image) && !b->facts->state_other))
		add_write(b, KEPT_IMAGE, b->plan->image);
	build_boot_format_steps(b);
	if (b->spec->net != NET_NONE && !b->spec->mac && file_in_state(b, KEPT_MAC)->kind == FILE_MISSING)
		add_write(b, KEPT_MAC, b->plan->mac);
}
