// Faults: the first write to a saved page, reads of the time stamp counter, and crashes of the program.

#include "sanitizers/interleave/fault.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <ucontext.h>

#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/options.h"
#include "sanitizers/interleave/signals.h"
#include "sanitizers/interleave/snapshot.h"
#include "sanitizers/interleave/system_call.h"
#include "sanitizers/interleave/system_memory.h"
#include "sanitizers/interleave/watchdog.h"

namespace racelab::interleave {
namespace {

constexpr int kFaults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
constexpr std::size_t kHandlerStack = 64 << 10;
constexpr int kMostInVain = 100;

KernelAction before[std::size(kFaults)];
stack_t stack_before;
char* handler_stack = nullptr;

// The fault to which the program's own handler last returned, the number of such returns in a row, and the execution.
const void* handled_at = nullptr;
int handled = 0;
std::uint64_t handled_in = 0;

// Emulates a read of the time stamp counter, which faults while faults are caught: it returns virtual time.
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

// Whether the program's own handler has returned to this fault too often.
bool IsInVain(const void* pc) {
  if (pc != handled_at || execution.runs() != handled_in) handled = 0;
  handled_in = execution.runs();
  handled_at = pc;
  return ++handled > kMostInVain;
}

void OnFault(int signal, siginfo_t* information, void* context);

constexpr unsigned long kOnThreadsStack = SA_SIGINFO | SA_NODEFER;
constexpr unsigned long kOnOwnStack = kOnThreadsStack | SA_ONSTACK;

// The fault is repeated on the thread's stack, so that the program's own handler may do anything there, such as
// longjmp().
void OnProgramsFault(int signal, siginfo_t* information, void* context) {
  SetKernelAction(signal, ActionOf(reinterpret_cast<void*>(OnFault), kOnOwnStack), nullptr);
  CallHandler(signal, information, context);
}

// A stack overflow that the program handles, on the stack that it provides for that (sigaltstack()).
struct Overflow {
  siginfo_t information;
  ucontext_t context;
};
Overflow overflow;

// The place is not part of the failure's identity: any instruction may be the first to need more stack.
[[noreturn]] void FailByOverflow(const void* pc) {
  if (execution.recording != nullptr) execution.Record(execution.current, {.pc = pc}, false);
  execution.Fail(FailureKind::kCrash, "T%d: stack overflow: its stack of %zu KiB is used up", execution.current,
                 execution.me().fibre.stack_size >> 10);
}

[[noreturn]] void OnProgramsOverflow() {
  CallHandler(SIGSEGV, &overflow.information, &overflow.context);
  FailByOverflow(ProgramCounter(&overflow.context));  // If the handler returned, the fault would be repeated.
}

void GoOnInHandler(void* top, const siginfo_t* information, void* context) {
  auto* interrupted = static_cast<ucontext_t*>(context);
  overflow = {*information, *interrupted};
  interrupted->uc_mcontext.gregs[REG_RSP] = static_cast<greg_t>(reinterpret_cast<std::uintptr_t>(top) - 8);
  interrupted->uc_mcontext.gregs[REG_RIP] = static_cast<greg_t>(reinterpret_cast<std::uintptr_t>(OnProgramsOverflow));
}

const char* NameOf(int signal) {
  switch (signal) {
    case SIGSEGV:
      return "segmentation fault";
    case SIGBUS:
      return "bus error";
    case SIGFPE:
      return "arithmetic error";
    case SIGTRAP:
      return "trap";
    default:
      return "illegal instruction";
  }
}

void OnFault(int signal, siginfo_t* information, void* context) {
  const auto address = reinterpret_cast<std::uintptr_t>(information->si_addr);
  if (signal == SIGSEGV && HandleFirstWrite(address)) return;
  if (signal == SIGSEGV && information->si_code == SI_KERNEL && HandleTimeStamp(context)) return;
  if (!execution.live) {
    Say("racelab: signal %d at %p while no execution was running (address %p)", signal, ProgramCounter(context),
        information->si_addr);
    SetKernelAction(signal, ActionOf(nullptr, 0), nullptr);
    return;  // The fault will be repeated, and end the process.
  }
  const void* pc = ProgramCounter(context);
  const bool overflows = signal == SIGSEGV && execution.me().fibre.InGuard(address);
  if (HasHandler(signal)) {
    if (!overflows && !IsInVain(pc)) {
      SetKernelAction(signal, ActionOf(reinterpret_cast<void*>(OnProgramsFault), kOnThreadsStack), nullptr);
      return;
    }
    void* top = overflows ? StackForOverflow(signal) : nullptr;
    if (top != nullptr) return GoOnInHandler(top, information, context);
  }
  if (overflows) FailByOverflow(pc);
  execution.FailAt(FailureKind::kCrash, pc, "T%d: %s at address 0x%llx", execution.current, NameOf(signal),
                   static_cast<unsigned long long>(address));
}

}  // namespace

void CatchFaults() {
  if (handler_stack == nullptr) {
    handler_stack = static_cast<char*>(MapPages(kHandlerStack));
  }
  const stack_t stack = {handler_stack, 0, kHandlerStack};
  sigaltstack(&stack, &stack_before);
  for (std::size_t i = 0; i < std::size(kFaults); ++i) {
    SetKernelAction(kFaults[i], ActionOf(reinterpret_cast<void*>(OnFault), kOnOwnStack), &before[i]);
  }
  WatchExecutions();
  prctl(PR_SET_TSC, PR_TSC_SIGSEGV);
}

void StopCatchingFaults() {
  prctl(PR_SET_TSC, PR_TSC_ENABLE);
  StopWatchingExecutions();
  for (std::size_t i = 0; i < std::size(kFaults); ++i) SetKernelAction(kFaults[i], before[i], nullptr);
  sigaltstack(&stack_before, nullptr);
}

}  // namespace racelab::interleave
