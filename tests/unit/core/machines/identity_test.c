/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/base/path.h"
#include "core/base/str.h"
#include "core/keeper/run/registry.h"
#include "core/machines/identity.h"
#include "fake/scratch.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define A "1b4e28ba-2fa1-11d2-883f-0016d3cca427"
#define B "2b4e28ba-2fa1-11d2-883f-0016d3cca427"

static void a_running_vm_is_what_the_rule_says(void **state)
{
	static const struct {
		const char *why;
		struct vm_ref ref;
		const char *uuid, *name, *state, *kind;
		bool is;
	} rows[] = {
		{ "a profile by its UUID and directory", { VM_REF_PROFILE, "web", A, "/s/web" }, A, "web", "/s/web", "profile", true },
		{ "letters of a UUID have no case", { VM_REF_PROFILE, "web", "1B4E28BA-2FA1-11D2-883F-0016D3CCA427", "/s/web" }, A, "web",
		  "/s/web", "profile", true },
		{ "renamed while it ran", { VM_REF_PROFILE, "www", A, "/s/web" }, A, "web", "/s/web", "profile", true },
		{ "its directory was changed while it ran", { VM_REF_PROFILE, "web", A, "/s/new" }, A, "web", "/s/web", "profile", true },
		{ "a copied profile is not the one it was copied from", { VM_REF_PROFILE, "copy", A, "/s/copy" }, A, "web", "/s/web",
		  "profile", false },
		{ "no UUID in the file: the directory", { VM_REF_PROFILE, "web", NULL, "/s/web" }, B, "web", "/s/web", "profile", true },
		{ "a quick launch in a profile's directory", { VM_REF_PROFILE, "web", NULL, "/s/web" }, B, "web.img", "/s/web", "run", true },
		{ "one of the same name elsewhere", { VM_REF_PROFILE, "web", NULL, "/s/web" }, B, "web", "/s/other", "profile", false },
		{ "a broken profile has its name only", { VM_REF_PROFILE, "web", NULL, NULL }, B, "web", "/s/web", "profile", true },
		{ "which a quick launch may have too", { VM_REF_PROFILE, "web", NULL, NULL }, B, "web", "/s/web", "run", false },
		{ "an image in its own directory", { VM_REF_IMAGE, NULL, NULL, "/s/x-state" }, B, "x.iso", "/s/x-state", "run", true },
		{ "another machine of the image", { VM_REF_IMAGE, NULL, NULL, "/s/x-state" }, B, "x.iso", "/s/a", "run", false },
		{ "a state directory", { VM_REF_STATE, NULL, NULL, "/s/a" }, B, "x.iso", "/s/a", "run", true },
		{ "an entry that says no directory", { VM_REF_STATE, NULL, NULL, "/s/a" }, B, "x.iso", NULL, "run", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct registry_entry entry = {
			.name = (char *)(uintptr_t)rows[i].name, .state = (char *)(uintptr_t)rows[i].state,
			.kind = (char *)(uintptr_t)rows[i].kind,
		};

		snprintf(entry.uuid, sizeof(entry.uuid), "%s", rows[i].uuid);
		if (vm_ref_is(&rows[i].ref, &entry, text_equal) != rows[i].is)
			fail_msg("%s", rows[i].why);
	}
}

static void paths_are_the_same_however_they_are_spelled(void **state)
{
	(void)state;
	assert_int_equal(mkdir("img", 0755), 0);
	assert_int_equal(symlink("img", "ln"), 0);
	scratch_put("img/disk", "x", 1, 0);
	scratch_put("img/other", "x", 1, 0);
	assert_int_equal(symlink("disk", "img/name"), 0);
	assert_true(path_same("img/disk", "ln/disk"));
	assert_true(path_same("img/disk", "./ln/../img/disk"));
	assert_true(path_same("img/disk", "img/name"));
	/* A kernel's prefix is not a file. */
	assert_true(path_same("img/lk", "ln/lk"));
	assert_true(path_same("gone/lk", "gone/lk"));
	assert_false(path_same("img/disk", "img/other"));
	assert_false(path_same("img/lk", "img/lk2"));
	assert_false(path_same("img/lk", "gone/lk"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_running_vm_is_what_the_rule_says),
		cmocka_unit_test_setup_teardown(paths_are_the_same_however_they_are_spelled, scratch_enter, scratch_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
