// Virtual time stands still while the program computes, passes when a thread sleeps or times out, and advances slowly
// if a thread reads the clock again and again. Every execution begins at the same moment. How long a computation takes
// is unknown, so a sleep may end at any time. If the program wants punctual time, computing takes no time, and the
// clock shows how long the threads have slept.

#include <errno.h>
#include <sched.h>
#include <sys/time.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>

#include "sanitizers/interleave/interceptors/cancellation.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/mutation.h"
#include "sanitizers/interleave/signals.h"

namespace racelab::interleave {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMonotonicStart = 1'000 * kSecond;
constexpr std::int64_t kCalendarStart = 1'600'000'000 * kSecond;  // 13 September 2020.

// Limits moments in the distant past or future, to prevent overflow.
std::int64_t Nanoseconds(const timespec& t) {
  constexpr time_t kMostSeconds = INT64_MAX / kSecond / 2;
  return std::clamp<time_t>(t.tv_sec, -kMostSeconds, kMostSeconds) * kSecond + t.tv_nsec;
}

bool IsMonotonic(clockid_t clock) {
  return clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE && clock != CLOCK_TAI;
}

constexpr int kReadingsBeforeTimePasses = 8;  // Of one thread.

// How much time passes when a thread reads the clock. The amount doubles repeatedly, so that a loop that waits for a
// moment reaches it.
std::int64_t TimeOfReading(Thread& thread) {
  const int reading = thread.clock_readings++ - kReadingsBeforeTimePasses;
  return reading < 0 ? 0 : std::int64_t{1000} << std::min(reading / 8, 20);
}

// Depends on all operations that make time pass.
std::int64_t ReadClock(bool monotonic, const void* pc) {
  execution.left_out.virtual_time = true;
  if (!execution.punctual) {
    const std::int64_t passes = TimeOfReading(execution.me());
    Operation read;
    read.kind = Kind::kReadClock;
    read.reads = kTime;
    read.changes = passes == 0 ? Aspects{0} : kTime;
    read.pc = pc;
    if (Visible()) execution.Step(read);
    execution.now += passes;
  }
  return execution.now + (monotonic ? kMonotonicStart : kCalendarStart);
}

// Returns whether a signal handler ran during the sleep, which ends it.
bool SleepUntil(std::int64_t moment, const void* pc) {
  if (mutations.active) mutations.At(SiteKind::kSleep, pc);
  EnterCancellationPoint();
  bool interrupted = false;
  if (execution.punctual) {
    Operation wake_up;
    wake_up.kind = Kind::kTimeout;
    wake_up.pc = pc;
    execution.Sleep(moment, wake_up);
  } else {
    Operation sleep;
    sleep.kind = Kind::kSleep;
    sleep.changes = kTime;
    sleep.pc = pc;
    ForgetHandled();
    execution.GiveWay(sleep);
    interrupted = WasHandled();
    if (!interrupted) execution.now = std::max(execution.now, moment);
  }
  LeaveCancellationPoint(true);
  return interrupted;
}

bool IsSleep(const timespec* t) { return t->tv_sec >= 0 && IsValid(t); }

// Returns how much of the time was left when a signal handler ended the sleep; 0 if none did.
std::int64_t SleepFor(std::int64_t nanoseconds, const void* pc) {
  const std::int64_t end = execution.now + std::max<std::int64_t>(nanoseconds, 0);
  return SleepUntil(end, pc) ? std::max<std::int64_t>(end - execution.now, 1) : 0;
}

bool SleepFor(const timespec& time, timespec* rest, const void* pc) {
  const std::int64_t left = SleepFor(Nanoseconds(time), pc);
  if (left > 0 && rest != nullptr) *rest = {left / kSecond, left % kSecond};
  return left == 0;
}

}  // namespace

// Not a step, because it is called within a signal handler.
std::int64_t ReadTimeStamp() {
  if (!execution.live) return kMonotonicStart;
  execution.left_out.virtual_time = true;
  if (!execution.punctual) execution.now += TimeOfReading(execution.me());
  return execution.now + kMonotonicStart;
}

