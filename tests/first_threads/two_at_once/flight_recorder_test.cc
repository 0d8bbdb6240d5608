#include <flight_recorder.h>

#include <cstddef>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/memory_left.h"
#include "tests/support/memory_runs_out.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

using Entries = std::vector<std::string>;

// The entries that begin with `function`.
Entries EntriesOf(const std::string& function, const Entries& entries) {
  Entries own;
  for (const std::string& entry : entries) {
    if (entry.rfind(function, 0) == 0) own.push_back(entry);
  }
  return own;
}

Entries FirstOf(Entries entries, std::size_t count) {
  if (count < entries.size()) entries.resize(count);
  return entries;
}

TEST(FlightRecorder, StartsEmpty) { EXPECT_EQ(FlightRecorder(4).Entries(), Entries()); }

TEST(FlightRecorder, HoldsWhatOneThreadAppendedInOrder) {
  enum { kAppend, kLines };
  ForRandomSteps({{"Record", {-100, 100}}, {"Entries"}}, 12, [](Steps& steps) {
    FlightRecorder recorder(steps.size());
    Entries model;
    for (const Step& step : steps) {
      if (step.what == kLines) {
        steps.Answers(recorder.Entries(), model);
      } else {
        recorder.Record("LoadAccounts", step.value);
        model.push_back("LoadAccounts: step " + std::to_string(step.value));
      }
    }
    steps.Shows("Entries", recorder.Entries(), model);
  });
}

TEST(FlightRecorder, KeepsTheEntriesOfTwoFunctionsThatRunAtOnce) {
  Interleavings([] {
    FlightRecorder recorder(2);
    RunTogether([&] { recorder.Record("LoadAccounts", 1); }, [&] { recorder.Record("LoadPrices", 1); });
    EXPECT_EQ(EntriesOf("LoadAccounts", recorder.Entries()), Entries({"LoadAccounts: step 1"}));
    EXPECT_EQ(EntriesOf("LoadPrices", recorder.Entries()), Entries({"LoadPrices: step 1"}));
    EXPECT_EQ(recorder.Entries().size(), 2);
  });
}

TEST(FlightRecorder, KeepsEachFunctionsOwnEntriesInOrder) {
  Interleavings([] {
    FlightRecorder recorder(4);
    RunTogether(
        [&] {
          recorder.Record("LoadAccounts", 1);
          recorder.Record("LoadAccounts", 2);
        },
        [&] {
          recorder.Record("LoadPrices", 1);
          recorder.Record("LoadPrices", 2);
        });
    EXPECT_EQ(EntriesOf("LoadAccounts", recorder.Entries()), Entries({"LoadAccounts: step 1", "LoadAccounts: step 2"}));
    EXPECT_EQ(EntriesOf("LoadPrices", recorder.Entries()), Entries({"LoadPrices: step 1", "LoadPrices: step 2"}));
  });
}

TEST(FlightRecorder, RecordsThoughThereIsNoMemory) {
  constexpr int kEntries = 20;
  FlightRecorder recorder(kEntries);
  Entries model;
  for (int step = 1; step <= kEntries; ++step) {
    EXPECT_FALSE(MemoryRunsOut(0, [&] { recorder.Record("LoadAccounts", step); }))
        << "\"all memory is reserved at the start\"";
    model.push_back("LoadAccounts: step " + std::to_string(step));
  }
  EXPECT_EQ(recorder.Entries(), model);
}

TEST(FlightRecorder, ShowsAReaderTheBeginningOfTheRecordingWhileAFunctionRuns) {
  Interleavings([] {
    FlightRecorder recorder(2);
    Entries early;
    Entries later;
    RunTogether(
        [&] {
          recorder.Record("LoadAccounts", 1);
          recorder.Record("LoadAccounts", 2);
        },
        [&] {
          early = recorder.Entries();
          later = recorder.Entries();
        });
    EXPECT_EQ(recorder.Entries(), Entries({"LoadAccounts: step 1", "LoadAccounts: step 2"}));
    EXPECT_LE(early.size(), later.size());
    EXPECT_EQ(early, FirstOf(recorder.Entries(), early.size()));
    EXPECT_EQ(later, FirstOf(recorder.Entries(), later.size()));
  });
}

TEST(FlightRecorder, ShowsAReaderTheBeginningOfTheRecordingWhileTwoFunctionsRun) {
  Interleavings([] {
    FlightRecorder recorder(2);
    Entries early;
    RunTogether([&] { recorder.Record("LoadAccounts", 1); }, [&] { recorder.Record("LoadPrices", 1); },
                [&] { early = recorder.Entries(); });
    EXPECT_EQ(recorder.Entries().size(), 2);
    EXPECT_EQ(early, FirstOf(recorder.Entries(), early.size()));
  });
}

TEST(FlightRecorder, ShowsAFastFunctionTheBeginningOfTheRecordingWhileASlowOneRuns) {
  Interleavings([] {
    FlightRecorder recorder(3);
    Entries early;
    RunTogether([&] { recorder.Record("LoadAccounts", 1); },
                [&] {
                  recorder.Record("LoadPrices", 1);
                  recorder.Record("LoadPrices", 2);
                  early = recorder.Entries();
                });
    EXPECT_EQ(recorder.Entries().size(), 3);
    EXPECT_EQ(early, FirstOf(recorder.Entries(), early.size()));
  });
}

TEST(FlightRecorder, KeepsTheNameAsItWasWhenItWasRecorded) {
  FlightRecorder recorder(2);
  char function[] = "LoadAccounts";
  recorder.Record(function, 1);
  function[0] = 'R';
  recorder.Record(function, 2);
  EXPECT_EQ(recorder.Entries(), Entries({"LoadAccounts: step 1", "RoadAccounts: step 2"}));
}

TEST(FlightRecorder, RecordsAndIsReadAfterMemoryRanOutForAReader) {
  int enough = 0;
  for (bool ran_out = true; ran_out; enough += ran_out) {
    FlightRecorder recorder(2);
    recorder.Record("LoadAccounts", 1);
    ran_out = MemoryRunsOut(enough, [&] { recorder.Entries(); });
  }
  for (int allocations = 0; allocations < enough; ++allocations) {
    Interleavings([allocations] {
      FlightRecorder recorder(2);
      recorder.Record("LoadAccounts", 1);
      MemoryRunsOut(allocations, [&] { recorder.Entries(); });
      Entries entries;
      RunTogether([&] {  // To another thread, every lock must be free.
        recorder.Record("LoadPrices", 1);
        entries = recorder.Entries();
      });
      EXPECT_EQ(entries, Entries({"LoadAccounts: step 1", "LoadPrices: step 1"}));
    });
  }
}

TEST(FlightRecorder, GivesItsMemoryBack) {
  EXPECT_EQ(BlocksLeftBy([] {
              FlightRecorder recorder(2);
              recorder.Record("LoadAccounts", 1);
              recorder.Entries();
            }),
            0);
}

}  // namespace
}  // namespace racelab
