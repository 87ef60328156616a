/* SPDX-License-Identifier: MIT */
#include "fake/vm_rig.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "persist/records.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <cmocka.h>

#define PATIENT "PADDOCK_TEST_PATIENT"
#define UUID "1b4e28ba-2fa1-41d2-883f-0016d3cca427"

int rig_keeper(int argc, char **argv)
{
	static const struct keeper_timeouts timeouts = { .lock = 1000, .helper = 800, .react = 200, .quit = 200, .flush = 300 };

	static const struct keeper_timeouts more = { .lock = 1000, .helper = 800, .react = 60000, .quit = 60000, .flush = 300 };

	if (argc < 2 || strcmp(argv[1], KEEPER_WORD) != 0)
		return -1;
	/* What a failed test leaves behind ends with the test program. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	return keeper_main_with_timeouts(records_on_files(), getenv(PATIENT) ? &more : &timeouts);
}

static void set_plan(struct rig *rig)
{
	struct plan *plan = &rig->plan;
	const char *programs = getenv("PADDOCK_PROGRAMS");

	plan->name = mem_strdup("web");
	plan->uuid = mem_strdup(UUID);
	plan->image = rig_path(rig, "web.qcow2");
	plan->state = mem_strdup(rig->state);
	plan->state_absolute = mem_strdup(rig->state);
	plan->cwd = mem_strdup(rig->home);
	plan->kind = mem_strdup("profile");
	plan->qemu = mem_printf("%s/fake_qemu", programs ? programs : "build/tests/programs");
	if (plan->qemu[0] != '/') {
		char *relative = plan->qemu;

		plan->qemu = path_absolute(relative);
		free(relative);
	}
	rig_arg(rig, plan->qemu);
	rig_arg(rig, "-chardev");
	rig_arg(rig, "socket,id=qmp,fd=3");
	rig_arg(rig, "-mon");
	rig_arg(rig, "chardev=qmp,mode=control");
}

void rig_init(struct rig *rig)
{
	char *home = mem_strdup("/tmp/paddock-rig.XXXXXX");

	*rig = (struct rig){ 0 };
	assert_non_null(mkdtemp(home));
	rig->home = home;
	rig->state = rig_path(rig, "web.qcow2-state");
	setenv("HOME", home, 1);
	unsetenv("XDG_STATE_HOME");
	unsetenv("FAKE_QEMU");
	rig->loop = loop_new();
	assert_non_null(rig->loop);
	set_plan(rig);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

void rig_finish(struct rig *rig)
{
	pid_t keeper;

	if (rig_entry(&keeper) && keeper > 1 && keeper != getpid())
		kill(keeper, SIGKILL);
	loop_free(rig->loop);
	plan_finish(&rig->plan);
	nftw(rig->home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(rig->home);
	free(rig->state);
}

int rig_setup(void **state)
{
	struct rig *rig = mem_alloc(sizeof(*rig));

	rig_init(rig);
	*state = rig;
	return 0;
}

int rig_teardown(void **state)
{
	rig_finish(*state);
	free(*state);
	return 0;
}

char *rig_path(const struct rig *rig, const char *name)
{
	return path_join(rig->home, name);
}

void rig_arg(struct rig *rig, const char *text)
{
	struct plan *plan = &rig->plan;

	plan->args = mem_resize(plan->args, plan->arg_count + 1, sizeof(*plan->args));
	plan->args[plan->arg_count++] = (struct plan_arg){ mem_strdup(text), mem_strdup("test") };
	plan->arg_size = plan->arg_count;
}

struct plan_step *rig_step(struct rig *rig, enum plan_step_kind kind, const char *path)
{
	struct plan *plan = &rig->plan;

	plan->steps = mem_resize(plan->steps, plan->step_count + 1, sizeof(*plan->steps));
	plan->step_size = plan->step_count + 1;

	struct plan_step *step = &plan->steps[plan->step_count++];

	*step = (struct plan_step){ .kind = kind, .path = mem_strdup(path), .mode = 0600 };
	return step;
}

/* ---- what clients write down ---- */

static void on_console(void *data, const void *bytes, size_t len, bool history)
{
	struct seen *seen = data;

	str_add(history ? &seen->history : &seen->console, bytes, len);
}

static void on_history_end(void *data)
{
	struct seen *seen = data;

	assert_false(seen->history_end);
	seen->history_end = true;
}

static void on_gap(void *data, uint64_t missed)
{
	struct seen *seen = data;

	seen->gaps++;
	seen->missed += missed;
}

static void on_step(void *data, const char *text)
{
	struct seen *seen = data;

	seen->steps++;
	str_addf(&seen->step, "%s\n", text);
}

static void on_state(void *data, const struct keeper_state *state)
{
	struct seen *seen = data;

	seen->states++;
	seen->state = *state;
	snprintf(seen->name, sizeof(seen->name), "%s", state->name);
	seen->state.name = seen->name;
	snprintf(seen->paused_why, sizeof(seen->paused_why), "%s", state->paused_why ? state->paused_why : "");
	seen->state.paused_why = seen->paused_why;
}

static void on_answerer(void *data, bool we)
{
	struct seen *seen = data;

	seen->answerer = we;
}

static void on_writable(void *data)
{
	((struct seen *)data)->writable++;
}

static void on_notice(void *data, const char *text)
{
	struct seen *seen = data;

	str_addf(&seen->notice, "%s\n", text);
}

static void on_reply(void *data, unsigned id, const char *error)
{
	struct seen *seen = data;

	(void)id;
	seen->replies++;
	snprintf(seen->reply, sizeof(seen->reply), "%s", error ? error : "");
}

static void on_ended(void *data, const struct keeper_end *end)
{
	struct seen *seen = data;

	assert_false(seen->ended);
	seen->ended = true;
	seen->end = *end;
	snprintf(seen->reason, sizeof(seen->reason), "%s", end->reason);
	snprintf(seen->error, sizeof(seen->error), "%s", end->error);
	seen->end.reason = seen->reason;
	seen->end.error = seen->error;
}

static void on_lost(void *data, const char *why)
{
	struct seen *seen = data;

	seen->lost = true;
	snprintf(seen->why, sizeof(seen->why), "%s", why);
}

static const struct keeper_events events = {
	.console = on_console, .history_end = on_history_end, .gap = on_gap, .step = on_step, .state = on_state,
	.answerer = on_answerer, .writable = on_writable, .notice = on_notice, .reply = on_reply, .ended = on_ended, .lost = on_lost,
};

static void seen_init(struct seen *seen)
{
	*seen = (struct seen){ 0 };
	str_init(&seen->history);
	str_init(&seen->console);
	str_init(&seen->step);
	str_init(&seen->notice);
}

void rig_launch(struct rig *rig, struct seen *seen, enum keeper_role role)
{
	struct error err;

	seen_init(seen);
	if (rig->fake)
		setenv("FAKE_QEMU", rig->fake, 1);
	else
		unsetenv("FAKE_QEMU");
	if (rig->patient)
		setenv(PATIENT, "1", 1);
	else
		unsetenv(PATIENT);
	seen->client = keeper_launch(rig->loop, &rig->plan, &(struct keeper_join){ .role = role, .raw = true }, &events, seen,
	                             &err);
	if (!seen->client)
		fail_msg("%s", err.text);
}

static bool find(struct registry_list *list, size_t *index)
{
	struct error err;

	if (!registry_read(records_on_files(), list, &err))
		fail_msg("%s", err.text);
	for (*index = 0; *index < list->count; (*index)++) {
		if (strcmp(list->items[*index].uuid, UUID) == 0)
			return true;
	}
	return false;
}

bool rig_entry(pid_t *keeper)
{
	struct registry_list list;
	size_t index;
	bool found = find(&list, &index);

	if (found)
		*keeper = list.items[index].pid;
	registry_list_finish(&list);
	return found;
}

size_t rig_children(pid_t keeper, pid_t *out, size_t max)
{
	char path[64];
	size_t count = 0;
	long child;

	snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", (long)keeper, (long)keeper);

	FILE *file = fopen(path, "re");

	while (file && fscanf(file, "%ld", &child) == 1) {
		if (count < max)
			out[count] = (pid_t)child;
		count++;
	}
	if (file)
		fclose(file);
	return count;
}

bool rig_is_dead(pid_t pid)
{
	char path[64], buf[1];

	snprintf(path, sizeof(path), "/proc/%ld/cmdline", (long)pid);

	FILE *file = fopen(path, "re");
	bool dead = !file || fread(buf, 1, 1, file) == 0;

	if (file)
		fclose(file);
	return dead;
}

void rig_launch_running(struct rig *rig, struct seen *seen, enum keeper_role role)
{
	rig_launch(rig, seen, role);
	until(rig, seen->state.phase == VM_RUNNING);
}

void rig_attach(struct rig *rig, struct seen *seen, enum keeper_role role)
{
	struct registry_list list;
	struct error err;
	size_t index;

	seen_init(seen);
	if (!find(&list, &index))
		fail_msg("nothing runs that could be attached to");
	seen->client = keeper_connect(rig->loop, &list.items[index], &(struct keeper_join){ .role = role, .raw = true },
	                              &events, seen, &err);
	registry_list_finish(&list);
	if (!seen->client)
		fail_msg("%s", err.text);
}

void rig_close(struct seen *seen)
{
	keeper_close(seen->client);
	str_finish(&seen->history);
	str_finish(&seen->console);
	str_finish(&seen->step);
	str_finish(&seen->notice);
	seen->client = NULL;
}

void rig_type(struct seen *seen, const char *text)
{
	keeper_type(seen->client, text, strlen(text));
}

void rig_poweroff(struct rig *rig, struct seen *seen)
{
	rig_type(seen, "!poweroff\n");
	until(rig, seen->ended);
}

void rig_run_ends(struct rig *rig, struct seen *seen)
{
	rig_poweroff(rig, seen);
	rig_close(seen);
}

bool rig_has(const struct rig *rig, const char *name)
{
	char *path = rig_path(rig, name);
	bool there = access(path, F_OK) == 0;

	free(path);
	return there;
}

unsigned rig_files_in(const char *path)
{
	DIR *dir = opendir(path);
	unsigned count = 0;

	if (!dir)
		return 0;
	for (const struct dirent *entry; (entry = readdir(dir));)
		count += entry->d_name[0] != '.';
	closedir(dir);
	return count;
}

char *rig_text(const struct rig *rig, const char *name)
{
	char *path = path_join(rig->state, name);
	FILE *file = fopen(path, "re");
	char buf[4096];
	struct str text;
	size_t n;

	free(path);
	if (!file)
		return NULL;
	str_init(&text);
	while ((n = fread(buf, 1, sizeof(buf), file)) > 0)
		str_add(&text, buf, n);
	fclose(file);
	str_addc(&text, '\0');
	return str_detach(&text);
}

bool rig_sees(const struct seen *seen, const char *text)
{
	size_t len = strlen(text);

	return memmem(seen->console.text, seen->console.len, text, len) ||
	       memmem(seen->history.text, seen->history.len, text, len);
}

void rig_turn(struct rig *rig, uint64_t deadline, const char *what, const char *file, int line)
{
	uint64_t now = loop_now();

	if (now >= deadline) {
		print_error("%s:%d: this never came: %s\n", file, line, what);
		_fail(file, line);
	}
	/* What a condition looks at may be no descriptor of the loop's. */
	loop_turn(rig->loop, 20);
}
