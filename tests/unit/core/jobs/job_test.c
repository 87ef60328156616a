/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/jobs/job.h"
#include "core/jobs/job_progress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void make(struct job *job)
{
	struct job_step *step;

	job_init(job);
	job->title = mem_strdup("cloning web to web-2");
	job->vm = mem_strdup("web");
	job->directory = mem_strdup("/vm/web-2-state");
	strv_add(&job->states, "/vm/web-state");
	step = job_add_step(job, "disk-1.raw", 42);
	step->what = mem_strdup("copying disk-1.raw");
	strv_add(&step->argv, "/usr/bin/qemu-img");
	strv_add(&step->argv, "");
	step->accept = true;
	step = job_add_step(job, "disk-2.raw", 0);
	step->what = mem_strdup("copying\ndisk-2.raw");
	strv_add(&step->argv, "/usr/bin/qemu-img");
	job->profile.name = mem_strdup("web-2");
	vm_config_set(&job->profile, SET_UUID, "1b4e28ba-2fa1-11d2-883f-0016d3cca427");
	vm_config_set(&job->profile, SET_DATA, "two\nlines");
	vm_config_add(&job->profile, SET_DISK, "disk-1.raw,format=raw");
	vm_config_add(&job->profile, SET_DISK, "disk-2.raw,format=raw");
}

static void a_job_is_read_as_it_was_written(void **state)
{
	struct job job, read;
	struct str bytes, again;
	struct error err;

	(void)state;
	make(&job);
	str_init(&bytes);
	str_init(&again);
	job_write(&job, &bytes);
	assert_true(job_read(bytes.text, bytes.len, &read, &err));
	assert_int_equal(read.step_count, 2);
	assert_int_equal(read.steps[0].size, 42);
	assert_int_equal(read.steps[1].size, 1);
	assert_true(read.steps[0].accept);
	assert_false(read.steps[1].accept);
	assert_true(vm_config_equal(&read.profile, &job.profile));
	job_write(&read, &again);
	assert_int_equal(again.len, bytes.len);
	assert_memory_equal(again.text, bytes.text, bytes.len);
	str_finish(&again);
	str_finish(&bytes);
	job_finish(&read);
	job_finish(&job);
}

/* The profile is last, so nothing shorter is complete; the last settings are optional. */
static void a_job_that_is_cut_off_is_refused(void **state)
{
	struct job job, read;
	struct str bytes;
	struct error err;
	char *uuid;

	(void)state;
	make(&job);
	str_init(&bytes);
	job_write(&job, &bytes);
	uuid = memmem(bytes.text, bytes.len, "0016d3cca427", 12);
	assert_non_null(uuid);
	for (size_t len = 0; len < bytes.len; len++) {
		bool whole = job_read(bytes.text, len, &read, &err);

		if (whole && len < (size_t)(uuid - bytes.text))
			fail_msg("%zu of %zu bytes are a job", len, bytes.len);
		job_finish(&read);
	}
	str_finish(&bytes);
	job_finish(&job);
}

static void a_file_outside_the_new_directory_is_refused(void **state)
{
	static const char *const names[] = { "", ".", "..", "../x", "/etc/x", ".hidden", "a/b" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct job job, read;
		struct str bytes;
		struct error err;

		make(&job);
		free(job.steps[0].file);
		job.steps[0].file = mem_strdup(names[i]);
		str_init(&bytes);
		job_write(&job, &bytes);
		assert_false(job_read(bytes.text, bytes.len, &read, &err));
		str_finish(&bytes);
		job_finish(&read);
		job_finish(&job);
	}
}

static void what_is_not_known_is_refused(void **state)
{
	static const char bytes[] = "colour\0red", before[] = "what\0x", setting[] = "vm.colour\0red", size[] = "step\0x\0size\0-1";
	struct job read;
	struct error err;

	(void)state;
	assert_false(job_read(bytes, sizeof(bytes), &read, &err));
	job_finish(&read);
	assert_false(job_read(before, sizeof(before), &read, &err));
	job_finish(&read);
	assert_false(job_read(setting, sizeof(setting), &read, &err));
	job_finish(&read);
	assert_false(job_read(size, sizeof(size), &read, &err));
	job_finish(&read);
}

static const struct { const char *text; int percent; } outputs[] = {
	{ "", 0 },
	{ "    (0.00/100%)\r", 0 },
	{ "    (12.34/100%)\r", 12 },
	{ "    (12.34/100%)\r    (57.00/100%)\r", 57 },
	{ "    (12.34/100%)\r    (57.00/10", 12 },
	{ "    (100.00/100%)\r    (100.00/100%)\n", 100 },
	{ "(7/100%)", 7 },
	{ "((9.1/100%)", 9 },
	{ "(999999999999999999999.1/100%)", 0 },
	{ "(101.00/100%)", 100 },
	{ "(-5.00/100%)", 0 },
	{ "(/100%)", 0 },
	{ "(.5/100%)", 0 },
	{ "(5.00/99%)", 0 },
	{ "(5.00/100%", 0 },
	{ "warning (see (3.00/100%) below", 3 },
};

/* Whatever the pieces are in which it arrives. */
static void progress_is_read_from_what_qemu_img_writes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++) {
		size_t len = strlen(outputs[i].text);

		for (size_t cut = 0; cut <= len; cut++) {
			struct job_progress progress;
			int percent;

			job_progress_init(&progress);
			job_progress_feed(&progress, outputs[i].text, cut);
			percent = job_progress_feed(&progress, outputs[i].text + cut, len - cut);
			if (percent != outputs[i].percent)
				fail_msg("\"%s\", cut at %zu: %d", outputs[i].text, cut, percent);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_job_is_read_as_it_was_written),
		cmocka_unit_test(a_job_that_is_cut_off_is_refused),
		cmocka_unit_test(a_file_outside_the_new_directory_is_refused),
		cmocka_unit_test(what_is_not_known_is_refused),
		cmocka_unit_test(progress_is_read_from_what_qemu_img_writes),
	};

	return cmocka_run_group_tests_name("job", tests, NULL, NULL);
}
