/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal.h"
#include "ui/console/console.h"
#include "ui/kit/key_meaning.h"

size_t console_encode(struct terminal *term, const struct key *key, char out[64])
{
	enum terminal_key special;
	int modifiers;

	if (key->is_code && key->code == KEY_PASTE_BEGIN)
		return terminal_paste_begin(term, out);
	if (key->is_code && key->code == KEY_PASTE_END)
		return terminal_paste_end(term, out);
	if (key_special(key, &special, &modifiers))
		return terminal_key(term, special, modifiers, out);
	return key->is_code ? 0 : terminal_char(term, (uint32_t)key->code, modifiers, out);
}
