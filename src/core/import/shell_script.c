/* SPDX-License-Identifier: MIT */
#include "core/import/shell_script.h"

#include "core/import/shell_script_impl.h"

#include "core/base/alloc.h"
#include "core/base/path.h"
#include "core/base/quoted.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define BUDGET (1 << 20)
#define BLOCKS_MAX 64
#define WORDS_MAX 8192

/* A command while it is read. */
struct reading {
	struct shell shell;
	char blocks[BLOCKS_MAX];	/* what is open: 'c' for if, for, while and case, '{' and '(' */
	size_t depth;
	bool depends;			/* the command follows && or || */
	bool (*is_program)(const char *);
	struct shell_command *found;	/* NULL: only variables are wanted */
	char *refused;			/* why a command that was found cannot be used */
	unsigned others;		/* further commands of this kind */

	struct strv words;
	struct strv unknown;		/* for each word: why it is not known, or "" */
	unsigned line;			/* of the command */
	bool assigns;			/* words may still be assignments */
	struct strv notes;
	char **heredocs;		/* the words that end what follows this line */
	size_t heredoc_count;
};

static bool is_conditional(const struct reading *r)
{
	for (size_t i = 0; i < r->depth; i++)
		if (r->blocks[i] == 'c')
			return true;
	return r->depends;
}

static bool open_block(struct reading *r, char block)
{
	if (r->depth == BLOCKS_MAX)
		return error_set(r->shell.err, "line %u: too many blocks in each other", r->shell.line);
	r->blocks[r->depth++] = block;
	return true;
}

static void close_block(struct reading *r, char block)
{
	if (r->depth && r->blocks[r->depth - 1] == block)
		r->depth--;
}

static char *conditional_reason(const struct reading *r, const char *name)
{
	return mem_printf("line %u: the value of $%s depends on a condition; write it", r->shell.line, name);
}

/* --- assignments --- */

static void skip_blanks(struct shell *shell, bool lines)
{
	for (;;) {
		while (shell->at < shell->end && strchr(lines ? " \t\r\n" : " \t\r", *shell->at)) {
			shell->line += *shell->at == '\n';
			shell->at++;
		}
		if (shell->end - shell->at >= 2 && shell->at[0] == '\\' && shell->at[1] == '\n') {
			shell->at += 2;
			shell->line++;
		} else if (lines && shell->at < shell->end && *shell->at == '#') {
			while (shell->at < shell->end && *shell->at != '\n')
				shell->at++;
		} else {
			return;
		}
	}
}

/* Reads one word, and adds its fields. */
static bool read_fields(struct shell *shell, bool split, struct strv *out, char **unknown, bool *drops)
{
	struct shell_word word = { .split = split };
	bool good;

	str_init(&word.field);
	good = shell_word_read(shell, &word);
	if (good) {
		shell_word_end_field(&word);
		for (size_t i = 0; i < word.fields.count; i++)
			strv_add(out, word.fields.items[i]);
		if (word.unknown && !*unknown)
			*unknown = mem_strdup(word.unknown);
		*drops |= word.drops_arguments;
	}
	shell_word_finish(&word);
	return good;
}

/* NAME=( words ) */
static bool read_array(struct shell *shell, struct strv *out, char **unknown, bool *drops)
{
	unsigned line = shell->line;

	for (;;) {
		const char *before;

		skip_blanks(shell, true);
		if (shell->at == shell->end)
			return error_set(shell->err, "line %u: the array that begins here does not end", line);
		if (*shell->at == ')') {
			shell->at++;
			return true;
		}
		before = shell->at;
		if (!read_fields(shell, true, out, unknown, drops))
			return false;
		if (out->count > WORDS_MAX)
			return error_set(shell->err, "line %u: the array that begins here is too long", line);
		if (shell->at == before)
			shell->at++;
	}
}

