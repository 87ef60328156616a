/* SPDX-License-Identifier: MIT */
#ifndef FAKE_QMP_ANSWERS_H
#define FAKE_QMP_ANSWERS_H

#include <stdbool.h>

/*
 * A file that says what the fake QEMU returns: a line "COMMAND {"return": ...}" for each request of the command, the Nth
 * line for the Nth request, the last one for all that follow. Lines "COMMAND! EVENT DATA" below such a line are
 * events that come right behind it.
 */
struct qmp_answers {
	const char *path;	/* NULL: no file */
	struct qmp_asked {
		char command[64];
		unsigned times;
	} asked[32];		/* how often each command was asked */
};

struct qmp_answer {
	char reply[65536];	/* without its last brace, for the id of the request */
	char events[2048];	/* a line each: name, blank, data */
};

/* request: a line of QMP as QEMU gets it. Returns false if the file has nothing for its command. */
bool qmp_answer_find(struct qmp_answers *, const char *request, struct qmp_answer *out);

#endif
