/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "fake/boot_iso.h"
#include "fake/keepers_impl.h"
#include "fake/scratch.h"
#include "fake/store_memory.h"
#include "fake/world.h"
#include "ui/kit/app.h"
#include "ui/kit/ask.h"
#include "ui/kit/keys.h"
#include "ui/kit/screen.h"
#include "ui/model/model.h"
#include "ui/program.h"
#include "ui/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <locale.h>

static void the_list_is_drawn_at_every_size(void **state)
{
	struct fixture *f = *state;
	static const struct { int rows, columns; const char *term, *locale, *name; } sizes[] = {
		{ 30, 100, "xterm-256color", "C.UTF-8", "list-100x30" },
		{ 24, 80, "xterm-256color", "C.UTF-8", "list-80x24" },
		{ 12, 40, "xterm-256color", "C.UTF-8", "list-40x12" },
		{ 24, 80, "vt100", "C", "list-80x24-ascii" },
		{ 11, 40, "xterm", "C.UTF-8", "list-40x11-too-small" },
	};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		web_runs();
		open_world(f, sizes[i].rows, sizes[i].columns, sizes[i].term, sizes[i].locale, a_small_world);
		web_tells(f);
		hold_against_golden(sizes[i].name);
		close_world(f);
	}
}

static void the_filter_narrows_the_list_as_it_is_typed(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 24, 80);
	press(f, "/ w e");
	assert_true(sees("Machines / we"));
	assert_true(sees_not("alpine"));
	assert_true(sees("web.qcow2"));		/* in the details: the match is selected */
	press(f, "Enter");
	assert_true(sees("Machines / we"));
	press(f, "Esc");
	assert_true(sees("alpine"));
	assert_false(app_done(f->app));
}

static void every_tab_is_drawn(void **state)
{
	struct fixture *f = *state;
	static const char *const tabs[] = { "1", "2", "3", "5" };

	open_running_web(f, 30, 100);
	press(f, "G j j k k");
	go_to(f, "web");
	for (size_t i = 0; i < sizeof(tabs) / sizeof(tabs[0]); i++) {
		char *name = mem_printf("web-tab-%s", tabs[i]);

		press(f, tabs[i]);
		hold_against_golden(name);
		free(name);
	}
}

static void help_shows_the_keys_of_the_view_with_the_focus(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 30, 100);
	press(f, "?");
	hold_against_golden("help-100x30");
	assert_true(sees("Fold the group"));
	/* The same key closes it again. */
	for (int i = 0; i < 20; i++)
		press(f, "?");
	press(f, "Esc 1 ?");
	assert_true(sees("Next tab"));
	assert_true(sees_not("Fold the group"));
}

static void escape_goes_back_and_never_quits(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 24, 80);
	press(f, "? Esc / x Esc Tab Esc Esc Esc Esc");
	assert_false(app_done(f->app));
	assert_true(sees("alpine"));
	press(f, "Tab q");
	assert_false(app_done(f->app));
	press(f, "q");
	assert_true(app_done(f->app));
}

static void pasted_text_runs_no_keys(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 24, 80);
	paste(f, "qdy?s");
	assert_false(app_done(f->app));
	assert_true(sees("ci-arm"));
	press(f, "q");
	assert_true(app_done(f->app));
	close_world(f);
	/* Pasted letters do not choose from a menu either. */
	web_runs();
	open_small_world(f, 24, 80);
	go_to(f, "web");
	press(f, "p");
	paste(f, "bpKy");
	assert_true(sees("power button: ask"));
	assert_int_equal(keepers.commands, 0);
	press(f, "b");
	assert_int_equal(keepers.commands, 1 << KEEPER_POWERDOWN);
	/* A pasted end of line does not end an answer. */
	press(f, "n C-u");
	paste(f, "a\rb");
	assert_true(sees("Name of the"));
	assert_true(sees("ab"));
	press(f, "Esc");
}

static void was_chosen(struct app *app, const void *data, const char *answer)
{
	app_say(app, "%s took %s", (const char *)data, answer);
}

static void a_menu_that_is_longer_than_the_screen_follows_its_cursor(void **state)
{
	struct fixture *f = *state;
	struct ask_choice choices[41] = { { NULL, NULL, NULL } };
	char texts[40][16];

	for (int i = 0; i < 40; i++) {
		snprintf(texts[i], sizeof(texts[i]), "choice %d.", i);
		choices[i] = (struct ask_choice){ NULL, texts[i], texts[i] };
	}
	open_small_world(f, 24, 80);
	ask_choice(f->app, "Which one?", choices, ask_then_text(was_chosen, "who"));
	press(f, "Up");
	assert_true(sees("choice 0."));
	assert_true(sees_not("choice 39."));
	for (int i = 0; i < 39; i++)
		press(f, "Down");
	assert_true(sees("Which one?"));
	assert_true(sees("choice 39."));
	assert_true(sees_not("choice 0."));
	press(f, "Up");
	assert_true(sees("choice 39."));
	press(f, "Home");
	assert_true(sees("choice 0."));
	press(f, "End Up Enter");
	assert_true(sees("who took choice 38."));
}

