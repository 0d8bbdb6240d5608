#ifndef RACELAB_SANITIZERS_INTERLEAVE_FIBRE_H_
#define RACELAB_SANITIZERS_INTERLEAVE_FIBRE_H_

#include <cstddef>
#include <cstdint>

namespace racelab::interleave {

// The floating-point control and status registers (<fenv.h>), of which each thread has its own.
struct FloatingPoint {
  std::uint32_t vector = 0x1F80;  // MXCSR
  std::uint16_t control = 0x37F;  // Of the x87, which computes with long double.
  std::uint16_t status = 0;
};
// Whether each thread keeps its own control and status of the x87. Reading them takes a tenth of a short step, so this
// is done only in programs that call functions of <fenv.h> (interceptors/library/floating_point.cc). Programs that
// change them by their own instructions are not noticed.
extern bool keeps_x87;

// Does not return a value, because copying it would stall on the three small stores.
void ReadFloatingPoint(FloatingPoint& result);

// A thread of the program. One kernel thread runs all of them in turn. Each has a stack, a stack pointer, and
// thread-local storage. The storage must belong to a real thread, because libraries keep data in it that only the C
// library can set up; the real thread stays parked.
struct Fibre {
  void* stack_pointer = nullptr;
  FloatingPoint floating_point;
  char* stack = nullptr;  // Its lowest byte, and
  std::size_t stack_size = 0;
  std::size_t shift = 0;  // How far below the end of the stack the fibre begins.
  bool has_default_stack = true;
  void (*entry)() = nullptr;
  std::uintptr_t thread_pointer = 0;

  static constexpr std::size_t kGuard = 1 << 20;  // Below the stack; not writable.

  bool OnStack(std::uintptr_t address) const { return address - reinterpret_cast<std::uintptr_t>(stack) < stack_size; }
  bool InGuard(std::uintptr_t address) const { return reinterpret_cast<std::uintptr_t>(stack) - address - 1 < kGuard; }
};

// The size that the C library gives to a thread's stack if the program does not set one.
std::size_t DefaultStackSize();

// Gives `fibre` its own stack of this size, above a guard that is not writable. The address depends only on `slot`, so
// it is the same in every execution.
void UseStack(Fibre& fibre, int slot, std::size_t size);
// Makes `fibre` use memory of the program as its stack. Both functions may also be called after Prepare().
void UseStackAt(Fibre& fibre, void* lowest, std::size_t size);

// Makes `fibre` begin with entry(), which must not return, at the next switch to it.
void Prepare(Fibre& fibre, void (*entry)());

// How the thread pointer is changed. Since version 5.9, Linux permits an instruction for this, and announces it to
// programs. On older kernels the instruction may work, but the kernel forgets the new value when it preempts the
// process. In this case, code that switches must check that the fibre still had its own storage before it trusts the
// fibre's actions.
enum class PointerChange { kInstruction, kForgetfulInstruction, kSystemCall };
extern PointerChange pointer_change;
void ProbePointerChange();

// Switches from `from`, which must be running, to `to`; returns when something switches back.
void Switch(Fibre& from, Fibre& to);

// The thread pointer of the calling thread.
std::uintptr_t ThreadPointer();

// The size of static thread-local storage, which is at the offsets [-size, 0) from the thread pointer.
std::size_t StaticThreadLocalBytes();

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_FIBRE_H_
