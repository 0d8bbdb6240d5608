// The sanitizers' public interface (sanitizer/common_interface_defs.h, allocator_interface.h, tsan_interface.h), except
// the parts about threads. Queries are answered; the only output that is printed is the error summary.

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include <algorithm>

#include "sanitizers/interleave/arena.h"
#include "sanitizers/interleave/interceptors/interceptor.h"

using namespace racelab::interleave;

// sanitizer/allocator_interface.h
RACELAB_INTERCEPTOR std::size_t __sanitizer_get_estimated_allocated_size(std::size_t size) { return size; }
RACELAB_INTERCEPTOR int __sanitizer_get_ownership(const volatile void* p) {
  return arena.Size(const_cast<void*>(p)) != 0 ? 1 : 0;
}
RACELAB_INTERCEPTOR const void* __sanitizer_get_allocated_begin(const void* p) {
  return arena.Size(const_cast<void*>(p)) != 0 ? p : nullptr;
}
RACELAB_INTERCEPTOR std::size_t __sanitizer_get_allocated_size(const volatile void* p) {
  return p == nullptr ? 0 : arena.Size(const_cast<void*>(p));
}
RACELAB_INTERCEPTOR std::size_t __sanitizer_get_allocated_size_fast(const volatile void* p) {
  return __sanitizer_get_allocated_size(p);
}
RACELAB_INTERCEPTOR std::size_t __sanitizer_get_current_allocated_bytes() { return arena.state.next - arena.begin; }
RACELAB_INTERCEPTOR std::size_t __sanitizer_get_heap_size() { return arena.state.next - arena.begin; }
RACELAB_INTERCEPTOR std::size_t __sanitizer_get_free_bytes() { return 1; }
RACELAB_INTERCEPTOR std::size_t __sanitizer_get_unmapped_bytes() { return 1; }
RACELAB_INTERCEPTOR void __sanitizer_purge_allocator() {}
// 0: the hooks could not be installed.
RACELAB_INTERCEPTOR int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void*, std::size_t),
                                                                  void (*)(const volatile void*)) {
  return 0;
}

// sanitizer/common_interface_defs.h
RACELAB_INTERCEPTOR void __sanitizer_set_report_path(const char*) {}
RACELAB_INTERCEPTOR void __sanitizer_set_report_fd(void*) {}
RACELAB_INTERCEPTOR const char* __sanitizer_get_report_path() { return ""; }
RACELAB_INTERCEPTOR void __sanitizer_sandbox_on_notify(void*) {}
RACELAB_INTERCEPTOR void __sanitizer_report_error_summary(const char* summary) { fputs(summary, stderr); }
RACELAB_INTERCEPTOR void __sanitizer_set_death_callback(void (*)()) {}
RACELAB_INTERCEPTOR int __sanitizer_acquire_crash_state() {
  static bool taken = false;
  return __atomic_exchange_n(&taken, true, __ATOMIC_RELAXED) ? 0 : 1;
}
RACELAB_INTERCEPTOR void __sanitizer_print_stack_trace() {}
RACELAB_INTERCEPTOR void __sanitizer_symbolize_pc(void* pc, const char*, char* text, std::size_t size) {
  Dl_info place;
  const bool known = dladdr(pc, &place) != 0 && place.dli_sname != nullptr;
  snprintf(text, size, "%s", known ? place.dli_sname : "??");
}
RACELAB_INTERCEPTOR void __sanitizer_symbolize_global(void* data, const char* format, char* text, std::size_t size) {
  __sanitizer_symbolize_pc(data, format, text, size);
}
RACELAB_INTERCEPTOR int __sanitizer_get_module_and_offset_for_pc(void* pc, char* name, std::size_t size,
                                                                 void** offset) {
  Dl_info place;
  if (dladdr(pc, &place) == 0 || place.dli_fname == nullptr) return 0;
  snprintf(name, size, "%s", place.dli_fname);
  *offset = reinterpret_cast<void*>(Address(pc) - Address(place.dli_fbase));
  return 1;
}
RACELAB_INTERCEPTOR void* __sanitizer_internal_memcpy(void* to, const void* from, std::size_t bytes) {
  return memcpy(to, from, bytes);
}
RACELAB_INTERCEPTOR void* __sanitizer_internal_memmove(void* to, const void* from, std::size_t bytes) {
  return memmove(to, from, bytes);
}
RACELAB_INTERCEPTOR void* __sanitizer_internal_memset(void* to, int value, std::size_t bytes) {
  return memset(to, value, bytes);
}

#define RACELAB_UNALIGNED(type, bits)                                                \
  RACELAB_INTERCEPTOR type __sanitizer_unaligned_load##bits(const void* p) {         \
    if (Visible()) execution.Plain(Address(p), sizeof(type), false, RACELAB_CALLER); \
    type value;                                                                      \
    memcpy(&value, p, sizeof value);                                                 \
    return value;                                                                    \
  }                                                                                  \
  RACELAB_INTERCEPTOR void __sanitizer_unaligned_store##bits(void* p, type value) {  \
    if (Visible()) execution.Plain(Address(p), sizeof(type), true, RACELAB_CALLER);  \
    memcpy(p, &value, sizeof value);                                                 \
  }
