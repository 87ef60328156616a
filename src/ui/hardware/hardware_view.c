/* SPDX-License-Identifier: MIT */
#include "ui/hardware/hardware_view.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/path.h"
#include "core/machines/profile_change.h"
#include "ui/hardware/hardware_impl.h"
#include "ui/kit/app.h"
#include "ui/kit/ask.h"
#include "ui/kit/draw.h"
#include "ui/kit/scroller.h"
#include "ui/model/model.h"
#include "ui/session.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define REFRESH_MS 2000		/* while the view is open: connections come and go */
#define ABOVE 3			/* the frame, the line about the profile and a blank one */

static const struct hardware_section *const sections[] = { &hardware_ports, &hardware_network, &hardware_drives, &hardware_usb, &hardware_memory, &hardware_guest };

#define SECTIONS (sizeof(sections) / sizeof(sections[0]))

struct part {
	struct hardware_row *rows;
	size_t count, size;
	bool known;			/* has been answered once */
	struct control_job *query;	/* NULL: none is under way */
};

/* A line of the view: a title, a row, or what can be added. */
struct line {
	size_t section;
	enum { LINE_TITLE, LINE_ROW, LINE_ADD } kind;
	size_t row;
};

/* A change under way. */
struct change {
	struct change *next;
	struct hardware *hardware;
	struct control_job *job;
	struct hardware_change wanted;	/* its texts are these: */
	char *value, *said, *state;
};

struct hardware {
	struct view view;
	struct item_key *item;
	char *uuid;			/* of the running VM; another one of the same item is not meant */
	struct part parts[SECTIONS];
	struct line *lines;
	size_t line_size;
	struct scroller scroller;
	struct loop_timer *timer;
	struct change *changes;
	bool saves;			/* changes also change the profile */
	unsigned seen;			/* running_vm.changes at the last query */
	int columns;
};

static struct hardware *of(struct view *view)
{
	return (struct hardware *)view;
}

struct app *hardware_app(const struct hardware *hardware)
{
	return hardware->view.app;
}

struct hardware *hardware_top(struct app *app)
{
	struct view *top = app_top(app);

	return top != NULL && top->ops == hardware_view_ops() ? of(top) : NULL;
}

bool hardware_vm(const struct hardware *hardware, struct control_vm *vm)
{
	const struct model *model = session_model(hardware->view.app);
	const struct running_vm *machine = model_running_vm_by_uuid(model, hardware->uuid);

	if (machine == NULL || machine->state == NULL)
		return false;
	*vm = (struct control_vm){ .client = model_keeper(model, hardware->uuid), .state = machine->state,
	                           .records = session_records(hardware->view.app) };
	return vm->client != NULL;
}

/* Rows. */

static size_t index_of(const struct hardware_section *section)
{
	size_t i = 0;

	while (i < SECTIONS - 1 && sections[i] != section)
		i++;
	return i;
}

static void drop_rows(struct part *part)
{
	for (size_t i = 0; i < part->count; i++) {
		free(part->rows[i].text);
		free(part->rows[i].id);
	}
	part->count = 0;
}

void hardware_rows_begin(struct hardware *hardware, const struct hardware_section *section)
{
	drop_rows(&hardware->parts[index_of(section)]);
}

void hardware_row(struct hardware *hardware, const struct hardware_section *section, enum style style, const char *id,
                  const char *fmt, ...)
{
	struct part *part = &hardware->parts[index_of(section)];
	struct hardware_row *row;
	va_list ap;

	part->rows = mem_grow(part->rows, &part->size, part->count + 1, sizeof(*part->rows));
	row = &part->rows[part->count++];
	*row = (struct hardware_row){ .style = style, .id = id ? mem_strdup(id) : NULL };
	va_start(ap, fmt);
	row->text = mem_vprintf(fmt, ap);
	va_end(ap);
}

static void add_line(struct hardware *hardware, size_t *count, struct line line)
{
	hardware->lines = mem_grow(hardware->lines, &hardware->line_size, *count + 1, sizeof(*hardware->lines));
	hardware->lines[(*count)++] = line;
}

