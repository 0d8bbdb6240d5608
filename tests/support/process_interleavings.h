#ifndef RACELAB_TESTS_SUPPORT_PROCESS_INTERLEAVINGS_H_
#define RACELAB_TESTS_SUPPORT_PROCESS_INTERLEAVINGS_H_

#include <functional>

#include "absl/functional/function_ref.h"

namespace racelab {

// What happens to a stopped process when the other one has ended or sleeps.
enum class Stopped { kGoesOn, kIsKilled };

// Runs `scenario` in the interleavings of the two processes that it starts by RunInProcesses(), and stops at the first
// failed expectation.
//
//   TEST(HitBoard, KeepsTheHitsOfTwoProcesses) {
//     ProcessInterleavings([] {
//       HitBoard board;
//       RunInProcesses([&] { board.Record(); }, [&] { board.Record(); });
//       EXPECT_EQ(board.Total(), 2);
//     });
//   }
//
// ThreadSanitizer and the second runtime both examine the threads of one process. This function examines two processes
// and the memory that they share: the shared anonymous memory (MAP_SHARED) that the scenario creates. The first process
// runs until it is about to access that memory for the k-th time; the second process runs to its end, or until it
// sleeps, or has been at work for so long that it may be polling for the first; then the first continues. Over all k,
// these are all interleavings at these accesses in which the first process is preempted once, including the two in
// which the processes do not overlap. (If the two do different things, run the scenario with their roles exchanged,
// too.) It is a failure if a process still sleeps when the other one has ended: it would sleep for ever.
//
// The accesses are detected by memory protection and counted by single steps. Only the question whether a process
// sleeps or polls depends on the clock, and a wrong answer costs an interleaving, but never causes a false alarm. Not
// detected: accesses by the kernel on a process's behalf (a read() into shared memory fails here), and memory that is
// shared in other ways (files, System V).
//
// The scenario creates new objects each time, and has no other thread while RunInProcesses() runs. Skips the test if
// the processor is not an x86-64, and under the second runtime, which supports one process only.
void ProcessInterleavings(absl::FunctionRef<void()> scenario, Stopped stopped = Stopped::kGoesOn);

// Runs each function in a process of its own, forked from this one, and returns when both have ended; they die with
// this process. They communicate through shared memory or by messages; assertions stay in the calling process. Outside
// ProcessInterleavings(), they run one after the other. Where a program chooses one of 2, 3, 4, 6, 8 ... 64 places by
// the number of a process, both choose the same. Returns whether both have ended properly; if not, the test has failed,
// and the shared data may be in any state (a lock may be held for ever).
[[nodiscard]] bool RunInProcesses(const std::function<void()>& first, const std::function<void()>& second);

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_PROCESS_INTERLEAVINGS_H_
