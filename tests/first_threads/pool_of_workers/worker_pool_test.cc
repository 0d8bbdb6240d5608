#include <worker_pool.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
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

// Tasks of one type, except where the type matters: Submit() takes seconds to compile, once for each type of task.
auto Submit(WorkerPool& pool, std::function<int()> task) { return pool.Submit(std::move(task)); }
using Ticket = decltype(Submit(std::declval<WorkerPool&>(), nullptr));

// For tasks without a result.
Ticket SubmitWork(WorkerPool& pool, std::function<void()> work) {
  return Submit(pool, [work = std::move(work)] {
    work();
    return 0;
  });
}

// Whether asking for the result throws NoSuchPicture.
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
    std::vector<Step> submitted;
    std::deque<Ticket> tickets;
    for (const Step& step : steps) {
      submitted.push_back(step);
      tickets.push_back(Submit(pool, [step] { return step.what == kThrow ? Fail() : 2 * step.value; }));
    }
    for (const Step& step : submitted) {
      if (step.what == kThrow) {
        steps.Check(Throws(std::move(tickets.front())), "a task that throws has another result");
      } else {
        steps.Shows("the result", tickets.front().get(), 2 * step.value);
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
      SubmitWork(pool, [&] { first = true; });
      SubmitWork(pool, [&] { second = true; });
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
      SubmitWork(pool, [&] { SubmitWork(pool, [&] { done = true; }); });
    }
    EXPECT_TRUE(done);
  });
}

constexpr std::chrono::milliseconds kTask(50);

// Sleeps for as long as a task takes.
void BeBusy() { std::this_thread::sleep_for(kTask); }

// Until every task has been carried out. So the pool's own threads have carried them out, and neither get() nor the
// destructor.
void LeaveItToThePool() { std::this_thread::sleep_for(10 * kTask); }

TEST(WorkerPool, CarriesOutAsManyTasksAtOnceAsItWasToldOrThrows) {
  InterleavingsInVirtualTime([] {
    const CreationsMayFail scarce;
    const auto began = std::chrono::steady_clock::now();
    try {
      WorkerPool pool(2);
      SubmitWork(pool, BeBusy);
      SubmitWork(pool, BeBusy);
      ASSERT_EQ(std::chrono::steady_clock::now() - began, 0 * kTask)
          << "Submit() does not \"queue\" the task, but waits";
    } catch (const std::system_error&) {
      return;
    }
    EXPECT_EQ(std::chrono::steady_clock::now() - began, kTask)
        << "two threads do not \"carry out tasks\" at once, and the constructor does not \"throw std::system_error\"";
  });
}

// Notes when each task begins, and whether two are carried out at once.
class Log {
 public:
  Log() { begun_.fill(std::chrono::steady_clock::time_point::max()); }

  void CarryOut(int task) {
    begun_[task] = std::chrono::steady_clock::now();
    CarryOut();
  }

  // For a task that may begin at any time.
  void CarryOut() {
    if (running_.fetch_add(1, std::memory_order_relaxed) != 0) two_at_once_.store(true, std::memory_order_relaxed);
    BeBusy();
    running_.fetch_sub(1, std::memory_order_relaxed);
  }

  // The contract: "A fixed number of threads that carry out tasks, the oldest first".
  void ExpectOneThreadAndTheOldestFirst() const {
    EXPECT_FALSE(two_at_once_.load(std::memory_order_relaxed))
        << "not \"a fixed number of threads\": the only one carried out two tasks at once";
    EXPECT_TRUE(std::is_sorted(begun_.begin(), begun_.end())) << "not \"the oldest first\"";
  }

 private:
  std::atomic<int> running_ = 0;
  std::atomic<bool> two_at_once_ = false;
  std::array<std::chrono::steady_clock::time_point, 4> begun_;
};