static void folding_hides_a_group_and_keeps_its_count(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 24, 80);
	press(f, "h");
	assert_true(sees("profiles (4)"));
	press(f, "Down l");
	press(f, "g Right");
	assert_true(sees("torn"));
}

static void the_cursor_stays_on_its_machine_when_others_are_added(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 24, 80);
	go_to(f, "db");
	assert_true(sees("db [1 Overview]"));
	store_memory_put(f->store, "aaa", "[boot]\nimage = /lab/vm/aaa\n");
	store_memory_put(f->store, "bbb", "[boot]\nimage = /lab/vm/bbb\n");
	turn(f);
	assert_true(sees("bbb"));
	assert_true(sees("db [1 Overview]"));
	store_memory_put(f->store, "db", NULL);
	turn(f);
	assert_true(sees_not("db [1 Overview]"));
}

static void a_refused_start_shows_every_reason(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 30, 100);
	store_memory_put(f->store, "db", "[vm]\ncpus = none\nmemory = 1x\n[boot]\nimage = /nowhere/db\n");
	turn(f);
	go_to(f, "db");
	press(f, "s");
	assert_true(sees("db cannot start"));
	assert_true(sees("vm.cpus: "));
	assert_true(sees("vm.memory: "));
	assert_true(sees("boot.image: "));
	assert_int_equal(keepers.launched, 0);
	press(f, "Enter");
	assert_true(sees_not("db cannot start"));
}

static void an_iso_for_uefi_only_is_offered_with_uefi(void **state)
{
	struct fixture *f = *state;
	static const unsigned char efi = BOOT_ISO_EFI;
	char *profile = mem_printf("[vm]\narch = x86_64\naccel = tcg\n[boot]\nimage = %s/x.iso\nfirmware = %s/fw.fd\n"
	                           "[qemu]\nbinary = /bin/true\n", f->scratch, f->scratch);
	char *text;

	boot_iso_write("x.iso", &efi, 1, "", 0);
	scratch_put("fw.fd", "", 0, 4096);
	open_small_world(f, 30, 100);
	store_memory_put(f->store, "db", profile);
	turn(f);
	go_to(f, "db");
	press(f, "s");
	assert_true(sees("db boots with UEFI only"));
	press(f, "n");
	assert_true(sees_not("db boots with UEFI only"));
	assert_int_equal(keepers.launched, 0);
	press(f, "s y");
	assert_int_equal(keepers.launched, 1);
	text = f->store->text(f->store, "db", NULL);
	assert_non_null(strstr(text, "uefi = yes"));
	free(text);
	free(profile);
}

static void uefi_variables_are_reset_after_a_question(void **state)
{
	struct fixture *f = *state;
	char *profile = mem_printf("[vm]\narch = x86_64\naccel = tcg\n[boot]\nimage = %s/db.img\nuefi = yes\n"
	                           "[qemu]\nbinary = /bin/true\n", f->scratch);

	scratch_put("db.img", "", 0, 512);
	scratch_put("db.img-state/uefi-vars.fd", "v", 1, 0);
	open_small_world(f, 30, 100);
	store_memory_put(f->store, "db", profile);
	turn(f);
	go_to(f, "db");
	press(f, "U");
	assert_true(sees("Reset the UEFI variables of db?"));
	press(f, "Enter");
	assert_int_equal(access("db.img-state/uefi-vars.fd", F_OK), 0);
	press(f, "U y");
	assert_true(sees("db: UEFI variables deleted"));
	assert_int_not_equal(access("db.img-state/uefi-vars.fd", F_OK), 0);
	press(f, "U y");
	assert_true(sees("db has no UEFI variables yet"));
	free(profile);
}

static void a_broken_profile_shows_the_wrong_line_and_does_not_start(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 30, 100);
	go_to(f, "torn");
	assert_true(sees("line 2"));
	press(f, "Enter");
	assert_int_equal(keepers.launched, 0);
	assert_true(sees("line 2"));
}