static void fill(struct hardware *hardware)
{
	size_t count = 0;

	for (size_t i = 0; i < SECTIONS; i++) {
		add_line(hardware, &count, (struct line){ i, LINE_TITLE, 0 });
		for (size_t row = 0; row < hardware->parts[i].count; row++)
			add_line(hardware, &count, (struct line){ i, LINE_ROW, row });
		if (sections[i]->add)
			add_line(hardware, &count, (struct line){ i, LINE_ADD, 0 });
	}
	scroller_fit(&hardware->scroller, count, hardware->scroller.page);
}

void hardware_rows_end(struct hardware *hardware, const struct hardware_section *section)
{
	struct part *part = &hardware->parts[index_of(section)];

	part->query = NULL;
	part->known = true;
	fill(hardware);
	app_apply(hardware->view.app, &hardware->view, UI_REDRAW);
}

void hardware_asks(struct hardware *hardware, const struct hardware_section *section, struct control_job *job)
{
	hardware->parts[index_of(section)].query = job;
}

static void query(struct hardware *hardware, bool all)
{
	for (size_t i = 0; i < SECTIONS; i++)
		if (hardware->parts[i].query == NULL && (all || !sections[i]->rests))
			sections[i]->query(hardware, sections[i]);
	loop_timer_arm(hardware->timer, REFRESH_MS);
}

static void query_all(struct hardware *hardware)
{
	query(hardware, true);
}

static void time_to_ask(void *data)
{
	query(data, false);
}

/* Changes. */

static void free_change(struct change *change)
{
	free(change->value);
	free(change->said);
	free(change->state);
	free(change);
}

static void drop_change(struct change *change)
{
	struct change **at = &change->hardware->changes;

	while (*at != change)
		at = &(*at)->next;
	*at = change->next;
	free_change(change);
}

void *hardware_begin(struct hardware *hardware, const struct hardware_change *wanted, struct control_vm *vm)
{
	struct change *change;

	if (!hardware_vm(hardware, vm)) {
		app_say(hardware->view.app, "%s: its keeper does not answer", path_base(hardware->item->name));
		return NULL;
	}
	change = mem_alloc(sizeof(*change));
	*change = (struct change){
		.next = hardware->changes, .hardware = hardware, .wanted = *wanted,
		.value = wanted->value ? mem_strdup(wanted->value) : NULL, .said = mem_strdup(wanted->said),
		.state = mem_strdup(vm->state),
	};
	change->wanted.value = change->value;
	hardware->changes = change;
	return change;
}

bool hardware_save_value(struct store *store, const char *profile, const char *state, const struct hardware_change *change,
                         struct error *err)
{
	(void)state;
	return profile_change(store, profile, change->setting, change->action, change->value, err);
}

static void save(const struct change *change)
{
	const struct hardware *hardware = change->hardware;
	struct app *app = hardware->view.app;
	struct error err;

	if (change->wanted.save(session_store(app), hardware->item->name, change->state, &change->wanted, &err))
		app_say(app, "%s, in the profile too", change->said);
	else
		message_open(app, "Done, but the profile was not changed", err.text);
}

void hardware_done(void *data, const struct error *err)
{
	struct change *change = data;
	struct hardware *hardware = change->hardware;

	if (err)
		message_open(hardware->view.app, "Not changed", err->text);
	else if (hardware->saves && change->wanted.save)
		save(change);
	else
		app_say(hardware->view.app, "%s", change->said);
	drop_change(change);
	query_all(hardware);
}

void hardware_begun(void *data, struct control_job *job, const struct error *err)
{
	struct change *change = data;

	change->job = job;
	if (job)
		return;
	message_open(change->hardware->view.app, "Not changed", err->text);
	drop_change(change);
}

/* Keys. */

static const struct line *selected(const struct hardware *hardware)
{
	return hardware->scroller.at < hardware->scroller.count ? &hardware->lines[hardware->scroller.at] : NULL;
}

static const char *selected_id(const struct hardware *hardware)
{
	const struct line *line = selected(hardware);

	return line && line->kind == LINE_ROW ? hardware->parts[line->section].rows[line->row].id : NULL;
}

static unsigned add(struct view *view, int arg)
{
	const struct line *line = selected(of(view));

	(void)arg;
	if (line && sections[line->section]->add)
		sections[line->section]->run_add(of(view));
	else
		app_say(view->app, "nothing can be added here");
	return UI_NOTHING;
}

