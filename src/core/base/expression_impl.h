/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_EXPRESSION_IMPL_H
#define CORE_BASE_EXPRESSION_IMPL_H

#include "core/base/expression.h"

#include <stdint.h>
#include <wctype.h>

/* An expression as a program, for expression.c, which runs it, and expression_read.c, which writes it. */

/* A program whose steps are all tried at once, a character at a time (Thompson, 1968). */
enum expression_op {
	OP_CHARACTER, OP_ANY, OP_SET,
	OP_BOTH,		/* goes on at x and at y */
	OP_JUMP,		/* goes on at x */
	OP_BEGIN, OP_END, OP_WORD_EDGE, OP_NO_WORD_EDGE, OP_WORD_BEGIN, OP_WORD_END,
	OP_MATCH
};

/* x and y count from the step itself, so that parts can be moved and copied. */
struct expression_step {
	enum expression_op op;
	union {
		wint_t character;	/* OP_CHARACTER */
		int set;		/* OP_SET */
		int x;
	};
	int y;
};

/* A range of characters, or a class if that is not 0. */
struct expression_item {
	wint_t from, to;
	wctype_t class;
};

struct expression_set {
	int first, count;	/* items */
	bool negated;
	bool ascii[128];	/* what it takes of ASCII, once the expression is complete */
};

/* Where the program has got to, in the order of where the match would begin. */
struct expression_threads {
	int count;
	int *step;
	size_t *begin;
};

struct expression {
	bool fold;
	int count;
	struct expression_step *steps;
	struct expression_item *items;	/* no more than the text has characters, as the sets */
	int item_count;
	struct expression_set *sets;
	int set_count;
	bool can_begin[256];	/* bytes that a match can begin with */
	bool can_be_empty;
	struct expression_threads now, next;
	uint32_t *seen;		/* the round in which a step was added */
	uint32_t round;
};

/* Writes the program of an expression, whose arrays have room for it. Returns NULL, or what is wrong (a constant). */
const char *expression_read(struct expression *, const wchar_t *text);

#endif
