/* SPDX-License-Identifier: MIT */
#ifndef FAKE_KEEPERS_IMPL_H
#define FAKE_KEEPERS_IMPL_H

/*
 * The functions of fake/keepers.h, for the one source file of a test program:
 * in an archive they would get into the tests of the real ones.
 */
#include "fake/keepers.h"

#include "core/base/error.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct fake_keepers keepers;

const struct keeper_join keeper_watch = { .role = ROLE_WATCH };

static int a_client;

struct keeper_client *keeper_launch(struct loop *loop, const struct plan *plan, const struct keeper_join *join,
                                    const struct keeper_events *events, void *data, struct error *err)
{
	(void)loop;
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
	(void)loop;
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
	return (struct keeper_client *)(void *)&a_client;
}

void keeper_close(struct keeper_client *client)
{
	(void)client;
}

unsigned keeper_command(struct keeper_client *client, enum keeper_command command)
{
	(void)client;
	keepers.commands |= 1u << command;
	return 1;
}

void keeper_qmp(struct keeper_client *client, const char *command, const char *arguments, keeper_result_fn *done, void *data)
{
	(void)client;
	snprintf(keepers.request, sizeof(keepers.request), "%s %s", command, arguments ? arguments : "");
	keepers.answer = done;
	keepers.answer_data = data;
}

void keeper_setting(struct keeper_client *client, const char *key, enum setting_action action, const char *value,
                    keeper_result_fn *done, void *data)
{
	static const char *const words[] = { [SETTING_ADD] = "add", [SETTING_REMOVE] = "remove", [SETTING_SET] = "set" };

	(void)client;
	snprintf(keepers.request, sizeof(keepers.request), "%s %s %s", key, words[action], value);
	keepers.answer = done;
	keepers.answer_data = data;
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
