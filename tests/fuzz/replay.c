/* SPDX-License-Identifier: MIT */
/*
 * Runs a fuzz target once over each file of its corpus, without libFuzzer, so
 * that what was found stays found. FUZZ_CORPUS: a folder below tests/.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
only_files(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void
replay(const char *directory, const char *name)
{
	static uint8_t data[1 << 20];
	char path[4096];
	size_t size;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "rb");
	if (!file) {
		perror(path);
		exit(1);
	}
	size = fread(data, 1, sizeof(data), file);
	fclose(file);
	LLVMFuzzerTestOneInput(data, size);
}

int
main(void)
{
	const char *tests = getenv("BELAY_TESTS");
	char directory[2048];
	struct dirent **entries;
	int count;

	setvbuf(stdout, NULL, _IOLBF, 0);
	snprintf(directory, sizeof(directory), "%s/%s",
	    tests ? tests : TESTS_DIR, FUZZ_CORPUS);
	count = scandir(directory, &entries, only_files, alphasort);
	if (count <= 0 || !crypto_init()) {
		printf("Bail out! no corpus in %s\n", directory);
		return 1;
	}
	printf("1..%d\n", count);
	for (int i = 0; i < count; i++) {
		replay(directory, entries[i]->d_name);
		printf("ok %d - %s\n", i + 1, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return 0;
}
