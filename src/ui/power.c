/* SPDX-License-Identifier: MIT */
#include "ui/power.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "ui/kit/app.h"
#include "ui/kit/ask.h"
#include "ui/model/model.h"
#include "ui/session.h"
#include "ui/start.h"

#include <stdlib.h>
#include <string.h>

#define NO_STEP STOP_STEPS

static const struct power {
	const char *id;
	enum stop_step step;		/* NO_STEP: only the command */
	enum keeper_command command;
	const char *said;		/* NULL: what the step is called when it is done */
	const char *question, *loss;	/* before and after the name, where a yes is needed first; NULL: it is not */
} powers[] = {
	{ "button", STOP_BUTTON, 0, "power button pressed; the guest decides", NULL, NULL },
	{ "agent", STOP_AGENT, 0, NULL, NULL, NULL },
	{ "reset", NO_STEP, KEEPER_RESET, "reset", "Reset", "The guest is not shut down first." },
	{ "pause", NO_STEP, KEEPER_PAUSE, "paused", NULL, NULL },
	{ "resume", NO_STEP, KEEPER_RESUME, "resumed", NULL, NULL },
	{ "quit", STOP_QUIT, 0, NULL, "Quit the QEMU of", "Disks are flushed, but the guest is not shut down." },
	{ "term", STOP_TERM, 0, NULL, "Send SIGTERM to the QEMU of", "Disks are flushed, but the guest is not shut down." },
	{ "kill", STOP_KILL, 0, "killed", "Kill", "What the guest and QEMU have not written to disk is lost." },
};

static const struct power *power_of(const char *id)
{
	size_t i = 0;

	while (strcmp(powers[i].id, id) != 0)
		i++;
	return &powers[i];
}

/* What was asked. The UUID says for which machine: by the time of the answer, the name may mean another one. */
struct power_request {
	const struct power *power;
	char uuid[];
};

static bool take_step(struct model *model, const struct running_vm *machine, const struct power *power, struct error *err)
{
	bool is_step = power->step != NO_STEP;

	if (is_step && !stop_ladder_offers(&machine->stop, power->step))
		return error_set(err, "%s already", stop_step_done(machine->stop.step));
	if (is_step ? model_stop(model, machine->uuid, power->step) : model_command(model, machine->uuid, power->command))
		return true;
	/* SIGTERM has said why. */
	return error_set(err, "%s", power->step == STOP_TERM ? "" : "its keeper does not answer");
}

static void do_power(struct app *app, const char *uuid, const struct power *power)
{
	const struct running_vm *machine = model_running_vm_by_uuid(session_model(app), uuid);
	struct error err;

	if (machine == NULL)
		app_say(app, "it is no longer running");
	else if (take_step(session_model(app), machine, power, &err))
		app_say(app, "%s: %s", machine->name, power->said != NULL ? power->said : stop_step_done(power->step));
	else if (err.text[0] != '\0')
		app_say(app, "%s: %s", machine->name, err.text);
}

bool power_do(struct app *app, const char *uuid, const char *id, struct error *err)
{
	const struct running_vm *machine = model_running_vm_by_uuid(session_model(app), uuid);

	if (machine == NULL)
		return error_set(err, "it is no longer running");
	if (strcmp(id, "resume") == 0 && !machine->paused)
		return error_set(err, "it is not paused");
	return take_step(session_model(app), machine, power_of(id), err);
}

bool power_restart_at_once(struct app *app, enum item_kind kind, const char *name, const char *uuid, struct error *err)
{
	const struct running_vm *machine = model_running_vm_by_uuid(session_model(app), uuid);

	if (machine == NULL)
		return error_set(err, "it is no longer running");
	if (machine->restart)
		return error_set(err, "it is already being restarted");
	if (!start_would(app, kind, name, err))
		return false;
	return model_restart(session_model(app), uuid) || error_set(err, "its keeper does not answer");
}

static void confirmed_power(struct app *app, const void *data, const char *answer)
{
	const struct power_request *request = data;

	(void)answer;
	do_power(app, request->uuid, request->power);
}

static void confirmed_restart(struct app *app, const void *uuid, const char *answer)
{
	const struct running_vm *machine = model_running_vm_by_uuid(session_model(app), uuid);

	(void)answer;
	if (machine == NULL)
		app_say(app, "it is no longer running");
	else if (model_restart(session_model(app), uuid))
		app_say(app, "%s: %s; it starts again when it is off", machine->name, stop_step_done(machine->stop.step));
	else
		app_say(app, "%s: its keeper does not answer", machine->name);
}

static void ask_restart(struct app *app, const struct running_vm *machine, enum item_kind kind, const char *name)
{
	bool begun = machine->stop.stage != STOP_IDLE;
	char *question;

	if (!start_possible(app, kind, name))
		return;
	question = mem_printf("Restart %s? %s, and it starts again with its settings as they are then. If you leave "
	                      "paddock before that, it stays off.", machine->name,
	                      begun ? "Its end is waited for" : "The power button is pressed");
	ask_yes_no(app, question, ask_then_text(confirmed_restart, machine->uuid));
	free(question);
}

