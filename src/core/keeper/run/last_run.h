/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_LAST_RUN_H
#define CORE_KEEPER_RUN_LAST_RUN_H

#include <stdbool.h>
#include <time.h>

struct error;
struct record_io;

/*
 * How a VM's last run went: STATE/last-run.ini, section [run]. Written by the
 * keeper when QEMU runs, without an end, and again when the run is over; read
 * by whoever shows a VM. What has no end, of a VM that is off, was cut off: its
 * keeper was killed, or the host's power ended it.
 */
struct last_run {
	bool ran;		/* QEMU was executed */
	time_t started;		/* of QEMU, or of the try; seconds since 1970 in the file */
	time_t ended;		/* 0: it goes on, or was cut off */
	int exit;		/* QEMU's exit status */
	int signal;		/* that ended it; 0: none */
	const char *asked_by;	/* powerdown, quit, kill, signal, guest; NULL or "": nobody */
	char reason[64];	/* QMP's word, or killed, signal, exited, failed, cancelled, not-started */
	char error[1024];	/* one line; "" if none */
	char words[2048];	/* QEMU's last lines on stderr */
};

void last_run_reason(struct last_run *, const char *);
void last_run_error(struct last_run *, const char *);
/* Sets exit, signal and reason from QEMU's status as of waitpid(2); asked_by and QMP's word are set already. true: status 0. */
bool last_run_status(struct last_run *, int status, bool panicked);
/* Keeps them all, and the one that says why, if one does, as the error: the last that is QEMU's by its name, else the last. */
void last_run_words(struct last_run *, const char *lines);

bool last_run_write(const struct record_io *, const char *state_dir, const struct last_run *, struct error *);
void last_run_forget(const char *state_dir);
bool last_run_open(const struct last_run *);	/* it has no end */
/* false: none kept, or it cannot be read. asked_by points to a constant. */
bool last_run_read(const struct record_io *, const char *state_dir, struct last_run *);

#endif
