/* SPDX-License-Identifier: MIT */
/*
 * argv/recorded/: what the reference did, recorded from it. Ours must equal it
 * but for its own block, -cpu and an accelerator that was left to the host.
 * These files are never rewritten.
 * argv/decided/: where ours differs on purpose, and what the reference has not:
 * the whole plan, rewritten with UPDATE=1. How cases are written is in fake/argv_case.h.
 */
#include "core/base/alloc.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/vm/problem.h"
#include "fake/argv_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

/* One line of a file: escaped, and the scratch directory called <DIR>. */
static void add_line(struct str *out, const struct argv_case *run, const char *text)
{
	size_t len = strlen(run->dir);

	while (*text) {
		if (!strncmp(text, run->dir, len)) {
			str_adds(out, "<DIR>");
			text += len;
			continue;
		}
		if (*text == '\n' || *text == '\\')
			str_addc(out, '\\');
		str_addc(out, *text == '\n' ? 'n' : *text);
		text++;
	}
	str_addc(out, '\n');
}

/* --- what comes of it, as text --- */

static void add_files(struct str *out, const struct argv_case *run)
{
	struct strv paths = { 0 };

	for (size_t i = 0; i < run->plan.step_count; i++)
		if (run->plan.steps[i].kind != STEP_HELPER && run->plan.steps[i].kind != STEP_KEEP_FORMAT &&
		    run->plan.steps[i].kind != STEP_ACCEPT_CHAIN)
			strv_add(&paths, run->plan.steps[i].path);
	if (paths.count)
		str_adds(out, "-- files\n");
	for (size_t i = 0; i < paths.count; i++)
		add_line(out, run, paths.items[i]);
	strv_finish(&paths);
}

static void add_calls(struct str *out, const struct argv_case *run)
{
	for (size_t i = 0; i < run->plan.step_count; i++) {
		const struct strv *argv = &run->plan.steps[i].argv;

		if (argv->count)
			str_addf(out, "-- %s\n", path_base(argv->items[0]));
		for (size_t k = 1; k < argv->count; k++)
			add_line(out, run, argv->items[k]);
	}
}

static char *whole_text(const struct argv_case *run)
{
	struct str out;

	str_init(&out);
	if (run->refused) {
		str_addf(&out, "-- usage\n%s\n", run->refused);
		return str_detach(&out);
	}
	if (run->problems.count)
		str_adds(&out, "-- problems\n");
	for (size_t i = 0; i < run->problems.count; i++) {
		static const char *const severities[] = { "error", "host", "warning" };
		char *line = problem_line(&run->problems.items[i], run->config.origin);
		char *full = mem_printf("%s: %s", severities[run->problems.items[i].severity], line);

		add_line(&out, run, full);
		free(full);
		free(line);
	}
	for (size_t i = 0; i < run->problems.count; i++)
		if (run->problems.items[i].severity == PROBLEM_ERROR)
			return str_detach(&out);
	add_files(&out, run);
	add_calls(&out, run);
	str_addf(&out, "-- %s\n", path_base(run->plan.args[0].text));
	for (size_t i = 1; i < run->plan.arg_count; i++)
		add_line(&out, run, run->plan.args[i].text);
	return str_detach(&out);
}

/* The rules of comparing with a recorded run; what is dropped here is compared in decided/. */
static void comparable(struct strv *calls, bool accel_given)
{
	bool guest = false, x86 = true;

	for (size_t i = 0; i < calls->count;) {
		const char *line = calls->items[i];
		const char *accel = strstr(line, ",accel=");

		if (text_starts(line, "-- ")) {
			guest = text_starts(line, "-- qemu-system-");
			x86 = !strcmp(line, "-- qemu-system-x86_64");
		}
		if (guest && !strcmp(line, "-name")) {
			while (calls->count > i)
				strv_remove(calls, i);
		} else if (guest && x86 && !strcmp(line, "-cpu")) {
			strv_remove(calls, i);
			strv_remove(calls, i);
		} else {
			if (guest && accel && !accel_given) {
				char *without = mem_strndup(line, (size_t)(accel - line));

				strv_replace(calls, i, without);
				free(without);
			}
			i++;
		}
	}
}

static bool accel_given(const struct scene *scene)
{
	for (size_t i = 0; i < scene->lines.count; i++)
		if (text_starts(scene->lines.items[i], "arg --accel"))
			return true;
	return argv_case_accel(scene);
}

