/* SPDX-License-Identifier: MIT */
#ifndef FAKE_KEEPERS_IMPL_H
#define FAKE_KEEPERS_IMPL_H

/*
 * The functions of fake/keepers.h, for the one source file of a test program:
 * in an archive they would get into the tests of the real ones.
 */
#include "fake/keepers.h"

#include "core/base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct fake_keepers keepers;

const char keeper_late[] = "it was not done in time", keeper_unanswered[] = "QEMU does not answer";
const struct keeper_join keeper_watch = { .role = ROLE_WATCH };

static int a_client, a_console;

struct keeper_client *keeper_launch(struct loop *loop, const struct plan *plan, const struct keeper_join *join,
                                    const struct keeper_events *events, void *data, struct error *err)
{
	keepers.loop = loop;
	(void)plan;
	(void)join;
	(void)err;
	keepers.launched++;
	keepers.events = events;
	keepers.data = data;
	return (struct keeper_client *)(void *)&a_client;
}

struct keeper_client *keeper_connect(struct loop *loop, const struct registry_entry *entry, const struct keeper_join *join,
                                     const struct keeper_events *events, void *data, struct error *err)
{
	keepers.loop = loop;
	(void)entry;
	(void)err;
	if (join->role == ROLE_WATCH) {
		keepers.events = events;
		keepers.data = data;
	} else {
		keepers.join = *join;
		keepers.consoles++;
		keepers.console = events;
		keepers.console_data = data;
	}
	return (struct keeper_client *)(void *)(join->role == ROLE_WATCH ? &a_client : &a_console);
}

void keepers_answer_one(const char *result, const char *error)
{
	struct fake_request request = keepers.requests[0];

	assert_true(keepers.request_count > 0);
	memmove(keepers.requests, keepers.requests + 1, --keepers.request_count * sizeof(request));
	request.done(request.data, result, error);
}

void keeper_close(struct keeper_client *client)
{
	while (client == (void *)&a_client && keepers.request_count > 0)
		keepers_answer_one(NULL, "the connection was closed");
}

unsigned keeper_command(struct keeper_client *client, enum keeper_command command)
{
	(void)client;
	keepers.commands |= 1u << command;
	return 1;
}

static void add_request(const char *name, const char *rest, keeper_result_fn *done, void *data)
{
	struct fake_request *request = &keepers.requests[keepers.request_count++];

	assert_true(keepers.request_count <= sizeof(keepers.requests) / sizeof(keepers.requests[0]));
	*request = (struct fake_request){ .done = done, .data = data };
	snprintf(request->text, sizeof(request->text), "%s %s", name, rest);
}

void keeper_qmp(struct keeper_client *client, const char *command, const char *arguments, keeper_result_fn *done, void *data)
{
	(void)client;
	add_request(command, arguments ? arguments : "", done, data);
}

void keeper_agent(struct keeper_client *client, const char *command, const char *arguments, keeper_result_fn *done, void *data)
{
	(void)client;
	add_request(command, arguments ? arguments : "", done, data);
}

struct loop *keeper_loop(const struct keeper_client *client)
{
	(void)client;
	return keepers.loop;
}

/* Ends with the connection, like a request. */
unsigned keeper_await(struct keeper_client *client, uint64_t ms, keeper_accept_fn *accepts, keeper_result_fn *done, void *data)
{
	(void)client;
	(void)ms;
	(void)accepts;
	add_request("await", "", done, data);
	return 1;
}

void keeper_unawait(struct keeper_client *client, unsigned id)
{
	struct fake_request *requests = keepers.requests;
	size_t at = 0;

	(void)client;
	(void)id;
	while (at < keepers.request_count && strcmp(requests[at].text, "await ") != 0)
		at++;
	if (at < keepers.request_count)
		memmove(requests + at, requests + at + 1, (--keepers.request_count - at) * sizeof(requests[0]));
}

void keeper_setting(struct keeper_client *client, const char *key, enum setting_action action, const char *value,
                    keeper_result_fn *done, void *data)
{
	static const char *const actions[] = { [SETTING_ADD] = "add", [SETTING_REMOVE] = "remove", [SETTING_SET] = "set" };
	char rest[200];

	(void)client;
	snprintf(rest, sizeof(rest), "%s %s", actions[action], value);
	add_request(key, rest, done, data);
}

void keepers_answer(const struct fake_reply *replies)
{
	while (keepers.request_count > 0) {
		const struct fake_reply *reply = replies;

		while (reply->asked != NULL && strstr(keepers.requests[0].text, reply->asked) == NULL)
			reply++;
		if (reply->asked == NULL)
			fail_msg("nothing is said to %s", keepers.requests[0].text);
		keepers_answer_one(reply->result, reply->error);
	}
}

bool keeper_link_down(const struct keeper_client *client)
{
	(void)client;
	return keepers.link_down;
}

void keeper_type(struct keeper_client *client, const void *bytes, size_t len)
{
	(void)client;
	if (keepers.typed_len + len < sizeof(keepers.typed))
		memcpy(keepers.typed + keepers.typed_len, bytes, len);
	keepers.typed_len += len;
}

void keeper_resize(struct keeper_client *client, int rows, int columns)
{
	(void)client;
	keepers.join.rows = rows;
	keepers.join.columns = columns;
}

void keeper_answer(struct keeper_client *client, const void *bytes, size_t len)
{
	(void)client;
	if (keepers.answered_len + len < sizeof(keepers.answered))
		memcpy(keepers.answered + keepers.answered_len, bytes, len);
	keepers.answered_len += len;
}

bool registry_read(const struct record_io *records, struct registry_list *list, struct error *err)
{
	(void)records;
	(void)err;
	*list = keepers.list;
	return true;
}

void registry_list_finish(struct registry_list *list)
{
	(void)list;
}

int registry_watch(struct error *err)
{
	return error_set(err, "not here") ? 0 : dup(0);
}

void registry_drain(int fd)
{
	(void)fd;
}

char *registry_dir(struct error *err)
{
	error_set(err, "not here");
	return NULL;
}

#endif
