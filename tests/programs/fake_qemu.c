/* SPDX-License-Identifier: MIT */
/*
 * A QEMU for tests: takes any arguments, speaks QMP on the descriptor of
 * `-chardev socket,id=qmp,fd=N`, and is a guest on its stdin and stdout that
 * echoes what is typed and obeys lines that begin with '!':
 *
 *	!exit N		end with that status
 *	!die N		be ended by that signal
 *	!poweroff	shut down as a guest does
 *	!reset		tell of a reset
 *	!panic		panic, then shut down
 *	!oops		panic, and go on
 *	!event NAME JSON	report that event with that data
 *	!stderr TEXT	a line on stderr
 *	!raw TEXT	TEXT on the console, with \e \n \r \xHH
 *	!flood N	N lines of 64 bytes as fast as they are taken
 *	!deafen		from now on the power button does nothing
 *	!visible	from now on what is typed is echoed as text: ^[ for Esc
 *	!fds		what is open, and where its terminal is
 *	!ignore		read stdin no more
 *	!garble		talk nonsense on QMP
 *	!agent N	a guest agent opens its port, or with 0 closes it; it answers on the descriptor of
 *			`-chardev socket,id=paddock-agent,fd=N`
 *
 * FAKE_QEMU has words for the start, comma-separated:
 *	stderr=TEXT, exit=N, die=N	at once, in the order written
 *	noqmp	never speak QMP		hangqmp	greet and answer nothing
 *	closeqmp	close QMP at once
 *	deaf	power button does nothing	quiet	no greeting on the console
 *	noquit	QMP quit does nothing
 *	stubborn	SIGTERM does nothing	noread	never read stdin
 *	need=PATH	exit 9 unless a socket takes connections there
 *	child	leave a child behind that keeps stdout, stderr and QMP open
 *	answers=PATH	what QMP commands return, instead of {} (tests/fake/qmp_answers.h)
 *
 * `fake_qemu --listen=PATH ...` is a helper instead (tests/fake/helper_program.h).
 */
#include "fake/helper_program.h"
#include "fake/qmp_answers.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

struct fake {
	int qmp, agent;		/* -1: none */
	bool hang_qmp, deaf, no_quit, no_read, paused, visible;
	char line[4096];	/* typed by now */
	size_t line_len;
	char request[8192];
	size_t request_len;
	struct qmp_answers answers;
};

static void put(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);
		struct pollfd wait = { .fd = fd, .events = POLLOUT };

		if (n < 0 && errno == EAGAIN)
			poll(&wait, 1, -1);
		else if (n < 0 && errno != EINTR)
			return;
		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		}
	}
}