RACELAB_UNALIGNED(std::uint16_t, 16)
RACELAB_UNALIGNED(std::uint32_t, 32)
RACELAB_UNALIGNED(std::uint64_t, 64)

// sanitizer/tsan_interface.h: an access whose place in the program is an argument.
#define RACELAB_ACCESS_AT(bytes)                                         \
  RACELAB_INTERCEPTOR void __tsan_read##bytes##_pc(void* p, void* pc) {  \
    if (Visible()) execution.Plain(Address(p), bytes, false, pc);        \
  }                                                                      \
  RACELAB_INTERCEPTOR void __tsan_write##bytes##_pc(void* p, void* pc) { \
    if (Visible()) execution.Plain(Address(p), bytes, true, pc);         \
  }
RACELAB_ACCESS_AT(1)
RACELAB_ACCESS_AT(2)
RACELAB_ACCESS_AT(4)
RACELAB_ACCESS_AT(8)
RACELAB_ACCESS_AT(16)
RACELAB_INTERCEPTOR void __tsan_read_range_pc(void* p, std::size_t bytes, void* pc) {
  if (Visible() && bytes != 0) execution.Plain(Address(p), bytes, false, pc);
}
RACELAB_INTERCEPTOR void __tsan_write_range_pc(void* p, std::size_t bytes, void* pc) {
  if (Visible() && bytes != 0) execution.Plain(Address(p), bytes, true, pc);
}

RACELAB_INTERCEPTOR void __tsan_check_no_mutexes_held() {
  if (Live() && !execution.me().held.empty()) {
    execution.Fail(FailureKind::kMutexMisuse, "T%d holds a mutex, but declares that it holds none", execution.current);
  }
}
RACELAB_INTERCEPTOR void __tsan_external_register_header(void*, const char*) {}
RACELAB_INTERCEPTOR void __tsan_flush_memory() {}
RACELAB_INTERCEPTOR void __tsan_on_thread_idle() {}

// For tests of race detectors: a barrier that makes threads wait, but orders nothing.
RACELAB_INTERCEPTOR void __tsan_testonly_barrier_init(std::uint32_t* barrier, unsigned count) { *barrier = count; }
RACELAB_INTERCEPTOR void __tsan_testonly_barrier_wait(std::uint32_t* object) {
  if (!Live()) return;
  const std::uintptr_t address = Address(object);
  const void* pc = RACELAB_CALLER;
  execution.Step(Make(Kind::kBarrier, true, object, pc));
  Barrier& barrier = execution.barriers[address];
  barrier.count = *object;
  if (!barrier.Arrive(execution.current)) {
    execution.Sleep(kNever, Make(Kind::kBarrier, true, object, pc));
    return;
  }
  for (int thread; (thread = barrier.waiting.TakeFirst()) >= 0;) execution.Wake(thread, address);
}
RACELAB_INTERCEPTOR std::size_t __tsan_testonly_shadow_stack_current_size() {
  return Live() ? static_cast<std::size_t>(execution.me().stack_depth) : 0;
}

// For callbacks during ThreadSanitizer's own reports, which this runtime does not make.
RACELAB_INTERCEPTOR void* __tsan_get_current_report() { return nullptr; }
#define RACELAB_NO_REPORT(function) \
  RACELAB_INTERCEPTOR int function() { return 0; }
RACELAB_NO_REPORT(__tsan_get_report_data)
RACELAB_NO_REPORT(__tsan_get_report_loc)
RACELAB_NO_REPORT(__tsan_get_report_loc_object_type)
RACELAB_NO_REPORT(__tsan_get_report_mop)
RACELAB_NO_REPORT(__tsan_get_report_mutex)
RACELAB_NO_REPORT(__tsan_get_report_stack)
RACELAB_NO_REPORT(__tsan_get_report_tag)
RACELAB_NO_REPORT(__tsan_get_report_thread)
RACELAB_NO_REPORT(__tsan_get_report_unique_tid)
RACELAB_NO_REPORT(__tsan_get_alloc_stack)
RACELAB_INTERCEPTOR void __ubsan_get_current_report_data(const char** kind, const char** message, const char** file,
                                                         unsigned* line, unsigned* column, char** address) {
  *kind = *message = *file = "";
  *line = *column = 0;
  *address = nullptr;
}
RACELAB_INTERCEPTOR const char* __tsan_locate_address(std::uintptr_t address, char* name, std::size_t size,
                                                      std::uintptr_t* region, std::size_t* bytes) {
  if (size > 0) name[0] = '\0';
  *region = *bytes = 0;
  for (int t = 0; Live() && t < execution.slots(); ++t) {
    if (execution.threads[t].fibre.OnStack(address)) return "stack";
  }
  return arena.Contains(address) ? "heap" : "global";
}
