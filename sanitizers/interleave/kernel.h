#ifndef RACELAB_SANITIZERS_INTERLEAVE_KERNEL_H_
#define RACELAB_SANITIZERS_INTERLEAVE_KERNEL_H_

#include <cstddef>
#include <cstdint>

#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// The border between the program and the kernel. While an execution runs, every system call of the program comes here:
// the calls of the C library's functions that this runtime replaces and, if Linux dispatches system calls to user space
// (5.11 and later), all other calls, also those within the C library and other libraries.
//
// A call is modelled (reads from a pipe, sleeps, signals), refused by name, or passed on to the kernel. Its effects on
// the kernel are undone before the next execution.

struct KernelCall {
  long number;
  long arguments[6];
  const void* pc;           // The place in the program; null if only `instruction` is known.
  const void* instruction;  // The instruction that makes the call, if it was dispatched.
};

// Returns the kernel's result for the running thread: an error is negative.
long EnterKernel(KernelCall& call);

// Like EnterKernel(), but returns errors like a function of the C library: -1 and errno.
long CallKernel(const void* pc, long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0);

// Passes the call on to the kernel, which may then write to the program's memory.
long PassOn(const KernelCall& call);

// Where the program makes the call: the innermost frame that belongs to the program itself.
const void* PlaceOf(KernelCall& call);
// Like PlaceOf(), for a step: a place in the C library is sufficient if no report will show the step.
const void* CheapPlaceOf(KernelCall& call);

// Ends the execution, because the program calls something that this runtime does not control.
[[noreturn]] void Refuse(const char* what, const void* pc);
[[noreturn]] void Refuse(const char* what, KernelCall& call);

// Called before the first execution; before each execution; before and after its code runs; and after the last one.
void BeginKernel();
void UnlockMemory();  // Memory that the program has made read-only, before it is reset.
void SetBackKernel();
void DispatchCalls(bool dispatch);
void NeedsSettingBack();  // Some state that SetBackKernel() resets has changed.
void EndKernel();

// Parts of EnterKernel(): each returns whether it handles the call and, if so, stores the result.
bool EnterDescriptors(KernelCall& call, long& result);
bool EnterSignals(KernelCall& call, long& result);
bool EnterMemory(KernelCall& call, long& result);
bool EnterCredentials(KernelCall& call, long& result);

// Called before a call is passed on: saves the state that must be reset.
void NoteBefore(const KernelCall& call);

// kernel_writes.cc: makes the memory to which the kernel is about to write writable.
void ExpectKernelWrites(const KernelCall& call);
// Called after the kernel has returned EFAULT: whether some memory could be made writable.
bool ExpectAllWrites(const KernelCall& call);

// The machine code of a module, for identifying the caller.
struct Text {
  std::uintptr_t begin = 0, end = 0;
  bool Contains(const void* pc) const {
    const auto address = reinterpret_cast<std::uintptr_t>(pc);
    return address >= begin && address < end;
  }
};

// Whether a call comes from this library itself, for example from the unwinder within it.
bool IsOfThisRuntime(const void* pc);

// Whether the watchdog must be patient, because the program waits for the outside world.
extern bool waits_for_the_world;

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_KERNEL_H_
