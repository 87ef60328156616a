/* SPDX-License-Identifier: MIT */
#include "core/qemu/host/probe.h"
#include "core/vm/spec.h"
#include "ui/form/form_view.h"
#include "ui/kit/app.h"
#include "ui/kit/ask.h"
#include "ui/usb_ask.h"

#include <string.h>

static bool has_controller(const struct vm_config *config)
{
	const struct strv *devices = &config->value[SET_DEVICE];

	for (size_t i = 0; i < devices->count; i++)
		if (strstr(devices->items[i], "hci"))
			return true;
	return false;
}

static bool is_pc(const struct vm_config *config)
{
	const char *arch = vm_config_get(config, SET_ARCH);
	enum vm_arch given;

	return arch && *arch ? strcmp(arch, vm_arch_name(ARCH_X86_64)) == 0 : probe_arch(&given) && given == ARCH_X86_64;
}

static void picked(struct app *app, const void *profile, const char *answer)
{
	struct form_view *form = form_view_on(app, profile);
	struct form_model *model;
	size_t row, usb = 0;

	if (!form)
		return;
	model = &form->model;
	row = form->edited_row;
	if (model->rows[row].kind == FORM_ADD)
		row = form_model_add(model, row);
	/* A USB device needs a controller: on q35 an option of the machine, elsewhere a device before it. */
	if (!has_controller(&model->config) && is_pc(&model->config)) {
		while (model->rows[usb].kind != FORM_VALUE || model->rows[usb].setting != SET_USB)
			usb++;
		form_model_set_value(model, usb, "yes");
	} else if (!has_controller(&model->config)) {
		form_model_set_value(model, row, "qemu-xhci");
		row = form_model_add(model, row);
	}
	form_model_set_value(model, row, answer);
	form_go(form, row, 0);
	app_apply(app, &form->view, UI_REDRAW);
}

unsigned form_pick_usb(struct view *view, int arg)
{
	struct form_view *form = (struct form_view *)view;

	(void)arg;
	if (form->model.rows[form->scroller.at].setting != SET_DEVICE || form->model.rows[form->scroller.at].kind == FORM_HEADING) {
		app_say(view->app, "USB devices can be picked only in a device row");
		return UI_NOTHING;
	}
	form->edited_row = form->scroller.at;
	usb_ask(view->app, ask_then_text(picked, form->model.config.name));
	return UI_REDRAW;
}
