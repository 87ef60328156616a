/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/io.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/keeper/stream/log_file.h"
#include "core/keeper/stream/log_text.h"
#include "ui/details/log_view_impl.h"
#include "ui/kit/app.h"
#include "ui/kit/ask.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#define PIECE	(64 * 1024)	/* bytes written at once */

void log_view_save_cancel(struct log_view *log)
{
	if (log->save_path == NULL)
		return;
	close(log->save_fd);
	str_finish(&log->save_text);
	free(log->save_path);
	log->save_path = NULL;
}

static void say_failed(struct log_view *log, const char *path)
{
	struct error err;

	error_errno(&err, "%s", path);
	app_say(log->view.app, "not saved: %s", err.text);
}

/* flags: O_EXCL, or O_TRUNC if the user has said so. */
static void begin(struct log_view *log, const char *path, int flags)
{
	int fd;

	log_view_save_cancel(log);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags, 0600);
	if (fd < 0) {
		say_failed(log, path);
		return;
	}
	log->save_fd = fd;
	log->save_path = mem_strdup(path);
	str_init(&log->save_text);
	log->save_at = log->saved = 0;
	log_view_work(log);
	app_apply(log->view.app, &log->view, UI_REDRAW);
}

/* The answer to a question that was asked for a view, and may be about a path. */
struct save_question {
	struct log_view_link *link;
	char *path;
};

static void free_question(void *data)
{
	struct save_question *question = data;

	log_view_link_release(question->link);
	free(question->path);
	free(question);
}

static struct ask_then then(struct log_view *log, ask_fn *call, const char *path)
{
	struct save_question *question = mem_alloc(sizeof(*question));

	question->link = log->link;
	question->link->uses++;
	question->path = mem_strdup(path);
	return (struct ask_then){ call, question, free_question };
}

static void on_overwrite(struct app *app, const void *data, const char *answer)
{
	const struct save_question *question = data;

	(void)app;
	(void)answer;
	if (question->link->view != NULL)
		begin(question->link->view, question->path, O_TRUNC);
}

static void on_path(struct app *app, const void *data, const char *answer)
{
	const struct save_question *question = data;
	struct log_view *log = question->link->view;
	char *path, *text;

	if (log == NULL || *answer == '\0')
		return;
	path = path_expand(answer);
	if (access(path, F_OK) == 0) {
		text = mem_printf("%s exists. Replace it?", answer);
		ask_yes_no(app, text, then(log, on_overwrite, path));
		free(text);
	} else {
		begin(log, path, O_EXCL);
	}
	free(path);
}

unsigned log_view_save(struct view *view, int arg)
{
	struct log_view *log = (struct log_view *)view;
	char *file, *path, *initial, *prompt;

	(void)arg;
	if (log->pager.file == NULL) {
		app_say(view->app, "there is no log to save");
		return UI_NOTHING;
	}
	file = mem_printf("%s.log.txt", path_base(log->name));
	path = path_absolute(file);
	initial = path_shorten(path);
	prompt = mem_printf("Save %s to the file", log->filter != NULL ? "the lines of the filter" : "the log");
	ask_text(view->app, prompt, initial, NULL, then(log, on_path, NULL));
	free(file);
	free(path);
	free(initial);
	free(prompt);
	return UI_NOTHING;
}

static void add_line(struct log_view *log, uint64_t line, uint64_t *next)
{
	char *bytes = mem_alloc((size_t)2 * LOG_FILE_BLOCK), stamp[40];
	size_t len = log_file_text(log->pager.file, line, bytes, next);
	struct log_shown shown = { .line = line };
	struct str text;

	str_init(&text);
	log_text(bytes, len, &text);
	if (log->stamps) {
		shown.timed = log_file_time(log->pager.file, line, &shown.ms);
		str_addf(&log->save_text, "%s ", log_view_stamp(log, &shown, stamp, sizeof(stamp)));
	}
	str_add(&log->save_text, text.text, text.len);
	str_addc(&log->save_text, '\n');
	str_finish(&text);
	free(bytes);
}

bool log_view_save_step(struct log_view *log)
{
	uint64_t line, next;
	bool more = log_pager_line_from(&log->pager, log->save_at, &line);

	if (more) {
		add_line(log, line, &next);
		log->save_at = next;
		log->saved++;
		if (log->save_text.len < PIECE)
			return true;
	}
	if (!io_write(log->save_fd, log->save_text.text, log->save_text.len)) {
		say_failed(log, log->save_path);
		log_view_save_cancel(log);
		return false;
	}
	str_clear(&log->save_text);
	if (more)
		return true;
	app_say(log->view.app, "%" PRIu64 " %s saved in %s", log->saved, log->saved == 1 ? "line" : "lines", log->save_path);
	log_view_save_cancel(log);
	return false;
}
