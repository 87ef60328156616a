/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/machines/pending.h"
#include "core/qemu/plan/plan_data.h"
#include "core/vm/config.h"

#include <stdlib.h>
#include <string.h>

#define UUID "1b4e28ba-2fa1-11d2-883f-0016d3cca427"

/* "vm.memory=512|network.publish=1:2": the settings of a profile. */
static void put(struct vm_config *config, const char *text)
{
	vm_config_init(config, CONFIG_PROFILE);
	vm_config_set(config, SET_IMAGE, "/vm/web.img");
	while (*text) {
		size_t len = strcspn(text, "|");
		char *entry = mem_strndup(text, len), *dot = strchr(entry, '.'), *equals = strchr(entry, '=');

		assert_true(dot && equals);
		*dot = *equals = '\0';

		enum vm_setting setting = setting_find(entry, dot + 1);

		assert_true(setting != VM_SETTINGS);
		if (setting_info(setting)->repeatable)
			vm_config_add(config, setting, equals + 1);
		else
			vm_config_set(config, setting, equals + 1);
		free(entry);
		text += len + (text[len] == '|');
	}
}

/* "vm.memory 256 > 512, network.publish 1:2 >" */
static char *compare(const char *runs, const char *next, const char *argument, const char *origin)
{
	struct vm_config before, after;
	struct plan_arg args[] = { { .text = (char *)(uintptr_t)argument, .origin = (char *)(uintptr_t)origin } };
	struct plan argv = { .args = args, .arg_count = argument ? 1 : 0 };
	struct pending pending = { 0 };
	struct str out;

	put(&before, runs);
	put(&after, next);
	pending_compare(&pending, &before, &argv, UUID, &after);
	str_init(&out);
	for (size_t i = 0; i < pending.count; i++) {
		const struct pending_change *change = &pending.items[i];
		char label[64];

		str_addf(&out, "%s%s %s > %s%s", out.len ? ", " : "",
		         setting_label(change->setting, CONFIG_PROFILE, label, sizeof(label)), change->now ? change->now : "-",
		         change->next ? change->next : "-", change->live ? " live" : "");
		/* Whoever waits is told why. */
		assert_int_equal(pending_why(change) == NULL, change->live);
	}
	pending_finish(&pending);
	vm_config_finish(&before);
	vm_config_finish(&after);
	return str_detach(&out);
}

