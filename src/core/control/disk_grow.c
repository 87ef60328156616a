/* SPDX-License-Identifier: MIT */
#include "core/control/disk_grow.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/control/drives.h"
#include "core/control/job.h"
#include "core/vm/spec.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct grow_job {
	struct control_job job;
	struct drive_files files;
	int disk;		/* index, or DRIVE_IMAGE_INDEX */
	uint64_t mib;
};

static void finish(struct control_job *job)
{
	drive_files_finish(&((struct grow_job *)job)->files);
}

/* Both sizes in MiB, if the present one is a whole number of them, or else in bytes. */
bool disk_grows(uint64_t now, uint64_t mib, struct error *err)
{
	uint64_t bytes = mib << 20;
	const char *advice = "a disk can only be made larger: a guest loses what is behind the end of a smaller one";

	if (bytes > now)
		return true;
	if (bytes == now)
		return error_set(err, "it has %llu MiB already", (unsigned long long)mib);
	if (now % (1 << 20) == 0)
		return error_set(err, "it has %llu MiB, and %llu MiB are less; %s", (unsigned long long)(now >> 20),
		                 (unsigned long long)mib, advice);
	return error_set(err, "it has %llu bytes, and %llu bytes are less; %s", (unsigned long long)now, (unsigned long long)bytes,
	                 advice);
}

char *disk_text_grown(const char *text, uint64_t mib)
{
	struct error ignored;
	struct vm_disk disk;
	char *grown;

	if (!vm_disk_parse(text, &disk, &ignored))
		return mem_strdup(text);
	if (disk.size_mib)
		disk.size_mib = mib;
	grown = disk.size_mib ? vm_disk_format(&disk) : mem_strdup(text);
	vm_disk_finish(&disk);
	return grown;
}

static void resized(void *data, const char *result, const char *error)
{
	struct grow_job *job = data;
	struct drive_files files;
	struct strv now = { 0 };
	size_t disk;
	char *text;

	if (!result || job->disk == DRIVE_IMAGE_INDEX ||
	    !drive_files_again(&job->job, job->files.disks.items[job->disk], &files, &disk)) {
		control_job_end(&job->job, error);
		return;
	}
	strv_copy(&now, &files.values);
	text = disk_text_grown(now.items[disk], job->mib);
	strv_replace(&now, disk, text);
	if (strv_equal(&now, &files.values))
		control_job_end(&job->job, NULL);
	else
		control_job_record_all(&job->job, SET_DISK, &files.values, &now);
	free(text);
	strv_finish(&now);
	drive_files_finish(&files);
}

static const struct drive *find(const struct drives *drives, int disk)
{
	for (size_t i = 0; i < drives->count; i++) {
		const struct drive *drive = &drives->items[i];

		if (!drive->is_cd && drive->node && (disk == DRIVE_IMAGE_INDEX ? drive->role == DRIVE_IMAGE
		                                     : drive->role == DRIVE_DISK && drive->disk == (size_t)disk))
			return drive;
	}
	return NULL;
}

static void came(void *data, const char *result, const char *error)
{
	struct grow_job *job = data;
	struct drives drives = { 0 };
	const struct drive *drive = NULL;
	uint64_t bytes = job->mib << 20;
	struct error err;
	bool good = result && drives_read(result, &drives);

	if (good) {
		drives_identify(&drives, &job->files);
		drive = find(&drives, job->disk);
	}
	if (!good)
		control_job_end(&job->job, error ? error : "QEMU's answer is not a list of drives");
	else if (!drive)
		control_job_end(&job->job, job->disk == DRIVE_IMAGE_INDEX ? "the VM does not run from a disk" : "QEMU has no disk with this file");
	else if (!disk_grows(drive->size, job->mib, &err))
		control_job_end(&job->job, err.text);
	else
		control_qmp(&job->job, "block_resize",
		            json_pack("{s:s, s:I}", "node-name", drive->node, "size", (json_int_t)bytes), resized);
	drives_finish(&drives);
}

struct control_job *control_disk_grow(const struct control_vm *vm, const char *disk, const char *size, control_done_fn *done,
                                      void *data, struct error *err)
{
	struct vm_config config;
	struct drive_files files = { 0 };
	struct grow_job *job = NULL;
	uint64_t mib;
	int index;

	vm_config_init(&config, CONFIG_PROFILE);
	if (vm_size_parse(size, 'G', &mib, err) && drive_files_running(vm, &config, &files, err) &&
	    drive_files_find(&files, disk, &index, err)) {
		job = control_job_new(sizeof(*job), vm, mem_printf("grow %s to %s", disk, size), done, data);
		job->job.finish = finish;
		job->files = files;
		job->disk = index;
		job->mib = mib;
		keeper_qmp(vm->client, "query-block", NULL, came, job);
	} else {
		drive_files_finish(&files);
	}
	vm_config_finish(&config);
	return job ? &job->job : NULL;
}
