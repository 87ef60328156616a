/* SPDX-License-Identifier: MIT */
#include "ui/cli/command.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/base/nearest.h"
#include "core/base/str.h"
#include "ui/cli/options.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RAW_MEANING "pass all bytes to a terminal, including harmful ones"

#define FLAG(name_, letter_, meaning_) \
	{ .takes = TAKES_NOTHING, .name = name_, .letter = letter_, .meaning = meaning_ }
#define VALUE(name_, value_, meaning_) { .takes = TAKES_VALUE, .name = name_, .value = value_, .meaning = meaning_ }

static const struct cli_option attach_options[] = {
	FLAG("--read-only", NULL, "watch only, without typing"),
	FLAG("--raw", NULL, RAW_MEANING),
	{ .takes = OPTIONS_END },
};
static const struct cli_option start_options[] = {
	VALUE("--timeout", "SECONDS", "how long to wait (default: until it runs)"),
	FLAG("--last", NULL, "use the options of the last start (not for profiles)"),
	FLAG("--defaults", NULL, "use the defaults (not for profiles)"),
	{ .takes = OPTIONS_END },
};
static const struct cli_option stop_options[] = {
	VALUE("--timeout", "SECONDS", "how long to wait for each step (default: 30)"),
	FLAG("--force", NULL, "then ask QEMU to quit, send SIGTERM, and kill it"),
	FLAG("--all", NULL, "all VMs that are running"),
	{ .takes = OPTIONS_END },
};
static const struct cli_option loss_options[] = {
	FLAG("--all", NULL, "all VMs that are running"),
	FLAG("--yes", NULL, "do not ask before --all"),
	{ .takes = OPTIONS_END },
};
static const struct cli_option pause_options[] = {
	FLAG("--all", NULL, "all VMs that are running"),
	{ .takes = OPTIONS_END },
};
static const struct cli_option ls_options[] = {
	FLAG("--json", NULL, "print an array of objects, for programs"),
	{ .takes = OPTIONS_END },
};
static const struct cli_option stats_options[] = {
	FLAG("--json", NULL, "print an array of objects, for programs"),
	{ .takes = OPTIONS_END },
};
static const struct cli_option log_options[] = {
	FLAG("--follow", "-f", "keep printing what is added, until interrupted"),
	VALUE("--boot", "N", "the log of N boots ago, up to 5 (default: 0)"),
	VALUE("--since", "TIME", "only lines since then, as \"13:00\" or \"10m\" (ago)"),
	VALUE("--until", "TIME", "only lines up to then"),
	VALUE("--grep", "PATTERN", "only lines that match a regular expression"),
	FLAG("--timestamps", NULL, "print when each line was written"),
	FLAG("--raw", NULL, RAW_MEANING),
	{ .takes = OPTIONS_END },
};
static const struct cli_option argv_options[] = {
	FLAG("--lines", NULL, "print one argument per line"),
	FLAG("--null", NULL, "end each argument with a zero byte"),
	FLAG("--explain", NULL, "print each argument with the setting that caused it"),
	{ .takes = OPTIONS_END },
};

static const struct cli_option change_options[] = {
	FLAG("--save", NULL, "change the profile too"),
	{ .takes = OPTIONS_END },
};

static const struct cli_option cd_options[] = {
	FLAG("--force", NULL, "even if the guest has locked the tray"),
	FLAG("--save", NULL, "also in a profile, as the image that it boots"),
	{ .takes = OPTIONS_END },
};

static const struct cli_option rm_options[] = {
	FLAG("--state", NULL, "with their state directories, and the disks in them"),
	FLAG("--yes", NULL, "do not ask"),
	{ .takes = OPTIONS_END },
};

static const struct cli_option trash_options[] = {
	FLAG("--empty", NULL, "remove all that is in the trash for good"),
	FLAG("--yes", NULL, "do not ask before --empty"),
	{ .takes = OPTIONS_END },
};
static const struct cli_option import_options[] = {
	VALUE("--name", "NAME", "name of the profile (default: the VM's or its image's)"),
	FLAG("--dry-run", NULL, "print what it would be, and create nothing"),
	{ .takes = OPTIONS_END },
};

static const struct cli_option clone_options[] = {
	FLAG("--linked", NULL, "overlays that read NAME's disks, which must not change"),
	{ .takes = OPTIONS_END },
};

static const struct cli_option snapshot_options[] = {
	FLAG("--yes", NULL, "do not ask before revert and delete"),
	{ .takes = OPTIONS_END },
};

static const struct cli_option jobs_options[] = {
	FLAG("--json", NULL, "print an array of objects, for programs"),
	{ .takes = OPTIONS_END },
};

