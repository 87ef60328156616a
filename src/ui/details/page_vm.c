/* SPDX-License-Identifier: MIT */
#include "ui/details/page_vm.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/base/lcs.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/keeper/run/last_run.h"
#include "core/machines/ending.h"
#include "core/machines/pending.h"
#include "core/qemu/host/facts.h"
#include "core/qemu/plan/plan_data.h"
#include "core/vm/config.h"
#include "core/vm/problem.h"
#include "core/vm/spec.h"
#include "ui/details/page_end.h"
#include "ui/details/page_pending.h"
#include "ui/details/page_usage.h"
#include "ui/list/status_look.h"
#include "ui/model/item.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LABEL_WIDTH 10

static void add_path(struct page *page, enum style style, const char *label, const char *before, const char *path,
                     const char *after)
{
	char *shorter = path_shorten(path);

	page_add(page, style, label, "%s%s%s", before, shorter, after);
	free(shorter);
}

/* Overview. */

static void add_status(struct page *page, const struct theme *theme, const struct overview *of)
{
	struct status status;
	struct status_look look;
	char duration[32], resets[40];

	item_status(of->item, of->machine, of->now, &status);
	look = status_look(status.kind);
	if (of->machine != NULL && of->machine->phase == VM_RUNNING)
		page_add(page, look.style, NULL, "%s %s %s     pid %d%s%s", theme_glyph(theme, look.glyph),
		         running_word(of->machine->phase, of->machine->unresponsive, of->machine->paused),
		         format_duration(of->now - of->machine->started, duration, sizeof(duration)), (int)of->machine->pid,
		         of->machine->resets > 0 ? "     " : "", resets_words(of->machine->resets, false, resets, sizeof(resets)));
	else
		page_add(page, look.style, NULL, "%s %s", theme_glyph(theme, look.glyph), status.word);
}

static void add_stopping(struct page *page, const struct running_vm *machine)
{
	bool overdue = machine->stop.stage == STOP_OVERDUE;
	char *text;

	if (machine->stop.stage == STOP_IDLE && machine->unresponsive)
		page_add(page, STYLE_WARNING, NULL, "the guest does not react to the power button; press p to go further");
	if (machine->stop.stage == STOP_IDLE)
		return;
	text = stop_ladder_text(&machine->stop, machine->stop_now, "p ");
	page_add(page, overdue ? STYLE_WARNING : STYLE_BUSY, NULL, "%s", text);
	if (machine->restart)
		page_add(page, STYLE_BUSY, NULL, "it starts again when it is off");
	free(text);
}

static void add_trouble(struct page *page, const struct overview *of)
{
	const struct item *item = of->item;

	if (of->machine != NULL && of->machine->step != NULL)
		page_add(page, STYLE_BUSY, NULL, "%s", of->machine->step);
	if (of->machine != NULL) {
		page_hindered(page, of->machine);
		add_stopping(page, of->machine);
	}
	if (item->broken != NULL)
		page_add(page, STYLE_FAILED, NULL, "%s", item->broken);
	if (item->failure != NULL && of->machine == NULL)
		page_add(page, STYLE_FAILED, NULL, "did not start: %s", item->failure);
	if (item->foreign == FOREIGN_RUNS)
		page_add(page, STYLE_WARNING, NULL, "pid %d, not started by paddock: no console, no power menu",
		         (int)item->foreign_pid);
	if (item->foreign == FOREIGN_UNKNOWN)
		page_add(page, STYLE_WARNING, NULL, "qemu.pid says %d, which /proc does not show to this user",
		         (int)item->foreign_pid);
}

#define INVALID "%s (invalid)"

/* The text of an invalid value, or NULL if it is valid or not set. Showing the default instead would be wrong. */
static const char *bad_value(const struct overview *of, enum vm_setting setting)
{
	const char *text = vm_config_get(of->config, setting);
	struct error ignored;

	return text != NULL && !vm_value_check(setting, text, &ignored) ? text : NULL;
}

