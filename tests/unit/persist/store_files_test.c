/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/vm/store.h"
#include "fake/store_home.h"
#include "persist/atomic.h"
#include "persist/store_files.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static void assert_text(const struct home *home, const char *name, const char *want)
{
	struct error err = { 0 };
	char *text = home->store->text(home->store, name, &err);

	if (!text)
		fail_msg("%s", err.text);
	assert_string_equal(text, want);
	free(text);
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_mode & 07777 : 0;
}

static void names_come_from_the_directory_alone(void **state)
{
	struct home *home = *state;
	struct strv names = { 0 }, want = { 0 };
	struct error err;
	char path[160];

	assert_true(home->store->names(home->store, &names, &err));
	assert_int_equal(names.count, 0);
	store_home_put(home, "web", "");
	store_home_put(home, "Ärger", "");
	store_home_put(home, "broken", "[vm");
	snprintf(path, sizeof(path), "%s/.hidden.ini", home->vms);
	assert_true(atomic_write(path, "", 0, ATOMIC_FAST, &err));
	snprintf(path, sizeof(path), "%s/notes.txt", home->vms);
	assert_true(atomic_write(path, "", 0, ATOMIC_FAST, &err));
	snprintf(path, sizeof(path), "%s/dir.ini", home->vms);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_true(home->store->names(home->store, &names, &err));
	strv_add(&want, "broken");
	strv_add(&want, "web");
	strv_add(&want, "Ärger");
	assert_true(strv_equal(&names, &want));
	strv_finish(&names);
	strv_finish(&want);
}

static void a_first_save_makes_private_directories_and_a_private_file(void **state)
{
	struct home *home = *state;
	struct vm_config config = store_home_named("web"), got;
	const struct store_revision none = { 0 };
	struct store_revision now, seen;
	struct error err = { 0 };
	char *path = home->store->path(home->store, "web");

	vm_config_init(&got, CONFIG_COMMAND_LINE);
	vm_config_set(&config, SET_CPUS, "2");
	assert_int_equal(access(home->vms, F_OK), -1);
	assert_int_equal(home->store->save(home->store, &config, &none, &now, &err), STORE_OK);
	assert_int_equal(mode_of(home->vms), 0700);
	assert_int_equal(mode_of(path), 0600);
	assert_true(home->store->load(home->store, "web", &got, &seen, &err));
	assert_true(vm_config_equal(&config, &got));
	assert_string_equal(got.name, "web");
	assert_int_equal(got.origin, CONFIG_PROFILE);
	assert_int_equal(seen.hash, now.hash);
	assert_int_equal(seen.size, now.size);
	assert_true(now.exists);
	free(path);
	vm_config_finish(&config);
	vm_config_finish(&got);
}

static void a_file_that_changed_meanwhile_is_not_overwritten(void **state)
{
	struct home *home = *state;
	const struct store_revision none = { 0 };
	struct vm_config config = store_home_named("web");
	struct store_revision seen, now;
	struct error err = { 0 };
	char *preview;

	store_home_put(home, "web", "[vm]\ncpus = 1\n");
	assert_int_equal(home->store->save(home->store, &config, &none, &now, &err), STORE_CHANGED);
	assert_true(home->store->load(home->store, "web", &config, &seen, &err));
	store_home_put(home, "web", "[vm]\ncpus = 3\n");
	vm_config_set(&config, SET_MEMORY, "64");
	assert_int_equal(home->store->save(home->store, &config, &seen, &now, &err), STORE_CHANGED);
	assert_text(home, "web", "[vm]\ncpus = 3\n");
	preview = home->store->preview(home->store, &config, &err);
	assert_string_equal(preview, "[vm]\ncpus = 1\nmemory = 64\n");
	assert_int_equal(home->store->save(home->store, &config, NULL, &now, &err), STORE_OK);
	assert_text(home, "web", preview);
	assert_true(home->store->discard(home->store, "web", NULL, NULL, &err));
	assert_int_equal(home->store->save(home->store, &config, &now, &now, &err), STORE_CHANGED);
	free(preview);
	vm_config_finish(&config);
}

static void a_broken_file_is_named_with_its_line_and_never_overwritten(void **state)
{
	struct home *home = *state;
	struct vm_config config = store_home_named("web");
	struct store_revision seen, now;
	struct error err = { 0 };

	store_home_put(home, "web", "[vm]\ncpus = 1\nwhat\n");
	assert_false(home->store->load(home->store, "web", &config, &seen, &err));
	assert_string_equal(err.text, "line 3: neither a [section] nor key = value");
	assert_int_equal(home->store->save(home->store, &config, NULL, &now, &err), STORE_FAILED);
	assert_non_null(strstr(err.text, "not overwriting"));
	assert_non_null(strstr(err.text, "line 3: "));
	assert_int_equal(home->store->save(home->store, &config, &seen, &now, &err), STORE_FAILED);
	assert_null(home->store->preview(home->store, &config, &err));
	assert_text(home, "web", "[vm]\ncpus = 1\nwhat\n");
	vm_config_finish(&config);
}

