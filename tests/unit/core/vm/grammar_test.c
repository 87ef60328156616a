/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/vm/list.h"
#include "core/vm/spec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void sizes_have_a_unit_or_the_default_one(void **state)
{
	static const struct {
		const char *text;
		char unit;
		uint64_t mib;
	} rows[] = {
		{ "1", 'M', 1 }, { "1", 'G', 1024 }, { "512M", 'G', 512 }, { "512m", 'G', 512 }, { "3G", 'M', 3072 },
		{ "1t", 'M', 1048576 }, { "2048K", 'M', 2 }, { "+5M", 'G', 5 }, { "010M", 'G', 10 },
		{ "00000000000000000000000000001G", 'M', 1024 }, { "8796093022207M", 'G', 8796093022207 },
		{ "8388607T", 'M', 8796091973632 },
	};
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t mib = 0;

		assert_true(vm_size_parse(rows[i].text, rows[i].unit, &mib, &err));
		assert_int_equal(mib, rows[i].mib);
	}
}

static void a_size_that_no_file_can_have_is_refused(void **state)
{
	static const char *const texts[] = {
		"8796093022208M", "8388608T", "18446744073709551615K", "18446744073709551616M", "++1M", "+", "", "M", "1 G", "1MM",
	};
	struct error err;
	uint64_t mib;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_false(vm_size_parse(texts[i], 'M', &mib, &err));
}

static void a_size_is_read_back_as_it_was_written(void **state)
{
	struct error err;

	(void)state;
	for (uint64_t mib = 1; mib < (uint64_t)1 << 43; mib += 1 + mib * 37 / 1024) {
		char *text = vm_size_format(mib);
		uint64_t again;

		assert_true(vm_size_parse(text, 'M', &again, &err));
		assert_int_equal(again, mib);
		free(text);
	}
}

static void assert_disk(const char *text, const char *path, uint64_t mib, const char *format)
{
	struct vm_disk disk;
	struct error err;

	if (!vm_disk_parse(text, &disk, &err))
		fail_msg("%s: %s", text, err.text);
	assert_true(text_equal(disk.path, path));
	assert_true(text_equal(disk.format, format));
	assert_int_equal(disk.size_mib, mib);
	vm_disk_finish(&disk);
}

/* As the reference reads them (its recorded runs), but for the commas. */
static void disks_are_written_as_words_in_any_order(void **state)
{
	(void)state;
	assert_disk("data.img", "data.img", 0, NULL);
	assert_disk("file=data.img,size=2G", "data.img", 2048, NULL);
	assert_disk("format=raw,size=256M,file=data.img", "data.img", 256, "raw");
	assert_disk("size=10M,data.img", "data.img", 10, NULL);
	assert_disk("size=4", NULL, 4096, NULL);
	assert_disk("size=+5M", NULL, 5, NULL);
	assert_disk("size=1G,format=", NULL, 1024, NULL);
	assert_disk("size=1G,format=vmdk", NULL, 1024, "vmdk");
	assert_disk("size=1G,size=2G", NULL, 2048, NULL);
	assert_disk("a.img,size=", "a.img", 0, NULL);
	assert_disk("file=a=b.img,size=1G", "a=b.img", 1024, NULL);
	assert_disk("file=-x.img,size=1G", "-x.img", 1024, NULL);
	assert_disk("a,,b.img,size=1G", "a,b.img", 1024, NULL);
	assert_disk(",,,size=1G", ",", 1024, NULL);
	assert_disk("file=a,,size=1G", "a,size=1G", 0, NULL);
}

/* Paths of every combination of the bytes that mean something in the grammar. */
static void any_path_survives_in_a_disk_and_a_share(void **state)
{
	static const char letters[] = ",=at";
	struct error err;

	(void)state;
	for (int n = 0; n < 4 * 4 * 4 * 4 * 4; n++) {
		char path[] = { letters[n & 3], letters[n >> 2 & 3], letters[n >> 4 & 3], letters[n >> 6 & 3], letters[n >> 8], 0 };
		struct vm_disk disk = { .path = path, .size_mib = (uint64_t)n % 3 * 512 }, disk_again;
		struct vm_share share = { .path = path, .tag = n % 2 ? path : NULL }, share_again;
		char *disk_text = vm_disk_format(&disk), *share_text = vm_share_format(&share);

		assert_true(vm_disk_parse(disk_text, &disk_again, &err));
		assert_string_equal(disk_again.path, path);
		assert_int_equal(disk_again.size_mib, disk.size_mib);
		assert_true(vm_share_parse(share_text, &share_again, &err));
		assert_string_equal(share_again.path, path);
		assert_true(text_equal(share_again.tag, share.tag));

		vm_disk_finish(&disk_again);
		vm_share_finish(&share_again);
		free(disk_text);
		free(share_text);
	}
}

