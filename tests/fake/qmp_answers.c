/* SPDX-License-Identifier: MIT */
#include "fake/qmp_answers.h"

#include <stdio.h>
#include <string.h>

/* Counts a command, and returns how often it has been asked now. */
static unsigned times_asked(struct qmp_answers *answers, const char *command)
{
	struct qmp_asked *asked = answers->asked;

	while (asked < answers->asked + 31 && asked->command[0] && strcmp(asked->command, command) != 0)
		asked++;
	snprintf(asked->command, sizeof(asked->command), "%s", command);
	return ++asked->times;
}

bool qmp_answer_find(struct qmp_answers *answers, const char *request, struct qmp_answer *out)
{
	static char line[sizeof(out->reply)];
	const char *name = strstr(request, "\"execute\"");
	char command[64] = "";
	FILE *file = answers->path ? fopen(answers->path, "r") : NULL;
	bool taken = false;
	size_t len, events = 0, reply = 0;
	unsigned times, seen = 0;

	if (!file)
		return false;
	sscanf(name ? name : "", "\"execute\":\"%63[^\"]", command);
	times = times_asked(answers, command);
	len = strlen(command);
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, command, len) != 0)
			continue;
		if (line[len] == ' ') {
			taken = seen++ < times;
			if (taken)
				reply = (size_t)snprintf(out->reply, sizeof(out->reply), "%s", line + len + 1);
			events = taken ? 0 : events;
		} else if (strncmp(line + len, "! ", 2) == 0 && taken && events < sizeof(out->events)) {
			events += (size_t)snprintf(out->events + events, sizeof(out->events) - events, "%s\n", line + len + 2);
		}
	}
	fclose(file);
	if (reply == 0)
		return false;
	out->reply[reply - 1] = '\0';
	if (events == 0)
		out->events[0] = '\0';
	return true;
}
