/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/qmp_forward.h"

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/keeper/clients/serve.h"
#include "core/keeper/run/guest_agent.h"
#include "core/keeper/run/qemu_process.h"
#include "core/keeper/run/run_events.h"
#include "core/qemu/plan/plan_data.h"
#include "core/qemu/qmp/qmp_message.h"

#include <stdlib.h>
#include <string.h>

#define RESULT_MAX (1024 * 1024)	/* far below the most that may be queued for a client */

struct request {
	struct serve *serve;
	unsigned peer, id;
	bool wants_result;
	struct run_events *link_set;	/* where the link is to be noted, or NULL */
	bool link_down;
};

static void note_link(struct run_events *events, bool down)
{
	bool changed = events->link_down != down;

	events->link_down = down;
	if (changed)
		events->changed(events->data);
}

static void replied(void *data, const char *result, const char *error)
{
	struct request *request = data;

	if (result && request->wants_result && strlen(result) > RESULT_MAX)
		error = "the answer is too long";
	else if (result && request->wants_result)
		serve_result(request->serve, request->peer, request->id, result);
	if (!error && request->link_set)
		note_link(request->link_set, request->link_down);
	serve_reply(request->serve, request->peer, request->id, error);
	free(request);
}

void forward(struct serve *serve, struct qemu_process *qemu, const char *command, const char *arguments, unsigned peer,
             unsigned id, bool wants_result, struct run_events *events)
{
	struct request *request;

	if (!qemu || !qemu_process_answers(qemu)) {
		serve_reply(serve, peer, id, "QEMU does not answer yet");
		return;
	}
	request = mem_alloc(sizeof(*request));
	*request = (struct request){ .serve = serve, .peer = peer, .id = id, .wants_result = wants_result };
	if (events && arguments && text_equal(command, "set_link")) {
		char *name = qmp_member(arguments, "name"), *up = qmp_member(arguments, "up");

		request->link_set = text_equal(name, PLAN_NETDEV_ID) ? events : NULL;
		request->link_down = text_equal(up, "false");
		free(name);
		free(up);
	}
	qemu_process_execute(qemu, command, arguments, replied, request);
}

void forward_to_agent(struct serve *serve, struct qemu_process *qemu, const char *command, const char *arguments,
                      unsigned peer, unsigned id)
{
	struct guest_agent *agent = qemu ? qemu_process_agent(qemu) : NULL;
	struct request *request;

	if (!agent) {
		serve_reply(serve, peer, id, qemu ? "this VM was started without a port for the guest agent" : "QEMU does not answer yet");
		return;
	}
	request = mem_alloc(sizeof(*request));
	*request = (struct request){ .serve = serve, .peer = peer, .id = id, .wants_result = true };
	guest_agent_execute(agent, command, arguments, replied, request);
}
