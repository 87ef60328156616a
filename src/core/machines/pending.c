/* SPDX-License-Identifier: MIT */
#include "core/machines/pending.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/lcs.h"
#include "core/base/str.h"
#include "core/control/change.h"
#include "core/keeper/run/started.h"
#include "core/machines/state_dir.h"
#include "core/qemu/plan/plan_data.h"
#include "core/vm/same_value.h"
#include "core/vm/spec.h"
#include "core/vm/store.h"

#include <stdlib.h>
#include <string.h>

struct rule {
	const char *word;
	const char *why;	/* a change waits for a restart, unless control_can_change; NULL: it counts at once */
};

#define BOOT_ONLY "it is used only to boot"
#define CARD "the network card is set up when QEMU starts"
#define DISKS "disks are opened when QEMU starts"
#define CD "the CD with it is written at a start"
#define PROGRAM "a running program cannot be exchanged"

static const struct rule rules[VM_SETTINGS] = {
	[SET_UUID]          = { "uuid", "a guest keeps its identity while it runs" },
	[SET_DESCRIPTION]   = { "description", NULL },
	[SET_ARCH]          = { "arch", "each architecture has a QEMU program of its own" },
	[SET_CPUS]          = { "cpus", "QEMU is started with this number" },
	[SET_MEMORY]        = { "memory", "QEMU is started with this size" },
	[SET_CPU]           = { "cpu model", "the guest looks at its CPU when it boots" },
	[SET_ACCEL]         = { "accel", "QEMU chooses its accelerator when it starts" },
	[SET_BOOT_MODE]     = { "boot mode", BOOT_ONLY },
	[SET_IMAGE]         = { "image", BOOT_ONLY },
	[SET_UEFI]          = { "uefi", BOOT_ONLY },
	[SET_FIRMWARE]      = { "firmware", BOOT_ONLY },
	[SET_BOOT_BUS]      = { "boot bus", DISKS },
	[SET_BOOT_FORMAT]   = { "boot format", DISKS },
	[SET_NETWORK]       = { "network mode", CARD },
	[SET_MAC]           = { "mac", CARD },
	[SET_PUBLISH]       = { "publish", "ports are published only in a user network" },
	[SET_DISK]          = { "disk", DISKS },
	[SET_TRUST_BACKING] = { "trust_backing", DISKS },
	[SET_FORCE_RAW]     = { "force_raw", DISKS },
	[SET_SHARE]         = { "share", "shares are set up when QEMU starts" },
	[SET_USB]           = { "usb", "the USB controller is added when QEMU starts" },
	[SET_DEVICE]        = { "device", "devices are added when QEMU starts" },
	[SET_LIVE]          = { "live", "its devices are added when QEMU starts" },
	[SET_GUI]           = { "gui", "QEMU opens its window when it starts" },
	[SET_DATA]          = { "data", CD },
	[SET_DATA_FILE]     = { "data_file", CD },
	[SET_NOCLOUD]       = { "nocloud", CD },
	[SET_QEMU]          = { "qemu", PROGRAM },
	[SET_VIRTIOFSD]     = { "virtiofsd", PROGRAM },
	[SET_QMP]           = { "qmp", "QEMU opens the socket when it starts" },
	[SET_SANDBOX]       = { "sandbox", "QEMU enters the sandbox when it starts" },
	[SET_ARG]           = { "arg", "QEMU reads its arguments when it starts" },
	[SET_STATE]         = { "state directory", "a VM uses one directory while it runs" },
};

/* The value of a setting, or NULL if it is not set. In a profile an empty text mostly means that. */
static const char *value_of(const struct vm_config *config, enum vm_setting setting)
{
	const char *text = vm_config_get(config, setting);
	struct error ignored;

	return text && !*text && vm_value_check(setting, text, &ignored) ? NULL : text;
}

static void add_change(struct pending *pending, enum vm_setting setting, const char *now, const char *next, bool live)
{
	pending->items = mem_grow(pending->items, &pending->size, pending->count + 1, sizeof(*pending->items));
	pending->items[pending->count++] =
		(struct pending_change){ .setting = setting, .now = mem_strdup(now), .next = mem_strdup(next), .live = live };
}

