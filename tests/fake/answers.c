/* SPDX-License-Identifier: MIT */
#include "fake/answers.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/keeper/run/started.h"
#include "persist/records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

void answers_set(struct rig *rig, const char *lines)
{
	static char words[4200];
	char *path = rig_path(rig, "answers");
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(lines, file);
	assert_int_equal(fclose(file), 0);
	snprintf(words, sizeof(words), "answers=%s", path);
	rig->fake = words;
	free(path);
}

struct control_vm answers_launch(struct rig *rig, struct seen *seen)
{
	rig_launch_running(rig, seen, ROLE_CONSOLE);
	return (struct control_vm){ .client = seen->client, .state = rig->state, .records = records_on_files() };
}

void outcome_came(void *data, const struct error *err)
{
	struct outcome *outcome = data;

	outcome->calls++;
	snprintf(outcome->error, sizeof(outcome->error), "%s", err ? err->text : "");
}

void expect_outcome(struct rig *rig, struct control_job *job, struct outcome *outcome, const struct error *err, const char *wanted)
{
	if (!job)
		fail_msg("%s", err->text);
	until(rig, outcome->calls == 1);
	if (*wanted ? !strstr(outcome->error, wanted) : outcome->error[0] != '\0')
		fail_msg("'%s' instead of '%s'", outcome->error, wanted);
	*outcome = (struct outcome){ 0 };
}

void expect_recorded(const struct rig *rig, enum vm_setting setting, const char *wanted)
{
	struct vm_config config;
	struct str text;

	vm_config_init(&config, CONFIG_PROFILE);
	assert_true(started_read(records_on_files(), rig->state, &config, NULL));
	str_init(&text);
	for (size_t i = 0; i < config.value[setting].count; i++)
		str_addf(&text, "%s%s", i ? " " : "", config.value[setting].items[i]);
	assert_string_equal(text.text, wanted);
	str_finish(&text);
	vm_config_finish(&config);
}