/* If an assignment is at `at`, reads it. */
static bool read_assignment(struct reading *r, bool *was)
{
	struct shell *shell = &r->shell;
	size_t len = shell_name_length(shell->at, shell->end);
	const char *after = shell->at + len;
	bool append = after + 1 < shell->end && after[0] == '+' && after[1] == '=', array, drops = false, good;
	struct strv values = { 0 };
	struct shell_variable *variable;
	char *name, *unknown = NULL;

	*was = len && (append || (after < shell->end && *after == '='));
	if (!*was)
		return true;
	name = mem_strndup(shell->at, len);
	shell->at = after + (append ? 2 : 1);
	array = shell->at < shell->end && *shell->at == '(';
	shell->at += array;
	good = array ? read_array(shell, &values, &unknown, &drops) : read_fields(shell, false, &values, &unknown, &drops);
	if (good) {
		variable = shell_variable_set(&shell->variables, name, append);
		if (!variable->unknown && (unknown || is_conditional(r)))
			variable->unknown = unknown ? mem_strdup(unknown) : conditional_reason(r, name);
		variable->is_array |= array;
		if (!array && append && variable->values.count) {
			char *both = mem_printf("%s%s", variable->values.items[0], values.count ? values.items[0] : "");

			strv_replace(&variable->values, 0, both);
			free(both);
		} else {
			for (size_t i = 0; i < values.count; i++)
				strv_add(&variable->values, values.items[i]);
		}
		if (variable->values.count > WORDS_MAX)
			good = error_set(shell->err, "line %u: the array %s is too long", shell->line, quoted(name).text);
	}
	strv_finish(&values);
	free(unknown);
	free(name);
	return good;
}

/* --- commands --- */

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

/* Programs that run the rest of their words. "$" is the prompt of a pasted line. */
static const char *const wrappers[] = {
	"$", "sudo", "doas", "exec", "nohup", "env", "taskset", "nice", "ionice", "numactl", "setsid", "time", "chrt", "systemd-run",
	"screen", "tmux", "stdbuf", "timeout", "cgexec", "firejail", "command", "builtin", NULL,
};

static void set_unknown(struct reading *r, const char *name, char *why)
{
	struct shell_variable *variable = shell_variable_set(&r->shell.variables, name, false);

	variable->unknown = why;
}

/* Where the program is among the words; their number if it is not. */
static size_t program_at(const struct reading *r)
{
	if (!r->words.count || (!r->is_program(r->words.items[0]) && !is_one_of(r->words.items[0], wrappers)))
		return r->words.count;
	for (size_t i = 0; i < r->words.count; i++)
		if (r->is_program(r->words.items[i]))
			return i;
	return r->words.count;
}

static void take_command(struct reading *r, size_t at)
{
	struct shell_command *found = r->found;

	found->line = r->line;
	for (size_t i = at; i < r->words.count; i++) {
		strv_add(&found->words, r->words.items[i]);
		if (*r->unknown.items[i] && !r->refused)
			r->refused = mem_strdup(r->unknown.items[i]);
	}
	for (size_t i = 0; i < r->depth && !r->refused; i++)
		if (r->blocks[i] == 'c')
			r->refused = mem_printf("line %u: this command is inside of an if, a loop or a case; give its words alone", r->line);
	found->cwd = mem_strdup(r->shell.cwd);
	if (at) {
		struct str before;

		str_init(&before);
		for (size_t i = 0; i < at; i++)
			str_addf(&before, "%s%s", i ? " " : "", r->words.items[i]);
		strv_take(&found->notes, str_detach(&before));
	}
	for (size_t i = 0; i < r->notes.count; i++)
		strv_add(&found->notes, r->notes.items[i]);
}

static void change_directory(struct reading *r)
{
	bool known = r->words.count == 2 && !*r->unknown.items[1] && !is_conditional(r) && strcmp(r->words.items[1], "-") != 0;
	char *cwd;

	if (!known)
		return;
	cwd = path_join(r->shell.cwd, r->words.items[1]);
	free(r->shell.cwd);
	r->shell.cwd = cwd;
}

