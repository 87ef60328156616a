/* SPDX-License-Identifier: MIT */
/*
 * Files that are imported: scripts, configurations of quickemu, XML of libvirt.
 * Whatever they contain, each note is one that can be printed, and what became
 * settings is read by the readers of settings.
 */
#include "core/base/error.h"
#include "core/import/argv_diff.h"
#include "core/import/import_text.h"
#include "core/vm/problem.h"
#include "core/vm/spec.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct shell_place place = { .cwd = "/w", .directory = "/s", .home = "/h" };
	struct imported imported;
	struct problems problems = { 0 };
	struct strv argv = { 0 }, lines = { 0 };
	struct vm_spec spec;
	struct error err;

	if (import_text((const char *)bytes, len, &place, &imported, &argv, &err)) {
		for (size_t i = 0; i < imported.count; i++)
			free(import_note_line(&imported.notes[i]));
		vm_spec_read(&imported.config, NULL, &spec, &problems);
		vm_spec_finish(&spec);
		problems_finish(&problems);
		argv_diff(&argv, &imported.config.value[SET_ARG], &lines);
		strv_finish(&lines);
	}
	imported_finish(&imported);
	strv_finish(&argv);
	return 0;
}
