/* SPDX-License-Identifier: MIT */
#include "core/control/drives.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/path.h"
#include "core/base/quoted.h"
#include "core/base/str.h"
#include "core/control/job.h"
#include "core/qemu/host/layout.h"
#include "core/vm/problem.h"
#include "core/vm/same_value.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text && *text ? mem_strdup(text) : NULL;
}

static uint64_t bytes_of(const json_t *object, const char *name)
{
	json_int_t number = json_integer_value(json_object_get(object, name));

	return number > 0 ? (uint64_t)number : 0;
}

/* See BlockInfo in QEMU's qapi/block-core.json. */
static void read_drive(const json_t *info, struct drive *out)
{
	const json_t *inserted = json_object_get(info, "inserted"), *image = json_object_get(inserted, "image");

	*out = (struct drive){
		.qdev = text_of(info, "qdev"),
		.node = text_of(inserted, "node-name"),
		.file = text_of(inserted, "file"),
		.format = text_of(inserted, "drv"),
		.size = bytes_of(image, "virtual-size"),
		.used = bytes_of(image, "actual-size"),
		/* Only drives with a tray say where it is. */
		.is_cd = json_is_true(json_object_get(info, "removable")) && json_object_get(info, "tray_open"),
		.tray_open = json_is_true(json_object_get(info, "tray_open")),
		.locked = json_is_true(json_object_get(info, "locked")),
		.read_only = json_is_true(json_object_get(inserted, "ro")),
	};
}

bool drives_read(const char *json, struct drives *out)
{
	json_t *root = json_loads(json, JSON_ALLOW_NUL, NULL);
	bool good = json_is_array(root);
	const json_t *info;
	size_t i;

	*out = (struct drives){ .items = mem_array(DRIVES_MAX, sizeof(*out->items)) };
	json_array_foreach(root, i, info) {
		const char *qdev = json_string_value(json_object_get(info, "qdev"));

		if (qdev && *qdev && out->count < DRIVES_MAX)
			read_drive(info, &out->items[out->count++]);
	}
	json_decref(root);
	return good;
}

void drives_finish(struct drives *drives)
{
	for (size_t i = 0; i < drives->count; i++) {
		free(drives->items[i].qdev);
		free(drives->items[i].node);
		free(drives->items[i].file);
		free(drives->items[i].format);
	}
	free(drives->items);
	*drives = (struct drives){ 0 };
}

void drive_files_of(const struct vm_config *config, const char *state, struct drive_files *out)
{
	struct host_facts facts = { .state = mem_strdup(state) };
	struct problems problems = { 0 };
	struct vm_spec spec = { 0 };

	vm_spec_read(config, NULL, &spec, &problems);
	*out = (struct drive_files){
		.image = mem_strdup(spec.image), .squashfs = mem_printf("%s-squashfs.img", spec.image),
		.metadata = layout_in_state(&facts, "data.iso"),
	};
	strv_copy(&out->values, &config->value[SET_DISK]);
	for (size_t i = 0; i < out->values.count; i++) {
		if (i < spec.disk_count && (spec.disks[i].path || spec.disks[i].size_mib))
			strv_take(&out->disks, layout_disk(&spec, &facts, i));
		else
			strv_add(&out->disks, "");
	}
	problems_finish(&problems);
	vm_spec_finish(&spec);
	host_facts_finish(&facts);
}

void drive_files_finish(struct drive_files *files)
{
	free(files->image);
	free(files->squashfs);
	free(files->metadata);
	strv_finish(&files->disks);
	strv_finish(&files->values);
	*files = (struct drive_files){ 0 };
}

bool drive_files_running(const struct control_vm *vm, struct vm_config *config, struct drive_files *files, struct error *err)
{
	if (!control_running(vm, config, err))
		return false;
	drive_files_of(config, vm->state, files);
	return true;
}

bool drive_files_again(const struct control_job *job, const char *file, struct drive_files *files, size_t *index)
{
	const struct control_vm vm = { .state = job->state, .records = job->records };
	struct vm_config config;
	struct error ignored;
	bool known;

	vm_config_init(&config, CONFIG_PROFILE);
	known = drive_files_running(&vm, &config, files, &ignored);
	vm_config_finish(&config);
	for (size_t i = 0; known && i < files->disks.count; i++) {
		if (strcmp(files->disks.items[i], file) != 0)
			continue;
		*index = i;
		return true;
	}
	if (known)
		drive_files_finish(files);
	return false;
}

