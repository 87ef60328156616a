/* SPDX-License-Identifier: MIT */
#include "core/control/cd.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/control/drives.h"
#include "core/control/job.h"
#include "core/qemu/host/probe.h"
#include "core/qemu/plan/plan_drive.h"
#include "core/vm/problem.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct cd_job {
	struct control_job job;
	struct drive_files files;
	char *path;		/* NULL: to eject */
	char *qdev;		/* of the drive, once it is known */
	bool force;
	bool emptied;		/* the old CD is out */
};

static void finish(struct control_job *job)
{
	struct cd_job *cd = (struct cd_job *)job;

	drive_files_finish(&cd->files);
	free(cd->path);
	free(cd->qdev);
}

static int rank(const struct drive *drive)
{
	return drive->role == DRIVE_IMAGE ? 3 : !drive->file ? 2 : 1;
}

const struct drive *cd_drive_of(const struct drives *drives)
{
	const struct drive *best = NULL;

	for (size_t i = 0; i < drives->count; i++) {
		const struct drive *drive = &drives->items[i];

		if (drive->is_cd && drive->role != DRIVE_METADATA && (!best || rank(drive) > rank(best)))
			best = drive;
	}
	return best;
}

/* QEMU's words, and what to do about them. */
static void end_failed(struct cd_job *job, const char *error)
{
	bool locked = strstr(error, "is locked") != NULL;
	char *text = mem_printf("%s%s%s", error, locked ? "; unmount it in the guest and try again, or use --force" : "",
	                        job->emptied ? "; the CD from before has been ejected" : "");

	control_job_end(&job->job, text);
	free(text);
}

static void changed(void *data, const char *result, const char *error)
{
	struct cd_job *job = data;

	if (result)
		control_job_end(&job->job, NULL);
	else
		end_failed(job, error);
}

static void insert(struct cd_job *job)
{
	control_qmp(&job->job, "blockdev-change-medium",
	            json_pack("{s:s, s:s, s:s, s:s}", "id", job->qdev, "filename", job->path, "format", "raw",
	                      "read-only-mode", "read-only"), changed);
}

static void ejected(void *data, const char *result, const char *error)
{
	struct cd_job *job = data;

	job->emptied = result != NULL;
	if (result && job->path)
		insert(job);
	else
		changed(job, result, error);
}

static void came(void *data, const char *result, const char *error)
{
	struct cd_job *job = data;
	struct drives drives = { 0 };
	const struct drive *drive = NULL;
	bool good = result && drives_read(result, &drives);

	if (good) {
		drives_identify(&drives, &job->files);
		drive = cd_drive_of(&drives);
		job->qdev = drive ? mem_strdup(drive->qdev) : NULL;
	}
	if (!good)
		control_job_end(&job->job, error ? error : "QEMU's answer is not a list of drives");
	else if (!drive)
		control_job_end(&job->job, "this VM has no CD drive; for one after the next start of a profile, set `device` in [devices] twice: virtio-scsi-pci (virtio-scsi-ccw on s390x) and scsi-cd");
	else if (!job->path && !drive->file)
		control_job_end(&job->job, "there is no CD in the drive");
	else if (!job->path || (job->force && drive->locked && drive->file))
		control_qmp(&job->job, "eject", json_pack("{s:s, s:b}", "id", drive->qdev, "force", job->force), ejected);
	else
		insert(job);
	drives_finish(&drives);
}

bool control_cd_check(const struct vm_config *config, const char *path, struct error *err)
{
	struct host_facts facts = { 0 };
	struct problems problems = { 0 };
	struct vm_spec spec = { 0 };
	bool good;

	vm_spec_read(config, NULL, &spec, &problems);
	problems_finish(&problems);
	probe_file(&facts, path, PROBE_CONTENT);
	plan_cd(&spec, &facts, path, &problems);
	good = problems.count == 0;
	if (!good)
		error_set(err, "%s", problems.items[0].text);
	problems_finish(&problems);
	vm_spec_finish(&spec);
	host_facts_finish(&facts);
	return good;
}

/* Takes ownership of what. */
static struct control_job *begin(const struct control_vm *vm, char *what, const char *path, bool force,
                                 control_done_fn *done, void *data, struct error *err)
{
	struct vm_config config;
	struct drive_files files = { 0 };
	struct cd_job *job = NULL;

	vm_config_init(&config, CONFIG_PROFILE);
	if (drive_files_running(vm, &config, &files, err) && (!path || control_cd_check(&config, path, err))) {
		job = control_job_new(sizeof(*job), vm, what, done, data);
		job->job.finish = finish;
		job->files = files;
		job->path = mem_strdup(path);
		job->force = force;
		keeper_qmp(vm->client, "query-block", NULL, came, job);
	} else {
		drive_files_finish(&files);
		free(what);
	}
	vm_config_finish(&config);
	return job ? &job->job : NULL;
}

struct control_job *control_cd_insert(const struct control_vm *vm, const char *path, bool force, control_done_fn *done,
                                      void *data, struct error *err)
{
	return begin(vm, mem_printf("insert %s", path), path, force, done, data, err);
}

struct control_job *control_cd_eject(const struct control_vm *vm, bool force, control_done_fn *done, void *data,
                                     struct error *err)
{
	return begin(vm, mem_strdup("eject"), NULL, force, done, data, err);
}