static void the_power_menu_asks_before_it_kills(void **state)
{
	struct fixture *f = *state;

	open_running_web(f, 24, 80);
	go_to(f, "web");
	press(f, "p");
	hold_against_golden("power-80x24");
	press(f, "K");
	hold_against_golden("kill-80x24");
	press(f, "Enter");
	assert_int_equal(keepers.commands, 0);
	press(f, "p b");
	assert_int_equal(keepers.commands, 1u << KEEPER_POWERDOWN);
	press(f, "p K y");
	assert_int_equal(keepers.commands, 1u << KEEPER_POWERDOWN | 1u << KEEPER_KILL);
}

static void a_guest_that_ignores_the_button_is_shown(void **state)
{
	struct fixture *f = *state;
	struct keeper_state stuck = { .phase = VM_STOPPING, .name = "web", .pid = 4242, .unresponsive = true };

	web_runs();
	open_small_world(f, 24, 80);
	keepers.events->state(keepers.data, &stuck);
	go_to(f, "web");
	assert_true(sees("does not react"));
	assert_true(sees("press p"));
	press(f, "p");
	assert_true(sees("the guest does not react"));
}

static void the_end_of_a_vm_is_reported_with_its_reason(void **state)
{
	struct fixture *f = *state;
	struct keeper_end end = { .started = true, .reason = "guest-panic", .error = "" };

	open_running_web(f, 24, 80);
	assert_true(sees("1 running"));
	keepers.list.count = 0;
	keeper_ends(f, &end);
	assert_true(sees("0 running"));
	assert_true(sees("web has ended: the guest panicked"));
}

static void delete_asks_and_no_is_the_default(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 24, 80);
	go_to(f, "db");
	press(f, "d Enter");
	assert_int_equal(store_memory_calls(f->store, "discard"), 0);
	assert_true(sees("db "));
	press(f, "d y");
	assert_int_equal(store_memory_calls(f->store, "discard"), 1);
	assert_true(sees("db is in the trash"));
}

static void an_error_of_the_store_is_shown(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 24, 80);
	store_memory_fail(f->store, "discard", "the disk is read-only");
	go_to(f, "db");
	press(f, "d y");
	assert_true(sees("the disk is read-only"));
}

static void a_running_profile_is_neither_deleted_nor_renamed(void **state)
{
	struct fixture *f = *state;

	open_running_web(f, 24, 80);
	go_to(f, "web");
	press(f, "d");
	assert_true(sees("stop it before"));
	press(f, "r x Enter");
	assert_true(sees_not("New name"));
	assert_int_equal(store_memory_calls(f->store, "discard") + store_memory_calls(f->store, "rename"), 0);
}

static void rename_checks_the_name_as_it_is_typed(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 24, 80);
	go_to(f, "db");
	press(f, "r /");
	hold_against_golden("rename-80x24");
	press(f, "Enter");
	assert_int_equal(store_memory_calls(f->store, "rename"), 0);
	press(f, "Backspace 2 Enter");
	assert_true(sees("db is now db2"));
	press(f, "r Esc");
	assert_int_equal(store_memory_calls(f->store, "rename"), 1);
}

/* As if the directory had been changed by another program. */
static void store_tells(struct fixture *f)
{
	store_memory_put(f->store, "nobody", NULL);
	turn(f);
}

/* It is listed later, and not next to the selected item. */
static void a_new_profile_is_selected(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 24, 80);
	go_to(f, "db");
	press(f, "r Backspace Backspace z Enter");
	store_tells(f);
	assert_true(sees(" z [1 Overview]"));
	press(f, "c Backspace Backspace Backspace a Enter n");
	store_tells(f);
	assert_true(sees(" a [1 Overview]"));
	press(f, "End Up Up n C-u q Enter C-s");
	assert_true(sees("saved q"));
	store_tells(f);
	assert_true(sees(" q [1 Overview]"));
	/* Only once, so that the user can select another item. */
	go_to(f, "ci-arm");
	store_tells(f);
	assert_true(sees(" ci-arm [1 Overview]"));
}

static void a_clone_has_its_own_identity(void **state)
{
	struct fixture *f = *state;
	struct store_revision revision;
	struct vm_config clone;
	struct error err;

	open_small_world(f, 24, 80);
	go_to(f, "web");
	press(f, "c Enter");
	vm_config_init(&clone, CONFIG_PROFILE);
	assert_true(f->store->load(f->store, "web-2", &clone, &revision, &err));
	assert_string_equal(vm_config_get(&clone, SET_STATE), "/lab/vm/web.qcow2-web-2-state");
	assert_non_null(vm_config_get(&clone, SET_UUID));
	assert_null(vm_config_get(&clone, SET_MAC));
	assert_string_equal(vm_config_get(&clone, SET_MEMORY), "2G");
	vm_config_finish(&clone);
}

