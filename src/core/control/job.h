/* SPDX-License-Identifier: MIT */
#ifndef CORE_CONTROL_JOB_H
#define CORE_CONTROL_JOB_H

#include "core/control/control.h"

#include "core/keeper/clients/client.h"

#include <stddef.h>

/* A change in progress: what the files of this folder share. */
struct control_job {
	struct keeper_client *client;
	control_done_fn *done;		/* NULL: nobody waits any more */
	void *data;
	unsigned guest_ms;		/* how long the guest may take */
	char *what;			/* "publish 8080:80", for errors; the job's */
	const struct record_io *records;
	char *state;			/* the state directory with the record of what runs; NULL: not given. The job's */
	void (*finish)(struct control_job *);	/* frees what a larger job holds, or NULL */
};

/* size: of the struct that begins with the job. what: taken over. */
void *control_job_new(size_t size, const struct control_vm *, char *what, control_done_fn *, void *data);
/* Calls back and frees the job. error: NULL when it is done. */
void control_job_end(struct control_job *, const char *error);
/* Records the change and ends the job. */
void control_job_record(struct control_job *, enum vm_setting, enum setting_action, const char *value);

/* The same for all values of a repeatable setting: `was` becomes `now`, in this order. */
void control_job_record_all(struct control_job *, enum vm_setting, const struct strv *was, const struct strv *now);

/* Executes a QMP command. arguments: freed; NULL, from json_pack, means that a text in it is not UTF-8. */
struct json_t;
void control_qmp(struct control_job *, const char *command, struct json_t *arguments, keeper_result_fn *);
/* Calls back at once after QEMU has said that the guest runs, or with the error that it does not: before what needs the guest. */
void control_need_guest(struct control_job *, keeper_result_fn *, void *data);
/* Executes a command of QEMU's human monitor; the result is its output, "" if it says nothing. */
void control_monitor(struct control_job *, const char *command, keeper_result_fn *);
/* The output in the result of a human monitor command. The caller frees it. */
char *control_monitor_output(const char *result);

#endif