/* Everything that the reference left behind is there, or a step makes it or something below it. */
static bool leaves(const struct argv_case *run, const char *line)
{
	char *plain = argv_case_expanded(run, line), *path = path_join(run->dir, plain);
	bool made = access(path, F_OK) == 0;

	for (size_t i = 0; i < run->plan.step_count && !made; i++) {
		const struct plan_step *step = &run->plan.steps[i];
		/* mkdir makes "a" of "a/../st" too */
		char *there = step->kind == STEP_MKDIR && step->path[0] != '/' ? mem_printf("%s/%s", run->dir, step->path)
		              : path_join(run->dir, step->path);

		made = text_starts(there, path) && strchr("/", there[strlen(path)]);
		free(there);
	}
	free(plain);
	free(path);
	return made;
}

static bool same_as_recorded(const struct argv_case *run, const struct scene *scene)
{
	struct strv wanted = { 0 }, got = { 0 };
	bool same = true, left = false;
	struct str text;

	if (scene->result.count && !strcmp(scene->result.items[0], "-- error"))
		return argv_case_stops(run);
	if (argv_case_stops(run))
		return false;
	str_init(&text);
	add_calls(&text, run);
	str_addf(&text, "-- %s\n", path_base(run->plan.args[0].text));
	for (size_t i = 1; i < run->plan.arg_count; i++)
		add_line(&text, run, run->plan.args[i].text);
	scenes_split(text.text, &got);
	str_finish(&text);
	for (size_t i = 0; i < scene->result.count; i++) {
		left |= !strcmp(scene->result.items[i], "-- left");
		if (!left)
			strv_add(&wanted, scene->result.items[i]);
		else if (!text_starts(scene->result.items[i], "-- "))
			same &= leaves(run, scene->result.items[i]);
	}
	comparable(&wanted, accel_given(scene));
	comparable(&got, accel_given(scene));
	same &= strv_equal(&wanted, &got);
	strv_finish(&wanted);
	strv_finish(&got);
	return same;
}

static unsigned play_recorded(const char *path)
{
	struct scenes scenes;
	unsigned failed = 0;

	scenes_read(path, &scenes);
	for (size_t i = 0; i < scenes.count; i++) {
		struct argv_case run;

		argv_case_play(&run, &scenes.items[i], ARGV_HOST_WRITTEN);
		if (!same_as_recorded(&run, &scenes.items[i])) {
			char *got = whole_text(&run);

			fprintf(stderr, "%s differs; ours:\n%s", scenes.items[i].name, got);
			free(got);
			failed++;
		}
		argv_case_finish(&run);
	}
	scenes_finish(&scenes);
	return failed;
}

static unsigned play_decided(const char *path)
{
	struct strv results = { 0 };
	struct scenes scenes;
	unsigned failed = 0;

	scenes_read(path, &scenes);
	for (size_t i = 0; i < scenes.count; i++) {
		struct strv lines = { 0 };
		struct argv_case run;
		char *got;

		argv_case_play(&run, &scenes.items[i], ARGV_HOST_WRITTEN);
		got = whole_text(&run);
		scenes_split(got, &lines);
		if (!strv_equal(&lines, &scenes.items[i].result)) {
			fprintf(stderr, "%s differs; ours:\n%s", scenes.items[i].name, got);
			failed++;
		}
		strv_finish(&lines);
		strv_take(&results, got);
		argv_case_finish(&run);
	}
	if (failed && getenv("UPDATE")) {
		scenes_write(path, &scenes, &results);
		failed = 0;
	}
	strv_finish(&results);
	scenes_finish(&scenes);
	return failed;
}

static void the_argv_equals_the_reference_where_that_is_right(void **state)
{
	(void)state;
	assert_int_equal(argv_case_files("recorded", play_recorded), 0);
}

static void the_argv_differs_from_the_reference_as_decided(void **state)
{
	(void)state;
	assert_int_equal(argv_case_files("decided", play_decided), 0);
}

/* The cases change the working directory. */
static int find_tests(void **state)
{
	char *path = path_absolute("tests");

	(void)state;
	setenv("PADDOCK_TESTS", path, false);
	free(path);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_argv_equals_the_reference_where_that_is_right),
		cmocka_unit_test(the_argv_differs_from_the_reference_as_decided),
	};

	return cmocka_run_group_tests(tests, find_tests, NULL);
}
