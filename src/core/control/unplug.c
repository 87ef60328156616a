/* SPDX-License-Identifier: MIT */
#include "core/control/unplug.h"

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/qemu/qmp/qmp_message.h"

#include <jansson.h>
#include <stdlib.h>

struct unplug {
	struct control_job *job;
	control_unplugged_fn *done;
	char *device;
	unsigned wait;		/* for the event, which may come before the answer to the command; 0: over */
	bool answered;
	bool refused;		/* by the guest */
	char *error;		/* the first one, or NULL */
};

static void step(struct unplug *unplug, const char *error)
{
	if (error && !unplug->error)
		unplug->error = mem_strdup(error);
	if (unplug->wait || !unplug->answered)
		return;
	unplug->done(unplug->job, unplug->error);
	free(unplug->device);
	free(unplug->error);
	free(unplug);
}

static bool is_end(void *data, const char *name, const char *detail)
{
	struct unplug *unplug = data;
	bool refused = text_equal(name, "DEVICE_UNPLUG_GUEST_ERROR"), same = false;

	if (refused || text_equal(name, "DEVICE_DELETED")) {
		char *device = qmp_member(detail, "device"), *path = qmp_member(detail, "path");

		same = text_equal(device, unplug->device) || text_equal(path, unplug->device);
		unplug->refused = same && refused;
		free(device);
		free(path);
	}
	return same;
}

static void late(void *data, const char *result, const char *error)
{
	struct unplug *unplug = data;

	(void)result;
	unplug->wait = 0;
	step(unplug, error ? error : "the guest has not given it up yet; it may do so later");
}

static void ended(void *data, const char *result, const char *error)
{
	struct unplug *unplug = data;

	(void)result;
	if (error == keeper_late) {
		control_need_guest(unplug->job, late, unplug);
		return;
	}
	unplug->wait = 0;
	step(unplug, unplug->refused ? "the guest refuses to give it up" : error);
}

static void answered(void *data, const char *result, const char *error)
{
	struct unplug *unplug = data;

	(void)result;
	unplug->answered = true;
	if (error) {
		keeper_unawait(unplug->job->client, unplug->wait);
		unplug->wait = 0;
	}
	step(unplug, error);
}

void control_unplug(struct control_job *job, const char *device, control_unplugged_fn *done)
{
	struct unplug *unplug = mem_alloc(sizeof(*unplug));
	json_t *arguments = json_pack("{s:s}", "id", device);
	char *text = json_dumps(arguments, JSON_COMPACT);

	*unplug = (struct unplug){ .job = job, .done = done, .device = mem_strdup(device) };
	unplug->wait = keeper_await(job->client, job->guest_ms, is_end, ended, unplug);
	keeper_qmp(job->client, "device_del", text, answered, unplug);
	free(text);
	json_decref(arguments);
}