std::int64_t VirtualTime(const timespec* moment, bool monotonic) {
  return Nanoseconds(*moment) - (monotonic ? kMonotonicStart : kCalendarStart);
}

bool IsValid(const timespec* moment) { return moment->tv_nsec >= 0 && moment->tv_nsec < kSecond; }

bool CanWaitBy(clockid_t clock) { return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC; }

void AdvanceTo(const timespec* deadline, bool monotonic) {
  execution.now = std::max(execution.now, VirtualTime(deadline, monotonic));
}

}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR int clock_gettime(clockid_t clock, timespec* t) noexcept {
  if (!Live()) return REAL(clock_gettime)(clock, t);
  const std::int64_t now = ReadClock(IsMonotonic(clock), RACELAB_CALLER);
  *t = {now / kSecond, now % kSecond};
  NoteResult(t, RACELAB_CALLER);
  return 0;
}
RACELAB_INTERCEPTOR int gettimeofday(timeval* t, void* zone) noexcept {
  if (!Live()) return REAL(gettimeofday)(t, zone);
  const std::int64_t now = ReadClock(false, RACELAB_CALLER);
  *t = {now / kSecond, now % kSecond / 1000};
  NoteResult(t, RACELAB_CALLER);
  return 0;
}
RACELAB_INTERCEPTOR time_t time(time_t* result) noexcept {
  if (!Live()) return REAL(time)(result);
  const time_t now = ReadClock(false, RACELAB_CALLER) / kSecond;
  if (result != nullptr) *result = now;
  NoteResult(result, RACELAB_CALLER);
  return now;
}
RACELAB_INTERCEPTOR int nanosleep(const timespec* t, timespec* rest) {
  if (!Live()) return REAL(nanosleep)(t, rest);
  if (!IsSleep(t)) {
    errno = EINVAL;
    return -1;
  }
  if (SleepFor(*t, rest, RACELAB_CALLER)) return 0;
  errno = EINTR;
  return -1;
}
RACELAB_INTERCEPTOR int clock_nanosleep(clockid_t clock, int flags, const timespec* t, timespec* rest) {
  if (!Live()) return REAL(clock_nanosleep)(clock, flags, t, rest);
  if (clock == CLOCK_THREAD_CPUTIME_ID || !IsSleep(t)) return EINVAL;
  if (flags & TIMER_ABSTIME) return SleepUntil(VirtualTime(t, IsMonotonic(clock)), RACELAB_CALLER) ? EINTR : 0;
  return SleepFor(*t, rest, RACELAB_CALLER) ? 0 : EINTR;
}
RACELAB_INTERCEPTOR int thrd_sleep(const timespec* t, timespec* rest) {
  if (!Live()) return REAL(thrd_sleep)(t, rest);
  if (!IsSleep(t)) return -2;  // The C library's result for an error other than an interruption.
  return SleepFor(*t, rest, RACELAB_CALLER) ? 0 : -1;
}
RACELAB_INTERCEPTOR int usleep(useconds_t microseconds) {
  if (!Live()) return REAL(usleep)(microseconds);
  if (SleepFor(std::int64_t{microseconds} * 1000, RACELAB_CALLER) == 0) return 0;
  errno = EINTR;
  return -1;
}
RACELAB_INTERCEPTOR unsigned sleep(unsigned seconds) {
  if (!Live()) return REAL(sleep)(seconds);
  return static_cast<unsigned>((SleepFor(std::int64_t{seconds} * kSecond, RACELAB_CALLER) + kSecond - 1) / kSecond);
}
RACELAB_INTERCEPTOR void thrd_yield() {
  if (!Live()) return REAL(thrd_yield)();
  execution.Yield(RACELAB_CALLER);
}
RACELAB_INTERCEPTOR int sched_yield() noexcept {
  if (!Live()) return REAL(sched_yield)();
  execution.Yield(RACELAB_CALLER);
  return 0;
}
