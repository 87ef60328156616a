/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/base/strv.h"
#include "core/keeper/keeper.h"
#include "core/vm/image.h"
#include "persist/records.h"
#include "persist/store_files.h"
#include "ui/app.h"
#include "ui/command.h"
#include "ui/settings.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void print_help(void)
{
	puts("usage: paddock [DIRECTORY...]      the screen, with these directories as the library\n"
	     "       paddock COMMAND ...\n");
	for (const struct command *command = command_table(); command->name; command++)
		printf("  %-8s %s\n           paddock %s\n", command->name, command->meaning, command->usage);
	puts("\n  paddock run --help lists the options of run. NAME is a profile, the first digits of a\n"
	     "  UUID, or the path of an image, a kernel's prefix or a state directory.");
}

static const struct command *find_command(const char *word)
{
	for (const struct command *command = command_table(); command->name; command++)
		if (strcmp(command->name, word) == 0)
			return command;
	return NULL;
}

/*
 * A standard descriptor that was closed is opened again, the wrong way round
 * so that its use fails as before: else a file or socket of ours would get
 * its number, and messages would go into it.
 */
static void occupy_standard_descriptors(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* What was printed has arrived; a script must not take half a list for the whole. */
static int end_output(int status)
{
	bool ok = fflush(stdout) == 0 && !ferror(stdout);

	return ok || status ? status : command_failf("standard output cannot be written to");
}

static bool asks_for_help(const struct command *command, int argc, char **argv)
{
	/* These take the options of `run`, whose reader knows the word. */
	bool first_only = strcmp(command->name, "argv") == 0;

	if (strcmp(command->name, "run") == 0)
		return false;
	for (int i = 0; i < (first_only && argc ? 1 : argc); i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
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
	if (!store_files_settings_good(store, &err) || !settings_check(store, &err))
		command_failf("warning: %s", err.text);

	int status;
	if (command) {
		struct command_context context = { .store = store, .records = records_on_files(),
			                           .name = command->name, .usage = command->usage };
		status = command->run(&context, argc, argv);
	} else {
		struct app_options options = { .store = store, .records = records_on_files() };
		status = app_run(&options);
	}
	store_files_free(store);
	return status;
}

static void tell_unknown(const char *word)
{
	struct nearest nearest = nearest_to(word);

	for (const struct command *command = command_table(); command->name; command++)
		nearest_try(&nearest, command->name);
	if (nearest.best)
		command_failf("%s is no directory and no command; did you mean %s?", word, nearest.best);
	else
		command_failf("%s is no directory and no command; paddock --help lists what there is", word);
}

/* A word that is no directory was meant as something else; the screen would only say that it cannot be read. */
static bool are_directories(int argc, char **argv)
{
	struct stat st;

	for (int i = 0; i < argc; i++) {
		if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode))
			continue;
		if (image_detect(argv[i]) != BOOT_AUTO)
			command_failf("%s is an image and no directory; paddock run %s starts it", argv[i], argv[i]);
		else
			tell_unknown(argv[i]);
		return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	const char *first = argc > 1 ? argv[1] : "";
	const struct command *command = find_command(first);

	occupy_standard_descriptors();
	/* Only this one: numbers and messages stay as they are everywhere. */
	setlocale(LC_CTYPE, "");
	/* A file that gets too long is an error like a full disk; children start with the default again. */
	signal(SIGXFSZ, SIG_IGN);
	if (strcmp(first, KEEPER_WORD) == 0)
		return keeper_main(records_on_files());
	if (command && asks_for_help(command, argc - 2, argv + 2)) {
		printf("usage: paddock %s\n\n%s\n", command->usage, command->meaning);
		return end_output(0);
	}
	if (command)
		return end_output(with_store(command, argc - 2, argv + 2));
	if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0) {
		print_help();
		return end_output(0);
	}
	if (strcmp(first, "--version") == 0) {
		puts("paddock " PADDOCK_VERSION);
		return end_output(0);
	}
	if (first[0] == '-') {
		command_failf("unknown option %s; paddock --help lists what there is", first);
		return 2;
	}
	return are_directories(argc - 1, argv + 1) ? with_store(NULL, argc - 1, argv + 1) : 2;
}
