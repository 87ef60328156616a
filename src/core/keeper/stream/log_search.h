/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_STREAM_LOG_SEARCH_H
#define CORE_KEEPER_STREAM_LOG_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct log_file;
struct log_match;

/*
 * Finds all lines of a log that match, in small steps, from a position in both
 * directions, so that the nearest are known first and the caller never waits.
 * Keeps their positions; memory is limited by LOG_SEARCH_MOST.
 */
#define LOG_SEARCH_STEP	(32 * 1024)	/* bytes of a step */
#define LOG_SEARCH_MOST	1000000		/* lines in each direction; the search ends there */

struct log_search;

/* Borrows all of them. also: what a line must match besides, or NULL. from: a position in the log. */
struct log_search *log_search_new(struct log_file *, const struct log_match *, const struct log_match *also,
                                  uint64_t from);
void log_search_free(struct log_search *);	/* accepts NULL */

/* Reads one step up (towards the beginning) or down. Returns false if nothing is left there. */
bool log_search_step(struct log_search *, bool up);
/* True if there is something left to read in this direction. */
bool log_search_more(const struct log_search *, bool up);
/* True if everything between the start and this position has been read, or all that can be in this direction. */
bool log_search_covers(const struct log_search *, uint64_t position, bool up);
/* The log has grown. */
void log_search_grown(struct log_search *);

/* The lines found so far, in the order of the log. */
size_t log_search_count(const struct log_search *);
uint64_t log_search_line(const struct log_search *, size_t index);
/* The index of the first line found at or after this position; the count if there is none. */
size_t log_search_index(const struct log_search *, uint64_t position);

#endif