TEST(WorkerPool, HasNoMoreThreadsThanItWasToldAndCarriesOutTheOldestFirst) {
  InterleavingsInVirtualTime([] {
    Log log;
    {
      WorkerPool pool(1);
      for (int task = 0; task < 4; ++task) SubmitWork(pool, [&log, task] { log.CarryOut(task); });
      LeaveItToThePool();
    }
    log.ExpectOneThreadAndTheOldestFirst();
  });
}

TEST(WorkerPool, CarriesOutTheTasksOfATaskAfterOlderOnes) {
  InterleavingsInVirtualTime([] {
    Log log;
    {
      WorkerPool pool(1);
      SubmitWork(pool, [&] {
        log.CarryOut(0);  // Until the next task has been submitted.
        SubmitWork(pool, [&] { log.CarryOut(2); });
        SubmitWork(pool, [&] { log.CarryOut(3); });
      });
      SubmitWork(pool, [&] { log.CarryOut(1); });
      LeaveItToThePool();
    }
    log.ExpectOneThreadAndTheOldestFirst();
  });
}

TEST(WorkerPool, HandsOverAResultThatCanOnlyBeMoved) {
  Interleavings([] {
    WorkerPool pool(1);
    const std::unique_ptr<int> picture = pool.Submit([] { return std::make_unique<int>(20); }).get();
    EXPECT_EQ(*picture, 20);
  });
}

TEST(WorkerPool, TakesATaskThatCanOnlyBeMovedAndHasNoResult) {
  Interleavings([] {
    WorkerPool pool(1);
    int seen = 0;
    pool.Submit([&seen, picture = std::make_unique<int>(20)] { seen = *picture; }).get();
    EXPECT_EQ(seen, 20);
  });
}