const struct command *command_table(void)
{
	static const struct command commands[] = {
		{ "run", command_run, "run [OPTIONS] PATH", "start an image, with its console on this terminal", NULL },
		{ "start", command_start, "start [--timeout SECONDS] [--last|--defaults] NAME...", "start VMs and leave them running",
		  start_options },
		{ "attach", command_attach, "attach [--read-only] [--raw] NAME", "open the console of a running VM on this terminal",
		  attach_options },
		{ "stop", command_stop, "stop [--timeout SECONDS] [--force] NAME... | --all", "press the power button and wait",
		  stop_options },
		{ "restart", command_restart, "restart [--timeout SECONDS] [--force] NAME... | --all",
		  "stop, then start with the profile as it is now", stop_options },
		{ "kill", command_kill, "kill NAME... | --all [--yes]", "end QEMU at once; what is not on disk is lost",
		  loss_options },
		{ "pause", command_pause, "pause NAME... | --all", "stop a VM's vCPUs; its memory stays", pause_options },
		{ "resume", command_resume, "resume NAME... | --all", "let a paused VM continue", pause_options },
		{ "reset", command_reset, "reset NAME... | --all [--yes]", "press the reset button; the guest is not shut down",
		  loss_options },
		{ "ls", command_ls, "ls [--json]", "list saved and running VMs", ls_options },
		{ "stats", command_stats, "stats [--json] [NAME...]", "measure for a second what running VMs use of this host", stats_options },
		{ "log", command_log, "log [-f] [--boot N] [--since TIME] [--until TIME] [--grep PATTERN] [--timestamps] [--raw] NAME", "print the console log", log_options },
		{ "argv", command_argv, "argv [--null|--lines|--explain] NAME | [OPTIONS] PATH",
		  "print QEMU's command line", argv_options },
		{ "check", command_check, "check NAME", "print the problems with a VM's settings, one per line", NULL },
		{ "diff", command_diff, "diff NAME", "print what of a running VM its profile changes at the next start", NULL },
		{ "port", command_port, "port NAME [add PORT | remove PORT] [--save]", "list or change the published ports of a running VM",
		  change_options },
		{ "apply", command_apply, "apply NAME", "change a running VM to what its profile says, as far as that is possible", NULL },
		{ "cd", command_cd, "cd NAME [insert FILE | eject] [--force] [--save]", "list or change the CDs of a running VM", cd_options },
		{ "usb", command_usb, "usb NAME [add ID | remove ID] [--save]", "list the USB devices of this host, or pass one to a running VM",
		  change_options },
		{ "memory", command_memory, "memory NAME [SIZE]", "show the memory of a running VM, or leave it only SIZE", NULL },
		{ "link", command_link, "link NAME [up | down]", "show or set the link of a running VM's network card", NULL },
		{ "disk", command_disk, "disk NAME [add DISK | remove DISK | grow DISK SIZE] [--save]", "list, add, remove or grow the disks of a VM",
		  change_options },
		{ "clone", command_clone, "clone [--linked] NAME NEW", "copy a profile and its disks", clone_options },
		{ "snapshot", command_snapshot, "snapshot NAME [list | take TAG | revert TAG | delete TAG] [--yes]",
		  "list, take, use or delete snapshots of the disks of a VM that is off", snapshot_options },
		{ "jobs", command_jobs, "jobs [--json | cancel ID]", "list or cancel long work on disks", jobs_options },
		{ "history", command_history, "history NAME [show N | diff N | restore N]",
		  "list the earlier texts of a profile, print one, or use it again", NULL },
		{ "rm", command_rm, "rm [--state] [--yes] NAME...", "move profiles, or state directories, to the trash", rm_options },
		{ "trash", command_trash, "trash [--empty [--yes]]", "list what was deleted, or remove it for good", trash_options },
		{ "restore", command_restore, "restore NAME", "take a profile or state directory out of the trash", NULL },
		{ "import", command_import, "import [--name NAME] [--dry-run] FILE | - | PID",
		  "make a profile of a QEMU command line or script, a running QEMU, or a VM of quickemu or libvirt", import_options },
		{ "reset-uefi", command_reset_uefi, "reset-uefi NAME", "delete what its UEFI firmware has stored", NULL },
		{ "help", command_help, "help [COMMAND]", "print how a command is used", NULL },
		{ NULL, NULL, NULL, NULL, NULL },
	};

	return commands;
}

const struct command *command_find(const char *name)
{
	for (const struct command *command = command_table(); command->name; command++)
		if (strcmp(command->name, name) == 0)
			return command;
	return NULL;
}