static void a_difference_is_what_the_next_start_changes(void **state)
{
	static const struct {
		const char *runs, *next, *argument, *origin, *changes;
	} rows[] = {
		{ "vm.memory=256", "vm.memory=512", NULL, NULL, "vm.memory 256 > 512" },
		{ "vm.memory=256", "", NULL, NULL, "vm.memory 256 > -" },
		{ "", "vm.cpus=2", NULL, NULL, "vm.cpus - > 2" },
		{ "vm.memory=256|vm.cpus=2", "vm.memory=512|vm.cpus=4", NULL, NULL, "vm.cpus 2 > 4, vm.memory 256 > 512" },
		/* Spellings of the same. */
		{ "vm.memory=512", "vm.memory=512M", NULL, NULL, "" },
		{ "vm.memory=1024", "", NULL, NULL, "" },
		{ "vm.memory=2G", "vm.memory=2 G", NULL, NULL, "vm.memory 2G > 2 G" },
		{ "boot.uefi=no", "", NULL, NULL, "" },
		{ "boot.uefi=yes", "boot.uefi=on", NULL, NULL, "" },
		{ "vm.accel=", "vm.accel=auto", NULL, NULL, "" },
		{ "network.mac=52:54:00:AB:cd:ef", "network.mac=5254.00ab.cdef", NULL, NULL, "" },
		{ "network.mode=user", "", NULL, NULL, "" },
		/* The description is not the guest's. */
		{ "vm.description=old", "vm.description=new", NULL, NULL, "" },
		/* What a save writes down is no change. */
		{ "", "vm.uuid=1B4E28BA-2FA1-11D2-883F-0016D3CCA427", NULL, NULL, "" },
		{ "", "vm.uuid=2b4e28ba-2fa1-11d2-883f-0016d3cca427", NULL, NULL, "vm.uuid " UUID " > 2b4e28ba-2fa1-11d2-883f-0016d3cca427" },
		{ "", "state.directory=/vm/web.img-state", NULL, NULL, "" },
		{ "", "state.directory=/vm/other", NULL, NULL, "state.directory - > /vm/other" },
		{ "", "boot.format=qcow2", "file=/vm/web.img,format=qcow2,if=none", "boot.image", "" },
		{ "", "boot.format=raw", "file=/vm/web.img,format=qcow2,if=none", "boot.image", "boot.format - > raw" },
		{ "disks.disk=/vm/d.img", "disks.disk=/vm/d.img,format=raw", "file=/vm/d.img,format=raw", "disks.disk", "" },
		{ "disks.disk=/vm/d.img", "disks.disk=/vm/d.img,format=raw", "file=/vm/d.img,format=rawer", "disks.disk",
		  "disks.disk /vm/d.img > -, disks.disk - > /vm/d.img,format=raw" },
		/* By element. */
		{ "network.publish=8080:80", "network.publish=8080:80|network.publish=2222:22", NULL, NULL,
		  "network.publish - > 2222:22 live" },
		{ "network.publish=8080:80|network.publish=2222:22", "network.publish=2222:22/tcp|network.publish=8080:80", NULL, NULL, "" },
		{ "network.publish=8080:80", "network.publish=8081:80", NULL, NULL,
		  "network.publish 8080:80 > - live, network.publish - > 8081:80 live" },
		{ "network.publish=1:1", "network.publish=1:1|network.publish=1:1", NULL, NULL, "network.publish - > 1:1 live" },
		{ "network.mode=tap,t0", "network.publish=1:1", NULL, NULL, "network.mode tap,t0 > -, network.publish - > 1:1" },
		/* Disks are numbered. */
		{ "disks.disk=/a|disks.disk=/b", "disks.disk=/b|disks.disk=/a", NULL, NULL, "disks.disk /a > -, disks.disk - > /a" },
		/* Of metadata, only that it is there. */
		{ "", "metadata.data=secret", NULL, NULL, "metadata.data - > (a text)" },
		{ "", "metadata.data=secret", "file=/s/data.iso", "[metadata] data", "" },
		{ "", "", "file=/s/data.iso", "--data", "metadata.data (a text) > -" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *changes = compare(rows[i].runs, rows[i].next, rows[i].argument, rows[i].origin);

		if (strcmp(changes, rows[i].changes) != 0)
			fail_msg("%s to %s: %s", rows[i].runs, rows[i].next, changes);
		free(changes);
	}
}

static void a_setting_is_named_once_and_by_its_word(void **state)
{
	struct vm_config before, after;
	struct plan argv = { 0 };
	struct pending pending = { 0 };
	struct strv names = { 0 };

	(void)state;
	put(&before, "network.publish=8080:80|boot.mode=disk");
	put(&after, "network.publish=8081:80|network.mode=none");
	pending_compare(&pending, &before, &argv, UUID, &after);

	size_t waiting, live;
	char *words = pending_words(&pending, false, &waiting), *lively = pending_words(&pending, true, &live), *now = pending_value(&pending.items[0], false);
	char *next = pending_value(&pending.items[0], true);

	assert_string_equal(words, "boot mode, network mode");
	assert_int_equal(waiting, 2);
	assert_string_equal(lively, "publish");
	assert_int_equal(live, 1);
	assert_true(pending_has(&pending, &pending.items[2]));
	assert_false(pending_has(&pending, &(struct pending_change){ .setting = SET_PUBLISH }));
	free(lively);
	assert_string_equal(now, "disk");
	assert_string_equal(next, "auto (default)");
	pending_names(&pending, &names);
	assert_int_equal(names.count, 3);
	assert_string_equal(names.items[0], "boot.mode");
	assert_string_equal(names.items[2], "network.publish");
	strv_finish(&names);
	free(words);
	free(now);
	free(next);
	pending_finish(&pending);
	vm_config_finish(&before);
	vm_config_finish(&after);
}

/* No setting is forgotten in the table: each has a word, and changes or counts at once. */
static void every_setting_is_compared(void **state)
{
	(void)state;
	for (enum vm_setting i = 0; i < VM_SETTINGS; i++) {
		struct vm_config before, after;
		struct plan argv = { 0 };
		struct pending pending = { 0 };

		put(&before, "");
		put(&after, "");
		vm_config_set(&after, i, "/other");
		pending_compare(&pending, &before, &argv, UUID, &after);
		assert_non_null(pending_word(i));
		/* Another image has another state directory only where none is set. */
		assert_int_equal(pending.count, i == SET_DESCRIPTION ? 0 : 1);
		assert_true(pending.count == 0 || pending.items[0].setting == i);
		pending_finish(&pending);
		vm_config_finish(&before);
		vm_config_finish(&after);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_difference_is_what_the_next_start_changes),
		cmocka_unit_test(a_setting_is_named_once_and_by_its_word),
		cmocka_unit_test(every_setting_is_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