/* Returns true if the running QEMU has opened something in this format. */
static bool runs_with_format(const struct plan *argv, const char *format)
{
	char *option = mem_printf("format=%s", format);
	size_t len = strlen(option);
	bool found = false;

	for (size_t i = 0; i < argv->arg_count && !found; i++)
		for (const char *at = argv->args[i].text; !found && (at = strstr(at, option)); at += len)
			found = at[len] == ',' || !at[len];
	free(option);
	return found;
}

static bool same_value(const struct plan *argv, enum vm_setting setting, const char *now, const char *next)
{
	const char *fallback = setting_info(setting)->fallback;
	bool same = vm_value_same(setting, now ? now : fallback, next ? next : fallback);

	/* It was found out at the start, and is only written down since. */
	if (!same && setting == SET_BOOT_FORMAT && (!now || !strcmp(now, "auto")) && next)
		return runs_with_format(argv, next);
	return same;
}

static void compare_single(struct pending *pending, enum vm_setting setting, const struct plan *argv, const char *now,
                           const char *next)
{
	if (!same_value(argv, setting, now, next))
		add_change(pending, setting, now, next, false);
}

/* Returns true if the two texts mean the same disk, whose format was found out at the start and is written down since. */
static bool only_adds_format(const char *now, const char *next, const struct plan *argv)
{
	struct vm_disk before = { 0 }, after = { 0 };
	struct error ignored;
	bool same = false;

	if (vm_disk_parse(now, &before, &ignored) && vm_disk_parse(next, &after, &ignored) && !before.format &&
	    after.format && runs_with_format(argv, after.format)) {
		before.format = mem_strdup(after.format);

		char *with = vm_disk_format(&before), *other = vm_disk_format(&after);

		same = !strcmp(with, other);
		free(with);
		free(other);
	}
	vm_disk_finish(&before);
	vm_disk_finish(&after);
	return same;
}

static char **spelled(enum vm_setting setting, const struct strv *values)
{
	char **texts = mem_array(values->count + 1, sizeof(*texts));

	for (size_t i = 0; i < values->count; i++)
		texts[i] = vm_value_spelled(setting, values->items[i]);
	return texts;
}

static void free_texts(char **texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(texts[i]);
	free(texts);
}

/* Disks, shares and devices are numbered in their order, so an element that moves is removed and added. */
static void compare_list(struct pending *pending, enum vm_setting setting, const struct plan *argv, const struct vm_config *runs,
                         const struct strv *next)
{
	const struct strv *now = &runs->value[setting];
	char **before = spelled(setting, now), **after = spelled(setting, next);
	size_t *match = mem_array(now->count + 1, sizeof(*match));
	bool *kept = mem_array(next->count + 1, sizeof(*kept));

	lcs_match((const char *const *)before, now->count, (const char *const *)after, next->count, match);
	for (size_t i = 0; i < now->count; i++) {
		/* The order of ports has no meaning. */
		for (size_t j = 0; setting == SET_PUBLISH && match[i] == LCS_NONE && j < next->count; j++)
			if (!kept[j] && !strcmp(before[i], after[j]))
				match[i] = j;
		for (size_t j = 0; setting == SET_DISK && match[i] == LCS_NONE && j < next->count; j++)
			if (!kept[j] && only_adds_format(now->items[i], next->items[j], argv))
				match[i] = j;
		if (match[i] != LCS_NONE)
			kept[match[i]] = true;
	}
	for (size_t i = 0; i < now->count; i++)
		if (match[i] == LCS_NONE)
			add_change(pending, setting, now->items[i], NULL, control_can_change(runs, setting, now->items[i]));
	for (size_t j = 0; j < next->count; j++)
		if (!kept[j])
			add_change(pending, setting, NULL, next->items[j], control_can_change(runs, setting, next->items[j]));
	free(kept);
	free(match);
	free_texts(before, now->count);
	free_texts(after, next->count);
}

