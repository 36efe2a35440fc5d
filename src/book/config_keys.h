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
	const struct yaml_node *profiles; /* a map of maps; NULL: none */
};

/* Reads all keys; problems are added. */
void config_read(struct config_reader *reader, const struct yaml_node *root);

/* Reads the keys of a profile over those that are there. */
void config_read_profile(struct config_reader *reader,
    const struct yaml_node *name, const struct yaml_node *node);

/* A scalar that is not empty; NULL with the problem "must be WANT". */
const char *config_scalar(struct config_reader *reader, const char *path,
    const struct yaml_node *node, const char *want);

/* In config_columns.c: the value of desk.columns or, `order`, of desk.sort. */
void config_read_columns(struct config_reader *reader, const char *path,
    const struct yaml_node *node, bool order, struct config_columns *out);

/* In config_secret.c: a secret's place. */
void config_read_secret(struct config_reader *reader,
    struct secret_place *place, const char *path, const struct yaml_node *node);
/* Whether a key's name is one that people write in front of a secret. */
bool config_names_a_secret(const char *key);
/* The problem that a secret stands in the config; it is not repeated. */
void config_refuse_literal(struct config_reader *reader, const char *path,
    const struct yaml_node *node);

/* In config.c: built-in values; what is left to be done when all keys are read:
 * problems are added. */
struct config *config_defaults(void);
void config_settle(struct config_reader *reader);

/* In config.c: the value of `mapping:`, a map or a file's name. */
void config_read_mapping(
    struct config_reader *reader, const struct yaml_node *node);

extern const char *const config_environments[];

#endif
