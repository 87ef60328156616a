/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/base/io.h"
#include "core/base/number.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/import/argv_diff.h"
#include "core/import/import_text.h"
#include "core/import/process.h"
#include "core/import/qemu_line.h"
#include "core/machines/new_profile.h"
#include "core/machines/start.h"
#include "core/vm/store.h"
#include "ui/cli/cli_start.h"
#include "ui/cli/command.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define TEXT_OF(number) #number
#define OWN_CHARDEV(fd) "socket,id=qmp,fd=" TEXT_OF(fd)
#define OWN_MONITOR OWN_CHARDEV(PLAN_QMP_FD)

/* What is brought in, and where it comes from. */
struct source {
	const char *given;		/* the argument */
	pid_t pid;			/* 0: a file */
	struct strv argv;		/* QEMU's command line; empty if there is none */
	struct imported imported;
};

static bool read_all(const char *path, struct str *text, struct error *err)
{
	int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	bool good;

	if (fd < 0)
		return error_errno(err, "%s", path);
	good = io_read(fd, IMPORT_TEXT_MAX, text);
	if (!good && errno == EFBIG)
		error_set(err, "%s is larger than %d bytes", path, IMPORT_TEXT_MAX);
	else if (!good)
		error_errno(err, "%s", path);
	close(fd);
	return good;
}

static bool is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

static bool read_file(struct source *source, struct error *err)
{
	char *cwd = getcwd(NULL, 0), *home = path_home(), *full = path_full(source->given);
	char *directory = path_parent(full);
	struct shell_place place = { .cwd = cwd, .home = home, .exists = is_there, .directory = strcmp(source->given, "-") ? directory : NULL };
	struct str text;
	bool good = cwd || error_errno(err, "the working directory");

	str_init(&text);
	good = good && read_all(source->given, &text, err);
	if (good)
		good = import_text(text.text, text.len, &place, &source->imported, &source->argv, err) ||
		       error_prefix(err, "%s", strcmp(source->given, "-") ? source->given : "standard input");
	str_finish(&text);
	free(directory);
	free(full);
	free(home);
	free(cwd);
	return good;
}

static bool read_process(struct source *source, struct error *err)
{
	char *cwd;
	bool good = import_process(source->pid, &source->argv, &cwd, err);

	/* The monitor of our own is on a descriptor, which nobody gives to a QEMU by hand. */
	if (good && strv_has(&source->argv, OWN_MONITOR))
		good = error_set(err, "process %d is the QEMU of a VM of paddock already; paddock ls lists it", (int)source->pid);
	good = good && qemu_line_read(&source->argv, cwd, &source->imported, err);
	free(cwd);
	return good;
}

/* A number is a process, unless there is a file of this name. */
static bool read_source(struct source *source, struct error *err)
{
	struct error ignored;
	uint64_t pid;

	imported_init(&source->imported);
	if (access(source->given, F_OK) < 0 && number_parse(source->given, 1, INT_MAX, &pid, &ignored))
		source->pid = (pid_t)pid;
	return source->pid ? read_process(source, err) : read_file(source, err);
}

/* Two profiles with one UUID could not be told apart. */
static void give_up_taken_uuid(struct store *store, struct imported *imported)
{
	const char *uuid = vm_config_get(&imported->config, SET_UUID);
	struct strv names = { 0 };
	struct error ignored;
	bool taken = false;

	if (!uuid || !store->names(store, &names, &ignored))
		return;
	for (size_t i = 0; i < names.count && !taken; i++) {
		struct store_revision revision;
		struct vm_config other;

		vm_config_init(&other, CONFIG_PROFILE);
		if (store->load(store, names.items[i], &other, &revision, &ignored)) {
			const char *theirs = vm_config_get(&other, SET_UUID);

			taken = theirs && strcasecmp(theirs, uuid) == 0;
		}
		if (taken)
			import_leave(imported, "another profile has it; this one gets a new UUID", "vm.uuid = %s, as in %s", uuid, names.items[i]);
		vm_config_finish(&other);
	}
	if (taken)
		vm_config_set(&imported->config, SET_UUID, NULL);
	strv_finish(&names);
}

