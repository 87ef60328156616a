/* SPDX-License-Identifier: MIT */
#include "core/jobs/job_entry.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/keeper/run/record.h"
#include "core/vm/store.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define SECTION "job"
#define FILES_MAX 1000		/* of one job */

static const char *const names[] = {
	[JOB_RUNNING] = "running", [JOB_DONE] = "done", [JOB_FAILED] = "failed", [JOB_CANCELLED] = "cancelled",
	[JOB_KILLED] = "killed",
};

const char *job_state_name(enum job_state state)
{
	return names[state];
}

static enum job_state state_of(const char *name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(name, names[i]))
			return (enum job_state)i;
	return JOB_FAILED;
}

char *job_entry_path(const char *dir, unsigned id, const char *suffix)
{
	return mem_printf("%s/%u%s", dir, id, suffix);
}

void job_entry_finish(struct job_entry *entry)
{
	free(entry->title);
	free(entry->vm);
	free(entry->step);
	free(entry->error);
	free(entry->uuid);
	free(entry->profile);
	free(entry->directory);
	free(entry->hidden);
	strv_finish(&entry->files);
	*entry = (struct job_entry){ 0 };
}

bool job_entry_write(const char *dir, const struct record_io *io, const struct job_entry *entry, struct error *err)
{
	struct record record = { 0 };
	char *path = job_entry_path(dir, entry->id, ".ini");
	bool good;

	record_put(&record, "title", entry->title);
	record_put(&record, "vm", entry->vm);
	record_put(&record, "state", job_state_name(entry->state));
	record_put(&record, "step", entry->step);
	record_put(&record, "error", entry->error);
	record_put_number(&record, "percent", entry->percent);
	record_put_number(&record, "pid", entry->pid);
	record_put_number(&record, "started", (long long)entry->started);
	record_put_number(&record, "ended", (long long)entry->ended);
	record_put(&record, "uuid", entry->uuid);
	record_put(&record, "profile", entry->profile);
	record_put(&record, "directory", entry->directory);
	record_put(&record, "hidden", entry->hidden);
	strv_add(&record.keys, "device");
	strv_addf(&record.values, "%llu", (unsigned long long)entry->device);
	strv_add(&record.keys, "inode");
	strv_addf(&record.values, "%llu", (unsigned long long)entry->inode);
	for (size_t i = 0; i < entry->files.count; i++)
		record_put(&record, "file", entry->files.items[i]);
	good = io->write(path, SECTION, &record.keys, &record.values, err);
	record_finish(&record);
	free(path);
	return good;
}

/* The files of a record are removed by name: names only, in an absolute directory. */
static bool is_safe(const struct job_entry *entry)
{
	for (size_t i = 0; i < entry->files.count; i++) {
		const char *file = entry->files.items[i];

		if (!*file || *file == '.' || strchr(file, '/'))
			return false;
	}
	if (!*entry->directory)
		return true;
	return entry->directory[0] == '/' && entry->hidden[0] == '/' && text_starts(path_base(entry->hidden), PATH_TEMPORARY);
}

bool job_entry_read(const char *dir, const struct record_io *io, unsigned id, struct job_entry *out)
{
	struct record record = { 0 };
	char *path = job_entry_path(dir, id, ".ini");
	struct error ignored;
	bool good = io->read(path, &record.keys, &record.values, &ignored);

	*out = (struct job_entry){ .id = id };
	if (good) {
		out->title = mem_strdup(record_get(&record, "title"));
		out->vm = mem_strdup(record_get(&record, "vm"));
		out->state = state_of(record_get(&record, "state"));
		out->step = mem_strdup(record_get(&record, "step"));
		out->error = mem_strdup(record_get(&record, "error"));
		out->percent = (unsigned)record_number(record_get(&record, "percent"), 100);
		out->pid = (pid_t)record_number(record_get(&record, "pid"), INT_MAX);
		out->started = (time_t)record_number(record_get(&record, "started"), INT64_MAX);
		out->ended = (time_t)record_number(record_get(&record, "ended"), INT64_MAX);
		out->uuid = mem_strdup(record_get(&record, "uuid"));
		out->profile = mem_strdup(record_get(&record, "profile"));
		out->directory = mem_strdup(record_get(&record, "directory"));
		out->hidden = mem_strdup(record_get(&record, "hidden"));
		out->device = record_number(record_get(&record, "device"), UINT64_MAX);
		out->inode = record_number(record_get(&record, "inode"), UINT64_MAX);
		for (size_t i = 0; i < record.keys.count && out->files.count < FILES_MAX; i++)
			if (!strcmp(record.keys.items[i], "file"))
				strv_add(&out->files, record.values.items[i]);
		good = is_safe(out);
		if (!good)
			job_entry_finish(out);
	}
	record_finish(&record);
	free(path);
	return good;
}
