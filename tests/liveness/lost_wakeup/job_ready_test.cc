#include <job_ready.h>

#include <deque>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/property.h"
#include "tests/support/run_together.h"

namespace racelab {
namespace {

TEST(JobReady, KeepsNobodyWaitingOnceReady) {
  JobReady job;
  job.MarkReady();
  job.Wait();
  job.Wait();
}

// The model is a row of flags: whoever waits for one that is set goes on.
RACELAB_PROPERTY(JobReady, TellsOneJobFromAnotherOnOneThread, ()) {
  constexpr int kJobs = 4;
  std::deque<JobReady> jobs(kJobs);
  std::vector<bool> ready(kJobs, false);
  for (const int i : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, kJobs))) {
    if (ready[i]) {
      jobs[i].Wait();
    } else {
      jobs[i].MarkReady();
      ready[i] = true;
    }
  }
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

}  // namespace
}  // namespace racelab