static void end_command(struct reading *r)
{
	const char *name = r->words.count ? r->words.items[0] : "";
	size_t at;

	if (!strcmp(name, "cd") || !strcmp(name, "pushd"))
		change_directory(r);
	if (!strcmp(name, "read") || !strcmp(name, "for") || !strcmp(name, "mapfile") || !strcmp(name, "getopts"))
		for (size_t i = 1; i < r->words.count && strcmp(r->words.items[i], "in"); i++)
			if (shell_name_length(r->words.items[i], r->words.items[i] + strlen(r->words.items[i])) == strlen(r->words.items[i]))
				set_unknown(r, r->words.items[i], mem_printf("line %u: $%s is known only while the script runs; write its value",
				                                               r->line, r->words.items[i]));
	at = r->found ? program_at(r) : r->words.count;
	if (r->found && at + 1 < r->words.count) {
		if (r->found->words.count)
			r->others++;
		else
			take_command(r, at);
	}
	strv_finish(&r->words);
	strv_finish(&r->unknown);
	strv_finish(&r->notes);
	r->assigns = true;
}

/* --- the text --- */

static bool read_redirection(struct reading *r)
{
	struct shell *shell = &r->shell;
	const char *start = shell->at;
	struct strv target = { 0 };
	char *unknown = NULL;
	bool drops = false, good, here;

	while (shell->at < shell->end && strchr("<>&|", *shell->at) && shell->at - start < 3)
		shell->at++;
	here = shell->at - start == 2 && !memcmp(start, "<<", 2);
	if (here && shell->at < shell->end && *shell->at == '-')
		shell->at++;
	skip_blanks(shell, false);
	good = read_fields(shell, false, &target, &unknown, &drops);
	if (good && here && target.count) {
		r->heredocs = mem_resize(r->heredocs, r->heredoc_count + 1, sizeof(*r->heredocs));
		r->heredocs[r->heredoc_count++] = mem_strdup(target.items[0]);
	}
	if (good && r->words.count) {
		size_t len = (size_t)(shell->at - start);
		char *text = mem_strndup(start, len < 60 ? len : 60);

		strv_take(&r->notes, text);
	}
	free(unknown);
	strv_finish(&target);
	return good;
}

/* After the end of a line: skips the texts that it announced with <<. */
static void skip_heredocs(struct reading *r)
{
	struct shell *shell = &r->shell;

	for (size_t i = 0; i < r->heredoc_count; i++) {
		bool over = false;

		while (!over && shell->at < shell->end) {
			const char *newline = memchr(shell->at, '\n', (size_t)(shell->end - shell->at));
			const char *line_end = newline ? newline : shell->end, *text = shell->at;
			size_t len;

			while (text < line_end && *text == '\t')
				text++;
			len = (size_t)(line_end - text);
			over = len == strlen(r->heredocs[i]) && !memcmp(text, r->heredocs[i], len);
			shell->at = newline ? newline + 1 : shell->end;
			shell->line++;
		}
		free(r->heredocs[i]);
	}
	free(r->heredocs);
	r->heredocs = NULL;
	r->heredoc_count = 0;
}

/* Reserved words and declarations at the beginning of a command. Returns true if the word was one, and is done. */
static bool take_reserved(struct reading *r, const char *word, bool *good)
{
	static const char *const openers[] = { "if", "while", "until", "case", "select", NULL };
	static const char *const closers[] = { "fi", "done", "esac", NULL };
	static const char *const others[] = { "then", "else", "elif", "do", "!", "function", NULL };
	static const char *const declarations[] = { "export", "local", "declare", "readonly", "typeset", NULL };

	if (is_one_of(word, openers))
		*good = open_block(r, 'c');
	else if (!strcmp(word, "for"))
		return *good = open_block(r, 'c'), false;
	else if (is_one_of(word, closers))
		close_block(r, 'c');
	else if (!strcmp(word, "{"))
		*good = open_block(r, '{');
	else if (!strcmp(word, "}"))
		close_block(r, '{');
	else if (!is_one_of(word, others) && !is_one_of(word, declarations))
		return false;
	return true;
}

