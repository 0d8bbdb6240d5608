#ifndef RACELAB_SANITIZERS_INTERLEAVE_KERNEL_H_
#define RACELAB_SANITIZERS_INTERLEAVE_KERNEL_H_

#include <cstddef>
#include <cstdint>

#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// The border between the program and the kernel. While an execution runs, every system call of the program comes here:
// by the functions of the C library that this runtime stands in for, and where Linux dispatches system calls to user
// space (5.11 and later), all others too, also those that the C library and other libraries make within.
//
// A call is modelled (it reads from a pipe, sleeps, raises a signal), is refused by its name, or is passed on to the
// kernel; what it changes there is set back before the next execution.

struct KernelCall {
  long number;
  long arguments[6];
  const void* pc;           // Where the program makes it; null if only `instruction` is known.
  const void* instruction;  // That makes it, if it was dispatched.
};

// What the kernel returns, for the running thread: an error is negative.
long EnterKernel(KernelCall& call);

// As EnterKernel(), for a function of the C library: -1 and errno.
long CallKernel(const void* pc, long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0);

// Passes the call on to the kernel, which may write to the program's memory by it.
long PassOn(const KernelCall& call);

// Where the program makes the call: the innermost frame of its own.
const void* PlaceOf(KernelCall& call);
// Likewise, for a step: if nobody is going to be told, an instruction of the C library is good enough.
const void* CheapPlaceOf(KernelCall& call);

// Ends the execution: the program calls something that this runtime does not control.
[[noreturn]] void Refuse(const char* what, const void* pc);
[[noreturn]] void Refuse(const char* what, KernelCall& call);

// Whether a pending operation of one of the kinds that wait for the kernel is possible now.
bool KernelAllows(const Operation& operation);
// Whether an operation on a descriptor, done now, gives the other end what it has had to wait for so far.
bool GivesFirst(const Operation& operation);

// Before the first execution, before each, before and after its code runs, and after the last.
void BeginKernel();
void UnlockMemory();  // What the program has made read-only, before it is written to.
void SetBackKernel();
void DispatchCalls(bool dispatch);
void NeedsSettingBack();  // Something that is set back with it has changed.
void EndKernel();

// A part of EnterKernel() each: whether the call is one of theirs, and if so, what it returns.
bool EnterDescriptors(KernelCall& call, long& result);
bool EnterSignals(KernelCall& call, long& result);
bool EnterMemory(KernelCall& call, long& result);
bool EnterCredentials(KernelCall& call, long& result);

// Before and after a call is passed on: keeps what is to be set back.
void NoteBefore(const KernelCall& call);

// kernel_writes.cc: makes what the kernel is about to write to writable.
void ExpectKernelWrites(const KernelCall& call);
// After the kernel has said EFAULT: whether something could be made writable.
bool ExpectAllWrites(const KernelCall& call);

// The text of modules, to tell who makes a call.
struct Text {
  std::uintptr_t begin = 0, end = 0;
  bool Contains(const void* pc) const {
    const auto address = reinterpret_cast<std::uintptr_t>(pc);
    return address >= begin && address < end;
  }
};

// Whether a call comes from this library itself, as those that the unwinder within it makes.
bool IsOfThisRuntime(const void* pc);

// How long the tick of the watchdog is to be patient: the program waits for the world outside.
extern bool waits_for_the_world;

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_KERNEL_H_
