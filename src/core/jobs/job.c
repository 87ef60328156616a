/* SPDX-License-Identifier: MIT */
#include "core/jobs/job.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/str.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void job_init(struct job *job)
{
	*job = (struct job){ 0 };
	vm_config_init(&job->profile, CONFIG_PROFILE);
}

void job_finish(struct job *job)
{
	for (size_t i = 0; i < job->step_count; i++) {
		free(job->steps[i].what);
		free(job->steps[i].file);
		strv_finish(&job->steps[i].argv);
	}
	free(job->steps);
	free(job->title);
	free(job->vm);
	free(job->directory);
	strv_finish(&job->states);
	vm_config_finish(&job->profile);
	*job = (struct job){ 0 };
}

struct job_step *job_add_step(struct job *job, const char *file, uint64_t size)
{
	job->steps = mem_resize(job->steps, job->step_count + 1, sizeof(*job->steps));

	struct job_step *step = &job->steps[job->step_count++];

	*step = (struct job_step){ .file = mem_strdup(file), .size = size ? size : 1 };
	return step;
}

/* A key and its value, each with a NUL at its end. */
static void put(struct str *out, const char *key, const char *value)
{
	str_add(out, key, strlen(key) + 1);
	str_add(out, value, strlen(value) + 1);
}

static void put_profile(struct str *out, const struct vm_config *profile)
{
	put(out, "profile", profile->name);
	for (int i = 0; i < VM_SETTINGS; i++) {
		const struct setting *setting = setting_info((enum vm_setting)i);
		char *key = mem_printf("%s.%s", setting->section, setting->key);

		for (size_t k = 0; k < profile->value[i].count; k++)
			put(out, key, profile->value[i].items[k]);
		free(key);
	}
}

void job_write(const struct job *job, struct str *out)
{
	put(out, "title", job->title);
	put(out, "vm", job->vm);
	for (size_t i = 0; i < job->states.count; i++)
		put(out, "state", job->states.items[i]);
	if (job->directory)
		put(out, "directory", job->directory);
	for (size_t i = 0; i < job->step_count; i++) {
		const struct job_step *step = &job->steps[i];
		char size[24];

		snprintf(size, sizeof(size), "%" PRIu64, step->size);
		put(out, "step", step->file);
		put(out, "size", size);
		put(out, "what", step->what);
		if (step->accept)
			put(out, "accept", "yes");
		for (size_t k = 0; k < step->argv.count; k++)
			put(out, "argument", step->argv.items[k]);
	}
	put_profile(out, &job->profile);
}

static void set(char **to, const char *value)
{
	free(*to);
	*to = mem_strdup(value);
}

static bool set_step(struct job_step *step, const char *key, const char *value, struct error *err)
{
	if (!strcmp(key, "what"))
		set(&step->what, value);
	else if (!strcmp(key, "accept"))
		step->accept = true;
	else if (!strcmp(key, "argument"))
		strv_add(&step->argv, value);
	else
		return !strcmp(key, "size") && number_parse(value, 1, UINT64_MAX, &step->size, err);
	return true;
}

static bool set_setting(struct vm_config *profile, const char *key, const char *value)
{
	const char *dot = strchr(key, '.');
	char *section = mem_strndup(key, dot ? (size_t)(dot - key) : 0);
	enum vm_setting setting = dot ? setting_find(section, dot + 1) : VM_SETTINGS;

	free(section);
	if (setting == VM_SETTINGS)
		return false;
	if (setting_info(setting)->repeatable)
		vm_config_add(profile, setting, value);
	else
		vm_config_set(profile, setting, value);
	return true;
}

static bool set_one(struct job *job, const char *key, const char *value, struct error *err)
{
	if (!strcmp(key, "title"))
		set(&job->title, value);
	else if (!strcmp(key, "vm"))
		set(&job->vm, value);
	else if (!strcmp(key, "state"))
		strv_add(&job->states, value);
	else if (!strcmp(key, "directory"))
		set(&job->directory, value);
	else if (!strcmp(key, "profile"))
		set(&job->profile.name, value);
	else if (!strcmp(key, "step"))
		job_add_step(job, value, 1);
	else if (strchr(key, '.'))
		return set_setting(&job->profile, key, value);
	else
		return job->step_count && set_step(&job->steps[job->step_count - 1], key, value, err);
	return true;
}

/* A name in the new directory, which cannot lead out of it. */
static bool is_name(const char *file)
{
	return *file && *file != '.' && !strchr(file, '/');
}

static bool is_complete(const struct job *job)
{
	if (!job->title || !job->vm || !job->profile.name || !vm_config_get(&job->profile, SET_UUID) ||
	    (job->step_count && (!job->directory || job->directory[0] != '/')))
		return false;
	for (size_t i = 0; i < job->step_count; i++)
		if (!job->steps[i].what || !job->steps[i].argv.count || !is_name(job->steps[i].file))
			return false;
	for (size_t i = 0; i < job->states.count; i++)
		if (job->states.items[i][0] != '/')
			return false;
	return true;
}

bool job_read(const char *bytes, size_t len, struct job *out, struct error *err)
{
	const char *end = bytes + len;

	job_init(out);
	while (bytes < end) {
		const char *value = memchr(bytes, '\0', (size_t)(end - bytes));
		const char *value_end = value ? memchr(value + 1, '\0', (size_t)(end - value - 1)) : NULL;

		if (!value_end || !set_one(out, bytes, value + 1, err))
			return error_set(err, "the job cannot be read");
		bytes = value_end + 1;
	}
	return is_complete(out) || error_set(err, "the job is incomplete");
}
