/* SPDX-License-Identifier: MIT */
#include "ui/kit/editor.h"

#include "core/base/alloc.h"
#include "core/base/child.h"
#include "core/base/error.h"
#include "core/base/io.h"
#include "core/base/loop.h"
#include "core/base/str.h"
#include "ui/kit/app.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST (64 * 1024)	/* maximum size of a value in a profile */

struct editing {
	struct app *app;
	struct ask_then done;
	char *before;		/* NULL: nothing is read back */
	char *path;
	bool pager;
	bool temporary;		/* the file is a copy */
	bool in_place;		/* the file is the user's own */
};

static void free_editing(struct editing *editing)
{
	if (editing->temporary)
		unlink(editing->path);
	free(editing->path);
	free(editing->before);
	if (editing->done.data)
		editing->done.free(editing->done.data);
	free(editing);
}

/* 0600, in TMPDIR: a value may be a secret. */
static char *write_temporary(const char *text, struct error *err)
{
	const char *dir = getenv("TMPDIR");
	char *path = mem_printf("%s/paddock-XXXXXX", dir && dir[0] == '/' ? dir : "/tmp");
	int fd = mkostemp(path, O_CLOEXEC);

	bool good = fd >= 0 && io_write(fd, text, strlen(text));

	if (!good)
		error_errno(err, "%s", path);
	if (fd >= 0 && close(fd) < 0 && good)
		good = error_errno(err, "%s", path);
	if (good)
		return path;
	if (fd >= 0)
		unlink(path);
	free(path);
	return NULL;
}

static char *read_back(const char *path, struct error *err)
{
	struct str text;
	char *value = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	str_init(&text);
	if (fd < 0) {
		error_errno(err, "%s", path);
		return NULL;
	}

	bool whole = io_read(fd, MOST, &text);

	if (!whole && errno == EFBIG)
		error_set(err, "the value is longer than 64 KiB");
	else if (!whole)
		error_errno(err, "%s", path);
	else if (memchr(text.text, '\0', text.len))
		error_set(err, "the value contains a zero byte");
	else
		value = str_detach(&text);
	close(fd);
	str_finish(&text);
	return value;
}

static void editor_ended(void *data, pid_t pid, int status)
{
	struct editing *editing = data;
	struct error err = { .text = "" };
	char reason[64];
	char *text = NULL;

	(void)pid;
	app_away(editing->app, false);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		app_say(editing->app, "the %s ended with %s%s", editing->pager ? "pager" : "editor",
		        child_status_text(status, reason, sizeof(reason)),
		        editing->before ? ": nothing was changed" : "");
	else if (editing->before && !(text = read_back(editing->path, &err)))
		app_say(editing->app, "%s: nothing was changed", err.text);
	if (text) {
		size_t len = strlen(text);

		/* Editors add a newline to the last line; a value of one line does not need it. */
		if (len && strchr(text, '\n') == text + len - 1 && !strchr(editing->before, '\n'))
			text[len - 1] = '\0';
		if (strcmp(text, editing->before) != 0)
			editing->done.call(editing->app, editing->done.data, text);
	}
	if (editing->in_place)
		editing->done.call(editing->app, editing->done.data, editing->path);
	free(text);
	free_editing(editing);
}

/* The shell splits it into words, as users of EDITOR="code -w" expect. */
static char *pager_script(void)
{
	const char *command = getenv("PAGER");

	if (command && *command)
		return mem_printf("%s \"$1\"", command);
	return mem_strdup("if command -v less >/dev/null; then less \"$1\"; else more \"$1\"; fi");
}

static char *editor_script(void)
{
	static const char *const variables[] = { "VISUAL", "EDITOR" };

	for (size_t i = 0; i < 2; i++) {
		const char *command = getenv(variables[i]);

		if (command && *command)
			return mem_printf("%s \"$1\"", command);
	}
	return mem_strdup("if command -v vi >/dev/null; then vi \"$1\"; else nano \"$1\"; fi; :");
}

static void lend_terminal(struct editing *editing)
{
	struct app *app = editing->app;
	char *script = editing->pager ? pager_script() : editor_script();
	char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" }, script, (char[]){ "paddock" }, editing->path, NULL };
	struct child_spec spec = { .path = "/bin/sh", .argv = argv, .in = 0, .out = 1, .err = 2 };
	struct error err;

	app_away(app, true);

	pid_t pid = child_spawn(&spec, &err);

	free(script);
	if (pid > 0 && loop_child(app_loop(app), pid, editor_ended, editing, &err))
		return;
	app_away(app, false);
	app_say(app, "%s", err.text);
	free_editing(editing);
}

void editor_open_file(struct app *app, const char *path, struct ask_then then)
{
	struct editing *editing = mem_alloc(sizeof(*editing));

	*editing = (struct editing){ .app = app, .done = then, .path = mem_strdup(path), .in_place = true };
	lend_terminal(editing);
}

void editor_show(struct app *app, const char *text, bool in_pager)
{
	struct error err;
	char *path = write_temporary(text, &err);

	if (!path) {
		app_say(app, "%s", err.text);
		return;
	}
	struct editing *editing = mem_alloc(sizeof(*editing));
	*editing = (struct editing){ .app = app, .path = path, .pager = in_pager, .temporary = true };
	lend_terminal(editing);
}

void editor_open(struct app *app, const char *text, struct ask_then done)
{
	struct error err;
	char *path = write_temporary(text, &err);

	if (!path) {
		app_say(app, "%s", err.text);
		done.free(done.data);
		return;
	}
	struct editing *editing = mem_alloc(sizeof(*editing));
	*editing = (struct editing){ .app = app, .done = done, .before = mem_strdup(text), .path = path,
	                             .temporary = true };
	lend_terminal(editing);
}