/* The directory is the same if it is only written down since. */
static bool same_state(const struct vm_config *runs, const struct vm_config *next)
{
	char *before = state_dir_of(runs), *after = state_dir_of(next);
	bool same = text_equal(before, after);

	free(before);
	free(after);
	return same;
}

void pending_compare(struct pending *pending, const struct vm_config *runs, const struct plan *argv, const char *uuid,
                     const struct vm_config *next)
{
	for (enum vm_setting i = 0; i < VM_SETTINGS; i++) {
		const char *now = value_of(runs, i), *later = value_of(next, i);

		if (!rules[i].why || (i == SET_STATE && same_state(runs, next)))
			continue;
		if (setting_info(i)->repeatable)
			compare_list(pending, i, argv, runs, &next->value[i]);
		else if (i == SET_DATA)
			compare_single(pending, i, argv, started_has_data(argv) ? "(a text)" : NULL, later ? "(a text)" : NULL);
		else if (i == SET_UUID)
			compare_single(pending, i, argv, now ? now : uuid, later ? later : uuid);
		else
			compare_single(pending, i, argv, now, later);
	}
}

bool pending_read(struct pending *pending, const struct record_io *io, const char *state_dir, const char *uuid,
                  const struct vm_config *next)
{
	struct vm_config runs;
	struct plan argv = { 0 };
	bool known;

	vm_config_init(&runs, CONFIG_PROFILE);
	known = started_read(io, state_dir, &runs, &argv);
	if (known)
		pending_compare(pending, &runs, &argv, uuid, next);
	plan_finish(&argv);
	vm_config_finish(&runs);
	return known;
}

bool pending_of_profile(struct pending *pending, struct store *store, const struct record_io *io, const char *name,
                        const char *state_dir, const char *uuid, struct error *err)
{
	struct store_revision revision;
	struct vm_config config;
	bool good;

	vm_config_init(&config, CONFIG_PROFILE);
	good = store->load(store, name, &config, &revision, err);
	if (good && (!state_dir || !pending_read(pending, io, state_dir, uuid, &config)))
		good = error_set(err, "what %s was started with is not known", name);
	vm_config_finish(&config);
	return good;
}

bool pending_has(const struct pending *pending, const struct pending_change *change)
{
	for (size_t i = 0; i < pending->count; i++)
		if (pending->items[i].setting == change->setting && text_equal(pending->items[i].now, change->now) &&
		    text_equal(pending->items[i].next, change->next))
			return true;
	return false;
}

void pending_finish(struct pending *pending)
{
	for (size_t i = 0; i < pending->count; i++) {
		free(pending->items[i].now);
		free(pending->items[i].next);
	}
	free(pending->items);
	*pending = (struct pending){ 0 };
}

char *pending_words(const struct pending *pending, bool live, size_t *count)
{
	enum vm_setting last = VM_SETTINGS;
	struct str words;

	str_init(&words);
	*count = 0;
	for (size_t i = 0; i < pending->count; i++) {
		if (pending->items[i].live != live || pending->items[i].setting == last)
			continue;
		last = pending->items[i].setting;
		str_addf(&words, "%s%s", words.len ? ", " : "", pending_word(last));
		++*count;
	}
	return str_detach(&words);
}

void pending_names(const struct pending *pending, struct strv *out)
{
	char label[64];

	for (size_t i = 0; i < pending->count; i++)
		if (i == 0 || pending->items[i].setting != pending->items[i - 1].setting)
			strv_add(out, setting_label(pending->items[i].setting, CONFIG_PROFILE, label, sizeof(label)));
}

const char *pending_word(enum vm_setting setting)
{
	return rules[setting].word;
}

char *pending_value(const struct pending_change *change, bool next)
{
	const struct setting *info = setting_info(change->setting);
	const char *value = next ? change->next : change->now;

	if (value)
		return mem_strdup(value);
	if (info->repeatable || !strcmp(info->fallback, "none"))
		return mem_strdup("none");
	return mem_printf("%s (default)", info->fallback);
}

const char *pending_why(const struct pending_change *change)
{
	return change->live ? NULL : rules[change->setting].why;
}
