#ifndef RACELAB_TESTS_SUPPORT_WATCHED_MEMORY_H_
#define RACELAB_TESTS_SUPPORT_WATCHED_MEMORY_H_

#include <cstdint>
#include <vector>

namespace racelab {

// The memory that a process shares with those that it forks, and the accesses to it one by one: they are detected by
// memory protection, and counted by single steps. x86-64 only.

struct MemoryRange {
  std::uintptr_t begin, end;
};

// The shared anonymous memory of this process.
std::vector<MemoryRange> SharedMemory();

// The part of `ranges` that is not in `known`. The system merges neighbouring ranges, so a range that has grown is
// split.
std::vector<MemoryRange> Without(const std::vector<MemoryRange>& ranges, const std::vector<MemoryRange>& known);

// From now on, counts this process's accesses to `memory`. Before access `stop_at` (0: never), writes its number, a
// std::int64_t, to `tell`, and waits for a byte from `go`; accesses after that are not counted.
void BeginWatching(const std::vector<MemoryRange>& memory, std::int64_t stop_at, int tell, int go);

// Returns the number of accesses, if the process was not stopped.
std::int64_t EndWatching();

// A system call that bypasses the C library, which would change errno, and any runtime's interceptors.
long SystemCall(long number, long a, long b, long c);

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_WATCHED_MEMORY_H_
