/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/control/memory.h"
#include "core/vm/spec.h"
#include "ui/cli/cli_control.h"

#include <stdio.h>
#include <stdlib.h>

#define MIB ((uint64_t)1024 * 1024)

static void print_size(const char *label, uint64_t bytes, uint64_t of)
{
	char *size = vm_size_format(bytes / MIB), *all = vm_size_format(of / MIB);

	if (bytes == MEMORY_UNKNOWN)
		printf("%-10s  unknown\n", label);
	else if (of == MEMORY_UNKNOWN)
		printf("%-10s  %s\n", label, size);
	else
		printf("%-10s  %s of %s\n", label, size, all);
	free(size);
	free(all);
}

static void print(void *data, const struct memory_state *memory, const struct error *err)
{
	if (memory) {
		print_size("given", memory->given, memory->started);
		if (!memory->balloon) {
			printf("%-10s  none, so this cannot be changed while it runs\n", "balloon");
		} else if (!memory->updated) {
			printf("%-10s  does not report; its system needs the driver virtio_balloon\n", "guest");
		} else {
			print_size("available", memory->available, memory->total);
			print_size("free", memory->free, MEMORY_UNKNOWN);
			print_size("caches", memory->caches, MEMORY_UNKNOWN);
		}
	}
	cli_control_heard(data, err);
}

int command_memory(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct cli_control control;
	struct error err;
	uint64_t mib = 0;
	int status;

	if (!command_read_words(context, 2, argc, argv, &words))
		return 2;
	if (words.count == 0)
		return command_usage(context, "NAME is missing");
	if (words.count == 2 && !vm_size_parse(words.words[1], 'M', &mib, &err))
		return command_usage(context, "%s", err.text);
	if (!cli_control_open(&control, context, &words, &status))
		return status;
	if (!control.target.running)
		status = cli_error("%s is not running; its memory is a setting", control.word);
	else if (words.count == 2)
		status = cli_control_wait(&control, control_memory_set(&control.vm, mib, cli_control_done, &control), NULL);
	else
		status = cli_control_wait(&control, control_memory_query(&control.vm, print, &control), NULL);
	cli_control_close(&control);
	return status;
}
