/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_STARTED_H
#define CORE_KEEPER_RUN_STARTED_H

#include "core/vm/config.h"

#include <stdbool.h>

struct error;
struct plan;
struct record_io;

/*
 * With what a VM was started: STATE/started.ini, section [started]. Its keeper writes it
 * before others see the VM. While the VM runs this is what runs, whatever its profile says by now; later it is what the
 * last start was told. The text of metadata is left out: it may hold passwords.
 */
bool started_write(const struct record_io *, const struct plan *, struct error *);
void started_forget(const char *state_dir);
/*
 * config: initialised; gets the settings as a profile has them. argv: QEMU's arguments with their origins, as a
 * plan without steps; NULL: not wanted. false: none kept, or it cannot be read.
 */
bool started_read(const struct record_io *, const char *state_dir, struct vm_config *config, struct plan *argv);
/*
 * Whether the record is as a keeper of this user wrote it. What is not is shown at most: it names programs and
 * arguments, and a guest that shares the directory, or an archive, may have made it.
 */
bool started_is_ours(const char *state_dir);
/* Whether the next start would be told something else. Metadata's text and the description do not count. */
bool started_differs(const struct vm_config *started, const struct vm_config *now);
/* The options of the last start, for the name, the image and the directory of one that is about to be. */
struct last_options {
	struct vm_config config;
	char *differences;	/* "--mem=300, --publish=8080:80": what the other one does not have */
	bool lacks_data;	/* it had the text of --data, which is not kept */
};

/*
 * Whether the last start in a state directory was told other options than now, a configuration without a profile.
 * last is to be finished either way.
 */
bool started_offer(const struct record_io *, const char *state_dir, const struct vm_config *now, struct last_options *last);
void last_options_finish(struct last_options *);

#endif
