/* SPDX-License-Identifier: MIT */
#include "fake/differences.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/map.h"
#include "core/base/str.h"
#include "persist/atomic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct differences {
	char *path;
	struct str text;		/* the file, cut into lines */
	struct map reasons;		/* from names, those of the list */
	struct str head, list;		/* the file as it should be: comments, then a line a test */
	struct str complaints;
	size_t listed, differ, tests;	/* listed: entries whose test has not run yet */
};

struct differences *differences_read(const char *path)
{
	struct differences *list = mem_alloc(sizeof(*list));
	struct error err;
	char *rest;

	list->path = mem_strdup(path);
	str_init(&list->text);
	str_init(&list->head);
	str_init(&list->list);
	str_init(&list->complaints);
	if (!file_read(path, 1 << 20, &list->text, &err))
		return list;
	for (char *line = strtok_r(list->text.text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char *reason = strstr(line, ": ");

		if (*line == '#') {
			str_addf(&list->head, "%s\n", line);
			continue;
		}
		if (!reason)
			fail_msg("%s: \"%s\" has no reason", path, line);
		*reason = '\0';
		map_put(&list->reasons, line, reason + 2);
		list->listed++;
	}
	return list;
}

void differences_note(struct differences *list, const char *test, const char *what)
{
	const char *reason = map_get(&list->reasons, test);

	list->tests++;
	list->listed -= reason != NULL;
	if (what) {
		list->differ++;
		if (reason && !text_starts(reason, "differs: "))
			str_addf(&list->list, "%s: %s\n", test, reason);
		else
			str_addf(&list->list, "%s: differs: %s\n", test, what);
		if (!reason)
			str_addf(&list->complaints, "%s: %s\n", test, what);
	} else if (reason) {
		str_addf(&list->complaints, "%s does not differ; remove it from the list\n", test);
	}
}

void differences_finish(struct differences *list, const char *what)
{
	char *complaints;
	struct error err;

	print_message("%s: %zu of %zu\n", what, list->tests - list->differ, list->tests);
	if (list->listed > 0)
		str_addf(&list->complaints, "%zu names of the list are not names of tests\n", list->listed);
	complaints = list->complaints.len > 0 ? mem_printf("%s:\n%s", list->path, list->complaints.text) : NULL;
	if (getenv("UPDATE")) {
		str_adds(&list->head, list->list.text);
		if (!atomic_write(list->path, list->head.text, list->head.len, ATOMIC_FAST, &err))
			fail_msg("%s", err.text);
		free(complaints);
		complaints = NULL;
	}
	map_finish(&list->reasons);
	str_finish(&list->text);
	str_finish(&list->head);
	str_finish(&list->list);
	str_finish(&list->complaints);
	free(list->path);
	free(list);
	if (!complaints)
		return;
	/* fail_msg cuts long texts and does not return. */
	print_error("%s", complaints);
	free(complaints);
	fail_msg("the list of known differences is not right; UPDATE=1 rewrites it");
}
