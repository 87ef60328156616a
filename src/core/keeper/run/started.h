/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_STARTED_H
#define CORE_KEEPER_RUN_STARTED_H

#include "core/keeper/clients/protocol_control.h"
#include "core/vm/config.h"

#include <stdbool.h>

struct error;
struct plan;
struct record_io;

/*
 * The settings of the last start of a VM: STATE/started.ini, section [started]. The keeper writes it before the VM is
 * visible to others. While the VM runs, these are its settings, even if the profile has changed since. The text of
 * metadata is omitted, because it may contain passwords.
 */
bool started_write(const struct record_io *, const struct plan *, struct error *);
/*
 * Changes the settings of a running VM's plan, as recorded, because a client has changed the VM: adds a value, removes
 * an equal one, or sets it as the only one. key: "section.key". Fails for unknown keys and values that are not there.
 */
bool started_change(struct plan *, const char *key, enum setting_action, const char *value, struct error *);
void started_forget(const char *state_dir);
/*
 * Reads the settings, as in a profile, into an initialised config, and QEMU's arguments with their origins into argv,
 * a plan without steps, unless it is NULL. Returns false if there is no record or it cannot be read.
 */
bool started_read(const struct record_io *, const char *state_dir, struct vm_config *config, struct plan *argv);
/*
 * Returns true if the record is as a keeper of this user wrote it. Otherwise it may only be shown, not used: it contains
 * programs and arguments, and may come from an archive or from a guest that shares the directory.
 */
bool started_is_ours(const char *state_dir);
/* Returns true if these arguments of a start have a CD with a text of metadata, which is not among the settings. */
bool started_has_data(const struct plan *argv);
/* Returns true if the settings differ, except for the text of metadata and the description. */
bool started_differs(const struct vm_config *started, const struct vm_config *now);
/* The options of the last start, with the name, image and state directory of the next one. */
struct last_options {
	struct vm_config config;
	char *differences;	/* options that the next start lacks: "--mem=300, --publish=8080:80" */
	bool lacks_data;	/* it had --data, whose text is not kept */
};

/*
 * Returns true if the last start in a state directory had other options than `now`, a configuration without a profile.
 * The caller must finish `last` in either case.
 */
bool started_offer(const struct record_io *, const char *state_dir, const struct vm_config *now, struct last_options *last);
void last_options_finish(struct last_options *);

#endif
