/* SPDX-License-Identifier: MIT */
#include "core/base/strv.h"
#include "core/vm/config.h"
#include "ui/form/form_cells.h"
#include "ui/form/form_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

struct scene {
	struct vm_config config;
	struct form_model model;
};

static int set_up(void **state)
{
	static struct scene scene;

	memset(&scene, 0, sizeof(scene));
	vm_config_init(&scene.config, CONFIG_PROFILE);
	vm_config_set(&scene.config, SET_IMAGE, "/vm/web.img");
	vm_config_add(&scene.config, SET_PUBLISH, "127.0.0.1:8080:80");
	vm_config_add(&scene.config, SET_PUBLISH, "2222:22/TCP");
	vm_config_add(&scene.config, SET_DISK, "format=raw,size=256M,file=a,,b.img");
	vm_config_set(&scene.config, SET_NETWORK, "user");
	form_model_init(&scene.model, &scene.config);
	*state = &scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	form_model_finish(&scene->model);
	vm_config_finish(&scene->config);
	return 0;
}

static size_t row_of(const struct form_model *model, enum vm_setting setting, size_t index)
{
	for (size_t i = 0; i < model->count; i++)
		if (model->rows[i].kind == FORM_VALUE && model->rows[i].setting == setting && model->rows[i].index == index)
			return i;
	fail_msg("no row for setting %d, value %zu", (int)setting, index);
	return 0;
}

static void every_setting_has_a_row_and_a_repeatable_one_can_be_added(void **state)
{
	struct scene *scene = *state;
	size_t seen[VM_SETTINGS] = { 0 }, adds[VM_SETTINGS] = { 0 };

	for (size_t i = 0; i < scene->model.count; i++) {
		const struct form_row *row = &scene->model.rows[i];

		seen[row->setting] += row->kind == FORM_VALUE;
		adds[row->setting] += row->kind == FORM_ADD;
	}
	for (enum vm_setting setting = 0; setting < VM_SETTINGS; setting++) {
		bool repeatable = setting_info(setting)->repeatable;

		assert_int_equal(seen[setting], repeatable ? scene->config.value[setting].count : 1);
		assert_int_equal(adds[setting], repeatable);
	}
}

static void a_value_with_a_grammar_is_split_into_cells(void **state)
{
	struct scene *scene = *state;
	const struct form_row *port = &scene->model.rows[row_of(&scene->model, SET_PUBLISH, 0)];
	const struct form_row *disk = &scene->model.rows[row_of(&scene->model, SET_DISK, 0)];

	assert_int_equal(port->cells, 4);
	assert_string_equal(port->text[0], "127.0.0.1");
	assert_string_equal(port->text[1], "8080");
	assert_string_equal(port->text[2], "80");
	assert_string_equal(port->text[3], "tcp");
	assert_string_equal(disk->text[0], "a,b.img");
	assert_string_equal(disk->text[1], "256M");
	assert_string_equal(disk->text[2], "raw");
	assert_string_equal(form_cell_label(disk, 1), "size");
}

static void untouched_values_are_kept_to_the_byte(void **state)
{
	struct scene *scene = *state;
	struct form_model *model = &scene->model;

	form_model_set(model, row_of(model, SET_PUBLISH, 0), 1, "9090");
	assert_string_equal(form_model_value(model, row_of(model, SET_PUBLISH, 0)), "127.0.0.1:9090:80/tcp");
	assert_string_equal(form_model_value(model, row_of(model, SET_PUBLISH, 1)), "2222:22/TCP");
	assert_string_equal(form_model_value(model, row_of(model, SET_DISK, 0)), "format=raw,size=256M,file=a,,b.img");
	assert_true(form_model_changed(model));
	form_model_set(model, row_of(model, SET_DISK, 0), 1, "1G");
	assert_string_equal(form_model_value(model, row_of(model, SET_DISK, 0)), "a,,b.img,size=1G,format=raw");
}

