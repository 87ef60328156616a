/* SPDX-License-Identifier: MIT */
#include "core/control/memory.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/control/job.h"
#include "core/qemu/plan/plan_data.h"
#include "core/vm/spec.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define MIB ((uint64_t)1024 * 1024)
#define NO_BALLOON "the VM was started without a balloon; add the device virtio-balloon-pci, or leave `live` on, and restart it"
#define BALLOON_PATH "/machine/peripheral/" PLAN_BALLOON_ID
#define POLL_SECONDS 5
#define FIRST_REPORT_TRIES 10
#define FIRST_REPORT_MS 200

/* A number of QEMU's in bytes. Those of 64 bits without a sign do not fit jansson's integers. */
static uint64_t read_bytes(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	double number = json_number_value(value);

	return json_is_number(value) && number >= 0 && number < 9e18 ? (uint64_t)number : MEMORY_UNKNOWN;
}

static json_t *load_object(const char *json)
{
	return json_loads(json ? json : "", JSON_DECODE_INT_AS_REAL, NULL);
}

static uint64_t result_bytes(const char *json, const char *name)
{
	json_t *object = load_object(json);
	uint64_t bytes = read_bytes(object, name);

	json_decref(object);
	return bytes;
}

static uint64_t read_started(const char *json)
{
	uint64_t base = result_bytes(json, "base-memory"), plugged = result_bytes(json, "plugged-memory");

	return plugged == MEMORY_UNKNOWN || base == MEMORY_UNKNOWN ? base : base + plugged;
}

bool memory_stats_read(const char *json, struct memory_state *out)
{
	json_t *object = load_object(json);
	const json_t *stats = json_object_get(object, "stats");
	uint64_t updated = read_bytes(object, "last-update");
	bool good = json_is_object(stats) && updated != MEMORY_UNKNOWN;

	if (good) {
		out->updated = (time_t)updated;
		out->total = read_bytes(stats, "stat-total-memory");
		out->available = read_bytes(stats, "stat-available-memory");
		out->free = read_bytes(stats, "stat-free-memory");
		out->caches = read_bytes(stats, "stat-disk-caches");
	}
	json_decref(object);
	return good;
}

/* ---- the state ---- */

struct query {
	struct control_job job;
	control_memory_fn *told;
	void *data;
	struct memory_state state;
	unsigned tries;
};

static void query_failed(void *data, const struct error *err)
{
	struct query *query = data;

	query->told(query->data, NULL, err);
}

static void tell(struct query *query)
{
	if (query->job.done)
		query->told(query->data, &query->state, NULL);
	query->job.done = NULL;
	control_job_end(&query->job, NULL);
}

static void ask_stats(void *data, const char *result, const char *error);

static void stats_came(void *data, const char *result, const char *error)
{
	struct query *query = data;

	if (!error && memory_stats_read(result, &query->state) && query->state.updated == 0 && ++query->tries < FIRST_REPORT_TRIES)
		keeper_await(query->job.client, FIRST_REPORT_MS, NULL, ask_stats, query);
	else
		tell(query);
}

static void ask_stats(void *data, const char *result, const char *error)
{
	(void)result;
	(void)error;
	control_qmp(data, "qom-get", json_pack("{s:s, s:s}", "path", BALLOON_PATH, "property", "guest-stats"), stats_came);
}

/* A balloon without our id is the user's own, and is not asked. */
static void polling(void *data, const char *result, const char *error)
{
	if (error)
		tell(data);
	else
		ask_stats(data, result, NULL);
}

static void balloon_came(void *data, const char *result, const char *error)
{
	struct query *query = data;
	uint64_t given = result_bytes(result, "actual");

	if (error || given == MEMORY_UNKNOWN) {
		tell(query);
		return;
	}
	query->state.balloon = true;
	query->state.given = given;
	control_qmp(&query->job, "qom-set", json_pack("{s:s, s:s, s:i}", "path", BALLOON_PATH, "property",
	                                              "guest-stats-polling-interval", "value", POLL_SECONDS), polling);
}

static void size_came(void *data, const char *result, const char *error)
{
	struct query *query = data;
	uint64_t started = read_started(result);

	if (error || started == MEMORY_UNKNOWN) {
		control_job_end(&query->job, error ? error : "QEMU does not say how much it is");
		return;
	}
	query->state.started = query->state.given = started;
	control_qmp(&query->job, "query-balloon", json_object(), balloon_came);
}

struct control_job *control_memory_query(const struct control_vm *vm, control_memory_fn *done, void *data)
{
	struct query *query = control_job_new(sizeof(*query), vm, mem_strdup("memory"), query_failed, NULL);

