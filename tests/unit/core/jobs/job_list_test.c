/* SPDX-License-Identifier: MIT */
/* What killed jobs left, and who removes it. */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/strv.h"
#include "core/jobs/job_list.h"
#include "core/jobs/job_made.h"
#include "core/keeper/run/state_lock.h"
#include "core/vm/store.h"
#include "fake/scratch.h"
#include "fake/store_memory.h"
#include "persist/records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define UUID "1b4e28ba-2fa1-11d2-883f-0016d3cca427"
#define HIDDEN "vm/.paddock-job1-new-state"

/* A job of this process; its directory is not made yet. */
static struct job_claim *begin(struct job_entry *entry)
{
	struct error err;
	struct job_claim *claim;

	*entry = (struct job_entry){ 0 };
	claim = job_claim_new(entry, &err);
	assert_non_null(claim);
	entry->title = mem_strdup("cloning web to new");
	entry->vm = mem_strdup("web");
	entry->step = mem_strdup("copying disk-1.raw");
	entry->error = mem_strdup("");
	entry->uuid = mem_strdup(UUID);
	entry->profile = mem_strdup("new");
	entry->directory = path_full("vm/new-state");
	entry->percent = 42;
	strv_add(&entry->files, "disk-1.raw");
	strv_add(&entry->files, "disk-2.raw");
	job_made_place(entry);
	assert_true(job_claim_publish(claim, records_on_files(), entry, &err));
	return claim;
}

static void make(struct job_entry *entry, struct job_claim *claim)
{
	struct error err;
	int lock;

	assert_true(job_made_open(entry, "the job", &lock, &err));
	close(lock);
	assert_true(job_claim_publish(claim, records_on_files(), entry, &err));
	scratch_put(HIDDEN "/disk-1.raw", "x", 1, 0);
}

static void install(const struct job_entry *entry)
{
	struct error err;

	scratch_put(HIDDEN "/disk-2.raw", "x", 1, 0);
	if (!job_made_install(entry, &err))
		fail_msg("%s", err.text);
}

/* As far as anybody can see it was killed: the lock is free, the record says that it runs. */
static void die(struct job_entry *entry, struct job_claim *claim)
{
	job_claim_release(claim);
	job_entry_finish(entry);
}

static enum job_state state_now(void)
{
	struct job_list list;
	struct error err;
	enum job_state found;

	assert_true(job_list_read(records_on_files(), &list, &err));
	assert_int_equal(list.count, 1);
	assert_int_equal(list.items[0].id, 1);
	assert_int_equal(list.items[0].percent, 42);
	assert_string_equal(list.items[0].title, "cloning web to new");
	found = list.items[0].state;
	job_list_finish(&list);
	return found;
}

static bool is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static struct store *sweep_with(const char *profile)
{
	struct store *store = store_memory_new();

	store_memory_put(store, "other", "[boot]\nimage = /x\n");
	if (profile)
		store_memory_put(store, "renamed", profile);
	jobs_sweep(records_on_files(), store);
	return store;
}

static int enter(void **state)
{
	scratch_enter(state);
	scratch_home();
	return 0;
}

static void a_running_job_is_left_alone(void **state)
{
	struct job_entry entry;
	struct job_claim *claim = begin(&entry);

	(void)state;
	make(&entry, claim);
	store_memory_free(sweep_with(NULL));
	assert_int_equal(state_now(), JOB_RUNNING);
	assert_true(is_there(HIDDEN "/disk-1.raw"));
	die(&entry, claim);
}

static void what_a_killed_job_made_is_removed(void **state)
{
	(void)state;
	assert_int_equal(mkdir("vm", 0755), 0);
	/* Killed before the directory, before the record knew it, in it, and after it was moved. */
	for (int at = 0; at < 4; at++) {
		struct job_entry entry;
		struct job_claim *claim = begin(&entry);

		if (at == 1) {
			assert_int_equal(mkdir(HIDDEN, 0700), 0);
			scratch_put(HIDDEN "/lock", "", 0, 0);
		}
		if (at >= 2)
			make(&entry, claim);
		if (at == 3)
			install(&entry);
		die(&entry, claim);
		assert_int_equal(state_now(), JOB_KILLED);
		assert_int_equal(is_there("vm/new-state"), at == 3);
		store_memory_free(sweep_with(NULL));
		assert_int_equal(state_now(), JOB_KILLED);
		assert_false(is_there(HIDDEN));
		assert_false(is_there("vm/new-state"));
		assert_int_equal(unlink("home/paddock/jobs/1.ini"), 0);
	}
}

/* Between saving the profile and saying so. */
static void a_job_whose_profile_is_saved_has_succeeded(void **state)
{
	struct job_entry entry;
	struct job_claim *claim = begin(&entry);

	(void)state;
	make(&entry, claim);
	install(&entry);
	die(&entry, claim);
	store_memory_free(sweep_with("[vm]\nuuid = 1B4E28BA-2FA1-11D2-883F-0016D3CCA427\n"));
	assert_int_equal(state_now(), JOB_DONE);
	assert_true(is_there("vm/new-state/disk-1.raw"));
	/* And from now on for good, whatever happens to the profile. */
	store_memory_free(sweep_with(NULL));
	assert_true(is_there("vm/new-state/disk-1.raw"));
}

