/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/base/quoted.h"
#include "core/base/str.h"
#include "core/vm/config.h"
#include "core/vm/spec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static void every_setting_is_found_by_its_name_in_any_case(void **state)
{
	(void)state;
	for (int i = 0; i < VM_SETTINGS; i++) {
		const struct setting *info = setting_info((enum vm_setting)i);
		char key[32];

		assert_int_equal(setting_find(info->section, info->key), i);
		snprintf(key, sizeof(key), "%s", info->key);
		key[0] = (char)(key[0] - 'a' + 'A');
		assert_int_equal(setting_find(info->section, key), i);
	}
	assert_int_equal(setting_find("vm", "colour"), VM_SETTINGS);
	assert_int_equal(setting_find("colour", "cpus"), VM_SETTINGS);
	assert_int_equal(setting_find("", ""), VM_SETTINGS);
}

/* inih cuts sections and names at 49 bytes; the bottom line of a form has 80 columns. */
static void every_setting_says_what_it_is(void **state)
{
	(void)state;
	for (int i = 0; i < VM_SETTINGS; i++) {
		const struct setting *info = setting_info((enum vm_setting)i);

		assert_true(strlen(info->section) < 49 && strlen(info->key) < 49);
		assert_true(*info->meaning && *info->values && *info->fallback);
		assert_true(strlen(info->meaning) <= 60 && strlen(info->values) <= 80);
		assert_false(text_ends(info->meaning, "."));
		assert_true(!info->option || text_starts(info->option, "--"));
	}
}

static void a_setting_is_called_as_its_owner_wrote_it(void **state)
{
	char label[64];

	(void)state;
	assert_string_equal(setting_label(SET_PUBLISH, CONFIG_PROFILE, label, sizeof(label)), "network.publish");
	assert_string_equal(setting_label(SET_PUBLISH, CONFIG_COMMAND_LINE, label, sizeof(label)), "--publish");
	assert_string_equal(setting_label(SET_IMAGE, CONFIG_COMMAND_LINE, label, sizeof(label)), "PATH");
	assert_string_equal(setting_label(SET_DESCRIPTION, CONFIG_COMMAND_LINE, label, sizeof(label)), "vm.description");
}

static void a_copy_is_equal_until_one_changes(void **state)
{
	struct vm_config config, copy;

	(void)state;
	vm_config_init(&config, CONFIG_PROFILE);
	vm_config_init(&copy, CONFIG_COMMAND_LINE);
	vm_config_set(&config, SET_CPUS, "2");
	vm_config_add(&config, SET_DISK, "a.img");
	vm_config_add(&config, SET_DISK, "b.img");
	vm_config_set(&copy, SET_MEMORY, "1");
	assert_false(vm_config_equal(&config, &copy));
	vm_config_copy(&copy, &config);
	assert_true(vm_config_equal(&config, &copy));
	assert_int_equal(copy.origin, CONFIG_PROFILE);
	assert_null(vm_config_get(&copy, SET_MEMORY));

	/* Its own value, and nothing at all. */
	vm_config_set(&copy, SET_CPUS, vm_config_get(&copy, SET_CPUS));
	assert_true(vm_config_equal(&config, &copy));
	vm_config_set(&copy, SET_DISK, NULL);
	assert_null(vm_config_get(&copy, SET_DISK));
	assert_false(vm_config_equal(&config, &copy));

	vm_config_finish(&config);
	vm_config_finish(&copy);
	assert_true(vm_config_equal(&config, &copy));
}

static void names_are_what_a_file_can_be_called(void **state)
{
	static const char *const good[] = { "web", "web 2", "a.b_c-d+e@f", ("K\xc3\xbc" "che"), "9", "\xe7\xbe\x8a", "\xf0\x9f\xa6\x99" };
	static const struct {
		const char *name, *said;
	} bad[] = {
		{ "", "a name must not be empty" },
		{ ".hidden", "invalid name '.hidden'; a name must not begin with '.'" },
		{ "..", "invalid name '..'; a name must not begin with '.'" },
		{ "-v", "invalid name '-v'; a name must not begin with '-'" },
		{ " web", "invalid name ' web'; a name must not begin or end with a space" },
		{ "web ", "invalid name 'web '; a name must not begin or end with a space" },
		{ "a/b", "invalid name 'a/b'; use only letters, digits, spaces and . _ - + @" },
		{ "a\nb", "invalid name 'a?b'; use only letters, digits, spaces and . _ - + @" },
		{ "a\tb", "invalid name 'a?b'; use only letters, digits, spaces and . _ - + @" },
		{ "a:b", "invalid name 'a:b'; use only letters, digits, spaces and . _ - + @" },
	};
	/* Not UTF-8, or a control character in it. */
	static const char *const broken[] = { "\x80", "a\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc2\x9b", "\xe7\xbe" };
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(vm_name_check(good[i], &err));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(vm_name_check(bad[i].name, &err));
		assert_string_equal(err.text, bad[i].said);
	}
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		assert_false(vm_name_check(broken[i], &err));
}

