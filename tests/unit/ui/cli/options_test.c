/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/vm/spec.h"
#include "ui/cli/option_table.h"
#include "ui/cli/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* Words are told apart by '|'; NULL is none. They stay readable until the next call. */
static enum options_result parse(const char *line, struct run_options *out, struct error *err)
{
	static char copy[256];
	char *words[16] = { NULL }, *next = copy;
	int count = 0;

	assert_true(!line || strlen(line) < sizeof(copy));
	strcpy(copy, line ? line : "");
	while (line && next)
		words[count++] = strsep(&next, "|");
	return options_parse(count, words, out, err);
}

/* Parses; the options are the caller's. */
static struct run_options good(const char *words)
{
	struct run_options options;
	struct error err;

	if (parse(words, &options, &err) != OPTIONS_OK)
		fail_msg("%s", err.text);
	return options;
}

static void assert_setting(const char *words, enum vm_setting setting, const char *text)
{
	struct run_options options = good(words);

	assert_true(text_equal(vm_config_get(&options.config, setting), text));
	run_options_finish(&options);
}

static void options_can_be_before_and_after_the_path(void **state)
{
	struct run_options options = good("--cpus|2|vm/disk.img|--mem=512");

	(void)state;
	assert_string_equal(options.path, "vm/disk.img");
	assert_string_equal(options.config.name, "disk.img");
	assert_int_equal(options.config.origin, CONFIG_COMMAND_LINE);
	assert_string_equal(vm_config_get(&options.config, SET_IMAGE), "vm/disk.img");
	assert_string_equal(vm_config_get(&options.config, SET_CPUS), "2");
	assert_string_equal(vm_config_get(&options.config, SET_MEMORY), "512");
	assert_false(options.detached || options.quiet || options.verbose);
	run_options_finish(&options);
}

/* Each option in each of its four spellings. */
static void every_option_takes_its_value_in_any_spelling(void **state)
{
	const struct cli_option *rows = run_options_known()->options;

	(void)state;
	for (size_t i = 0; rows[i].takes; i++) {
		if (rows[i].use != OPTION_SETTING)
			continue;

		bool valued = rows[i].value != NULL;
		const char *text = valued ? "a=b" : "yes";
		char line[64];

		snprintf(line, sizeof(line), "%s=%s|x", option_name(&rows[i]), valued ? "a=b" : "1");
		assert_setting(line, rows[i].setting, text);
		assert_setting(line + 1, rows[i].setting, text);
		snprintf(line, sizeof(line), "%s%s|x", option_name(&rows[i]), valued ? "|a=b" : "");
		assert_setting(line, rows[i].setting, text);
		assert_setting(line + 1, rows[i].setting, text);
	}
}

/* An option of the settings table that the parser does not know would be a promise that is not kept. */
static void every_option_of_a_setting_is_known(void **state)
{
	(void)state;
	for (int i = 0; i < VM_SETTINGS; i++) {
		const char *name = setting_info((enum vm_setting)i)->option;

		if (!name)
			continue;

		const struct cli_option *option = option_find(run_options_known()->options, name, strlen(name));

		assert_non_null(option);
		assert_int_equal(option->setting, i);
	}
}

static void the_last_value_of_an_option_counts_but_lists_grow(void **state)
{
	struct run_options options = good("--mem|1|--disk|a|--mem|2|--disk=b,size=1G|x");

	(void)state;
	assert_int_equal(options.config.value[SET_MEMORY].count, 1);
	assert_string_equal(vm_config_get(&options.config, SET_MEMORY), "2");
	assert_int_equal(options.config.value[SET_DISK].count, 2);
	assert_string_equal(options.config.value[SET_DISK].items[1], "b,size=1G");
	run_options_finish(&options);
}

static void a_value_may_be_empty_or_begin_with_a_dash(void **state)
{
	(void)state;
	assert_setting("--accel=|x", SET_ACCEL, "");
	assert_setting("--device|-help|x", SET_DEVICE, "-help");
	assert_setting("--data||x", SET_DATA, "");
	assert_setting("--data|--|x", SET_DATA, "--");
}

static void switches_take_the_words_of_the_reference(void **state)
{
	static const char *const words[][2] = {
		{ "1", "0" }, { "t", "f" }, { "T", "F" }, { "true", "false" }, { "TRUE", "FALSE" }, { "True", "False" },
		{ "yes", "no" }, { "on", "off" },
	};
	char line[64];

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		snprintf(line, sizeof(line), "--uefi=%s|x", words[i][0]);
		assert_setting(line, SET_UEFI, "yes");
		snprintf(line, sizeof(line), "--uefi|--uefi=%s|x", words[i][1]);
		assert_setting(line, SET_UEFI, "no");
	}
	/* A switch never takes the next word. */
	assert_setting("--uefi|false", SET_IMAGE, "false");
}

