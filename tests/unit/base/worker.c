/* SPDX-License-Identifier: MIT */
#include "base/worker.h"

#include <poll.h>
#include <unistd.h>

#include "check.h"

struct job {
	int go_on[2]; /* a pipe: the job waits for a byte */
	int done;
};

static void
wait_and_count(void *context)
{
	struct job *job = context;
	char byte;

	if (read(job->go_on[0], &byte, 1) == 1)
		job->done++;
}

static int
readable(const struct worker *worker, int most_ms)
{
	struct pollfd look = {.fd = worker_fd(worker), .events = POLLIN};

	return poll(&look, 1, most_ms);
}

TEST(worker_does_a_job_after_the_other)
{
	struct worker *worker = worker_new();
	struct job job = {.done = 0};

	REQUIRE(worker != NULL && pipe(job.go_on) == 0);
	CHECK(worker_idle(worker, 0));
	for (int i = 1; i <= 3; i++) {
		worker_start(worker, wait_and_count, &job);
		CHECK(!worker_idle(worker, 0));
		CHECK(!worker_idle(worker, 1));
		CHECK_INT(readable(worker, 0), 0);
		REQUIRE(write(job.go_on[1], "", 1) == 1);
		CHECK_INT(readable(worker, 10000), 1);
		CHECK(worker_idle(worker, 0));
		CHECK_INT(job.done, i);
		CHECK_INT(readable(worker, 0), 0);
	}
	worker_free(worker);
	close(job.go_on[0]);
	close(job.go_on[1]);
}

TEST(worker_is_waited_for)
{
	struct worker *worker = worker_new();
	struct job job = {.done = 0};

	REQUIRE(worker != NULL && pipe(job.go_on) == 0);
	worker_start(worker, wait_and_count, &job);
	REQUIRE(write(job.go_on[1], "", 1) == 1);
	CHECK(worker_idle(worker, -1));
	CHECK_INT(job.done, 1);
	CHECK_INT(readable(worker, 0), 0);
	/* one that has begun is done before the thread ends */
	worker_start(worker, wait_and_count, &job);
	REQUIRE(write(job.go_on[1], "", 1) == 1);
	worker_free(worker);
	CHECK_INT(job.done, 2);
	close(job.go_on[0]);
	close(job.go_on[1]);
}
