/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/vm/config.h"
#include "persist/ini/ini_edit.h"
#include "persist/ini/ini_read.h"
#include "persist/ini/ini_text.h"
#include "persist/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <cmocka.h>

/* Values up to the first NULL. */
#define values(...) list_of((const char *const[]){ __VA_ARGS__, NULL })

static struct strv list_of(const char *const *items)
{
	struct strv list = { 0 };

	for (; *items; items++)
		strv_add(&list, *items);
	return list;
}

/* Takes the list. */
static void assert_edits(const char *before, const char *key, struct strv list, const char *after)
{
	struct str text;

	str_init(&text);
	str_adds(&text, before);
	ini_edit(&text, "s", key, &list);
	assert_string_equal(text.text, after);
	str_finish(&text);
	strv_finish(&list);
}

static void a_changed_value_keeps_its_line_as_it_was_otherwise(void **state)
{
	(void)state;
	assert_edits("; top\n[s]\nK  :  1\t; why\nother = 2\n", "k", values("3"),
	             "; top\n[s]\nK  :  3\t; why\nother = 2\n");
	assert_edits("[s]\n  k=1\r\n", "k", values("3"), "[s]\n  k=3\n");
	assert_edits("[s]\r\nk = 1\r\nl = 1\r\n", "k", values("a\n"), "[s]\r\nk = \"a\\n\"\r\nl = 1\r\n");
	assert_edits("[s]\nk =\n", "k", values("3"), "[s]\nk = 3\n");
	assert_edits("[s]\nk =   ; c\n", "k", values("3"), "[s]\nk = 3   ; c\n");
	assert_edits("[s]\nk=", "k", values("3"), "[s]\nk=3\n");
	assert_edits("[t]\nk = 1\n[S]\nk = 1\n[t]\nk = 1\n", "k", values("2"),
	             "[t]\nk = 1\n[S]\nk = 2\n[t]\nk = 1\n");
}

static void a_value_that_is_not_changed_keeps_its_spelling(void **state)
{
	static const char text[] = "[s]\nk = \"a\"\\ ; one\n; two\n\n   \"b\" ; three\nl = 1";

	(void)state;
	assert_edits(text, "k", values("ab"), text);
	assert_edits(text, "none", list_of((const char *const[]){ NULL }), text);
}

static void comments_of_a_value_in_pieces_survive_it(void **state)
{
	static const char text[] = "[s]\nk = \"a\"\\ ; one\n; two\n   \"b\" ; three\nl = 1\n";

	(void)state;
	assert_edits(text, "k", values("c"), "[s]\n; two\n; one\nk = c ; three\nl = 1\n");
	assert_edits(text, "k", list_of((const char *const[]){ NULL }), "[s]\n; two\n; one\n; three\nl = 1\n");
}

static void a_new_key_goes_to_the_end_of_its_section(void **state)
{
	(void)state;
	assert_edits("", "k", values("1"), "[s]\nk = 1\n");
	assert_edits("[s]", "k", values("1"), "[s]\nk = 1\n");
	assert_edits("[s]\na = 1", "k", values("1", "2"), "[s]\na = 1\nk = 1\nk = 2\n");
	assert_edits("[s]\na = \"1\"\\\n \"2\"\n; end\n\n[t]\nk = 1\n", "k", values("1"),
	             "[s]\na = \"1\"\\\n \"2\"\nk = 1\n; end\n\n[t]\nk = 1\n");
	assert_edits("; only a comment", "k", values("1"), "; only a comment\n\n[s]\nk = 1\n");
	assert_edits("[t]\r\nk = 1\r\n", "k", values(""), "[t]\r\nk = 1\r\n\r\n[s]\r\nk =\r\n");
}

static void a_list_keeps_what_stays_in_it(void **state)
{
	static const char text[] = "[s]\nk = a ; A\nx = 1\nk = b ; B\nk = c ; C\ny = 2\n";

	(void)state;
	assert_edits(text, "k", values("a", "c"), "[s]\nk = a ; A\nx = 1\n; B\nk = c ; C\ny = 2\n");
	assert_edits(text, "k", values("b", "c"), "[s]\n; A\nx = 1\nk = b ; B\nk = c ; C\ny = 2\n");
	assert_edits(text, "k", values("a", "b"), "[s]\nk = a ; A\nx = 1\nk = b ; B\n; C\ny = 2\n");
	assert_edits(text, "k", values("a", "b", "c", "d"),
	             "[s]\nk = a ; A\nx = 1\nk = b ; B\nk = c ; C\nk = d\ny = 2\n");
	assert_edits(text, "k", values("z", "a", "b", "c"),
	             "[s]\nk = z\nk = a ; A\nx = 1\nk = b ; B\nk = c ; C\ny = 2\n");
	assert_edits(text, "k", values("a", "z", "b", "c"),
	             "[s]\nk = a ; A\nk = z\nx = 1\nk = b ; B\nk = c ; C\ny = 2\n");
	assert_edits(text, "k", values("a", "c", "d"), "[s]\nk = a ; A\nx = 1\n; B\nk = c ; C\nk = d\ny = 2\n");
	assert_edits(text, "k", values("b", "c", "a"), "[s]\n; A\nx = 1\nk = b ; B\nk = c ; C\nk = a\ny = 2\n");
	assert_edits(text, "k", values("q", "b", "r"), "[s]\nk = q ; A\nx = 1\nk = b ; B\nk = r ; C\ny = 2\n");
	assert_edits(text, "k", values("q"), "[s]\nk = q ; A\nx = 1\n; B\n; C\ny = 2\n");
}