	query->job.data = query;
	query->told = done;
	query->data = data;
	query->state = (struct memory_state){ .total = MEMORY_UNKNOWN, .available = MEMORY_UNKNOWN, .free = MEMORY_UNKNOWN,
	                                      .caches = MEMORY_UNKNOWN };
	control_qmp(&query->job, "query-memory-size-summary", json_object(), size_came);
	return &query->job;
}

/* ---- changing it ---- */

struct change {
	struct control_job job;
	uint64_t wanted, before, given;	/* bytes */
	unsigned wait;		/* for the next report of the balloon; 0: none */
	bool accepted;		/* by QEMU */
};

static char *size_text(uint64_t bytes)
{
	return vm_size_format(bytes / MIB);
}

static bool is_balloon_event(void *data, const char *name, const char *detail)
{
	(void)data;
	(void)detail;
	return text_equal(name, "BALLOON_CHANGE");
}

static void end_short(struct change *change)
{
	char *given = size_text(change->given), *text = NULL;

	if (change->given == change->before)
		text = mem_printf("the guest has not reacted and has %s; its system needs the driver virtio_balloon", given);
	else
		text = mem_printf("the guest has %s now and has not gone on; %s", given,
		                  change->given > change->wanted ? "it may need the rest itself" : "it may take the rest later");
	control_job_end(&change->job, text);
	free(text);
	free(given);
}

/* The events may have been late: what QEMU says now counts. */
static void checked(void *data, const char *result, const char *error)
{
	struct change *change = data;
	uint64_t given = result_bytes(result, "actual");

	if (given != MEMORY_UNKNOWN)
		change->given = given;
	if (error || change->given == change->wanted)
		control_job_end(&change->job, error);
	else
		end_short(change);
}

static void await_report(struct change *change);

static void reported(void *data, const char *result, const char *error)
{
	struct change *change = data;
	uint64_t given = result_bytes(result, "actual");

	change->wait = 0;
	if (given != MEMORY_UNKNOWN)
		change->given = given;
	if (change->accepted && change->given == change->wanted)
		control_job_end(&change->job, NULL);
	else if (!error)
		await_report(change);
	else if (change->accepted)	/* otherwise the answer to the command is still to come */
		control_qmp(&change->job, "query-balloon", json_object(), checked);
}

static void await_report(struct change *change)
{
	change->wait = keeper_await(change->job.client, change->job.guest_ms, is_balloon_event, reported, change);
}

static void accepted(void *data, const char *result, const char *error)
{
	struct change *change = data;

	(void)result;
	change->accepted = true;
	if (!error && change->given != change->wanted) {
		if (!change->wait)
			await_report(change);
		return;
	}
	keeper_unawait(change->job.client, change->wait);
	control_job_end(&change->job, error);
}

static void guest_runs(void *data, const char *result, const char *error)
{
	struct change *change = data;

	(void)result;
	if (error) {
		control_job_end(&change->job, error);
		return;
	}
	await_report(change);
	control_qmp(&change->job, "balloon", json_pack("{s:I}", "value", (json_int_t)change->wanted), accepted);
}

static void before_came(void *data, const char *result, const char *error)
{
	struct change *change = data;
	uint64_t before = result_bytes(result, "actual");

	if (error || before == MEMORY_UNKNOWN) {
		control_job_end(&change->job, error && !strstr(error, "alloon") ? error : NO_BALLOON);
		return;
	}
	change->before = change->given = before;
	if (before == change->wanted)
		control_job_end(&change->job, NULL);
	else
		control_need_guest(&change->job, guest_runs, change);
}

static void limits_came(void *data, const char *result, const char *error)
{
	struct change *change = data;
	uint64_t most = read_started(result), least = MEMORY_LEAST_MIB * MIB;
	char *limit, *text = NULL;

	if (error || most == MEMORY_UNKNOWN) {
		control_job_end(&change->job, error ? error : "QEMU does not say how much it is");
		return;
	}
	least = least < most ? least : most;
	limit = size_text(change->wanted > most ? most : least);
	if (change->wanted > most)
		text = mem_printf("the VM was started with %s, which is the most it can have", limit);
	else if (change->wanted < least)
		text = mem_printf("%s is the least that a guest is left with", limit);
	if (text)
		control_job_end(&change->job, text);
	else
		control_qmp(&change->job, "query-balloon", json_object(), before_came);
	free(text);
	free(limit);
}

struct control_job *control_memory_set(const struct control_vm *vm, uint64_t mib, control_done_fn *done, void *data)
{
	char *size = vm_size_format(mib);
	struct change *change = control_job_new(sizeof(*change), vm, mem_printf("memory %s", size), done, data);

	change->wanted = mib > UINT64_MAX / MIB ? UINT64_MAX : mib * MIB;
	free(size);
	control_qmp(&change->job, "query-memory-size-summary", json_object(), limits_came);
	return &change->job;
}
