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

static void add_file(char *text, size_t size, const char *file)
{
	size_t len = strlen(text);

	if (len > 0 && !strstr(text, file))
		snprintf(text + len, size - len, ": %s", file);
}

/* Finds the file of the disk that reported the error. */
static void disks_came(void *data, const char *result, const char *error)
{
	struct pause *pause = data;
	char *file = error ? NULL : qmp_failed_disk(result, pause->device);

	pause->asking = false;
	if (file) {
		add_file(pause->why, sizeof(pause->why), file);
		add_file(pause->io_error, sizeof(pause->io_error), file);
	}
	pause->changed(pause->data);
	free(file);
}

/* A guest may try a bad disk again and again: QEMU is asked about one error at a time. */
static void on_io_error(struct pause *pause, const char *detail)
{
	char *action = qmp_member(detail, "action"), *reason = qmp_member(detail, "reason"), *device = qmp_member(detail, "device");
	const char *text = reason ? reason : "a disk reported an error";
	bool stops = text_equal(action, "stop");

	if (!text_equal(action, "ignore") && (stops || !pause->asking)) {
		snprintf(pause->io_error, sizeof(pause->io_error), "%s", text);
		if (stops)
			snprintf(pause->why, sizeof(pause->why), "%s", text);
		snprintf(pause->device, sizeof(pause->device), "%s", device ? device : "");
		if (pause->qemu && !pause->asking) {
			pause->asking = true;
			qemu_process_execute(pause->qemu, "query-block", NULL, disks_came, pause);
		}
	}
	free(action);
	free(reason);
	free(device);
}

void pause_event(struct pause *pause, const char *name, const char *detail)
{
	bool stops = !strcmp(name, "STOP");

	/* See qapi/block-core.json in QEMU; the action says whether QEMU stops the guest. */
	if (!strcmp(name, "BLOCK_IO_ERROR"))
		on_io_error(pause, detail);
	if (!stops && strcmp(name, "RESUME") != 0)
		return;
	pause->paused = stops;
	if (!stops)
		pause->why[0] = '\0';
	pause->changed(pause->data);
}
