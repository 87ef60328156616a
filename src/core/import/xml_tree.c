/* SPDX-License-Identifier: MIT */
#include "core/import/xml_tree.h"

#include "core/base/alloc.h"
#include "core/base/error.h"

#include <ctype.h>
#include <expat.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define NODES_MAX 20000
#define DEPTH_MAX 64

struct reading {
	XML_Parser parser;
	struct xml_node *root, *open;
	unsigned nodes, depth;
	const char *refused;		/* why it was stopped here; NULL: it was not */
};

static void stop(struct reading *r, const char *why)
{
	if (!r->refused)
		r->refused = why;
	XML_StopParser(r->parser, XML_FALSE);
}

static void on_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
	struct reading *r = data;
	struct xml_node *node;

	if (++r->nodes > NODES_MAX || ++r->depth > DEPTH_MAX) {
		stop(r, "too many elements");
		return;
	}
	node = mem_alloc(sizeof(*node));
	node->name = mem_strdup(name);
	node->parent = r->open;
	str_init(&node->text);
	for (; attributes[0]; attributes += 2) {
		strv_add(&node->keys, attributes[0]);
		strv_add(&node->values, attributes[1]);
	}
	if (!r->open)
		r->root = node;
	else if (r->open->last_child)
		r->open->last_child->next = node;
	else
		r->open->child = node;
	if (r->open)
		r->open->last_child = node;
	r->open = node;
}

static void on_end(void *data, const XML_Char *name)
{
	struct reading *r = data;

	(void)name;
	r->depth--;
	if (r->open)
		r->open = r->open->parent;
}

static void on_text(void *data, const XML_Char *text, int len)
{
	struct reading *r = data;

	if (r->open)
		str_add(&r->open->text, text, (size_t)len);
}

static void on_doctype(void *data, const XML_Char *name, const XML_Char *sysid, const XML_Char *pubid, int internal)
{
	(void)name;
	(void)sysid;
	(void)pubid;
	(void)internal;
	stop(data, "it has a document type, which is not accepted");
}

struct xml_node *xml_parse(const char *text, size_t len, struct error *err)
{
	struct reading r = { .parser = XML_ParserCreate(NULL) };
	enum XML_Status status = XML_STATUS_ERROR;

	if (!r.parser)
		abort();
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, on_start, on_end);
	XML_SetCharacterDataHandler(r.parser, on_text);
	XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
	if (len <= INT_MAX)
		status = XML_Parse(r.parser, text, (int)len, XML_TRUE);
	if (status != XML_STATUS_OK) {
		error_set(err, "line %lu: %s", (unsigned long)XML_GetCurrentLineNumber(r.parser),
		          r.refused ? r.refused : XML_ErrorString(XML_GetErrorCode(r.parser)));
		xml_free(r.root);
		r.root = NULL;
	}
	XML_ParserFree(r.parser);
	return r.root;
}

/* Without recursion; the depth is limited, but not by the stack. */
void xml_free(struct xml_node *node)
{
	while (node) {
		struct xml_node *next;

		if (node->child) {
			next = node->child;
			node->child = NULL;
			node = next;
			continue;
		}
		next = node->next ? node->next : node->parent;
		free(node->name);
		strv_finish(&node->keys);
		strv_finish(&node->values);
		str_finish(&node->text);
		free(node);
		node = next;
	}
}

static struct xml_node *find(struct xml_node *node, const char *name)
{
	while (node && strcmp(node->name, name) != 0)
		node = node->next;
	return node;
}

struct xml_node *xml_child(const struct xml_node *node, const char *name)
{
	return node ? find(node->child, name) : NULL;
}

struct xml_node *xml_next(const struct xml_node *node)
{
	return find(node->next, node->name);
}

const char *xml_attribute(const struct xml_node *node, const char *key)
{
	for (size_t i = 0; node && i < node->keys.count; i++)
		if (strcmp(node->keys.items[i], key) == 0)
			return node->values.items[i];
	return NULL;
}

char *xml_text(const struct xml_node *node)
{
	const char *text = node->text.text, *end = text + node->text.len;

	while (text < end && isspace((unsigned char)*text))
		text++;
	while (end > text && isspace((unsigned char)end[-1]))
		end--;
	return mem_strndup(text, (size_t)(end - text));
}
