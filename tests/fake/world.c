/* SPDX-License-Identifier: MIT */
#include "fake/world.h"

#include "fake/keepers.h"
#include "fake/scratch.h"
#include "fake/store_memory.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/keeper/run/registry.h"
#include "core/machines/missing.h"
#include "ui/form/form_view.h"
#include "ui/kit/app_impl.h"
#include "ui/kit/keys.h"
#include "ui/kit/screen.h"
#include "ui/list/list_view.h"
#include "ui/model/model.h"
#include "ui/program.h"
#include "ui/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <curses.h>
#include <locale.h>

/* The text of the screen. */

static char *screen_text(void)
{
	struct str out;

	str_init(&out);
	for (int row = 0; row < LINES; row++) {
		size_t start = out.len, used = start;

		for (int column = 0; column < COLS; column++) {
			wchar_t text[CCHARW_MAX + 1] = { 0 };
			cchar_t cell;
			attr_t attributes;
			short pair;

			if (mvwin_wch(curscr, row, column, &cell) == ERR)
				continue;
			getcchar(&cell, text, &attributes, &pair, NULL);
			str_addf(&out, "%ls", text[0] != 0 ? text : L" ");
			if (text[0] != L' ' && text[0] != 0)
				used = out.len;
			if (wcwidth(text[0]) == 2)
				column++;
		}
		str_cut(&out, used);
		str_addc(&out, '\n');
	}
	return str_detach(&out);
}

static char *read_whole(const char *path)
{
	FILE *file = fopen(path, "re");
	struct str out;
	char piece[4096];
	size_t len;

	str_init(&out);
	while (file != NULL && (len = fread(piece, 1, sizeof(piece), file)) > 0)
		str_add(&out, piece, len);
	if (file != NULL)
		fclose(file);
	return str_detach(&out);
}

void hold_against_golden(const char *name)
{
	char *path = mem_printf("tests/golden/screen/%s.txt", name);
	char *seen = screen_text();
	const char *update = getenv("UPDATE");

	if (update != NULL && update[0] == '1') {
		FILE *file = fopen(path, "we");

		assert_non_null(file);
		fputs(seen, file);
		fclose(file);
	}

	char *expected = read_whole(path);

	if (strcmp(seen, expected) != 0) {
		fprintf(stderr, "on the screen:\n%s", seen);
		fail_msg("%s differs; UPDATE=1 rewrites it", path);
	}
	free(expected);
	free(seen);
	free(path);
}

unsigned world_blank_ms;
const char *world_append;
bool world_usage;
const char *const *world_started;
const char *const *world_screen;

static bool read_started(struct strv *keys, struct strv *values)
{
	const char *append = world_append ? world_append : "quiet";
	const char *const arguments[] = { "qemu-system-x86_64", "-machine", "q35", "-append", append, "-nographic" };

	for (size_t i = 0; world_started && world_started[i]; i += 2) {
		strv_add(keys, world_started[i]);
		strv_add(values, world_started[i + 1]);
	}
	for (size_t i = 0; i < sizeof(arguments) / sizeof(arguments[0]); i++) {
		strv_add(keys, "argument");
		strv_add(values, arguments[i]);
	}
	return true;
}

static bool read_record(const char *path, struct strv *keys, struct strv *values, struct error *err)
{
	if ((world_append || world_started) && strstr(path, "/started.ini"))
		return read_started(keys, values);
	for (size_t i = 0; world_screen && strstr(path, "/screen.ini") && world_screen[i]; i += 2) {
		strv_add(keys, world_screen[i]);
		strv_add(values, world_screen[i + 1]);
	}
	if (keys->count > 0)
		return true;
	if (strstr(path, "ci-arm") == NULL)
		return error_set(err, "no such file");
	strv_add(keys, "ran");
	strv_add(values, "yes");
	strv_add(keys, "ended");
	strv_add(values, "1714737780");
	strv_add(keys, "exit");
	strv_add(values, "1");
	strv_add(keys, "error");
	strv_add(values, "qemu-system-aarch64: could not load kernel");
	return true;
}

char world_text[4096];
char world_record[256];

static bool write_text(const char *path, const char *text, size_t len, struct error *err)
{
	(void)path;
	(void)err;
	snprintf(world_text, sizeof(world_text), "%.*s", (int)len, text);
	return true;
}

