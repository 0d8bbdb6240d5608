// The names of threads. To the kernel, all threads of the program are one.

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/prctl.h>

#include <algorithm>

#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/system_call.h"

namespace racelab::interleave {
namespace {

constexpr std::size_t kRoom = sizeof Thread::name;

void Use(Thread& thread, Kind kind, const void* pc) {
  if (Visible()) execution.Step(Make(kind, kind == Kind::kStore, thread.name, pc, 1));
}

void SetName(Thread& thread, const char* name, const void* pc) {
  const std::size_t length = strnlen(name, kRoom - 1);
  if (Visible()) execution.Plain(Address(name), length + 1, false, pc);
  Use(thread, Kind::kStore, pc);
  memset(thread.name, 0, kRoom);
  memcpy(thread.name, name, length);
}

void GetName(Thread& thread, char* to, const void* pc) {
  Use(thread, Kind::kLoad, pc);
  const std::size_t bytes = strnlen(thread.name, kRoom - 1) + 1;
  if (Visible()) execution.Plain(Address(to), bytes, true, pc);
  memcpy(to, thread.name, bytes);
}

}  // namespace

void PrepareThreadNames() { SystemCall(SYS_prctl, PR_GET_NAME, AsArgument(execution.name_of_process)); }

long SetThreadName(const char* name, const void* pc) {
  SetName(execution.me(), name, pc);
  return 0;
}

long GetThreadName(char* to, const void* pc) {
  GetName(execution.me(), to, pc);
  return 0;
}

}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR int pthread_setname_np(pthread_t handle, const char* name) noexcept {
  if (!Live()) return REAL(pthread_setname_np)(handle, name);
  if (strlen(name) >= kRoom) return ERANGE;
  const int thread = execution.ThreadOf(handle);
  if (thread < 0) return ENOENT;
  SetName(execution.threads[thread], name, RACELAB_CALLER);
  return 0;
}
RACELAB_INTERCEPTOR int pthread_getname_np(pthread_t handle, char* to, std::size_t room) noexcept {
  if (!Live()) return REAL(pthread_getname_np)(handle, to, room);
  if (room < kRoom) return ERANGE;
  const int thread = execution.ThreadOf(handle);
  if (thread < 0) return ENOENT;
  GetName(execution.threads[thread], to, RACELAB_CALLER);
  return 0;
}
