/* SPDX-License-Identifier: MIT */
/* Any bytes as a config with its mapping: a config, or problems in words. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/text.h"
#include "book/config.h"
#include "book/mapping.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = ERR_INIT;
	struct str problems, words;
	struct config *config;

	str_init(&problems, 1 << 20);
	str_init(&words, 1 << 16);
	/* a name in no folder, so that "mapping: file" finds nothing */
	config = config_parse(
	    "/nowhere/c.yaml", (const char *)data, size, &problems, &err);
	if ((config == NULL) != (err.kind == ERR_CONFIG) ||
	    (config == NULL) != (problems.len > 0) ||
	    !text_valid(problems.data, problems.len, NULL))
		abort();
	for (unsigned i = 0; config && config->mapping && i < FIELD_COUNT; i++)
		mapping_describe(config->mapping, (enum field)i, &words);
	config_free(config);
	str_release(&problems);
	str_release(&words);
	return 0;
}