static void a_save_that_fails_leaves_the_old_file(void **state)
{
	struct home *home = *state;
	struct vm_config config = store_home_named("web");
	struct error err = { 0 };
	struct rlimit old, tight;

	store_home_put(home, "web", "[vm]\ncpus = 1\n");
	vm_config_set(&config, SET_CPUS, "2");
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	tight = (struct rlimit){ 4, old.rlim_max };
	setrlimit(RLIMIT_FSIZE, &tight);

	enum store_outcome outcome = home->store->save(home->store, &config, NULL, NULL, &err);

	setrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(outcome, STORE_FAILED);
	assert_text(home, "web", "[vm]\ncpus = 1\n");
	assert_int_equal(home->store->save(home->store, &config, NULL, NULL, &err), STORE_OK);
	assert_text(home, "web", "[vm]\ncpus = 2\n");
	vm_config_finish(&config);
}

static void a_read_only_profile_stays_as_it_is(void **state)
{
	struct home *home = *state;
	struct vm_config config = store_home_named("web");
	struct error err = { 0 };
	char path[160];

	store_home_put(home, "web", "[vm]\ncpus = 1\n");
	snprintf(path, sizeof(path), "%s/web.ini", home->vms);
	assert_int_equal(chmod(path, 0400), 0);
	vm_config_set(&config, SET_CPUS, "2");
	assert_int_equal(home->store->save(home->store, &config, NULL, NULL, &err), STORE_FAILED);
	assert_non_null(strstr(err.text, "web.ini is read-only; use chmod u+w"));
	assert_text(home, "web", "[vm]\ncpus = 1\n");
	vm_config_finish(&config);
}

static void a_directory_that_cannot_be_made_is_a_reason(void **state)
{
	struct home *home = *state;
	struct vm_config config = store_home_named("web");
	struct error err = { 0 };
	char path[160];

	snprintf(path, sizeof(path), "%s/.config", home->path);
	assert_true(atomic_write(path, "", 0, ATOMIC_FAST, &err));
	assert_int_equal(home->store->save(home->store, &config, NULL, NULL, &err), STORE_FAILED);
	assert_non_null(strstr(err.text, ".config"));
	vm_config_finish(&config);
}

static void only_names_are_names(void **state)
{
	static const char *const bad[] = { "", ".", "..", "../x", "a/b", "/etc/passwd", ".x" };
	struct home *home = *state;
	struct store_revision seen;
	struct error err;

	store_home_put(home, "web", "");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct vm_config config = store_home_named(bad[i]), got;

		vm_config_init(&got, CONFIG_PROFILE);
		assert_int_equal(home->store->save(home->store, &config, NULL, NULL, &err), STORE_FAILED);
		assert_false(home->store->load(home->store, bad[i], &got, &seen, &err));
		assert_false(home->store->discard(home->store, bad[i], NULL, NULL, &err));
		assert_false(home->store->rename(home->store, "web", bad[i], &err));
		assert_false(home->store->rename(home->store, bad[i], "new", &err));
		assert_null(home->store->text(home->store, bad[i], &err));
		vm_config_finish(&config);
		vm_config_finish(&got);
	}
	assert_text(home, "web", "");
}

static void a_file_with_an_odd_name_can_be_renamed_to_a_good_one(void **state)
{
	struct home *home = *state;
	struct vm_config config = store_home_named("x");
	struct store_revision seen;
	struct error err;

	store_home_put(home, "a\nb", "[vm]\ncpus = 1\n");
	assert_false(home->store->load(home->store, "a\nb", &config, &seen, &err));
	assert_true(home->store->rename(home->store, "a\nb", "ab", &err));
	assert_true(home->store->load(home->store, "ab", &config, &seen, &err));
	vm_config_finish(&config);
}

static void a_rename_replaces_nothing(void **state)
{
	struct home *home = *state;
	struct strv names = { 0 };
	struct error err;

	store_home_put(home, "a", "; a\n");
	store_home_put(home, "b", "; b\n");
	assert_false(home->store->rename(home->store, "a", "b", &err));
	assert_string_equal(err.text, "a profile named b already exists");
	assert_text(home, "b", "; b\n");
	assert_true(home->store->rename(home->store, "a", "c", &err));
	assert_true(home->store->rename(home->store, "c", "c", &err));
	assert_text(home, "c", "; a\n");
	assert_true(home->store->discard(home->store, "b", NULL, NULL, &err));
	assert_false(home->store->discard(home->store, "b", NULL, NULL, &err));
	assert_true(home->store->names(home->store, &names, &err));
	assert_int_equal(names.count, 1);
	strv_finish(&names);
}

