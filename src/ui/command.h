/* SPDX-License-Identifier: MIT */
#ifndef UI_COMMAND_H
#define UI_COMMAND_H

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
};

struct command {
	const char *name;
	int (*run)(const struct command_context *, int argc, char **argv);
	const char *usage;
	const char *meaning;		/* one line for --help */
};

/* The last has .name == NULL. */
const struct command *command_table(void);

int command_argv(const struct command_context *, int argc, char **argv);
int command_attach(const struct command_context *, int argc, char **argv);
int command_check(const struct command_context *, int argc, char **argv);
int command_log(const struct command_context *, int argc, char **argv);
int command_ls(const struct command_context *, int argc, char **argv);
int command_reset_uefi(const struct command_context *, int argc, char **argv);
int command_run(const struct command_context *, int argc, char **argv);
int command_start(const struct command_context *, int argc, char **argv);
int command_stop(const struct command_context *, int argc, char **argv);

/* "paddock: TEXT" on stderr, one line whatever is in it (words_plain); returns 1. Notes are said so too. */
int command_fail(const struct error *);
int command_failf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same with the usage line behind it; returns 2. */
int command_usage(const struct command_context *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * One option of a subcommand that has few. Takes `--name`, `--name=VALUE` or
 * `--name VALUE` at argv[*at], moving *at behind it.
 */
enum option_match { OPTION_NO, OPTION_YES, OPTION_NO_VALUE };
enum option_match command_option(const char *name, int argc, char **argv, int *at, const char **value);

#endif
