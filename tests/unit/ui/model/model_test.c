/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/keeper/run/registry.h"
#include "core/machines/missing.h"
#include "core/vm/store.h"
#include "fake/keepers_impl.h"
#include "fake/store_memory.h"
#include "ui/model/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UUID "1b4e28ba-2fa1-11d2-883f-0016d3cca427"

/* The model over a store in memory: two profiles, one of them with an image of the library; no screen. */
struct house {
	struct loop *loop;
	struct store *store;
	struct model *model;
	unsigned changes;
	char said[256];
};

/* All images exist. */
char *missing_image(const char *image)
{
	(void)image;
	return NULL;
}

static bool read_nothing(const char *path, struct strv *keys, struct strv *values, struct error *err)
{
	(void)keys, (void)values;
	return error_set(err, "%s is not here", path);
}

static const struct record_io records = { .read = read_nothing };

static void on_changed(void *data)
{
	((struct house *)data)->changes++;
}

static void on_said(void *data, const char *text)
{
	struct house *house = data;

	snprintf(house->said, sizeof(house->said), "%s", text);
}

static int build_house(void **state)
{
	static const struct model_events events = { .changed = on_changed, .said = on_said };
	struct house *house = mem_alloc(sizeof(*house));

	memset(&keepers, 0, sizeof(keepers));
	house->loop = loop_new();
	house->store = store_memory_new();
	store_memory_add_directory(house->store, "/lab/vm");
	store_memory_put(house->store, "web", "[vm]\nuuid = " UUID "\n[boot]\nimage = /lab/vm/web.img\n");
	store_memory_put(house->store, "db", "[boot]\nimage = /lab/other/db.img\n");
	store_memory_add_item(house->store, "/lab/vm/web.img", BOOT_DISK, 100);
	store_memory_add_item(house->store, "/lab/vm/web.img-state", BOOT_AUTO, 0);
	store_memory_add_item(house->store, "/lab/vm/alpine.iso", BOOT_ISO, 200);
	store_memory_add_item(house->store, "/lab/vm/old-state", BOOT_AUTO, 0);
	house->model = model_new(house->loop, house->store, &records, &events, house);
	model_begin(house->model);
	model_settle(house->model);
	*state = house;
	return 0;
}

static int leave_house(void **state)
{
	struct house *house = *state;

	model_free(house->model);
	store_memory_free(house->store);
	loop_free(house->loop);
	free(house);
	return 0;
}

static void search_again(struct house *house)
{
	model_rescan(house->model);
	model_settle(house->model);
}

/* Notices what another program has done to the profiles, as if the directory had been changed. */
static void notice(struct house *house)
{
	loop_turn(house->loop, 0);
	model_settle(house->model);
}

/* The listed names of a kind, separated by blanks. */
static void assert_listed(struct house *house, enum item_kind kind, const char *want)
{
	char names[512] = "";
	size_t len = 0;

	for (size_t i = 0; i < model_count(house->model, kind); i++)
		len += (size_t)snprintf(names + len, sizeof(names) - len, "%s%s", i > 0 ? " " : "",
		                        model_item(house->model, kind, i)->name);
	assert_string_equal(names, want);
	assert_null(model_item(house->model, kind, model_count(house->model, kind)));
}

static const struct item *profile(struct house *house, const char *name)
{
	const struct item *item = model_find(house->model, ITEM_PROFILE, name);

	assert_non_null(item);
	return item;
}

static void let_run(const char *kind, const char *name, const char *image, const char *directory)
{
	static struct registry_entry running[1];

	running[0] = (struct registry_entry){
		.uuid = UUID, .name = (char *)(uintptr_t)name, .state = (char *)(uintptr_t)directory,
		.image = (char *)(uintptr_t)image, .kind = (char *)(uintptr_t)kind, .pid = 4241, .started = 1714737780,
	};
	keepers.list = (struct registry_list){ running, 1 };
}

