// Detects, by a timer's signal, threads that make no step for seconds.

#include "sanitizers/interleave/watchdog.h"

#include <dlfcn.h>
#include <signal.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "sanitizers/interleave/clock.h"
#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/interceptors/real.h"
#include "sanitizers/interleave/kernel.h"
#include "sanitizers/interleave/options.h"
#include "sanitizers/interleave/system_call.h"

namespace racelab::interleave {
namespace {

constexpr int kTicksBeforeGivingUp = 5;  // One per second. A thread that computes cannot be told from one that hangs.
const int kTick = SIGRTMAX - 2;

const int kIdle = SIGRTMAX - 3;

KernelAction tick_before, idle_before;
timer_t tick, idle;
bool watching_idleness = false;
std::uint64_t progress_at_tick = 0;
int quiet_ticks = 0;

// The mangled name of the function, such as that of Widget::Turn, or "a loop" if it is not known.
const char* FunctionAt(const void* pc) {
  Dl_info place;
  return dladdr(pc, &place) != 0 && place.dli_sname != nullptr ? place.dli_sname : "a loop";
}

void OnIdle(int, siginfo_t*, void* context) {
  TestsHung("the tests spent %llu s outside of their scenarios, in %s", static_cast<unsigned long long>(options.idle),
            FunctionAt(ProgramCounter(context)));
}

void OnTick(int, siginfo_t*, void* context) {
  if (!execution.live) return;
  if (execution.cut_off_at != 0 && Now() > execution.cut_off_at) execution.CutOff();
  const std::uint64_t progress = execution.progress() + execution.me().quiet_accesses;
  if (waits_for_the_world || progress != progress_at_tick) {
    quiet_ticks = 0;
    progress_at_tick = progress;
    return;
  }
  if (++quiet_ticks < kTicksBeforeGivingUp) return;
  quiet_ticks = 0;
  execution.Fail(FailureKind::kCutOff, "T%d has been in %s for seconds without a visible operation",
                 execution.me().number, FunctionAt(ProgramCounter(context)));
}

void Handle(int signal, void (*handler)(int, siginfo_t*, void*), KernelAction& before) {
  SetKernelAction(signal, ActionOf(reinterpret_cast<void*>(handler), SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART),
                  &before);
}

void StartTimer(timer_t& timer, int signal, itimerspec time) {
  sigevent event = {};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = signal;
  timer_create(CLOCK_MONOTONIC, &event, &timer);
  timer_settime(timer, 0, &time, nullptr);
}

}  // namespace

void WatchExecutions() {
  Handle(kTick, OnTick, tick_before);
  StartTimer(tick, kTick, {.it_interval = {1, 0}, .it_value = {1, 0}});
  quiet_ticks = 0;
}

void StopWatchingExecutions() {
  timer_delete(tick);
  SetKernelAction(kTick, tick_before, nullptr);
}

void WatchIdleness(std::uint64_t seconds) {
  if (seconds == 0) return;
  Handle(kIdle, OnIdle, idle_before);
  StartTimer(idle, kIdle, {.it_interval = {0, 0}, .it_value = {static_cast<time_t>(seconds), 0}});
  watching_idleness = true;
}

void StopWatchingIdleness() {
  if (!watching_idleness) return;
  timer_delete(idle);
  SetKernelAction(kIdle, idle_before, nullptr);
  watching_idleness = false;
}

}  // namespace racelab::interleave
