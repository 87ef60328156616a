/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/keeper/run/last_run.h"
#include "core/machines/ending.h"
#include "core/machines/foreign_qemu.h"
#include "ui/model/item.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define NOW 1714737800

static struct running_vm machine_of(const char *kind, const char *name)
{
	return (struct running_vm){
		.uuid = mem_strdup("1b4e28ba-2fa1-11d2-883f-0016d3cca427"), .name = mem_strdup(name),
		.state = mem_strdup("/vm/web-state"), .image = mem_strdup("/vm/web"), .kind = mem_strdup(kind),
	};
}

static void machine_finish(struct running_vm *machine)
{
	free(machine->uuid);
	free(machine->name);
	free(machine->state);
	free(machine->image);
	free(machine->kind);
}

static void a_machine_belongs_to_what_it_was_started_from(void **state)
{
	struct running_vm profile = machine_of("profile", "web"), run = machine_of("run", "web");
	struct item *web = item_new(ITEM_PROFILE, "web"), *other = item_new(ITEM_PROFILE, "db");
	struct item *image = item_new(ITEM_IMAGE, "/vm/web"), *directory = item_new(ITEM_STATE, "/vm/web-state");

	(void)state;
	assert_true(running_vm_is(&profile, web));
	assert_false(running_vm_is(&profile, other));
	assert_false(running_vm_is(&profile, image));
	assert_true(running_vm_is(&profile, directory));
	assert_false(running_vm_is(&run, web));
	/* Another machine of the image with its own directory is not the machine of the image item. */
	image->state = mem_strdup("/vm/other-state");
	assert_false(running_vm_is(&run, image));
	free(image->state);
	image->state = mem_strdup("/vm/web-state");
	assert_true(running_vm_is(&run, image));
	/* Its profile may be gone; then only the image is listed. */
	assert_true(running_vm_is(&profile, image));
	/* A quick launch in the directory of a profile belongs to that profile. */
	web->state = mem_strdup("/vm/web-state");
	assert_true(running_vm_is(&run, web));
	/* After it is read, the directory decides, because the name may have been another profile's. */
	web->state[1] = 'V';
	assert_false(running_vm_is(&profile, web));
	/* A UUID means one machine, whatever its name and however the UUID is written. */
	other->uuid = mem_strdup("1B4E28BA-2FA1-11D2-883F-0016D3CCA427");
	assert_true(running_vm_is(&profile, other));
	other->state = mem_strdup("/vm/web-state");
	assert_true(running_vm_is(&profile, other));
	/* But a copied profile has the UUID of the one it was copied from. */
	other->state[1] = 'V';
	assert_false(running_vm_is(&profile, other));
	/* It is still the same one if its directory was changed while it runs. */
	web->uuid = mem_strdup(profile.uuid);
	assert_true(running_vm_is(&profile, web));
	item_free(web);
	item_free(other);
	item_free(image);
	item_free(directory);
	machine_finish(&profile);
	machine_finish(&run);
}

static struct last_run *ended(bool ran, int status, int signal, const char *asked)
{
	struct last_run *last = mem_alloc(sizeof(*last));

	*last = (struct last_run){ .ran = ran, .exit = status, .signal = signal, .asked_by = asked, .ended = NOW - 20 };
	return last;
}