static void a_directory_that_somebody_else_made_stays(void **state)
{
	struct job_entry entry;
	struct job_claim *claim = begin(&entry);

	(void)state;
	make(&entry, claim);
	scratch_put("vm/new-state/disk-1.raw", "theirs", 6, 0);
	die(&entry, claim);
	store_memory_free(sweep_with(NULL));
	assert_false(is_there(HIDDEN));
	assert_true(is_there("vm/new-state/disk-1.raw"));
}

static void a_file_of_somebody_else_stays_and_the_rest_is_tried_again(void **state)
{
	struct job_entry entry;
	struct job_claim *claim = begin(&entry);

	(void)state;
	make(&entry, claim);
	scratch_put(HIDDEN "/theirs", "x", 1, 0);
	die(&entry, claim);
	store_memory_free(sweep_with(NULL));
	assert_true(is_there(HIDDEN "/theirs"));
	assert_int_equal(unlink(HIDDEN "/theirs"), 0);
	store_memory_free(sweep_with(NULL));
	assert_false(is_there(HIDDEN));
}

static void a_directory_in_use_stays(void **state)
{
	struct job_entry entry;
	struct job_claim *claim = begin(&entry);
	struct error err;
	int lock;

	(void)state;
	make(&entry, claim);
	install(&entry);
	die(&entry, claim);
	assert_int_equal(state_lock("vm/new-state", "a VM", &lock, &err), STATE_LOCK_TAKEN);
	store_memory_free(sweep_with(NULL));
	assert_true(is_there("vm/new-state/disk-1.raw"));
	close(lock);
	store_memory_free(sweep_with(NULL));
	assert_false(is_there("vm/new-state"));
}

static void a_record_that_leads_elsewhere_removes_nothing(void **state)
{
	static const struct { const char *directory, *hidden, *file; } rows[] = {
		{ "vm/new-state", "vm", "precious" },
		{ "vm/new-state", "vm/new-state", "disk-1.raw" },
		{ "vm/new-state", HIDDEN, "../precious" },
		{ "vm/new-state", HIDDEN, "" },
	};

	scratch_put("vm/precious", "x", 1, 0);
	scratch_put(HIDDEN "/disk-1.raw", "x", 1, 0);
	scratch_put("home/paddock/jobs/x.ini", "", 0, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = mem_printf("[job]\ntitle = t\nstate = running\nuuid = " UUID "\ndirectory = %s/%s\nhidden = %s/%s\n"
		                        "file = %s\n", (char *)*state, rows[i].directory, (char *)*state, rows[i].hidden, rows[i].file);
		struct job_list list;
		struct error err;

		scratch_put("home/paddock/jobs/1.ini", text, strlen(text), 0);
		store_memory_free(sweep_with(NULL));
		assert_true(is_there("vm/precious"));
		assert_true(is_there(HIDDEN "/disk-1.raw"));
		assert_true(job_list_read(records_on_files(), &list, &err));
		assert_int_equal(list.count, 0);
		job_list_finish(&list);
		free(text);
	}
}

static void old_records_are_forgotten_and_new_ones_kept(void **state)
{
	struct job_entry entry;
	struct job_claim *claim = begin(&entry);
	struct error err;

	(void)state;
	entry.state = JOB_DONE;
	entry.ended = time(NULL) - 60;
	assert_true(job_claim_publish(claim, records_on_files(), &entry, &err));
	store_memory_free(sweep_with(NULL));
	assert_int_equal(state_now(), JOB_DONE);
	entry.ended = time(NULL) - 25 * 60 * 60;
	assert_true(job_claim_publish(claim, records_on_files(), &entry, &err));
	die(&entry, claim);
	store_memory_free(sweep_with(NULL));
	assert_false(is_there("home/paddock/jobs/1.ini"));
	assert_false(is_there("home/paddock/jobs/1.lock"));
}

static void two_jobs_have_two_numbers(void **state)
{
	struct job_entry entry, second = { 0 };
	struct job_claim *claim = begin(&entry), *other;
	struct error err;

	(void)state;
	other = job_claim_new(&second, &err);
	assert_non_null(other);
	assert_int_equal(second.id, 2);
	job_claim_release(other);
	/* One that ended keeps its number as long as its record is there. */
	die(&entry, claim);
	other = job_claim_new(&second, &err);
	assert_int_equal(second.id, 2);
	job_claim_release(other);
	assert_false(job_cancel(records_on_files(), 2, &err));
	assert_non_null(strstr(err.text, "there is no job 2"));
	assert_false(job_cancel(records_on_files(), 1, &err));
	assert_string_equal(err.text, "job 1 has ended: killed");
}

int main(void)
{
#define in_scratch(test) cmocka_unit_test_setup_teardown(test, enter, scratch_leave)
	const struct CMUnitTest tests[] = {
		in_scratch(a_running_job_is_left_alone),
		in_scratch(what_a_killed_job_made_is_removed),
		in_scratch(a_job_whose_profile_is_saved_has_succeeded),
		in_scratch(a_directory_that_somebody_else_made_stays),
		in_scratch(a_file_of_somebody_else_stays_and_the_rest_is_tried_again),
		in_scratch(a_directory_in_use_stays),
		in_scratch(a_record_that_leads_elsewhere_removes_nothing),
		in_scratch(old_records_are_forgotten_and_new_ones_kept),
		in_scratch(two_jobs_have_two_numbers),
	};

	return cmocka_run_group_tests_name("job list", tests, NULL, NULL);
}