static void a_resize_keeps_the_selection(void **state)
{
	struct fixture *f = *state;

	open_small_world(f, 30, 100);
	go_to(f, "torn");
	press(f, "Tab");
	for (int columns = 120; columns >= 20; columns -= 7) {
		resize_world(f, columns / 3, columns);
		press(f, "k");
	}
	assert_true(sees("too small"));
	resize_world(f, 30, 100);
	assert_true(sees("torn [1 Overview]"));
}

static void ten_thousand(struct store *store)
{
	char name[32];

	store_memory_add_directory(store, "/lab");
	for (int i = 0; i < 10000; i++) {
		snprintf(name, sizeof(name), "vm-%05d", i);
		store_memory_put(store, name, "[boot]\nimage = /lab/x\n");
	}
}

static void the_first_screen_reads_no_more_than_it_shows(void **state)
{
	struct error err;
	struct fixture f = { .store = store_memory_new(), .loop = loop_new() };
	struct program_options options = { .store = f.store, .records = &world_records };

	(void)state;
	ten_thousand(f.store);
	assert_true(screen_open_hidden("xterm", 24, 80, &err));
	f.app = program_open(&options, f.loop, screen_utf8());
	model_begin(session_model(f.app));
	app_draw(f.app);
	assert_true(sees("0 running  10000 off"));
	assert_true(sees("vm-00018"));
	/* One profile is read for the details. */
	assert_true(store_memory_calls(f.store, "load") <= 1);
	press(&f, "G");
	assert_true(sees("vm-09999 [1"));
	close_world(&f);
}

/* All keys but C-z, which stops the process, and those that wait for an editor. */
static void keys_in_a_random_order_do_not_crash_the_screen(void **state)
{
	struct fixture *f = *state;
	static const char *const names[] = {
		"Up", "Down", "Left", "Right", "Home", "End", "PgUp", "PgDn", "Tab", "S-Tab", "Enter", "Enter", "Esc", "Esc",
		"Space", "Backspace", "Del", "F1", "F5", "?", "/", "y", "n", "s", "p", "K", "b", "c", "d", "r", "e", "n",
		"u", "U", "1", "2", "3", "4", "5", "a", "C-s", "C-g", "C-n", "C-d", "C-t", "C-c", "C-l", "A-x", "[", "z", "j", "k",
	};
	uint32_t random = 1;

	setenv("VISUAL", "/bin/true", 1);
	for (int round = 0; round < 12; round++) {
		if (round % 2)
			web_runs();
		open_small_world(f, 12 + round * 2, 40 + round * 10);
		for (int i = 0; i < 400 && !app_done(f->app); i++) {
			struct key key;

			random = random * 1664525 + 1013904223;
			assert_true(key_parse(names[(random >> 16) % (sizeof(names) / sizeof(names[0]))], &key));
			app_key(f->app, &key);
			if (i % 7 == 0)
				loop_turn(f->loop, 0);
			if (i % 3 == 0)
				app_draw(f->app);
		}
		turn(f);
		close_world(f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(the_list_is_drawn_at_every_size),
		world_test(the_filter_narrows_the_list_as_it_is_typed),
		world_test(every_tab_is_drawn),
		world_test(help_shows_the_keys_of_the_view_with_the_focus),
		world_test(escape_goes_back_and_never_quits),
		world_test(pasted_text_runs_no_keys),
		world_test(a_menu_that_is_longer_than_the_screen_follows_its_cursor),
		world_test(folding_hides_a_group_and_keeps_its_count),
		world_test(the_cursor_stays_on_its_machine_when_others_are_added),
		world_test(a_refused_start_shows_every_reason),
		world_scratch_test(an_iso_for_uefi_only_is_offered_with_uefi),
		world_scratch_test(uefi_variables_are_reset_after_a_question),
		world_test(a_broken_profile_shows_the_wrong_line_and_does_not_start),
		world_test(the_power_menu_asks_before_it_kills),
		world_test(a_guest_that_ignores_the_button_is_shown),
		world_test(the_end_of_a_vm_is_reported_with_its_reason),
		world_test(delete_asks_and_no_is_the_default),
		world_test(an_error_of_the_store_is_shown),
		world_test(a_running_profile_is_neither_deleted_nor_renamed),
		world_test(rename_checks_the_name_as_it_is_typed),
		world_test(a_new_profile_is_selected),
		world_test(a_clone_has_its_own_identity),
		world_test(a_resize_keeps_the_selection),
		cmocka_unit_test(the_first_screen_reads_no_more_than_it_shows),
		world_test(keys_in_a_random_order_do_not_crash_the_screen),
	};

	setenv("TZ", "UTC", 1);
	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
