#include <worker_pool.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/creations_may_fail.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/second_runtime.h"
#include "tests/support/steps.h"
#include "tests/support/virtual_time.h"

namespace racelab {
namespace {

// Empty, because ThreadSanitizer does not see the C++ library's reference count of an exception: a thread that had read
// the exception would seem to race with the one that drops the last reference.
struct NoSuchPicture {};

[[noreturn]] int Fail() { throw NoSuchPicture(); }

// Whether asking for the result throws NoSuchPicture.
template <typename Ticket>
bool Throws(Ticket ticket) {
  try {
    ticket.get();
  } catch (const NoSuchPicture&) {
    return true;
  }
  return false;
}

// The model is a list of the results.
TEST(WorkerPool, HandsOverWhatEachTaskReturnsOrThrows) {
  enum { kReturn, kThrow };
  ForRandomSteps({{"Return", {0, 100}}, {"Throw"}}, 16, [](Steps& steps) {
    WorkerPool pool(2);
    const auto submit = [&pool](const Step& step) {
      return pool.Submit([step] { return step.what == kThrow ? Fail() : 2LL * step.value; });
    };
    std::vector<Step> submitted;
    std::deque<decltype(submit(Step()))> tickets;
    for (const Step& step : steps) {
      submitted.push_back(step);
      tickets.push_back(submit(step));
    }
    for (const Step& step : submitted) {
      if (step.what == kThrow) {
        steps.Check(Throws(std::move(tickets.front())), "a task that throws has another result");
      } else {
        steps.Shows("the result", tickets.front().get(), 2LL * step.value);
      }
      tickets.pop_front();
    }
  });
}

TEST(WorkerPool, HasDoneEverythingWhenItEnds) {
  Interleavings([] {
    bool first = false;
    bool second = false;
    {
      WorkerPool pool(1);
      pool.Submit([&] { first = true; });
      pool.Submit([&] { second = true; });
    }
    EXPECT_TRUE(first);
    EXPECT_TRUE(second);
  });
}

TEST(WorkerPool, HasDoneWhatATaskSubmittedWhenItEnds) {
  Interleavings([] {
    bool done = false;
    {
      WorkerPool pool(1);
      pool.Submit([&] { pool.Submit([&] { done = true; }); });
    }
    EXPECT_TRUE(done);
  });
}

constexpr std::chrono::milliseconds kTask(50);

TEST(WorkerPool, CarriesOutAsManyTasksAtOnceAsItHasWorkers) {
  InterleavingsInVirtualTime([] {
    const auto began = std::chrono::steady_clock::now();
    {
      WorkerPool pool(2);
      pool.Submit([] { std::this_thread::sleep_for(kTask); });
      pool.Submit([] { std::this_thread::sleep_for(kTask); });
      ASSERT_EQ(std::chrono::steady_clock::now() - began, 0 * kTask)
          << "Submit() does not \"queue\" the task, but waits";
    }
    EXPECT_EQ(std::chrono::steady_clock::now() - began, kTask) << "two threads do not \"carry out tasks\" at once";
  });
}

// There is one worker; the destructor's thread may help it.
TEST(WorkerPool, QueuesWhatItsThreadsCannotBeginAndBeginsTheOldestFirst) {
  InterleavingsInVirtualTime([] {
    std::array<std::chrono::steady_clock::time_point, 3> begun;
    const auto began = std::chrono::steady_clock::now();
    {
      WorkerPool pool(1);
      for (auto& task : begun) {
        pool.Submit([&task] {
          task = std::chrono::steady_clock::now();
          std::this_thread::sleep_for(kTask);
        });
      }
    }
    EXPECT_GT(std::chrono::steady_clock::now() - began, kTask) << "not \"a fixed number of threads\"";
    EXPECT_TRUE(std::is_sorted(begun.begin(), begun.end())) << "not \"the oldest first\"";
  });
}

TEST(WorkerPool, HandsOverWhatATaskThrows) {
  Interleavings([] {
    WorkerPool pool(1);
    EXPECT_TRUE(Throws(pool.Submit(Fail)));
  });
}

TEST(WorkerPool, IsMadeOrSaysThatThereAreTooFewThreads) {
  Interleavings([] {
    const CreationsMayFail scarce;
    try {
      WorkerPool pool(2);
    } catch (const std::system_error&) {
    }
  });
}

TEST(WorkerPool, CarriesOutTheTasksOfTwoThreads) {
  Interleavings([] {
    WorkerPool pool(1);
    int first = 0;
    int second = 0;
    RunTogether([&] { first = pool.Submit([] { return 1; }).get(); },
                [&] { second = pool.Submit([] { return 2; }).get(); });
    EXPECT_EQ(first, 1);
    EXPECT_EQ(second, 2);
  });
}

// Here, there is a worker to spare for a pool that would otherwise starve. For the second runtime, the scenarios below
// are smaller and show more.
TEST(WorkerPool, LetsATaskWaitForAnotherWhereThereAreTwoWorkers) {
  if (UnderSecondRuntime()) GTEST_SKIP() << "has too many interleavings";
  Interleavings([] {
    WorkerPool pool(2);
    EXPECT_EQ(pool.Submit([&] { return pool.Submit([] { return 20; }).get() + 1; }).get(), 21);
  });
}

// From here on, a pool that starves hangs. Under ThreadSanitizer, that would take until the time limit, and show
// nothing.
void SkipUnlessDeadlocksAreFound() {
  if (!UnderSecondRuntime()) GTEST_SKIP() << "only the second runtime tells a deadlock from a long wait";
}

TEST(WorkerPool, LetsATaskWaitForAnotherWhereThereIsOneWorker) {
  SkipUnlessDeadlocksAreFound();
  if (IsSkipped()) return;
  Interleavings([] {
    WorkerPool pool(1);
    EXPECT_EQ(pool.Submit([&] { return pool.Submit([] { return 20; }).get() + 1; }).get(), 21);
  });
}

TEST(WorkerPool, LetsATaskWaitForAnotherWhileThePoolEnds) {
  SkipUnlessDeadlocksAreFound();
  if (IsSkipped()) return;
  Interleavings([] {
    int result = 0;
    {
      WorkerPool pool(2);  // One of the two may have ended already.
      pool.Submit([&] { result = pool.Submit([] { return 20; }).get() + 1; });
    }
    EXPECT_EQ(result, 21);
  });
}

TEST(WorkerPool, LetsATaskWaitForOneThatWaits) {
  SkipUnlessDeadlocksAreFound();
  if (IsSkipped()) return;
  Interleavings([] {
    WorkerPool pool(1);
    const auto innermost = [] { return 20; };
    const auto inner = [&] { return pool.Submit(innermost).get() + 1; };
    EXPECT_EQ(pool.Submit([&] { return pool.Submit(inner).get() + 1; }).get(), 22);
  });
}

TEST(WorkerPool, LetsATaskSubmitTwoOthersWhereThereIsOneWorker) {
  SkipUnlessDeadlocksAreFound();
  if (IsSkipped()) return;
  Interleavings([] {
    WorkerPool pool(1);
    const auto both = [&] {
      pool.Submit([] {});
      pool.Submit([] {});
      return 2;
    };
    EXPECT_EQ(pool.Submit(both).get(), 2);
  });
}

TEST(WorkerPool, HandsOverWhatASubtaskThrows) {
  SkipUnlessDeadlocksAreFound();
  if (IsSkipped()) return;
  Interleavings([] {
    WorkerPool pool(1);
    EXPECT_TRUE(Throws(pool.Submit([&] { return pool.Submit(Fail).get(); })));
  });
}

}  // namespace
}  // namespace racelab
