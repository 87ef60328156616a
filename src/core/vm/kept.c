/* SPDX-License-Identifier: MIT */
#include "core/vm/kept.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/own_dir.h"
#include "core/base/path.h"
#include "core/vm/spec.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define BLANKS " \t\r\n"

const char *const kept_marks[] = { "lock", KEPT_UUID, KEPT_MAC, KEPT_IMAGE, KEPT_PID, NULL };

static char *trimmed(const char *text)
{
	size_t len;

	text += strspn(text, BLANKS);
	len = strlen(text);
	while (len > 0 && strchr(BLANKS, text[len - 1]))
		len--;
	return mem_strndup(text, len);
}

bool kept_parse_uuid(const char *text, char uuid[37], struct error *err)
{
	char *line = trimmed(text);
	bool good = vm_uuid_parse(line, uuid, err);

	free(line);
	return good;
}

bool kept_parse_mac(const char *text, char mac[18], struct error *err)
{
	char *line = trimmed(text);
	bool good = vm_mac_parse(line, mac, err);

	free(line);
	return good;
}

/* Returns the text of the file NAME without white space at either end, or NULL if it is missing or empty. */
static char *read_kept(const char *state, const char *name)
{
	char *path = path_join(state, name);
	char text[PATH_MAX + 1];
	char *line = own_file_head(path, text, sizeof(text)) > 0 ? trimmed(text) : NULL;

	free(path);
	if (line && *line)
		return line;
	free(line);
	return NULL;
}

bool kept_uuid(const char *state, char uuid[37])
{
	char *line = read_kept(state, KEPT_UUID);
	struct error ignored;
	bool good = line && kept_parse_uuid(line, uuid, &ignored);

	free(line);
	return good;
}

bool kept_mac(const char *state, char mac[18])
{
	char *line = read_kept(state, KEPT_MAC);
	struct error ignored;
	bool good = line && kept_parse_mac(line, mac, &ignored);

	free(line);
	return good;
}

char *kept_image(const char *state)
{
	return read_kept(state, KEPT_IMAGE);
}

pid_t kept_pid(const char *state)
{
	char *line = read_kept(state, KEPT_PID);
	struct error ignored;
	uint64_t number = 0;
	bool good = line && number_parse(line, 1, INT_MAX, &number, &ignored);

	free(line);
	return good ? (pid_t)number : 0;
}

bool kept_is_state_directory(const char *path)
{
	struct stat st;
	bool found = false;

	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode))
		return false;
	for (size_t i = 0; kept_marks[i] && !found; i++) {
		char *mark = path_join(path, kept_marks[i]);

		found = stat(mark, &st) == 0;
		free(mark);
	}
	return found;
}
