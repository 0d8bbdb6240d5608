// The lifetimes of the C library's objects: locks, condition variables, barriers, semaphores.

#include "sanitizers/interleave/interceptors/interceptor.h"

namespace racelab::interleave {

void BeginObject(std::uintptr_t address, const void* pc) {
  execution.Plain(address, 1, true, pc);
  execution.ForgetObjects(address, 1);
  execution.happens_before.ForgetObjects(address, 1);
}

}  // namespace racelab::interleave