static void a_wrong_text_stays_and_has_a_reason(void **state)
{
	struct scene *scene = *state;
	struct form_model *model = &scene->model;
	size_t row = row_of(model, SET_PUBLISH, 1);
	bool wrong;

	assert_int_equal(form_model_first_wrong(model), model->count);
	assert_string_equal(form_model_reason(model, row, &wrong), "reachable from the network");
	assert_false(wrong);
	form_model_set(model, row, 1, "99999");
	assert_non_null(form_model_reason(model, row, &wrong));
	assert_true(wrong);
	assert_int_equal(form_model_first_wrong(model), row);
	assert_string_equal(model->rows[row].text[1], "99999");
	form_model_set(model, row, 1, "2222");
	assert_int_equal(form_model_first_wrong(model), model->count);
}

static void a_value_that_cannot_be_split_is_one_cell(void **state)
{
	struct scene *scene = *state;
	struct form_model *model = &scene->model;
	size_t row = row_of(model, SET_PUBLISH, 0);
	bool wrong;

	form_model_set_value(model, row, "8080");
	assert_int_equal(model->rows[row].cells, 1);
	assert_string_equal(model->rows[row].text[0], "8080");
	form_model_reason(model, row, &wrong);
	assert_true(wrong);
}

static void rows_are_added_at_the_end_and_removed_at_the_cursor(void **state)
{
	struct scene *scene = *state;
	struct form_model *model = &scene->model;

	size_t row = form_model_add(model, row_of(model, SET_PUBLISH, 0));
	assert_int_equal(model->rows[row].index, 2);
	assert_string_equal(model->rows[row].text[0], "127.0.0.1");
	form_model_remove(model, row_of(model, SET_PUBLISH, 0));
	assert_int_equal(model->config.value[SET_PUBLISH].count, 2);
	assert_string_equal(form_model_value(model, row_of(model, SET_PUBLISH, 0)), "2222:22/TCP");
}

static void an_empty_cell_unsets_a_setting(void **state)
{
	struct scene *scene = *state;
	struct form_model *model = &scene->model;
	size_t row = row_of(model, SET_CPUS, 0);

	form_model_set(model, row, 0, "4");
	assert_string_equal(vm_config_get(&model->config, SET_CPUS), "4");
	form_model_set(model, row, 0, "");
	assert_null(vm_config_get(&model->config, SET_CPUS));
	assert_false(form_model_changed(model));
}

static void the_interface_follows_the_network_mode(void **state)
{
	struct scene *scene = *state;
	struct form_model *model = &scene->model;
	size_t row = row_of(model, SET_NETWORK, 0);

	form_model_set(model, row, 0, "tap");
	form_model_set(model, row, 1, "tap0,vhost=on");
	assert_string_equal(vm_config_get(&model->config, SET_NETWORK), "tap,tap0,vhost=on");
	form_model_set(model, row, 0, "user");
	assert_string_equal(vm_config_get(&model->config, SET_NETWORK), "user");
	assert_string_equal(model->rows[row].text[1], "tap0,vhost=on");
}

