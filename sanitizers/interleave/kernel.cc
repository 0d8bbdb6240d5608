// The border between the program and the kernel: which calls are modelled or passed on. (refused_calls.cc lists the
// refused ones.)

#include "sanitizers/interleave/kernel.h"

#include <errno.h>
#include <link.h>
#include <linux/membarrier.h>
#include <linux/prctl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/interceptors/cancellation.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/signals.h"
#include "sanitizers/interleave/system_call.h"

namespace racelab::interleave {

long FutexCall(const long* arguments, const void* pc);  // interceptors/futex.cc
const char* NameOfRefused(long number);                 // refused_calls.cc: null if the call is not refused
void BeginDescriptors();                                // descriptor_table.cc
void SetBackDescriptors();
void EndDescriptors();
void BeginSignals();  // signals.cc
void SetBackSignals();
void EndSignals();
void SetBackFibers();     // interceptors/fibers.cc
void SetBackMemory();     // mappings.cc
void SetBackDirectory();  // kernel_state.cc
void BeginState();
void SetBackState();
bool ChangesTheSystem(const KernelCall& call);

bool waits_for_the_world = false;

namespace {

constexpr int kDispatched = 2;  // linux: SYS_USER_DISPATCH of siginfo's si_code

// Linux reads this at each system call: 1 dispatches the call.
volatile char selector = 0;
bool can_dispatch = false;
bool entered = true;  // Since the last restoration.
KernelAction before_dispatch;
Text runtime, loader, c_library, main_program;

// System calls that may block, and so are cancellation points if the program makes them, not the C library.
bool IsCancellationPoint(long number) {
  switch (number) {
    case SYS_read:
    case SYS_readv:
    case SYS_pread64:
    case SYS_preadv:
    case SYS_write:
    case SYS_writev:
    case SYS_pwrite64:
    case SYS_pwritev:
    case SYS_close:
    case SYS_accept:
    case SYS_accept4:
    case SYS_connect:
    case SYS_recvfrom:
    case SYS_recvmsg:
    case SYS_recvmmsg:
    case SYS_sendto:
    case SYS_sendmsg:
    case SYS_sendmmsg:
    case SYS_poll:
    case SYS_ppoll:
    case SYS_select:
    case SYS_pselect6:
    case SYS_epoll_wait:
    case SYS_epoll_pwait:
    case SYS_epoll_pwait2:
    case SYS_pause:
    case SYS_rt_sigsuspend:
    case SYS_rt_sigtimedwait:
      return true;
    default:
      return false;
  }
}

int FindText(dl_phdr_info* module, std::size_t, void*) {
  static const int of_this_runtime = 0;
  const auto here = reinterpret_cast<std::uintptr_t>(&of_this_runtime);
  Text text;
  bool is_runtime = false;
  for (int i = 0; i < module->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = module->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD) continue;
    const std::uintptr_t begin = module->dlpi_addr + segment.p_vaddr;
    if (here - begin < segment.p_memsz) is_runtime = true;
    if ((segment.p_flags & PF_X) == 0) continue;
    if (text.begin == 0) text.begin = begin;
    text.end = begin + segment.p_memsz;
  }
  const char* name = strrchr(module->dlpi_name, '/');
  if (is_runtime) {
    runtime = text;
  } else if (module->dlpi_name[0] == '\0' && main_program.begin == 0) {
    main_program = text;
  } else if (name != nullptr && strncmp(name, "/ld-linux", 9) == 0) {
    loader = text;
  } else if (name != nullptr && strncmp(name, "/libc.so", 8) == 0) {
    c_library = text;
  }
  return 0;
}

// For instance, "libgomp.so.1".
const char* ModuleAt(const void* pc) {
  Dl_info place;
  if (dladdr(pc, &place) == 0 || place.dli_fname == nullptr) return "a library";
  const char* slash = strrchr(place.dli_fname, '/');
  return slash == nullptr ? place.dli_fname : slash + 1;
}

// An uninstrumented library synchronises threads by this call, together with atomics that the runtime does not see.
long Futex(KernelCall& call) {
  if (call.instruction != nullptr && !c_library.Contains(call.instruction) &&
      !main_program.Contains(call.instruction)) {
    char what[128];
    snprintf(what, sizeof what, "futex() within %s", ModuleAt(call.instruction));
    Refuse(what, call);
  }
  errno = 0;
  const long result = FutexCall(call.arguments, call.pc != nullptr ? call.pc : call.instruction);
  return result == -1 ? -errno : result;
}

// Returns the same bytes in every execution, so that the program behaves identically.
long Random(KernelCall& call) {
  auto* bytes = reinterpret_cast<unsigned char*>(call.arguments[0]);
  std::uint64_t state = 0x9E3779B97F4A7C15u * (execution.steps() + 1) + static_cast<unsigned>(execution.current);
  for (long i = 0; i < call.arguments[1]; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    bytes[i] = static_cast<unsigned char>(state >> 56);
  }
  return call.arguments[1];
}

// Every thread of the process has executed a fence when this returns. Queries and registrations change nothing.
long MemoryBarrier(KernelCall& call) {
  switch (call.arguments[0]) {
    case MEMBARRIER_CMD_GLOBAL:
    case MEMBARRIER_CMD_GLOBAL_EXPEDITED:
    case MEMBARRIER_CMD_PRIVATE_EXPEDITED:
    case MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE:
      for (int slot = 0; slot < execution.slots(); ++slot) {
        if (!execution.states.Is(ThreadState::kFinished, slot)) execution.happens_before.Fence(slot, __ATOMIC_SEQ_CST);
      }
      return 0;
    default:
      return PassOn(call);
  }
}

long Prctl(KernelCall& call) {
  switch (call.arguments[0]) {
    case PR_SET_SYSCALL_USER_DISPATCH:
      Refuse("prctl(PR_SET_SYSCALL_USER_DISPATCH)", call);
    case PR_SET_SECCOMP:
      Refuse("prctl(PR_SET_SECCOMP)", call);
    case PR_SET_NAME:
      return SetThreadName(reinterpret_cast<const char*>(call.arguments[1]), PlaceOf(call));
    case PR_GET_NAME:
      return GetThreadName(reinterpret_cast<char*>(call.arguments[1]), PlaceOf(call));
    default:
      return PassOn(call);
  }
}

bool EnterTime(KernelCall& call, long& result) {
  const long* a = call.arguments;
  errno = 0;
  switch (call.number) {
    case SYS_nanosleep:
      result = nanosleep(reinterpret_cast<const timespec*>(a[0]), reinterpret_cast<timespec*>(a[1]));
      break;
    case SYS_clock_nanosleep:
      result = clock_nanosleep(static_cast<clockid_t>(a[0]), static_cast<int>(a[1]),
                               reinterpret_cast<const timespec*>(a[2]), reinterpret_cast<timespec*>(a[3]));
      return result = -result, true;
    case SYS_clock_gettime:
      result = clock_gettime(static_cast<clockid_t>(a[0]), reinterpret_cast<timespec*>(a[1]));
      break;
    case SYS_gettimeofday:
      result = gettimeofday(reinterpret_cast<timeval*>(a[0]), nullptr);
      break;
    case SYS_time:
      result = time(reinterpret_cast<time_t*>(a[0]));
      break;
    case SYS_sched_yield:
      result = sched_yield();
      break;
    default:
      return false;
  }
  if (result == -1) result = -errno;
  return true;
}

void OnSystemCall(int, siginfo_t* information, void* context) {
  auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  if (information->si_code != kDispatched) return;
  const int error = errno;
  KernelCall call = {information->si_syscall,
                     {registers[REG_RDI], registers[REG_RSI], registers[REG_RDX], registers[REG_R10], registers[REG_R8],
                      registers[REG_R9]},
                     nullptr,
                     reinterpret_cast<const void*>(registers[REG_RIP])};
  const long* a = call.arguments;
  const bool controlled = execution.live && !loader.Contains(call.instruction);
  registers[REG_RAX] = controlled       ? EnterKernel(call)
                       : execution.live ? PassOn(call)
                                        : SystemCall(call.number, a[0], a[1], a[2], a[3], a[4], a[5]);
  errno = error;
}

struct CallerSearch {
  const void* caller;  // A place in the innermost instrumented function.
  const void* previous;
  const void* found;
};

_Unwind_Reason_Code AtCallersFrame(_Unwind_Context* context, void* argument) {
  auto& search = *static_cast<CallerSearch*>(argument);
  const auto pc = reinterpret_cast<const void*>(_Unwind_GetIP(context));
  if (pc == search.caller) {
    search.found = search.previous;
    return _URC_END_OF_STACK;
  }
  search.previous = pc;
  return _URC_NO_REASON;
}

}  // namespace

