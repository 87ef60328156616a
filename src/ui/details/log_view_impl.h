/* SPDX-License-Identifier: MIT */
#ifndef UI_DETAILS_LOG_VIEW_IMPL_H
#define UI_DETAILS_LOG_VIEW_IMPL_H

#include "ui/details/log_pager.h"
#include "ui/kit/view.h"

struct line_edit;
struct loop_timer;
struct loop_watch;

/* The internals of the log view, for log_view.c (the view), log_view_draw.c and log_view_save.c only. */

enum log_prompt { PROMPT_NONE, PROMPT_SEARCH, PROMPT_FILTER };

/* What an answer is for: a dialog can outlive the view. */
struct log_view_link {
	struct log_view *view;		/* NULL: closed */
	unsigned uses;
};

struct log_view {
	struct view view;
	struct log_pager pager;
	char *name, *state;
	char *heading;
	char *problem;			/* why there is no log; NULL: there is one */
	unsigned boot;
	bool stamps;
	int rows, columns;		/* of the window */

	enum log_prompt prompt;		/* what is being typed */
	struct line_edit *edit;
	char *query, *filter;		/* as typed; NULL: none */
	struct log_place before;	/* where the prompt was opened */
	bool followed;

	struct loop_timer *work;
	struct loop_watch *watch;	/* of the state directory; NULL: not watched */
	int watch_fd;

	struct log_view_link *link;
	char *save_path;		/* NULL: nothing is being saved */
	int save_fd;
	struct str save_text;		/* what is not written yet */
	uint64_t save_at, saved;	/* the next line, and how many lines were saved */
};

/* Columns in front of a line, and the time there. buf has 20 bytes. */
int log_view_stamp_columns(const struct log_view *);
const char *log_view_stamp(const struct log_view *, const struct log_shown *, char *buf, size_t size);
void log_view_draw(const struct view *, WINDOW *);

/* Asks for a file. */
unsigned log_view_save(struct view *, int arg);
/* Writes some lines. Returns true while there is more. */
bool log_view_save_step(struct log_view *);
void log_view_save_cancel(struct log_view *);
void log_view_link_release(void *link);
/* Lets the work that there is go on. */
void log_view_work(struct log_view *);

#endif
