/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/qemu/plan/plan_bytes.h"
#include "core/qemu/plan/plan_data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* One of everything: bytes that are no text, fields that are not there, empty lists. */
static void sample(struct plan *plan)
{
	memset(plan, 0, sizeof(*plan));
	plan->name = mem_strdup("a name, with \xff and \n");
	plan->uuid = mem_strdup("1b4e28ba-2fa1-11d2-883f-0016d3cca427");
	plan->image = mem_strdup("");
	plan->state = mem_strdup("st");
	plan->state_absolute = mem_strdup("/x/st");
	plan->cwd = mem_strdup("/x");
	plan->kind = mem_strdup("run");
	plan->qemu = mem_strdup("/usr/bin/qemu-system-x86_64");
	plan->gui = true;
	plan->ends_with_starter = true;
	plan->first_extra_arg = 1;
	plan->args = mem_array(2, sizeof(*plan->args));
	plan->arg_count = plan->arg_size = 2;
	plan->args[0] = (struct plan_arg){ mem_strdup("qemu"), mem_strdup("default") };
	plan->args[1] = (struct plan_arg){ mem_strdup(""), mem_strdup("[vm] cpus") };
	plan->steps = mem_array(2, sizeof(*plan->steps));
	plan->step_count = plan->step_size = 2;
	plan->steps[0] = (struct plan_step){ .kind = STEP_METADATA_ISO, .path = mem_strdup("data.iso"), .mode = 0600,
	                                     .bytes = mem_alloc(256), .bytes_len = 256, .meta = mem_strdup("instance-id: x\n") };
	for (unsigned i = 0; i < 256; i++)
		plan->steps[0].bytes[i] = (char)i;
	plan->steps[1] = (struct plan_step){ .kind = STEP_HELPER, .socket = mem_strdup("/s"), .log = mem_strdup("/l"),
	                                     .from = mem_strdup("f"), .what = mem_strdup("w") };
	strv_add(&plan->steps[1].argv, "virtiofsd");
	strv_add(&plan->steps[1].argv, "");
}

static void a_plan_survives_being_written_and_read(void **state)
{
	struct plan plan, back;
	struct str once, twice;
	struct error err;

	(void)state;
	str_init(&once);
	str_init(&twice);
	sample(&plan);
	plan_write(&plan, &once);
	assert_true(plan_read(once.text, once.len, &back, &err));
	assert_null(back.mac);
	assert_string_equal(back.image, "");
	assert_memory_equal(back.steps[0].bytes, plan.steps[0].bytes, 256);
	assert_null(back.steps[1].bytes);
	assert_true(strv_equal(&back.steps[1].argv, &plan.steps[1].argv));

	plan_write(&back, &twice);
	assert_int_equal(once.len, twice.len);
	assert_memory_equal(once.text, twice.text, once.len);
	plan_finish(&plan);
	plan_finish(&back);
	str_finish(&once);
	str_finish(&twice);
}

static void a_plan_cut_anywhere_is_refused(void **state)
{
	struct plan plan, back;
	struct error err;
	struct str whole;

	(void)state;
	str_init(&whole);
	sample(&plan);
	plan_write(&plan, &whole);
	for (size_t len = 0; len < whole.len; len++)
		assert_false(plan_read(whole.text, len, &back, &err));
	str_addc(&whole, 'x');
	assert_false(plan_read(whole.text, whole.len, &back, &err));
	plan_finish(&plan);
	str_finish(&whole);
}

/* Whatever one byte becomes, reading says yes or no and owns what it has made. */
static void a_plan_with_a_wrong_byte_is_read_or_refused_whole(void **state)
{
	struct plan plan, back;
	struct error err;
	struct str whole;

	(void)state;
	str_init(&whole);
	sample(&plan);
	plan_write(&plan, &whole);
	for (size_t i = 0; i < whole.len; i++) {
		char kept = whole.text[i];

		whole.text[i] = (char)(kept ^ 0x81);
		if (plan_read(whole.text, whole.len, &back, &err)) {
			assert_true(back.arg_count > 0 && back.args[0].text);
			plan_finish(&back);
		}
		whole.text[i] = kept;
	}
	plan_finish(&plan);
	str_finish(&whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plan_survives_being_written_and_read),
		cmocka_unit_test(a_plan_cut_anywhere_is_refused),
		cmocka_unit_test(a_plan_with_a_wrong_byte_is_read_or_refused_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
