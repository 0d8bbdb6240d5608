// Virtual time stands still while the program computes, passes when a thread sleeps or times out, and advances slowly
// if a thread reads the clock again and again. Every execution begins at the same moment. How long a computation takes
// is unknown, so a sleep may end at any time. If the program wants punctual time, computing takes no time, and the
// clock shows how long the threads have slept.
//
// In a program that is explored as a whole, the constructors of globals, too, read these clocks; executions begin at
// the moment at which main() does.

#include <errno.h>
#include <sched.h>
#include <sys/time.h>
#include <sys/times.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>

#include "sanitizers/interleave/interceptors/cancellation.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/mutation.h"
#include "sanitizers/interleave/options.h"
#include "sanitizers/interleave/signals.h"
#include "sanitizers/interleave/system_call.h"

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

// Threads that run beside the executions have the real clocks.
bool IsVirtual() { return Live() || (options.whole && SystemCall(SYS_gettid) == SystemCall(SYS_getpid)); }

bool IsCalendar(clockid_t clock) {
  return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_REALTIME_ALARM ||
         clock == CLOCK_TAI;
}

// The number of another thread's or process's clock is negative.
bool CountsComputing(clockid_t clock) {
  return clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID || clock < 0;
}

constexpr int kReadingsBeforeTimePasses = 8;  // Of one thread.

// How much time passes when a thread reads the clock. The amount doubles repeatedly, so that a loop that waits for a
// moment reaches it.
std::int64_t TimeOfReading(int& readings) {
  const int reading = readings++ - kReadingsBeforeTimePasses;
  return reading < 0 ? 0 : std::int64_t{1000} << std::min(reading / 8, 20);
}

void Pass(std::int64_t nanoseconds) {
  execution.now += nanoseconds;
  execution.computed += nanoseconds;
}

// Depends on all operations that make time pass.
void LetReadingTakeTime(const void* pc) {
  execution.left_out.virtual_time = true;
  if (execution.punctual) return;
  const std::int64_t passes = TimeOfReading(execution.me().clock_readings);
  Operation read;
  read.kind = Kind::kReadClock;
  read.reads = kTime;
  read.changes = passes == 0 ? Aspects{0} : kTime;
  read.pc = pc;
  if (Visible()) execution.Step(read);
  Pass(passes);
}

void NoteTimeBeforeMain() {
  execution.begins_at = execution.now;
  execution.computed_before = execution.computed;
}

std::int64_t ReadClock(clockid_t clock, const void* pc) {
  static int readings_before_main = 0;
  if (Live()) {
    LetReadingTakeTime(pc);
  } else {
    Pass(TimeOfReading(readings_before_main));
    NoteTimeBeforeMain();
  }
  if (CountsComputing(clock)) return execution.computed;
  return execution.now + (IsCalendar(clock) ? kCalendarStart : kMonotonicStart);
}

// Returns whether a signal handler ran during the sleep, which ends it.
bool SleepUntil(std::int64_t moment, const void* pc) {
  if (!Live()) {
    execution.now = std::max(execution.now, moment);
    NoteTimeBeforeMain();
    return false;
  }
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
  if (!execution.punctual) Pass(TimeOfReading(execution.me().clock_readings));
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
  if (!IsVirtual()) return REAL(clock_gettime)(clock, t);
  const std::int64_t now = ReadClock(clock, RACELAB_CALLER);
  *t = {now / kSecond, now % kSecond};
  NoteResult(t, RACELAB_CALLER);
  return 0;
}
RACELAB_INTERCEPTOR int timespec_get(timespec* t, int base) noexcept {
  if (!IsVirtual() || base != TIME_UTC) return REAL(timespec_get)(t, base);
  const std::int64_t now = ReadClock(CLOCK_REALTIME, RACELAB_CALLER);
  *t = {now / kSecond, now % kSecond};
  NoteResult(t, RACELAB_CALLER);
  return base;
}
RACELAB_INTERCEPTOR int gettimeofday(timeval* t, void* zone) noexcept {
  if (!IsVirtual()) return REAL(gettimeofday)(t, zone);
  const std::int64_t now = ReadClock(CLOCK_REALTIME, RACELAB_CALLER);
  *t = {now / kSecond, now % kSecond / 1000};
  NoteResult(t, RACELAB_CALLER);
  return 0;
}
RACELAB_INTERCEPTOR time_t time(time_t* result) noexcept {
  if (!IsVirtual()) return REAL(time)(result);
  const time_t now = ReadClock(CLOCK_REALTIME, RACELAB_CALLER) / kSecond;
  if (result != nullptr) *result = now;
  NoteResult(result, RACELAB_CALLER);
  return now;
}
// The C library's own call of clock_gettime() cannot be intercepted.
RACELAB_INTERCEPTOR clock_t clock() noexcept {
  if (!IsVirtual()) return REAL(clock)();
  return ReadClock(CLOCK_PROCESS_CPUTIME_ID, RACELAB_CALLER) / (kSecond / CLOCKS_PER_SEC);
}
RACELAB_INTERCEPTOR clock_t times(tms* t) noexcept {
  if (!IsVirtual()) return REAL(times)(t);
  const std::int64_t tick = kSecond / sysconf(_SC_CLK_TCK);
  const std::int64_t now = ReadClock(CLOCK_MONOTONIC, RACELAB_CALLER);
  if (t != nullptr) *t = {.tms_utime = execution.computed / tick, .tms_stime = 0, .tms_cutime = 0, .tms_cstime = 0};
  NoteResult(t, RACELAB_CALLER);
  return now / tick;
}
RACELAB_INTERCEPTOR int nanosleep(const timespec* t, timespec* rest) {
  if (!IsVirtual()) return REAL(nanosleep)(t, rest);
  if (!IsSleep(t)) {
    errno = EINVAL;
    return -1;
  }
  if (SleepFor(*t, rest, RACELAB_CALLER)) return 0;
  errno = EINTR;
  return -1;
}
RACELAB_INTERCEPTOR int clock_nanosleep(clockid_t clock, int flags, const timespec* t, timespec* rest) {
  if (!IsVirtual()) return REAL(clock_nanosleep)(clock, flags, t, rest);
  if (clock == CLOCK_THREAD_CPUTIME_ID || !IsSleep(t)) return EINVAL;
  if (flags & TIMER_ABSTIME) return SleepUntil(VirtualTime(t, !IsCalendar(clock)), RACELAB_CALLER) ? EINTR : 0;
  return SleepFor(*t, rest, RACELAB_CALLER) ? 0 : EINTR;
}
RACELAB_INTERCEPTOR int thrd_sleep(const timespec* t, timespec* rest) {
  if (!IsVirtual()) return REAL(thrd_sleep)(t, rest);
  if (!IsSleep(t)) return -2;  // The C library's result for an error other than an interruption.
  return SleepFor(*t, rest, RACELAB_CALLER) ? 0 : -1;
}
RACELAB_INTERCEPTOR int usleep(useconds_t microseconds) {
  if (!IsVirtual()) return REAL(usleep)(microseconds);
  if (SleepFor(std::int64_t{microseconds} * 1000, RACELAB_CALLER) == 0) return 0;
  errno = EINTR;
  return -1;
}
RACELAB_INTERCEPTOR unsigned sleep(unsigned seconds) {
  if (!IsVirtual()) return REAL(sleep)(seconds);
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