TEST(WorkerPool, HandsOverWhatATaskThrows) {
  Interleavings([] {
    WorkerPool pool(1);
    EXPECT_TRUE(Throws(Submit(pool, Fail)));
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

// Other scenarios try what happens if a thread wakes without cause. With it, this one would have a hundred thousand
// interleavings.
TEST(WorkerPool, CarriesOutTheTasksOfTwoThreads) {
  const auto interleavings = UnderSecondRuntime() ? InterleavingsInVirtualTime : Interleavings;
  interleavings([] {
    WorkerPool pool(1);
    if (UnderSecondRuntime()) BeBusy();  // Until the worker waits.
    int first = 0;
    int second = 0;
    RunTogether([&] { first = Submit(pool, [] { return 1; }).get(); },
                [&] { second = Submit(pool, [] { return 2; }).get(); });
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
    EXPECT_EQ(Submit(pool, [&] { return Submit(pool, [] { return 20; }).get() + 1; }).get(), 21);
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
    EXPECT_EQ(Submit(pool, [&] { return Submit(pool, [] { return 20; }).get() + 1; }).get(), 21);
  });
}

TEST(WorkerPool, LetsATaskWaitForAnotherWhileThePoolEnds) {
  InterleavingsInVirtualTime([] {
    int result = 0;
    {
      WorkerPool pool(2);
      BeBusy();  // Until the workers wait. One of the two may have ended when the task waits.
      SubmitWork(pool, [&] { result = Submit(pool, [] { return 20; }).get() + 1; });
    }
    EXPECT_EQ(result, 21);
  });
}

TEST(WorkerPool, LetsATaskWaitForOneThatWaits) {
  InterleavingsInVirtualTime([] {
    WorkerPool pool(1);
    BeBusy();  // Until the worker waits.
    const auto innermost = [] { return 20; };
    const auto inner = [&] { return Submit(pool, innermost).get() + 1; };
    EXPECT_EQ(Submit(pool, [&] { return Submit(pool, inner).get() + 1; }).get(), 22);
  });
}

TEST(WorkerPool, LetsATaskSubmitTwoOthersWhereThereIsOneWorker) {
  InterleavingsInVirtualTime([] {
    WorkerPool pool(1);
    BeBusy();  // Until the worker waits.
    const auto both = [&] {
      SubmitWork(pool, [] {});
      SubmitWork(pool, [] {});
      return 2;
    };
    EXPECT_EQ(Submit(pool, both).get(), 2);
  });
}

// As many as no queue of a few places takes. The last is awaited first: get() must do more than carry out one other
// task.
TEST(WorkerPool, LetsATaskSubmitManyBeforeItWaits) {
  InterleavingsInVirtualTime([] {
    int sum = 0;
    {
      WorkerPool pool(1);
      SubmitWork(pool, [&] {
        std::deque<Ticket> pictures;
        for (int picture = 0; picture < 20; ++picture) pictures.push_back(Submit(pool, [] { return 1; }));
        for (; !pictures.empty(); pictures.pop_back()) sum += pictures.back().get();
      });
      LeaveItToThePool();
    }
    EXPECT_EQ(sum, 20);
  });
}

TEST(WorkerPool, HasNoMoreThreadsAfterATaskHasWaitedAndCarriesOutTheOldestFirst) {
  InterleavingsInVirtualTime([] {
    Log log;
    {
      WorkerPool pool(1);
      SubmitWork(pool, [&] {
        Ticket first = SubmitWork(pool, [&] { log.CarryOut(0); });
        Ticket second = SubmitWork(pool, [&] { log.CarryOut(1); });
        first.get();
        log.CarryOut();  // The second comes before it or after it.
        second.get();
      });
      LeaveItToThePool();
    }
    log.ExpectOneThreadAndTheOldestFirst();
  });
}

// One worker has nothing to do, another has begun the task that a third waits for. Waking only the first would not do,
// and the end of the pool, which wakes all, would come too late.
TEST(WorkerPool, WakesTheTaskThatWaitsThoughOtherWorkersAreIdle) {
  InterleavingsInVirtualTime([] {
    std::chrono::steady_clock::time_point woken;
    std::chrono::steady_clock::time_point end;
    {
      WorkerPool pool(3);
      BeBusy();  // Until the workers wait.
      SubmitWork(pool, [&] {
        Ticket picture = SubmitWork(pool, [] { std::this_thread::sleep_for(2 * kTask); });
        BeBusy();  // Until another worker has begun it.
        picture.get();
        woken = std::chrono::steady_clock::now();
      });
      LeaveItToThePool();
      end = std::chrono::steady_clock::now();
    }
    EXPECT_TRUE(woken < end) << "get() does not \"wait for the task\", but until the pool ends";
  });
}

TEST(WorkerPool, HandsOverWhatASubtaskThrows) {
  InterleavingsInVirtualTime([] {
    WorkerPool pool(1);
    EXPECT_TRUE(Throws(Submit(pool, [&] { return Submit(pool, Fail).get(); })));
  });
}

// Deeper than a pool that lets only so many tasks wait at once.
TEST(WorkerPool, LetsTasksWaitForOneAnotherManyDeep) {
  InterleavingsInVirtualTime([] {
    constexpr int kDeep = 40;
    int reached = 0;
    {
      WorkerPool pool(1);
      const std::function<int(int)> dive = [&](int depth) {
        return depth == 0 ? 0 : Submit(pool, [&dive, depth] { return dive(depth - 1); }).get() + 1;
      };
      SubmitWork(pool, [&] { reached = dive(kDeep); });
      LeaveItToThePool();
    }
    EXPECT_EQ(reached, kDeep);
  });
}

struct PictureIsTooLarge : std::exception {};

TEST(WorkerPool, HandsOverWhatATaskThrowsAsTheTypeThatItIs) {
  Interleavings([] {
    WorkerPool pool(1);
    Ticket ticket = Submit(pool, []() -> int { throw PictureIsTooLarge(); });
    bool too_large = false;
    try {
      ticket.get();
    } catch (const PictureIsTooLarge&) {
      too_large = true;
    } catch (...) {
    }
    EXPECT_TRUE(too_large);
  });
}

}  // namespace
}  // namespace racelab