static bool choose_name(const struct command_context *context, const char *wanted, struct source *source, struct error *err)
{
	struct vm_config *config = &source->imported.config;
	const char *image = vm_config_get(config, SET_IMAGE);
	/* A configuration of quickemu has the name of its VM. */
	char *stem = text_ends(source->given, ".conf") ? mem_strndup(source->given, strlen(source->given) - strlen(".conf")) : NULL;
	struct error ignored;
	const char *from = config->name && vm_name_check(config->name, &ignored) ? config->name : stem ? stem : image ? image : "vm";
	char *name = wanted ? mem_strdup(wanted) : new_profile_name(context->store, from);

	free(config->name);
	config->name = name;
	free(stem);
	return new_profile_name_check(context->store, name, err);
}

static void print_line(const char *text)
{
	char *plain = format_plain(text);

	puts(plain);
	free(plain);
}

static void print_notes(const struct imported *imported)
{
	static const enum import_kind kinds[] = { IMPORT_BECAME, IMPORT_KEPT, IMPORT_LEFT };

	for (size_t kind = 0; kind < sizeof(kinds) / sizeof(kinds[0]); kind++)
		for (size_t i = 0; i < imported->count; i++) {
			char *line;

			if (imported->notes[i].kind != kinds[kind])
				continue;
			line = import_note_line(&imported->notes[i]);
			print_line(line);
			free(line);
		}
}

/* Shows how the command line of the profile differs from the one that was read. */
static void print_difference(const struct source *source, const struct plan *plan)
{
	struct strv made = { 0 }, lines = { 0 };

	for (size_t i = 0; i < plan->arg_count; i++)
		strv_add(&made, plan->args[i].text);
	argv_diff(&source->argv, &made, &lines);
	puts(lines.count ? "\nQEMU's command line differs in these options, whatever their order (- before, + with paddock):"
	                 : "\nQEMU's command line has the same options.");
	for (size_t i = 0; i < lines.count; i++)
		print_line(lines.items[i]);
	strv_finish(&lines);
	strv_finish(&made);
}

/* Returns whether the profile can start as it is. */
static bool print_report(const struct command_context *context, const struct source *source)
{
	unsigned options = START_DRY | START_ALONE | (source->pid ? START_RUNS : 0);
	struct start start;
	bool ready;

	print_notes(&source->imported);
	start_prepare(&start, context->store, context->records, &source->imported.config, options);
	if (source->argv.count && start.plan.arg_count)
		print_difference(source, &start.plan);
	cli_print_problems(&start.problems, CONFIG_PROFILE, false);
	ready = start.planned && !problems_stop(&start.problems, false);
	start_finish(&start);
	return ready;
}

static int print_profile(const struct command_context *context, const struct vm_config *config)
{
	struct error err;
	char *text = context->store->preview(context->store, config, &err);

	if (!text)
		return command_fail(&err);
	printf("\nThe profile %s would be:\n", config->name);
	for (char *line = text, *next; *line; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		print_line(line);
	}
	free(text);
	return 0;
}

static int save(const struct command_context *context, const struct source *source, bool ready)
{
	const struct vm_config *config = &source->imported.config;
	const char *name = config->name;
	struct store_revision none = { .exists = false }, now;
	struct error err;

	switch (context->store->save(context->store, config, &none, &now, &err)) {
	case STORE_OK:
		break;
	case STORE_CHANGED:
		return cli_error("a VM named %s already exists", config->name);
	default:
		return command_fail(&err);
	}
	if (source->pid)
		cli_note("created the profile %s; process %d stays as it is, without paddock: shut it down, then paddock start %s starts it",
		         name, (int)source->pid, name);
	else if (ready)
		cli_note("created the profile %s; paddock start %s starts it", name, name);
	else
		cli_note("created the profile %s, which cannot start yet; paddock check %s says why", name, name);
	return 0;
}

int command_import(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct source source = { 0 };
	struct error err;
	int status = 1;

	if (!command_read_words(context, 1, argc, argv, &words))
		return 2;
	if (!words.name)
		return command_usage(context, "FILE is missing; - reads standard input, and a number is a running QEMU");
	source.given = words.name;
	if (!read_source(&source, &err) || !choose_name(context, command_words_value(&words, "--name"), &source, &err)) {
		command_fail(&err);
	} else {
		give_up_taken_uuid(context->store, &source.imported);
		new_profile_complete(context->store, &source.imported.config);

		bool ready = print_report(context, &source);

		status = command_words_value(&words, "--dry-run") ? print_profile(context, &source.imported.config) :
		         save(context, &source, ready);
	}
	imported_finish(&source.imported);
	strv_finish(&source.argv);
	return status;
}