static void two_that_save_at_once_do_not_mix(void **state)
{
	struct home *home = *state;
	struct vm_config config = store_home_named("web");
	struct error err;
	int fd;

	store_home_put(home, "web", "");
	fd = open(home->vms, O_RDONLY | O_DIRECTORY);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(home->store->save(home->store, &config, NULL, NULL, &err), STORE_FAILED);
	assert_string_equal(err.text, "another paddock is changing the profiles; try again");
	close(fd);
	assert_int_equal(home->store->save(home->store, &config, NULL, NULL, &err), STORE_OK);
	vm_config_finish(&config);
}

static void nothing_is_made_in_the_home_of_another_user(void **state)
{
	struct home *home = *state;
	struct vm_config config = store_home_named("web");
	struct store_revision seen;
	struct error err;

	if (geteuid() != 0) {
		print_message("skipped: only root can be two users\n");
		skip();
	}
	assert_int_equal(chown(home->path, 12345, 12345), 0);
	assert_int_equal(home->store->save(home->store, &config, NULL, NULL, &err), STORE_FAILED);
	assert_non_null(strstr(err.text, "belongs to user 12345 and not to you"));
	assert_int_equal(access(home->vms, F_OK), -1);
	store_home_put(home, "web", "[vm]\ncpus = 1\n");
	assert_true(home->store->load(home->store, "web", &config, &seen, &err));
	assert_false(home->store->discard(home->store, "web", NULL, NULL, &err));
	assert_false(home->store->rename(home->store, "web", "b", &err));
	vm_config_finish(&config);
}

static int names_as_nobody(const struct home *home)
{
	struct strv names = { 0 };
	struct error err;

	if (setuid(65534) != 0 || home->store->names(home->store, &names, &err))
		return 1;
	return strstr(err.text, "belongs to user") ? 0 : 2;
}

static void profiles_in_the_home_of_another_user_are_said_to_be_that(void **state)
{
	struct home *home = *state;
	int status;

	if (geteuid() != 0)
		skip();
	store_home_put(home, "web", "[vm]\ncpus = 1\n");
	assert_int_equal(chmod(home->vms, 0700), 0);
	pid_t child = fork();
	if (child == 0)
		_exit(names_as_nobody(home));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* A variable that is not absolute counts as not set (XDG base directories). */
static void the_configuration_directory_can_be_told(void **state)
{
	struct home *home = *state;
	char path[160];

	for (int absolute = 0; absolute < 2; absolute++) {
		snprintf(path, sizeof(path), "%s/elsewhere", home->path);
		setenv("XDG_CONFIG_HOME", absolute ? path : "relative", 1);
		store_files_free(home->store);
		home->store = store_files_new(NULL);
		snprintf(path, sizeof(path), "%s/%s/paddock/vms/x.ini", home->path,
		         absolute ? "elsewhere" : ".config");

		char *got = home->store->path(home->store, "x");

		assert_string_equal(got, path);
		free(got);
	}
	unsetenv("XDG_CONFIG_HOME");
}

static bool changed(const struct home *home)
{
	struct pollfd fd = { .fd = home->store->change_fd(home->store), .events = POLLIN };

	return poll(&fd, 1, 0) == 1;
}

/* inotify reports before the call that caused it returns, so nothing here waits. */
static void whoever_changes_a_profile_wakes_the_screen(void **state)
{
	struct home *home = *state;
	struct error err = { 0 };
	char path[160];

	assert_true(home->store->change_fd(home->store) >= 0);
	assert_false(changed(home));

	snprintf(path, sizeof(path), "%s/.config", home->path);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_true(changed(home));
	home->store->changed(home->store);
	assert_false(changed(home));

	assert_true(path_make_dirs(home->vms, 0700, &err));
	assert_true(changed(home));
	home->store->changed(home->store);
	assert_false(changed(home));

	store_home_put(home, "web", "");
	assert_true(changed(home));
	home->store->changed(home->store);
	store_home_put(home, "web", "; new\n");
	assert_true(changed(home));
	home->store->changed(home->store);
	assert_true(home->store->rename(home->store, "web", "b", &err));
	assert_true(changed(home));
	home->store->changed(home->store);
	assert_true(home->store->discard(home->store, "b", NULL, NULL, &err));
	assert_true(changed(home));
	home->store->changed(home->store);
	assert_false(changed(home));

	assert_int_equal(rmdir(home->vms), 0);
	assert_true(changed(home));
	home->store->changed(home->store);
	store_home_put(home, "again", "");
	assert_true(changed(home));
	home->store->changed(home->store);
	store_home_put(home, "again", "; x\n");
	assert_true(changed(home));
}

static void settings_are_looked_up_and_read_anew(void **state)
{
	struct home *home = *state;
	struct error err = { 0 };
	char path[160];

	assert_null(home->store->setting(home->store, "keys", "prefix"));
	assert_true(store_files_settings_good(home->store, &err));
	assert_true(home->store->change_fd(home->store) >= 0);
	store_home_put(home, "x", "");
	home->store->changed(home->store);
	snprintf(path, sizeof(path), "%s/../paddock.ini", home->vms);
	assert_true(atomic_write(path, "[keys]\nprefix = C-b\n", 20, ATOMIC_FAST, &err));
	assert_true(changed(home));
	home->store->changed(home->store);
	assert_string_equal(home->store->setting(home->store, "keys", "prefix"), "C-b");
	assert_string_equal(home->store->setting(home->store, "Keys", "PREFIX"), "C-b");
	assert_true(store_files_settings_good(home->store, &err));
	static const struct { const char *text, *told; } wrong[] = {
		{ "[keys]\n\nprefx = C-b\n", "paddock.ini: line 3: unknown setting prefx in [keys]; did you mean prefix?" },
		{ "[keys]\nprefix = C-b\n[libary]\ndirectory = /vm\n",
		  "paddock.ini: line 4: unknown setting directory in [libary]; did you mean library?" },
		{ "[mine]\nown = 1\n", "paddock.ini: line 2: unknown setting own in [mine]" },
	};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_true(atomic_write(path, wrong[i].text, strlen(wrong[i].text), ATOMIC_FAST, &err));
		home->store->changed(home->store);
		assert_false(store_files_settings_good(home->store, &err));
		assert_string_equal(err.text, wrong[i].told);
	}
	assert_true(atomic_write(path, "[keys\n", 6, ATOMIC_FAST, &err));
	home->store->changed(home->store);
	assert_null(home->store->setting(home->store, "keys", "prefix"));
	assert_false(store_files_settings_good(home->store, &err));
	assert_non_null(strstr(err.text, "paddock.ini: line 1: "));
	assert_false(home->store->scan_begin(home->store, &err));
	assert_non_null(strstr(err.text, "paddock.ini: line 1: "));
}

