// The process: its end, what only a real process can do, and calls that would block the one kernel thread there is.

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sanitizers/interleave/explorer.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/kernel.h"
#include "sanitizers/interleave/options.h"

namespace racelab::interleave {
namespace {

// In whole-program mode exit() is how an execution ends; in a test it ends the test program, and that is wrong.
[[noreturn]] void ExitExecution(int code) {
  if (!options.whole) execution.Fail(FailureKind::kExit, "T%d calls exit(%d)", execution.current, code);
  RunAtExit();
  execution.Exit(code);
}

}  // namespace

void RunAtExit() {
  while (!execution.at_exit.empty()) {
    const Destructor last = execution.at_exit.back();
    execution.at_exit.pop_back();
    last.function(last.object);
  }
}

}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR int __cxa_atexit(void (*function)(void*), void* object, void* module) {
  if (Live() && !execution.kept) {
    execution.at_exit.push_back({function, object});
    return 0;
  }
  using Real = int (*)(void (*)(void*), void*, void*);
  static Real real = nullptr;
  if (real == nullptr) real = reinterpret_cast<Real>(dlsym(RTLD_NEXT, "__cxa_atexit"));
  return real(function, object, module);
}

RACELAB_INTERCEPTOR void exit(int code) noexcept {
  if (!Live()) REAL(exit)(code);
  ExitExecution(code);
}
RACELAB_INTERCEPTOR void quick_exit(int code) noexcept {
  if (!Live()) REAL(quick_exit)(code);
  ExitExecution(code);
}
RACELAB_INTERCEPTOR void _exit(int code) {
  if (!Live()) REAL(_exit)(code);
  if (!options.whole) ExitExecution(code);
  execution.Exit(code);
}
RACELAB_INTERCEPTOR void _Exit(int code) noexcept {
  if (!Live()) REAL(_Exit)(code);
  _exit(code);
}

namespace {

// The type of the exception that is on its way, for std::terminate() calls abort(); null if there is none. Found at run
// time: the program's C++ library knows, and this runtime has none of its own. The execution is over: what is allocated
// here is set back with it.
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
  if (const char* type = ExceptionInFlight()) {
    execution.Fail(FailureKind::kUncaughtException, "T%d does not catch an exception of type %s", execution.current,
                   type);
  }
  execution.Fail(FailureKind::kAbort, "T%d calls abort()", execution.current);
}
RACELAB_INTERCEPTOR void __assert_fail(const char* expression, const char* file, unsigned line,
                                       const char* function) noexcept {
  if (!Live()) REAL(__assert_fail)(expression, file, line, function);
  execution.Fail(FailureKind::kAbort, "%s:%u: assertion failed: %s", file, line, expression);
}

#define RACELAB_UNSUPPORTED(result, function, parameters, arguments)         \
  RACELAB_INTERCEPTOR result function parameters {                           \
    if (Live()) racelab::interleave::Refuse(#function "()", RACELAB_CALLER); \
    return REAL(function) arguments;                                         \
  }

RACELAB_UNSUPPORTED(pid_t, fork, () noexcept, ())
RACELAB_UNSUPPORTED(pid_t, vfork, () noexcept, ())
RACELAB_UNSUPPORTED(int, system, (const char* command), (command))
RACELAB_UNSUPPORTED(pid_t, waitpid, (pid_t pid, int* status, int flags), (pid, status, flags))
RACELAB_UNSUPPORTED(int, pthread_cancel, (pthread_t thread), (thread))
RACELAB_UNSUPPORTED(int, pthread_timedjoin_np, (pthread_t t, void** r, const timespec* time), (t, r, time))
RACELAB_UNSUPPORTED(int, pthread_tryjoin_np, (pthread_t t, void** r) noexcept, (t, r))
RACELAB_UNSUPPORTED(pid_t, wait, (int* status), (status))
RACELAB_UNSUPPORTED(pid_t, wait3, (int* status, int flags, rusage* usage) noexcept, (status, flags, usage))
RACELAB_UNSUPPORTED(pid_t, wait4, (pid_t pid, int* status, int flags, rusage* usage) noexcept,
                    (pid, status, flags, usage))
RACELAB_UNSUPPORTED(int, waitid, (idtype_t type, id_t id, siginfo_t* information, int flags),
                    (type, id, information, flags))
RACELAB_UNSUPPORTED(FILE*, popen, (const char* command, const char* mode), (command, mode))
RACELAB_UNSUPPORTED(int, daemon, (int stay, int open) noexcept, (stay, open))
RACELAB_UNSUPPORTED(int, execve, (const char* path, char* const* a, char* const* e) noexcept, (path, a, e))
RACELAB_UNSUPPORTED(int, posix_spawn,
                    (pid_t * pid, const char* path, const posix_spawn_file_actions_t* actions,
                     const posix_spawnattr_t* attributes, char* const* a, char* const* e),
                    (pid, path, actions, attributes, a, e))
RACELAB_UNSUPPORTED(int, posix_spawnp,
                    (pid_t * pid, const char* path, const posix_spawn_file_actions_t* actions,
                     const posix_spawnattr_t* attributes, char* const* a, char* const* e),
                    (pid, path, actions, attributes, a, e))

// What would send signals, or become readable, as real time passes.
RACELAB_UNSUPPORTED(unsigned, alarm, (unsigned seconds) noexcept, (seconds))
RACELAB_UNSUPPORTED(useconds_t, ualarm, (useconds_t value, useconds_t interval) noexcept, (value, interval))
RACELAB_UNSUPPORTED(int, setitimer, (__itimer_which_t which, const itimerval* value, itimerval* before) noexcept,
                    (which, value, before))
RACELAB_UNSUPPORTED(int, timer_create, (clockid_t clock, sigevent* event, timer_t* timer) noexcept,
                    (clock, event, timer))
RACELAB_UNSUPPORTED(int, timerfd_create, (clockid_t clock, int flags) noexcept, (clock, flags))
RACELAB_UNSUPPORTED(int, signalfd, (int descriptor, const sigset_t* mask, int flags) noexcept,
                    (descriptor, mask, flags))
RACELAB_UNSUPPORTED(int, inotify_init, () noexcept, ())
RACELAB_UNSUPPORTED(int, inotify_init1, (int flags) noexcept, (flags))
