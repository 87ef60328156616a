/* SPDX-License-Identifier: MIT */
#ifndef CORE_JOBS_JOB_RUN_H
#define CORE_JOBS_JOB_RUN_H

struct record_io;
struct store;

/*
 * The process of one job: `/proc/self/exe JOB_WORD` with the job as bytes on
 * descriptor KEEPER_PLAN_FD and, on KEEPER_CLIENT_FD, a pipe to the process
 * that started it, which may end. It writes lines there:
 *
 *	P PERCENT STEP		progress
 *	D			done
 *	C			cancelled
 *	E TEXT			failed
 *
 * The record of job_list.h says the same to everybody else. SIGTERM cancels
 * the job. The programs that it runs end with it.
 */
#define JOB_WORD "--job"

int job_main(const struct record_io *, struct store *);

#endif
