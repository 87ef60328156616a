/* SPDX-License-Identifier: MIT */
#include "ui/console/console_blank.h"

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/qemu/plan/plan_data.h"
#include "core/terminal/terminal.h"

#include <assert.h>
#include <string.h>

static bool shows(const struct cell *cell)
{
	return (cell->text[0] != 0 && cell->text[0] != ' ') || cell->background >= 0 ||
	       cell->attributes & (CELL_REVERSE | CELL_UNDERLINE | CELL_STRIKE);
}

bool console_is_blank(const struct terminal *term)
{
	for (int row = 0; row < terminal_rows(term); row++) {
		for (int column = 0; column < terminal_row_width(term, row); column++) {
			struct cell cell;

			terminal_cell(term, row, column, &cell);
			if (shows(&cell))
				return false;
		}
	}
	return true;
}

/* The value of the first option with this name, or NULL. */
static const char *value_of(const struct plan *argv, const char *option)
{
	for (size_t i = 0; i + 1 < argv->arg_count; i++)
		if (strcmp(argv->args[i].text, option) == 0)
			return argv->args[i + 1].text;
	return NULL;
}

static bool has_argument(const struct plan *argv, const char *part)
{
	for (size_t i = 0; i < argv->arg_count; i++) {
		assert(argv->args[i].text);
		if (strstr(argv->args[i].text, part) != NULL)
			return true;
	}
	return false;
}

static bool has_console_word(const char *command_line)
{
	static const char word[] = "console=";

	for (const char *at = strstr(command_line, word); at != NULL; at = strstr(at + 1, word))
		if (at == command_line || strchr(" \t\n", at[-1]) != NULL)
			return true;
	return false;
}

/* The name of the first serial line in Linux. */
static const char *serial_line(const struct plan *argv, const char *machine)
{
	if (text_starts(machine, "s390"))
		return "ttysclp0";
	return text_starts(machine, "virt") && !strstr(argv->args[0].text, "riscv") ? "ttyAMA0" : "ttyS0";
}

char *console_blank_advice(const struct plan *argv)
{
	static const char begin[] = "This screen has been blank for 30 s.";
	const char *machine = value_of(argv, "-machine"), *append = value_of(argv, "-append");
	const char *line = machine ? serial_line(argv, machine) : "ttyS0", *boot = value_of(argv, "-boot");
	const char *system = boot && strcmp(boot, "d") == 0 ? "this ISO" : "the system";
	bool has_screen = !machine || text_starts(machine, "q35"), has_firmware = has_argument(argv, "if=pflash") || value_of(argv, "-bios");

	if (append && !has_console_word(append))
		return mem_printf("%s The kernel's command line has no console=%s: add that to the image's -cmdline file and "
		                  "start it again.", begin, line);
	if (append)
		return mem_printf("%s The kernel may have stopped before it wrote to %s, or may write to another console= of its "
		                  "command line.", begin, line);
	if (machine && text_starts(machine, "virt") && !has_firmware)
		return mem_printf("%s A disk or ISO boots on this machine only with UEFI: set uefi = yes, or run it with --uefi.",
		                  begin);
	if (!has_screen)
		return mem_printf("%s The kernel of %s may need console=%s on its command line to write to this console.", begin,
		                  system, line);
	if (argv->arg_count > 0 && !has_argument(argv, "-nographic"))
		return mem_printf("%s Probably %s draws in QEMU's window. With console=%s on its kernel's command line it "
		                  "writes here too.", begin, system, line);
	return mem_printf("%s Probably %s draws on its graphical screen: set gui = yes, or run it with --gui, to see that. "
	                  "With console=%s on its kernel's command line it writes here.", begin, system, line);
}
