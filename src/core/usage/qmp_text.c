/* SPDX-License-Identifier: MIT */
#include "core/usage/qmp_text.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define NETWORK "10.0.2."		/* QEMU's own addresses in it are 2 and 3 */

#define LARGEST 9.2e18			/* below what jansson's integers hold */

/* A keeper that finds one number too large for an integer passes all of them on as reals. */
static uint64_t number_of(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	double number = json_number_value(value);

	if (json_is_integer(value) && json_integer_value(value) >= 0)
		return (uint64_t)json_integer_value(value);
	return json_is_real(value) && number >= 0 && number < LARGEST ? (uint64_t)number : 0;
}

static json_t *load(const char *json)
{
	json_error_t why;
	json_t *value = json_loads(json, JSON_DECODE_ANY, &why);

	if (!value && json_error_code(&why) == json_error_numeric_overflow)
		value = json_loads(json, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, NULL);
	return value;
}

size_t qmp_blocks_parse(const char *json, struct guest_block out[GUEST_BLOCKS])
{
	json_t *array = load(json);
	size_t count = 0;

	for (size_t i = 0; i < json_array_size(array) && count < GUEST_BLOCKS; i++) {
		const json_t *entry = json_array_get(array, i), *stats = json_object_get(entry, "stats");
		const char *device = json_string_value(json_object_get(entry, "device"));
		struct guest_block block = {
			.read = number_of(stats, "rd_bytes"), .written = number_of(stats, "wr_bytes"),
			.reads = number_of(stats, "rd_operations"), .writes = number_of(stats, "wr_operations"),
		};

		if (!device || !device[0])
			device = json_string_value(json_object_get(entry, "node-name"));
		if (!device || !device[0] || (block.reads == 0 && block.writes == 0))
			continue;
		snprintf(block.device, sizeof(block.device), "%s", device);
		out[count++] = block;
	}
	json_decref(array);
	return count;
}

/* Takes the source address of a line: "  TCP[ESTABLISHED]  12  10.0.2.15 39049  10.0.2.2  80 0 0". */
static bool source_of(const char *line, size_t len, char address[16])
{
	const char *at = memchr(line, ']', len), *end = line + len;
	struct in_addr ignored;
	size_t width = 0;

	/* A forwarded port has an address of this host there. */
	if (!at || memmem(line, (size_t)(at - line), "HOST_FORWARD", strlen("HOST_FORWARD")))
		return false;
	for (int column = 0; column < 2; column++) {
		for (at += column == 0 ? 1 : (ptrdiff_t)width; at < end && *at == ' '; at++)
			;
		for (width = 0; at + width < end && at[width] != ' '; width++)
			;
	}
	if (width < sizeof(NETWORK) || width > 15 || memcmp(at, NETWORK, sizeof(NETWORK) - 1) != 0)
		return false;
	memcpy(address, at, width);
	address[width] = '\0';
	return inet_pton(AF_INET, address, &ignored) == 1 && strcmp(address, NETWORK "2") != 0 && strcmp(address, NETWORK "3") != 0;
}

bool qmp_usernet_parse(const char *json, char address[16])
{
	json_t *value = load(json);
	const char *text = json_string_value(value);
	bool found = false;

	for (const char *line = text ? text : ""; *line && !found; ) {
		size_t len = strcspn(line, "\r\n");

		found = source_of(line, len, address);
		line += len;
		line += strspn(line, "\r\n");
	}
	if (!found)
		address[0] = '\0';
	json_decref(value);
	return found;
}
