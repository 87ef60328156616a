/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/vm/kept.h"
#include "fake/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define UUID "8c0fb4b2-176a-45e1-bba9-6c35a567455b"

static void put(const char *name, const char *text)
{
	(void)unlink(name);
	scratch_put(name, text, strlen(text), 0);
}

static void a_line_counts_without_the_blanks_at_its_ends(void **state)
{
	static const struct { const char *text, *uuid; } uuids[] = {
		{ UUID, UUID }, { UUID "\n", UUID }, { " \t" UUID " \r\n", UUID },
		{ "8C0FB4B2-176A-45E1-BBA9-6C35A567455B\n", UUID },
		{ "", NULL }, { "\n", NULL }, { UUID "x", NULL }, { "web", NULL },
		{ "00000000-0000-0000-0000-000000000000", NULL },
	};
	static const struct { const char *text, *mac; } macs[] = {
		{ "52:54:00:12:34:56\n", "52:54:00:12:34:56" }, { "52:54:00:AB:cd:EF", "52:54:00:ab:cd:ef" },
		{ "", NULL }, { "01:00:00:00:00:00", NULL }, { "52:54:00", NULL },
	};
	static const struct { const char *text; pid_t pid; } pids[] = {
		{ "812\n", 812 }, { " 812 \n", 812 }, { "", 0 }, { "0", 0 }, { "-1", 0 }, { "812 813", 0 }, { "99999999999", 0 },
	};
	char uuid[37], mac[18];

	(void)state;
	for (size_t i = 0; i < sizeof(uuids) / sizeof(uuids[0]); i++) {
		put(KEPT_UUID, uuids[i].text);
		assert_int_equal(kept_uuid(".", uuid), uuids[i].uuid != NULL);
		if (uuids[i].uuid)
			assert_string_equal(uuid, uuids[i].uuid);
	}
	for (size_t i = 0; i < sizeof(macs) / sizeof(macs[0]); i++) {
		put(KEPT_MAC, macs[i].text);
		assert_int_equal(kept_mac(".", mac), macs[i].mac != NULL);
		if (macs[i].mac)
			assert_string_equal(mac, macs[i].mac);
	}
	for (size_t i = 0; i < sizeof(pids) / sizeof(pids[0]); i++) {
		put(KEPT_PID, pids[i].text);
		assert_int_equal(kept_pid("."), pids[i].pid);
	}
}

static void what_is_missing_or_no_file_is_not_known(void **state)
{
	char uuid[37], mac[18];

	(void)state;
	assert_int_equal(mkdir(KEPT_UUID, 0700), 0);
	assert_int_equal(mkfifo(KEPT_PID, 0600), 0);
	assert_int_equal(symlink("/etc/hostname", KEPT_IMAGE), 0);
	assert_false(kept_uuid(".", uuid));
	assert_false(kept_mac(".", mac));
	assert_int_equal(kept_pid("."), 0);
	assert_null(kept_image("."));
	assert_null(kept_image("nowhere"));
}

static void an_image_is_the_path_in_its_line(void **state)
{
	(void)state;
	put(KEPT_IMAGE, "/vm/my web.qcow2\n");

	char *image = kept_image(".");

	assert_string_equal(image, "/vm/my web.qcow2");
	free(image);
	put(KEPT_IMAGE, "\n");
	assert_null(kept_image("."));
}

static void any_of_its_files_makes_a_state_directory(void **state)
{
	(void)state;
	assert_false(kept_is_state_directory("."));
	assert_false(kept_is_state_directory("nowhere"));
	for (size_t i = 0; kept_marks[i]; i++) {
		put(kept_marks[i], "x");
		assert_true(kept_is_state_directory("."));
		assert_false(kept_is_state_directory(kept_marks[i]));
		assert_int_equal(unlink(kept_marks[i]), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_line_counts_without_the_blanks_at_its_ends, scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(what_is_missing_or_no_file_is_not_known, scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(an_image_is_the_path_in_its_line, scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(any_of_its_files_makes_a_state_directory, scratch_enter, scratch_leave),
	};

	return cmocka_run_group_tests_name("kept", tests, NULL, NULL);
}
