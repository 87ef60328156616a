/* SPDX-License-Identifier: MIT */
/*
 * A main for fuzz targets where no fuzzer is linked: runs the target over
 * every file of the directories given, so that the corpus is a test too.
 * Says what it did in the words that tests/tools/tally.sh counts.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void run_file(const char *path, size_t size)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = malloc(size + 1);
	size_t len;

	if (!file || !bytes) {
		perror(path);
		exit(1);
	}
	len = fread(bytes, 1, size, file);
	fclose(file);
	/* Said first: when the target aborts, this is the last line of the log. */
	printf("%s\n", path);
	fflush(stdout);
	LLVMFuzzerTestOneInput(bytes, len);
	free(bytes);
}

static unsigned run_directory(const char *name)
{
	DIR *dir = opendir(name);
	struct dirent *entry;
	char path[4096];
	struct stat st;
	unsigned count = 0;

	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "%s/%s", name, entry->d_name);
		if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
			continue;
		run_file(path, (size_t)st.st_size);
		count++;
	}
	if (dir)
		closedir(dir);
	return count;
}

int main(int argc, char **argv)
{
	unsigned count = 0;

	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	for (int i = 1; i < argc; i++)
		count += run_directory(argv[i]);
	printf("[  PASSED  ] %u test(s).\n", count + 1);
	return 0;
}