static void a_disk_is_written_in_one_way(void **state)
{
	static const char *const rows[][2] = {
		{ "format=raw,size=1024M,file=data.img", "data.img,size=1G,format=raw" },
		{ "bus=virtio,size=1048576M", "size=1T,bus=virtio" },
		{ "file=a=b.img", "file=a=b.img" },
		{ "file=a.img", "a.img" },
	};
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct vm_disk disk;

		assert_true(vm_disk_parse(rows[i][0], &disk, &err));

		char *text = vm_disk_format(&disk);

		assert_string_equal(text, rows[i][1]);
		free(text);
		vm_disk_finish(&disk);
	}
}

static void assert_port(const char *text, const char *address, unsigned host, unsigned guest, bool udp)
{
	struct vm_port port;
	struct error err;

	if (!vm_port_parse(text, &port, &err))
		fail_msg("%s: %s", text, err.text);
	assert_string_equal(port.address, address);
	assert_int_equal(port.host, host);
	assert_int_equal(port.guest, guest);
	assert_int_equal(port.udp, udp);
}

static void ports_are_published_on_one_address_or_all(void **state)
{
	(void)state;
	assert_port("8080:80", "", 8080, 80, false);
	assert_port("1:65535/tcp", "", 1, 65535, false);
	assert_port("5353:53/Udp", "", 5353, 53, true);
	assert_port("8080:80/ tcp ", "", 8080, 80, false);
	assert_port("08080:080", "", 8080, 80, false);
	assert_port("127.0.0.1:2222:22", "127.0.0.1", 2222, 22, false);
	assert_port("255.255.255.255:2222:22/UDP", "255.255.255.255", 2222, 22, true);
}

static void every_port_is_read_back_as_it_was_written(void **state)
{
	struct error err;

	(void)state;
	for (unsigned number = 1; number <= 65535; number++) {
		struct vm_port port = { .host = number, .guest = 65536 - number, .udp = number % 2 }, again;

		strcpy(port.address, number % 3 ? "10.0.255.1" : "");

		char *text = vm_port_format(&port);

		assert_true(vm_port_parse(text, &again, &err));
		assert_memory_equal(&again, &port, sizeof(port));
		free(text);
	}
}

static void a_share_has_a_path_and_a_tag(void **state)
{
	struct vm_share share;
	struct error err;

	(void)state;
	assert_true(vm_share_parse("/home/me/my src,tag=src", &share, &err));
	assert_string_equal(share.path, "/home/me/my src");
	assert_string_equal(share.tag, "src");
	vm_share_finish(&share);
	assert_true(vm_share_parse("a,,tag=b", &share, &err));
	assert_string_equal(share.path, "a,tag=b");
	assert_null(share.tag);
	vm_share_finish(&share);
}

static void a_mac_address_is_normalised(void **state)
{
	static const char *const texts[] = {
		"52:54:00:ab:cd:ef", "52:54:00:AB:CD:EF", "52-54-00-aB-Cd-eF", " 52:54:00:ab:cd:ef\n", "\t52:54:00:ab:cd:ef\r\n",
		"5254.00ab.cdef", "5254.00AB.CDef\n",
	};
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char mac[18];

		assert_true(vm_mac_parse(texts[i], mac, &err));
		assert_string_equal(mac, "52:54:00:ab:cd:ef");
	}
}

static void half_of_all_first_bytes_make_a_mac_address(void **state)
{
	struct error err;

	(void)state;
	for (unsigned byte = 0; byte < 256; byte++) {
		char text[18], mac[18];

		snprintf(text, sizeof(text), "%02X:00:00:00:00:01", byte);
		assert_int_equal(vm_mac_parse(text, mac, &err), byte % 2 == 0);
	}
}

