// The jumps of <setjmp.h>: they may leave a signal's handler.

#include "sanitizers/interleave/interceptors/jump.h"

#include <setjmp.h>

#include <bit>

#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/signal_delivery.h"

extern "C" [[noreturn]] void __longjmp_chk(jmp_buf buffer, int value) noexcept;  // longjmp() with _FORTIFY_SOURCE.

namespace racelab::interleave {
namespace {

void BeforeJump(const void* buffer) {
  if (Live()) LeaveHandlerFor(StackPointerIn(buffer));
}

}  // namespace

std::uintptr_t StackPointerIn(const void* buffer) {
  constexpr int kStackPointer = 6, kRotation = 17;
  std::uintptr_t guard;
  asm("mov %%fs:0x30, %0" : "=r"(guard));
  const std::uintptr_t hidden = static_cast<const std::uintptr_t*>(buffer)[kStackPointer];
  return std::rotr(hidden, kRotation) ^ guard;
}

}  // namespace racelab::interleave

using namespace racelab::interleave;

#define RACELAB_JUMP(function)                                            \
  RACELAB_INTERCEPTOR void function(jmp_buf buffer, int value) noexcept { \
    BeforeJump(buffer);                                                   \
    REAL(function)(buffer, value);                                        \
    __builtin_unreachable();                                              \
  }

RACELAB_JUMP(longjmp)
RACELAB_JUMP(_longjmp)
RACELAB_JUMP(siglongjmp)
RACELAB_JUMP(__longjmp_chk)
