#ifndef RACELAB_TESTS_SANITIZERS_INTERLEAVE_REFERENCE_STATE_H_
#define RACELAB_TESTS_SANITIZERS_INTERLEAVE_REFERENCE_STATE_H_

// A state of a small program in the reference interpreter: bytes that can be compared.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string_view>

#include "tests/sanitizers/explored/random_operations.h"

namespace racelab::reference {

inline constexpr int kThreads = kMostRandomThreads;
inline constexpr std::int8_t kNobody = -1;

// For each thread, the number of its accesses to relevant variables that happen before.
struct Clock {
  std::uint8_t at[kThreads];

  void Join(const Clock& other) {
    for (int i = 0; i < kThreads; ++i) at[i] = std::max(at[i], other.at[i]);
  }
};

enum class Phase : std::uint8_t { kNotCreated, kRunning, kFinished };

struct ThreadState {
  Phase phase;
  std::uint8_t at;      // the index of its operation
  std::uint8_t within;  // its progress within that operation
  std::uint8_t number;  // in the order of creation
  std::uint8_t fresh;   // how many new numbers it has stored
  std::uint8_t final_loads;
  bool has_read;    // whether its last read was not 0; only where that matters
  bool ends_early;  // by pthread_exit()
  bool detached_itself;
  bool locked;  // the mutex for its current operation
  bool timed_out;
  bool created[kThreads], unjoined[kThreads];
  std::uint8_t failed_at;  // 1 + the variable of the last weak compare-exchange that failed without cause
  std::uint32_t digest;
  std::int32_t seen;  // the value that its current operation has read
  Clock clock, to_acquire, released_by_fence;
};

struct VariableState {
  std::int32_t value;
  Clock released;
  std::uint8_t last[kThreads][2][2];  // each thread's last access: [is atomic][is write]
};

struct MutexState {
  std::int8_t owner;
  std::uint8_t depth;
  Clock released;
};

struct ReadWriteLockState {
  std::int8_t owner;
  std::uint8_t writers_waiting;
  std::uint8_t holds[kThreads];  // of each reader
  Clock released, released_by_readers;

  bool IsRead() const {
    return std::any_of(std::begin(holds), std::end(holds), [](std::uint8_t count) { return count > 0; });
  }
};

// In the order of arrival.
struct QueueState {
  std::uint8_t count;
  std::uint8_t threads[kThreads];

  void Add(int thread) { threads[count++] = static_cast<std::uint8_t>(thread); }
  void Remove(int thread) {
    std::uint8_t* end = std::remove(threads, threads + count, static_cast<std::uint8_t>(thread));
    count = static_cast<std::uint8_t>(end - threads);
    std::fill(end, std::end(threads), 0);
  }
};

struct SemaphoreState {
  std::uint8_t value;
  Clock released;
};

struct BarrierState {
  std::uint8_t arrived;
  bool waits[kThreads];
};

struct OnceState {
  std::int8_t owner;
  bool done;
  Clock released;
};

struct State {
  ThreadState threads[kThreads];
  VariableState variables[2];
  MutexState mutexes[4];
  ReadWriteLockState read_write_locks[2];
  QueueState conditions[2];
  SemaphoreState semaphores[2];
  BarrierState barriers[2];
  OnceState onces[3];  // the last is the throwing one
  std::uint8_t created, joined;
  bool ended;  // main has returned this exit code
  std::int32_t exit_code;

  State() {
    std::memset(static_cast<void*>(this), 0, sizeof *this);  // The padding too: states are compared as bytes.
    for (MutexState& mutex : mutexes) mutex.owner = kNobody;
    for (ReadWriteLockState& lock : read_write_locks) lock.owner = kNobody;
    for (OnceState& once : onces) once.owner = kNobody;
  }
  State(const State& other) { std::memcpy(static_cast<void*>(this), &other, sizeof *this); }
  State& operator=(const State& other) {
    std::memcpy(static_cast<void*>(this), &other, sizeof *this);
    return *this;
  }
  std::string_view bytes() const { return {reinterpret_cast<const char*>(this), sizeof *this}; }
  bool operator==(const State& other) const { return bytes() == other.bytes(); }
};

struct HashOfState {
  std::size_t operator()(const State& state) const { return std::hash<std::string_view>()(state.bytes()); }
};

}  // namespace racelab::reference

#endif  // RACELAB_TESTS_SANITIZERS_INTERLEAVE_REFERENCE_STATE_H_
