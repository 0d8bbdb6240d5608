#ifndef RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_JUMP_H_
#define RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_JUMP_H_

#include <cstdint>

namespace racelab::interleave {

// The stack pointer in a jmp_buf, which glibc hides on x86-64.
std::uintptr_t StackPointerIn(const void* buffer);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_INTERCEPTORS_JUMP_H_
