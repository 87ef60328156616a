/* SPDX-License-Identifier: MIT */
#include "ui/console/selection.h"

#include "ui/console/line_text.h"
#include "ui/console/point_move.h"

struct selection selection_of_all(const struct terminal *term, bool screen_only)
{
	return (struct selection){
		.kind = SELECT_CHARACTERS, .from = { screen_only ? (int64_t)terminal_lines(term) : line_oldest(term), 0 },
		.to = { line_end(term) - 1, terminal_columns(term) - 1 },
	};
}

struct selection selection_ordered(const struct selection *selection, const struct terminal *term)
{
	struct selection out = *selection;
	struct terminal_point from = point_clamped(term, selection->from), to = point_clamped(term, selection->to);
	bool turned = from.line > to.line || (from.line == to.line && from.column > to.column);

	out.from = turned ? to : from;
	out.to = turned ? from : to;
	if (out.kind == SELECT_LINES) {
		out.from = point_moved(term, out.from, POINT_LINE_BEGIN);
		out.to = point_moved(term, out.to, POINT_LINE_END);
		out.to.column = terminal_columns(term) - 1;
	} else if (out.kind == SELECT_RECTANGLE && from.column != to.column) {
		out.from.column = from.column < to.column ? from.column : to.column;
		out.to.column = from.column < to.column ? to.column : from.column;
	}
	return out;
}

bool selection_columns(const struct selection *ordered, const struct terminal *term, int64_t line, int *from, int *to)
{
	bool rectangle = ordered->kind == SELECT_RECTANGLE;

	if (ordered->kind == SELECT_NOTHING || line < ordered->from.line || line > ordered->to.line)
		return false;
	*from = rectangle || line == ordered->from.line ? ordered->from.column : 0;
	*to = rectangle || line == ordered->to.line ? ordered->to.column + 1 : terminal_columns(term);
	return *from < *to;
}

static void drop_blanks(struct str *out, size_t begin)
{
	while (out->len > begin && out->text[out->len - 1] == ' ')
		str_cut(out, out->len - 1);
}

void selection_text(const struct selection *selection, const struct terminal *term, struct str *out)
{
	struct selection ordered = selection_ordered(selection, term);
	size_t begin = out->len, line_at = begin;
	int from, to;

	for (int64_t line = ordered.from.line; line <= ordered.to.line; line++) {
		if (!selection_columns(&ordered, term, line, &from, &to))
			continue;
		line_add_row(term, (struct terminal_point){ line, from }, to, out);
		if (ordered.kind != SELECT_RECTANGLE && line < ordered.to.line && line_wrapped(term, line))
			continue;
		drop_blanks(out, line_at);
		str_addc(out, '\n');
		line_at = out->len;
	}
	while (out->len > begin && out->text[out->len - 1] == '\n')
		str_cut(out, out->len - 1);
}
