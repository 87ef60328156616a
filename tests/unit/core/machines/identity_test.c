/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/base/alloc.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/keeper/run/registry.h"
#include "core/machines/identity.h"
#include "fake/scratch.h"

#include <stdio.h>
#include <stdlib.h>
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

/* The directories are there: x-state is the image's own, elsewhere was moved to moved, and ln leads to it. */
static void what_runs_is_told_by_where_its_directory_is_now(void **state)
{
	static const struct {
		const char *why;
		enum vm_ref_kind ref;
		const char *ref_state, *name, *state, *image, *kind;
		bool is, is_of_image, stands;
	} rows[] = {
		{ "a quick launch", VM_REF_IMAGE, "x-state", "x", "x-state", "x", "run", true, true, true },
		{ "a quick launch elsewhere", VM_REF_IMAGE, "x-state", "x", "moved", "x", "run", false, true, false },
		{ "the image by another path", VM_REF_IMAGE, "dir/../x-state", "x", "x-state", "dir/../x", "run", true, true, true },
		{ "another image", VM_REF_IMAGE, "x-state", "y", "moved", "y", "run", false, false, false },
		{ "a profile of the image", VM_REF_IMAGE, "x-state", "web", "x-state", "x", "profile", true, false, false },
		{ "a directory by a symbolic link", VM_REF_STATE, "ln", "x", "moved", "x", "run", true, true, false },
		{ "a profile's directory by a symbolic link", VM_REF_PROFILE, "ln", "web", "moved", NULL, "profile", true, false, false },
		{ "a directory that was moved away while it ran", VM_REF_STATE, "moved", "x", "gone", "x", "run", false, true, false },
		{ "and has a link in its old place", VM_REF_STATE, "moved", "x", "ln", "x", "run", true, true, false },
	};
	char *cwd = getcwd(NULL, 0), *image = path_join(cwd, "x");

	(void)state;
	scratch_put("x", "x", 1, 0);
	scratch_put("y", "y", 1, 0);
	assert_int_equal(mkdir("x-state", 0700) | mkdir("moved", 0700) | mkdir("dir", 0700), 0);
	assert_int_equal(symlink("moved", "ln"), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct registry_entry entry = {
			.name = mem_strdup(rows[i].name), .state = path_join(cwd, rows[i].state), .kind = mem_strdup(rows[i].kind),
			.image = rows[i].image ? path_join(cwd, rows[i].image) : NULL, .uuid = B,
		};
		char *ref_state = path_join(cwd, rows[i].ref_state);
		struct vm_ref ref = { .kind = rows[i].ref, .name = "web", .state = ref_state };

		if (vm_ref_is(&ref, &entry, path_same) != rows[i].is || vm_entry_stands_for_image(&entry) != rows[i].stands ||
		    vm_entry_is_of_image(&entry, image, path_same) != rows[i].is_of_image)
			fail_msg("%s", rows[i].why);
		free(ref_state);
		free(entry.name);
		free(entry.state);
		free(entry.kind);
		free(entry.image);
	}
	free(image);
	free(cwd);
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
		cmocka_unit_test_setup_teardown(what_runs_is_told_by_where_its_directory_is_now, scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(paths_are_the_same_however_they_are_spelled, scratch_enter, scratch_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
