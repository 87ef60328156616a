/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_LAST_RUN_H
#define CORE_KEEPER_RUN_LAST_RUN_H

#include "core/keeper/clients/keeper_state.h"

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct error;
struct record_io;

/*
 * The last run of a VM: STATE/last-run.ini, section [run]. The keeper writes
 * it when QEMU runs, without an end, and again when the run is over. If a VM
 * is off and its record has no end, its keeper was killed or the host went
 * down.
 */
struct last_run {
	bool ran;		/* QEMU was executed */
	time_t started;		/* when QEMU, or the attempt to start it, began; in seconds since 1970 in the file */
	time_t ended;		/* 0 while it runs, or if it was interrupted */
	int exit;		/* exit status of QEMU */
	int signal;		/* the signal that ended QEMU, or 0 */
	const char *asked_by;	/* powerdown, quit, kill, signal, client or guest; NULL or "" if the end was not requested */
	char reason[64];	/* the reason from QMP, or killed, signal, exited, failed, cancelled, not-started */
	char error[1024];	/* one line; "" if none */
	char words[2048];	/* the last lines of QEMU on stderr */
	unsigned resets_guest, resets_host;	/* how often the guest reset itself, and was reset */
	time_t reset_first, reset_last;		/* 0: it was not reset */
	bool reset_loop;	/* it has reset itself again and again at some time (reset_loop.h) */
	char panic[160];	/* why the guest panicked in the end, as far as it is known: "not syncing: ..." */
	char watchdog[32];	/* what QEMU did when the guest's watchdog expired: "reset", "none" ... */
	char io_error[512];	/* the last error of a disk: "No space left on device: /vm/data.qcow2" */
	char paused[512];	/* the same, if QEMU had paused the guest for it in the end */
	char memory_failure[80];	/* of this host */
	char console[8192];	/* the last lines of the console, as text; they may hold secrets */
};

/* Copies a text into one of the arrays above; cuts what does not fit, between characters. */
void last_run_text_set(char *to, size_t size, const char *text);

void last_run_reason(struct last_run *, const char *);
void last_run_error(struct last_run *, const char *);
/* Sets exit, signal and reason from QEMU's waitpid(2) status, after asked_by and the reason from QMP are set. Returns true for exit status 0. */
bool last_run_status(struct last_run *, int status, bool panicked);
void last_run_words(struct last_run *, const char *lines);	/* of stderr */
/* `error` becomes the last explanatory line of stderr that starts with the name of QEMU, or else the last explanatory line. */
void last_run_stderr(struct last_run *, const char *lines);

bool last_run_write(const struct record_io *, const char *state_dir, const struct last_run *, struct error *);
struct keeper_end last_run_end(const struct last_run *);	/* for clients; its texts are borrowed */
void last_run_forget(const char *state_dir);
bool last_run_open(const struct last_run *);	/* returns true if it has no end */
/* Returns false if there is no record or it cannot be read. asked_by points to a constant. */
bool last_run_read(const struct record_io *, const char *state_dir, struct last_run *);

#endif
