#ifndef RACELAB_SANITIZERS_INTERLEAVE_FIBRE_H_
#define RACELAB_SANITIZERS_INTERLEAVE_FIBRE_H_

#include <cstddef>
#include <cstdint>

namespace racelab::interleave {

// A thread of the program, as one kernel thread runs them all in turn: a stack, a place in it, and thread-local
// storage. The storage must be a real thread's (libraries keep in it what only the C library knows how to set up): that
// of a thread which is parked for the whole time.
struct Fibre {
  void* stack_pointer = nullptr;
  char* stack = nullptr;  // Its lowest byte ...
  std::size_t stack_size = 0;
  bool has_default_stack = true;
  void (*entry)() = nullptr;
  std::uintptr_t thread_pointer = 0;

  static constexpr std::size_t kGuard = 1 << 20;  // Below the stack, where nothing can be written.

  bool OnStack(std::uintptr_t address) const { return address - reinterpret_cast<std::uintptr_t>(stack) < stack_size; }
  bool InGuard(std::uintptr_t address) const { return reinterpret_cast<std::uintptr_t>(stack) - address - 1 < kGuard; }
};

// How large a thread's stack is if nobody has said so: as the C library decides it.
std::size_t DefaultStackSize();

// Gives `fibre` a stack of its own of that size, which is the same in every execution, above a guard that nothing can
// be written to. `slot`: whose it is; another's is another.
void UseStack(Fibre& fibre, int slot, std::size_t size);
// Makes `fibre` use memory of the program's as its stack. Either may be said after Prepare().
void UseStackAt(Fibre& fibre, void* lowest, std::size_t size);

// Makes `fibre` begin with entry(), which must not return, when it is next switched to.
void Prepare(Fibre& fibre, void (*entry)());

// How the thread pointer is changed. Linux lets programs do it by an instruction since 5.9, and says so. Elsewhere the
// instruction may work all the same, but the kernel forgets the new value when it takes the processor away: then
// whoever switches must look, before it believes what a fibre did, whether the fibre still had its own storage.
enum class PointerChange { kInstruction, kForgetfulInstruction, kSystemCall };
extern PointerChange pointer_change;
void ProbePointerChange();

// Leaves `from`, which must be running, for `to`; returns when something switches back.
void Switch(Fibre& from, Fibre& to);

// The thread pointer of the thread that calls.
std::uintptr_t ThreadPointer();

// Thread-local storage, as offsets from the thread pointer: [-below, 0).
std::size_t StaticThreadLocalBytes();

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_FIBRE_H_