static void putf(int fd, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void putf(int fd, const char *fmt, ...)
{
	char text[4096];
	va_list ap;

	va_start(ap, fmt);
	int len = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	put(fd, text, len < (int)sizeof(text) ? (size_t)len : sizeof(text) - 1);
}

static void event(const struct fake *fake, const char *name, const char *data)
{
	if (fake->qmp >= 0)
		putf(fake->qmp, "{\"timestamp\": {\"seconds\": 1, \"microseconds\": 2}, \"event\": \"%s\"%s%s}\r\n",
		     name, data ? ", \"data\": " : "", data ? data : "");
}

static void shut_down(const struct fake *fake, bool guest, const char *reason)
{
	char data[128];

	snprintf(data, sizeof(data), "{\"guest\": %s, \"reason\": \"%s\"}", guest ? "true" : "false", reason);
	event(fake, "SHUTDOWN", data);
	exit(0);
}

/* ---- QMP ---- */

/* The "id" of a request as it is written, or "". It comes last, since arguments may have one too. */
static void id_of(const char *request, char *out, size_t size)
{
	const char *id = NULL;

	for (const char *at = request; (at = strstr(at, "\"id\"")); at++)
		id = at;
	out[0] = '\0';
	if (!id)
		return;
	id += 4;
	id += strspn(id, " :");
	snprintf(out, size, ", \"id\": %.*s", (int)strcspn(id, ",}"), id);
}

static bool asks(const char *request, const char *command)
{
	char quoted[64];

	snprintf(quoted, sizeof(quoted), "\"%s\"", command);
	return strstr(request, quoted);
}

/* Returns whether the file of answers has one for this request. */
static bool answer_from_file(struct fake *fake, const char *request, const char *id)
{
	static struct qmp_answer found;

	if (!qmp_answer_find(&fake->answers, request, &found))
		return false;
	put(fake->qmp, found.reply, strlen(found.reply));
	putf(fake->qmp, "%s}\r\n", id);
	for (char *one = strtok(found.events, "\n"); one; one = strtok(NULL, "\n")) {
		char *data = strchr(one, ' ');

		if (data)
			*data++ = '\0';
		event(fake, one, data);
	}
	return true;
}

static void answer(struct fake *fake, const char *request)
{
	char id[128];

	if (fake->hang_qmp)
		return;
	id_of(request, id, sizeof(id));
	if (answer_from_file(fake, request, id))
		return;
	if (asks(request, "human-monitor-command") && strstr(request, "hostfwd_")) {
		putf(fake->qmp, "{\"return\": \"%s\"%s}\r\n", strstr(request, ":4:") || strstr(request, ":4-") ? "no way\\r\\n"
		     : strstr(request, "_remove") ? "host forwarding rule for tcp::8081 removed\\r\\n" : "", id);
		return;
	}
	if (asks(request, "human-monitor-command")) {
		putf(fake->qmp, "{\"error\": {\"class\": \"GenericError\", \"desc\": \"not here\"}%s}\r\n", id);
		return;
	}
	if (asks(request, "query-status")) {
		putf(fake->qmp, "{\"return\": {\"status\": \"%s\", \"running\": %s}%s}\r\n", fake->paused ? "prelaunch" : "running",
		     fake->paused ? "false" : "true", id);
		return;
	}
	if (asks(request, "query-block")) {
		putf(fake->qmp, "{\"return\": [{\"device\": \"ide0-hd0\", \"io-status\": \"ok\", \"inserted\": {\"file\": \"/vm/a.img\"}}, "
		     "{\"device\": \"ide0-hd1\", \"io-status\": \"nospace\", \"inserted\": {\"file\": \"/vm/full.qcow2\"}}]%s}\r\n", id);
		return;
	}
	putf(fake->qmp, "{\"return\": {}%s}\r\n", id);
	if (asks(request, "system_powerdown")) {
		event(fake, "POWERDOWN", NULL);
		if (!fake->deaf)
			shut_down(fake, true, "guest-shutdown");
	} else if (asks(request, "quit")) {
		if (!fake->no_quit)
			shut_down(fake, false, "host-qmp-quit");
	} else if (asks(request, "stop")) {
		event(fake, "STOP", NULL);
	} else if (asks(request, "cont")) {
		event(fake, "RESUME", NULL);
	} else if (asks(request, "system_reset")) {
		event(fake, "RESET", "{\"guest\": false, \"reason\": \"host-qmp-system-reset\"}");
		put(1, "reset\r\n", 7);
	}
}

/* ---- the guest agent ---- */

static void answer_agent(struct fake *fake, const char *request)
{
	static const struct {
		const char *command, *answer;
	} answers[] = {
		{ "guest-ping", "{\"return\": {}}" },
		{ "guest-get-host-name", "{\"return\": {\"host-name\": \"fa\\u001b[2Jke\"}}" },
		{ "guest-network-get-interfaces", "{\"return\": [{\"name\": \"lo\", \"ip-addresses\": [{\"ip-address\": \"127.0.0.1\", "
		  "\"ip-address-type\": \"ipv4\", \"prefix\": 8}]}, {\"name\": \"eth0\", \"ip-addresses\": [{\"ip-address\": "
		  "\"10.0.2.15\", \"ip-address-type\": \"ipv4\", \"prefix\": 24}]}]}" },
	};
	const char *id = strstr(request, "\"id\":");

	if (asks(request, "guest-sync-delimited") && id) {
		putf(fake->agent, "\xff{\"return\": %.*s}\n", (int)strspn(id + 5, "0123456789"), id + 5);
		return;
	}
	if (asks(request, "guest-shutdown"))
		shut_down(fake, true, "guest-shutdown");
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		if (asks(request, answers[i].command)) {
			putf(fake->agent, "%s\n", answers[i].answer);
			return;
		}
	}
	putf(fake->agent, "{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"The command has not been found\"}}\n");
}