static void the_library_is_that_of_the_command_line_or_the_settings_or_here(void **state)
{
	static const char text[] = "[library]\ndirectory = ~/vm\ndirectory = /srv/../images\n";
	struct home *home = *state;
	struct strv told = { 0 };
	struct error err = { 0 };
	char *here = getcwd(NULL, 0);
	char path[160];

	assert_int_equal(home->store->directories(home->store)->count, 1);
	assert_string_equal(home->store->directories(home->store)->items[0], here);
	store_home_put(home, "x", "");
	snprintf(path, sizeof(path), "%s/../paddock.ini", home->vms);
	assert_true(atomic_write(path, text, strlen(text), ATOMIC_FAST, &err));
	home->store->changed(home->store);
	snprintf(path, sizeof(path), "%s/vm", home->path);
	assert_int_equal(home->store->directories(home->store)->count, 2);
	assert_string_equal(home->store->directories(home->store)->items[0], path);
	assert_string_equal(home->store->directories(home->store)->items[1], "/images");
	store_files_free(home->store);
	strv_add(&told, "some/./where/");
	home->store = store_files_new(&told);
	snprintf(path, sizeof(path), "%s/some/where", here);
	assert_int_equal(home->store->directories(home->store)->count, 1);
	assert_string_equal(home->store->directories(home->store)->items[0], path);
	strv_finish(&told);
	free(here);
}


int main(void)
{
	const struct CMUnitTest tests[] = {
		with_home(names_come_from_the_directory_alone),
		with_home(a_first_save_makes_private_directories_and_a_private_file),
		with_home(a_file_that_changed_meanwhile_is_not_overwritten),
		with_home(a_broken_file_is_named_with_its_line_and_never_overwritten),
		with_home(a_save_that_fails_leaves_the_old_file),
		with_home(a_read_only_profile_stays_as_it_is),
		with_home(a_directory_that_cannot_be_made_is_a_reason),
		with_home(only_names_are_names),
		with_home(a_file_with_an_odd_name_can_be_renamed_to_a_good_one),
		with_home(a_rename_replaces_nothing),
		with_home(two_that_save_at_once_do_not_mix),
		with_home(nothing_is_made_in_the_home_of_another_user),
		with_home(profiles_in_the_home_of_another_user_are_said_to_be_that),
		with_home(the_configuration_directory_can_be_told),
		with_home(whoever_changes_a_profile_wakes_the_screen),
		with_home(settings_are_looked_up_and_read_anew),
		with_home(the_library_is_that_of_the_command_line_or_the_settings_or_here),
	};

	return cmocka_run_group_tests_name("store_files", tests, NULL, NULL);
}
