/* SPDX-License-Identifier: MIT */
/*
 * import/: files as users have them, and next to each, in NAME.report, what
 * became settings, what is kept as arguments and what is left out.
 * UPDATE=1 rewrites the reports.
 */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/io.h"
#include "core/base/str.h"
#include "core/import/import_text.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define REPORT ".report"

static void read_text(const char *path, struct str *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	str_init(out);
	if (fd >= 0) {
		assert_true(io_read(fd, 1 << 20, out));
		close(fd);
	}
}

/* Disks of this name are there. */
static bool exists(const char *path)
{
	return text_ends(path, "/installed.qcow2");
}

static char *report_of(const struct str *text)
{
	const struct shell_place place = { .cwd = "/home/u/vm", .directory = "/srv/vm", .home = "/home/u", .exists = exists };
	struct imported imported;
	struct strv argv = { 0 };
	struct error err;
	struct str out;

	str_init(&out);
	if (!import_text(text->text, text->len, &place, &imported, &argv, &err))
		str_addf(&out, "error: %s\n", err.text);
	for (size_t i = 0; i < imported.count; i++) {
		char *line = import_note_line(&imported.notes[i]);

		str_addf(&out, "%s\n", line);
		free(line);
	}
	imported_finish(&imported);
	strv_finish(&argv);
	return str_detach(&out);
}

static bool play(const char *path)
{
	char *result_path = mem_printf("%s" REPORT, path), *report;
	struct str text, wanted;
	bool same;

	read_text(path, &text);
	read_text(result_path, &wanted);
	report = report_of(&text);
	same = !strcmp(report, wanted.text);
	if (!same && getenv("UPDATE")) {
		FILE *file = fopen(result_path, "w");

		assert_non_null(file);
		fputs(report, file);
		fclose(file);
		same = true;
	}
	if (!same)
		fprintf(stderr, "%s differs:\n%s", path, report);
	free(report);
	free(result_path);
	str_finish(&text);
	str_finish(&wanted);
	return same;
}

static void every_file_is_reported_as_recorded(void **state)
{
	const char *tests = getenv("PADDOCK_TESTS");
	char *place = mem_printf("%s/golden/import", tests ? tests : "tests");
	DIR *directory = opendir(place);
	unsigned count = 0, failed = 0;
	struct dirent *entry;

	(void)state;
	assert_non_null(directory);
	while ((entry = readdir(directory))) {
		char *path = mem_printf("%s/%s", place, entry->d_name);

		if (entry->d_name[0] != '.' && !text_ends(path, REPORT)) {
			count++;
			failed += !play(path);
		}
		free(path);
	}
	closedir(directory);
	free(place);
	assert_int_equal(failed, 0);
	assert_true(count >= 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_file_is_reported_as_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