static void on_restart_chosen(struct app *app, const char *uuid)
{
	const struct running_vm *machine = model_running_vm_by_uuid(session_model(app), uuid);
	struct item_key *key = machine != NULL ? model_item_of(session_model(app), uuid) : NULL;

	if (key == NULL)
		app_say(app, "it is no longer running");
	else
		ask_restart(app, machine, key->kind, key->name);
	free(key);
}

static void on_stop_waiting(struct app *app, const char *uuid)
{
	const struct running_vm *machine = model_running_vm_by_uuid(session_model(app), uuid);

	if (machine == NULL)
		return;
	app_say(app, "%s: no longer waited for%s; it goes on with what it was asked for", machine->name,
	        machine->restart ? " and not started again" : "");
	model_stop_cancel(session_model(app), uuid);
}

static void on_power(struct app *app, const void *uuid, const char *id)
{
	const struct running_vm *machine = model_running_vm_by_uuid(session_model(app), uuid);

	if (strcmp(id, "restart") == 0) {
		on_restart_chosen(app, uuid);
		return;
	}
	if (strcmp(id, "wait") == 0) {
		on_stop_waiting(app, uuid);
		return;
	}

	const struct power *power = power_of(id);

	if (power->question == NULL) {
		do_power(app, uuid, power);
		return;
	}

	size_t size = strlen(uuid) + 1;
	struct power_request *request = mem_alloc(sizeof(*request) + size);
	char *question = mem_printf("%s %s? %s", power->question, machine != NULL ? machine->name : "it", power->loss);

	request->power = power;
	memcpy(request->uuid, uuid, size);
	ask_yes_no(app, question, (struct ask_then){ confirmed_power, request, free });
	free(question);
}

static char *menu_title(struct app *app, const void *uuid)
{
	const struct running_vm *machine = model_running_vm_by_uuid(session_model(app), uuid);
	char *stop, *title;

	if (machine == NULL)
		return mem_strdup("it is no longer running");
	if (machine->stop.stage == STOP_IDLE)
		return mem_printf("%s: %s", machine->name, machine->unresponsive ? "the guest does not react" : "power");
	stop = stop_ladder_text(&machine->stop, machine->stop_now, NULL);
	title = mem_printf("%s: %s%s", machine->name, stop, machine->restart ? "; then it starts again" : "");
	free(stop);
	return title;
}

/* The machine of the item; NULL, after a message, if it does not run under paddock. */
static const struct running_vm *running_item(struct app *app, enum item_kind kind, const char *name)
{
	const struct item *item = model_find(session_model(app), kind, name);
	const struct running_vm *machine = item != NULL ? model_running_vm(session_model(app), item) : NULL;

	if (machine == NULL)
		app_say(app, "%s is not running%s", path_base(name),
		        item != NULL && item->foreign != FOREIGN_NONE ? " under paddock" : "; s starts it");
	return machine;
}

void power_resume(struct app *app, enum item_kind kind, const char *name)
{
	const struct running_vm *machine = running_item(app, kind, name);

	if (machine != NULL && !machine->paused)
		app_say(app, "%s is not paused", machine->name);
	else if (machine != NULL)
		do_power(app, machine->uuid, power_of("resume"));
}

void power_menu(struct app *app, enum item_kind kind, const char *name)
{
	const struct running_vm *machine = running_item(app, kind, name);

	if (machine == NULL)
		return;

	/* For the next time that it is opened, and for the Overview. */
	model_look_for_agent(session_model(app), machine->uuid);

	/* SIGTERM is for a QEMU that was asked to quit and did not. */
	const struct stop_ladder *stop = &machine->stop;
	bool waits = stop->stage != STOP_IDLE, term = waits || machine->phase == VM_STOPPING;
	const struct { bool shown; struct ask_choice choice; } all[] = {
		{ stop_ladder_offers(stop, STOP_BUTTON), { "b", "button", "power button: ask the guest to shut down" } },
		{ stop_ladder_offers(stop, STOP_AGENT), { "a", "agent", "guest agent: shut down without the power button" } },
		{ !machine->restart, { "S", "restart", "restart: power button, then start again" } },
		{ true, { "r", "reset", "reset: like a reset button" } },
		{ true, { "p", machine->paused ? "resume" : "pause", machine->paused ? "resume" : "pause" } },
		{ stop_ladder_offers(stop, STOP_QUIT), { "Q", "quit", "quit QEMU: disks are flushed, the guest is not shut down" } },
		{ term && stop_ladder_offers(stop, STOP_TERM), { "T", "term", "SIGTERM to QEMU: for one that does not quit" } },
		{ stop_ladder_offers(stop, STOP_KILL), { "K", "kill", "kill QEMU: what is not on disk is lost" } },
		{ waits, { STOP_CANCEL_KEY, "wait", machine->restart ? "stop waiting, and do not start it again" : "stop waiting" } },
	};
	struct ask_choice choices[sizeof(all) / sizeof(all[0]) + 1] = { { NULL, NULL, NULL } };
	size_t count = 0;

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].shown)
			choices[count++] = all[i].choice;
	ask_choice_of(app, menu_title, choices, ask_then_text(on_power, machine->uuid));
}

void power_restart(struct app *app, enum item_kind kind, const char *name)
{
	const struct running_vm *machine = running_item(app, kind, name);

	if (machine != NULL && machine->restart)
		app_say(app, "%s is already being restarted; p shows how far it is", machine->name);
	else if (machine != NULL)
		ask_restart(app, machine, kind, name);
}
