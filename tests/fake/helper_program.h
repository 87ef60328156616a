/* SPDX-License-Identifier: MIT */
#ifndef FAKE_HELPER_PROGRAM_H
#define FAKE_HELPER_PROGRAM_H

/*
 * A helper of a plan, such as virtiofsd: `--listen=PATH [--late=MS] [--deaf=MS] [--say=TEXT] [--once] [--stubborn]`.
 * It makes that socket, late, takes no connection for a time, and waits to be ended, which it says; without a PATH it ends
 * with 3, with --once the first connection ends it with 4, with --stubborn SIGTERM does not. Returns the exit status.
 */
int helper_program(int argc, char **argv);

#endif
