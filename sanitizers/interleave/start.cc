// Where the runtime takes over: before main(), and where a test requests an exploration.

#include <stdlib.h>
#include <string.h>
#include <sys/single_threaded.h>
#include <unistd.h>

#include "sanitizers/interleave/constructors.h"
#include "sanitizers/interleave/explorer.h"
#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/interleave.h"
#include "sanitizers/interleave/options.h"
#include "sanitizers/interleave/report.h"
#include "sanitizers/interleave/watchdog.h"

namespace racelab::interleave {
namespace {

constexpr int kFailed = 66;  // ThreadSanitizer's default exit code.

using Initialise = void (*)(int, char**, char**);

struct Main {
  int (*function)(int, char**, char**);
  Initialise initialise;  // Runs the constructors, in programs linked to a C library before 2.34; otherwise null.
  Arguments arguments;
};
Main program;

void RunConstructors(const Main& main) {
  const Arguments& arguments = main.arguments;
  RunConstructorsOfLibraries(arguments);
  if (main.initialise != nullptr) return main.initialise(arguments.count, arguments.values, arguments.environment);
  RunConstructorsOfProgram(arguments);
}

void RunProgram(void* argument) {
  const Main& main = *static_cast<Main*>(argument);
  if (options.constructors) RunConstructors(main);
  exit(main.function(main.arguments.count, main.arguments.values, main.arguments.environment));
}

int ExploreMain(int argc, char** argv, char** environment) {
  __libc_single_threaded = 0;  // Otherwise std::shared_ptr would count without atomics.
  program.arguments = {argc, argv, environment};
  MainBegins();
  if (!options.whole) {
    WatchIdleness(options.idle);
    return program.function(argc, argv, environment);
  }
  const Exploration& exploration = Explore("main", RunProgram, &program);
  if (options.report[0] != '\0') WriteReport(exploration);
  char line[1536];
  Summarise(exploration, line, sizeof line);
  Say("racelab: %s", line);
  REAL(_exit)(exploration.failures.empty() ? 0 : kFailed);
  __builtin_unreachable();
}

[[gnu::constructor]] void Prepare(int argc, char** argv, char** environment) {
  ReadOptions();
  PrepareConstructors({argc, argv, environment});
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR int __libc_start_main(int (*main)(int, char**, char**), int argc, char** argv,
                                          Initialise initialise, void (*finish)(), void (*loader_finish)(),
                                          void* stack_end) {
  program = {main, initialise, {argc, argv, environ}};
  if (options.whole && options.constructors) initialise = [](int, char**, char**) {};
  using Real = int (*)(int (*)(int, char**, char**), int, char**, Initialise, void (*)(), void (*)(), void*);
  const auto real = reinterpret_cast<Real>(dlsym(RTLD_NEXT, "__libc_start_main"));
  return real(ExploreMain, argc, argv, initialise, finish, loader_finish, stack_end);
}

RACELAB_INTERCEPTOR int racelab_interleave_explore(const char* name, void (*body)(void*), void* argument, char* message,
                                                   size_t size) {
  if (Live()) {  // In whole-program mode, the body is part of the explored program.
    body(argument);
    return 0;
  }
  StopWatchingIdleness();
  const Exploration& exploration = Explore(name, body, argument);
  WatchIdleness(options.idle);
  if (options.report[0] != '\0') WriteReport(exploration);
  Summarise(exploration, message, size);
  return exploration.failures.empty() ? 0 : 1;
}

RACELAB_INTERCEPTOR void racelab_interleave_fail(const char* message) {
  if (Live()) FailExpectation(message);
}

RACELAB_INTERCEPTOR int racelab_interleave_kept() { return execution.kept; }

RACELAB_INTERCEPTOR int racelab_interleave_choose(int count) {
  return Live() ? execution.Choose(count, RACELAB_CALLER) : 0;
}

RACELAB_INTERCEPTOR void racelab_interleave_note(const char* text) {
  if (Live() && execution.recording != nullptr) execution.RecordNote(text);
}

RACELAB_INTERCEPTOR void racelab_interleave_be_punctual() {
  if (Live()) execution.punctual = true;
}

RACELAB_INTERCEPTOR int racelab_interleave_older_values() { return options.older_values > 0; }

RACELAB_INTERCEPTOR void racelab_interleave_creations_may_fail(int may) {
  if (Live()) execution.creations_may_fail += may != 0 ? 1 : -1;
}
