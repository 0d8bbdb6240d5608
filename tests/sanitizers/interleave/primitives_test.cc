// Each primitive that the second runtime models: a right program passes in every interleaving; a wrong one fails in at
// least one, in the expected way.

#include <map>
#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sanitizers/interleave/explored.h"

namespace racelab {
namespace {

using ::testing::HasSubstr;

const std::map<std::string, std::string>& WrongPrograms() {
  static const auto& wrong = *new std::map<std::string, std::string>{
      {"absl_await", "deadlock"},
      {"absl_barrier", "abort"},
      {"absl_blocking_counter", "deadlock"},
      {"absl_cond_var", "deadlock"},
      {"absl_deadlock", "deadlock"},
      {"absl_mutex", "data race"},
      {"absl_notification", "data race"},
      {"absl_readers", "data race"},
      {"async", "uncaught exception"},
      {"atomic_wait", "deadlock"},
      {"barrier", "abort"},
      {"choice", "abort"},
      {"compare_exchange", "abort"},
      {"condition_variable", "deadlock"},
      {"creation_fails", "uncaught exception"},
      {"detach", "abort"},
      {"exception", "uncaught exception"},
      {"fence", "data race"},
      {"future", "data race"},
      {"heap", "use after free"},
      {"latch", "data race"},
      {"mutex", "data race"},
      {"once", "abort"},
      {"posix_barrier", "deadlock"},
      {"posix_semaphore", "data race"},
      {"posix_spin_lock", "data race"},
      {"punctual_time", "abort"},
      {"recursive_mutex", "deadlock"},
      {"semaphore", "data race"},
      {"shared_mutex", "data race"},
      {"shared_pointer", "data race"},
      {"spin", "no progress"},
      {"spin_lock", "data race"},
      {"spin_with_yield", "data race"},
      {"static_local", "data race"},
      {"thread_exit", "misuse of a mutex"},
      {"thread_local", "data race"},
      {"time", "abort"},
      {"timed_mutex", "data race"},
      {"timed_wait", "abort"},
      {"try_lock", "abort"},
      {"address_used_again", "abort"},
      {"clock", "abort"},
      {"condition_freed", "use after free"},
      {"detach_twice", "misuse of a thread"},
      {"detached_at_the_end", "data race"},
      {"fails_before_the_end", "abort"},
      {"freed_by_one_thread", "use after free"},
      {"gives_up", "abort"},
      {"handler_at_quick_exit", "abort"},
      {"handlers_at_the_end", "abort"},
      {"many_steps", "abort"},
      {"many_threads", "data race"},
      {"mutex_destroyed", "misuse of a mutex"},
      {"mutex_freed", "use after free"},
      {"once_throws", "abort"},
      {"pass_a_token", "no progress"},
      {"poll_and_sleep", "abort"},
      {"poll_under_mutex", "no progress"},
      {"pure_virtual_call", "abort"},
      {"race_far_away", "abort"},
      {"read_lock_twice", "deadlock"},
      {"robust_mutex", "misuse of a mutex"},
      {"robust_mutex_tried", "abort"},
      {"static_at_the_end", "data race"},
      {"thread_leak", "thread leak"},
      {"try_write_lock", "abort"},
      {"two_flags", "abort"},
      {"waits_in_one_loop", "abort"},
      {"wake_up_without_cause", "abort"},
      {"yields_first", "abort"},
      {"spins_alone", "no progress"},
      {"cancelled_wait", "misuse of a mutex"},
      {"cancelled_in_loop", "no progress"},
      {"cancelled_in_pause", "deadlock"},
      {"cancelled_in_read", "deadlock"},
      {"cancelled_in_semaphore", "deadlock"},
      {"cancelled_with_unit", "deadlock"},
      {"invalid_moments", "abort"},
      {"keys", "abort"},
      {"mutex_of_c", "data race"},
      {"named_semaphore", "data race"},
      {"notified_while_cancelled", "deadlock"},
      {"priority_mutex", "data race"},
      {"recursive_wait", "deadlock"},
      {"semaphore_value", "abort"},
      {"threads_of_c", "deadlock"},
      {"timed_join", "abort"},
      {"unlocked_by_another", "deadlock"},
      {"announced_lock_destroyed", "misuse of a mutex"},
      {"answer_of_the_system", "data race"},
      {"call_by_number", "data race"},
      {"descriptor_opened", "data race"},
      {"handler_is_told_the_code", "data race"},
      {"mapped_anew", "data race"},
      {"tries_to_join", "abort"},
      {"unlock_is_checked", "abort"},
      {"announced_lock_reentrant", "data race"},
      {"address_after_free", "abort"},
      {"announced_order", "data race"},
      {"barrier_destroyed", "data race"},
      {"memory_unmapped", "use after free"},
      {"descriptor_closed", "data race"},
      {"descriptor_replaced", "data race"},
      {"handler_leaves_errno", "misuse of a thread"},
      {"handler_sleeps", "deadlock"},
      {"ignored_accesses", "data race"},
      {"ignored_order", "data race"},
      {"ignored_until_the_end", "misuse of a thread"},
      {"joins_who_ends_the_process", "data race"},
      {"key_used_again", "abort"},
      {"race_that_is_meant", "data race"},
      {"race_that_is_meant_bites", "abort"},
      {"ready_at_the_end_of_a_thread", "data race"},
      {"reference_before_growth", "use after free"},
      {"text_of_an_error", "data race"},
      {"text_of_an_unknown_error", "abort"},
      {"rounding", "abort"},
      {"divided_by_zero", "abort"},
      {"long_divided_by_zero", "abort"},
      {"signal_after_join", "misuse of a thread"},
      {"cancel_after_join", "misuse of a thread"},
      {"not_joined", "abort"},
      {"futex_bits", "deadlock"},
      {"told_lock", "data race"},
      {"told_lock_destroyed", "misuse of a mutex"},
      {"told_lock_taken_twice", "misuse of a mutex"},
      {"clock_before_main", "abort"},
      {"computing_time", "abort"},
      {"computes_for_a_while", "abort"},
      {"time_of_c", "abort"},
      {"ticks", "abort"},
      {"named_thread", "abort"},
      {"ended_local", "use after free"},
      {"ended_thread_local", "use after free"},
      {"ended_text", "use after free"},
      {"ended_before_use", "use after free"},
      {"ended_creator", "use after free"},
      {"ended_latch", "use after free"},
      {"ended_atomic", "use after free"},
      {"ended_stack_used_again", "use after free"},
      {"ended_stack_of_program", "use after free"},
  };
  return wrong;
}

class PrimitivesTest : public ExploredTest {};

TEST_P(PrimitivesTest, EachHoldsWhereItIsUsedRightly) {
  for (const auto& [name, failure] : WrongPrograms()) {
    if (name == "semaphore") continue;  // Below.
    const Exploration exploration = Explore("primitives", {"right", name}, Whole());
    EXPECT_TRUE(exploration.complete) << name;
    EXPECT_TRUE(exploration.failures.empty())
        << name << ": " << (exploration.failures.empty() ? "" : exploration.failures[0].message);
  }
}

// ThreadSanitizer ignores fences, so the report must say where it may be wrong, and which order each step has.
TEST_P(PrimitivesTest, FencesAndOrdersAreReported) {
  EXPECT_FALSE(Explore("primitives", {"right", "atomic_wait"}, Whole()).fences);
  const Exploration fence = Explore("primitives", {"right", "fence"}, Whole());
  EXPECT_TRUE(fence.fences);
  EXPECT_TRUE(fence.weak_orders);
  const Exploration failing = Explore("misconceptions", {"weak_order"}, Whole());
  ASSERT_FALSE(failing.failures.empty());
  std::set<std::string> operations;
  for (const InterleavingStep& step : failing.failures[0].steps) operations.insert(step.order + " " + step.operation);
  EXPECT_TRUE(operations.contains("relaxed store") && operations.contains("relaxed load"));
}

// clang's code does not say which compare-exchanges are weak, but the names of the functions do.
TEST_P(PrimitivesTest, FailuresOfWeakCompareExchangesAreLeftOutOnlyWhereThereAreSome) {
  EXPECT_FALSE(Explore("counts", {"casw", "2"}, Whole()).no_weak_failures);
  const Exploration weak = Explore("primitives", {"right", "compare_exchange"}, Whole());
  EXPECT_EQ(weak.no_weak_failures, GetParam() == "tsan") << weak.executions;
}

// The library's own handler would only call abort(), and the report would name that place.
TEST_P(PrimitivesTest, APureVirtualCallIsNamedAtTheCall) {
  const Exploration exploration = Explore("primitives", {"wrong", "pure_virtual_call"}, Whole());
  const InterleavingFailure* failure = FailureOf(exploration, "abort");
  ASSERT_NE(failure, nullptr) << FirstMessage(exploration);
  EXPECT_NE(failure->message.find("calls a pure virtual function"), std::string::npos) << failure->message;
}

TEST_P(PrimitivesTest, ACallOfTerminateIsNamedAtTheCall) {
  const Exploration exploration = Explore("primitives", {"wrong", "not_joined"}, Whole());
  const InterleavingFailure* failure = FailureOf(exploration, "abort");
  ASSERT_NE(failure, nullptr) << FirstMessage(exploration);
  EXPECT_THAT(failure->message, HasSubstr("calls std::terminate()"));
}

// The interleavings that the reduction omits are right as well. (std::barrier has too many for this test.)
TEST_P(PrimitivesTest, EachHoldsInTheFullSearchWhereItIsUsedRightly) {
  InterleaveOptions options = Whole();
  options.search = "full";
  options.executions = 2'000;
  for (const auto& [name, failure] : WrongPrograms()) {
    if (name == "semaphore") continue;  // Below.
    const Exploration exploration = Explore("primitives", {"right", name}, options);
    EXPECT_TRUE(exploration.failures.empty())
        << name << ": " << (exploration.failures.empty() ? "" : exploration.failures[0].message);
  }
}

TEST_P(PrimitivesTest, EachFailsAsItIsUsedWrongly) {
  InterleaveOptions options = Whole();
  options.resolve = options.minimise = false;
  for (const auto& [name, kind] : WrongPrograms()) {
    const Exploration exploration = Explore("primitives", {"wrong", name}, options);
    EXPECT_NE(FailureOf(exploration, kind), nullptr) << name << ": " << FirstMessage(exploration);
  }
}

TEST_P(PrimitivesTest, ShowAChoiceAndANoteAsStepsOfTheirThread) {
  const Exploration exploration = Explore("primitives", {"wrong", "choice"}, Whole());
  ASSERT_FALSE(exploration.failures.empty());
  std::map<std::string, InterleavingStep> steps;
  for (const InterleavingStep& step : exploration.failures[0].steps)
    steps[step.operation + " " + std::to_string(step.thread)] = step;
  EXPECT_EQ(steps["choose 1"].before, 1u);
  EXPECT_EQ(steps["choose 2"].before, 2u);
  EXPECT_EQ(steps["note 0"].note, "both have chosen");
}

// libstdc++ 12 loses a wake-up of std::counting_semaphore: a release that finds the counter above 0 wakes no thread,
// although one may be about to sleep (https://gcc.gnu.org/bugzilla/show_bug.cgi?id=104928). The program is right; the
// library is not.
TEST_P(PrimitivesTest, FindTheLostWakeUpOfLibstdcxxsSemaphore) {
  if (_GLIBCXX_RELEASE != 12) GTEST_SKIP() << "another C++ library";
  InterleaveOptions options = Whole();
  const Exploration found = Explore("primitives", {"right", "semaphore"}, options);
  ASSERT_FALSE(found.failures.empty());
  const InterleavingFailure& failure = found.failures[0];
  EXPECT_EQ(failure.kind, "deadlock");
  ASSERT_EQ(failure.waiting.size(), 2u);
  EXPECT_EQ(failure.waiting[1].operation, "sleep on");
  EXPECT_FALSE(failure.steps.empty());

  options.search = "replay:" + failure.schedule;
  const Exploration replayed = Explore("primitives", {"right", "semaphore"}, options);
  ASSERT_FALSE(replayed.failures.empty());
  EXPECT_EQ(replayed.failures[0].message, failure.message);
}

RACELAB_FOR_EACH_TREE(PrimitivesTest);

}  // namespace
}  // namespace racelab
