#include "tests/support/memory_left.h"

#include <sys/stat.h>

#include <chrono>
#include <cstdint>
#include <thread>

#include "tests/support/block_count.h"

namespace racelab {
namespace {

// How many threads this process has. The system counts a thread until it has left the program for good. (Each folder in
// /proc/self/task is a thread, and each folder is a link to the one that it is in.)
int Threads() {
  struct stat tasks;
  return stat("/proc/self/task", &tasks) == 0 ? static_cast<int>(tasks.st_nlink) : 0;
}

// Waits until there are no more threads than `before`, or those that there are seem to stay. Sleeps, so that they get
// the processor.
void AwaitThreadsBut(int before) {
  constexpr int kNaps = 1'000;
  int nap = 0;
  do std::this_thread::sleep_for(std::chrono::milliseconds(1));
  while (Threads() > before && ++nap < kNaps);
}

// Does `work` as often as this, and waits for the threads that it has detached.
void Do(int times, absl::FunctionRef<void()> work) {
  std::thread([] {}).join();  // With the first thread, ThreadSanitizer creates one of its own.
  const int before = Threads();
  for (int i = 0; i < times; ++i) work();
  AwaitThreadsBut(before);
}

}  // namespace

int BlocksLeftBy(absl::FunctionRef<void()> work) {
  constexpr int kTimes = 20;
  const auto on_a_thread = [&] { std::thread(work).join(); };
  Do(1, on_a_thread);
  const int before = Blocks();
  Do(kTimes, on_a_thread);
  return (Blocks() - before) / kTimes;
}

std::int64_t BytesLeftBy(int times, absl::FunctionRef<void()> work) {
  Do(times, work);
  const std::int64_t before = Bytes();
  Do(times, work);
  return Bytes() - before;
}

}  // namespace racelab
