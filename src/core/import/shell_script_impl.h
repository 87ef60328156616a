/* SPDX-License-Identifier: MIT */
#ifndef CORE_IMPORT_SHELL_SCRIPT_IMPL_H
#define CORE_IMPORT_SHELL_SCRIPT_IMPL_H

/* For shell_script.c, which reads commands, and shell_word.c, which reads their words. */
#include "core/import/shell_script.h"

#include "core/base/error.h"
#include "core/base/str.h"

struct shell {
	const char *at, *end;
	unsigned line;
	const struct shell_place *place;
	char *cwd;
	struct shell_variables variables;
	size_t budget;		/* bytes that values may still grow by */
	struct error *err;
};

/* One word, which an expansion may have made several or none. */
struct shell_word {
	struct strv fields;
	struct str field;	/* being read */
	bool started;		/* field counts even if it is empty */
	bool split;		/* unquoted values are split at blanks */
	bool drops_arguments;	/* "$@" and the like, which nobody gave, were in it */
	bool empty_list;	/* an array without values was in it */
	char *unknown;		/* the first thing in it that is not known, and why; NULL: nothing */
};

/* Reads the word at `at`. Returns false with an error for a quotation that does not end, and for too much text. */
bool shell_word_read(struct shell *, struct shell_word *);
void shell_word_finish(struct shell_word *);
/* Ends the field that is being read. */
void shell_word_end_field(struct shell_word *);

/* Returns the variable, or NULL. */
struct shell_variable *shell_variable_find(const struct shell_variables *, const char *name);
/* Returns the variable, which it adds if need be, emptied unless `append`. */
struct shell_variable *shell_variable_set(struct shell_variables *, const char *name, bool append);
/* The number of bytes at `text` that can be a variable's name. */
size_t shell_name_length(const char *text, const char *end);

#endif
