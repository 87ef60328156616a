/* SPDX-License-Identifier: MIT */
#ifndef UI_SESSION_H
#define UI_SESSION_H

struct app;
struct job_watch;
struct model;
struct record_io;
struct store;
struct undo;

/* Shared by all screens: the app_data of an app that shows VMs. */
struct session {
	struct store *store;
	const struct record_io *records;
	const char *root;	/* prefix for /sys and /dev; "" except in tests */
	unsigned blank_ms;	/* time until a blank console is explained */
	struct model *model;
	struct undo *undo;
	struct job_watch *jobs;
};

struct store *session_store(const struct app *);
const struct record_io *session_records(const struct app *);
const char *session_root(const struct app *);
unsigned session_blank_ms(const struct app *);
struct model *session_model(const struct app *);
struct undo *session_undo(const struct app *);
struct job_watch *session_jobs(const struct app *);

#endif
