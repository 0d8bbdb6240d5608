#ifndef RACELAB_LABS_FIRST_THREADS_TWO_AT_ONCE_SIDE_BY_SIDE_H_
#define RACELAB_LABS_FIRST_THREADS_TWO_AT_ONCE_SIDE_BY_SIDE_H_

#include <sched.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <mutex>
#include <thread>

// Measures, on your machine, what running two functions at once gains.

namespace side_by_side {

// Waits as long as another machine might take to answer.
inline void Wait() { std::this_thread::sleep_for(std::chrono::milliseconds(100)); }

inline constexpr int kSlices = 1000;

// A good deal of arithmetic, with no shared data.
inline void ComputeSlice(std::uint64_t& state) {
  for (int i = 0; i < 60'000; ++i) state = state * 6364136223846793005u + 1442695040888963407u;
}

inline void Compute() {
  std::uint64_t state = 1;
  for (int slice = 0; slice < kSlices; ++slice) ComputeSlice(state);
  volatile std::uint64_t keep = state;
  static_cast<void>(keep);
}

// The same, but each slice must hold one lock.
inline void ComputeUnderOneLock() {
  static std::mutex one;
  std::uint64_t state = 1;
  for (int slice = 0; slice < kSlices; ++slice) {
    const std::lock_guard lock(one);
    ComputeSlice(state);
  }
  volatile std::uint64_t keep = state;
  static_cast<void>(keep);
}

inline int Milliseconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return static_cast<int>((std::chrono::steady_clock::now() - begin) / std::chrono::milliseconds(1));
}

inline void PrintRow(const char* what, void (*function)()) {
  const int sequential = Milliseconds([&] {
    function();
    function();
  });
  const int concurrent = Milliseconds([&] {
    std::thread thread1(function);
    std::thread thread2(function);
    thread1.join();
    thread2.join();
  });
  std::printf("%-30s%17d ms%9d ms\n", what, sequential, concurrent);
}

// The processors that this program may use, which can be fewer than the machine has (`taskset`).
inline int Processors() {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0) return CPU_COUNT(&allowed);
  return static_cast<int>(std::thread::hardware_concurrency());
}

inline void PrintTable() {
  std::printf("two functions, %2d processor(s)  one after the other     at once\n", Processors());
  PrintRow("  both wait", Wait);
  PrintRow("  both compute", Compute);
  PrintRow("  both compute under one lock", ComputeUnderOneLock);
  std::printf("\n");
}

}  // namespace side_by_side

#endif  // RACELAB_LABS_FIRST_THREADS_TWO_AT_ONCE_SIDE_BY_SIDE_H_
