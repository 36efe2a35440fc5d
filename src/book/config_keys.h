/* SPDX-License-Identifier: MIT */
/* The keys of the config and their reading; private to config*.c. */
#ifndef BOOK_CONFIG_KEYS_H
#define BOOK_CONFIG_KEYS_H

#include "book/config.h"

struct problems;
struct yaml_node;

enum config_url {
	CONFIG_URL_API,
	CONFIG_URL_AUTHORIZE,
	CONFIG_URL_TOKEN,
	CONFIG_URL_LOGIN,
	CONFIG_URL_COUNT
};

struct config_reader {
	struct config *config;
	struct problems *problems;
	/* places of what can only be checked at the end */
	const struct yaml_node *urls[CONFIG_URL_COUNT];
	const struct yaml_node *environment_node;
};

/* Reads all keys; problems are added. */
void config_read(struct config_reader *reader, const struct yaml_node *root);

/* In config.c: the value of `mapping:`, a map or a file's name. */
void config_read_mapping(
    struct config_reader *reader, const struct yaml_node *node);

extern const char *const config_environments[];

#endif
