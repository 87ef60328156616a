/* SPDX-License-Identifier: MIT */
#include "ui/form/form_model.h"

#include "core/base/alloc.h"
#include "core/vm/spec.h"
#include "ui/form/form_cells.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void clear_rows(struct form_model *model)
{
	for (size_t i = 0; i < model->count; i++)
		for (size_t cell = 0; cell < FORM_CELLS; cell++)
			free(model->rows[i].text[cell]);
	model->count = 0;
}

static struct form_row *add_row(struct form_model *model, enum form_row_kind kind, enum vm_setting setting)
{
	model->rows = mem_grow(model->rows, &model->size, model->count + 1, sizeof(*model->rows));
	struct form_row *row = &model->rows[model->count++];
	*row = (struct form_row){ .kind = kind, .setting = setting };
	return row;
}

static void fill_cells(struct form_row *row, const char *value)
{
	const struct form_split *split = form_split_of(row->setting);

	for (size_t i = 0; i < FORM_CELLS; i++) {
		free(row->text[i]);
		row->text[i] = NULL;
	}
	if (split && split->split(value, row->text)) {
		row->cells = split->cells;
		return;
	}
	row->cells = 1;
	row->text[0] = mem_strdup(value);
}

static void add_value_row(struct form_model *model, enum vm_setting setting, size_t index)
{
	const struct strv *values = &model->config.value[setting];
	struct form_row *row = add_row(model, FORM_VALUE, setting);

	row->index = index;
	fill_cells(row, index < values->count ? values->items[index] : "");
}

static void build_rows(struct form_model *model)
{
	const char *section = "";

	clear_rows(model);
	for (enum vm_setting setting = 0; setting < VM_SETTINGS; setting++) {
		const struct setting *info = setting_info(setting);

		if (strcmp(info->section, section) != 0) {
			add_row(model, FORM_HEADING, setting);
			section = info->section;
		}
		if (!info->repeatable) {
			add_value_row(model, setting, 0);
			continue;
		}
		for (size_t i = 0; i < model->config.value[setting].count; i++)
			add_value_row(model, setting, i);
		add_row(model, FORM_ADD, setting);
	}
}

static void check(struct form_model *model)
{
	struct vm_spec spec = { 0 };

	problems_finish(&model->problems);
	vm_spec_read(&model->config, NULL, &spec, &model->problems);
	vm_spec_finish(&spec);
}

void form_model_init(struct form_model *model, const struct vm_config *config)
{
	*model = (struct form_model){ 0 };
	vm_config_init(&model->saved, config->origin);
	vm_config_init(&model->config, config->origin);
	vm_config_copy(&model->saved, config);
	vm_config_copy(&model->config, config);
	build_rows(model);
	check(model);
}

void form_model_finish(struct form_model *model)
{
	clear_rows(model);
	free(model->rows);
	problems_finish(&model->problems);
	free(model->warning);
	vm_config_finish(&model->saved);
	vm_config_finish(&model->config);
	*model = (struct form_model){ 0 };
}

bool form_model_changed(const struct form_model *model)
{
	return !vm_config_equal(&model->saved, &model->config);
}

void form_model_warn(struct form_model *model, enum vm_setting setting, const char *text)
{
	free(model->warning);
	model->warning = text ? mem_strdup(text) : NULL;
	model->warned = setting;
}

static void store_value(struct form_model *model, const struct form_row *row, const char *value)
{
	struct strv *values = &model->config.value[row->setting];

	if (row->setting == model->warned)
		form_model_warn(model, row->setting, NULL);
	if (setting_info(row->setting)->repeatable)
		strv_replace(values, row->index, value);
	else
		vm_config_set(&model->config, row->setting, *value ? value : NULL);
	check(model);
}

void form_model_set(struct form_model *model, size_t at, size_t cell, const char *text)
{
	struct form_row *row = &model->rows[at];
	const struct form_split *split = form_split_of(row->setting);

	assert(row->kind == FORM_VALUE && cell < row->cells);
	if (strcmp(row->text[cell], text) == 0)
		return;
	free(row->text[cell]);
	row->text[cell] = mem_strdup(text);
	if (row->cells == 1) {
		store_value(model, row, text);
		return;
	}

	char *value = split->join(row->text);
	store_value(model, row, value);
	free(value);
}

/* Interprets a cell's text as part of the value, or as the whole value, which may lack a file. */
static bool split_text(const struct form_row *row, const struct form_split *split, size_t cell, char *cells[FORM_CELLS])
{
	const char *text = row->text[cell];
	bool keyed = cell == 0 || text[strcspn(text, ",=")] == '=';
	char *value = keyed ? mem_strdup(text) : mem_printf("%s=%s", split->labels[cell], text);
	bool good = split->split(value, cells);

	if (!good && (row->setting == SET_DISK || row->setting == SET_SHARE)) {
		char *with_file = mem_printf("file,%s", value);

		good = split->split(with_file, cells);
		if (good)
			cells[0][0] = '\0';
		free(with_file);
	}
	free(value);
	return good;
}

