/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/control/link.h"
#include "ui/cli/cli_control.h"

static void print(void *data, const struct link_state *link, const struct error *err)
{
	if (link)
		cli_line("%s  %s %s, %s network", link->up ? "up" : "down", link->model, link->mac, link->backend);
	cli_control_heard(data, err);
}

int command_link(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct cli_control control;
	struct error err;
	int status;

	if (!command_read_words(context, 2, argc, argv, &words))
		return 2;

	bool up = words.count == 2 && text_equal(words.words[1], "up");

	if (words.count == 0)
		return command_usage(context, "NAME is missing");
	if (words.count == 2 && !up && !text_equal(words.words[1], "down"))
		return command_usage(context, "after NAME comes `up` or `down`");
	if (!cli_control_open(&control, context, &words, &status))
		return status;
	if (!control.target.running)
		status = cli_error("%s is not running; its link is up when it starts", control.word);
	else if (words.count == 2)
		status = cli_control_wait(&control, control_link_set(&control.vm, up, cli_control_done, &control, &err), &err);
	else
		status = cli_control_wait(&control, control_link_query(&control.vm, print, &control), NULL);
	cli_control_close(&control);
	return status;
}
