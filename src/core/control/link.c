/* SPDX-License-Identifier: MIT */
#include "core/control/link.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/control/job.h"
#include "core/qemu/plan/plan_data.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define NO_CARD "the VM has no network card; `network` is none"

static void set(void *data, const char *result, const char *error)
{
	(void)result;
	control_job_end(data, error);
}

struct control_job *control_link_set(const struct control_vm *vm, bool up, control_done_fn *done, void *data, struct error *err)
{
	struct control_job *job;
	struct vm_config config;
	bool good;

	vm_config_init(&config, CONFIG_PROFILE);
	good = control_running(vm, &config, err);
	if (good && text_equal(vm_config_get(&config, SET_NETWORK), "none"))
		good = error_set(err, "link: " NO_CARD);
	vm_config_finish(&config);
	if (!good)
		return NULL;
	job = control_job_new(sizeof(*job), vm, mem_strdup("link"), done, data);
	control_qmp(job, "set_link", json_pack("{s:s, s:b}", "name", PLAN_NETDEV_ID, "up", up), set);
	return job;
}

struct query {
	struct control_job job;
	control_link_fn *told;
	void *data;
};

static void query_done(void *data, const struct error *err)
{
	struct query *query = data;

	query->told(query->data, NULL, err);
}

static void came(void *data, const char *result, const char *error)
{
	struct query *query = data;
	struct link_state state;
	char *text = result ? control_monitor_output(result) : NULL;

	if (text && link_state_read(text, &state)) {
		state.up = !keeper_link_down(query->job.client);
		if (query->job.done)
			query->told(query->data, &state, NULL);
		query->job.done = NULL;
	} else if (text) {
		error = NO_CARD;
	}
	free(text);
	control_job_end(&query->job, error);
}

struct control_job *control_link_query(const struct control_vm *vm, control_link_fn *done, void *data)
{
	struct query *query = control_job_new(sizeof(*query), vm, mem_strdup("link"), query_done, NULL);

	query->job.data = query;
	query->told = done;
	query->data = data;
	control_monitor(&query->job, "info network", came);
	return &query->job;
}

/* Copies the value of KEY= in "a=1,key=value,...", up to the end of the line. Returns false if it is missing or too long. */
static bool copy_value(const char *line, const char *key, char *out, size_t size)
{
	size_t end = strcspn(line, "\r\n"), key_len = strlen(key);

	for (size_t at = 0; at < end; at += strcspn(line + at, ",\r\n") + 1) {
		size_t len;

		at += strspn(line + at, " ");
		if (strncmp(line + at, key, key_len) != 0 || line[at + key_len] != '=')
			continue;
		at += key_len + 1;
		len = strcspn(line + at, ",\r\n");
		if (len >= size)
			return false;
		memcpy(out, line + at, len);
		out[len] = '\0';
		return true;
	}
	return false;
}

/* A card is a line, and its backend the next one, indented. */
bool link_state_read(const char *text, struct link_state *out)
{
	static const char backend[] = " \\ " PLAN_NETDEV_ID ": ";
	const char *card = text;

	for (const char *line = text; line; line = strchr(line, '\n'), line += line != NULL) {
		*out = (struct link_state){ 0 };
		if (line[0] != ' ')
			card = line;
		else if (text_starts(line, backend) && copy_value(card, "model", out->model, sizeof(out->model)) &&
		         copy_value(card, "macaddr", out->mac, sizeof(out->mac)) &&
		         copy_value(line, "type", out->backend, sizeof(out->backend)))
			return true;
	}
	return false;
}
