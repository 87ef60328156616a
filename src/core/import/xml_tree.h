/* SPDX-License-Identifier: MIT */
#ifndef CORE_IMPORT_XML_TREE_H
#define CORE_IMPORT_XML_TREE_H

#include "core/base/str.h"
#include "core/base/strv.h"

#include <stdbool.h>
#include <stddef.h>

struct error;

/*
 * An XML document as a tree. A document type is refused, and with it every
 * entity of its own: nothing can grow or name another file. The number of
 * elements and their depth are limited. Only xml_tree.c knows expat.
 */
struct xml_node {
	char *name;
	struct strv keys, values;	/* of its attributes */
	struct str text;		/* between its tags, without that of children */
	struct xml_node *parent, *child, *last_child, *next;
	bool read;			/* for who reads it, to say what was not */
};

/* Returns the root element, which the caller frees with xml_free; NULL with an error that names the line. */
struct xml_node *xml_parse(const char *text, size_t len, struct error *);
void xml_free(struct xml_node *);

/* The first child of this name, or the next sibling of the same name; NULL if there is none. */
struct xml_node *xml_child(const struct xml_node *, const char *name);
struct xml_node *xml_next(const struct xml_node *);
/* The value of an attribute; NULL if it is not there. A node that is NULL has none. */
const char *xml_attribute(const struct xml_node *, const char *key);
/* The text without white space at its ends. The caller frees it. */
char *xml_text(const struct xml_node *);

#endif
