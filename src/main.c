/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/base/strv.h"
#include "core/jobs/job_list.h"
#include "core/jobs/job_run.h"
#include "core/keeper/run/keeper.h"
#include "core/vm/image.h"
#include "persist/records.h"
#include "persist/store_files.h"
#include "ui/cli/command.h"
#include "ui/kit/settings.h"
#include "ui/program.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Opens closed standard descriptors, for the wrong direction, so that using them
 * still fails. Otherwise one of paddock's files or sockets would get the number,
 * and messages would be written into it.
 */
static void occupy_standard_descriptors(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* Checks that all output was written: a script must not take half a list for the whole. */
static int end_output(int status)
{
	bool ok = fflush(stdout) == 0 && !ferror(stdout);

	return ok || status ? status : cli_error("cannot write to standard output");
}

/* "--" ends the options. For `argv` only the first word counts, because a later one may be the value of an option of `run`. */
static bool asks_for_help(const struct command *command, int argc, char **argv)
{
	bool first_only = command->run == command_argv;

	if (command->run == command_run)
		return false;
	for (int i = 0; i < (first_only && argc ? 1 : argc) && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	return false;
}

static int with_store(const struct command *command, int argc, char **argv)
{
	struct strv directories = { 0 };
	struct error err;

	for (int i = 0; !command && i < argc; i++)
		strv_add(&directories, argv[i]);

	struct store *store = store_files_new(directories.count ? &directories : NULL);
	strv_finish(&directories);
	bool good = store_files_settings_good(store, &err) && settings_check(store, &err);

	jobs_sweep(records_on_files(), store);

	/* The screen would cover earlier output. */
	if (!good && command)
		cli_note("warning: %s", err.text);

	int status;
	if (command) {
		struct command_context context = { .store = store, .records = records_on_files(),
			                           .name = command->name, .usage = command->usage,
			                           .options = command->options };
		status = command->run(&context, argc, argv);
	} else {
		struct program_options options = { .store = store, .records = records_on_files(),
			                       .warning = good ? NULL : err.text };
		status = program_run(&options);
	}
	store_files_free(store);
	return status;
}

static int run_job(void)
{
	struct store *store = store_files_new(NULL);
	int status = job_main(records_on_files(), store);

	store_files_free(store);
	return status;
}

/* Rejects a word that is not a directory with a hint; the screen would only report that it cannot be read. */
static bool are_directories(int argc, char **argv)
{
	struct stat st;

	for (int i = 0; i < argc; i++) {
		const char *meant = command_nearest(argv[i]);

		if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode))
			continue;
		if (image_detect(argv[i]) != BOOT_AUTO)
			cli_error("%s is an image, not a directory; paddock run %s starts it", argv[i], argv[i]);
		else if (meant)
			cli_error("%s is not a directory or command; did you mean %s?", argv[i], meant);
		else
			cli_error("%s is not a directory or command; see paddock --help", argv[i]);
		return false;
	}
	return true;
}

/* The options of paddock itself, with one dash or two. */
static int obey_option(const char *word)
{
	const char *name = word + strspn(word, "-");
	struct nearest nearest = nearest_to(name);

	if (strcmp(name, "help") == 0 || strcmp(word, "-h") == 0) {
		command_print_help(NULL);
		return 0;
	}
	if (strcmp(name, "version") == 0 || strcmp(word, "-V") == 0) {
		puts("paddock " PADDOCK_VERSION);
		return 0;
	}
	nearest_try(&nearest, "help");
	nearest_try(&nearest, "version");
	if (nearest.best)
		cli_error("unknown option %s; did you mean --%s?", word, nearest.best);
	else
		cli_error("unknown option %s; see paddock --help", word);
	return 2;
}

int main(int argc, char **argv)
{
	const char *first = argc > 1 ? argv[1] : "";
	const struct command *command = command_find(first);

	occupy_standard_descriptors();
	/* A keeper handles bytes and UTF-8 itself, and a start waits for it: it does not load the locale. */
	if (strcmp(first, KEEPER_WORD) == 0)
		return keeper_main(records_on_files());
	/* Only LC_CTYPE: numbers and messages stay independent of the locale. */
	setlocale(LC_CTYPE, "");
	if (strcmp(first, JOB_WORD) == 0)
		return run_job();
	/* A file that exceeds its limit is an error like a full disk; children get the default action. */
	signal(SIGXFSZ, SIG_IGN);
	if (command && asks_for_help(command, argc - 2, argv + 2)) {
		command_print_help(command);
		return end_output(0);
	}
	if (command)
		return end_output(with_store(command, argc - 2, argv + 2));
	if (first[0] == '-')
		return end_output(obey_option(first));
	return are_directories(argc - 1, argv + 1) ? with_store(NULL, argc - 1, argv + 1) : 2;
}