/* A value that is split and joined again has the same meaning. */
static void joining_is_the_inverse_of_splitting(void **state)
{
	(void)state;
	static const struct { enum vm_setting setting; const char *value; } rows[] = {
		{ SET_NETWORK, "user" }, { SET_NETWORK, "bridge,br0,helper=/x" }, { SET_PUBLISH, "1:2/tcp" },
		{ SET_PUBLISH, "10.0.0.1:1:2/udp" }, { SET_DISK, "a.img" }, { SET_DISK, "file=a=b,size=1G" },
		{ SET_DISK, "a,,b,size=1500M,format=raw,bus=virtio" }, { SET_DISK, "size=1G" }, { SET_SHARE, "/a,,b,tag=x" },
		{ SET_SHARE, "/home/me" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct form_split *split = form_split_of(rows[i].setting);
		char *cells[FORM_CELLS] = { NULL };

		assert_true(split->split(rows[i].value, cells));
		char *joined = split->join(cells);
		assert_string_equal(joined, rows[i].value);
		free(joined);
		for (size_t cell = 0; cell < FORM_CELLS; cell++)
			free(cells[cell]);
	}
}

/* The values that the help of a row shows can be typed into its cells. */
static void a_whole_value_can_be_typed_into_one_cell(void **state)
{
	static const struct {
		enum vm_setting setting;
		size_t cell;
		const char *typed, *value;
	} rows[] = {
		{ SET_DISK, 0, "b.img,size=4G,format=qcow2,bus=virtio", "b.img,size=4G,format=qcow2,bus=virtio" },
		{ SET_DISK, 0, "b.img,bus=scsi", "b.img,size=256M,format=raw,bus=scsi" },
		{ SET_DISK, 0, "bus=nvme", "size=256M,format=raw,bus=nvme" },
		{ SET_DISK, 0, "b,c.img", "b,,c.img,size=256M,format=raw" },
		{ SET_DISK, 0, "a=b", "file=a=b,size=256M,format=raw" },
		{ SET_DISK, 1, "size=2G", "a,,b.img,size=2G,format=raw" },
		{ SET_DISK, 1, "1024M", "a,,b.img,size=1024M,format=raw" },
		{ SET_DISK, 1, "2G,bus=ide", "a,,b.img,size=2G,format=raw,bus=ide" },
		{ SET_DISK, 1, "2X", "a,,b.img,size=2X,format=raw" },
		{ SET_PUBLISH, 0, "10.0.0.1:5:6/udp", "10.0.0.1:5:6/udp" },
		{ SET_PUBLISH, 0, "10.0.0.1", "10.0.0.1:8080:80/tcp" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		set_up(state);

		struct form_model *model = &((struct scene *)*state)->model;
		size_t row = row_of(model, rows[i].setting, 0);

		form_model_set(model, row, rows[i].cell, rows[i].typed);
		form_model_settle(model, row, rows[i].cell);
		assert_string_equal(form_model_value(model, row), rows[i].value);
		tear_down(state);
	}
	set_up(state);
}

static void a_warning_from_outside_stays_until_the_value_changes(void **state)
{
	struct form_model *model = &((struct scene *)*state)->model;
	size_t row = row_of(model, SET_MAC, 0);
	bool wrong = true;

	form_model_warn(model, SET_MAC, "taken");
	assert_string_equal(form_model_reason(model, row, &wrong), "taken");
	assert_false(wrong);
	assert_int_equal(form_model_first_wrong(model), model->count);
	form_model_set(model, row_of(model, SET_MEMORY, 0), 0, "512");
	assert_string_equal(form_model_reason(model, row, &wrong), "taken");
	form_model_set(model, row, 0, "52:54:00:00:00:02");
	assert_null(form_model_reason(model, row, &wrong));
	form_model_warn(model, SET_MAC, "taken");
	form_model_warn(model, SET_MAC, NULL);
	assert_null(form_model_reason(model, row, &wrong));
}

int main(void)
{
#define SCENE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		SCENE(every_setting_has_a_row_and_a_repeatable_one_can_be_added),
		SCENE(a_value_with_a_grammar_is_split_into_cells),
		SCENE(untouched_values_are_kept_to_the_byte),
		SCENE(a_wrong_text_stays_and_has_a_reason),
		SCENE(a_value_that_cannot_be_split_is_one_cell),
		SCENE(rows_are_added_at_the_end_and_removed_at_the_cursor),
		SCENE(an_empty_cell_unsets_a_setting),
		SCENE(the_interface_follows_the_network_mode),
		cmocka_unit_test_teardown(a_whole_value_can_be_typed_into_one_cell, tear_down),
		SCENE(a_warning_from_outside_stays_until_the_value_changes),
		cmocka_unit_test(joining_is_the_inverse_of_splitting),
	};

	return cmocka_run_group_tests_name("form model", tests, NULL, NULL);
}
