/* SPDX-License-Identifier: MIT */
/*
 * ini/NAME/before.ini is a profile, ini/NAME/edits what a form does to it:
 * lines "set SECTION.KEY=VALUE", "add ..." (a further value) and "unset
 * SECTION.KEY", \n and \\ standing for newline and backslash. ini/NAME/read
 * is what the profile says, ini/NAME/after.ini what it becomes; these two
 * are rewritten with UPDATE=1.
 */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/vm/config.h"
#include "persist/atomic.h"
#include "persist/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define CASES "tests/golden/ini"

static struct str read_part(const char *name, const char *part)
{
	char *path = mem_printf(CASES "/%s/%s", name, part);
	struct error err;
	struct str text;

	str_init(&text);
	if (!file_read(path, 1 << 20, &text, &err) && !getenv("UPDATE"))
		fail_msg("%s", err.text);
	free(path);
	return text;
}

static void assert_part(const char *name, const char *part, const char *got)
{
	struct str want = read_part(name, part);
	char *path = mem_printf(CASES "/%s/%s", name, part);
	struct error err;

	if (getenv("UPDATE")) {
		if (!atomic_write(path, got, strlen(got), ATOMIC_FAST, &err))
			fail_msg("%s", err.text);
	} else if (!text_equal(want.text, got)) {
		fail_msg("%s is now\n%s\nand was\n%s", path, got, want.text);
	}
	free(path);
	str_finish(&want);
}

static char *unescaped(const char *text)
{
	struct str out;

	str_init(&out);
	for (; *text; text++) {
		if (*text == '\\' && text[1])
			str_addc(&out, *++text == 'n' ? '\n' : *text);
		else
			str_addc(&out, *text);
	}
	return str_detach(&out);
}

/* line: "add disks.disk=a.img", taken apart in place. */
static void apply(struct vm_config *config, char *line)
{
	char *section = strchr(line, ' ') + 1;
	char *key = strchr(section, '.') + 1;
	char *value = strchr(key, '=');

	section[-1] = key[-1] = '\0';
	if (value)
		*value++ = '\0';

	enum vm_setting setting = setting_find(section, key);
	char *text = value ? unescaped(value) : NULL;

	assert_int_not_equal(setting, VM_SETTINGS);
	if (text_equal(line, "add"))
		vm_config_add(config, setting, text);
	else
		vm_config_set(config, setting, text);
	free(text);
}

static char *listing(const struct vm_config *config)
{
	struct str out;

	str_init(&out);
	for (int i = 0; i < VM_SETTINGS; i++) {
		const struct setting *info = setting_info((enum vm_setting)i);

		for (size_t v = 0; v < config->value[i].count; v++) {
			str_addf(&out, "%s.%s=", info->section, info->key);
			for (const char *at = config->value[i].items[v]; *at; at++) {
				if (*at == '\n' || *at == '\\')
					str_addc(&out, '\\');
				str_addc(&out, *at == '\n' ? 'n' : *at);
			}
			str_addc(&out, '\n');
		}
	}
	return str_detach(&out);
}

static void check_case(void **state)
{
	const char *name = *state;
	struct str text = read_part(name, "before.ini"), edits = read_part(name, "edits");
	struct vm_config config;
	struct error err;
	char *said, *rest;

	vm_config_init(&config, CONFIG_PROFILE);
	if (!profile_read(text.text, text.len, &config, &err))
		fail_msg("%s: %s", name, err.text);
	said = listing(&config);
	assert_part(name, "read", said);
	for (char *line = strtok_r(edits.text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		apply(&config, line);
	if (!profile_edit(&text, &config, &err))
		fail_msg("%s: %s", name, err.text);
	assert_part(name, "after.ini", text.text);
	free(said);
	vm_config_finish(&config);
	str_finish(&text);
	str_finish(&edits);
}

int main(void)
{
	static char commented[] = "commented", cloud[] = "cloud-config", dos[] = "dos", fresh[] = "fresh";
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(check_case, commented),
		cmocka_unit_test_prestate(check_case, cloud),
		cmocka_unit_test_prestate(check_case, dos),
		cmocka_unit_test_prestate(check_case, fresh),
	};

	return cmocka_run_group_tests_name("ini", tests, NULL, NULL);
}
