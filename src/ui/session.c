/* SPDX-License-Identifier: MIT */
#include "ui/session.h"

#include "ui/kit/app.h"

static const struct session *of(const struct app *app)
{
	return app_data(app);
}

struct store *session_store(const struct app *app)
{
	return of(app)->store;
}

const struct record_io *session_records(const struct app *app)
{
	return of(app)->records;
}

const char *session_root(const struct app *app)
{
	return of(app)->root;
}

unsigned session_blank_ms(const struct app *app)
{
	return of(app)->blank_ms;
}

struct model *session_model(const struct app *app)
{
	return of(app)->model;
}

struct undo *session_undo(const struct app *app)
{
	return of(app)->undo;
}

struct job_watch *session_jobs(const struct app *app)
{
	return of(app)->jobs;
}