/* Commands of virsh, docker and similar programs. */
static const struct synonym synonyms[] = {
	{ "list", "ls" }, { "ps", "ls" }, { "top", "stats" }, { "status", "ls" }, { "boot", "start" }, { "up", "start" }, { "launch", "run" },
	{ "console", "attach" }, { "connect", "attach" }, { "enter", "attach" }, { "down", "stop" }, { "shutdown", "stop" },
	{ "poweroff", "stop" }, { "halt", "stop" }, { "destroy", "kill" }, { "suspend", "pause" }, { "unpause", "resume" },
	{ "logs", "log" }, { "validate", "check" }, { "explain", "argv --explain" }, { "command", "argv" },
	{ "changes", "diff" }, { "cdrom", "cd" }, { "drive", "disk" }, { "copy", "clone" }, { "cp", "clone" }, { "resize", "disk NAME grow" }, { "eject", "cd NAME eject" }, { "pending", "diff" }, { "version", "--version" }, { "qemu", "run" },
	{ "hyperkit", "run" }, { "vbox", "run" }, { "vmware", "run" }, { "virtualization.framework", "run" },
	{ "reboot", "restart" }, { "revisions", "history" }, { "undo", "restore" }, { "delete", "rm" }, { "remove", "rm" }, { "undefine", "rm" }, { "undelete", "restore" },
	{ "adopt", "import" }, { "define", "import" }, { NULL, NULL },
};

const char *command_nearest(const char *word)
{
	const char *meant = synonym_of(synonyms, word);
	struct nearest nearest = nearest_to(word);

	for (const struct command *command = command_table(); command->name && !meant; command++)
		nearest_try(&nearest, command->name);
	return meant ? meant : nearest.best;
}

#define NAME_HELP "NAME is a profile, the first digits of a UUID, or the path of an image, a\n" \
	"kernel's prefix or a state directory."

static void print_usage(const struct command *command)
{
	struct str options;

	str_init(&options);
	command_options_help(command->options, &options);
	printf("usage: paddock %s\n\n%s\n", command->usage, command->meaning);
	if (options.len)
		printf("\n%s", options.text);
	if (strstr(command->usage, "NAME"))
		puts("\n" NAME_HELP);
	if (strstr(command->usage, "[OPTIONS] PATH"))
		puts("The options before a PATH are those of `paddock run`.");
	str_finish(&options);
}

void command_print_help(const struct command *command)
{
	char *options = command && command->run == command_run ? options_help() : NULL;

	if (options)
		fputs(options, stdout);
	else if (command)
		print_usage(command);
	free(options);
	if (command)
		return;
	puts("usage: paddock [DIRECTORY...]      the screen, with these directories as the library\n"
	     "       paddock COMMAND ...\n");
	for (command = command_table(); command->name; command++)
		printf("  %-10s  %s\n              paddock %s\n", command->name, command->meaning, command->usage);
	puts("\n" NAME_HELP "\n`paddock help COMMAND` prints the options of a command.");
}

int command_help(const struct command_context *context, int argc, char **argv)
{
	const struct command *command = argc == 1 ? command_find(argv[0]) : NULL;

	if (argc > 1)
		return command_usage(context, "too many arguments; give one COMMAND");
	if (argc == 1 && !command) {
		const char *meant = command_nearest(argv[0]);

		return command_usage(context, "%s is not a command%s%s%s", argv[0], meant ? "; did you mean " : "",
		                     meant ? meant : "", meant ? "?" : "");
	}
	command_print_help(command);
	return 0;
}

int command_fail(const struct error *err)
{
	return cli_error("%s", err->text);
}

/* Prints one line, even if names in the message contain newlines. */
__attribute__((format(printf, 2, 0)))
static void tell(const char *before, const char *fmt, va_list ap)
{
	char *text = mem_vprintf(fmt, ap), *plain = format_plain(text);

	fflush(stdout);
	fprintf(stderr, "paddock: %s%s\n", before, plain);
	free(plain);
	free(text);
}

void cli_line(const char *fmt, ...)
{
	char *text, *plain;
	va_list ap;

	va_start(ap, fmt);
	text = mem_vprintf(fmt, ap);
	va_end(ap);
	plain = format_plain(text);
	puts(plain);
	free(plain);
	free(text);
}

void cli_note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell("", fmt, ap);
	va_end(ap);
}

int cli_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell("", fmt, ap);
	va_end(ap);
	return 1;
}

int command_usage(const struct command_context *context, const char *fmt, ...)
{
	char before[32];
	va_list ap;

	snprintf(before, sizeof(before), "%s: ", context->name);
	va_start(ap, fmt);
	tell(before, fmt, ap);
	va_end(ap);
	fprintf(stderr, "usage: paddock %s\n", context->usage);
	return 2;
}

bool command_read_words(const struct command_context *context, size_t most, int argc, char **argv,
                        struct command_words *words)
{
	struct error err;

	if (command_words_read(context->options, most, argc, argv, words, &err))
		return true;
	command_usage(context, "%s", err.text);
	return false;
}

bool command_read(const struct command_context *context, int argc, char **argv, struct command_words *words)
{
	if (!command_read_words(context, 1, argc, argv, words))
		return false;
	if (!words->name)
		command_usage(context, "NAME is missing");
	return words->name != NULL;
}