static void a_boot_mode_can_be_required_or_excluded(void **state)
{
	struct run_options options = good("--iso=false|--squashfs=0|--kernel|lk");

	(void)state;
	assert_string_equal(vm_config_get(&options.config, SET_BOOT_MODE), "kernel");
	assert_int_equal(options.config.boot_excluded, 1u << BOOT_ISO | 1u << BOOT_SQUASHFS);
	run_options_finish(&options);

	assert_setting("--iso=false|--iso|x", SET_BOOT_MODE, "iso");
	assert_setting("--iso|--kernel|--iso=false|x", SET_BOOT_MODE, "kernel");
	assert_setting("x", SET_BOOT_MODE, NULL);
}

static void two_dashes_end_the_options(void **state)
{
	(void)state;
	assert_setting("--|--uefi", SET_IMAGE, "--uefi");
	assert_setting("-", SET_IMAGE, "-");
}

static void the_machine_is_named_after_the_last_part_of_the_path(void **state)
{
	static const char *const rows[][2] = {
		{ "disk.img", "disk.img" }, { "/a/b/lk", "lk" }, { "a/lk//", "lk" }, { "/", "" }, { "./x", "x" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct run_options options = good(rows[i][0]);

		assert_string_equal(options.config.name, rows[i][1]);
		run_options_finish(&options);
	}
}

static void verbose_and_quiet_set_the_amount_of_output(void **state)
{
	static const struct {
		const char *words;
		unsigned verbose;
		bool quiet;
		const char *path;
	} rows[] = {
		{ "-v|2|disk.img", 2, false, "disk.img" },
		{ "-v|disk.img", 1, false, "disk.img" },
		{ "--verbose=3|disk.img", 3, false, "disk.img" },
		{ "disk.img|-v", 1, false, "disk.img" },
		{ "-v|--|2", 1, false, "2" },
		{ "-v2|disk.img", 2, false, "disk.img" },
		{ "-q|-v|0|disk.img", 0, true, "disk.img" },
		{ "-q|disk.img", 0, true, "disk.img" },
		{ "--quiet=false|disk.img", 0, false, "disk.img" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct run_options options = good(rows[i].words);

		assert_int_equal(options.verbose, rows[i].verbose);
		assert_int_equal(options.quiet, rows[i].quiet);
		assert_string_equal(options.path, rows[i].path);
		run_options_finish(&options);
	}
}

static void detached_is_a_switch(void **state)
{
	struct run_options on = good("--detached|x"), off = good("--detached=false|x");

	(void)state;
	struct run_options soon = good("--detached|--timeout|30|x");

	assert_int_equal(soon.timeout, 30);
	run_options_finish(&soon);
	assert_true(on.detached);
	assert_false(off.detached);
	run_options_finish(&on);
	run_options_finish(&off);
}

/* What is in the fingers of who used the reference: "run qemu PATH". */
static void the_backend_name_of_the_reference_is_accepted(void **state)
{
	static const struct { const char *words, *path; } rows[] = {
		{ "qemu|disk.img", "disk.img" }, { "qemu|--mem|1|disk.img", "disk.img" }, { "--mem|1|qemu|disk.img", "disk.img" },
		{ "qemu", "qemu" }, { "qemu|qemu", "qemu" }, { "qemu|--|-x", "-x" }, { "./qemu", "./qemu" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct run_options options;
		struct error err;

		assert_int_equal(parse(rows[i].words, &options, &err), OPTIONS_OK);
		assert_string_equal(options.path, rows[i].path);
		assert_string_equal(vm_config_get(&options.config, SET_IMAGE), rows[i].path);
		run_options_finish(&options);
	}
}

static void a_wrong_word_is_reported(void **state)
{
	static const struct {
		const char *words;
		const char *said;
	} rows[] = {
		{ "--memm|x", "unknown option '--memm'; did you mean --mem?" },
		{ "-memory=2G|x", "unknown option '-memory'; did you mean --mem?" },
		{ "--network|none", "unknown option '--network'; did you mean --networking?" },
		{ "--pubilsh=80:80", "unknown option '--pubilsh'; did you mean --publish?" },
		{ "-x|y", "unknown option '-x'; see --help, or pass it to QEMU with --arg=ARGUMENT" },
		{ "--containerized|x", "unknown option '--containerized'; see --help, or pass it to QEMU with --arg=ARGUMENT" },
		{ "-m|2048|x", "unknown option '-m'; did you mean --mem?" },
		{ "x|-smp|2", "unknown option '-smp'; did you mean --cpus?" },
		{ "--bus=virtio|x", "unknown option '--bus'; did you mean --boot-bus?" },
		{ "-hda|x", "unknown option '-hda'; did you mean --disk?" },
		{ "-p|8080:80|x", "unknown option '-p'; did you mean --publish?" },
		{ "--enable-kvm|x", "unknown option '--enable-kvm'; did you mean --accel kvm?" },
		{ "-append|quiet|x", "unknown option '-append'; did you mean the file PATH-cmdline?" },
		{ "qemu|x|y", "unexpected argument 'y'; the image is 'x'" },
		{ "qemu|qemu|x", "unexpected argument 'x'; the image is 'qemu'" },
		{ "---uefi|x", "unknown option '---uefi'; did you mean --uefi?" },
		{ "--=x", "unknown option '--'; see --help, or pass it to QEMU with --arg=ARGUMENT" },
		{ "x|--mem", "--mem needs a value: --mem SIZE" },
		{ "--uefi=maybe|x", "--uefi: 'maybe' is neither true nor false" },
		{ "--uefi=yess|x", "--uefi: 'yess' is neither true nor false" },
		{ "hyperkit|lk", "backend 'hyperkit' is not supported; omit it to run 'lk' with QEMU" },
		{ "--cdrom|a.iso|x", "unknown option '--cdrom'; did you mean the ISO as PATH, and the disk as --disk FILE?" },
		{ "--uefi=|x", "--uefi: '' is neither true nor false" },
		{ "--detached=2|x", "--detached: '2' is neither true nor false" },
		{ "-v=x|x", "--verbose: 'x' is not a number from 0 to 3" },
		{ "-v|4|x", "--verbose: '4' is not a number from 0 to 3" },
		{ "-v04|x", "--verbose: '04' is not a number from 0 to 3" },
		{ "-v2x|x", "unknown option '-v2x'; see --help, or pass it to QEMU with --arg=ARGUMENT" },
		{ "--timeout|30|x", "--timeout needs --detached" },
		{ "--detached|--timeout=0|x", "--timeout 0: less than 1" },
		{ "--rm|x|--detached", "--rm and --detached cannot be used together" },
		{ "-q|x|-v", "--quiet and --verbose cannot be used together" },
		{ "disk.img|other.img", "unexpected argument 'other.img'; the image is 'disk.img'" },
		{ "", "the path of the image is empty" },
		{ NULL, "the path of an image is missing" },
		{ "--mem|1", "the path of an image is missing" },
		{ "--", "the path of an image is missing" },
		{ "--disk|web.img", "the path of an image is missing; 'web.img' was taken as the value of --disk" },
		{ "--cpus|2|--mem|web.img", "the path of an image is missing; 'web.img' was taken as the value of --mem" },
		{ "--disk|size=1G", "the path of an image is missing" },
		{ "--mem|--cpus|2|x", "--mem needs a value: --mem SIZE" },
		{ "-publish|--uefi=true|x", "--publish needs a value: --publish PORT" },
		{ "--uefi|true|x", "unexpected argument 'true'; write --uefi=true" },
		{ "-iso|0|x", "unexpected argument '0'; write --iso=0" },
		{ "-nographic|x", "unknown option '-nographic'; did you mean --gui=false?" },
		{ "--kernel|--iso|lk", "--iso and --kernel cannot be used together" },
		{ "--squashfs|--kernel|lk", "--kernel and --squashfs cannot be used together" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct run_options options;
		struct error err = { .text = "" };

		assert_int_equal(parse(rows[i].words, &options, &err), OPTIONS_USAGE);
		assert_string_equal(err.text, rows[i].said);
		run_options_finish(&options);
	}
}

static void help_is_accepted_anywhere(void **state)
{
	static const char *const rows[] = { "--help", "-h|x", "x|-help", "--mem|1|--help" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct run_options options;
		struct error err;

		assert_int_equal(parse(rows[i], &options, &err), OPTIONS_HELP);
		run_options_finish(&options);
	}
}

static void help_shows_every_option_in_80_columns(void **state)
{
	const struct cli_option *rows = run_options_known()->options;
	char *help = options_help();

	(void)state;
	for (size_t i = 0; rows[i].takes; i++) {
		char head[64] = "\n  ";

		if (rows[i].letter)
			strcat(strcat(head, rows[i].letter), ", ");
		strcat(head, option_name(&rows[i]));
		assert_non_null(strstr(help, head));
	}
	for (const char *line = help; *line; line += strcspn(line, "\n") + 1)
		assert_true(strcspn(line, "\n") <= 80);
	assert_non_null(strstr(help, "(default: 1024)"));
	free(help);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_can_be_before_and_after_the_path),
		cmocka_unit_test(every_option_takes_its_value_in_any_spelling),
		cmocka_unit_test(every_option_of_a_setting_is_known),
		cmocka_unit_test(the_last_value_of_an_option_counts_but_lists_grow),
		cmocka_unit_test(a_value_may_be_empty_or_begin_with_a_dash),
		cmocka_unit_test(switches_take_the_words_of_the_reference),
		cmocka_unit_test(a_boot_mode_can_be_required_or_excluded),
		cmocka_unit_test(two_dashes_end_the_options),
		cmocka_unit_test(the_machine_is_named_after_the_last_part_of_the_path),
		cmocka_unit_test(verbose_and_quiet_set_the_amount_of_output),
		cmocka_unit_test(detached_is_a_switch),
		cmocka_unit_test(the_backend_name_of_the_reference_is_accepted),
		cmocka_unit_test(a_wrong_word_is_reported),
		cmocka_unit_test(help_is_accepted_anywhere),
		cmocka_unit_test(help_shows_every_option_in_80_columns),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