/* The same for all values of a repeatable setting. Valid values have their own lines. */
static void add_bad_values(struct page *page, const char *label, const struct strv *values, enum vm_setting setting)
{
	struct error ignored;

	for (size_t i = 0; i < values->count; i++)
		if (!vm_value_check(setting, values->items[i], &ignored))
			page_add(page, STYLE_FAILED, label, INVALID, values->items[i]);
}

static void add_boot(struct page *page, const struct overview *of)
{
	const struct vm_spec *spec = of->spec;
	const char *bad_mode = bad_value(of, SET_BOOT_MODE), *bad_image = bad_value(of, SET_IMAGE), *bad_uefi = bad_value(of, SET_UEFI);
	const struct file_fact *fact = of->facts != NULL ? host_file(of->facts, spec->image) : NULL;
	char mode[96], file[96] = "", size[32];
	enum boot_mode boot = spec->boot != BOOT_AUTO ? spec->boot : of->detected;
	const char *word = boot != BOOT_AUTO ? boot_mode_name(boot) : item_boot_word(of->item);

	if (fact != NULL && (fact->kind == FILE_REGULAR || fact->kind == FILE_BLOCK))
		snprintf(file, sizeof(file), "   %s%s%s", fact->format != NULL ? fact->format : "",
		         fact->format != NULL ? ", " : "", format_size(fact->size, size, sizeof(size)));
	if (bad_mode != NULL)
		snprintf(mode, sizeof(mode), INVALID " ", bad_mode);
	else
		snprintf(mode, sizeof(mode), "%-8s ", word[0] != '\0' ? word : "auto");
	add_path(page, bad_mode || bad_image ? STYLE_FAILED : STYLE_NORMAL, "boot", mode, bad_image ? bad_image : spec->image,
	         bad_image ? " (invalid)" : file);
	if (bad_uefi != NULL)
		page_add(page, STYLE_FAILED, "", "UEFI " INVALID, bad_uefi);
	else if (spec->uefi)
		page_add(page, STYLE_NORMAL, "", "UEFI%s%s", spec->firmware != NULL ? ", " : "",
		         spec->firmware != NULL ? spec->firmware : "");
}

static void add_machine(struct page *page, const struct overview *of)
{
	const struct vm_spec *spec = of->spec;
	const struct host_facts *facts = of->facts;
	const char *arch = spec->arch_given ? vm_arch_name(spec->arch) :
	                   facts != NULL && facts->arch_known ? vm_arch_name(facts->arch) : "as the host";
	const char *bad_arch = bad_value(of, SET_ARCH), *bad_cpus = bad_value(of, SET_CPUS), *bad_memory = bad_value(of, SET_MEMORY);
	struct str text;

	str_init(&text);
	str_addf(&text, bad_arch != NULL ? INVALID : "%s", bad_arch != NULL ? bad_arch : arch);
	if (bad_cpus != NULL)
		str_addf(&text, ", vCPUs " INVALID, bad_cpus);
	else
		str_addf(&text, ", %u vCPU%s", spec->cpus, spec->cpus == 1 ? "" : "s");
	if (bad_memory != NULL)
		str_addf(&text, ", memory " INVALID, bad_memory);
	else
		str_addf(&text, ", %llu MiB", (unsigned long long)spec->memory_mib);
	page_add(page, bad_arch || bad_cpus || bad_memory ? STYLE_FAILED : STYLE_NORMAL, "machine", "%s", text.text);
	str_finish(&text);
}

static const char *network_word(enum net_mode mode)
{
	switch (mode) {
	case NET_USER:
		return "user";
	case NET_TAP:
		return "tap";
	case NET_BRIDGE:
		return "bridge";
	default:
		return "none";
	}
}

