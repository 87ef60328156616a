/* SPDX-License-Identifier: MIT */
#ifndef UI_FORM_FORM_MODEL_H
#define UI_FORM_FORM_MODEL_H

#include "core/vm/config.h"
#include "core/vm/problem.h"
#include "ui/form/form_cells.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * A form without a screen: the settings of a VM as rows of cells, the typed
 * texts, and their problems. Pure. An untouched value stays unchanged byte for
 * byte, even if its cells would be joined to another spelling. Typed text stays
 * as typed, even if it is invalid.
 */
enum form_row_kind {
	FORM_HEADING,		/* a section; has no cells */
	FORM_VALUE,
	FORM_ADD		/* adds a value; below the values of a repeatable setting */
};

struct form_row {
	enum form_row_kind kind;
	enum vm_setting setting;
	size_t index;			/* index of the value of a repeatable setting */
	size_t cells;			/* 1 if the value cannot be split */
	char *text[FORM_CELLS];
};

struct form_model {
	struct vm_config saved;		/* as read */
	struct vm_config config;	/* as typed */
	struct form_row *rows;
	size_t count, size;
	struct problems problems;	/* problems of config, without looking at the host */
	char *warning;			/* set by form_model_warn for the setting `warned`; NULL: none */
	enum vm_setting warned;
};

void form_model_init(struct form_model *, const struct vm_config *);
void form_model_finish(struct form_model *);
bool form_model_changed(const struct form_model *);

void form_model_set(struct form_model *, size_t row, size_t cell, const char *text);
/* Sets the whole value, for example from an editor. */
void form_model_set_value(struct form_model *, size_t row, const char *value);
const char *form_model_value(const struct form_model *, size_t row);	/* "" if not set */
/* Typing into a cell is done: if the text contains several cells ("data.img,size=4G"), it is split into them. */
void form_model_settle(struct form_model *, size_t row, size_t cell);
/* Adds a value to the row's setting; returns its row. */
size_t form_model_add(struct form_model *, size_t row);
void form_model_remove(struct form_model *, size_t row);	/* the setting must be repeatable */

/* Sets a warning about a setting's value that is caused by other VMs; it is dropped when the value changes. NULL: none. */
void form_model_warn(struct form_model *, enum vm_setting, const char *text);
/* Why the row's value is wrong, or a warning about it (then *wrong is false); NULL: neither. */
const char *form_model_reason(const struct form_model *, size_t row, bool *wrong);
/* The first row with an error, or count if there is none. */
size_t form_model_first_wrong(const struct form_model *);

/* "mode", "interface" ...; if a setting has only one cell, its key. */
const char *form_cell_label(const struct form_row *, size_t cell);
/* True if the cell contains the path of a file or directory of the host. */
bool form_cell_is_path(const struct form_row *, size_t cell);
/* The choices of a cell, ended by NULL; NULL: it is typed. */
const char *const *form_cell_choices(const struct form_row *, size_t cell);

#endif
