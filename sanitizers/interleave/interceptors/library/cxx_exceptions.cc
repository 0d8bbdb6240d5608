// Exceptions that several threads refer to: the reference counts of std::exception_ptr and handlers are in
// libstdc++.so.

#include "sanitizers/interleave/interceptors/library/accesses.h"

namespace racelab::interleave {
namespace {

constexpr int kAcquireRelease = 4;  // The memory order, with the compilers' number.

// From the Itanium C++ ABI: the header that libstdc++ puts before an exception on a 64-bit machine.
constexpr std::size_t kHeaderSize = 112, kHandlerCount = 40, kClass = 80, kCounter = 128;
constexpr std::uint64_t kPrimary = 0x474E5543432B2B00, kDependent = kPrimary + 1;  // "GNUCC++"

struct Caught {
  const char* header;
  unsigned uncaught;
};

// A change of the count is an atomic step: the last thread destroys the exception, after all accesses by the others.
void Counts(const void* exception, const void* pc) {
  if (exception == nullptr || !Noted()) return;
  const char* counter = static_cast<const char*>(exception) - kCounter;
  execution.Step(Make(Kind::kUpdate, true, counter, pc, sizeof(int)));
  execution.happens_before.AtomicUpdate(execution.current, Address(counter), kAcquireRelease);
}

template <typename T>
T At(const char* header, std::size_t offset) {
  return *reinterpret_cast<const T*>(header + offset);
}

// The exception whose last handler on this thread is being left; null if it is still handled.
const void* Released(const Caught* caught) {
  const char* header = caught == nullptr ? nullptr : caught->header;
  if (header == nullptr) return nullptr;
  const auto kind = At<std::uint64_t>(header, kClass);
  if ((kind != kPrimary && kind != kDependent) || At<int>(header, kHandlerCount) != 1) return nullptr;
  return kind == kPrimary ? header + kHeaderSize : At<const void*>(header, 0);
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

// std::exception_ptr::_M_addref(), _M_release()
RACELAB_STAND_IN(void, _ZNSt15__exception_ptr13exception_ptr9_M_addrefEv, (void** pointer)) {
  Counts(*pointer, RACELAB_CALLER);
  RACELAB_LIBRARYS(_ZNSt15__exception_ptr13exception_ptr9_M_addrefEv)(pointer);
}
RACELAB_STAND_IN(void, _ZNSt15__exception_ptr13exception_ptr10_M_releaseEv, (void** pointer)) {
  Counts(*pointer, RACELAB_CALLER);
  RACELAB_LIBRARYS(_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv)(pointer);
}

RACELAB_STAND_IN(const Caught*, __cxa_get_globals, ()) { return RACELAB_LIBRARYS(__cxa_get_globals)(); }
RACELAB_STAND_IN(void, __cxa_end_catch, ()) {
  if (Noted()) Counts(Released(RACELAB_LIBRARYS(__cxa_get_globals)()), RACELAB_CALLER);
  RACELAB_LIBRARYS(__cxa_end_catch)();
}

// A program may have its own handler; the library's calls abort(), whose failure then names this call and its place.
RACELAB_STAND_IN(void, _ZSt9terminatev, ()) {
  if (Live()) execution.me().terminates_at = RACELAB_CALLER;
  RACELAB_LIBRARYS(_ZSt9terminatev)();
}
