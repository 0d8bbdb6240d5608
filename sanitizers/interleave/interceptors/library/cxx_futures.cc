// Results that become ready at the end of a thread, for instance by std::promise::set_value_at_thread_exit(): the store
// that makes them ready is in libstdc++.so, which is not instrumented.

#include <string.h>

#include <memory>

#include "sanitizers/interleave/interceptors/library/accesses.h"

namespace racelab::interleave {
namespace {

constexpr int kRelease = 3, kAcquireRelease = 4;  // The memory orders, with the compilers' numbers.
constexpr std::size_t kStatus = 16;               // In the shared state: after the virtual table and the result.
constexpr std::size_t kUseCount = 8;              // In the counts of a shared_ptr, after the virtual table.

using Callback = void (*)(void*);

// An element of libstdc++'s list for the end of the thread: a link and a weak_ptr.
struct MakeReady {
  MakeReady* next;
  Callback callback;
  std::weak_ptr<const char> shared;
};

Callback make_ready = nullptr;

std::uintptr_t UseCountOf(const std::shared_ptr<const char>& shared) {
  const char* counts = nullptr;  // The second of its two pointers.
  memcpy(&counts, reinterpret_cast<const char*>(&shared) + sizeof(void*), sizeof counts);
  return Address(counts) + kUseCount;
}

// The library's own reference to the shared state must not be the last: nobody would see that its drop is ordered after
// all others.
void AnnounceAndMakeReady(void* argument) {
  const std::shared_ptr<const char> shared = static_cast<const MakeReady*>(argument)->shared.lock();
  if (shared == nullptr || !Noted()) return make_ready(argument);
  const char* status = shared.get() + kStatus;
  execution.Step(Make(Kind::kStore, true, status, RACELAB_CALLER, sizeof(int)));
  execution.Atomic(Address(status), sizeof(int), true, true, RACELAB_CALLER);
  if (execution.concurrent()) execution.happens_before.AtomicStore(execution.current, Address(status), kRelease);
  make_ready(argument);
  execution.happens_before.AtomicUpdate(execution.current, UseCountOf(shared), kAcquireRelease);
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

// std::__future_base::_State_baseV2::_Make_ready::_M_set()
RACELAB_STAND_IN(void, _ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv, (MakeReady * element)) {
  RACELAB_LIBRARYS(_ZNSt13__future_base13_State_baseV211_Make_ready6_M_setEv)(element);
  if (!Noted()) return;
  make_ready = element->callback;
  element->callback = AnnounceAndMakeReady;
}
