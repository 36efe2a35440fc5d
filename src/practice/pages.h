/* SPDX-License-Identifier: MIT */
/*
 * The pages an agent's browser meets: login, consent, the contacts that the
 * server holds, and a contact's quote page. Whatever came from outside is
 * escaped; the pages need no script and load nothing.
 */
#ifndef PRACTICE_PAGES_H
#define PRACTICE_PAGES_H

struct answer;
struct parameters;
struct store;
struct str;

/* What of a request a page looks at; borrowed, NULL: not given. */
struct page_request {
	const char *path;
	const char *email;  /* login form */
	const char *zip;    /* quote form */
	const char *county; /* quote form */
};

/*
 *	/sessions/new        login page
 *	/contacts            the contacts, newest first, at most 500
 *	/quote/SLUG          quote page: ZIP prefilled, county to confirm
 *	/quote/SLUG?zip=&county=   the same with plans, once confirmed
 *	/                    leads to /sessions/new
 */
void pages_answer(const struct store *store, const struct page_request *request,
    struct answer *answer);

/*
 * The consent of OAuth: who asks for what, which agent consents, two buttons
 * ("allow" and "deny"). The form repeats what was asked and is posted to
 * /oauth/authorize. `form` has client_id, redirect_uri and scope.
 */
void pages_consent(const struct parameters *form, const char *agent_email,
    struct answer *answer);
/* 400: the request for consent cannot be met, and why. */
void pages_refused(const char *problem, struct answer *answer);

/* Appends text for HTML text and quoted attributes. */
void pages_escape(struct str *out, const char *text);

#endif
