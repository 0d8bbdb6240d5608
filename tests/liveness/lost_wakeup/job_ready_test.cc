#include <job_ready.h>

#include <deque>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

TEST(JobReady, KeepsNobodyWaitingOnceReady) {
  Interleavings([] {
    JobReady job;
    job.MarkReady();
    job.Wait();
    job.Wait();
  });
}

TEST(JobReady, WakesTheWaiter) {
  Interleavings([] {
    JobReady job;
    RunSimultaneously([&] { job.Wait(); }, [&] { job.MarkReady(); });
  });
}

TEST(JobReady, WakesBothWaiters) {
  Interleavings([] {
    JobReady job;
    RunSimultaneously([&] { job.Wait(); }, [&] { job.Wait(); }, [&] { job.MarkReady(); });
  });
}

TEST(JobReady, ShowsTheWaiterWhatTheJobDid) {
  Interleavings([] {
    JobReady job;
    int result = 0, seen = 0;
    RunSimultaneously(
        [&] {
          job.Wait();
          seen = result;
        },
        [&] {
          result = 42;
          job.MarkReady();
        });
    EXPECT_EQ(seen, 42);
  });
}

// On one thread, and last: a test that hangs would keep the interleavings from being run. The model is a row of flags:
// a wait for a set flag returns.
TEST(JobReady, TellsOneJobFromAnotherOnOneThread) {
  constexpr int kJobs = 4;
  ForRandomSteps({{"MarkReady or Wait", {0, kJobs}}}, 50, [](Steps& steps) {
    std::deque<JobReady> jobs(kJobs);
    std::vector<bool> ready(kJobs, false);
    for (const Step& step : steps) {
      if (ready[step.value]) {
        jobs[step.value].Wait();
      } else {
        jobs[step.value].MarkReady();
        ready[step.value] = true;
      }
    }
  });
}

TEST(JobReady, KeepsNobodyWaitingHoweverManyCome) {
  JobReady job;
  job.MarkReady();
  for (int waiter = 0; waiter < 3000; ++waiter) job.Wait();
}

}  // namespace
}  // namespace racelab
