/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_COMMAND_H
#define UI_CLI_COMMAND_H

#include "ui/cli/command_words.h"

struct error;
struct record_io;
struct store;

/*
 * The subcommands. Each takes the arguments after its name and returns the
 * exit status: 0 success, 1 failure, 2 usage error (of diff: as diff(1)). Their output is for people
 * and scripts; an error is one line on stderr that begins with "paddock:".
 */
struct command_context {
	struct store *store;
	const struct record_io *records;
	const char *name;		/* the subcommand's name, for messages */
	const char *usage;		/* one line: "stop [--timeout S] [--force] NAME" */
	const struct cli_option *options;
};

struct command {
	const char *name;
	int (*run)(const struct command_context *, int argc, char **argv);
	const char *usage;
	const char *meaning;		/* one line for --help */
	const struct cli_option *options;	/* NULL: none, or `run`'s (option_table.h) */
};

/* All subcommands; the last row has .name == NULL. */
const struct command *command_table(void);
const struct command *command_find(const char *name);
/* Suggestion for an unknown command: another command, with options if needed; NULL if nothing is similar. */
const char *command_nearest(const char *word);
/* Prints the usage of one command on stdout, or an overview of all if the argument is NULL. */
void command_print_help(const struct command *);

int command_apply(const struct command_context *, int argc, char **argv);
int command_argv(const struct command_context *, int argc, char **argv);
int command_attach(const struct command_context *, int argc, char **argv);
int command_cd(const struct command_context *, int argc, char **argv);
int command_check(const struct command_context *, int argc, char **argv);
int command_clone(const struct command_context *, int argc, char **argv);
int command_diff(const struct command_context *, int argc, char **argv);
int command_disk(const struct command_context *, int argc, char **argv);
int command_help(const struct command_context *, int argc, char **argv);
int command_history(const struct command_context *, int argc, char **argv);
int command_import(const struct command_context *, int argc, char **argv);
int command_jobs(const struct command_context *, int argc, char **argv);
int command_kill(const struct command_context *, int argc, char **argv);
int command_link(const struct command_context *, int argc, char **argv);
int command_log(const struct command_context *, int argc, char **argv);
int command_ls(const struct command_context *, int argc, char **argv);
int command_memory(const struct command_context *, int argc, char **argv);
int command_pause(const struct command_context *, int argc, char **argv);
int command_port(const struct command_context *, int argc, char **argv);
int command_reset(const struct command_context *, int argc, char **argv);
int command_reset_uefi(const struct command_context *, int argc, char **argv);
int command_restart(const struct command_context *, int argc, char **argv);
int command_restore(const struct command_context *, int argc, char **argv);
int command_resume(const struct command_context *, int argc, char **argv);
int command_rm(const struct command_context *, int argc, char **argv);
int command_run(const struct command_context *, int argc, char **argv);
int command_snapshot(const struct command_context *, int argc, char **argv);
int command_start(const struct command_context *, int argc, char **argv);
int command_stats(const struct command_context *, int argc, char **argv);
int command_stop(const struct command_context *, int argc, char **argv);
int command_usb(const struct command_context *, int argc, char **argv);
int command_trash(const struct command_context *, int argc, char **argv);

/* A line on stdout that has words of QEMU, a guest or a file: one line, without control characters (format_plain). */
void cli_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* "paddock: TEXT" on stderr, one line whatever is in it (format_plain). */
void cli_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same of what went wrong; returns 1, the exit status. */
int cli_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int command_fail(const struct error *);
/* The same, followed by the usage line; returns 2. */
int command_usage(const struct command_context *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * Reads the options and the required NAME, or with command_read_words up to `most` words, of which none is required. On a
 * wrong argument they print the error and return false: exit with status 2.
 */
bool command_read(const struct command_context *, int argc, char **argv, struct command_words *);
bool command_read_words(const struct command_context *, size_t most, int argc, char **argv, struct command_words *);

#endif
