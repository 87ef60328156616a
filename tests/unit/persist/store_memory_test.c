/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "fake/store_memory.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static int make_store(void **state)
{
	*state = store_memory_new();
	return 0;
}

static int free_store(void **state)
{
	store_memory_free(*state);
	return 0;
}

static bool readable(struct store *store)
{
	struct pollfd fd = { .fd = store->change_fd(store), .events = POLLIN };

	return poll(&fd, 1, 0) == 1;
}

static void it_keeps_profiles_as_files_would(void **state)
{
	struct store *store = *state;
	struct vm_config config;
	struct store_revision seen, now;
	struct strv names = { 0 };
	struct error err;
	char *text;

	store_memory_put(store, "web", "; mine\n[vm]\ncpus = 1\n");
	store_memory_put(store, "bad", "[vm");
	assert_true(readable(store));
	store->changed(store);
	assert_false(readable(store));
	vm_config_init(&config, CONFIG_PROFILE);
	assert_false(store->load(store, "bad", &config, &seen, &err));
	assert_string_equal(err.text, "line 1: neither a [section] nor key = value");
	assert_true(store->load(store, "web", &config, &seen, &err));
	vm_config_set(&config, SET_CPUS, "2");
	store_memory_put(store, "web", "; yours\n");
	assert_int_equal(store->save(store, &config, &seen, &now, &err), STORE_CHANGED);
	assert_int_equal(store->save(store, &config, NULL, &now, &err), STORE_OK);
	text = store->text(store, "web", &err);
	assert_string_equal(text, "; yours\n\n[vm]\ncpus = 2\n");
	assert_false(store->rename(store, "web", "bad", &err));
	assert_true(store->rename(store, "web", "db", &err));
	assert_true(store->discard(store, "bad", NULL, NULL, &err));
	assert_true(store->names(store, &names, &err));
	assert_int_equal(names.count, 1);
	assert_string_equal(names.items[0], "db");
	strv_finish(&names);
	vm_config_finish(&config);
	free(text);
}

static void it_fails_when_told_to_and_changes_nothing_then(void **state)
{
	struct store *store = *state;
	struct vm_config config;
	struct error err;

	vm_config_init(&config, CONFIG_PROFILE);
	config.name = mem_strdup("web");
	store_memory_put_config(store, &config);
	store_memory_fail(store, "discard", "No space left on device");
	assert_false(store->discard(store, "web", NULL, NULL, &err));
	assert_string_equal(err.text, "No space left on device");
	assert_int_equal(store_memory_calls(store, "discard"), 1);
	store_memory_fail(store, "discard", NULL);
	assert_true(store->discard(store, "web", NULL, NULL, &err));
	vm_config_finish(&config);
}

static void count(void *data, const struct library_item *item)
{
	(void)item;
	++*(int *)data;
}

static void it_scans_in_slices(void **state)
{
	struct store *store = *state;
	struct error err;
	bool more;
	int found = 0;

	store_memory_add_item(store, "/vm/a.iso", BOOT_ISO, 10);
	store_memory_add_item(store, "/vm/a-state", BOOT_AUTO, 0);
	assert_true(store->scan_begin(store, &err));
	assert_true(store->scan_step(store, 1, count, &found, &more));
	assert_int_equal(found, 1);
	assert_true(more);
	assert_true(store->scan_step(store, 1, count, &found, &more));
	assert_int_equal(found, 2);
	assert_false(more);
	store_memory_set(store, "keys", "prefix", "C-a");
	assert_string_equal(store->setting(store, "keys", "prefix"), "C-a");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_keeps_profiles_as_files_would, make_store, free_store),
		cmocka_unit_test_setup_teardown(it_fails_when_told_to_and_changes_nothing_then, make_store, free_store),
		cmocka_unit_test_setup_teardown(it_scans_in_slices, make_store, free_store),
	};

	return cmocka_run_group_tests_name("store_memory", tests, NULL, NULL);
}