static bool write_record(const char *path, const char *section, const struct strv *keys, const struct strv *values,
                         struct error *err)
{
	(void)path;
	(void)err;
	snprintf(world_record, sizeof(world_record), "[%s] %s = %s", section, keys->items[0], values->items[0]);
	return true;
}

const struct record_io world_records = { .read = read_record, .write = write_record, .write_text = write_text };

/* All images of the world exist; for other paths the host is asked. */
char *missing_image(const char *image)
{
	return image != NULL && strncmp(image, "/lab/", 5) != 0 && access(image, F_OK) != 0 ? mem_strdup(image) : NULL;
}

/* Nothing depends on this host, which has neither this QEMU nor these files. */
#define QEMU "[qemu]\nbinary = /lab/bin/qemu\n"

void a_small_world(struct store *store)
{
	store_memory_add_directory(store, "/lab/vm");
	store_memory_put(store, "web", "[vm]\ndescription = shop front\narch = x86_64\naccel = tcg\nmemory = 2G\n[boot]\nimage = /lab/vm/web.qcow2\n"
	                 "[network]\npublish = 127.0.0.1:8080:80/tcp\npublish = 8443:443\nmac = 52:54:00:12:34:56\n" QEMU);
	store_memory_put(store, "db", "[vm]\narch = x86_64\naccel = tcg\n[boot]\nimage = /lab/vm/db.qcow2\n"
	                 "[disks]\ndisk = data.qcow2,size=4G,format=qcow2\n" QEMU);
	store_memory_put(store, "ci-arm", "[vm]\narch = aarch64\naccel = tcg\n[boot]\nimage = /lab/vm/ci-arm\nmode = kernel\n"
	                 QEMU);
	store_memory_put(store, "torn", "[vm]\ncpus 2\n");
	store_memory_add_item(store, "/lab/vm/web.qcow2", BOOT_DISK, 1288490188);
	store_memory_add_item(store, "/lab/vm/alpine.iso", BOOT_ISO, 220200960);
	store_memory_add_item(store, "/lab/vm/lk", BOOT_KERNEL, 0);
	store_memory_add_item(store, "/lab/vm/old-state", BOOT_AUTO, 0);
	store_memory_add_item(store, "/lab/vm/web.qcow2-state", BOOT_AUTO, 0);
}

static struct registry_entry web_entry(void)
{
	return (struct registry_entry){
		.uuid = "1b4e28ba-2fa1-11d2-883f-0016d3cca427", .name = (char *)(uintptr_t)"web",
		.state = (char *)(uintptr_t)"/lab/vm/web.qcow2-state", .image = (char *)(uintptr_t)"/lab/vm/web.qcow2",
		.kind = (char *)(uintptr_t)"profile", .pid = 4241, .started = time(NULL) - 12 * 60 - 5
	};
}

static struct registry_entry running[1];

void turn(struct fixture *f)
{
	app_draw(f->app);
	/* Slices, and what follows from them, are timers that have run out already. */
	for (int i = 0; i < 20; i++)
		loop_turn(f->loop, 0);
	model_settle(session_model(f->app));
	for (int i = 0; i < 4; i++)
		loop_turn(f->loop, 0);
	app_draw(f->app);
}

void open_world(struct fixture *f, int rows, int columns, const char *term, const char *locale,
                       void (*fill)(struct store *))
{
	struct error err;
	struct program_options options = { .records = &world_records, .root = getenv("WORLD_ROOT"),
	                               .blank_ms = world_blank_ms };

	assert_non_null(setlocale(LC_CTYPE, locale));
	f->store = store_memory_new();
	fill(f->store);
	if (!world_usage)
		store_memory_set(f->store, "list", "usage", "no");
	f->loop = loop_new();
	assert_non_null(f->loop);
	if (!screen_open_hidden(term, rows, columns, &err))
		fail_msg("%s", err.text);
	options.store = f->store;
	f->app = program_open(&options, f->loop, screen_utf8());
	model_begin(session_model(f->app));
	turn(f);
}

void open_small_world(struct fixture *f, int rows, int columns)
{
	open_world(f, rows, columns, "xterm", "C.UTF-8", a_small_world);
}

void open_running_web(struct fixture *f, int rows, int columns)
{
	web_runs();
	open_small_world(f, rows, columns);
	web_tells(f);
}

void resize_world(struct fixture *f, int rows, int columns)
{
	resizeterm(rows, columns);
	app_resized(f->app);
	turn(f);
}