static void items_of_each_kind_are_sorted_by_name(void **state)
{
	struct house *house = *state;
	char summary[64];

	assert_listed(house, ITEM_PROFILE, "db web");
	assert_listed(house, ITEM_IMAGE, "/lab/vm/alpine.iso");
	assert_listed(house, ITEM_STATE, "/lab/vm/old-state");
	assert_int_equal(model_find(house->model, ITEM_IMAGE, "/lab/vm/alpine.iso")->size, 200);
	assert_int_equal(model_find(house->model, ITEM_IMAGE, "/lab/vm/alpine.iso")->boot, BOOT_ISO);
	assert_null(model_find(house->model, ITEM_PROFILE, "nobody"));
	model_summary(house->model, summary, sizeof(summary));
	assert_string_equal(summary, "0 running  2 off");
	assert_false(model_searching(house->model));
}

static void a_profile_hides_its_image_and_its_state_directory(void **state)
{
	struct house *house = *state;

	assert_true(model_find(house->model, ITEM_IMAGE, "/lab/vm/web.img")->hidden);
	assert_true(model_find(house->model, ITEM_STATE, "/lab/vm/web.img-state")->hidden);
	/* The image stays hidden when another profile takes it over. */
	store_memory_put(house->store, "shop", "[boot]\nimage = /lab/vm/web.img\n");
	store_memory_put(house->store, "web", NULL);
	notice(house);
	assert_listed(house, ITEM_PROFILE, "db shop");
	assert_listed(house, ITEM_IMAGE, "/lab/vm/alpine.iso");
	/* Without a profile it is listed, and hides the directory itself. */
	store_memory_put(house->store, "shop", NULL);
	notice(house);
	assert_listed(house, ITEM_IMAGE, "/lab/vm/alpine.iso /lab/vm/web.img");
	assert_listed(house, ITEM_STATE, "/lab/vm/old-state");
}

static void a_broken_profile_is_listed_with_its_reason(void **state)
{
	struct house *house = *state;
	struct status status;

	store_memory_put(house->store, "db", "[vm]\ncpus 2\n");
	notice(house);
	assert_listed(house, ITEM_PROFILE, "db web");
	assert_non_null(profile(house, "db")->broken);
	model_status(house->model, profile(house, "db"), &status);
	assert_false(status.running);
	store_memory_put(house->store, "db", "[vm]\ncpus = 2\n");
	notice(house);
	assert_null(profile(house, "db")->broken);
}

static void a_running_vm_appears_and_disappears(void **state)
{
	static const struct keeper_end end = { .started = true, .reason = "guest-shutdown", .error = "" };
	struct keeper_state up = { .phase = VM_RUNNING, .name = "web", .pid = 4242, .clients = 1 };
	struct house *house = *state;
	struct status status;

	let_run("profile", "web", "/lab/vm/web.img", "/lab/vm/web.img-state");
	search_again(house);
	assert_int_equal(model_running(house->model), 1);
	assert_ptr_equal(model_running_vm(house->model, profile(house, "web")), model_running_vm_by_uuid(house->model, UUID));
	assert_null(model_running_vm(house->model, profile(house, "db")));
	assert_int_equal(model_entry(house->model, UUID)->pid, 4241);

	keepers.events->state(keepers.data, &up);
	assert_int_equal(model_running_vm_by_uuid(house->model, UUID)->pid, 4242);
	model_status(house->model, profile(house, "web"), &status);
	assert_true(status.running && status.console);
	assert_true(model_command(house->model, UUID, KEEPER_POWERDOWN));
	assert_int_equal(keepers.commands, 1u << KEEPER_POWERDOWN);

	keepers.list = (struct registry_list){ NULL, 0 };
	keepers.events->ended(keepers.data, &end);
	model_settle(house->model);
	assert_int_equal(model_running(house->model), 0);
	assert_null(model_running_vm(house->model, profile(house, "web")));
	assert_null(model_entry(house->model, UUID));
	assert_false(model_command(house->model, UUID, KEEPER_POWERDOWN));
	assert_string_equal(house->said, "web has ended: the guest powered off");
	model_status(house->model, profile(house, "web"), &status);
	assert_false(status.running);
}