static void a_uuid_is_lower_case(void **state)
{
	struct error err;
	char uuid[37];

	(void)state;
	assert_true(vm_uuid_parse("1B4E28BA-2FA1-11D2-883F-0016D3CCA427", uuid, &err));
	assert_string_equal(uuid, "1b4e28ba-2fa1-11d2-883f-0016d3cca427");
}

/* The n-th text of `words`, count of them, in base count: every combination up to a length. */
static void spell(const char *const *words, unsigned count, unsigned n, char text[64])
{
	text[0] = '\0';
	for (; n; n /= count)
		strcat(text, words[n % count]);
}

/* What is written is read as the same, and written as the same again. */
static void assert_settled(char *(*rewrite)(const char *), const char *text)
{
	char *once = rewrite(text), *twice;

	if (!once)
		return;
	twice = rewrite(once);
	if (!twice)
		fail_msg("%s is written as %s, which is refused", text, once);
	assert_string_equal(once, twice);
	free(once);
	free(twice);
}

static char *rewrite_disk(const char *text)
{
	struct vm_disk disk;
	struct error err;
	char *again;

	if (!vm_disk_parse(text, &disk, &err))
		return NULL;
	again = vm_disk_format(&disk);
	vm_disk_finish(&disk);
	return again;
}

static char *rewrite_share(const char *text)
{
	struct vm_share share;
	struct error err;
	char *again;

	if (!vm_share_parse(text, &share, &err))
		return NULL;
	again = vm_share_format(&share);
	vm_share_finish(&share);
	return again;
}

static char *rewrite_port(const char *text)
{
	struct vm_port port;
	struct error err;

	return vm_port_parse(text, &port, &err) ? vm_port_format(&port) : NULL;
}

static void whatever_is_accepted_settles_when_it_is_written(void **state)
{
	static const char *const disk[] = { "", "a", ",", "=", "file=", "size=", "1", "024M", "format=", "bus=ide" };
	static const char *const share[] = { "", "a", ",", "=", "tag=", " " };
	static const char *const port[] = { "", "1", "0", ":", "/", "udp", " ", "10.0.0.1", "." };
	char text[64];

	(void)state;
	for (unsigned n = 0; n < 100000; n++) {
		spell(disk, 10, n, text);
		assert_settled(rewrite_disk, text);
	}
	for (unsigned n = 0; n < 6 * 6 * 6 * 6 * 6 * 6; n++) {
		spell(share, 6, n, text);
		assert_settled(rewrite_share, text);
	}
	for (unsigned n = 0; n < 9 * 9 * 9 * 9 * 9; n++) {
		spell(port, 9, n, text);
		assert_settled(rewrite_port, text);
	}
}

static void a_list_ends_once(void **state)
{
	static const struct {
		const char *list, *words[4];
	} rows[] = {
		{ "", { "" } }, { "a", { "a" } }, { "a,b", { "a", "b" } }, { "a,", { "a", "" } }, { "a,,", { "a," } },
		{ "a,,,", { "a,", "" } }, { ",a,,b,", { "", "a,b", "" } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *at = rows[i].list;
		size_t n = 0;

		for (; at; n++) {
			char *word = list_word(&at);

			assert_non_null(rows[i].words[n]);
			assert_string_equal(word, rows[i].words[n]);
			free(word);
		}
		assert_null(rows[i].words[n]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_have_a_unit_or_the_default_one),
		cmocka_unit_test(a_size_that_no_file_can_have_is_refused),
		cmocka_unit_test(a_size_is_read_back_as_it_was_written),
		cmocka_unit_test(disks_are_written_as_words_in_any_order),
		cmocka_unit_test(any_path_survives_in_a_disk_and_a_share),
		cmocka_unit_test(a_disk_is_written_in_one_way),
		cmocka_unit_test(ports_are_published_on_one_address_or_all),
		cmocka_unit_test(every_port_is_read_back_as_it_was_written),
		cmocka_unit_test(a_share_has_a_path_and_a_tag),
		cmocka_unit_test(a_mac_address_is_normalised),
		cmocka_unit_test(half_of_all_first_bytes_make_a_mac_address),
		cmocka_unit_test(a_uuid_is_lower_case),
		cmocka_unit_test(whatever_is_accepted_settles_when_it_is_written),
		cmocka_unit_test(a_list_ends_once),
	};

	return cmocka_run_group_tests_name("grammar", tests, NULL, NULL);
}