/* Ours comes one line at a time, because the next one follows an answer. */
static void read_agent(struct fake *fake)
{
	char line[8192];
	ssize_t n = read(fake->agent, line, sizeof(line) - 1);

	if (n <= 0) {
		close(fake->agent);
		fake->agent = -1;
		return;
	}
	line[n] = '\0';
	answer_agent(fake, line);
}

static void open_agent(const struct fake *fake, long open)
{
	event(fake, "VSERPORT_CHANGE", open ? "{\"id\": \"paddock-agent\", \"open\": true}"
	                                    : "{\"id\": \"paddock-agent\", \"open\": false}");
	putf(1, "agent's port %ld\r\n", open);
}

/* Requests are told apart by their braces; ours have none in strings. */
static void read_qmp(struct fake *fake)
{
	ssize_t n = read(fake->qmp, fake->request + fake->request_len, sizeof(fake->request) - 1 - fake->request_len);
	int depth = 0;
	size_t begin = 0;

	if (n <= 0) {
		close(fake->qmp);
		fake->qmp = -1;
		return;
	}
	fake->request_len += (size_t)n;
	for (size_t i = 0; i < fake->request_len; i++) {
		depth += fake->request[i] == '{';
		if (fake->request[i] != '}' || --depth > 0)
			continue;

		char one[sizeof(fake->request)];

		snprintf(one, sizeof(one), "%.*s", (int)(i + 1 - begin), fake->request + begin);
		answer(fake, one);
		begin = i + 1;
	}
	fake->request_len -= begin;
	memmove(fake->request, fake->request + begin, fake->request_len);
}

/* ---- the guest ---- */

/* Sanitizers catch some signals. */
static void die(int signo)
{
	signal(signo, SIG_DFL);
	raise(signo);
}

/* In one piece, so that whoever draws it sees all of it. */
static void put_raw(const char *text)
{
	char out[4096];
	size_t len = 0;

	for (; *text && len < sizeof(out); text++) {
		unsigned hex;
		char c = *text;

		if (c == '\\' && text[1]) {
			text++;
			c = *text == 'e' ? '\033' : *text == 'n' ? '\n' : *text == 'r' ? '\r' : *text;
			if (*text == 'x' && sscanf(text + 1, "%2x", &hex) == 1) {
				c = (char)hex;
				text += 2;
			}
		}
		out[len++] = c;
	}
	put(1, out, len);
}

static void show_fds(void)
{
	struct termios settings;
	char link[64], target[256];

	for (int fd = 0; fd < 256; fd++) {
		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);

		ssize_t n = readlink(link, target, sizeof(target) - 1);

		if (n > 0)
			putf(1, "fd %d %.*s\r\n", fd, (int)n, target);
	}
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC);

	putf(1, "controlling terminal %s\r\n", tty < 0 ? "none" : "yes");
	putf(1, "session %s\r\n", getsid(0) == getpid() ? "own" : "another's");
	if (tcgetattr(0, &settings) == 0)
		putf(1, "termios i%lx o%lx l%lx\r\n", (unsigned long)settings.c_iflag, (unsigned long)settings.c_oflag,
		     (unsigned long)settings.c_lflag);
	struct winsize size = { 0 };

	ioctl(0, TIOCGWINSZ, &size);
	putf(1, "window %dx%d\r\n", size.ws_col, size.ws_row);
	putf(1, "fds end\r\n");
}