static void the_word_says_how_the_last_run_ended(void **state)
{
	static const struct { bool ran; int status, signal; const char *asked, *word; } cases[] = {
		{ true, 0, 0, "", "off 12:03" },
		{ true, 0, 0, "guest", "off 12:03" },
		{ true, 1, 0, "", "crashed 12:03" },
		{ true, 0, 9, NULL, "crashed 12:03" },
		{ true, 0, 9, "kill", "killed 12:03" },
		{ true, 1, 0, "quit", "off 12:03" },
		{ false, 1, 0, "", "failed" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct item *item = item_new(ITEM_PROFILE, "web");
		struct status status;

		item->last = ended(cases[i].ran, cases[i].status, cases[i].signal, cases[i].asked);
		item_status(item, NULL, NOW, &status);
		assert_string_equal(status.word, cases[i].word);
		assert_false(status.running);
		item_free(item);
	}
}

static void a_guest_that_panicked_is_not_called_off(void **state)
{
	struct item *item = item_new(ITEM_PROFILE, "web");
	struct status status;

	(void)state;
	item->last = ended(true, 0, 0, "guest");
	last_run_reason(item->last, "guest-panic");
	item_status(item, NULL, NOW, &status);
	assert_string_equal(status.word, "panicked 12:03");
	assert_int_equal(status.kind, STATUS_FAILED);
	item_free(item);
}

/* A running process counts more than anything else that is known of an item. */
static void a_running_vm_is_never_shown_as_off(void **state)
{
	(void)state;
	for (unsigned bits = 0; bits < 32; bits++) {
		struct item *item = item_new(ITEM_PROFILE, "web");
		struct running_vm machine = machine_of("profile", "web");
		bool ours = bits & 8;
		struct status status;

		item->broken = mem_strdup(bits & 1 ? "line 2: what?" : NULL);
		item->failure = mem_strdup(bits & 2 ? "no" : NULL);
		item->last = bits & 4 ? ended(true, 1, 0, "") : NULL;
		item->foreign = bits & 16 ? FOREIGN_UNKNOWN : FOREIGN_RUNS;
		machine.phase = VM_RUNNING;
		item_status(item, ours ? &machine : NULL, NOW, &status);
		assert_true(status.running);
		assert_int_equal(status.console, ours);
		assert_string_equal(status.word, ours ? "running" : bits & 16 ? "unknown" : "running");
		item_free(item);
		machine_finish(&machine);
	}
}

static void every_phase_has_its_own_word_and_look(void **state)
{
	struct item *item = item_new(ITEM_PROFILE, "web");
	struct running_vm machine = machine_of("profile", "web");
	char seen[VM_PHASES][40];
	struct status status;

	(void)state;
	for (int phase = VM_STARTING; phase < VM_PHASES; phase++) {
		machine.phase = (enum vm_phase)phase;
		item_status(item, &machine, NOW, &status);
		snprintf(seen[phase], sizeof(seen[phase]), "%s", status.word);
		for (int other = VM_STARTING; other < phase; other++)
			assert_string_not_equal(seen[phase], seen[other]);
	}
	machine.phase = VM_STOPPING;
	machine.unresponsive = true;
	item_status(item, &machine, NOW, &status);
	assert_string_equal(status.word, "does not react");
	/* Only a VM that runs is one that was reset. */
	machine.resets = 3;
	item_status(item, &machine, NOW, &status);
	assert_string_equal(status.word, "does not react");
	machine.phase = VM_RUNNING;
	item_status(item, &machine, NOW, &status);
	assert_string_equal(status.word, "reset 3 times");
	machine.resetting = true;
	item_status(item, &machine, NOW, &status);
	assert_string_equal(status.word, "resets again and again");
	machine.panicked = true;
	item_status(item, &machine, NOW, &status);
	assert_string_equal(status.word, "panicked");
	machine.paused = true;
	item_status(item, &machine, NOW, &status);
	assert_string_equal(status.word, "paused");
	machine.paused_why = mem_strdup("No space left on device: /vm/disk.img");
	item_status(item, &machine, NOW, &status);
	assert_string_equal(status.word, "disk full");
	assert_true(status.running);
	free(machine.paused_why);
	item_free(item);
	machine_finish(&machine);
}

static void the_last_run_is_reported_in_one_line(void **state)
{
	struct last_run *last = ended(true, 0, 9, "kill");
	char text[200], small[8];

	(void)state;
	last_run_reason(last, "killed");
	last_run_error(last, "gone");
	assert_string_equal(last_run_text(last, NOW, text, sizeof(text)),
	                    "12:03 killed by you: gone");
	assert_string_equal(last_run_text(NULL, NOW, text, sizeof(text)), "never run");
	assert_int_equal(strlen(last_run_text(last, NOW, small, sizeof(small))), sizeof(small) - 1);
	free(last);
	last = ended(true, 0, 11, "");
	last_run_reason(last, "signal");
	assert_string_equal(last_run_text(last, NOW, text, sizeof(text)), "12:03 ended by signal 11 (Segmentation fault)");
	free(last);
	last = ended(true, 0, 0, "powerdown");
	last_run_reason(last, "guest-shutdown");
	assert_string_equal(last_run_text(last, NOW, text, sizeof(text)), "12:03 the guest powered off after the power button");
	last->asked_by = "guest";
	assert_string_equal(last_run_text(last, NOW, text, sizeof(text)), "12:03 the guest powered off");
	last_run_reason(last, "something-new");
	assert_string_equal(last_run_text(last, NOW, text, sizeof(text)), "12:03 something-new");
	free(last);
	last = ended(true, 0, 0, "");
	last->started = last->ended;
	last->ended = 0;
	assert_int_equal(ending_of(last), ENDING_CUT_OFF);
	assert_string_equal(last_run_text(last, NOW, text, sizeof(text)),
	                    "started 12:03, cut off: its keeper was killed, or the host went down");
	free(last);
}

/* Another program's QEMU: a waiting process with the given command line. */

struct place {
	char dir[64];
	pid_t pid;
};

static int set_up(void **state)
{
	struct place *place = mem_alloc(sizeof(*place));

	snprintf(place->dir, sizeof(place->dir), "/tmp/paddock-item-XXXXXX");
	*state = place;
	return mkdtemp(place->dir) == NULL;
}

static int tear_down(void **state)
{
	struct place *place = *state;
	char *path = mem_printf("%s/qemu.pid", place->dir);

	if (place->pid > 0) {
		kill(place->pid, SIGKILL);
		waitpid(place->pid, NULL, 0);
	}
	unlink(path);
	rmdir(place->dir);
	free(path);
	free(place);
	return 0;
}

static void write_pid(const struct place *place, const char *text)
{
	char *path = mem_printf("%s/qemu.pid", place->dir);
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	free(path);
}

/* Returns when the process has the command line. */
static void start_process(struct place *place, const char *pidfile)
{
	int pipe_ends[2];
	char byte;

	assert_int_equal(pipe2(pipe_ends, O_CLOEXEC), 0);
	place->pid = fork();
	assert_true(place->pid >= 0);
	if (place->pid == 0) {
		if (chdir(place->dir) == 0)
			execl("/bin/sh", "sh", "-c", "kill -STOP $$", "qemu", "-pidfile", pidfile, (char *)NULL);
		_exit(127);
	}
	close(pipe_ends[1]);
	/* End of file: exec has closed the other end. */
	assert_int_equal(read(pipe_ends[0], &byte, 1), 0);
	close(pipe_ends[0]);

	char *number = mem_printf("%d\n", (int)place->pid);

	write_pid(place, number);
	free(number);
}

static void a_qemu_with_this_pid_file_runs_here(void **state)
{
	struct place *place = *state;
	pid_t pid;

	start_process(place, "qemu.pid");
	assert_int_equal(foreign_qemu_probe(place->dir, &pid), FOREIGN_RUNS);
	assert_int_equal(pid, place->pid);
}

static void a_reused_pid_is_not_a_vm(void **state)
{
	struct place *place = *state;
	pid_t pid;

	start_process(place, "/elsewhere/qemu.pid");
	assert_int_equal(foreign_qemu_probe(place->dir, &pid), FOREIGN_NONE);
}

static void a_pid_file_without_a_usable_number_is_not_a_vm(void **state)
{
	static const char *const texts[] = { "", "x", "0", "-1", "99999999999", "2147483647\n", "1 2" };
	struct place *place = *state;
	pid_t pid;

	assert_int_equal(foreign_qemu_probe(place->dir, &pid), FOREIGN_NONE);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		write_pid(place, texts[i]);
		assert_int_equal(foreign_qemu_probe(place->dir, &pid), FOREIGN_NONE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_machine_belongs_to_what_it_was_started_from),
		cmocka_unit_test(the_word_says_how_the_last_run_ended),
		cmocka_unit_test(a_guest_that_panicked_is_not_called_off),
		cmocka_unit_test(a_running_vm_is_never_shown_as_off),
		cmocka_unit_test(every_phase_has_its_own_word_and_look),
		cmocka_unit_test(the_last_run_is_reported_in_one_line),
		cmocka_unit_test_setup_teardown(a_qemu_with_this_pid_file_runs_here, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_reused_pid_is_not_a_vm, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_pid_file_without_a_usable_number_is_not_a_vm, set_up, tear_down),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
