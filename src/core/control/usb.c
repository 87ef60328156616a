/* SPDX-License-Identifier: MIT */
#include "core/control/usb.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/quoted.h"
#include "core/base/str.h"
#include "core/control/unplug.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ADDED "/machine/peripheral/"	/* where QEMU has devices with an id */

/* ---- what QEMU has ---- */

static const char *const folders[] = { "/machine/peripheral", "/machine/peripheral-anon" };
enum { FOLDERS = 2 };
static const char *const properties[] = { "vendorid", "productid", "hostbus", "hostaddr", "hostport", "attached" };
enum { PROPERTIES = 6 };

/* Asks for the devices in both folders, then for each property of each device, one after the other. */
struct query {
	struct control_job job;
	control_usb_fn *told;
	void *data;
	struct usb_passed passed[USB_PASSED_MAX];
	size_t count;
	unsigned folder, property;
	size_t at;
};

static void query_failed(void *data, const struct error *err)
{
	struct query *query = data;

	query->told(query->data, NULL, 0, err);
}

static void ask_next(struct query *query);

static void add_devices(struct query *query, const char *result)
{
	json_t *list = json_loads(result, 0, NULL), *entry;
	size_t i;

	json_array_foreach(list, i, entry) {
		const char *name = json_string_value(json_object_get(entry, "name"));
		const char *type = json_string_value(json_object_get(entry, "type"));
		struct usb_passed *passed = &query->passed[query->count];
		int len;

		if (!name || !text_equal(type, "child<usb-host>") || query->count == USB_PASSED_MAX)
			continue;
		*passed = (struct usb_passed){ 0 };
		len = snprintf(passed->path, sizeof(passed->path), "%s/%s", folders[query->folder], name);
		query->count += len > 0 && (size_t)len < sizeof(passed->path);
	}
	json_decref(list);
}

static void set_property(struct usb_passed *passed, unsigned property, const char *result)
{
	unsigned *const numbers[] = { &passed->match.vendor, &passed->match.product, &passed->match.bus, &passed->match.number };
	json_t *value = json_loads(result, JSON_DECODE_ANY, NULL);

	if (property < 4)
		*numbers[property] = (unsigned)json_integer_value(value);
	else if (property == 4)
		snprintf(passed->match.port, sizeof(passed->match.port), "%.31s", json_is_string(value) ? json_string_value(value) : "");
	else
		passed->attached = json_is_true(value);
	json_decref(value);
}

static void property_came(void *data, const char *result, const char *error)
{
	struct query *query = data;

	/* A device that has just been removed is not there any more. */
	if (!error)
		set_property(&query->passed[query->at], query->property, result);
	if (++query->property == PROPERTIES) {
		query->property = 0;
		query->at++;
	}
	ask_next(query);
}

static void folder_came(void *data, const char *result, const char *error)
{
	struct query *query = data;

	if (error) {
		control_job_end(&query->job, error);
		return;
	}
	add_devices(query, result);
	query->folder++;
	ask_next(query);
}

static void ask_next(struct query *query)
{
	if (query->folder < FOLDERS) {
		control_qmp(&query->job, "qom-list", json_pack("{s:s}", "path", folders[query->folder]), folder_came);
	} else if (query->at < query->count) {
		control_qmp(&query->job, "qom-get", json_pack("{s:s, s:s}", "path", query->passed[query->at].path, "property",
		                                              properties[query->property]), property_came);
	} else {
		if (query->job.done)
			query->told(query->data, query->passed, query->count, NULL);
		query->job.done = NULL;
		control_job_end(&query->job, NULL);
	}
}

struct control_job *control_usb(const struct control_vm *vm, control_usb_fn *done, void *data)
{
	struct query *query = control_job_new(sizeof(*query), vm, mem_strdup("usb"), query_failed, NULL);

	query->job.data = query;
	query->told = done;
	query->data = data;
	ask_next(query);
	return &query->job;
}

/* ---- changes ---- */

struct change {
	struct control_job job;
	char *device;		/* as it is recorded */
	struct usb_match match;
	char id[64];		/* of a device to be added */
	struct control_vm vm;	/* for the query; without its state directory, which may be gone */
};

static void finish(struct control_job *job)
{
	free(((struct change *)job)->device);
}

/* running: the recorded value for the same device, or NULL. Returns false if the record cannot be read. */
static bool find_running(const struct control_vm *vm, const struct usb_match *match, char **running, struct error *err)
{
	struct vm_config config;
	bool good;

	*running = NULL;
	vm_config_init(&config, CONFIG_PROFILE);
	good = control_running(vm, &config, err);
	for (size_t i = 0; good && !*running && i < config.value[SET_DEVICE].count; i++) {
		const char *value = config.value[SET_DEVICE].items[i];
		struct usb_match other;

		if (usb_match_read(value, &other) && usb_match_equal(&other, match))
			*running = mem_strdup(value);
	}
	vm_config_finish(&config);
	return good;
}

static struct change *change_new(const struct control_vm *vm, const char *device, const struct usb_match *match,
                                 control_done_fn *done, void *data)
{
	struct change *change = control_job_new(sizeof(*change), vm, mem_printf("device %s", device), done, data);

	change->job.finish = finish;
	change->device = mem_strdup(device);
	change->match = *match;
	change->vm = (struct control_vm){ .client = vm->client, .guest_ms = vm->guest_ms };
	return change;
}

static void withdrawn(struct control_job *job, const char *error)
{
	(void)error;
	control_job_end(job, "QEMU cannot attach it; it is in use on this host, or too fast for the guest's USB controller");
}

