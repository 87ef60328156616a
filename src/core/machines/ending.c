/* SPDX-License-Identifier: MIT */
#include "core/machines/ending.h"

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/keeper/clients/keeper_state.h"
#include "core/keeper/run/last_run.h"
#include "core/machines/pause_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum ending ending_of(const struct last_run *last)
{
	bool asked, well;

	if (!last)
		return ENDING_NONE;
	if (last_run_open(last))
		return ENDING_CUT_OFF;
	/* QEMU ends well for both of these. */
	if (text_equal(last->reason, "guest-panic") || text_equal(last->watchdog, "poweroff"))
		return ENDING_CRASHED;
	asked = last->asked_by && *last->asked_by;
	well = last->exit == 0 && last->signal == 0;
	if (!last->ran)
		return asked ? ENDING_OFF : ENDING_FAILED;
	if (text_equal(last->asked_by, "kill"))
		return ENDING_KILLED;
	return well || asked ? ENDING_OFF : ENDING_CRASHED;
}

const char *ending_word(enum ending ending)
{
	static const char *const words[ENDINGS] = {
		[ENDING_NONE] = "off", [ENDING_OFF] = "off", [ENDING_KILLED] = "killed", [ENDING_CRASHED] = "crashed",
		[ENDING_CUT_OFF] = "cut off", [ENDING_FAILED] = "failed",
	};

	return words[ending];
}

bool ending_is_bad(enum ending ending)
{
	return ending == ENDING_CRASHED || ending == ENDING_CUT_OFF || ending == ENDING_FAILED;
}

static bool is_set(const char *text)
{
	return text && *text;
}

struct vm_end ending_of_keeper(const struct keeper_end *end)
{
	return (struct vm_end){ .ran = end->started, .status = end->status, .signal = end->signal, .reason = end->reason,
	                        .error = end->error };
}

struct vm_end ending_of_run(const struct last_run *last)
{
	return (struct vm_end){ .ran = last->ran, .status = last->exit, .signal = last->signal, .reason = last->reason,
	                        .asked_by = last->asked_by, .error = last->error, .panic = last->panic,
	                        .watchdog = last->watchdog, .paused = last->paused };
}

const char *ending_reason(const char *reason)
{
	/* QEMU's own words (ShutdownCause), then the keeper's. */
	static const struct { const char *reason, *words; } known[] = {
		{ "guest-shutdown", "the guest powered off" }, { "guest-reset", "the guest has reset itself" },
		{ "guest-panic", "the guest panicked" }, { "host-qmp-quit", "QEMU was asked to quit" },
		{ "host-signal", "QEMU got a signal" }, { "host-ui", "its window was closed" },
		{ "host-error", "QEMU failed" }, { "exited", "QEMU ended" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (text_equal(known[i].reason, reason))
			return known[i].words;
	return reason;
}

const char *ending_asker(const char *asked_by)
{
	static const struct { const char *asked_by, *words; } known[] = {
		{ "powerdown", "you, with the power button" }, { "quit", "you, to quit QEMU" }, { "kill", "you, to kill it" },
		{ "signal", "a SIGTERM to its keeper, as when the host shuts down" }, { "client", "the end of its console" },
		{ "guest", "the guest" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (text_equal(known[i].asked_by, asked_by))
			return known[i].words;
	return "nobody";
}

const char *ending_why(const struct vm_end *end)
{
	return is_set(end->error) ? end->error : ending_reason(end->reason);
}

/* Who asked for an end that QEMU reports as one of its own or of the guest. */
static const char *asked_words(const char *asked_by)
{
	static const struct { const char *asked_by, *words; } known[] = {
		{ "powerdown", " after the power button" }, { "signal", " after its keeper got SIGTERM" },
		{ "client", " after its console was closed" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (text_equal(known[i].asked_by, asked_by))
			return known[i].words;
	return "";
}

static void add_how(struct str *text, const struct vm_end *end)
{
	if (!end->ran)
		str_adds(text, "did not start");
	else if (end->signal && text_equal(end->asked_by, "kill"))
		str_adds(text, "killed by you");
	else if (end->signal)
		str_addf(text, "ended by signal %d (%s)", end->signal, strsignal(end->signal));
	else if (text_equal(end->reason, "guest-panic") && is_set(end->panic))
		str_addf(text, "the guest panicked (%s)", end->panic);
	else if (end->status)
		str_addf(text, "ended with status %d", end->status);
	else if (text_equal(end->watchdog, "poweroff"))
		str_adds(text, "its watchdog powered it off");
	else if (text_equal(end->asked_by, "quit"))
		str_adds(text, "quit by you");
	else
		str_addf(text, "%s%s", is_set(end->reason) ? ending_reason(end->reason) : "QEMU ended", asked_words(end->asked_by));
}

static void add_pause(struct str *text, const char *paused)
{
	const char *file = pause_full_file(paused);

	if (file)
		str_addf(text, "; the host's disk was full%s%s", *file ? ": " : "", file);
	else
		str_addf(text, "; paused by a disk's error: %s", paused);
}

char *ending_sentence(const struct vm_end *end)
{
	struct str text;

	str_init(&text);
	add_how(&text, end);
	if (is_set(end->error))
		str_addf(&text, ": %s", end->error);
	if (is_set(end->panic) && !text_equal(end->reason, "guest-panic"))
		str_addf(&text, "; the guest had panicked (%s)", end->panic);
	if (is_set(end->paused))
		add_pause(&text, end->paused);
	return str_detach(&text);
}

char *ending_of_qemu(const struct vm_end *end)
{
	if (is_set(end->error))
		return mem_strdup(end->error);
	if (end->signal)
		return mem_printf("QEMU was ended by signal %d (%s)", end->signal, strsignal(end->signal));
	return mem_printf("QEMU exited with status %d without a message", end->status);
}

char *ending_last_run(const struct last_run *last, const char *when)
{
	char *sentence, *line;

	if (!last)
		return mem_strdup("never run");
	if (last_run_open(last))
		return mem_printf("started %s, cut off: its keeper was killed, or the host went down", when);
	struct vm_end end = ending_of_run(last);

	sentence = ending_sentence(&end);
	line = mem_printf("%s %s", when, sentence);
	free(sentence);
	return line;
}

const char *running_word(enum vm_phase phase, bool unresponsive, bool paused)
{
	if (phase == VM_STOPPING && unresponsive)
		return "does not react";
	if (phase == VM_RUNNING && paused)
		return "paused";
	return lifecycle_phase_name(phase);
}

const char *resets_words(unsigned resets, bool resetting, char *buf, size_t size)
{
	if (resetting)
		snprintf(buf, size, "resets again and again");
	else if (resets == 1)
		snprintf(buf, size, "reset once");
	else if (resets > 0)
		snprintf(buf, size, "reset %u times", resets);
	else
		buf[0] = '\0';
	return buf;
}
