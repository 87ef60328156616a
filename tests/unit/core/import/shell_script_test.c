/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/import/qemu_line.h"
#include "core/import/shell_script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct shell_place place = { .cwd = "/w", .directory = "/s", .home = "/h" };

/* The words of the command, each in brackets, or the error. */
static char *words_of(const char *text)
{
	struct shell_command command;
	struct error err;
	struct str out;

	str_init(&out);
	if (!shell_command_find(text, strlen(text), &place, qemu_program_check, &command, &err))
		str_adds(&out, err.text);
	else
		for (size_t i = 1; i < command.words.count; i++)
			str_addf(&out, "[%s]", command.words.items[i]);
	shell_command_finish(&command);
	return str_detach(&out);
}

static void check(const char *text, const char *wanted)
{
	char *got = words_of(text);

	assert_string_equal(got, wanted);
	free(got);
}

#define Q "qemu-system-x86_64 "

static void words_are_quoted_as_a_shell_does(void **state)
{
	(void)state;
	check(Q "-m 2G", "[-m][2G]");
	check(Q "'a  b' \"c 'd'\" e\\ f \"\\\"\\$x\\n\"", "[a  b][c 'd'][e f][\"$x\\n]");
	check(Q "-m \\\n 1 # 2\n", "[-m][1]");
	check(Q "a#b '' \"\"", "[a#b][][]");
	check(Q "a\"b\"'c'd", "[abcd]");
	check(Q "-m \\\r\n 1\r\n", "[-m][1]");
	check(Q "a$ b", "[a$][b]");
}

static void variables_of_the_text_are_used(void **state)
{
	(void)state;
	check("A=1 B='x y'\n" Q "$A ${A}2 $B \"$B\"", "[1][12][x][y][x y]");
	check("A=(1 '2 3')\nA+=(4)\n" Q "\"${A[@]}\" $A", "[1][2 3][4][1]");
	check("E=()\n" Q "x \"${E[@]}\" ${E[@]} \"$@\" $*", "[x]");
	check("A=a\nA+=b\nexport A\n" Q "$A ${B:-c} ${A:-d} ${C:=e}$C", "[ab][c][ab][ee]");
	check("A=\"\"\n" Q "$A x \"$A\"", "[x][]");
	check(Q "$HOME ~/x ~ a~ $PWD", "[/h][/h/x][/h][a~][/w]");
	check("D=$(dirname \"$0\")\n" Q "$D ${0%/*}", "[/s][/s]");
}

static void what_would_have_to_run_is_refused_with_its_line(void **state)
{
	(void)state;
	check("\n" Q "-smp $(nproc)", "line 2: 'nproc' would have to be run, and nothing is run here; write its value");
	check("A=`x`\nB=$A\n" Q "$B", "line 1: 'x' would have to be run, and nothing is run here; write its value");
	check("A=`x`\n" Q "y", "[y]");
	check(Q "$((1 + 2))", "line 1: '(1 + 2)' would have to be run, and nothing is run here; write its value");
	check(Q "$X", "line 1: $X has no value in this text; write it");
	check("A=1\n[ x ] && A=2\n" Q "$A", "line 2: the value of $A depends on a condition; write it");
	check("for A in 1 2; do :; done\n" Q "$A", "line 1: $A is known only while the script runs; write its value");
	check("read -r A\n" Q "$A", "line 1: $A is known only while the script runs; write its value");
	check(Q "${A/x/y}", "line 1: ${A/x/y} is not understood; write its value");
	check("if x; then " Q "y; fi", "line 1: this command is inside of an if, a loop or a case; give its words alone");
	check("echo x", "no command of QEMU, such as qemu-system-x86_64 with its options, is in it");
	check("echo " Q "x", "no command of QEMU, such as qemu-system-x86_64 with its options, is in it");
	check(Q "-m \\ \n1", "line 1: blanks follow the backslash at the end of the line; remove them");
	check(Q "'x", "line 1: the quotation that begins here does not end");
	check(Q "\"$(x\"", "line 1: the command substitution that begins here does not end");
}

static void a_command_ends_where_the_shell_ends_it(void **state)
{
	(void)state;
	check(Q "-m 1; echo 2", "[-m][1]");
	check(Q "-m 1 >log 2>&1 &", "[-m][1]");
	check(Q "-m 1 | tee 2", "[-m][1]");
	check("x && sudo -E " Q "a || y", "[a]");
	check("( cd d && " Q "a )", "[a]");
	check("cat <<E\n" Q "no\nE\n" Q "yes", "[yes]");
	check("f() { " Q "a; }\nf", "[a]");
	check("Q=/usr/bin/qemu-system-arm\nexec $Q -M virt", "[-M][virt]");
}

static void values_cannot_grow_without_end(void **state)
{
	struct str text;
	char *got;

	(void)state;
	str_init(&text);
	str_adds(&text, "A=xxxxxxxxxx\n");
	for (int i = 0; i < 64; i++)
		str_adds(&text, "A=$A$A\n");
	str_adds(&text, Q "$A");
	got = words_of(text.text);
	assert_true(text_ends(got, "the values of the variables are too long"));
	free(got);
	str_finish(&text);
}

static void a_directory_that_is_entered_counts(void **state)
{
	static const char text[] = "cd sub\ncd \"$(dirname \"$0\")\"/x || exit 1\n" Q "-m 1";
	struct shell_command command;
	struct error err;

	(void)state;
	assert_true(shell_command_find(text, strlen(text), &place, qemu_program_check, &command, &err));
	assert_string_equal(command.cwd, "/s/x");
	assert_int_equal(command.line, 3);
	shell_command_finish(&command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_quoted_as_a_shell_does),
		cmocka_unit_test(variables_of_the_text_are_used),
		cmocka_unit_test(what_would_have_to_run_is_refused_with_its_line),
		cmocka_unit_test(a_command_ends_where_the_shell_ends_it),
		cmocka_unit_test(values_cannot_grow_without_end),
		cmocka_unit_test(a_directory_that_is_entered_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
