/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/pause.h"

#include "core/base/str.h"
#include "core/keeper/run/qemu_process.h"
#include "core/qemu/qmp/qmp_message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void status_came(void *data, const char *result, const char *error)
{
	struct pause *pause = data;
	char *running = error ? NULL : qmp_member(result, "running");
	bool paused = text_equal(running, "false");

	if (running && paused != pause->paused) {
		pause->paused = paused;
		pause->changed(pause->data);
	}
	free(running);
}

void pause_ready(struct pause *pause, struct qemu_process *qemu)
{
	pause->qemu = qemu;
	qemu_process_execute(qemu, "query-status", NULL, status_came, pause);
}

/* Finds the disk whose last write failed. */
static void disks_came(void *data, const char *result, const char *error)
{
	struct pause *pause = data;
	char *file = error ? NULL : qmp_failed_disk(result);
	size_t len = strlen(pause->why);

	if (file && len > 0 && !strstr(pause->why, file)) {
		snprintf(pause->why + len, sizeof(pause->why) - len, ": %s", file);
		pause->changed(pause->data);
	}
	free(file);
}

void pause_event(struct pause *pause, const char *name, const char *detail)
{
	bool stops = !strcmp(name, "STOP");

	/* See qapi/block-core.json in QEMU; the action tells whether QEMU stops the guest. */
	if (!strcmp(name, "BLOCK_IO_ERROR")) {
		char *action = qmp_member(detail, "action"), *reason = qmp_member(detail, "reason");

		if (text_equal(action, "stop")) {
			snprintf(pause->why, sizeof(pause->why), "%s", reason ? reason : "a disk reported an error");
			if (pause->qemu)
				qemu_process_execute(pause->qemu, "query-block", NULL, disks_came, pause);
		}
		free(action);
		free(reason);
	}
	if (!stops && strcmp(name, "RESUME") != 0)
		return;
	pause->paused = stops;
	if (!stops)
		pause->why[0] = '\0';
	pause->changed(pause->data);
}
