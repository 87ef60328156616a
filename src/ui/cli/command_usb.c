/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/control/usb.h"
#include "ui/cli/cli_control.h"

#include <stdio.h>
#include <stdlib.h>

struct listing {
	struct cli_control *control;
	const struct usb_devices *devices;
};

static bool is_passed(const struct usb_device *device, const struct usb_passed *passed, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (passed[i].attached && usb_match_is(&passed[i].match, device))
			return true;
	return false;
}

/* Of a VM that waits for a device, the IDs or the port. */
static void print_absent(const struct usb_match *match)
{
	if (match->vendor || match->product)
		printf("waits    %04x:%04x\n", match->vendor, match->product);
	else
		cli_line("waits    port %u-%s", match->bus, match->port);
}

static void print_all(void *data, const struct usb_passed *passed, size_t count, const struct error *err)
{
	const struct listing *listing = data;

	for (size_t i = 0; !err && i < listing->devices->count; i++) {
		char *text = usb_device_text(&listing->devices->items[i]);

		cli_line("%-7s  %s", is_passed(&listing->devices->items[i], passed, count) ? "passed" : "", text);
		free(text);
	}
	for (size_t i = 0; !err && i < count; i++)
		if (!passed[i].attached)
			print_absent(&passed[i].match);
	cli_control_heard(listing->control, err);
}

static int change(struct cli_control *control, bool adds, const char *setting)
{
	struct error err;
	int status = 0;

	if (!cli_control_may_change(control))
		return 1;
	if (control->target.running)
		status = cli_control_wait(control, (adds ? control_usb_add : control_usb_remove)(&control->vm, setting, cli_control_done, control, &err), &err);
	return cli_control_save(control, status, SET_DEVICE, adds ? SETTING_ADD : SETTING_REMOVE, setting);
}

int command_usb(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct cli_control control;
	struct usb_devices devices;
	struct listing listing = { .control = &control, .devices = &devices };
	struct error err;
	char *setting = NULL;
	bool adds;
	int status;

	if (!command_read_words(context, 3, argc, argv, &words))
		return 2;
	adds = words.count == 3 && text_equal(words.words[1], "add");
	if (words.count == 0)
		return command_usage(context, "NAME is missing");
	if (words.count == 2 || (words.count == 3 && !adds && !text_equal(words.words[1], "remove")))
		return command_usage(context, "after NAME comes `add ID` or `remove ID`");
	if (!cli_control_open(&control, context, &words, &status))
		return status;
	usb_devices_read("", &devices);
	if (words.count == 3 && !usb_setting_for(words.words[2], &devices, &setting, &err))
		status = cli_error("%s: %s", control.word, err.text);
	else if (words.count == 3)
		status = change(&control, adds, setting);
	else if (control.target.running)
		status = cli_control_wait(&control, control_usb(&control.vm, print_all, &listing), NULL);
	else
		print_all(&listing, NULL, 0, NULL);
	free(setting);
	usb_devices_finish(&devices);
	cli_control_close(&control);
	return status;
}
