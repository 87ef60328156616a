/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal.h"
#include "ui/console/console.h"
#include "ui/kit/key_meaning.h"

size_t console_encode(struct terminal *term, const struct key *key, char out[64])
{
	if (key->is_code && key->code == KEY_PASTE_BEGIN)
		return terminal_paste_begin(term, out);
	if (key->is_code && key->code == KEY_PASTE_END)
		return terminal_paste_end(term, out);
	if (key->is_code && (key->code == KEY_FOCUS_IN || key->code == KEY_FOCUS_OUT))
		return terminal_focus(term, key->code == KEY_FOCUS_IN, out);
	return key_encode(terminal_input_modes(term), key, out);
}