/* The id may go with its row while a dialog is open, so sections get a copy. */
static unsigned with_row(struct view *view, void (*run)(struct hardware *, const char *), const char *otherwise)
{
	char *id = run && selected_id(of(view)) ? mem_strdup(selected_id(of(view))) : NULL;

	if (id)
		run(of(view), id);
	else
		app_say(view->app, "%s", otherwise);
	free(id);
	return UI_NOTHING;
}

static unsigned take_away(struct view *view, int arg)
{
	const struct line *line = selected(of(view));

	(void)arg;
	return with_row(view, line ? sections[line->section]->run_remove : NULL, "this cannot be removed");
}

static unsigned change(struct view *view, int arg)
{
	const struct line *line = selected(of(view));

	if (line && line->kind != LINE_ROW)
		return add(view, arg);
	return with_row(view, line ? sections[line->section]->run_change : NULL, "this cannot be changed");
}

static unsigned toggle_saves(struct view *view, int arg)
{
	struct hardware *hardware = of(view);

	(void)arg;
	if (hardware->item->kind != ITEM_PROFILE) {
		app_say(view->app, "only a profile can keep changes");
		return UI_NOTHING;
	}
	hardware->saves = !hardware->saves;
	return UI_REDRAW;
}

static unsigned scroll_rows(struct view *view, int move)
{
	scroller_move(&of(view)->scroller, (enum scroller_move)move);
	return UI_REDRAW;
}

static unsigned ask_again(struct view *view, int arg)
{
	(void)arg;
	query_all(of(view));
	return UI_NOTHING;
}

static const struct keybinding keys[] = {
	{ "Enter", change, 0, "Change the selected row, or add one", "change" },
	{ "a", add, 0, "Add one", "add" },
	{ "d Del", take_away, 0, "Remove or withdraw it", "remove" },
	{ "s", toggle_saves, 0, "Also change the profile, or not", "keep in profile" },
	{ "F5", ask_again, 0, "Ask QEMU again", NULL },
	{ "Esc q H", view_leave, 0, "Close", "close" },
	SCROLLER_LIST_KEYS(scroll_rows),
	{ NULL, NULL, 0, NULL, NULL }
};

/* The view. */

static void hardware_close(struct view *view)
{
	struct hardware *hardware = of(view);

	for (struct change *change = hardware->changes, *next; change; change = next) {
		next = change->next;
		control_forget(change->job);
		free_change(change);
	}
	for (size_t i = 0; i < SECTIONS; i++) {
		control_forget(hardware->parts[i].query);
		drop_rows(&hardware->parts[i]);
		free(hardware->parts[i].rows);
	}
	loop_timer_free(hardware->timer);
	free(hardware->lines);
	free(hardware->uuid);
	free(hardware->item);
	free(hardware);
}

static unsigned hardware_notice(struct view *view)
{
	struct hardware *hardware = of(view);
	const struct running_vm *machine = model_running_vm_by_uuid(session_model(view->app), hardware->uuid);

	if (machine == NULL)
		return UI_CLOSE;
	if (machine->changes == hardware->seen)
		return UI_NOTHING;
	hardware->seen = machine->changes;
	query_all(hardware);
	return UI_NOTHING;
}

static void hardware_resized(struct view *view, int rows, int columns)
{
	struct hardware *hardware = of(view);

	hardware->columns = columns - 4;
	scroller_fit(&hardware->scroller, hardware->scroller.count, rows - ABOVE - 1);
}

/* of: the section of the selected row, whose keys are shown behind it where there is room. */
static void draw_row(const struct hardware *hardware, WINDOW *window, int at, const struct hardware_row *row,
                     const struct hardware_section *of)
{
	const struct theme *theme = app_theme(hardware->view.app);
	const char *hint = !of || !row->id ? NULL : of->row_keys ? of->row_keys(row->id) : of->keys;
	int width = hardware->columns - 2, used = draw_text(window, theme, at, 4, width, row->text);
	int needed = hint ? text_columns(hint) : 0;

	if (needed > 0 && used + 3 + needed <= width)
		draw_text(window, theme, at, 4 + width - needed, needed, hint);
}

