/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/qmp_forward.h"

#include "core/base/alloc.h"
#include "core/keeper/clients/serve.h"
#include "core/keeper/run/guest_agent.h"
#include "core/keeper/run/qemu_process.h"

#include <stdlib.h>
#include <string.h>

#define RESULT_MAX (1024 * 1024)	/* far below the most that may be queued for a client */

struct request {
	struct serve *serve;
	unsigned peer, id;
	bool wants_result;
};

static void replied(void *data, const char *result, const char *error)
{
	struct request *request = data;

	if (result && request->wants_result && strlen(result) > RESULT_MAX)
		error = "the answer is too long";
	else if (result && request->wants_result)
		serve_result(request->serve, request->peer, request->id, result);
	serve_reply(request->serve, request->peer, request->id, error);
	free(request);
}

void forward(struct serve *serve, struct qemu_process *qemu, const char *command, const char *arguments, unsigned peer,
             unsigned id, bool wants_result)
{
	struct request *request;

	if (!qemu || !qemu_process_answers(qemu)) {
		serve_reply(serve, peer, id, "QEMU does not answer yet");
		return;
	}
	request = mem_alloc(sizeof(*request));
	*request = (struct request){ .serve = serve, .peer = peer, .id = id, .wants_result = wants_result };
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
