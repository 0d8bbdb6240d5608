// The futex system call, on which std::atomic::wait, std::counting_semaphore, std::latch, std::future and Abseil's
// locks sleep. Calls through the C library's syscall() are intercepted here, including requests for memory.

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <iterator>
#include <utility>

#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/kernel.h"
#include "sanitizers/interleave/library_calls.h"
#include "sanitizers/interleave/model/futex.h"
#include "sanitizers/interleave/system_call.h"

namespace racelab::interleave {
namespace {

// Within an announcing library (Abseil), the futex implements the announced operation, and is no step of its own.
bool IsStep() { return execution.me().ignoring == 0 && execution.me().announcing == 0; }

// A thread that sleeps within an announced lock (until a condition is true) takes the mutex when it wakes: a step.
void LockAnnouncedAgain(const void* pc) {
  Thread& thread = execution.me();
  if (thread.announcing == 0 || !thread.announces_lock) return;
  const int depth = std::exchange(thread.announcing, 0);
  execution.Step(OnLock(Kind::kLock, thread.announced, pc));
  thread.announcing = depth;
}

std::int64_t WakesAt(const timespec* timeout, int operation) {
  if (timeout == nullptr) return kNever;
  const bool relative = (operation & FUTEX_CMD_MASK) == FUTEX_WAIT;
  if (relative) return execution.now + timeout->tv_sec * 1'000'000'000 + timeout->tv_nsec;
  return VirtualTime(timeout, (operation & FUTEX_CLOCK_REALTIME) == 0);
}

constexpr std::uint32_t kAnyBit = FUTEX_BITSET_MATCH_ANY;

// A wake reaches a sleeper only if its `bits` have one in common with the sleeper's.
long WaitFor(std::uint32_t* word, std::uint32_t value, const timespec* timeout, int operation, std::uint32_t bits,
             const void* pc) {
  const Operation wait = OnFutexWait(Address(word), value, pc);
  if (IsStep()) {
    execution.Step(wait);
    if (!IsInUnseenLibrary(pc)) execution.Touch(Address(word), pc);  // A library may have freed it already.
  }
  if (*word != value) {
    errno = EAGAIN;
    return -1;
  }
  const int me = execution.current;
  const std::uintptr_t queue = Address(word);
  execution.futexes[queue].Add(me);
  execution.me().futex_bits = bits;
  const bool timed = timeout != nullptr;
  Operation asleep = AsleepOnFutex(wait, timed);
  if (execution.me().announcing > 0) {
    asleep = OnLock(timed ? Kind::kTimeout : Kind::kWait, execution.me().announced, pc);
    asleep.reads |= kAnnounced;
  }
  if (execution.Sleep(WakesAt(timeout, operation), asleep) == Execution::WokenBy::kThread) {
    LockAnnouncedAgain(pc);
    return 0;
  }
  execution.futexes[queue].Remove(me);
  errno = ETIMEDOUT;
  return -1;
}

long Wake(std::uint32_t* word, std::uint32_t most, std::uint32_t bits, const void* pc) {
  if (IsStep()) execution.Step(OnFutexWake(Address(word), pc));
  WaitQueue& waiting = execution.futexes[Address(word)];
  long woken = 0;
  while (woken < static_cast<long>(most)) {
    const int thread =
        waiting.TakeFirst([bits](int sleeper) { return (execution.threads[sleeper].futex_bits & bits) != 0; });
    if (thread < 0) break;
    execution.Wake(thread, Address(word));
    ++woken;
  }
  return woken;
}

const char* NameOfFutex(int operation) {
  constexpr const char* kNames[] = {
      "WAIT",      "WAKE",       "FD",          "REQUEUE",     "CMP_REQUEUE",     "WAKE_OP",        "LOCK_PI",
      "UNLOCK_PI", "TRYLOCK_PI", "WAIT_BITSET", "WAKE_BITSET", "WAIT_REQUEUE_PI", "CMP_REQUEUE_PI", "LOCK_PI2"};
  const auto number = static_cast<std::size_t>(operation & FUTEX_CMD_MASK);
  return number < std::size(kNames) ? kNames[number] : "of an unknown kind";
}

long Futex(std::uint32_t* word, int operation, std::uint32_t value, const timespec* timeout, std::uint32_t bits,
           const void* pc) {
  const int command = operation & FUTEX_CMD_MASK;
  if (command == FUTEX_WAIT || command == FUTEX_WAKE) bits = kAnyBit;
  switch (command) {
    case FUTEX_WAIT:
    case FUTEX_WAIT_BITSET:
    case FUTEX_WAKE:
    case FUTEX_WAKE_BITSET:
      if (bits == 0) {
        errno = EINVAL;
        return -1;
      }
      if (command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET)
        return WaitFor(word, value, timeout, operation, bits, pc);
      return Wake(word, value, bits, pc);
    case FUTEX_UNLOCK_PI:
      if (*word != 0) break;
      errno = EPERM;  // Nobody owns it: the C library only tests whether the kernel supports such futexes.
      return -1;
    default:
      break;
  }
  execution.FailAt(FailureKind::kUnsupported, pc, "T%d calls futex(FUTEX_%s), which this runtime does not control",
                   execution.me().number, NameOfFutex(operation));
}

}  // namespace

long FutexCall(const long* arguments, const void* pc) {
  return Futex(reinterpret_cast<std::uint32_t*>(arguments[0]), static_cast<int>(arguments[1]),
               static_cast<std::uint32_t>(arguments[2]), reinterpret_cast<const timespec*>(arguments[3]),
               static_cast<std::uint32_t>(arguments[5]), pc);
}

}  // namespace racelab::interleave

RACELAB_INTERCEPTOR long syscall(long number, ...) noexcept {
  va_list list;
  va_start(list, number);
  long a[6];
  for (long& argument : a) argument = va_arg(list, long);
  va_end(list);
  if (number == SYS_futex && racelab::interleave::Live()) {
    return racelab::interleave::FutexCall(a, RACELAB_CALLER);
  }
  if (racelab::interleave::Live()) return racelab::interleave::CallKernelWithMemory(number, a, RACELAB_CALLER);
  if (number == SYS_mmap) {  // Abseil's own allocator requests memory in this way.
    return reinterpret_cast<long>(mmap(reinterpret_cast<void*>(a[0]), static_cast<std::size_t>(a[1]),
                                       static_cast<int>(a[2]), static_cast<int>(a[3]), static_cast<int>(a[4]), a[5]));
  }
  if (number == SYS_munmap) return munmap(reinterpret_cast<void*>(a[0]), static_cast<std::size_t>(a[1]));
  const long result = racelab::interleave::SystemCall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  if (!racelab::interleave::IsError(result)) return result;
  errno = static_cast<int>(-result);
  return -1;
}
