/* SPDX-License-Identifier: MIT */
/* What differs between the versions of the Partner API: one table. */
#ifndef PARTNER_DIALECT_H
#define PARTNER_DIALECT_H

#include <stdbool.h>

#include "book/config.h"

struct dialect {
	enum service_version version;
	const char *create_path; /* "/contacts" */
	const char *update_path; /* "/contacts/": HealthSherpa's ID follows */
	const char *search_path; /* "/contacts/search" */
	const char *key_header;  /* "X-API-Key: ", before the secret */
	bool agent_email_in_body;
	const char *contact_key; /* wraps the contact: "contact"; NULL: flat */
	const char *search_key; /* wraps the parameters: "params"; NULL: flat */
	unsigned field_flag;    /* FIELD_V1 or FIELD_V2 */
};

/* That of the config's version, with what its `dialect:` decides. */
struct dialect dialect_of(const struct config *config);

#endif