void form_model_settle(struct form_model *model, size_t at, size_t cell)
{
	const struct form_row *row = &model->rows[at];
	const struct form_split *split = row->cells > 1 ? form_split_of(row->setting) : NULL;
	bool has_keys = row->setting == SET_DISK || row->setting == SET_SHARE;
	char *cells[FORM_CELLS] = { NULL };

	if (!split || (cell > 0 && !has_keys) || !*row->text[cell])
		return;

	bool more = has_keys && cell > 0 && strchr(row->text[cell], '=');

	if (split_text(row, split, cell, cells)) {
		for (size_t i = 0; i < split->cells; i++)
			more |= i != cell && *cells[i];
		for (size_t i = 0; more && i < split->cells; i++)
			if (i == cell || *cells[i])
				form_model_set(model, at, i, cells[i]);
	}
	for (size_t i = 0; i < FORM_CELLS; i++)
		free(cells[i]);
}

void form_model_set_value(struct form_model *model, size_t at, const char *value)
{
	struct form_row *row = &model->rows[at];

	fill_cells(row, value);
	store_value(model, row, value);
}

const char *form_model_value(const struct form_model *model, size_t at)
{
	const struct form_row *row = &model->rows[at];
	const struct strv *values = &model->config.value[row->setting];

	return row->kind == FORM_VALUE && row->index < values->count ? values->items[row->index] : "";
}

size_t form_model_add(struct form_model *model, size_t at)
{
	enum vm_setting setting = model->rows[at].setting;
	const struct form_split *split = form_split_of(setting);

	assert(setting_info(setting)->repeatable);
	vm_config_add(&model->config, setting, split ? split->initial : "");
	build_rows(model);
	check(model);
	for (size_t i = 0; i < model->count; i++)
		if (model->rows[i].kind == FORM_ADD && model->rows[i].setting == setting)
			return i - 1;
	return at;
}

void form_model_remove(struct form_model *model, size_t at)
{
	const struct form_row *row = &model->rows[at];

	assert(row->kind == FORM_VALUE && setting_info(row->setting)->repeatable);
	strv_remove(&model->config.value[row->setting], row->index);
	build_rows(model);
	check(model);
}

const char *form_model_reason(const struct form_model *model, size_t at, bool *wrong)
{
	const struct form_row *row = &model->rows[at];
	int index = setting_info(row->setting)->repeatable ? (int)row->index : -1;
	const struct problem *problem;

	*wrong = false;
	if (row->kind != FORM_VALUE)
		return NULL;
	problem = problems_of(&model->problems, row->setting, index);
	*wrong = problem && problem->severity == PROBLEM_ERROR;
	if (problem)
		return problem->text;
	if (row->setting == model->warned && model->warning)
		return model->warning;
	/* Without an address the port is open to the network, as in the reference (D07); the user should know. */
	return row->setting == SET_PUBLISH && row->cells == FORM_CELLS && !*row->text[0] ? "reachable from the network" : NULL;
}

size_t form_model_first_wrong(const struct form_model *model)
{
	for (size_t i = 0; i < model->count; i++) {
		bool wrong;

		if (form_model_reason(model, i, &wrong) && wrong)
			return i;
	}
	return model->count;
}

const char *form_cell_label(const struct form_row *row, size_t cell)
{
	const struct form_split *split = form_split_of(row->setting);

	return split && row->cells > 1 ? split->labels[cell] : setting_info(row->setting)->key;
}

bool form_cell_is_path(const struct form_row *row, size_t cell)
{
	switch (row->setting) {
	case SET_IMAGE: case SET_FIRMWARE: case SET_DATA_FILE: case SET_QEMU: case SET_VIRTIOFSD: case SET_QMP: case SET_STATE:
		return true;
	case SET_DISK: case SET_SHARE:
		return cell == 0 && row->cells > 1;
	default:
		return false;
	}
}

const char *const *form_cell_choices(const struct form_row *row, size_t cell)
{
	static const char *const archs[] = { "", "x86_64", "aarch64", "s390x", "riscv64", NULL };
	static const char *const boots[] = { "", "auto", "disk", "iso", "kernel", "squashfs", NULL };
	static const char *const buses[] = { "", "auto", "ide", "virtio", "scsi", "nvme", NULL };
	static const char *const formats[] = { "", "auto", "raw", "qcow2", "vmdk", "vdi", "vpc", NULL };
	static const char *const yes_no[] = { "", "yes", "no", NULL };
	const struct form_split *split = form_split_of(row->setting);

	if (split)
		return row->cells > 1 ? split->choices[cell] : NULL;
	switch (row->setting) {
	case SET_ARCH:
		return archs;
	case SET_BOOT_MODE:
		return boots;
	case SET_BOOT_BUS:
		return buses;
	case SET_BOOT_FORMAT:
		return formats;
	case SET_UEFI:
	case SET_USB:
	case SET_LIVE:
	case SET_GUI:
	case SET_NOCLOUD:
	case SET_TRUST_BACKING:
	case SET_FORCE_RAW:
		return yes_no;
	default:
		return NULL;
	}
}
