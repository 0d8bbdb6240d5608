#include "sanitizers/interleave/fault.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <ucontext.h>

#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/options.h"
#include "sanitizers/interleave/snapshot.h"
#include "sanitizers/interleave/system_memory.h"

namespace racelab::interleave {
namespace {

constexpr int kFaults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
constexpr std::size_t kHandlerStack = 64 << 10;
constexpr int kTicksBeforeFailure = 3;  // One a second.
const int kTick = SIGRTMAX - 2;

constexpr int kHung = 71;
const int kIdle = SIGRTMAX - 3;

struct sigaction before[std::size(kFaults)], tick_before, idle_before;
stack_t stack_before;
char* handler_stack = nullptr;
timer_t tick, idle;
bool watching_idleness = false;
std::uint64_t progress_at_tick = 0;
int quiet_ticks = 0;

const void* ProgramCounter(void* context) {
  return reinterpret_cast<const void*>(static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
}

// The processor's time stamp counter, which the kernel lets fault while faults are caught: it counts virtual time.
bool HandleTimeStamp(void* context) {
  auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  const auto* code = reinterpret_cast<const unsigned char*>(registers[REG_RIP]);
  const bool rdtsc = code[0] == 0x0F && code[1] == 0x31;
  const bool rdtscp = code[0] == 0x0F && code[1] == 0x01 && code[2] == 0xF9;
  if (!rdtsc && !rdtscp) return false;
  const auto now = static_cast<std::uint64_t>(ReadTimeStamp());
  registers[REG_RAX] = static_cast<greg_t>(now & 0xFFFFFFFF);
  registers[REG_RDX] = static_cast<greg_t>(now >> 32);
  if (rdtscp) registers[REG_RCX] = 0;
  registers[REG_RIP] += rdtsc ? 2 : 3;
  return true;
}

void OnFault(int signal, siginfo_t* information, void* context) {
  const auto address = reinterpret_cast<std::uintptr_t>(information->si_addr);
  if (signal == SIGSEGV && HandleFirstWrite(address)) return;
  if (signal == SIGSEGV && information->si_code == SI_KERNEL && HandleTimeStamp(context)) return;
  if (!execution.live) {
    Say("racelab: signal %d at %p while no execution was running (address %p)", signal, ProgramCounter(context),
        information->si_addr);
    struct sigaction fallback = {};
    fallback.sa_handler = SIG_DFL;
    sigaction(signal, &fallback, nullptr);
    return;  // And it happens again.
  }
  execution.failure.later = {};
  execution.failure.later.pc = ProgramCounter(context);
  if (execution.recording != nullptr) execution.Record(execution.current, {.pc = ProgramCounter(context)}, false);
  execution.Fail(FailureKind::kCrash, "T%d: %s at address 0x%llx", execution.current,
                 signal == SIGSEGV  ? "segmentation fault"
                 : signal == SIGBUS ? "bus error"
                 : signal == SIGFPE ? "arithmetic error"
                                    : "illegal instruction",
                 static_cast<unsigned long long>(address));
}

// "Widget::Turn", mangled, or where that is not known, "a loop".
const char* FunctionAt(const void* pc) {
  Dl_info place;
  return dladdr(pc, &place) != 0 && place.dli_sname != nullptr ? place.dli_sname : "a loop";
}

void OnIdle(int, siginfo_t*, void* context) {
  Say("racelab interleave: the tests spent %llu s outside of their scenarios, in %s",
      static_cast<unsigned long long>(options.idle), FunctionAt(ProgramCounter(context)));
  REAL(_exit)(kHung);
}

void OnTick(int, siginfo_t*, void* context) {
  if (!execution.live || execution.progress() != progress_at_tick) {
    quiet_ticks = 0;
    progress_at_tick = execution.progress();
    return;
  }
  if (++quiet_ticks < kTicksBeforeFailure) return;
  quiet_ticks = 0;
  execution.Fail(FailureKind::kNoProgress,
                 "T%d has been in %s for seconds, and does nothing that this runtime could see", execution.current,
                 FunctionAt(ProgramCounter(context)));
}

void Handle(int signal, void (*handler)(int, siginfo_t*, void*), struct sigaction& before) {
  struct sigaction action = {};
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  sigaction(signal, &action, &before);
}

void StartTimer(timer_t& timer, int signal, itimerspec time) {
  sigevent event = {};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = signal;
  timer_create(CLOCK_MONOTONIC, &event, &timer);
  timer_settime(timer, 0, &time, nullptr);
}

}  // namespace

void CatchFaults() {
  if (handler_stack == nullptr) {
    handler_stack = static_cast<char*>(MapPages(kHandlerStack));
  }
  const stack_t stack = {handler_stack, 0, kHandlerStack};
  sigaltstack(&stack, &stack_before);
  for (std::size_t i = 0; i < std::size(kFaults); ++i) Handle(kFaults[i], OnFault, before[i]);
  Handle(kTick, OnTick, tick_before);
  StartTimer(tick, kTick, {.it_interval = {1, 0}, .it_value = {1, 0}});
  quiet_ticks = 0;
  prctl(PR_SET_TSC, PR_TSC_SIGSEGV);
}

void StopCatchingFaults() {
  prctl(PR_SET_TSC, PR_TSC_ENABLE);
  timer_delete(tick);
  sigaction(kTick, &tick_before, nullptr);
  for (std::size_t i = 0; i < std::size(kFaults); ++i) sigaction(kFaults[i], &before[i], nullptr);
  sigaltstack(&stack_before, nullptr);
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
  sigaction(kIdle, &idle_before, nullptr);
  watching_idleness = false;
}

}  // namespace racelab::interleave