static bool read_word(struct reading *r)
{
	struct shell *shell = &r->shell;
	struct strv fields = { 0 };
	char *unknown = NULL;
	const char *start = shell->at;
	bool drops = false, good, was = false;

	if (!r->words.count)
		r->line = shell->line;
	if (r->assigns && !read_assignment(r, &was))
		return false;
	if (was)
		return true;
	good = read_fields(shell, true, &fields, &unknown, &drops);
	if (good && shell->at == start) {
		/* Not a character of a word, nor one that ends a command. */
		shell->at++;
	}
	/* A number in front of a redirection is a descriptor. */
	if (good && fields.count == 1 && shell->at < shell->end && strchr("<>", *shell->at) &&
	    strspn(fields.items[0], "0123456789") == strlen(fields.items[0]))
		strv_finish(&fields);
	if (good && drops)
		strv_add(&r->notes, "the arguments of the script, such as \"$@\"");
	for (size_t i = 0; good && i < fields.count; i++) {
		if (!r->words.count && !i && !unknown && take_reserved(r, fields.items[i], &good))
			continue;
		r->assigns = false;
		strv_add(&r->words, fields.items[i]);
		strv_add(&r->unknown, unknown ? unknown : "");
	}
	if (good && r->words.count > WORDS_MAX)
		good = error_set(shell->err, "line %u: the command has more than %d words", r->line, WORDS_MAX);
	free(unknown);
	strv_finish(&fields);
	return good;
}

/* At one of ;&|() or the end of a line. */
static bool read_operator(struct reading *r)
{
	struct shell *shell = &r->shell;
	char c = *shell->at++;
	bool twice = shell->at < shell->end && *shell->at == c && strchr("&|", c);
	bool good = true;

	if (c == '|' && !twice && r->words.count)
		strv_add(&r->notes, "the pipe behind it");
	end_command(r);
	shell->at += twice;
	r->depends = twice;
	if (c == '(')
		good = open_block(r, '(');
	if (c == ')')
		close_block(r, '(');
	if (c == '\n') {
		shell->line++;
		skip_heredocs(r);
	}
	return good;
}

static bool read_text(struct reading *r, const char *text, size_t len)
{
	struct shell *shell = &r->shell;
	bool good = true;

	if (memchr(text, '\0', len))
		return error_set(shell->err, "this is not a text: it contains a zero byte");
	shell->at = text;
	shell->end = text + len;
	shell->line = 1;
	shell->budget = BUDGET;
	r->assigns = true;
	while (good) {
		skip_blanks(shell, false);
		if (shell->at == shell->end)
			break;
		if (*shell->at == '#')
			while (shell->at < shell->end && *shell->at != '\n')
				shell->at++;
		else if (strchr("<>", *shell->at) || (*shell->at == '&' && shell->at + 1 < shell->end && shell->at[1] == '>'))
			good = read_redirection(r);
		else if (strchr(";&|()\n", *shell->at))
			good = read_operator(r);
		else
			good = read_word(r);
	}
	if (good)
		end_command(r);
	skip_heredocs(r);
	strv_finish(&r->words);
	strv_finish(&r->unknown);
	strv_finish(&r->notes);
	return good;
}

bool shell_command_find(const char *text, size_t len, const struct shell_place *place, bool (*is_program)(const char *word),
                        struct shell_command *out, struct error *err)
{
	struct reading r = { .shell = { .place = place, .cwd = mem_strdup(place->cwd), .err = err },
	                     .is_program = is_program, .found = out };
	bool good;

	*out = (struct shell_command){ 0 };
	good = read_text(&r, text, len);
	if (good && !out->words.count)
		good = error_set(err, "no command of QEMU, such as qemu-system-x86_64 with its options, is in it");
	if (good && r.refused)
		good = error_set(err, "%s", r.refused);
	if (good && r.others)
		strv_take(&out->notes, mem_printf("%u further QEMU command%s", r.others, r.others > 1 ? "s" : ""));
	free(r.refused);
	free(r.shell.cwd);
	shell_variables_finish(&r.shell.variables);
	return good;
}

void shell_command_finish(struct shell_command *command)
{
	strv_finish(&command->words);
	strv_finish(&command->notes);
	free(command->cwd);
	*command = (struct shell_command){ 0 };
}

bool shell_variables_read(const char *text, size_t len, const struct shell_place *place, struct shell_variables *out, struct error *err)
{
	struct reading r = { .shell = { .place = place, .cwd = mem_strdup(place->cwd), .err = err } };
	bool good = read_text(&r, text, len);

	free(r.shell.cwd);
	*out = r.shell.variables;
	return good;
}
