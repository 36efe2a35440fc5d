/* SPDX-License-Identifier: MIT */
/* One line of figures about this process, for formats.py. */
#ifndef TESTS_BENCH_MEASURE_H
#define TESTS_BENCH_MEASURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Of this process only: what else the machine does is not to count. */
static inline double
measure_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A line of /proc/self/status in KiB, 0 where there is none. */
static inline long
measure_memory(const char *name)
{
	FILE *file = fopen("/proc/self/status", "r");
	char line[256];
	long kib = 0;

	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, name, strlen(name)) == 0)
			kib = strtol(line + strlen(name) + 1, NULL, 10);
	if (file)
		fclose(file);
	return kib;
}

/* `before`: what "RssAnon:" was at the start. */
static inline void
measure_print(double start, long before, unsigned long rows)
{
	double seconds = measure_now() - start;

	printf("{\"rows\": %lu, \"seconds\": %.6f, \"peak\": %ld, "
	       "\"kept\": %ld}\n",
	    rows, seconds, measure_memory("VmHWM:"),
	    measure_memory("RssAnon:") - before);
}

#endif