bool drive_is_file(const char *name, const char *path)
{
	char *clean;
	size_t len, whole = strlen(path);
	bool same;

	if (!*path)
		return false;
	if (name[0] == '/')
		return path_same(name, path);
	/* The QEMU of `run` works in a directory that is not recorded. */
	clean = path_clean(name);
	len = strlen(clean);
	same = len < whole && path[whole - len - 1] == '/' && !strcmp(path + whole - len, clean);
	free(clean);
	return same;
}

static void identify(struct drive *drive, const struct drive_files *files)
{
	drive->role = DRIVE_OTHER;
	if (!drive->file)
		return;
	for (size_t i = 0; i < files->disks.count && !drive->is_cd; i++) {
		if (!drive_is_file(drive->file, files->disks.items[i]))
			continue;
		drive->role = DRIVE_DISK;
		drive->disk = i;
		return;
	}
	if (drive_is_file(drive->file, files->image) || drive_is_file(drive->file, files->squashfs))
		drive->role = DRIVE_IMAGE;
	else if (drive->is_cd && drive_is_file(drive->file, files->metadata))
		drive->role = DRIVE_METADATA;
}

void drives_identify(struct drives *drives, const struct drive_files *files)
{
	for (size_t i = 0; i < drives->count; i++)
		identify(&drives->items[i], files);
}

bool drive_files_find(const struct drive_files *files, const char *word, int *index, struct error *err)
{
	uint64_t number;
	struct error ignored;
	int matches = 0;

	if (!strcmp(word, "image")) {
		*index = DRIVE_IMAGE_INDEX;
		return true;
	}
	if (word[strspn(word, "0123456789")] == '\0' && *word) {
		if (files->disks.count == 0)
			return error_set(err, "it has no disk %s; the boot image is named `image`", word);
		if (!number_parse(word, 1, files->disks.count, &number, &ignored))
			return error_set(err, "there is no disk %s; the last one is %zu", word, files->disks.count);
		*index = (int)number - 1;
		return true;
	}
	for (size_t i = 0; i < files->disks.count; i++) {
		const char *path = files->disks.items[i];

		if (!*path || (strcmp(path_base(path), word) && !vm_value_same(SET_DISK, files->values.items[i], word) && !drive_is_file(word, path)))
			continue;
		*index = (int)i;
		matches++;
	}
	if (matches == 1)
		return true;
	return error_set(err, matches ? "%s are several disks; name one by its number" : "%s is not a disk of this VM",
	                 quoted(word).text);
}

struct drives_job {
	struct control_job job;
	control_drives_fn *fn;
	void *data;
	struct drive_files files;
};

static void finish(struct control_job *job)
{
	drive_files_finish(&((struct drives_job *)job)->files);
}

static void failed(void *data, const struct error *err)
{
	struct drives_job *job = data;

	job->fn(job->data, NULL, err);
}

static void came(void *data, const char *result, const char *error)
{
	struct drives_job *job = data;
	struct drives drives = { 0 };

	if (!result || !drives_read(result, &drives)) {
		control_job_end(&job->job, result ? "QEMU's answer is not a list of drives" : error);
	} else {
		drives_identify(&drives, &job->files);
		if (job->job.done)
			job->fn(job->data, &drives, NULL);
		job->job.done = NULL;
		control_job_end(&job->job, NULL);
	}
	drives_finish(&drives);
}

struct control_job *control_drives(const struct control_vm *vm, control_drives_fn *fn, void *data, struct error *err)
{
	struct vm_config config;
	struct drive_files files;
	struct drives_job *job = NULL;

	vm_config_init(&config, CONFIG_PROFILE);
	if (drive_files_running(vm, &config, &files, err)) {
		job = control_job_new(sizeof(*job), vm, mem_strdup("drives"), failed, NULL);
		job->job.data = job;
		job->job.finish = finish;
		job->fn = fn;
		job->data = data;
		job->files = files;
		keeper_qmp(vm->client, "query-block", NULL, came, job);
	}
	vm_config_finish(&config);
	return job ? &job->job : NULL;
}
