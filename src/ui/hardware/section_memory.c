/* SPDX-License-Identifier: MIT */
/* The memory that the balloon leaves to the guest. */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/control/memory.h"
#include "core/vm/spec.h"
#include "ui/hardware/hardware_impl.h"
#include "ui/kit/ask.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define SIZE 32

static void add_rows(struct hardware *hardware, const struct memory_state *state)
{
	char given[SIZE], started[SIZE], free_now[SIZE], total[SIZE], id[SIZE];

	snprintf(id, sizeof(id), "%" PRIu64, state->started >> 20);
	format_size(state->given, given, sizeof(given));
	format_size(state->started, started, sizeof(started));
	hardware_row(hardware, &hardware_memory, STYLE_NORMAL, state->balloon ? id : NULL, "%s of %s%s", given, started,
	             state->balloon ? "" : "; without a balloon it cannot be changed");
	if (state->updated && state->available != MEMORY_UNKNOWN && state->total != MEMORY_UNKNOWN)
		hardware_row(hardware, &hardware_memory, STYLE_DIM, NULL, "the guest says: %s of %s available",
		             format_size(state->available, free_now, sizeof(free_now)), format_size(state->total, total, sizeof(total)));
	else if (state->balloon && !state->updated)
		hardware_row(hardware, &hardware_memory, STYLE_DIM, NULL, "the guest has no driver for the balloon, or is still booting");
}

static void state_came(void *data, const struct memory_state *state, const struct error *err)
{
	struct hardware *hardware = data;

	hardware_rows_begin(hardware, &hardware_memory);
	if (err)
		hardware_row(hardware, &hardware_memory, STYLE_DIM, NULL, "%s", err->text);
	else
		add_rows(hardware, state);
	hardware_rows_end(hardware, &hardware_memory);
}

static void query(struct hardware *hardware, const struct hardware_section *section)
{
	struct control_vm vm;

	if (hardware_vm(hardware, &vm))
		hardware_asks(hardware, section, control_memory_query(&vm, state_came, hardware));
}

/* started: what the VM began with, in MiB, as text. */
static bool check_size(struct app *app, const void *started, const char *text, struct error *err)
{
	uint64_t mib, most = strtoull(started, NULL, 10), least = most < MEMORY_LEAST_MIB ? most : MEMORY_LEAST_MIB;

	(void)app;
	if (!vm_size_parse(text, 'M', &mib, err))
		return false;
	return (mib >= least && mib <= most) || error_set(err, "from %" PRIu64 " to %" PRIu64 " MiB, which it began with", least, most);
}

static void on_size(struct app *app, const void *started, const char *text)
{
	struct hardware *hardware = hardware_top(app);
	struct hardware_change change = { .save = NULL };
	struct control_vm vm;
	struct error ignored;
	uint64_t mib;
	char *said;
	void *data;

	(void)started;
	if (!hardware || !vm_size_parse(text, 'M', &mib, &ignored))
		return;
	change.said = said = mem_printf("the guest has %" PRIu64 " MiB", mib);
	data = hardware_begin(hardware, &change, &vm);
	if (data)
		hardware_begun(data, control_memory_set(&vm, mib, hardware_done, data), NULL);
	free(said);
}

static void run_change(struct hardware *hardware, const char *started)
{
	char *prompt = mem_printf("Memory for the guest, up to the %s MiB that it began with:", started);

	ask_text(hardware_app(hardware), prompt, "", check_size, ask_then_text(on_size, started));
	free(prompt);
}

const struct hardware_section hardware_memory = {
	.title = "Memory", .keys = "Enter more or less", .query = query, .run_change = run_change,
};
