/* SPDX-License-Identifier: MIT */
#include "core/control/job.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/keeper/run/started.h"
#include "core/vm/config.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

bool control_running(const struct control_vm *vm, struct vm_config *config, struct error *err)
{
	return started_read(vm->records, vm->state, config, NULL) || error_set(err, "%s/started.ini cannot be read", vm->state);
}

void *control_job_new(size_t size, const struct control_vm *vm, char *what, control_done_fn *done, void *data)
{
	struct control_job *job = mem_alloc(size);

	*job = (struct control_job){ .client = vm->client, .done = done, .data = data, .what = what, .records = vm->records,
	                             .state = mem_strdup(vm->state),
	                             .guest_ms = vm->guest_ms ? vm->guest_ms : CONTROL_GUEST_MS };
	return job;
}

void control_forget(struct control_job *job)
{
	if (job)
		job->done = NULL;
}

void control_job_end(struct control_job *job, const char *error)
{
	struct error err;

	if (error)
		error_set(&err, "%s: %s", job->what, error);
	if (job->done)
		job->done(job->data, error ? &err : NULL);
	if (job->finish)
		job->finish(job);
	free(job->what);
	free(job->state);
	free(job);
}

static void recorded(void *data, const char *result, const char *error)
{
	struct control_job *job = data;
	char *text = error ? mem_printf("done, but not recorded: %s", error) : NULL;

	(void)result;
	control_job_end(job, text);
	free(text);
}

void control_job_record(struct control_job *job, enum vm_setting setting, enum setting_action action, const char *value)
{
	char *key = mem_printf("%s.%s", setting_info(setting)->section, setting_info(setting)->key);

	keeper_setting(job->client, key, action, value, recorded, job);
	free(key);
}

/* Changes of the record that are under way for one job. */
struct list_record {
	struct control_job *job;
	size_t left;		/* replies that have not come */
	char *error;		/* the first one, or NULL */
};

static void one_recorded(void *data, const char *result, const char *error)
{
	struct list_record *list = data;

	if (error && !list->error)
		list->error = mem_strdup(error);
	if (--list->left > 0)
		return;
	recorded(list->job, result, list->error);
	free(list->error);
	free(list);
}

/* All at once, so that no other client's change comes in between. */
void control_job_record_all(struct control_job *job, enum vm_setting setting, const struct strv *was, const struct strv *now)
{
	const struct strv *values = now->count ? now : was;
	struct list_record *list = mem_alloc(sizeof(*list));
	char *key = mem_printf("%s.%s", setting_info(setting)->section, setting_info(setting)->key);

	*list = (struct list_record){ .job = job, .left = values->count };
	for (size_t i = 0; i < values->count; i++)
		keeper_setting(job->client, key, !now->count ? SETTING_REMOVE : i == 0 ? SETTING_SET : SETTING_ADD, values->items[i],
		               one_recorded, list);
	free(key);
	if (values->count == 0) {
		free(list);
		recorded(job, NULL, NULL);
	}
}

void control_qmp(struct control_job *job, const char *command, struct json_t *arguments, keeper_result_fn *done)
{
	char *text = arguments ? json_dumps(arguments, JSON_COMPACT) : NULL;

	if (text)
		keeper_qmp(job->client, command, text, done, job);
	else
		done(job, NULL, "a file whose name is not UTF-8 cannot be given to QEMU while it runs");
	free(text);
	json_decref(arguments);
}

struct guest_check {
	keeper_result_fn *done;
	void *data;
};

static void status_came(void *data, const char *result, const char *error)
{
	struct guest_check *check = data;
	json_t *status = json_loads(result ? result : "", 0, NULL);
	bool stands = json_is_false(json_object_get(status, "running"));

	json_decref(status);
	check->done(check->data, result, stands ? "the VM is paused, and its guest has to do its part; resume it first" : error);
	free(check);
}

void control_need_guest(struct control_job *job, keeper_result_fn *done, void *data)
{
	struct guest_check *check = mem_alloc(sizeof(*check));

	*check = (struct guest_check){ .done = done, .data = data };
	keeper_qmp(job->client, "query-status", NULL, status_came, check);
}

void control_monitor(struct control_job *job, const char *command, keeper_result_fn *done)
{
	control_qmp(job, "human-monitor-command", json_pack("{s:s}", "command-line", command), done);
}

char *control_monitor_output(const char *result)
{
	json_t *value = json_loads(result, JSON_DECODE_ANY, NULL);
	char *text = mem_strdup(json_is_string(value) ? json_string_value(value) : "");
	size_t len = strlen(text);

	json_decref(value);
	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		text[--len] = '\0';
	return text;
}
