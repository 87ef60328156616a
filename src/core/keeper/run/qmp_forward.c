/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/qmp_forward.h"

#include "core/base/alloc.h"
#include "core/keeper/clients/serve.h"
#include "core/keeper/run/qemu_process.h"

#include <stdlib.h>

struct request {
	struct serve *serve;
	unsigned peer, id;
};

static void replied(void *data, const char *result, const char *error)
{
	struct request *request = data;

	(void)result;
	serve_reply(request->serve, request->peer, request->id, error);
	free(request);
}

void forward(struct serve *serve, struct qemu_process *qemu, const char *command, unsigned peer, unsigned id)
{
	struct request *request;

	if (!qemu || !qemu_process_answers(qemu)) {
		serve_reply(serve, peer, id, "QEMU does not answer yet");
		return;
	}
	request = mem_alloc(sizeof(*request));
	*request = (struct request){ .serve = serve, .peer = peer, .id = id };
	qemu_process_execute(qemu, command, replied, request);
}
