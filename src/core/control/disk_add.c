/* SPDX-License-Identifier: MIT */
#include "core/control/disk_add.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/control/drives.h"
#include "core/control/job.h"
#include "core/control/slots.h"
#include "core/keeper/run/plan_runner.h"
#include "core/qemu/host/gather.h"
#include "core/qemu/host/layout.h"
#include "core/qemu/host/probe.h"
#include "core/qemu/plan/plan_drive.h"
#include "core/vm/problem.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CREATE_MS (10 * 60 * 1000)	/* for a file, which qemu-img does not write in full */
#define NUMBERS_MAX 64		/* of the disks that are added while a VM runs */

struct add_job {
	struct control_job job;
	char *text;			/* as it is recorded */
	char *bus;			/* virtio, scsi or nvme */
	bool ccw;
	struct drive_plan drive;
	struct plan_runner *runner;
	unsigned wait;			/* for the end of the connection while the runner works; 0: none */
	bool created;			/* by this job */
	unsigned number;		/* of the names of node and device */
	char name[32];			/* of both */
	char slot[32];			/* "": none */
	char *failure;			/* why the device was not added */
};

static void finish(struct control_job *job)
{
	struct add_job *add = (struct add_job *)job;

	plan_runner_free(add->runner);
	drive_plan_finish(&add->drive);
	free(add->text);
	free(add->bus);
	free(add->failure);
}

/* Ends the job without a disk. */
static void end_without(struct add_job *job, const char *error)
{
	bool unused = job->created && error != keeper_unanswered;
	char *target = unused ? path_link_target(job->drive.path) : NULL;

	if (target)
		unlink(target);
	free(target);
	control_job_end(&job->job, error);
}

static void withdrawn(void *data, const char *result, const char *error)
{
	struct add_job *job = data;
	char *both;

	if (result) {
		end_without(job, job->failure);
		return;
	}
	both = mem_printf("%s; QEMU keeps %s open: %s", job->failure, job->drive.path, error);
	control_job_end(&job->job, both);
	free(both);
}

static void device_added(void *data, const char *result, const char *error)
{
	struct add_job *job = data;
	const char *hint = "";

	if (result) {
		control_job_record(&job->job, SET_DISK, SETTING_ADD, job->text);
		return;
	}
	if (strstr(error, "does not support hotplugging"))
		hint = "; machines of profiles have ports for devices that are added while they run, unless live = no";
	else if (strstr(error, "SCSI"))
		hint = "; machines have a SCSI bus that start with a disk on bus=scsi";
	job->failure = mem_printf("%s%s", error, hint);
	control_qmp(&job->job, "blockdev-del", json_pack("{s:s}", "node-name", job->name), withdrawn);
}

static void add_device(struct add_job *job)
{
	const char *driver = !strcmp(job->bus, "scsi") ? "scsi-hd" : !strcmp(job->bus, "nvme") ? "nvme"
	                     : job->ccw ? "virtio-blk-ccw" : "virtio-blk-pci";
	json_t *arguments = json_pack("{s:s, s:s, s:s}", "driver", driver, "id", job->name, "drive", job->name);

	if (job->slot[0])
		json_object_set_new(arguments, "bus", json_string(job->slot));
	if (!strcmp(job->bus, "nvme"))
		json_object_set_new(arguments, "serial", json_string(job->name));
	control_qmp(&job->job, "device_add", arguments, device_added);
}

static void add_node(struct add_job *job);

static void node_added(void *data, const char *result, const char *error)
{
	struct add_job *job = data;

	if (result) {
		add_device(job);
	} else if (strstr(error, "Duplicate") && job->number < NUMBERS_MAX) {
		/* One that was removed and is not closed yet. */
		job->number++;
		add_node(job);
	} else {
		end_without(job, error);
	}
}

