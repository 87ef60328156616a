/* SPDX-License-Identifier: MIT */
#ifndef E2E_CLI_H
#define E2E_CLI_H

#include <stdbool.h>
#include <stddef.h>

struct home;

/* What a program without a terminal said, and how it ended. */
struct result {
	int status;		/* 128 + signal if it was killed */
	char *out, *err;
	size_t out_len, err_len;
};

/* argv[0] "paddock" is the program under test; input may be NULL (nothing). Has a deadline. */
struct result cli_run(struct home *, const char *input, const char *const argv[]);
#define cli(home, ...) cli_run(home, NULL, (const char *const[]){ "paddock", __VA_ARGS__, NULL })
#define cli_with_input(home, input, ...) cli_run(home, input, (const char *const[]){ "paddock", __VA_ARGS__, NULL })
void result_finish(struct result *);

/* Run it, and fail with all that it said unless the status is this one. */
void cli_expect(struct home *, int status, const char *const argv[]);
#define expect(home, status, ...) cli_expect(home, status, (const char *const[]){ "paddock", __VA_ARGS__, NULL })
/* Status 1 or 2, and but for warnings and steps nothing but one line on stderr; it begins "paddock: " and holds each of the words. */
void cli_expect_refused(struct home *, const char *const words[], const char *const argv[]);
#define WORDS(...) (const char *const[]){ __VA_ARGS__, NULL }
#define expect_refused(home, words, ...) \
	cli_expect_refused(home, words, (const char *const[]){ "paddock", __VA_ARGS__, NULL })
/* Again and again until stdout holds the text. */
void cli_wait(struct home *, const char *text, const char *const argv[]);
#define wait_for_output(home, text, ...) cli_wait(home, text, (const char *const[]){ "paddock", __VA_ARGS__, NULL })
/* Until `paddock ls` says nothing of it. */
void wait_until_gone(struct home *, const char *name);

#endif
