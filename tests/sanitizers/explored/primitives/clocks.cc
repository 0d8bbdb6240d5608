// Clocks: they agree with each other, also before main(), and only some of them count a thread's sleep.

#undef NDEBUG
#include <sys/times.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include <cassert>
#include <chrono>
#include <thread>

#include "tests/sanitizers/explored/primitives/primitives.h"

namespace racelab {
namespace {

using std::chrono::hours;

const std::chrono::steady_clock::time_point begin_of_program = std::chrono::steady_clock::now();
const std::chrono::system_clock::time_point date_of_begin = std::chrono::system_clock::now();
const clock_t ticks_at_begin = times(nullptr);

void SleepForAnHour() { std::this_thread::sleep_for(hours(1)); }

void ClockBeforeMain(bool right) {
  if (right) Together(SleepForAnHour);
  const auto passed = std::chrono::steady_clock::now() - begin_of_program;
  const auto passed_by_date = std::chrono::system_clock::now() - date_of_begin;
  assert(hours(1) <= passed && passed < hours(2));
  assert(hours(1) <= passed_by_date && passed_by_date < hours(2));
}

void ComputingTime(bool right) {
  const clock_t before = clock();
  timespec of_thread, of_thread_before;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &of_thread_before);
  Together(SleepForAnHour);
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &of_thread);
  const clock_t used = clock() - before;
  assert(used >= 0 && of_thread.tv_sec - of_thread_before.tv_sec < 60);
  assert((used < 60 * CLOCKS_PER_SEC) == right);
}

// A loop that waits for computing time to pass ends.
void ComputesForAWhile(bool right) {
  Together([right] {
    for (const clock_t end = clock() + (right ? CLOCKS_PER_SEC / 100 : 0); clock() < end;) {
    }
  });
  assert(std::chrono::steady_clock::now() - begin_of_program >= std::chrono::milliseconds(10));
}

void TimeOfC(bool right) {
  static constexpr timespec kAnHour = {3600, 0};
  timespec before, after;
  timespec_get(&before, TIME_UTC);
  if (right) Together([] { assert(thrd_sleep(&kAnHour, nullptr) == 0); });
  timespec_get(&after, TIME_UTC);
  assert(after.tv_sec - before.tv_sec >= 3600 && after.tv_sec - before.tv_sec < 7200);
  assert(time(nullptr) >= after.tv_sec);
}

void Ticks(bool right) {
  if (right) Together(SleepForAnHour);
  tms used;
  const clock_t an_hour = 3600 * sysconf(_SC_CLK_TCK), passed = times(&used) - ticks_at_begin;
  assert(an_hour <= passed && passed < 2 * an_hour && used.tms_utime < an_hour);
}

}  // namespace

RightOrWrongPrograms Clocks() {
  static constexpr RightOrWrongProgram kPrograms[] = {
      {"clock_before_main", ClockBeforeMain},
      {"computing_time", ComputingTime},
      {"computes_for_a_while", ComputesForAWhile},
      {"time_of_c", TimeOfC},
      {"ticks", Ticks},
  };
  return kPrograms;
}

}  // namespace racelab