static void a_name_has_at_most_64_bytes(void **state)
{
	char name[301];
	struct error err;

	(void)state;
	for (size_t len = 1; len < sizeof(name); len++) {
		memset(name, 'n', len);
		name[len] = '\0';
		assert_int_equal(vm_name_check(name, &err), len <= 64);
	}
}

/* Whatever one byte a name has, a directory takes it and a terminal shows it. */
static void a_name_of_one_byte_is_harmless(void **state)
{
	struct error err;

	(void)state;
	for (int byte = 1; byte < 256; byte++) {
		const char name[] = { (char)byte, 0 };

		if (vm_name_check(name, &err))
			assert_true(byte > ' ' && byte < 0x7f && !strchr("/.-;#=[]\"'\\", byte));
	}
}

static void a_quotation_is_short_and_plain(void **state)
{
	char text[200];

	(void)state;
	assert_string_equal(quoted("").text, "''");
	assert_string_equal(quoted("a\x1b[2J\n").text, "'a?[2J?'");
	for (size_t len = 1; len < sizeof(text); len++) {
		memset(text, 'x', len);
		text[len] = '\0';

		struct quoted q = quoted(text);

		assert_true(strlen(q.text) < sizeof(q.text));
		assert_int_equal(len > 66, text_ends(q.text, "...'"));
	}
}

/* Two bytes each: the cut never leaves half of one, wherever it falls. */
static void a_quotation_is_not_cut_in_a_character(void **state)
{
	char text[200];

	(void)state;
	for (size_t ahead = 0; ahead < 4; ahead++) {
		size_t len = ahead, whole = 0;

		memset(text, 'x', ahead);
		while (len + 2 < sizeof(text)) {
			text[len++] = '\xc3';
			text[len++] = '\xa9';
		}
		text[len] = '\0';

		struct quoted q = quoted(text);

		for (const char *p = q.text; *p; p++)
			whole += *p == '\xc3' ? 1u : *p == '\xa9' ? (size_t)-1 : 0;
		assert_int_equal(whole, 0);
	}
}

static void the_nearest_name_is_the_one_meant(void **state)
{
	static const char *const names[] = { "cpus", "mem", "disk", "publish", "networking", "squashfs" };
	static const char *const rows[][2] = {
		{ "cpu", "cpus" }, { "cpsu", "cpus" }, { "memm", "mem" }, { "me", "mem" }, { "memory", "mem" },
		{ "dsik", "disk" }, { "pubish", "publish" }, { "netwroking", "networking" }, { "squash", "squashfs" },
		{ "x", NULL }, { "", NULL }, { "diskette-drive", "disk" }, { "hostname", NULL },
		{ "a-very-long-word-that-nobody-can-have-meant", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct nearest nearest = nearest_to(rows[i][0]);

		for (size_t j = 0; j < sizeof(names) / sizeof(names[0]); j++)
			nearest_try(&nearest, names[j]);
		assert_true(text_equal(nearest.best, rows[i][1]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_setting_is_found_by_its_name_in_any_case),
		cmocka_unit_test(every_setting_says_what_it_is),
		cmocka_unit_test(a_setting_is_called_as_its_owner_wrote_it),
		cmocka_unit_test(a_copy_is_equal_until_one_changes),
		cmocka_unit_test(names_are_what_a_file_can_be_called),
		cmocka_unit_test(a_name_has_at_most_64_bytes),
		cmocka_unit_test(a_name_of_one_byte_is_harmless),
		cmocka_unit_test(a_quotation_is_short_and_plain),
		cmocka_unit_test(a_quotation_is_not_cut_in_a_character),
		cmocka_unit_test(the_nearest_name_is_the_one_meant),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
