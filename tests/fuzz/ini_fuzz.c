/* SPDX-License-Identifier: MIT */
/*
 * INI texts: our line scanner sees what inih sees; what is read and set to
 * what it is changes no byte; values set anew are read back, and an edit of
 * one setting leaves the others.
 */
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/base/strv.h"
#include "core/vm/config.h"
#include "persist/ini/ini_edit.h"
#include "persist/ini/ini_read.h"
#include "persist/ini/ini_text.h"
#include "persist/profile.h"
#include "fake/ini_agree.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define require(fine) ((fine) ? (void)0 : fail(#fine, __LINE__))

static void fail(const char *what, int line)
{
	fprintf(stderr, "line %d: %s does not hold\n", line, what);
	abort();
}

static void check_agreement(const uint8_t *bytes, size_t len)
{
	char *difference = ini_disagreement(bytes, len);

	if (difference) {
		fprintf(stderr, "%s\n", difference);
		abort();
	}
}

/* Any text without NULs survives as a value. */
static void check_value(const char *value)
{
	struct ini_file file = { 0 };
	struct strv values = { 0 };
	struct str text;
	struct error err;

	if (strlen(value) > INI_VALUE_LIMIT)
		return;
	str_init(&text);
	strv_add(&values, value);
	ini_edit(&text, "vm", "description", &values);
	require(ini_read(text.text, text.len, &file, &err));
	require(text_equal(ini_file_get(&file, "vm", "description"), value));
	ini_file_finish(&file);
	strv_finish(&values);
	str_finish(&text);
}

/* One setting changes; the rest of the configuration and the key that is no setting stay. */
static void check_profile(const char *bytes, size_t len)
{
	struct vm_config config, again;
	struct str text;
	struct error err;

	vm_config_init(&config, CONFIG_PROFILE);
	vm_config_init(&again, CONFIG_PROFILE);
	str_init(&text);
	str_add(&text, bytes, len);
	if (profile_read(bytes, len, &config, &err)) {
		vm_config_set(&config, SET_DESCRIPTION, "a ; new\n\"one\"");
		if (!profile_edit(&text, &config, &err))
			fail(err.text, __LINE__);
		require(profile_read(text.text, text.len, &again, &err));
		require(vm_config_equal(&config, &again));
	} else {
		require(*err.text && !strchr(err.text, '\n'));
	}
	str_finish(&text);
	vm_config_finish(&config);
	vm_config_finish(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *copy = calloc(1, len + 1);

	memcpy(copy, bytes, len);
	check_agreement(bytes, len);
	check_value(copy);
	check_profile(copy, len);
	free(copy);
	return 0;
}
