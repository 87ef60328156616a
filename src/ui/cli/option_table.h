/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_OPTION_TABLE_H
#define UI_CLI_OPTION_TABLE_H

#include "ui/cli/option.h"

/*
 * The options of `paddock run`, for its parser and its help. The name, meaning
 * and default of a setting's option are in the table of settings; this table
 * adds only its group and the name of its value.
 */
const struct option_set *run_options_known(void);

#endif