static void add_network(struct page *page, const struct theme *theme, const struct overview *of)
{
	const struct vm_spec *spec = of->spec;
	const char *mac = spec->mac, *bad_network = bad_value(of, SET_NETWORK), *bad_mac = bad_value(of, SET_MAC);

	if (mac == NULL && of->facts != NULL)
		mac = of->facts->kept_mac;
	if (bad_network != NULL)
		page_add(page, STYLE_FAILED, "network", INVALID, bad_network);
	else if (bad_mac != NULL)
		page_add(page, STYLE_FAILED, "network", "%-8s MAC " INVALID, network_word(spec->net), bad_mac);
	else
		page_add(page, STYLE_NORMAL, "network", "%-8s %s%s%s", network_word(spec->net),
		         spec->ifname != NULL ? spec->ifname : "", spec->ifname != NULL ? " " : "",
		         spec->net == NET_NONE ? "" : mac != NULL ? mac : "(generated at first start)");
	for (size_t i = 0; i < spec->port_count; i++) {
		const struct vm_port *port = &spec->ports[i];

		page_add(page, STYLE_NORMAL, "", "%s:%u %s %u/%s", port->address[0] != '\0' ? port->address : "*",
		         port->host, theme_glyph(theme, GLYPH_ARROW), port->guest, port->udp ? "udp" : "tcp");
	}
	add_bad_values(page, "", &of->config->value[SET_PUBLISH], SET_PUBLISH);
}

/* An invalid disk keeps its place, because it counts for the numbers and default names of the others. */
static void add_disks(struct page *page, const struct overview *of)
{
	const struct vm_spec *spec = of->spec;
	struct error ignored;

	for (size_t i = 0; i < spec->disk_count; i++) {
		const struct vm_disk *disk = &spec->disks[i];
		const char *text = i < of->config->value[SET_DISK].count ? of->config->value[SET_DISK].items[i] : NULL;
		char size[32] = "";

		if (text != NULL && !vm_value_check(SET_DISK, text, &ignored)) {
			page_add(page, STYLE_FAILED, i == 0 ? "disks" : "", "%zu " INVALID, i + 1, text);
			continue;
		}
		if (disk->size_mib > 0)
			format_size(disk->size_mib << 20, size, sizeof(size));
		page_add(page, STYLE_NORMAL, i == 0 ? "disks" : "", "%zu %s   %s %s", i + 1,
		         disk->path != NULL ? disk->path : "(in the state directory)", size,
		         disk->format != NULL ? disk->format : "");
	}
	for (size_t i = 0; i < spec->share_count; i++)
		add_path(page, STYLE_NORMAL, i == 0 ? "shares" : "", "", spec->shares[i].path, "");
	add_bad_values(page, spec->share_count == 0 ? "shares" : "", &of->config->value[SET_SHARE], SET_SHARE);
}

static enum style problem_style(const struct problem *problem)
{
	return problem->severity == PROBLEM_WARNING ? STYLE_WARNING : STYLE_FAILED;
}

static void add_problems(struct page *page, const struct vm_config *config, const struct problems *problems)
{
	for (size_t i = 0; problems != NULL && i < problems->count; i++) {
		const struct problem *problem = &problems->items[i];
		char *line = problem_line(problem, config->origin);

		page_add(page, problem_style(problem), NULL, "%s", line);
		free(line);
	}
}

void page_overview(struct page *page, const struct theme *theme, const struct overview *of)
{
	char text[1400];

	page->label_width = LABEL_WIDTH;
	add_status(page, theme, of);
	add_trouble(page, of);
	page_pending(page, theme, of->pending);
	if (of->pending != NULL && of->pending->count > 0 && of->item->invalid != NULL)
		page_add(page, STYLE_FAILED, NULL, "the next start will fail: %s", of->item->invalid);
	if (of->usage != NULL)
		page_usage(page, theme, of->usage);
	if (of->config != NULL && of->spec != NULL) {
		const char *description = vm_config_get(of->config, SET_DESCRIPTION);

		if (description != NULL)
			page_add(page, STYLE_NORMAL, "about", "%s", description);
		add_boot(page, of);
		page_pending_group(page, theme, of->pending, SET_BOOT_MODE, SET_BOOT_FORMAT);
		add_machine(page, of);
		page_pending_group(page, theme, of->pending, SET_UUID, SET_ACCEL);
		add_network(page, theme, of);
		page_pending_group(page, theme, of->pending, SET_NETWORK, SET_PUBLISH);
		add_disks(page, of);
		page_pending_group(page, theme, of->pending, SET_DISK, SET_STATE);
	} else if (of->item->kind == ITEM_STATE && of->item->image != NULL) {
		add_path(page, STYLE_NORMAL, "boot", "", of->item->image, "");
	} else if (of->item->kind == ITEM_STATE) {
		page_add(page, STYLE_DIM, NULL, "a state directory without a profile or image here");
	}
	if (of->item->state != NULL)
		add_path(page, STYLE_NORMAL, "state", "", of->item->state, "");
	if (of->item->last != NULL && (of->machine == NULL || !last_run_open(of->item->last)))
		page_add(page, STYLE_NORMAL, "last run", "%s", last_run_text(of->item->last, of->now, text, sizeof(text)));
	if (of->config != NULL && of->problems != NULL && of->problems->count > 0) {
		page_add(page, STYLE_NORMAL, NULL, "%s", "");
		add_problems(page, of->config, of->problems);
	}
	if (of->item->last != NULL && of->machine == NULL)
		page_end(page, of->item->last, of->now);
}

