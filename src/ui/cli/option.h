/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_OPTION_H
#define UI_CLI_OPTION_H

#include "core/vm/config.h"
#include "core/vm/spec.h"

#include <stdbool.h>
#include <stddef.h>

struct error;
struct str;
struct synonym;

/*
 * The options of all subcommands are rows of tables, and option_next reads the
 * arguments by them: --option, -option, --option VALUE or --option=VALUE, in
 * any order with the other words; "--" ends the options. Pure.
 */
enum option_takes {
	OPTIONS_END,		/* not an option: the end of a table */
	TAKES_NOTHING,
	TAKES_SWITCH,		/* "--x" and "--x=true", or "--x=false" */
	TAKES_VALUE,		/* any word, even one that begins with a dash */
	TAKES_WORD,		/* if the next word is an option, the value is missing */
	TAKES_NUMBER,		/* "-v", "-v2" or "-v 2"; 1 if it is left out */
};

/* What `run` does with an option. The other subcommands ask for theirs by name. */
enum option_use {
	OPTION_NAMED,
	OPTION_SETTING,
	OPTION_MODE,		/* a boot mode */
	OPTION_DETACHED, OPTION_TIMEOUT, OPTION_RM, OPTION_SAVE, OPTION_RAW,
	OPTION_VERBOSE, OPTION_QUIET, OPTION_HELP
};

struct cli_option {
	enum option_takes takes;
	const char *name;		/* with its dashes; NULL: the setting's */
	const char *letter;		/* "-f"; NULL: none */
	const char *value;		/* the name of its value in the help, such as "FILE"; NULL: a switch */
	const char *meaning;		/* for the help; NULL: the setting's */
	const char *group;		/* heading in the help of `run`; rows of a group are consecutive */
	enum option_use use;
	enum vm_setting setting;
	enum boot_mode mode;
};

struct option_set {
	const struct cli_option *options;	/* up to OPTIONS_END; NULL: none */
	const struct synonym *synonyms;		/* what other programs call them; NULL: none */
	const char *hint;			/* what to do about an unknown option that resembles none */
};

struct option_reader {
	const struct option_set *set;
	char *const *words;
	int count;
	int at;				/* the word to read next */
	bool plain;			/* "--" was read */
	/* What was read last, borrowed from words: */
	const struct cli_option *option;	/* NULL: a word that is not an option */
	const char *text;		/* that word, or the value; "" for TAKES_NOTHING and TAKES_SWITCH */
	bool on;			/* for TAKES_SWITCH */
	bool apart;			/* the value was the next word */
};

enum option_outcome { OPTION_READ, OPTION_NO_MORE, OPTION_WRONG };

/* Reads one word, and its value. The error names the wrong word and what may have been meant. */
enum option_outcome option_next(struct option_reader *, struct error *);
const char *option_name(const struct cli_option *);
/* Finds an option by the first len bytes of a word, such as "--mem" or "-mem"; NULL if there is no such option. */
const struct cli_option *option_find(const struct cli_option *options, const char *word, size_t len);
/* Reads the value of a switch: yes, no, and the like. Returns false for another word. */
bool option_switch_parse(const char *text, bool *on);
/* Appends "  -f, --follow" or "  --boot N", as the help begins a line. Returns the number of bytes. */
size_t option_add_spelling(const struct cli_option *, struct str *out);

#endif
