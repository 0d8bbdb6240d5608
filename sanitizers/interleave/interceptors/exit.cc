// The end of the process: the handlers of exit(), as steps of the calling thread, and functions that end the process at
// once.

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <new>

#include "sanitizers/interleave/constructors.h"
#include "sanitizers/interleave/explorer.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/options.h"
#include "sanitizers/interleave/signals.h"

extern "C" [[gnu::visibility("hidden")]] char racelab_module asm("__dso_handle");  // This runtime's library.

namespace racelab::interleave {

void RunThreadDestructors(Thread& thread);  // interceptors/thread.cc

namespace {

using ExitHandler = void (*)(void*);

// Registered before main(), by the constructors of globals in the program and its libraries. They are run at the end of
// each execution.
Vector<Destructor>& RegisteredBefore() {
  static auto& registered = *new (AllocateRuntimeMemory(sizeof(Vector<Destructor>))) Vector<Destructor>;
  return registered;
}
Vector<ExitHandler>& RegisteredForQuickExit() {
  static auto& registered = *new (AllocateRuntimeMemory(sizeof(Vector<ExitHandler>))) Vector<ExitHandler>;
  return registered;
}

void RunExitHandlers(Vector<Destructor>& handlers) {
  while (!handlers.empty()) {
    const Destructor last = handlers.back();
    handlers.pop_back();
    last.function(last.object);
  }
}

[[noreturn]] void RejectExit(const char* function, int code) {
  execution.Fail(FailureKind::kExit, "T%d calls %s(%d)", execution.me().number, function, code);
}

// The C++ library's own objects are destroyed after all of the program's: they only lose their virtual tables, without
// a visible effect. Skipping this saves a page that would have to be restored after each execution.
bool IsOfTheLanguage(ExitHandler function) {
  Dl_info info;
  return dladdr(reinterpret_cast<void*>(function), &info) != 0 && info.dli_fname != nullptr &&
         strstr(info.dli_fname, "/libstdc++.so") != nullptr;
}

void Register(ExitHandler function, void* object, void* module) {
  if (module == &racelab_module) return;  // This runtime's own objects live as long as the process.
  if (Live() && !execution.kept) {
    execution.at_exit.push_back({function, object});
    return;
  }
  if (!Live() && !IsOfTheLanguage(function)) RegisteredBefore().push_back({function, object});
  if (options.whole) return;  // The process ends by _exit().
  using Real = int (*)(ExitHandler, void*, void*);
  static Real real = nullptr;
  if (real == nullptr) real = reinterpret_cast<Real>(dlsym(RTLD_NEXT, "__cxa_atexit"));
  real(function, object, module);
}

// A handler of on_exit(), which receives the exit code.
struct ToldHandler {
  void (*function)(int, void*);
  void* argument;
};
int code_of_exit = 0;
void CallTold(void* object) {
  const ToldHandler handler = *static_cast<ToldHandler*>(object);
  handler.function(code_of_exit, handler.argument);
}

void CallWithoutArgument(void* function) { reinterpret_cast<void (*)()>(function)(); }

}  // namespace

[[noreturn]] void EndAsExitDoes(int code, const void* pc) {
  code_of_exit = code;
  RunThreadDestructors(execution.me());
  RunExitHandlers(execution.at_exit);
  const Vector<Destructor>& before = RegisteredBefore();
  for (std::size_t i = before.size(); i-- > 0;) {
    before[i].function(before[i].object);
    RunExitHandlers(execution.at_exit);  // A handler may register another one.
  }
  RunDestructorFunctions();
  execution.Exit(code, pc, false);
}

}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR int __cxa_atexit(void (*function)(void*), void* object, void* module) {
  Register(function, object, module);
  return 0;
}
RACELAB_INTERCEPTOR int atexit(void (*function)()) noexcept {
  Register(CallWithoutArgument, reinterpret_cast<void*>(function), nullptr);
  return 0;
}
RACELAB_INTERCEPTOR int on_exit(void (*function)(int, void*), void* argument) noexcept {
  auto* handler = static_cast<ToldHandler*>(malloc(sizeof(ToldHandler)));
  if (handler == nullptr) return -1;
  *handler = {function, argument};
  Register(CallTold, handler, nullptr);
  return 0;  // NOLINT(clang-analyzer-unix.Malloc): the handler is registered until the end of the process.
}
// at_quick_exit() itself is linked into the program, and calls this.
RACELAB_INTERCEPTOR int __cxa_at_quick_exit(void (*function)(void*), void*) noexcept {
  (Live() ? execution.at_quick_exit : RegisteredForQuickExit()).push_back(function);
  return 0;
}

