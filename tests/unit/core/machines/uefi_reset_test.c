/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/keeper/run/uefi.h"
#include "core/machines/reset_uefi.h"
#include "fake/scratch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static void what_firmware_stored_goes_and_nothing_else(void **state)
{
	struct error err;
	bool removed;

	(void)state;
	scratch_put("vm-state/uefi-vars.fd", "v", 1, 0);
	scratch_put("vm-state/uefi.fd", "c", 1, 0);
	scratch_put("vm-state/disk.img", "d", 1, 0);
	assert_true(uefi_reset("vm-state", &removed, &err));
	assert_true(removed);
	assert_int_not_equal(access("vm-state/uefi-vars.fd", F_OK), 0);
	assert_int_not_equal(access("vm-state/uefi.fd", F_OK), 0);
	assert_int_equal(access("vm-state/disk.img", F_OK), 0);
	assert_true(uefi_reset("vm-state", &removed, &err));
	assert_false(removed);
}

static void a_vm_that_never_ran_is_left_without_a_trace(void **state)
{
	struct error err;
	bool removed;

	(void)state;
	assert_true(uefi_reset("none-state", &removed, &err));
	assert_false(removed);
	assert_int_not_equal(access("none-state", F_OK), 0);
}

static void nothing_is_reset_under_a_running_vm(void **state)
{
	struct error err;
	bool removed;
	int lock;

	(void)state;
	scratch_put("busy-state/uefi-vars.fd", "v", 1, 0);
	lock = open("busy-state/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(flock(lock, LOCK_EX), 0);
	assert_false(uefi_reset("busy-state", &removed, &err));
	assert_non_null(strstr(err.text, "busy-state; stop it first"));
	assert_int_equal(access("busy-state/uefi-vars.fd", F_OK), 0);
	close(lock);
	assert_true(uefi_reset("busy-state", &removed, &err));
	assert_true(removed);
}

static void nothing_is_touched_where_others_may_write(void **state)
{
	struct error err;
	bool removed;

	(void)state;
	scratch_put("open-state/uefi-vars.fd", "v", 1, 0);
	assert_int_equal(chmod("open-state", 0777), 0);
	assert_false(uefi_reset("open-state", &removed, &err));
	assert_non_null(strstr(err.text, "chmod go-w"));
	assert_int_equal(access("open-state/uefi-vars.fd", F_OK), 0);
	assert_int_not_equal(access("open-state/lock", F_OK), 0);
}

static void a_vm_of_which_nothing_is_known_is_refused(void **state)
{
	struct error err;
	bool removed;

	(void)state;
	assert_false(reset_uefi(NULL, NULL, &removed, &err));
	assert_string_equal(err.text, "the state directory of the VM is not known");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_firmware_stored_goes_and_nothing_else),
		cmocka_unit_test(a_vm_that_never_ran_is_left_without_a_trace),
		cmocka_unit_test(nothing_is_reset_under_a_running_vm),
		cmocka_unit_test(nothing_is_touched_where_others_may_write),
		cmocka_unit_test(a_vm_of_which_nothing_is_known_is_refused),
	};

	return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
