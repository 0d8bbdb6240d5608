#include <background_worker.h>

#include <memory>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/hand_shake.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

// In all these tests, the batches write plain memory: the contract also promises that the thread that stops the worker
// may read it.

TEST(BackgroundWorker, DoesNothingOnceStopHasReturned) {
  Interleavings([] {
    HandShake began;
    int batches = 0;
    int when_stopped = 0;
    {
      BackgroundWorker worker([&] {
        began.Signal();
        return ++batches < 3;
      });
      began.Await();
      worker.Stop();
      when_stopped = batches;
    }
    EXPECT_GE(when_stopped, 1);
    EXPECT_EQ(batches, when_stopped);
  });
}

TEST(BackgroundWorker, ShowsWhatTheBatchesDidToWhoeverStoppedIt) {
  Interleavings([] {
    std::vector<int> done;
    BackgroundWorker worker([&] {
      done.push_back(static_cast<int>(done.size()));
      return done.size() < 2;
    });
    worker.Stop();
    for (int i = 0; i < static_cast<int>(done.size()); ++i) EXPECT_EQ(done[i], i);
  });
}

TEST(BackgroundWorker, HasStoppedForEachOfTwoWhoStopItAtOnce) {
  Interleavings([] {
    int batches = 0;
    int first = 0;
    int second = 0;
    {
      BackgroundWorker worker([&] { return ++batches < 3; });
      RunTogether(
          [&] {
            worker.Stop();
            first = batches;
          },
          [&] {
            worker.Stop();
            second = batches;
          });
    }
    EXPECT_EQ(first, batches);
    EXPECT_EQ(second, batches);
  });
}

TEST(BackgroundWorker, CanBeStoppedThoughThereIsAlwaysMoreToDo) {
  Interleavings([] {
    BackgroundWorker worker([] { return true; });
    worker.Stop();
  });
}

TEST(BackgroundWorker, IsNotUsedByItsThreadOnceItHasBeenDestroyed) {
  Interleavings([] {
    // On the heap, where a detector notices every later use.
    auto worker = std::make_unique<BackgroundWorker>([] { return false; });
    worker.reset();
  });
}

TEST(BackgroundWorker, CanBeStoppedAgain) {
  Interleavings([] {
    int batches = 0;
    BackgroundWorker worker([&] { return ++batches < 2; });
    worker.Stop();
    const int when_stopped = batches;
    worker.Stop();
    EXPECT_EQ(batches, when_stopped);
  });
}

TEST(BackgroundWorker, IsStoppedWhenItIsDestroyed) {
  Interleavings([] { BackgroundWorker worker([] { return true; }); });
}

TEST(BackgroundWorker, CanBeStoppedAnyNumberOfTimes) {
  BackgroundWorker worker([] { return true; });
  for (int i = 0; i < 20; ++i) worker.Stop();
}

TEST(BackgroundWorker, DoesAllBatchesOnOneThreadOfItsOwn) {
  Interleavings([] {
    // Of a thread that has ended, another may have the id, but none has its thread_local variables.
    thread_local int calls_of_thread;
    calls_of_thread = -1;
    HandShake last;
    std::vector<int> calls;
    {
      BackgroundWorker worker([&] {
        calls.push_back(calls_of_thread < 0 ? -1 : calls_of_thread++);
        if (calls.size() < 2) return true;
        last.Signal();
        return false;
      });
      last.Await();
    }
    ASSERT_EQ(calls.size(), 2u);
    EXPECT_GE(calls[0], 0) << "\"on its own thread\"";
    EXPECT_EQ(calls[1], calls[0] + 1) << "\"on its own thread\"";
  });
}

TEST(BackgroundWorker, CanBeStoppedWhenThereIsNoMoreToDo) {
  Interleavings([] {
    HandShake last;
    bool done = false;
    BackgroundWorker worker([&] {
      done = true;
      last.Signal();
      return false;
    });
    last.Await();
    worker.Stop();
    EXPECT_TRUE(done);
  });
}

TEST(BackgroundWorker, DoesEachBatchOnceAndInOrderIfNobodyStopsIt) {
  ForRandomSteps({}, 0, [](Steps& steps) {
    const int batches = steps.Pick("batches", {1, 6});
    HandShake last;
    std::vector<int> done, model;
    for (int i = 0; i < batches; ++i) model.push_back(i);
    {
      BackgroundWorker worker([&] {
        done.push_back(static_cast<int>(done.size()));
        if (static_cast<int>(done.size()) < batches) return true;
        last.Signal();
        return false;
      });
      last.Await();
    }
    steps.Shows("done", done, model);
  });
}

}  // namespace
}  // namespace racelab
