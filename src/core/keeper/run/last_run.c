/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/last_run.h"

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/base/utf8.h"
#include "core/keeper/run/record.h"
#include "core/vm/store.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILE_NAME "last-run.ini"

void last_run_text_set(char *to, size_t size, const char *text)
{
	size_t len = strlen(text);

	if (len >= size)
		len = utf8_cut(text, size - 1);
	memmove(to, text, len);
	to[len] = '\0';
}

void last_run_reason(struct last_run *run, const char *reason)
{
	last_run_text_set(run->reason, sizeof(run->reason), reason);
}

void last_run_error(struct last_run *run, const char *error)
{
	last_run_text_set(run->error, sizeof(run->error), error);
}

/* Returns true for a line of QEMU that begins a message and is not a warning. */
static bool says_why(const char *line)
{
	return line[0] != '\0' && line[0] != ' ' && line[0] != '\t' && !strstr(line, "warning: ") &&
	       !text_starts(line, "WARNING: ");
}

bool last_run_status(struct last_run *run, int status, bool panicked)
{
	bool clean = WIFEXITED(status) && WEXITSTATUS(status) == 0;

	run->exit = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
	run->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	if (run->signal)
		last_run_reason(run, text_equal(run->asked_by, "kill") ? "killed" : "signal");
	else if (panicked)
		last_run_reason(run, "guest-panic");
	else if (!run->reason[0])
		last_run_reason(run, clean ? "exited" : "failed");
	return clean;
}

void last_run_words(struct last_run *run, const char *lines)
{
	last_run_text_set(run->words, sizeof(run->words), lines);
}

/* QEMU prints warnings first and the reason last. Later lines that do not begin with its name are advice. */
void last_run_stderr(struct last_run *run, const char *lines)
{
	char copy[sizeof(run->words)];
	const char *line = copy;
	bool named = false;

	last_run_text_set(copy, sizeof(copy), lines);
	last_run_error(run, "");
	while (*line) {
		size_t len = strcspn(line, "\n");
		bool more = line[len] == '\n';

		copy[line - copy + (ptrdiff_t)len] = '\0';
		if (says_why(line) && (!named || text_starts(line, "qemu"))) {
			last_run_error(run, line);
			named = text_starts(line, "qemu");
		}
		line += len + more;
	}
}

bool last_run_write(const struct record_io *io, const char *state_dir, const struct last_run *run, struct error *err)
{
	struct record record = { 0 };
	char *path = path_join(state_dir, FILE_NAME);

	record_put(&record, "ran", run->ran ? "yes" : "no");
	record_put_number(&record, "started", (long long)run->started);
	record_put_number(&record, "ended", (long long)run->ended);
	record_put_number(&record, "exit", run->exit);
	record_put_number(&record, "signal", run->signal);
	record_put(&record, "asked-by", run->asked_by);
	record_put(&record, "reason", run->reason);
	record_put(&record, "error", run->error);
	record_put(&record, "words", run->words);
	record_put_number(&record, "resets-guest", run->resets_guest);
	record_put_number(&record, "resets-host", run->resets_host);
	record_put_number(&record, "reset-first", (long long)run->reset_first);
	record_put_number(&record, "reset-last", (long long)run->reset_last);
	record_put(&record, "reset-loop", run->reset_loop ? "yes" : "no");
	record_put(&record, "panic", run->panic);
	record_put(&record, "watchdog", run->watchdog);
	record_put(&record, "io-error", run->io_error);
	record_put(&record, "paused", run->paused);
	record_put(&record, "memory-failure", run->memory_failure);
	record_put(&record, "console", run->console);

	bool ok = io->write(path, "run", &record.keys, &record.values, err);

	/* On a full disk, removing the old record may free enough space. If it stayed, it would report an interrupted run. */
	if (!ok && unlink(path) == 0)
		ok = io->write(path, "run", &record.keys, &record.values, err);

	record_finish(&record);
	free(path);
	return ok;
}

struct keeper_end last_run_end(const struct last_run *run)
{
	return (struct keeper_end){
		.started = run->ran, .status = run->signal ? 128 + run->signal : run->exit,
		.signal = run->signal, .reason = run->reason, .error = run->error, .ended = run->ended,
	};
}

void last_run_forget(const char *state_dir)
{
	char *path = path_join(state_dir, FILE_NAME);

	unlink(path);
	free(path);
}

bool last_run_open(const struct last_run *run)
{
	return run->ran && run->ended == 0;
}

static const char *known_asker(const char *text)
{
	static const char *const askers[] = { "powerdown", "quit", "kill", "signal", "client", "guest" };

	for (size_t i = 0; i < sizeof(askers) / sizeof(askers[0]); i++) {
		if (text_equal(askers[i], text))
			return askers[i];
	}
	return "";
}

/* Returns false if the key is not that of a text. */
static bool take_text(struct last_run *run, const char *key, const char *value)
{
	const struct {
		const char *key;
		char *to;
		size_t size;
	} texts[] = {
		{ "reason", run->reason, sizeof(run->reason) }, { "error", run->error, sizeof(run->error) },
		{ "words", run->words, sizeof(run->words) }, { "panic", run->panic, sizeof(run->panic) },
		{ "watchdog", run->watchdog, sizeof(run->watchdog) }, { "io-error", run->io_error, sizeof(run->io_error) },
		{ "paused", run->paused, sizeof(run->paused) },
		{ "memory-failure", run->memory_failure, sizeof(run->memory_failure) },
		{ "console", run->console, sizeof(run->console) },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (!text_equal(texts[i].key, key))
			continue;
		last_run_text_set(texts[i].to, texts[i].size, value);
		return true;
	}
	return false;
}

static void take_key(struct last_run *run, const char *key, const char *value)
{
	uint64_t number = record_number(value, INT64_MAX);

	if (take_text(run, key, value))
		return;
	if (text_equal(key, "ran"))
		run->ran = text_equal(value, "yes");
	else if (text_equal(key, "started"))
		run->started = (time_t)number;
	else if (text_equal(key, "ended"))
		run->ended = (time_t)number;
	else if (text_equal(key, "exit"))
		run->exit = (int)(number & 0xff);
	else if (text_equal(key, "signal"))
		run->signal = (int)(number & 0x7f);
	else if (text_equal(key, "asked-by"))
		run->asked_by = known_asker(value);
	else if (text_equal(key, "resets-guest"))
		run->resets_guest = (unsigned)record_number(value, UINT32_MAX);
	else if (text_equal(key, "resets-host"))
		run->resets_host = (unsigned)record_number(value, UINT32_MAX);
	else if (text_equal(key, "reset-first"))
		run->reset_first = (time_t)number;
	else if (text_equal(key, "reset-last"))
		run->reset_last = (time_t)number;
	else if (text_equal(key, "reset-loop"))
		run->reset_loop = text_equal(value, "yes");
}

bool last_run_read(const struct record_io *io, const char *state_dir, struct last_run *run)
{
	struct record record = { 0 };
	char *path = path_join(state_dir, FILE_NAME);
	struct error err;
	bool ok = io->read(path, &record.keys, &record.values, &err);

	*run = (struct last_run){ .asked_by = "" };
	for (size_t i = 0; ok && i < record.keys.count; i++)
		take_key(run, record.keys.items[i], record.values.items[i]);
	record_finish(&record);
	free(path);
	return ok;
}