static void draw_line(const struct hardware *hardware, WINDOW *window, int at, const struct line *line, bool current)
{
	const struct theme *theme = app_theme(hardware->view.app);
	const struct hardware_section *section = sections[line->section];
	const struct part *part = &hardware->parts[line->section];
	const struct hardware_row *row = line->kind == LINE_ROW ? &part->rows[line->row] : NULL;
	int indent = line->kind == LINE_TITLE ? 0 : 2;

	theme_set(theme, window, current ? STYLE_SELECTED : row ? row->style : line->kind == LINE_TITLE ? STYLE_HEADING : STYLE_DIM);
	draw_blank(window, at, 2, hardware->columns);
	if (line->kind == LINE_TITLE)
		draw_textf(window, theme, at, 2, hardware->columns, "%s%s", section->title, part->known ? "" : " ...");
	else if (row)
		draw_row(hardware, window, at, row, current ? section : NULL);
	else
		draw_textf(window, theme, at, 2 + indent, hardware->columns - indent, "+ %s", section->add);
}

static void hardware_draw(const struct view *view, WINDOW *window)
{
	const struct hardware *hardware = (const struct hardware *)view;
	const struct theme *theme = app_theme(view->app);
	char *title = mem_printf("%s: hardware, while it runs", path_base(hardware->item->name));
	size_t at;

	draw_frame(window, theme, true, title);
	free(title);
	theme_set(theme, window, STYLE_DIM);
	draw_text(window, theme, 1, 2, hardware->columns, hardware->item->kind != ITEM_PROFILE ? "Changes apply to this run." :
	          hardware->saves ? "Changes apply to this run and to the profile." :
	          "Changes apply to this run only; s keeps them in the profile.");
	for (int line = 0; scroller_row_at(&hardware->scroller, line, &at); line++)
		draw_line(hardware, window, ABOVE + line, &hardware->lines[at], at == hardware->scroller.at);
	theme_set(theme, window, STYLE_NORMAL);
	scroller_draw(&hardware->scroller, window, theme);
}

static bool hardware_cursor(const struct view *view, int *row, int *column)
{
	const struct scroller *scroller = &((const struct hardware *)view)->scroller;

	*row = ABOVE + (int)(scroller->at - scroller->top);
	*column = 2;
	return true;
}

static unsigned hardware_mouse(struct view *view, enum mouse_act act, int row, int column)
{
	struct hardware *hardware = of(view);
	size_t at;

	(void)column;
	if (act != MOUSE_PRESS)
		return scroll_rows(view, scroller_wheel(act));
	if (!scroller_row_at(&hardware->scroller, row - ABOVE, &at))
		return UI_NOTHING;
	if (at == hardware->scroller.at)
		return change(view, 0);
	scroller_to(&hardware->scroller, at);
	return UI_REDRAW;
}

static const struct view_ops hardware_ops = {
	.name = "hardware", .title = "Hardware", .keys = keys, .close = hardware_close, .notice = hardware_notice,
	.resized = hardware_resized, .draw = hardware_draw, .cursor = hardware_cursor, .mouse = hardware_mouse,
};

void hardware_open(struct app *app, enum item_kind kind, const char *name)
{
	const struct model *model = session_model(app);
	const struct item *item = model_find(model, kind, name);
	const struct running_vm *machine = item != NULL ? model_running_vm(model, item) : NULL;
	struct hardware *hardware;

	if (machine == NULL || machine->phase == VM_STARTING) {
		app_say(app, "%s %s", path_base(name), machine != NULL ? "is starting" : "is not running; e changes its settings");
		return;
	}
	hardware = mem_alloc(sizeof(*hardware));
	hardware->view.ops = &hardware_ops;
	hardware->view.app = app;
	hardware->item = item_key_new(kind, name);
	hardware->uuid = mem_strdup(machine->uuid);
	hardware->seen = machine->changes;
	hardware->timer = loop_timer(app_loop(app), time_to_ask, hardware);
	fill(hardware);
	query_all(hardware);
	app_push(app, &hardware->view);
}

const struct view_ops *hardware_view_ops(void)
{
	return &hardware_ops;
}
