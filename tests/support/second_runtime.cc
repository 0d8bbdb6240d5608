#include "tests/support/second_runtime.h"

#include <exception>
#include <mutex>
#include <string>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "sanitizers/interleave/interleave.h"

namespace racelab {
namespace {

// Looked up before main(): initialising a static variable at its first use would order the threads that meet there, and
// thus hide their races.
const auto interleave_kept = FindInSecondRuntime<int()>("racelab_interleave_kept");
const auto interleave_older_values = FindInSecondRuntime<int()>("racelab_interleave_older_values");

struct Scenario {
  absl::FunctionRef<void()> run;
  std::exception_ptr thrown;
};

std::string LatestFailure() {
  const testing::TestResult& result = *testing::UnitTest::GetInstance()->current_test_info()->result();
  for (int i = result.total_part_count(); i-- > 0;) {
    const testing::TestPartResult& part = result.GetTestPartResult(i);
    if (!part.failed()) continue;
    const std::string place = part.file_name() == nullptr
                                  ? ""
                                  : std::string(part.file_name()) + ":" + std::to_string(part.line_number()) + ": ";
    return place + part.summary();
  }
  return "the test failed";
}

void RunScenario(void* argument) {
  auto& scenario = *static_cast<Scenario*>(argument);
  static const auto fail = FindInSecondRuntime<void(const char*)>("racelab_interleave_fail");
  try {
    scenario.run();
  } catch (const std::exception& exception) {
    if (interleave_kept() == 0) fail((std::string("an exception leaves the scenario: ") + exception.what()).c_str());
    scenario.thrown = std::current_exception();
  } catch (...) {
    if (interleave_kept() == 0) fail("an exception leaves the scenario");
    scenario.thrown = std::current_exception();
  }
  if (testing::Test::HasFailure() && interleave_kept() == 0) fail(LatestFailure().c_str());
}

// When a thread first has to wait, Abseil's locks measure the processor's clock, once per process. Triggers this in
// advance, so that it does not happen in every interleaving.
void WarmUp() {
  absl::Mutex mutex;
  bool ready = false;
  std::thread waiting([&] {
    absl::MutexLock lock(&mutex);
    mutex.Await(absl::Condition(&ready));
  });
  {
    absl::MutexLock lock(&mutex);
    ready = true;
  }
  waiting.join();
  absl::MutexLock lock(&mutex);
  mutex.AwaitWithTimeout(absl::Condition::kTrue, absl::ZeroDuration());
  bool never = false;
  mutex.AwaitWithTimeout(absl::Condition(&never), absl::Microseconds(1));
}

std::string CurrentTestName() {
  const testing::TestInfo* test = testing::UnitTest::GetInstance()->current_test_info();
  return test == nullptr ? "" : std::string(test->test_suite_name()) + "." + test->name();
}

}  // namespace

bool UnderSecondRuntime() { return interleave_kept != nullptr; }

bool LoadsMayReturnOlderValues() { return interleave_older_values != nullptr && interleave_older_values() != 0; }

void ExploreInterleavings(absl::FunctionRef<void()> scenario) {
  if (testing::Test::HasFailure()) return;
  static const auto explore = FindInSecondRuntime<decltype(racelab_interleave_explore)>("racelab_interleave_explore");
  static std::once_flag warm;
  std::call_once(warm, WarmUp);
  const std::string name = CurrentTestName();
  Scenario explored = {scenario, nullptr};
  char message[4096];
  if (explore(name.c_str(), RunScenario, &explored, message, sizeof message) == 0) return;
  if (explored.thrown != nullptr) std::rethrow_exception(explored.thrown);
  ADD_FAILURE() << message;
}

}  // namespace racelab
