/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_STREAM_LOG_MATCH_H
#define CORE_KEEPER_STREAM_LOG_MATCH_H

#include <stdbool.h>
#include <stddef.h>

struct error;

/*
 * What is searched for in the lines of a log: a text, or an extended regular
 * expression. Case matters only if the pattern has a capital letter. Pure.
 */
struct log_match;

/*
 * Returns NULL if the expression is wrong or too large (core/base/expression.h). A pattern without special characters is
 * searched for as a text, which is fast.
 */
struct log_match *log_match_new(const char *pattern, struct error *err);
/* The same for a text whose characters have no special meaning. */
struct log_match *log_match_new_text(const char *text);
void log_match_free(struct log_match *);	/* accepts NULL */

/* Finds the first match in a text, from this offset on, which is not empty if the pattern is not. */
bool log_match_find(const struct log_match *, const char *text, size_t from, size_t *at, size_t *len);

/* True if there is a match anywhere in the text, which can be empty; faster than finding it. */
bool log_match_line(const struct log_match *, const char *text);

/* Bytes that are not cleaned yet, for the fast part of a search. True if log_match_raw can be used. */
bool log_match_is_text(const struct log_match *);
/* Returns the offset of the first match, or len. */
size_t log_match_raw(const struct log_match *, const char *bytes, size_t len);
/* Prepares bytes for log_match_raw, in place: without case, if case does not matter. */
void log_match_fold(const struct log_match *, char *bytes, size_t len);

#endif