static void flood(long lines)
{
	char text[128];

	for (long i = 0; i < lines; i++) {
		int len = snprintf(text, sizeof(text), "line %010ld of the flood, as long as the others are......\r\n", i);

		put(1, text, (size_t)len);
	}
	putf(1, "flood end\r\n");
}

static void obey(struct fake *fake, const char *line)
{
	char word[32] = "";
	const char *rest = strchr(line, ' ');
	long number = rest ? strtol(rest + 1, NULL, 10) : 0;

	rest = rest ? rest + 1 : "";
	sscanf(line, "%31s", word);
	if (!strcmp(word, "!exit"))
		exit((int)number);
	if (!strcmp(word, "!die"))
		die((int)number);
	if (!strcmp(word, "!poweroff"))
		shut_down(fake, true, "guest-shutdown");
	if (!strcmp(word, "!reset"))
		event(fake, "RESET", "{\"guest\": true, \"reason\": \"guest-reset\"}");
	if (!strcmp(word, "!panic")) {
		event(fake, "GUEST_PANICKED", "{\"action\": \"pause\"}");
		shut_down(fake, true, "guest-panic");
	}
	if (!strcmp(word, "!nospace")) {
		event(fake, "BLOCK_IO_ERROR", "{\"device\": \"ide0-hd1\", \"operation\": \"write\", \"action\": \"stop\", "
		      "\"nospace\": true, \"reason\": \"No space left on device\"}");
		event(fake, "STOP", NULL);
	}
	if (!strcmp(word, "!event")) {
		char name[32] = "";

		sscanf(rest, "%31s", name);
		rest += strlen(name);
		event(fake, name, rest[strspn(rest, " ")] ? rest : NULL);
	}
	if (!strcmp(word, "!oops"))
		event(fake, "GUEST_PANICKED", "{\"action\": \"run\"}");
	if (!strcmp(word, "!stderr"))
		putf(2, "%s\n", rest);
	if (!strcmp(word, "!raw"))
		put_raw(rest);
	if (!strcmp(word, "!flood"))
		flood(number);
	if (!strcmp(word, "!deafen"))
		fake->deaf = true;
	if (!strcmp(word, "!visible"))
		fake->visible = true;
	if (!strcmp(word, "!fds"))
		show_fds();
	if (!strcmp(word, "!garble"))
		putf(fake->qmp, "nonsense\r\n");
	if (!strcmp(word, "!agent"))
		open_agent(fake, number);
	if (!strcmp(word, "!ignore"))
		fake->no_read = true;
}

static bool read_typed(struct fake *fake)
{
	char typed[1024];
	ssize_t n = read(0, typed, sizeof(typed));

	if (n <= 0)
		return n < 0 && (errno == EAGAIN || errno == EINTR);
	for (ssize_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)typed[i];

		if (!fake->visible)
			put(1, &typed[i], 1);
		else if (c >= 0x80)
			putf(1, "\\x%02x", c);
		else if (c == '\r' || (c >= ' ' && c < 0x7f))
			putf(1, c == '\r' ? "^M\r\n" : "%c", c);
		else
			putf(1, "^%c", c ^ 0x40);
	}
	for (ssize_t i = 0; i < n; i++) {
		if (typed[i] != '\n' && typed[i] != '\r') {
			if (fake->line_len < sizeof(fake->line) - 1)
				fake->line[fake->line_len++] = typed[i];
			continue;
		}
		fake->line[fake->line_len] = '\0';
		fake->line_len = 0;
		if (fake->line[0] == '!')
			obey(fake, fake->line);
	}
	return true;
}

/* ---- the start ---- */

static int chardev_fd(int argc, char **argv, const char *id)
{
	for (int i = 1; i < argc; i++) {
		const char *at = strstr(argv[i], id);

		if (at)
			return atoi(at + strlen(id));
	}
	return -1;
}

