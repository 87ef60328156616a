/* SPDX-License-Identifier: MIT */
#ifndef CORE_IMPORT_IMPORTED_H
#define CORE_IMPORT_IMPORTED_H

#include "core/vm/config.h"

/*
 * What a reader of this folder made of something that a user has: the
 * settings, and for each part of it what became of it. Every part is in a
 * note: nothing is dropped without a word.
 */
enum import_kind {
	IMPORT_BECAME,		/* a setting */
	IMPORT_KEPT,		/* arguments that are passed to QEMU unchanged */
	IMPORT_LEFT		/* not part of the profile */
};

struct import_note {
	enum import_kind kind;
	enum vm_setting setting;	/* that it became; VM_SETTINGS: none */
	char *text;		/* without the words for its kind: "memory = 2048" */
};

struct imported {
	struct vm_config config;	/* of origin CONFIG_PROFILE, with absolute paths; the name may be NULL or invalid */
	struct import_note *notes;
	size_t count;
	size_t size;
};

void imported_init(struct imported *);
void imported_finish(struct imported *);

/* Sets a setting, or adds a value if it is repeatable. `remark` is added in parentheses; NULL: none. */
void import_set(struct imported *, enum vm_setting, const char *value, const char *remark);
/* Sets the name, which need not be one that a profile can have. */
void import_set_name(struct imported *, const char *name);
/* Adds an argument of QEMU, and its value unless that is NULL, as arg settings. */
void import_keep(struct imported *, const char *option, const char *value, const char *remark);
/* Notes that something is left out, and why. */
void import_leave(struct imported *, const char *reason, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Returns "became memory = 2048", "kept as arg: -rtc base=utc" or "left out: -daemonize (...)"; the caller frees it. */
char *import_note_line(const struct import_note *);

#endif