static void nothing_is_put_before_an_indented_line(void **state)
{
	(void)state;
	assert_edits("[s]\n  k = a\n", "k", values("z", "a"), "[s]\n  k = z\nk = a\n");
	assert_edits("[s]\n  k = a\n", "k", values("a", "z"), "[s]\n  k = a\nk = z\n");
	assert_edits("[s]\n  k = a\n", "l", values("z"), "[s]\n  k = a\nl = z\n");
}

/* ---- every edit of every small text says what was asked for and changes nothing else ---- */

static const char *const spare_lines[] = {
	"", "[s]\n", "[t]\n", "k = a\n", "k: b ; c\n", "  k = \"a\"\\\n  \"b\"\n", "other = \"x\"\n", "; k = 1\n", "\n",
};

/* Entries of the text that are not s.k, as one string; those that are go to list. */
static void split(const struct str *text, struct str *others, struct strv *list)
{
	struct error err;
	struct ini_file file;

	if (!ini_read(text->text, text->len, &file, &err))
		fail_msg("%s in\n%s", err.text, text->text);
	for (size_t i = 0; i < file.count; i++) {
		const struct ini_entry *entry = &file.items[i];

		if (strcasecmp(entry->section, "s") == 0 && strcasecmp(entry->key, "k") == 0)
			strv_add(list, entry->value);
		else
			str_addf(others, "%s.%s=%s\n", entry->section, entry->key, entry->value);
	}
	ini_file_finish(&file);
}

static void assert_edit_is_exact(const struct str *before, const struct strv *want)
{
	struct strv old = { 0 }, got = { 0 };
	struct str text, others, others_after;

	str_init(&text);
	str_init(&others);
	str_init(&others_after);
	str_add(&text, before->text, before->len);
	split(&text, &others, &old);
	ini_edit(&text, "s", "k", want);
	split(&text, &others_after, &got);
	if (!strv_equal(&got, want) || !text_equal(others.text, others_after.text))
		fail_msg("from\n%s\nto\n%s", before->text, text.text);
	strv_finish(&old);
	strv_finish(&got);
	str_finish(&text);
	str_finish(&others);
	str_finish(&others_after);
}

static void every_edit_says_what_was_asked_for_and_leaves_the_rest(void **state)
{
	enum { LINES = sizeof(spare_lines) / sizeof(spare_lines[0]) };
	struct strv wanted[] = {
		{ 0 }, values("a"), values("ab"), values("b"), values("a", "b"), values("b", "a"), values("z", "a", "b"),
		values("a", ";", "b"), values("x", "y", "z"),
	};
	struct str text;

	(void)state;
	str_init(&text);
	for (int n = 0; n < LINES * LINES * LINES * LINES; n++) {
		struct ini_file file;
		struct error err;
		int rest = n;

		str_clear(&text);
		for (int i = 0; i < 4; i++, rest /= LINES)
			str_adds(&text, spare_lines[rest % LINES]);
		if (!ini_read(text.text, text.len, &file, &err))
			continue;	/* such a text is never edited */
		ini_file_finish(&file);
		for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
			assert_edit_is_exact(&text, &wanted[i]);
	}
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		strv_finish(&wanted[i]);
	str_finish(&text);
}

/* ---- profiles ---- */

static void a_new_profile_is_written_as_a_person_would(void **state)
{
	struct error err;
	struct vm_config config;
	struct str text;

	(void)state;
	str_init(&text);
	vm_config_init(&config, CONFIG_PROFILE);
	vm_config_set(&config, SET_UUID, "1b4e28ba-2fa1-11d2-883f-0016d3cca427");
	vm_config_set(&config, SET_MEMORY, "2G");
	vm_config_set(&config, SET_IMAGE, "/home/me/vm/web");
	vm_config_add(&config, SET_PUBLISH, "127.0.0.1:8080:80/tcp");
	vm_config_add(&config, SET_PUBLISH, "127.0.0.1:2222:22/tcp");
	vm_config_set(&config, SET_DATA, "#cloud-config\nruncmd: [a; b]\n");
	assert_true(profile_edit(&text, &config, &err));
	assert_string_equal(text.text,
	                    "[vm]\nuuid = 1b4e28ba-2fa1-11d2-883f-0016d3cca427\nmemory = 2G\n"
	                    "\n[boot]\nimage = /home/me/vm/web\n"
	                    "\n[network]\npublish = 127.0.0.1:8080:80/tcp\npublish = 127.0.0.1:2222:22/tcp\n"
	                    "\n[metadata]\ndata = \"#cloud-config\\n\"\\\n    \"runcmd: [a\\x3b b]\\n\"\n");
	vm_config_finish(&config);
	str_finish(&text);
}

