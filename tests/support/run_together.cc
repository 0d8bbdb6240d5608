#include "tests/support/run_together.h"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <thread>
#include <vector>

#include "tests/support/crew.h"
#include "tests/support/hand_shake.h"
#include "tests/support/interleavings.h"
#include "tests/support/second_runtime.h"

namespace racelab {
namespace {

using Function = absl::FunctionRef<void()>;
using Functions = absl::Span<const Function>;

int Orders(int threads) { return threads <= 1 ? 1 : threads * Orders(threads - 1); }

// The `number`th order in which the threads can run one after another.
std::vector<int> Order(int threads, int number) {
  std::vector<int> order(threads);
  std::iota(order.begin(), order.end(), 0);
  while (number-- > 0) std::next_permutation(order.begin(), order.end());
  return order;
}

// Releases all threads once the last has arrived, and creates no happens-before edge between them.
class StartLine {
 public:
  explicit StartLine(int threads) : missing_(threads) {}

  void Arrive() {
    if (missing_.fetch_sub(1, std::memory_order_relaxed) == 1) go_.Signal();
    // Polls at first: a thread that must be woken starts too late to meet the others.
    if (!go_.AwaitBriefly()) go_.Await();
  }

 private:
  alignas(64) std::atomic<int> missing_;  // For the reason given in HandShake.
  HandShake go_;
};

// A delay of a few nanoseconds, which differs between repetitions and threads, so that the threads meet in different
// places.
void Stagger(int thread) {
  static std::atomic<int> sink;
  const int delay = (CurrentRepetition() * (thread + 1) * 7) % 61;
  for (int i = 0; i < delay; ++i) sink.store(i, std::memory_order_relaxed);
}

// A function that begins at nearly the same time as all others.
struct Starter {
  void operator()() const {
    start.Arrive();
    Stagger(thread);
    function();
  }

  StartLine& start;
  Function function;
  int thread;
};

Crew* kept = nullptr;  // Of the running Interleavings().

// For the second runtime, which produces every meeting itself.
void RunEach(Functions functions) {
  std::vector<std::thread> threads;
  for (const Function& function : functions) threads.emplace_back(function);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

void RunAllSimultaneously(Functions functions) {
  if (UnderSecondRuntime()) return RunEach(functions);
  StartLine start(static_cast<int>(functions.size()));
  std::vector<Starter> starters;
  for (int i = 0; i < static_cast<int>(functions.size()); ++i) starters.push_back({start, functions[i], i});
  const std::vector<Function> started(starters.begin(), starters.end());
  Crew own;
  (kept != nullptr ? *kept : own).Run(started);
}

KeepThreads::KeepThreads() { kept = &crew_; }
KeepThreads::~KeepThreads() { kept = nullptr; }

void RunInTurnOrSimultaneously(Functions functions) {
  if (UnderSecondRuntime()) return RunEach(functions);
  const int count = static_cast<int>(functions.size());
  if (CurrentRepetition() >= Orders(count)) return RunAllSimultaneously(functions);

  // All threads exist before the first function begins: to create or join one in between would order their actions.
  const std::vector<int> order = Order(count, CurrentRepetition());
  std::vector<HandShake> turn(count + 1);
  std::vector<std::thread> threads;
  for (int place = 0; place < count; ++place) {
    threads.emplace_back([&mine = turn[place], &next = turn[place + 1], function = functions[order[place]]] {
      mine.Await();
      function();
      next.Signal();
    });
  }
  turn[0].Signal();
  for (std::thread& thread : threads) thread.join();
}

}  // namespace racelab
