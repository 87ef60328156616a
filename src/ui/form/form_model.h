/* SPDX-License-Identifier: MIT */
#ifndef UI_FORM_FORM_MODEL_H
#define UI_FORM_FORM_MODEL_H

#include "core/vm/config.h"
#include "core/vm/problem.h"
#include "ui/form/form_cells.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * A form without a screen: the settings of a VM as rows of cells, what was
 * typed into them, and what is wrong with it. Pure. A value that nobody
 * touched stays byte for byte what it was, even where its cells would spell it
 * otherwise; what was typed stays typed, however wrong.
 */
enum form_row_kind {
	FORM_HEADING,		/* of a section; has no cells */
	FORM_VALUE,
	FORM_ADD		/* below the values of a repeatable setting: a new one */
};

struct form_row {
	enum form_row_kind kind;
	enum vm_setting setting;
	size_t index;			/* which value of a repeatable setting */
	size_t cells;			/* 1 where a value cannot be taken apart */
	char *text[FORM_CELLS];
};

struct form_model {
	struct vm_config saved;		/* as it was read */
	struct vm_config config;	/* as it is typed */
	struct form_row *rows;
	size_t count, size;
	struct problems problems;	/* of config, without a look at the host */
	char *warning;			/* what form_model_warn said of the setting warned; NULL: nothing */
	enum vm_setting warned;
};

void form_model_init(struct form_model *, const struct vm_config *);
void form_model_finish(struct form_model *);
bool form_model_changed(const struct form_model *);

void form_model_set(struct form_model *, size_t row, size_t cell, const char *text);
/* The whole value at once, e.g. from an editor. */
void form_model_set_value(struct form_model *, size_t row, const char *value);
const char *form_model_value(const struct form_model *, size_t row);	/* "" when not set */
/* What was typed into a cell is done: where it has other cells of the value too ("data.img,size=4G"), they get theirs. */
void form_model_settle(struct form_model *, size_t row, size_t cell);
/* A new value of the row's setting; returns its row. */
size_t form_model_add(struct form_model *, size_t row);
void form_model_remove(struct form_model *, size_t row);	/* of a repeatable setting */

/* A remark about a setting's value that other VMs give cause for; it goes when the value changes. NULL: none. */
void form_model_warn(struct form_model *, enum vm_setting, const char *text);
/* Why the row's value is wrong, or a remark about it (*wrong false); NULL: nothing to say. */
const char *form_model_reason(const struct form_model *, size_t row, bool *wrong);
/* The first row with an error; count: none. */
size_t form_model_first_wrong(const struct form_model *);

/* "mode", "interface" ...; for the only cell of a setting its key. */
const char *form_cell_label(const struct form_row *, size_t cell);
/* Whether a cell names a file or directory of the host. */
bool form_cell_is_path(const struct form_row *, size_t cell);
/* What a cell may hold, NULL-ended; NULL: anything is typed. */
const char *const *form_cell_choices(const struct form_row *, size_t cell);

#endif