static void add_node(struct add_job *job)
{
	snprintf(job->name, sizeof(job->name), DISK_NODE "%u", job->number);
	control_qmp(&job->job, "blockdev-add",
	            json_pack("{s:s, s:s, s:s, s:s, s:{s:s, s:s, s:s}}", "node-name", job->name, "driver", job->drive.format,
	                      "discard", "unmap", "detect-zeroes", "unmap", "file", "driver",
	                      job->drive.is_device ? "host_device" : "file", "filename", job->drive.path, "discard", "unmap"),
	            node_added);
}

static void steps_done(void *data, const struct error *err)
{
	struct add_job *job = data;

	keeper_unawait(job->job.client, job->wait);
	if (err) {
		control_job_end(&job->job, err->text);
		return;
	}
	job->created = job->drive.creates;
	add_node(job);
}

/* Without the connection nobody could be given the file. */
static void connection_ended(void *data, const char *result, const char *error)
{
	struct add_job *job = data;

	(void)result;
	plan_runner_cancel(job->runner);
	control_job_end(&job->job, error);
}

static void step_begins(void *data, const char *what)
{
	(void)data;
	(void)what;
}

static void prepare(struct add_job *job)
{
	static const struct plan_runner_events events = { .step = step_begins, .done = steps_done };
	struct stat st;

	/* It may have been created by somebody else since it was looked at, and is then theirs. */
	if (job->drive.creates && stat(job->drive.path, &st) == 0) {
		control_job_end(&job->job, "its file has just been created by another process");
		return;
	}
	job->runner = plan_runner_new(keeper_loop(job->job.client), &job->drive.plan, &events, job);
	job->wait = keeper_await(job->job.client, CREATE_MS, NULL, connection_ended, job);
	plan_runner_begin(job->runner);
}

static void slot_found(struct control_job *data, enum slots_outcome outcome, const char *slot)
{
	struct add_job *job = (struct add_job *)data;

	if (outcome == SLOTS_FULL) {
		control_job_end(&job->job, "all ports for devices that are added while it runs are in use; remove such a device, or use bus=scsi");
		return;
	}
	snprintf(job->slot, sizeof(job->slot), "%s", slot ? slot : "");
	prepare(job);
}

/* Returns the first number that no drive's name has. */
static unsigned free_number(const struct drives *drives)
{
	for (unsigned number = 1; number < NUMBERS_MAX; number++) {
		char device[64], node[32];
		bool is_free = true;

		snprintf(node, sizeof(node), DISK_NODE "%u", number);
		snprintf(device, sizeof(device), "/%s/", node);
		for (size_t i = 0; i < drives->count; i++) {
			const struct drive *drive = &drives->items[i];

			is_free = is_free && (!drive->node || strcmp(drive->node, node)) && !strstr(drive->qdev, device);
		}
		if (is_free)
			return number;
	}
	return NUMBERS_MAX;
}

static void drives_came(void *data, const char *result, const char *error)
{
	struct add_job *job = data;
	struct drives drives = { 0 };
	bool good = result && drives_read(result, &drives), has = false;

	for (size_t i = 0; i < drives.count; i++)
		has |= drives.items[i].file && drive_is_file(drives.items[i].file, job->drive.path);
	job->number = free_number(&drives);
	drives_finish(&drives);
	if (!good)
		control_job_end(&job->job, error ? error : "QEMU's answer is not a list of drives");
	else if (has)
		control_job_end(&job->job, "this VM has the file already");
	else if (job->ccw || !strcmp(job->bus, "scsi"))
		prepare(job);
	else
		control_find_slot(&job->job, slot_found);
}

static bool has_ide(const struct vm_spec *spec)
{
	enum vm_arch arch = ARCH_X86_64;

	return (spec->arch_given ? spec->arch : probe_arch(&arch) ? arch : ARCH_X86_64) == ARCH_X86_64;
}

static bool check_bus(const struct vm_spec *spec, const struct vm_disk *disk, struct error *err)
{
	if (!has_ide(spec) || (disk->bus && strcmp(disk->bus, "ide") != 0))
		return true;
	return error_set(err, "IDE takes no disks while the VM runs; use bus=virtio, bus=scsi or bus=nvme");
}