static void an_entry_that_vanishes_from_the_registry_is_dropped(void **state)
{
	struct house *house = *state;

	let_run("profile", "web", "/lab/vm/web.img", "/lab/vm/web.img-state");
	search_again(house);
	assert_int_equal(model_running(house->model), 1);
	keepers.list = (struct registry_list){ NULL, 0 };
	keepers.events->lost(keepers.data, "the keeper of this VM has exited");
	model_settle(house->model);
	assert_int_equal(model_running(house->model), 0);
}

static void a_vm_outside_the_library_is_listed_while_it_runs(void **state)
{
	static const struct keeper_end end = { .started = true, .reason = "exited", .error = "" };
	struct house *house = *state;

	let_run("run", "far", "/far/away.img", "/far/away-state");
	search_again(house);
	assert_listed(house, ITEM_STATE, "/far/away-state /lab/vm/old-state");
	assert_true(model_find(house->model, ITEM_STATE, "/far/away-state")->elsewhere);
	keepers.list = (struct registry_list){ NULL, 0 };
	keepers.events->ended(keepers.data, &end);
	model_settle(house->model);
	assert_listed(house, ITEM_STATE, "/lab/vm/old-state");
}

/* A list finds its cursor again by name, and sees from the generation that row numbers have changed. */
static void a_search_that_finds_the_same_changes_nothing(void **state)
{
	struct house *house = *state;
	const struct item *iso = model_find(house->model, ITEM_IMAGE, "/lab/vm/alpine.iso");
	unsigned generation = model_generation(house->model);

	search_again(house);
	assert_ptr_equal(model_find(house->model, ITEM_IMAGE, "/lab/vm/alpine.iso"), iso);
	assert_ptr_equal(model_item(house->model, ITEM_IMAGE, 0), iso);
	assert_int_equal(model_generation(house->model), generation);

	store_memory_add_item(house->store, "/lab/vm/aaa.img", BOOT_DISK, 1);
	search_again(house);
	assert_true(model_generation(house->model) > generation);
	assert_ptr_equal(model_find(house->model, ITEM_IMAGE, "/lab/vm/alpine.iso"), iso);
	assert_ptr_equal(model_item(house->model, ITEM_IMAGE, 1), iso);
}

static void a_new_item_is_reported_once(void **state)
{
	struct house *house = *state;

	model_expect(house->model, ITEM_PROFILE, "new");
	assert_null(model_made(house->model));
	store_memory_put(house->store, "new", "[boot]\nimage = /lab/new.img\n");
	notice(house);
	assert_ptr_equal(model_made(house->model), profile(house, "new"));
	assert_null(model_made(house->model));
}

static void a_failed_search_is_reported_and_keeps_the_profiles(void **state)
{
	struct house *house = *state;
	unsigned changes = house->changes;

	store_memory_fail(house->store, "scan_begin", "/lab/vm: Permission denied");
	search_again(house);
	assert_string_equal(house->said, "/lab/vm: Permission denied");
	assert_listed(house, ITEM_PROFILE, "db web");
	assert_true(house->changes > changes);
}

#define house_test(f) cmocka_unit_test_setup_teardown(f, build_house, leave_house)

int main(void)
{
	const struct CMUnitTest tests[] = {
		house_test(items_of_each_kind_are_sorted_by_name),
		house_test(a_profile_hides_its_image_and_its_state_directory),
		house_test(a_broken_profile_is_listed_with_its_reason),
		house_test(a_running_vm_appears_and_disappears),
		house_test(an_entry_that_vanishes_from_the_registry_is_dropped),
		house_test(a_vm_outside_the_library_is_listed_while_it_runs),
		house_test(a_search_that_finds_the_same_changes_nothing),
		house_test(a_new_item_is_reported_once),
		house_test(a_failed_search_is_reported_and_keeps_the_profiles),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