static void every_setting_comes_back_whatever_its_bytes(void **state)
{
	struct error err = { 0 };
	struct vm_config config, got;
	struct str text;

	(void)state;
	str_init(&text);
	vm_config_init(&config, CONFIG_PROFILE);
	vm_config_init(&got, CONFIG_PROFILE);
	for (int i = 0; i < VM_SETTINGS; i++) {
		char value[] = " ;=\"\\\n#\xff[x]: ?";

		value[strlen(value) - 1] = (char)('A' + i);
		vm_config_add(&config, (enum vm_setting)i, value);
		if (setting_info((enum vm_setting)i)->repeatable)
			vm_config_add(&config, (enum vm_setting)i, "");
	}
	assert_true(profile_edit(&text, &config, &err));
	assert_true(profile_read(text.text, text.len, &got, &err));
	assert_true(vm_config_equal(&config, &got));
	vm_config_finish(&config);
	vm_config_finish(&got);
	str_finish(&text);
}

static void what_is_no_setting_survives(void **state)
{
	static const char before[] =
		"# mine\n[vm]\ncpus = 1   ; few\nvendor-key = \"keep\"\\\n  \"me\"\n\n[Future]\nk : v\n"
		"[network]\nmode = user\n; publish = 1:1\n";
	static const char after[] =
		"# mine\n[vm]\ncpus = 4   ; few\nvendor-key = \"keep\"\\\n  \"me\"\nmemory = 64\n\n[Future]\nk : v\n"
		"[network]\n; publish = 1:1\n";
	struct error err;
	struct vm_config config;
	struct str text;

	(void)state;
	str_init(&text);
	str_adds(&text, before);
	vm_config_init(&config, CONFIG_PROFILE);
	assert_true(profile_read(text.text, text.len, &config, &err));
	assert_string_equal(vm_config_get(&config, SET_NETWORK), "user");
	/* In a section of ours it may be a mistake. */
	assert_int_equal(config.unknown_keys.count, 1);
	assert_non_null(strstr(config.unknown_keys.items[0], "vm.vendor-key"));
	vm_config_set(&config, SET_CPUS, "4");
	vm_config_set(&config, SET_MEMORY, "64");
	vm_config_set(&config, SET_NETWORK, NULL);
	assert_true(profile_edit(&text, &config, &err));
	assert_string_equal(text.text, after);
	vm_config_finish(&config);
	str_finish(&text);
}

static void a_setting_given_twice_is_refused_with_both_lines(void **state)
{
	static const char text[] = "[vm]\ncpus = 1\n[disks]\ndisk = a\ndisk = b\n[VM]\nCPUs = 2\n";
	struct error err = { 0 };
	struct vm_config config;

	(void)state;
	vm_config_init(&config, CONFIG_PROFILE);
	assert_false(profile_read(text, strlen(text), &config, &err));
	assert_string_equal(err.text, "line 7: cpus is already set in line 2, and can be set only once");
	vm_config_finish(&config);
}

static void a_value_beyond_the_limit_is_refused_and_nothing_changed(void **state)
{
	struct error err = { 0 };
	struct vm_config config;
	struct str text, value;

	(void)state;
	str_init(&text);
	str_init(&value);
	str_adds(&text, "[vm]\ncpus = 1\n");
	for (int i = 0; i <= INI_VALUE_LIMIT; i++)
		str_addc(&value, 'x');
	vm_config_init(&config, CONFIG_PROFILE);
	vm_config_set(&config, SET_DATA, value.text);
	assert_false(profile_edit(&text, &config, &err));
	assert_string_equal(err.text, "metadata.data is longer than 65536 bytes");
	assert_string_equal(text.text, "[vm]\ncpus = 1\n");
	vm_config_finish(&config);
	str_finish(&value);
	str_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_changed_value_keeps_its_line_as_it_was_otherwise),
		cmocka_unit_test(a_value_that_is_not_changed_keeps_its_spelling),
		cmocka_unit_test(comments_of_a_value_in_pieces_survive_it),
		cmocka_unit_test(a_new_key_goes_to_the_end_of_its_section),
		cmocka_unit_test(a_list_keeps_what_stays_in_it),
		cmocka_unit_test(nothing_is_put_before_an_indented_line),
		cmocka_unit_test(every_edit_says_what_was_asked_for_and_leaves_the_rest),
		cmocka_unit_test(a_new_profile_is_written_as_a_person_would),
		cmocka_unit_test(every_setting_comes_back_whatever_its_bytes),
		cmocka_unit_test(what_is_no_setting_survives),
		cmocka_unit_test(a_setting_given_twice_is_refused_with_both_lines),
		cmocka_unit_test(a_value_beyond_the_limit_is_refused_and_nothing_changed),
	};

	return cmocka_run_group_tests_name("profile", tests, NULL, NULL);
}