// In whole-program mode, exit() ends an execution. In a test it would end the test program, so it is rejected.
RACELAB_INTERCEPTOR void exit(int code) noexcept {
  if (!Live()) REAL(exit)(code);
  if (!options.whole) RejectExit("exit", code);
  EndAsExitDoes(code, RACELAB_CALLER);
}
RACELAB_INTERCEPTOR void _exit(int code) {
  if (!Live()) REAL(_exit)(code);
  if (!options.whole) RejectExit("_exit", code);
  execution.Exit(code, RACELAB_CALLER, true);
}
RACELAB_INTERCEPTOR void _Exit(int code) noexcept {
  if (!Live()) REAL(_Exit)(code);
  if (!options.whole) RejectExit("_Exit", code);
  execution.Exit(code, RACELAB_CALLER, true);
}
RACELAB_INTERCEPTOR void quick_exit(int code) noexcept {
  if (!Live()) REAL(quick_exit)(code);
  if (!options.whole) RejectExit("quick_exit", code);
  for (std::size_t i = execution.at_quick_exit.size(); i-- > 0;) execution.at_quick_exit[i](nullptr);
  for (std::size_t i = RegisteredForQuickExit().size(); i-- > 0;) RegisteredForQuickExit()[i](nullptr);
  execution.Exit(code, RACELAB_CALLER, true);
}

namespace {

// The type of the exception in flight, because std::terminate() calls abort(); null if there is none. Calls the
// program's C++ library, because this runtime has none of its own. The execution is over, so memory that is allocated
// here is restored with it.
const char* ExceptionInFlight() {
  struct TypeInfo {  // As the Itanium C++ ABI lays out std::type_info.
    const void* table;
    const char* name;
  };
  using Find = const TypeInfo* (*)();
  const auto find = reinterpret_cast<Find>(dlsym(RTLD_DEFAULT, "__cxa_current_exception_type"));
  const TypeInfo* type = find == nullptr ? nullptr : find();
  if (type == nullptr) return nullptr;
  using Demangle = char* (*)(const char*, char*, std::size_t*, int*);
  const auto demangle = reinterpret_cast<Demangle>(dlsym(RTLD_DEFAULT, "__cxa_demangle"));
  const char* plain = demangle == nullptr ? nullptr : demangle(type->name, nullptr, nullptr, nullptr);
  return plain == nullptr ? type->name : plain;
}

}  // namespace

RACELAB_INTERCEPTOR void abort() noexcept {
  if (!Live()) REAL(abort)();
  RaiseByAbort(RACELAB_CALLER);
  ++execution.me().ignoring;
  if (const char* type = ExceptionInFlight()) {
    execution.Fail(FailureKind::kUncaughtException, "T%d does not catch an exception of type %s", execution.me().number,
                   type);
  }
  const void* terminates_at = execution.me().terminates_at;
  if (terminates_at != nullptr) {
    execution.FailAt(FailureKind::kAbort, terminates_at, "T%d calls std::terminate()", execution.me().number);
  }
  execution.FailAt(FailureKind::kAbort, RACELAB_CALLER, "T%d calls abort()", execution.me().number);
}
// Called through the vtable of an abstract class. The library's own would call abort(), and the caller would be lost.
RACELAB_INTERCEPTOR void __cxa_pure_virtual() {
  if (!Live()) REAL(__cxa_pure_virtual)();
  RaiseByAbort(RACELAB_CALLER);
  execution.FailAt(FailureKind::kAbort, RACELAB_CALLER, "T%d calls a pure virtual function", execution.me().number);
}
RACELAB_INTERCEPTOR void __assert_fail(const char* expression, const char* file, unsigned line,
                                       const char* function) noexcept {
  if (!Live()) REAL(__assert_fail)(expression, file, line, function);
  RaiseByAbort(RACELAB_CALLER);
  execution.FailAt(FailureKind::kAbort, RACELAB_CALLER, "%s:%u: assertion failed: %s", file, line, expression);
}
