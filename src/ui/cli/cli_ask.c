/* SPDX-License-Identifier: MIT */
#include "ui/cli/cli_ask.h"

#include "core/base/format.h"
#include "ui/cli/command.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool cli_can_ask(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

bool cli_may_ask(const char *command)
{
	if (!cli_can_ask())
		cli_error("without a terminal, %s needs --yes", command);
	return cli_can_ask();
}

char cli_ask(const char *prompt)
{
	char *plain = format_plain(prompt), *line = NULL;
	size_t size = 0;
	char answer = 0;

	fflush(stdout);
	fprintf(stderr, "paddock: %s", plain);
	if (getline(&line, &size, stdin) > 0 && line[0] != '\n')
		answer = (char)tolower((unsigned char)line[0]);
	free(line);
	free(plain);
	return answer;
}