bool IsOfThisRuntime(const void* pc) { return runtime.Contains(pc); }

const void* PlaceOf(KernelCall& call) {
  if (call.pc != nullptr) return call.pc;
  const Thread& thread = execution.me();
  const int depth = thread.stack_depth;
  call.pc = call.instruction;
  if (depth == 0 || depth > kMaxStack) return call.pc;
  CallerSearch search = {thread.stack[depth - 1], nullptr, nullptr};
  _Unwind_Backtrace(AtCallersFrame, &search);
  if (search.found != nullptr) call.pc = search.found;
  return call.pc;
}

const void* CheapPlaceOf(KernelCall& call) {
  return call.pc != nullptr || execution.recording != nullptr ? PlaceOf(call) : call.instruction;
}

void Refuse(const char* what, const void* pc) {
  execution.FailAt(FailureKind::kUnsupported, pc, "T%d calls %s, which this runtime does not control",
                   execution.current, what);
}

void Refuse(const char* what, KernelCall& call) { Refuse(what, PlaceOf(call)); }

long PassOn(const KernelCall& call) {
  ExpectKernelWrites(call);
  const long* a = call.arguments;
  const long result = SystemCall(call.number, a[0], a[1], a[2], a[3], a[4], a[5]);
  if (result != -EFAULT || !ExpectAllWrites(call)) return result;
  return SystemCall(call.number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

long EnterKernel(KernelCall& call) {
  entered = true;
  execution.QuietCall(call.pc);
  execution.left_out.system_changes |= execution.concurrent() && ChangesTheSystem(call);
  long result;
  if (EnterDescriptors(call, result) || EnterSignals(call, result) || EnterMemory(call, result) ||
      EnterTime(call, result) || EnterCredentials(call, result)) {
    return result;
  }
  switch (call.number) {
    case SYS_futex:
      return Futex(call);
    case SYS_getrandom:
      return Random(call);
    case SYS_membarrier:
      return MemoryBarrier(call);
    case SYS_prctl:
      return Prctl(call);
    case SYS_exit_group:
      _exit(static_cast<int>(call.arguments[0]));  // This runtime itself ends the process.
    default:
      break;
  }
  if (const char* refused = NameOfRefused(call.number); refused != nullptr) {
    char what[64];
    snprintf(what, sizeof what, "%s()", refused);
    Refuse(what, call);
  }
  NoteBefore(call);
  return PassOn(call);
}

long CallKernel(const void* pc, long number, long a, long b, long c, long d, long e, long f) {
  KernelCall call = {number, {a, b, c, d, e, f}, pc, nullptr};
  const bool is_cancellation_point = IsCancellationPoint(number);
  if (is_cancellation_point) EnterCancellationPoint();
  const long result = EnterKernel(call);
  if (is_cancellation_point) LeaveCancellationPoint(result == -EINTR);
  if (!IsError(result)) return result;
  errno = static_cast<int>(-result);
  return -1;
}

void BeginKernel() {
  entered = true;
  main_program = {};
  dl_iterate_phdr(FindText, nullptr);
  BeginDescriptors();
  BeginSignals();
  BeginState();
  // Not SA_ONSTACK: other threads may run during the call, and would need that stack.
  SetKernelAction(SIGSYS, ActionOf(reinterpret_cast<void*>(OnSystemCall), SA_SIGINFO | SA_NODEFER), &before_dispatch);
  selector = 0;
  can_dispatch =
      SystemCall(SYS_prctl, PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, static_cast<long>(runtime.begin),
                 static_cast<long>(runtime.end - runtime.begin), AsArgument(&selector)) == 0;
}

void SetBackKernel() {
  if (!entered) return;
  entered = false;
  SetBackDirectory();
  SetBackDescriptors();
  SetBackSignals();
  SetBackMemory();
  SetBackFibers();
  SetBackState();
}

void NeedsSettingBack() { entered = true; }

void DispatchCalls(bool dispatch) { selector = dispatch && can_dispatch ? 1 : 0; }

void EndKernel() {
  selector = 0;
  if (can_dispatch) SystemCall(SYS_prctl, PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_OFF);
  SetKernelAction(SIGSYS, before_dispatch, nullptr);
  EndSignals();
  EndDescriptors();
}

}  // namespace racelab::interleave
