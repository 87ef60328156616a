/* SPDX-License-Identifier: MIT */
/*
 * What a guest may say to the client of its agent: on a real socket, in pieces, with commands under way that must each
 * be answered just once; and what the answers may contain.
 */
#include "core/base/alloc.h"
#include "core/base/loop.h"
#include "core/control/agent.h"
#include "core/keeper/run/guest_agent.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define require(fine) ((fine) ? (void)0 : fail(#fine, __LINE__))

static void fail(const char *what, int line)
{
	fprintf(stderr, "line %d: %s does not hold\n", line, what);
	abort();
}

enum { COMMANDS = 4 };

static const char *const commands[COMMANDS] = {
	"guest-get-host-name", "guest-get-osinfo", "guest-network-get-interfaces", "guest-get-fsinfo",
};

static void read_all(const char *result)
{
	struct guest_info info = { 0 };

	for (unsigned i = 0; i < COMMANDS; i++)
		guest_info_read(&info, commands[i], result);
	for (const char *c = info.host_name; *c; c++)
		require((unsigned char)*c >= ' ' && *c != 0x7f);
	require(strlen(info.system) < GUEST_TEXT && strlen(info.kernel) < GUEST_TEXT);
	require(info.address_count <= GUEST_ADDRESSES && info.filesystem_count <= GUEST_FILESYSTEMS);
}

static void on_reply(void *data, const char *result, const char *error)
{
	++*(unsigned *)data;
	require(!result != !error);
	require(!error || (*error && !strchr(error, '\n')));
	if (result)
		read_all(result);
}

/* Answers the synchronisation, as often as there is one, and sends the input behind it. */
static void converse(const uint8_t *bytes, size_t len, size_t step)
{
	static const char mark[] = "\xff{\"execute\":\"guest-sync-delimited\",\"arguments\":{\"id\":";
	unsigned replies = 0;
	struct loop *loop = loop_new();
	int pair[2];

	require(loop && socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) == 0);

	struct guest_agent *agent = guest_agent_new(loop, pair[1]);

	guest_agent_opened(agent, true);
	for (unsigned i = 0; i < COMMANDS; i++)
		guest_agent_execute(agent, commands[i], NULL, on_reply, &replies);
	for (size_t at = 0; at < len; at += step) {
		char heard[4096], answer[80];
		ssize_t n = recv(pair[0], heard, sizeof(heard) - 1, 0);

		heard[n > 0 ? n : 0] = '\0';
		if (n > 0 && !strncmp(heard, mark, sizeof(mark) - 1) && step % 4) {
			snprintf(answer, sizeof(answer), "\xff{\"return\": %llu}\n", strtoull(heard + sizeof(mark) - 1, NULL, 10));
			require(send(pair[0], answer, strlen(answer), MSG_NOSIGNAL) > 0);
			loop_turn(loop, 0);
		}
		if (send(pair[0], bytes + at, len - at < step ? len - at : step, MSG_NOSIGNAL) < 0)
			break;
		loop_turn(loop, 0);
	}
	guest_agent_opened(agent, false);
	require(replies == COMMANDS);
	guest_agent_free(agent);
	close(pair[0]);
	loop_free(loop);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text;

	if (len == 0 || len > 32768)
		return 0;
	text = mem_strndup((const char *)bytes + 1, len - 1);
	read_all(text);
	free(text);
	converse(bytes + 1, len - 1, 1u + bytes[0]);
	return 0;
}
