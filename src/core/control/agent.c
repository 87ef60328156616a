/* SPDX-License-Identifier: MIT */
#include "core/control/agent.h"

#include "core/base/alloc.h"
#include "core/base/format.h"
#include "core/base/str.h"
#include "core/base/utf8.h"
#include "core/control/job.h"
#include "core/keeper/run/guest_agent.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* Stores a string of the guest as one that can be shown. Leaves `out` as it is if there is none. */
static void take_text(char *out, size_t size, const json_t *value)
{
	char *plain;
	size_t len;

	if (!json_is_string(value))
		return;
	plain = format_plain(json_string_value(value));
	len = strlen(plain) < size ? strlen(plain) : utf8_cut(plain, size - 1);
	memcpy(out, plain, len);
	out[len] = '\0';
	free(plain);
}

/* Stores the usual spelling of an address. Returns false for loopback, and for what is not an address. */
static bool take_address(char out[46], const json_t *value, bool *link_only)
{
	const char *text = json_is_string(value) ? json_string_value(value) : "";
	struct in6_addr six;
	struct in_addr four;

	if (inet_pton(AF_INET, text, &four) == 1) {
		unsigned net = ntohl(four.s_addr);

		*link_only = net >> 16 == 0xa9fe;	/* 169.254/16 */
		return net >> 24 != 127 && inet_ntop(AF_INET, &four, out, 46);
	}
	if (inet_pton(AF_INET6, text, &six) == 1) {
		*link_only = IN6_IS_ADDR_LINKLOCAL(&six);
		return !IN6_IS_ADDR_LOOPBACK(&six) && inet_ntop(AF_INET6, &six, out, 46);
	}
	return false;
}

static void read_addresses(struct guest_info *info, const json_t *interfaces, bool link_only)
{
	const json_t *interface, *entry;
	size_t i, j;

	json_array_foreach(interfaces, i, interface) {
		json_array_foreach(json_object_get(interface, "ip-addresses"), j, entry) {
			struct guest_address address = { 0 };
			json_int_t prefix = json_integer_value(json_object_get(entry, "prefix"));
			bool link;

			if (info->address_count == GUEST_ADDRESSES)
				return;
			if (!take_address(address.address, json_object_get(entry, "ip-address"), &link) || link != link_only)
				continue;
			take_text(address.interface, sizeof(address.interface), json_object_get(interface, "name"));
			address.prefix = prefix >= 0 && prefix <= 128 ? (unsigned)prefix : 0;
			info->addresses[info->address_count++] = address;
		}
	}
}

static void read_interfaces(struct guest_info *info, const json_t *result)
{
	info->address_count = 0;
	read_addresses(info, result, false);
	read_addresses(info, result, true);
}

static void read_host_name(struct guest_info *info, const json_t *result)
{
	take_text(info->host_name, sizeof(info->host_name), json_object_get(result, "host-name"));
}

static void read_system(struct guest_info *info, const json_t *result)
{
	take_text(info->system, sizeof(info->system), json_object_get(result, "name"));
	take_text(info->system, sizeof(info->system), json_object_get(result, "pretty-name"));
	take_text(info->kernel, sizeof(info->kernel), json_object_get(result, "kernel-release"));
}

static void read_filesystems(struct guest_info *info, const json_t *result)
{
	const json_t *entry;
	size_t i;

	info->filesystem_count = 0;
	json_array_foreach(result, i, entry) {
		json_int_t used = json_integer_value(json_object_get(entry, "used-bytes"));
		json_int_t total = json_integer_value(json_object_get(entry, "total-bytes"));
		struct guest_filesystem *filesystem = &info->filesystems[info->filesystem_count];

		if (info->filesystem_count == GUEST_FILESYSTEMS || !json_is_string(json_object_get(entry, "mountpoint")))
			continue;
		*filesystem = (struct guest_filesystem){ 0 };
		take_text(filesystem->place, sizeof(filesystem->place), json_object_get(entry, "mountpoint"));
		take_text(filesystem->type, sizeof(filesystem->type), json_object_get(entry, "type"));
		if (total > 0 && used >= 0 && used <= total) {
			filesystem->used = (uint64_t)used;
			filesystem->total = (uint64_t)total;
		}
		info->filesystem_count++;
	}
}

/* In the order of asking. */
static const struct {
	const char *command;
	void (*read)(struct guest_info *, const json_t *result);
} questions[] = {
	{ "guest-ping", NULL },
	{ "guest-get-host-name", read_host_name },
	{ "guest-get-osinfo", read_system },
	{ "guest-network-get-interfaces", read_interfaces },
	{ "guest-get-fsinfo", read_filesystems },
};

enum { QUESTIONS = sizeof(questions) / sizeof(questions[0]) };

void guest_info_read(struct guest_info *info, const char *command, const char *result)
{
	json_t *value = json_loads(result, JSON_DECODE_ANY, NULL);

	for (size_t i = 0; i < QUESTIONS; i++)
		if (value && questions[i].read && !strcmp(questions[i].command, command))
			questions[i].read(info, value);
	json_decref(value);
}

struct info_job {
	struct control_job job;
	control_guest_fn *done;
	void *data;
	size_t asked;		/* index of the question */
	struct guest_info info;
};

static void info_done(void *data, const struct error *err)
{
	struct info_job *job = data;

	job->done(job->data, err ? NULL : &job->info, err);
}

static void info_came(void *data, const char *result, const char *error)
{
	struct info_job *job = data;

	if (result)
		guest_info_read(&job->info, questions[job->asked].command, result);
	/* An agent that refuses one question answers the others; one that cannot be asked does not. */
	if (error && (job->asked == 0 || !text_starts(error, GUEST_AGENT_REPORTS)))
		control_job_end(&job->job, error);
	else if (++job->asked == QUESTIONS)
		control_job_end(&job->job, NULL);
	else
		keeper_agent(job->job.client, questions[job->asked].command, NULL, info_came, job);
}

struct control_job *control_guest_info(const struct control_vm *vm, control_guest_fn *done, void *data)
{
	struct info_job *job = control_job_new(sizeof(*job), vm, mem_strdup("guest"), info_done, NULL);

	job->job.data = job;
	job->done = done;
	job->data = data;
	keeper_agent(vm->client, questions[0].command, NULL, info_came, job);
	return &job->job;
}

static void answered(void *data, const char *result, const char *error)
{
	(void)result;
	control_job_end(data, error);
}

struct control_job *control_guest_ping(const struct control_vm *vm, control_done_fn *done, void *data)
{
	struct control_job *job = control_job_new(sizeof(*job), vm, mem_strdup("guest"), done, data);

	keeper_agent(vm->client, "guest-ping", NULL, answered, job);
	return job;
}

struct control_job *control_guest_shutdown(const struct control_vm *vm, enum guest_shutdown mode, control_done_fn *done,
                                           void *data)
{
	static const char *const arguments[] = {
		[GUEST_POWERDOWN] = "{\"mode\":\"powerdown\"}", [GUEST_REBOOT] = "{\"mode\":\"reboot\"}", [GUEST_HALT] = "{\"mode\":\"halt\"}",
	};
	struct control_job *job = control_job_new(sizeof(*job), vm, mem_strdup("guest"), done, data);

	keeper_agent(vm->client, "guest-shutdown", arguments[mode], answered, job);
	return job;
}