/* Checks the last disk of the config, and plans it. */
static bool plan(const struct vm_config *config, struct vm_spec *spec, struct drive_plan *drive, bool *ccw, struct error *err)
{
	struct problems problems = { 0 };
	struct host_facts facts;
	const struct problem *problem;
	size_t last = config->value[SET_DISK].count - 1;

	vm_spec_read(config, NULL, spec, &problems);
	host_gather(spec, false, &facts, &problems);
	plan_disk(spec, &facts, last, drive, &problems);
	*ccw = layout_arch(spec, &facts) == ARCH_S390X;
	problem = problems_of(&problems, SET_DISK, (int)last);
	if (problem)
		error_set(err, "%s", problem->text);
	problems_finish(&problems);
	host_facts_finish(&facts);
	return !problem && check_bus(spec, &spec->disks[last], err);
}

struct control_job *control_disk_add(const struct control_vm *vm, const char *text, control_done_fn *done, void *data,
                                     struct error *err)
{
	struct vm_config config;
	struct vm_spec spec = { 0 };
	struct drive_plan drive = { 0 };
	struct add_job *job = NULL;
	bool good, ccw = false;

	vm_config_init(&config, CONFIG_PROFILE);
	good = vm_value_check(SET_DISK, text, err) && control_running(vm, &config, err);
	if (good) {
		vm_config_add(&config, SET_DISK, text);
		vm_config_set(&config, SET_STATE, vm->state);
		good = plan(&config, &spec, &drive, &ccw, err);
	}
	if (good) {
		const char *bus = spec.disks[spec.disk_count - 1].bus;

		job = control_job_new(sizeof(*job), vm, mem_printf("disk %s", text), done, data);
		job->job.finish = finish;
		job->text = mem_strdup(text);
		job->bus = mem_strdup(bus ? bus : "virtio");
		job->ccw = ccw;
		job->drive = drive;
		keeper_qmp(vm->client, "query-block", NULL, drives_came, job);
	} else {
		error_prefix(err, "disk %s", text);
		drive_plan_finish(&drive);
	}
	vm_spec_finish(&spec);
	vm_config_finish(&config);
	return job ? &job->job : NULL;
}

bool control_disk_can(const struct vm_config *running, const char *text)
{
	struct problems ignored = { 0 };
	struct vm_spec spec = { 0 };
	struct vm_disk disk = { 0 };
	struct error err;
	bool can;

	vm_spec_read(running, NULL, &spec, &ignored);
	can = vm_disk_parse(text, &disk, &err) && check_bus(&spec, &disk, &err);
	vm_disk_finish(&disk);
	vm_spec_finish(&spec);
	problems_finish(&ignored);
	return can;
}

/* Returns disk.img, disk1.img ... in the state directory: the first that is neither there nor one of the VM's. */
static char *free_file(const struct drive_files *files, const char *state)
{
	for (unsigned number = 0;; number++) {
		char name[32] = "disk.img";
		struct stat st;
		char *path;

		if (number)
			snprintf(name, sizeof(name), "disk%u.img", number);
		path = path_join(state, name);
		if (!strv_has(&files->disks, path) && lstat(path, &st) < 0 && errno == ENOENT)
			return path;
		free(path);
	}
}

char *control_disk_complete(const struct vm_config *config, const char *state, const char *text, struct error *err)
{
	struct problems ignored = { 0 };
	struct vm_spec spec = { 0 };
	struct drive_files files;
	struct vm_disk disk;
	char *complete;

	if (!vm_disk_parse(text, &disk, err))
		return NULL;
	vm_spec_read(config, NULL, &spec, &ignored);
	drive_files_of(config, state, &files);
	if (!disk.path)
		disk.path = free_file(&files, state);
	if (!disk.bus && has_ide(&spec))
		disk.bus = mem_strdup("virtio");
	complete = vm_disk_format(&disk);
	drive_files_finish(&files);
	vm_disk_finish(&disk);
	vm_spec_finish(&spec);
	problems_finish(&ignored);
	return complete;
}
