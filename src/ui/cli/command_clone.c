/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/base/loop.h"
#include "core/jobs/job_client.h"
#include "core/machines/clone.h"
#include "core/machines/resolve.h"
#include "ui/cli/command.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct cloning {
	struct loop *loop;
	struct job_client *client;
	const char *name;		/* of the clone */
	bool shows;			/* progress, on the terminal */
	int status;
};

static void on_news(void *data, const struct job_news *news)
{
	struct cloning *cloning = data;

	if (news->state == JOB_RUNNING) {
		char *step = format_plain(news->step);

		if (cloning->shows)
			fprintf(stderr, "\r%3u %%  %s\033[K", news->percent, step);
		free(step);
		return;
	}
	if (cloning->shows)
		fputs("\r\033[K", stderr);
	cloning->status = news->state == JOB_DONE ? 0
	                  : news->state == JOB_CANCELLED ? cli_error("%s was not created: cancelled", cloning->name)
	                                                 : cli_error("%s was not created: %s", cloning->name, news->error);
	loop_quit(cloning->loop, 0);
}

static void on_signal(void *data, int signo)
{
	struct cloning *cloning = data;

	(void)signo;
	job_client_cancel(cloning->client);
}

static int run(const struct job *job, const char *name)
{
	struct cloning cloning = { .loop = loop_new(), .name = name, .shows = isatty(STDERR_FILENO), .status = 1 };
	struct error err;

	if (loop_signal(cloning.loop, SIGINT, on_signal, &cloning, &err) &&
	    loop_signal(cloning.loop, SIGTERM, on_signal, &cloning, &err) &&
	    (cloning.client = job_launch(cloning.loop, job, on_news, &cloning, &err)))
		loop_run(cloning.loop);
	else
		command_fail(&err);
	job_client_free(cloning.client);
	loop_free(cloning.loop);
	return cloning.status;
}

int command_clone(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct vm_target target;
	struct error err;
	struct job job;
	bool linked;
	int status;

	if (!command_read_words(context, 2, argc, argv, &words))
		return 2;
	if (words.count < 2)
		return command_usage(context, words.count ? "the name of the clone is missing" : "NAME is missing");
	linked = command_words_value(&words, "--linked") != NULL;
	if (!vm_target_find(words.name, context->store, context->records, &target, &err))
		return command_fail(&err);
	if (!target.is_profile || !target.has_config) {
		status = cli_error("%s is not a profile, and only profiles can be cloned", words.name);
	} else if (target.running) {
		status = cli_error("%s is running; its disks can be cloned when it is off", words.name);
	} else {
		if (clone_prepare(context->store, &target.config, words.words[1], linked, &job, &err))
			status = run(&job, words.words[1]);
		else
			status = cli_error("%s was not cloned: %s", words.name, err.text);
		if (status == 0 && linked && job.step_count && isatty(STDERR_FILENO))
			cli_note("%s reads the disks of %s: do not start %s, or change or move them, as long as %s is used", words.words[1],
			         target.config.name, target.config.name, words.words[1]);
		job_finish(&job);
	}
	vm_target_finish(&target);
	return status;
}
