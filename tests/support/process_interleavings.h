#ifndef RACELAB_TESTS_SUPPORT_PROCESS_INTERLEAVINGS_H_
#define RACELAB_TESTS_SUPPORT_PROCESS_INTERLEAVINGS_H_

#include <functional>

#include "absl/functional/function_ref.h"

namespace racelab {

// What becomes of a process that has been stopped once the other one has ended, or sleeps.
enum class Stopped { kGoesOn, kIsKilled };

// Runs `scenario` in the interleavings of the two processes that it starts by RunInProcesses(), and stops at the first
// in which an expectation fails.
//
//   TEST(HitBoard, KeepsTheHitsOfTwoProcesses) {
//     ProcessInterleavings([] {
//       HitBoard board;
//       RunInProcesses([&] { board.Record(); }, [&] { board.Record(); });
//       EXPECT_EQ(board.Total(), 2);
//     });
//   }
//
// ThreadSanitizer and the second runtime both look at the threads of one process. This looks at two processes, and at
// what they have in common: the shared anonymous memory (MAP_SHARED) that the scenario has made. The first process runs
// until it is about to access that memory for the k-th time; the second runs, to its end or until it sleeps; then the
// first goes on. So for each k: all interleavings at these accesses in which the first is preempted once. (Where the
// two do different things, run the scenario with their roles exchanged, too.) That they do not overlap, in either
// order, is among them. A process that still sleeps when the other one has ended sleeps for ever, and that is a
// failure.
//
// The accesses are found by the memory protection and counted by single steps: nothing is left to the clock but the
// question whether a process sleeps, and an answer that is wrong costs an interleaving and never raises a false alarm.
// What it does not see: accesses by the kernel on a process's behalf (a read() into shared memory fails here), and
// memory that is shared in other ways (files, System V).
//
// The scenario makes all of its objects anew, and has no thread of its own while RunInProcesses() runs. Skips the test
// where the processor is not an x86-64 one, and under the second runtime, which knows one process only.
void ProcessInterleavings(absl::FunctionRef<void()> scenario, Stopped stopped = Stopped::kGoesOn);

// Runs each function in a process of its own, forked from this one, and returns when both have ended; they die with
// this one. They act and record in shared memory, or by messages; assertions stay in the calling process. Outside of
// ProcessInterleavings() they run one after the other. Returns whether both came to their end; if not, the test has
// failed, and what they shared may be in any state (a lock may be taken for good).
[[nodiscard]] bool RunInProcesses(const std::function<void()>& first, const std::function<void()>& second);

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_PROCESS_INTERLEAVINGS_H_
