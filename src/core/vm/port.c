/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/quoted.h"
#include "core/vm/spec.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SHAPE "[address:]host:guest[/tcp|udp], such as 8080:80 or 127.0.0.1:5353:53/udp"

/* White space around the protocol is ignored, as in the recorded runs of the reference. */
static bool parse_protocol(const char *text, bool *udp, struct error *err)
{
	const char *word = text + strspn(text, " \t");
	size_t len = strlen(word);

	while (len && strchr(" \t", word[len - 1]))
		len--;
	*udp = len == 3 && strncasecmp(word, "udp", 3) == 0;
	if (*udp || (len == 3 && strncasecmp(word, "tcp", 3) == 0))
		return true;
	return error_set(err, "%s is not a protocol; use tcp or udp", quoted(text).text);
}

/* "8000-8010": docker accepts a range, QEMU does not. */
static bool is_range(const char *text)
{
	size_t first = strspn(text, "0123456789");
	size_t second = text[first] == '-' ? strspn(text + first + 1, "0123456789") : 0;

	return first && second && !text[first + 1 + second];
}

static bool parse_number(const char *text, const char *whose, unsigned *port, struct error *err)
{
	uint64_t number;

	if (number_parse(text, 1, 65535, &number, err)) {
		*port = (unsigned)number;
		return true;
	}
	if (is_range(text))
		return error_set(err, "%s is a range, but QEMU forwards single ports; publish each port separately",
		                 quoted(text).text);
	return error_set(err, "%s port %s is not a number from 1 to 65535", whose, quoted(text).text);
}

static bool parse_address(const char *text, char out[16], struct error *err)
{
	struct in_addr address;

	if (inet_pton(AF_INET, text, &address) == 1) {
		inet_ntop(AF_INET, &address, out, 16);
		return true;
	}
	if (strcasecmp(text, "tcp") == 0 || strcasecmp(text, "udp") == 0)
		return error_set(err, "the protocol comes last, as in 8080:80/%s", strcasecmp(text, "tcp") ? "udp" : "tcp");
	return error_set(err, "%s is not an IPv4 address, such as 127.0.0.1", quoted(text).text);
}

/* Splits at the colons, in place. Returns the number of parts; at most 3 are stored. */
static size_t split_colons(char *text, char *parts[3])
{
	size_t count = 0;

	for (char *next; text; text = next) {
		next = strchr(text, ':');
		if (next)
			*next++ = '\0';
		if (count < 3)
			parts[count] = text;
		count++;
	}
	return count;
}

static bool parse_copy(char *copy, const char *text, struct vm_port *out, struct error *err)
{
	char *protocol = strchr(copy, '/');
	char *parts[3];

	if (strchr(copy, '['))
		return error_set(err, "QEMU forwards from IPv4 addresses only; use one such as 127.0.0.1, or leave the address out");
	if (strchr(copy, ','))
		return error_set(err, "%s contains a comma; publish each port separately", quoted(text).text);
	if (protocol)
		*protocol++ = '\0';

	size_t count = split_colons(copy, parts);

	if (count == 3 && (strcasecmp(parts[2], "tcp") == 0 || strcasecmp(parts[2], "udp") == 0))
		return error_set(err, "the protocol follows a slash, as in %s:%s/%s", parts[0], parts[1], parts[2]);

	if (count > 3)
		return error_set(err, "%s has too many colons; QEMU forwards from IPv4 addresses only, such as 127.0.0.1",
		                 quoted(text).text);
	if (count < 2)
		return error_set(err, "%s is not a port mapping; write " SHAPE, quoted(text).text);
	return (count == 2 || parse_address(parts[0], out->address, err)) &&
	       parse_number(parts[count - 2], "host", &out->host, err) &&
	       parse_number(parts[count - 1], "guest", &out->guest, err) &&
	       (!protocol || parse_protocol(protocol, &out->udp, err));
}

bool vm_port_parse(const char *text, struct vm_port *out, struct error *err)
{
	char *copy = mem_strdup(text);

	*out = (struct vm_port){ 0 };

	bool good = parse_copy(copy, text, out, err);

	free(copy);
	return good;
}

char *vm_port_format(const struct vm_port *port)
{
	return mem_printf("%s%s%u:%u%s", port->address, *port->address ? ":" : "", port->host, port->guest,
	                  port->udp ? "/udp" : "");
}