void close_world(struct fixture *f)
{
	if (f->app == NULL)
		return;
	program_close(f->app);
	screen_close();
	loop_free(f->loop);
	store_memory_free(f->store);
	memset(&keepers, 0, sizeof(keepers));
	f->app = NULL;
}

int world_setup(void **state)
{
	*state = mem_alloc(sizeof(struct fixture));
	return 0;
}

int world_scratch_setup(void **state)
{
	struct fixture *f;

	world_setup(state);
	f = *state;
	f->back = getcwd(NULL, 0);
	f->scratch = scratch_new();
	return 0;
}

int world_teardown(void **state)
{
	struct fixture *f = *state;

	close_world(f);
	if (f->scratch) {
		scratch_free(f->scratch);
		assert_int_equal(chdir(f->back), 0);
	}
	free(f->back);
	free(f);
	world_blank_ms = 0;
	world_append = NULL;
	world_usage = false;
	world_started = NULL;
	world_screen = NULL;
	return 0;
}

void web_runs(void)
{
	running[0] = web_entry();
	keepers.list = (struct registry_list){ running, 1 };
}

void web_tells(struct fixture *f)
{
	struct keeper_state state = {
		.phase = VM_RUNNING, .name = "web", .pid = 4242, .started = running[0].started, .clients = 1
	};

	keeper_says(f, &state);
}

void keeper_says(struct fixture *f, const struct keeper_state *state)
{
	keepers.events->state(keepers.data, state);
	turn(f);
}

void keeper_ends(struct fixture *f, const struct keeper_end *end)
{
	keepers.events->ended(keepers.data, end);
	turn(f);
}

void press(struct fixture *f, const char *names)
{
	for (const char *at = names; *at != '\0'; ) {
		struct key key;

		assert_true(key_parse(at, &key));
		app_key(f->app, &key);
		at += strcspn(at, " ");
		at += strspn(at, " ");
	}
	turn(f);
}

void paste(struct fixture *f, const char *text)
{
	app_key(f->app, &(struct key){ .code = KEY_PASTE_BEGIN, .is_code = true });
	for (; *text; text++)
		app_key(f->app, &(struct key){ .code = (wint_t)*text });
	app_key(f->app, &(struct key){ .code = KEY_PASTE_END, .is_code = true });
	turn(f);
}

static const char *selected(struct fixture *f)
{
	const struct view *list = app_focus_leaf(app_top(f->app));
	enum item_kind kind;

	assert_true(list->ops == list_view_ops());
	return list_view_selection(list, &kind);
}

void go_to(struct fixture *f, const char *name)
{
	press(f, "Home");
	for (int row = 0; row < 100; row++) {
		const char *at = selected(f);

		if (at != NULL && strcmp(path_base(at), name) == 0)
			return;
		press(f, "Down");
	}
	fail_msg("there is no %s in the list", name);
}

void go_to_field(struct fixture *f, const char *key)
{
	const struct view *top = app_top(f->app);
	const struct form_view *form = (const struct form_view *)top;
	enum form_row_kind kind = key[0] == '+' ? FORM_ADD : FORM_VALUE;
	size_t row = 0;

	assert_true(top->ops == form_view_ops());
	while (row < form->model.count && (form->model.rows[row].kind != kind ||
	       strcmp(setting_info(form->model.rows[row].setting)->key, key + (kind == FORM_ADD)) != 0))
		row++;
	if (row == form->model.count)
		fail_msg("there is no %s in the form", key);
	while (form->scroller.at != row)
		press(f, form->scroller.at < row ? "Down" : "Up");
}

bool sees(const char *text)
{
	char *screen = screen_text();
	bool found = strstr(screen, text) != NULL;

	if (!found)
		fprintf(stderr, "no \"%s\" in\n%s", text, screen);
	free(screen);
	return found;
}

static bool has_text(const char *text)
{
	char *screen = screen_text();
	bool found = strstr(screen, text) != NULL;

	free(screen);
	return found;
}

bool comes_to_see(struct fixture *f, const char *text)
{
	uint64_t deadline = loop_now() + 10000;

	while (!has_text(text) && loop_now() < deadline) {
		loop_turn(f->loop, 20);
		app_draw(f->app);
	}
	return sees(text);
}

bool sees_not(const char *text)
{
	char *screen = screen_text();
	bool found = strstr(screen, text) != NULL;

	if (found)
		fprintf(stderr, "\"%s\" in\n%s", text, screen);
	free(screen);
	return !found;
}