/* QEMU adds a usb-host whose device it cannot open, and only writes why on its stderr. */
static void attached_came(void *data, const char *result, const char *error)
{
	struct change *change = data;

	if (!error && strcmp(result, "false") == 0) {
		char *path = mem_printf(ADDED "%s", change->id);

		control_unplug(&change->job, path, withdrawn);
		free(path);
	} else {
		control_job_record(&change->job, SET_DEVICE, SETTING_ADD, change->device);
	}
}

static void added(void *data, const char *result, const char *error)
{
	struct change *change = data;
	char *path = mem_printf(ADDED "%s", change->id);

	(void)result;
	if (!error)
		control_qmp(&change->job, "qom-get", json_pack("{s:s, s:s}", "path", path, "property", "attached"), attached_came);
	else if (strstr(error, "usb-bus"))
		control_job_end(&change->job, "the VM has no USB controller; set usb = yes, or add the device qemu-xhci, and restart it");
	else
		control_job_end(&change->job, error);
	free(path);
}

static json_t *add_arguments(const struct change *change)
{
	const struct usb_match *match = &change->match;
	json_t *arguments = json_pack("{s:s, s:s}", "driver", "usb-host", "id", change->id);
	const unsigned numbers[] = { match->vendor, match->product, match->bus, match->number };

	for (unsigned i = 0; i < 4; i++)
		if (numbers[i])
			json_object_set_new(arguments, properties[i], json_integer(numbers[i]));
	if (match->port[0])
		json_object_set_new(arguments, "hostport", json_string(match->port));
	return arguments;
}

struct control_job *control_usb_add(const struct control_vm *vm, const char *device, control_done_fn *done, void *data,
                                    struct error *err)
{
	struct usb_match match;
	struct usb_devices devices;
	struct change *change;
	char *running, *problem;

	if (!usb_match_read(device, &match)) {
		error_set(err, "device %s: only usb-host with IDs or a port can be added while the VM runs", device);
		return NULL;
	}
	if (!find_running(vm, &match, &running, err))
		return NULL;
	usb_devices_read(vm->root ? vm->root : "", &devices);
	problem = running ? mem_strdup("the VM has it already") : usb_match_problem(&match, &devices);
	usb_devices_finish(&devices);
	free(running);
	if (problem) {
		error_set(err, "device %s: %s", device, problem);
		free(problem);
		return NULL;
	}
	change = change_new(vm, device, &match, done, data);
	if (match.port[0])
		snprintf(change->id, sizeof(change->id), "paddock-usb-%u-%s", match.bus, match.port);
	else
		snprintf(change->id, sizeof(change->id), "paddock-usb-%04x-%04x", match.vendor, match.product);
	control_qmp(&change->job, "device_add", add_arguments(change), added);
	return &change->job;
}

static void removed(struct control_job *job, const char *error)
{
	if (error)
		control_job_end(job, error);
	else
		control_job_record(job, SET_DEVICE, SETTING_REMOVE, ((struct change *)job)->device);
}

static void passed_came(void *data, const struct usb_passed *passed, size_t count, const struct error *err)
{
	struct change *change = data;
	size_t at = 0;

	while (at < count && !usb_match_equal(&passed[at].match, &change->match))
		at++;
	if (!err && at < count)
		control_unplug(&change->job, passed[at].path, removed);
	else
		control_job_end(&change->job, err ? err->text : "QEMU does not have it any more");
}

struct control_job *control_usb_remove(const struct control_vm *vm, const char *device, control_done_fn *done, void *data,
                                       struct error *err)
{
	struct usb_match match;
	struct change *change;
	char *running = NULL;

	if (!usb_match_read(device, &match)) {
		error_set(err, "device %s: only usb-host with IDs or a port can be removed while the VM runs", device);
		return NULL;
	}
	if (!find_running(vm, &match, &running, err))
		return NULL;
	if (!running) {
		error_set(err, "device %s: the VM does not have it", device);
		return NULL;
	}
	change = change_new(vm, running, &match, done, data);
	free(running);
	control_usb(&change->vm, passed_came, change);
	return &change->job;
}

bool control_usb_can(const struct vm_config *running, const char *device)
{
	struct usb_match match;

	(void)running;
	return usb_match_read(device, &match);
}

bool usb_setting_for(const char *word, const struct usb_devices *devices, char **setting, struct error *err)
{
	const struct usb_device *found = NULL;
	struct usb_match match;
	int end = 0;
	bool ids;

	*setting = usb_match_read(word, &match) ? mem_strdup(word) : NULL;
	if (*setting)
		return true;
	ids = sscanf(word, "%4x:%4x%n", &match.vendor, &match.product, &end) == 2 && !word[end];
	if (!ids)
		match = (struct usb_match){ 0 };
	end = 0;
	if (!ids && (sscanf(word, "%3u-%31[0-9.]%n", &match.bus, match.port, &end) != 2 || word[end]))
		return error_set(err, "%s is not a USB device; write its IDs, such as 1050:0407, or its port, such as 1-1.4",
		                 quoted(word).text);
	for (size_t i = 0; i < devices->count; i++) {
		if (!usb_match_is(&match, &devices->items[i]))
			continue;
		if (found)
			return error_set(err, "several devices are %s; write the port instead, such as %u-%s", word, found->bus, found->port);
		found = &devices->items[i];
	}
	if (!found && !ids)
		return error_set(err, "no device is plugged in at port %s", word);
	*setting = found ? usb_device_argument(found) : mem_printf("usb-host,vendorid=0x%04x,productid=0x%04x", match.vendor, match.product);
	return true;
}
