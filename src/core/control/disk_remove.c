/* SPDX-License-Identifier: MIT */
#include "core/control/disk_remove.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/control/disk_add.h"
#include "core/control/drives.h"
#include "core/control/job.h"
#include "core/control/unplug.h"
#include "core/vm/spec.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define GUEST_MS 30000		/* Linux waits 5 s before it switches a PCI Express port off */
#define TRIES 30		/* in that time, while the guest is busy with the port */

struct remove_job {
	struct control_job job;
	struct drive_files files;
	size_t disk;
	char *device;		/* its QOM path */
	char *node;		/* to be closed; NULL: QEMU closes it together with the device */
	unsigned tries;
};

static void finish(struct control_job *job)
{
	struct remove_job *remove = (struct remove_job *)job;

	drive_files_finish(&remove->files);
	free(remove->device);
	free(remove->node);
}

void disks_without(const struct drive_files *files, size_t disk, struct strv *out)
{
	for (size_t i = 0; i < files->values.count; i++) {
		struct error ignored;
		struct vm_disk parsed;

		if (i == disk)
			continue;
		/* The name of a file that is not given depends on the disk's place. */
		if (i > disk && vm_disk_parse(files->values.items[i], &parsed, &ignored)) {
			bool unnamed = !parsed.path;

			if (unnamed)
				parsed.path = mem_strdup(files->disks.items[i]);
			strv_take(out, unnamed ? vm_disk_format(&parsed) : mem_strdup(files->values.items[i]));
			vm_disk_finish(&parsed);
		} else {
			strv_add(out, files->values.items[i]);
		}
	}
}

static void closed(void *data, const char *result, const char *error)
{
	struct remove_job *job = data;
	struct drive_files files;
	struct strv now = { 0 };
	size_t disk;

	if (!result) {
		char *text = mem_printf("the guest has given it up, but QEMU keeps its file open: %s", error);

		control_job_end(&job->job, text);
		free(text);
		return;
	}
	if (!drive_files_again(&job->job, job->files.disks.items[job->disk], &files, &disk)) {
		control_job_end(&job->job, NULL);
		return;
	}
	disks_without(&files, disk, &now);
	control_job_record_all(&job->job, SET_DISK, &files.values, &now);
	strv_finish(&now);
	drive_files_finish(&files);
}

static void close_node(struct remove_job *job)
{
	if (job->node)
		control_qmp(&job->job, "blockdev-del", json_pack("{s:s}", "node-name", job->node), closed);
	else
		closed(job, "{}", NULL);
}

static void unplugged(struct control_job *data, const char *error);

static void try_again(void *data, const char *result, const char *error)
{
	struct remove_job *job = data;

	(void)result;
	if (error == keeper_late)
		control_unplug(&job->job, job->device, unplugged);
	else
		control_job_end(&job->job, error);
}

static void unplugged(struct control_job *data, const char *error)
{
	struct remove_job *job = (struct remove_job *)data;
	const char *hint = "";
	char *text;

	if (!error) {
		close_node(job);
		return;
	}
	/* For 5 s after it was added, Linux takes no other request for a PCI Express port. */
	if (strstr(error, "guest is busy") && ++job->tries < TRIES) {
		keeper_await(job->job.client, job->job.guest_ms / TRIES, NULL, try_again, job);
		return;
	}
	if (strstr(error, "guest is busy"))
		hint = "; remove it again when the guest has started";
	else if (strstr(error, "guest"))
		hint = "; unmount it there, then remove it again";
	else if (strstr(error, "does not support hotplugging"))
		hint = "; only a restart removes a disk from there";
	text = mem_printf("%s%s", error, hint);
	control_job_end(&job->job, text);
	free(text);
}

/* A device's backend has a path of its own below that of the device. */
static char *device_of(const char *qdev)
{
	static const char backend[] = "/virtio-backend";
	size_t len = strlen(qdev);

	return mem_strndup(qdev, text_ends(qdev, backend) ? len - (sizeof(backend) - 1) : len);
}

/* The guest has given the device up after an earlier call had stopped waiting: the file may still be open. */
static void nodes_came(void *data, const char *result, const char *error)
{
	struct remove_job *job = data;
	json_t *root = result ? json_loads(result, JSON_ALLOW_NUL, NULL) : NULL;
	const json_t *node;
	size_t i;

	json_array_foreach(root, i, node) {
		const char *name = json_string_value(json_object_get(node, "node-name"));
		const char *file = json_string_value(json_object_get(node, "file"));

		if (name && file && !job->node && text_starts(name, DISK_NODE) && drive_is_file(file, job->files.disks.items[job->disk]))
			job->node = mem_strdup(name);
	}
	json_decref(root);
	if (job->node)
		close_node(job);
	else
		control_job_end(&job->job, error ? error : "QEMU has no disk with this file");
}

static void came(void *data, const char *result, const char *error)
{
	struct remove_job *job = data;
	struct drives drives = { 0 };
	const struct drive *found = NULL;

	if (!result || !drives_read(result, &drives)) {
		control_job_end(&job->job, error ? error : "QEMU's answer is not a list of drives");
		drives_finish(&drives);
		return;
	}
	drives_identify(&drives, &job->files);
	for (size_t i = 0; i < drives.count; i++)
		if (drives.items[i].role == DRIVE_DISK && drives.items[i].disk == job->disk)
			found = &drives.items[i];
	if (found) {
		job->device = device_of(found->qdev);
		job->node = found->node && text_starts(found->node, DISK_NODE) ? mem_strdup(found->node) : NULL;
		control_unplug(&job->job, job->device, unplugged);
	} else {
		keeper_qmp(job->job.client, "query-named-block-nodes", NULL, nodes_came, job);
	}
	drives_finish(&drives);
}

struct control_job *control_disk_remove(const struct control_vm *vm, const char *disk, control_done_fn *done, void *data,
                                        struct error *err)
{
	struct vm_config config;
	struct drive_files files = { 0 };
	struct remove_job *job = NULL;
	int index;
	bool good;

	vm_config_init(&config, CONFIG_PROFILE);
	good = drive_files_running(vm, &config, &files, err) && drive_files_find(&files, disk, &index, err);
	if (good && index == DRIVE_IMAGE_INDEX)
		good = error_set(err, "the VM runs from its boot image, which cannot be removed");
	if (good) {
		job = control_job_new(sizeof(*job), vm, mem_printf("remove %s", disk), done, data);
		job->job.finish = finish;
		if (!vm->guest_ms)
			job->job.guest_ms = GUEST_MS;
		job->files = files;
		job->disk = (size_t)index;
		keeper_qmp(vm->client, "query-block", NULL, came, job);
	} else {
		drive_files_finish(&files);
	}
	vm_config_finish(&config);
	return job ? &job->job : NULL;
}
