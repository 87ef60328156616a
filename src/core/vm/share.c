/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/quoted.h"
#include "core/base/str.h"
#include "core/vm/list.h"
#include "core/vm/spec.h"

#include <stdlib.h>
#include <string.h>

/* Size in bytes of the tag field of a virtio file system device (virtio 1.2, 5.11.4). */
#define TAG_MAX 36

bool vm_share_parse(const char *text, struct vm_share *out, struct error *err)
{
	const char *at = text;
	bool good = true;

	*out = (struct vm_share){ .path = list_word(&at) };
	if (!*out->path)
		good = error_set(err, "a share needs a directory, as in /home/me/src,tag=src");
	while (at && good) {
		char *word = list_word(&at);

		bool is_tag = text_starts(word, "tag=");
		const char *tag = is_tag ? word + strlen("tag=") : "";

		if (!is_tag)
			good = error_set(err, "%s is not tag=NAME; write a comma in a path as ',,'", quoted(word).text);
		else if (out->tag)
			good = error_set(err, "%s is a second tag, but a share has only one", quoted(tag).text);
		else if (!*tag || strlen(tag) > TAG_MAX)
			good = error_set(err, "tag %s must be 1 to %d bytes long", quoted(tag).text, TAG_MAX);
		else
			out->tag = mem_strdup(tag);
		free(word);
	}
	if (!good)
		vm_share_finish(out);
	return good;
}

char *vm_share_format(const struct vm_share *share)
{
	struct str out;

	str_init(&out);
	list_add(&out, share->path);
	if (share->tag) {
		str_adds(&out, ",tag=");
		list_add(&out, share->tag);
	}
	return str_detach(&out);
}

void vm_share_finish(struct vm_share *share)
{
	free(share->path);
	free(share->tag);
	*share = (struct vm_share){ 0 };
}
