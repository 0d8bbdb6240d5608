// Plain memory accesses and function calls, as the compilers announce them.

#include <string.h>

#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/library_calls.h"

namespace racelab::interleave {
namespace {

inline void Plain(const volatile void* address, std::size_t size, bool write, const void* pc) {
  if (Visible() && size != 0) execution.Plain(Address(address), size, write, pc);
}

}  // namespace
}  // namespace racelab::interleave

using racelab::interleave::execution;
using racelab::interleave::kMaxStack;
using racelab::interleave::Plain;

#define RACELAB_ACCESS(bytes)                                                                                         \
  RACELAB_INTERCEPTOR void __tsan_read##bytes(void* p) { Plain(p, bytes, false, RACELAB_CALLER); }                    \
  RACELAB_INTERCEPTOR void __tsan_write##bytes(void* p) { Plain(p, bytes, true, RACELAB_CALLER); }                    \
  RACELAB_INTERCEPTOR void __tsan_unaligned_read##bytes(void* p) { Plain(p, bytes, false, RACELAB_CALLER); }          \
  RACELAB_INTERCEPTOR void __tsan_unaligned_write##bytes(void* p) { Plain(p, bytes, true, RACELAB_CALLER); }          \
  RACELAB_INTERCEPTOR void __tsan_volatile_read##bytes(void* p) { Plain(p, bytes, false, RACELAB_CALLER); }           \
  RACELAB_INTERCEPTOR void __tsan_volatile_write##bytes(void* p) { Plain(p, bytes, true, RACELAB_CALLER); }           \
  RACELAB_INTERCEPTOR void __tsan_unaligned_volatile_read##bytes(void* p) { Plain(p, bytes, false, RACELAB_CALLER); } \
  RACELAB_INTERCEPTOR void __tsan_unaligned_volatile_write##bytes(void* p) { Plain(p, bytes, true, RACELAB_CALLER); } \
  RACELAB_INTERCEPTOR void __tsan_read_write##bytes(void* p) {                                                        \
    Plain(p, bytes, false, RACELAB_CALLER);                                                                           \
    Plain(p, bytes, true, RACELAB_CALLER);                                                                            \
  }                                                                                                                   \
  RACELAB_INTERCEPTOR void __tsan_unaligned_read_write##bytes(void* p) {                                              \
    Plain(p, bytes, false, RACELAB_CALLER);                                                                           \
    Plain(p, bytes, true, RACELAB_CALLER);                                                                            \
  }
RACELAB_ACCESS(1)
RACELAB_ACCESS(2)
RACELAB_ACCESS(4)
RACELAB_ACCESS(8)
RACELAB_ACCESS(16)

RACELAB_INTERCEPTOR void __tsan_read_range(void* p, std::size_t bytes) { Plain(p, bytes, false, RACELAB_CALLER); }
RACELAB_INTERCEPTOR void __tsan_write_range(void* p, std::size_t bytes) { Plain(p, bytes, true, RACELAB_CALLER); }

RACELAB_INTERCEPTOR void* __tsan_memcpy(void* to, const void* from, std::size_t bytes) {
  Plain(from, bytes, false, RACELAB_CALLER);
  Plain(to, bytes, true, RACELAB_CALLER);
  return memcpy(to, from, bytes);
}
RACELAB_INTERCEPTOR void* __tsan_memmove(void* to, const void* from, std::size_t bytes) {
  Plain(from, bytes, false, RACELAB_CALLER);
  Plain(to, bytes, true, RACELAB_CALLER);
  return memmove(to, from, bytes);
}
RACELAB_INTERCEPTOR void* __tsan_memset(void* to, int value, std::size_t bytes) {
  Plain(to, bytes, true, RACELAB_CALLER);
  return memset(to, value, bytes);
}

// A virtual call reads the pointer to the virtual table. Constructors and destructors set it, but only a change is a
// write.
RACELAB_INTERCEPTOR void __tsan_vptr_read(void** p) { Plain(p, sizeof *p, false, RACELAB_CALLER); }
RACELAB_INTERCEPTOR void __tsan_vptr_update(void** p, void* value) {
  if (*p != value) Plain(p, sizeof *p, true, RACELAB_CALLER);
}

RACELAB_INTERCEPTOR void __tsan_init() {}
RACELAB_INTERCEPTOR void __tsan_func_entry(void* call_site) {
  if (!racelab::interleave::Live()) return;
  auto& thread = execution.me();
  if (thread.stack_depth < kMaxStack) thread.stack[thread.stack_depth] = call_site;
  ++thread.stack_depth;
  if (execution.library_calls_are_steps) [[unlikely]]
    racelab::interleave::CrossIfCalledBack(call_site, true);
}
RACELAB_INTERCEPTOR void __tsan_func_exit() {
  if (!racelab::interleave::Live() || execution.me().stack_depth == 0) return;
  auto& thread = execution.me();
  --thread.stack_depth;
  thread.spin.SettleWrite();
  if (execution.library_calls_are_steps && thread.stack_depth < kMaxStack) [[unlikely]]
    racelab::interleave::CrossIfCalledBack(thread.stack[thread.stack_depth], false);
}
