/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_CLI_ASK_H
#define UI_CLI_CLI_ASK_H

#include <stdbool.h>

/* Questions of subcommands, on standard error. Without a terminal nothing asks. */

bool cli_can_ask(void);
/* The same; without a terminal, prints that the command ("rm") needs --yes. */
bool cli_may_ask(const char *command);
/* Prints "paddock: PROMPT" and reads a line. Returns its first letter in lower case; 0 for an empty one and at the end. */
char cli_ask(const char *prompt);

#endif