/* Settings. */

void page_settings(struct page *page, const struct theme *theme, const struct vm_config *config,
                   const struct problems *problems, const struct pending *pending)
{
	const char *section = "";

	page->label_width = 13;
	for (enum vm_setting setting = 0; setting < VM_SETTINGS; setting++) {
		const struct setting *info = setting_info(setting);
		const struct strv *values = &config->value[setting];
		const struct problem *problem = problems != NULL ? problems_of(problems, setting, -1) : NULL;

		if (strcmp(info->section, section) != 0) {
			section = info->section;
			page_add(page, STYLE_HEADING, NULL, "[%s]", section);
		}
		if (values->count == 0)
			page_add(page, STYLE_DIM, info->key, "(%s)", info->fallback != NULL ? info->fallback : "not set");
		for (size_t i = 0; i < values->count; i++)
			page_add(page, STYLE_NORMAL, i == 0 ? info->key : "", "%s", values->items[i]);
		page_pending_setting(page, theme, pending, setting);
		if (problem != NULL)
			page_add(page, problem_style(problem), "", "^ %s", problem->text);
	}
}

/* Command. */

/* For each argument of the plan, its index in what runs, or LCS_NONE; NULL if they are not compared. */
static size_t *match_args(const struct plan *plan, const struct plan *runs)
{
	const char **from, **to;
	size_t *match;

	if (runs == NULL)
		return NULL;
	from = mem_array(plan->arg_count + 1, sizeof(*from));
	to = mem_array(runs->arg_count + 1, sizeof(*to));
	match = mem_array(plan->arg_count + 1, sizeof(*match));
	for (size_t i = 0; i < plan->arg_count; i++)
		from[i] = plan->args[i].text;
	for (size_t i = 0; i < runs->arg_count; i++)
		to[i] = runs->args[i].text;
	lcs_match(from, plan->arg_count, to, runs->arg_count, match);
	free(to);
	free(from);
	return match;
}

/* The origin is shown once, above all arguments that have it. */
void page_command(struct page *page, const struct theme *theme, const struct command_page *of)
{
	const struct plan *plan = of->plan;
	size_t *match = match_args(plan, of->runs);
	const char *origin = NULL;

	page->label_width = 0;
	add_problems(page, of->config, of->problems);
	for (size_t i = 0; i < plan->step_count; i++)
		if (plan->steps[i].what != NULL)
			page_add(page, STYLE_DIM, NULL, "# %s", plan->steps[i].what);
	for (size_t i = 0; i < plan->arg_count; i++) {
		const struct plan_arg *arg = &plan->args[i];
		bool differs = match != NULL && match[i] == LCS_NONE;

		if (arg->origin != NULL && !text_equal(arg->origin, origin)) {
			origin = arg->origin;
			page_add(page, STYLE_DIM, NULL, "# %s", origin);
		}
		page_add(page, differs ? STYLE_WARNING : STYLE_NORMAL, NULL, "%s%s%s%s", i > 0 && arg->text[0] != '-' ? "  " : "",
		         differs ? theme_glyph(theme, GLYPH_DIFFERS) : "", differs ? " " : "", arg->text);
	}
	free(match);
}
