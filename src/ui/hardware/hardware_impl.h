/* SPDX-License-Identifier: MIT */
#ifndef UI_HARDWARE_HARDWARE_IMPL_H
#define UI_HARDWARE_HARDWARE_IMPL_H

#include "core/control/control.h"
#include "core/keeper/clients/protocol_control.h"
#include "core/vm/config.h"
#include "ui/kit/theme.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The internals of the hardware view: hardware_view.c draws the rows and takes
 * the keys, each section (section_*.c) knows one kind of hardware.
 */
struct app;
struct error;
struct hardware;
struct store;

struct hardware_row {
	enum style style;
	char *text;
	char *id;		/* for the section; NULL: nothing can be done with the row */
};

struct hardware_section {
	const char *title;
	const char *add;	/* "publish a port"; NULL: nothing can be added */
	const char *keys;	/* what keys do with a row, "Enter grow   d remove"; NULL: nothing */
	const char *(*row_keys)(const char *id);	/* instead, where that depends on the row; or NULL */
	bool rests;		/* its query costs the guest something: asked when the view opens, for changes and at F5 */
	/* Asks for the rows; calls hardware_rows_begin, hardware_row and hardware_rows_end when they are known. */
	void (*query)(struct hardware *, const struct hardware_section *);
	void (*run_add)(struct hardware *);
	void (*run_remove)(struct hardware *, const char *id);
	void (*run_change)(struct hardware *, const char *id);
};

extern const struct hardware_section hardware_ports, hardware_network, hardware_drives, hardware_usb, hardware_memory, hardware_guest;

/* The running VM. Returns false if it is not connected. Valid until the next turn. */
bool hardware_vm(const struct hardware *, struct control_vm *);
struct app *hardware_app(const struct hardware *);

/* The answers of a query. A section that cannot be asked has one dim row that says why. */
void hardware_rows_begin(struct hardware *, const struct hardware_section *);
void hardware_row(struct hardware *, const struct hardware_section *, enum style, const char *id, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
void hardware_rows_end(struct hardware *, const struct hardware_section *);

/* The section's query is under way until hardware_rows_end; it is forgotten when the view closes. */
void hardware_asks(struct hardware *, const struct hardware_section *, struct control_job *);

/* What a change makes of the profile, if the user wants that, and what is said when it is done. */
struct hardware_change {
	/* Changes the saved profile; NULL: the change is not one of settings. state: the state directory. */
	bool (*save)(struct store *, const char *profile, const char *state, const struct hardware_change *, struct error *);
	const char *value;		/* for save, as the next three */
	enum vm_setting setting;
	enum setting_action action;
	uint64_t mib;
	const char *said;		/* "8080:80 is published" */
};

/* A save that adds the value to the setting or removes it. */
bool hardware_save_value(struct store *, const char *profile, const char *state, const struct hardware_change *, struct error *);

/*
 * Prepares a change: returns the data to give to a function of core/control with hardware_done as its callback, and then
 * to hardware_begun, with what that function returned. The texts are copied. NULL, after a message, if the VM is not
 * connected.
 */
void *hardware_begin(struct hardware *, const struct hardware_change *, struct control_vm *);
void hardware_done(void *data, const struct error *);
void hardware_begun(void *data, struct control_job *, const struct error *);

/* The view again, in the answer to a question; NULL if it has closed. */
struct hardware *hardware_top(struct app *);

#endif
