/* SPDX-License-Identifier: MIT */
#include "ui/job_watch.h"

#include "core/base/alloc.h"
#include "core/jobs/job.h"
#include "core/jobs/job_client.h"
#include "ui/kit/app.h"
#include "ui/kit/ask.h"
#include "ui/model/model.h"
#include "ui/session.h"

#include <stdio.h>
#include <stdlib.h>

struct watched {
	struct watched *next;
	struct app *app;
	struct job_client *client;
	char *title, *done, *profile;
	unsigned percent;
};

struct job_watch {
	struct watched *first;		/* the newest */
};

struct job_watch *job_watch_new(void)
{
	struct job_watch *watch = mem_alloc(sizeof(*watch));

	*watch = (struct job_watch){ 0 };
	return watch;
}

static void free_watched(struct watched *watched)
{
	job_client_free(watched->client);
	free(watched->title);
	free(watched->done);
	free(watched->profile);
	free(watched);
}

void job_watch_free(struct job_watch *watch)
{
	while (watch && watch->first) {
		struct watched *watched = watch->first;

		watch->first = watched->next;
		free_watched(watched);
	}
	free(watch);
}

static void forget(struct watched *watched)
{
	struct watched **at = &session_jobs(watched->app)->first;

	while (*at != watched)
		at = &(*at)->next;
	*at = watched->next;
	free_watched(watched);
}

static void on_news(void *data, const struct job_news *news)
{
	struct watched *watched = data;
	struct app *app = watched->app;

	watched->percent = news->percent;
	if (news->state == JOB_DONE) {
		model_expect(session_model(app), ITEM_PROFILE, watched->profile);
		app_say(app, "%s", watched->done);
	} else if (news->state == JOB_CANCELLED) {
		app_say(app, "cancelled: %s", watched->title);
	} else if (news->state != JOB_RUNNING) {
		message_open(app, watched->title, news->error);
	}
	if (news->state != JOB_RUNNING)
		forget(watched);
	app_notice(app);
}

bool job_watch_start(struct app *app, const struct job *job, const char *done, struct error *err)
{
	struct watched *watched = mem_alloc(sizeof(*watched));
	struct job_watch *watch = session_jobs(app);

	*watched = (struct watched){ .next = watch->first, .app = app, .title = mem_strdup(job->title), .done = mem_strdup(done),
		                     .profile = mem_strdup(job->profile.name) };
	watched->client = job_launch(app_loop(app), job, on_news, watched, err);
	if (!watched->client) {
		free_watched(watched);
		return false;
	}
	watch->first = watched;
	return true;
}

void job_watch_title(const struct job_watch *watch, char *buf, size_t size)
{
	if (watch->first)
		snprintf(buf, size, "%s %u%%", watch->first->title, watch->first->percent);
	else if (size)
		*buf = '\0';
}
