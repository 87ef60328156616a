/* SPDX-License-Identifier: MIT */
#include "core/machines/pause_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static void a_full_disk_is_named_with_its_file_system(void **state)
{
	static const struct { const char *why; const char *mount; uint64_t free, total; const char *words; } rows[] = {
		{ "No space left on device: /srv/vm/data.qcow2", "/srv", 0, 40ULL << 30, "no space left on /srv (0 of 40 G free) for data.qcow2" },
		{ "No space left on device: /data.qcow2", "/", 4096, 1 << 20, "no space left on / (4 K of 1 M free) for data.qcow2" },
		{ "No space left on device: /gone/data.qcow2", NULL, 0, 0, "No space left on device: /gone/data.qcow2" },
		{ "No space left on device: nbd://host/disk", "/", 1, 1, "No space left on device: nbd://host/disk" },
		{ "No space left on device", "/", 1, 1, "No space left on device" },
		{ "Input/output error: /dev/sdb", "/dev", 0, 1, "Input/output error: /dev/sdb" },
		{ "", "/", 0, 1, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char mount[16] = "";
		struct file_room room = { rows[i].mount ? mount : NULL, rows[i].free, rows[i].total };

		for (size_t k = 0; rows[i].mount && rows[i].mount[k]; k++)
			mount[k] = rows[i].mount[k];
		char *words = pause_words_with(rows[i].why, &room);

		assert_string_equal(words, rows[i].words);
		free(words);
	}
}

static void a_full_disk_is_told_from_other_errors(void **state)
{
	(void)state;
	assert_string_equal(pause_full_file("No space left on device: /srv/data.qcow2"), "/srv/data.qcow2");
	assert_string_equal(pause_full_file("No space left on device"), "");
	assert_null(pause_full_file("Input/output error: /dev/sdb"));
	assert_null(pause_full_file(""));
}

static void the_file_system_of_a_path_is_found(void **state)
{
	struct file_room room = file_room_of("/proc/self/status");

	(void)state;
	assert_string_equal(room.mount, "/proc");
	free(room.mount);
	room = file_room_of("/");
	assert_string_equal(room.mount, "/");
	assert_true(room.total > 0 && room.free <= room.total);
	free(room.mount);
	room = file_room_of("/no/such/file");
	assert_null(room.mount);
	room = file_room_of("status");
	assert_null(room.mount);

	char *words = pause_words("No space left on device: /no/such/file");

	assert_string_equal(words, "No space left on device: /no/such/file");
	free(words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_disk_is_named_with_its_file_system),
		cmocka_unit_test(a_full_disk_is_told_from_other_errors),
		cmocka_unit_test(the_file_system_of_a_path_is_found),
	};

	return cmocka_run_group_tests_name("pause words", tests, NULL, NULL);
}
