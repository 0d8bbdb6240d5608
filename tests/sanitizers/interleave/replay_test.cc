// A schedule gives the same interleaving each time, regardless of addresses, environment and folder.

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "tests/sanitizers/interleave/explored.h"

namespace racelab {
namespace {

constexpr int kReplays = 500;  // With each compiler.
constexpr int kAtOnce = 4;

// The steps as text.
std::string Trace(const Exploration& exploration) {
  std::string text = exploration.failures.empty() ? "" : exploration.failures[0].message + "\n";
  if (exploration.failures.empty()) return text;
  for (const InterleavingStep& step : exploration.failures[0].steps) {
    text += "T" + std::to_string(step.thread) + " " + step.operation + " " + step.object + "\n";
  }
  return text;
}

class ReplayTest : public ExploredTest {};

TEST_P(ReplayTest, OfOneScheduleGivesOneTraceEachTime) {
  InterleaveOptions options = Whole();
  const Exploration found = Explore("primitives", {"wrong", "condition_variable"}, options);
  ASSERT_FALSE(found.failures.empty());
  options.search = "replay:" + found.failures[0].schedule;
  options.resolve = false;
  const std::string trace = Trace(found);
  EXPECT_NE(trace.find("notify"), std::string::npos) << trace;
  // A replay spends most of its time waiting for processes to start and end, so several run at once.
  std::atomic<int> next = 0;
  const auto replay = [&] {
    for (int i = next++; i < kReplays && !HasFailure(); i = next++) {
      ChildSpec spec;
      spec.argv = {std::string(RACELAB_BUILD_DIR) + "/" + GetParam() + "/bin/explored/primitives", "wrong",
                   "condition_variable"};
      spec.directory = i % 2 == 0 ? "/" : "";
      spec.environment.emplace_back("SOME_VARIABLE", std::string(static_cast<size_t>(i * 3), 'x'));  // Moves the stack.
      const InterleaveResult result = RunUnderInterleave(std::move(spec), options);
      ASSERT_EQ(result.explorations.size(), 1u) << result.problem << result.child.last_words;
      ASSERT_EQ(Trace(result.explorations[0]), trace) << "replay " << i;
    }
  };
  std::vector<std::thread> workers;
  for (int i = 0; i < kAtOnce; ++i) workers.emplace_back(replay);
  for (std::thread& worker : workers) worker.join();
}

TEST_P(ReplayTest, NamesTheStepAtWhichAScheduleDoesNotFit) {
  InterleaveOptions options = Whole();
  options.search = "replay:9";
  const Exploration exploration = Explore("primitives", {"right", "mutex"}, options);
  ASSERT_FALSE(exploration.failures.empty());
  EXPECT_EQ(exploration.failures[0].kind, "not deterministic");
}

RACELAB_FOR_EACH_TREE(ReplayTest);

}  // namespace
}  // namespace racelab
