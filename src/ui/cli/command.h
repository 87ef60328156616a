/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_COMMAND_H
#define UI_CLI_COMMAND_H

#include "ui/cli/command_words.h"

struct error;
struct record_io;
struct store;

/*
 * The subcommands: each takes the words behind its name and returns the
 * exit status. What they print is for people and scripts; errors are one
 * line on stderr that begins with "paddock:". 0 fine, 1 failed, 2 usage.
 */
struct command_context {
	struct store *store;
	const struct record_io *records;
	const char *name;		/* of the subcommand, for messages */
	const char *usage;		/* one line: "stop [--timeout S] [--force] NAME" */
	const struct command_option *options;
};

struct command {
	const char *name;
	int (*run)(const struct command_context *, int argc, char **argv);
	const char *usage;
	const char *meaning;		/* one line for --help */
	const struct command_option *options;	/* NULL: none, or more than a table here holds */
};

/* The last has .name == NULL. */
const struct command *command_table(void);
const struct command *command_find(const char *name);
/* What was meant by a word that is none: a command, or what does that here; NULL where nothing is close. */
const char *command_nearest(const char *word);
/* How it is used, on stdout; NULL: all of them. */
void command_print_help(const struct command *);

int command_argv(const struct command_context *, int argc, char **argv);
int command_attach(const struct command_context *, int argc, char **argv);
int command_check(const struct command_context *, int argc, char **argv);
int command_help(const struct command_context *, int argc, char **argv);
int command_log(const struct command_context *, int argc, char **argv);
int command_ls(const struct command_context *, int argc, char **argv);
int command_reset_uefi(const struct command_context *, int argc, char **argv);
int command_run(const struct command_context *, int argc, char **argv);
int command_start(const struct command_context *, int argc, char **argv);
int command_stop(const struct command_context *, int argc, char **argv);

/* "paddock: TEXT" on stderr, one line whatever is in it (format_plain); returns 1. Notes are said so too. */
int command_fail(const struct error *);
int command_failf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same with the usage line behind it; returns 2. */
int command_usage(const struct command_context *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Its options and the one NAME it needs; a wrong word is told, and the exit status is 2. */
bool command_read(const struct command_context *, int argc, char **argv, struct command_words *);

#endif