static void leave_child(void)
{
	if (fork() == 0) {
		signal(SIGHUP, SIG_IGN);
		poll(NULL, 0, 30000);
		_exit(0);
	}
}

static bool takes_connections(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool good;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	good = connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;
	close(fd);
	return good;
}

static void heed(struct fake *fake, const char *word)
{
	const char *value = strchr(word, '=');

	value = value ? value + 1 : "";
	if (!strncmp(word, "stderr=", 7))
		putf(2, "%s\n", value);
	if (!strncmp(word, "exit=", 5))
		exit(atoi(value));
	if (!strncmp(word, "die=", 4))
		die(atoi(value));
	if (!strncmp(word, "need=", 5) && !takes_connections(value))
		exit(9);
	if (!strcmp(word, "noqmp"))
		fake->qmp = -1;
	if (!strcmp(word, "closeqmp") && fake->qmp >= 0) {
		close(fake->qmp);
		fake->qmp = -1;
	}
	if (!strcmp(word, "stubborn"))
		signal(SIGTERM, SIG_IGN);
	if (!strcmp(word, "child"))
		leave_child();
	if (!strncmp(word, "answers=", 8))
		fake->answers.path = strdup(value);
	fake->hang_qmp |= !strcmp(word, "hangqmp");
	fake->deaf |= !strcmp(word, "deaf");
	fake->no_quit |= !strcmp(word, "noquit");
	fake->no_read |= !strcmp(word, "noread");
	fake->paused |= !strcmp(word, "paused");
}

static bool heed_all(struct fake *fake)
{
	const char *given = getenv("FAKE_QEMU");
	char *words = strdup(given ? given : "");
	bool quiet = false;

	for (char *word = strtok(words, ","); word; word = strtok(NULL, ",")) {
		heed(fake, word);
		quiet |= !strcmp(word, "quiet");
	}
	free(words);
	return quiet;
}

static const char *pid_file;

static void remove_pid_file(void)
{
	unlink(pid_file);
}

/* As the real one does: there before it answers, gone when it ends by itself. */
static void write_pid_file(int argc, char **argv)
{
	for (int i = 1; i + 1 < argc; i++) {
		if (strcmp(argv[i], "-pidfile") == 0)
			pid_file = argv[i + 1];
	}

	FILE *file = pid_file ? fopen(pid_file, "w") : NULL;

	if (!file)
		return;
	fprintf(file, "%d\n", (int)getpid());
	fclose(file);
	atexit(remove_pid_file);
}

int main(int argc, char **argv)
{
	static struct fake fake;

	if (argc > 1 && !strncmp(argv[1], "--listen=", 9))
		return helper_program(argc, argv);

	/* As the real one does: it outlives whoever reads its monitor. */
	signal(SIGPIPE, SIG_IGN);
	fake.qmp = chardev_fd(argc, argv, "id=qmp,fd=");
	fake.agent = chardev_fd(argc, argv, "id=paddock-agent,fd=");
	bool quiet = heed_all(&fake);

	write_pid_file(argc, argv);

	if (fake.qmp >= 0)
		putf(fake.qmp, "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 0, \"minor\": 2, \"major\": 7}, "
		               "\"package\": \"\"}, \"capabilities\": [\"oob\"]}}\r\n");
	if (!quiet)
		putf(1, "fake guest ready\r\n");
	for (;;) {
		struct pollfd fds[3] = {
			{ .fd = fake.no_read ? -1 : 0, .events = POLLIN },
			{ .fd = fake.qmp, .events = POLLIN },
			{ .fd = fake.agent, .events = POLLIN },
		};

		if (poll(fds, 3, -1) < 0)
			continue;
		if (fds[2].revents)
			read_agent(&fake);
		if (fds[1].revents)
			read_qmp(&fake);
		if (fds[0].revents && !read_typed(&fake))
			fake.no_read = true;
	}
}
