// Programs that call the kernel: pipes, signals, stacks, and the kernel state that an execution changes. A right
// program passes in every interleaving; a wrong one fails in the expected way; a call that is not modelled is refused
// by name.

#include <cstdio>
#include <map>
#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sanitizers/interleave/explored.h"

namespace racelab {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::map<std::string, std::string>& WrongPrograms() {
  static const auto& wrong = *new std::map<std::string, std::string>{
      {"broken_pipe", "crash"},
      {"character_sets", "abort"},
      {"closed", "deadlock"},
      {"descriptor", "abort"},
      {"directory", "abort"},
      {"epoll", "data race"},
      {"event_counter", "deadlock"},
      {"file", "abort"},
      {"file_lock", "data race"},
      {"full_pipe", "deadlock"},
      {"loaded_library", "abort"},
      {"mappings", "abort"},
      {"memory_barrier", "data race"},
      {"pipe", "data race"},
      {"pipe_without_waiting", "abort"},
      {"poll", "abort"},
      {"print_while_locked", "deadlock"},
      {"randomness", "abort"},
      {"read_only_memory", "crash"},
      {"select", "abort"},
      {"server", "deadlock"},
      {"signal_abort", "abort"},
      {"signal_alternate_stack", "abort"},
      {"signal_ask_for_handler", "abort"},
      {"signal_between_two_steps", "abort"},
      {"signal_ends_thread", "abort"},
      {"signal_interrupts", "deadlock"},
      {"signal_leave_by_jump", "abort"},
      {"signal_many", "deadlock"},
      {"signal_overflow", "crash"},
      {"signal_own_crash_handler", "abort"},
      {"signal_queued", "abort"},
      {"signal_raise", "crash"},
      {"signal_semaphore", "abort"},
      {"signal_sleep", "abort"},
      {"signal_suspend", "deadlock"},
      {"signal_to_thread", "abort"},
      {"signal_wait", "deadlock"},
      {"signal_with_value", "abort"},
      {"signal_write_to_oneself", "abort"},
      {"signals_all_blocked", "abort"},
      {"socket_pair", "data race"},
      {"stack_as_asked_for", "crash"},
      {"stack_by_default", "crash"},
      {"stack_fiber", "data race"},
      {"stack_of_its_own", "abort"},
      {"static_memory", "abort"},
      {"stream_closed", "use after free"},
      {"stream_print", "abort"},
      {"stream_read", "abort"},
      {"stream_standard", "data race"},
      {"stream_two_calls", "abort"},
      {"stream_unlocked", "data race"},
      {"tokens", "deadlock"},
      {"user", "abort"},
  };
  return wrong;
}

class KernelTest : public ExploredTest {};

TEST_P(KernelTest, EachHoldsWhereItIsUsedRightly) {
  for (const auto& [name, failure] : WrongPrograms()) {
    // This program sends a signal until it is received, so it has no longest interleaving.
    const bool has_end = name != "signal_interrupts";
    InterleaveOptions options = Whole();
    if (!has_end) options.executions = 5'000;
    const Exploration exploration = Explore("kernel", {"right", name}, options);
    EXPECT_EQ(exploration.complete, has_end) << name;
    EXPECT_TRUE(exploration.failures.empty())
        << name << ": " << (exploration.failures.empty() ? "" : exploration.failures[0].message);
  }
}

// The interleavings that the reduction omits are right as well.
TEST_P(KernelTest, EachHoldsInTheFullSearchWhereItIsUsedRightly) {
  InterleaveOptions options = Whole();
  options.search = "full";
  options.executions = 5'000;
  for (const auto& [name, failure] : WrongPrograms()) {
    const Exploration exploration = Explore("kernel", {"right", name}, options);
    EXPECT_TRUE(exploration.failures.empty())
        << name << ": " << (exploration.failures.empty() ? "" : exploration.failures[0].message);
  }
}

TEST_P(KernelTest, EachFailsAsItIsUsedWrongly) {
  for (const auto& [name, kind] : WrongPrograms()) {
    const Exploration exploration = Explore("kernel", {"wrong", name}, Whole());
    EXPECT_NE(FailureOf(exploration, kind), nullptr) << name << ": " << FirstMessage(exploration);
  }
}

TEST_P(KernelTest, RefusesByNameWhatItDoesNotControl) {
  for (const std::string name :
       {"alarm", "fork", "futex(FUTEX_CMP_REQUEUE)", "popen", "setitimer", "shmat", "system", "timerfd"}) {
    const Exploration exploration = Explore("kernel", {"refused", name}, Whole());
    ASSERT_FALSE(exploration.failures.empty()) << name;
    EXPECT_EQ(exploration.failures[0].kind, "unsupported") << name;
    EXPECT_THAT(exploration.failures[0].message, HasSubstr("calls " + name)) << name;
  }
}

TEST_P(KernelTest, SaysThatAStackHasOverflown) {
  const Exploration exploration = Explore("kernel", {"wrong", "stack_by_default"}, Whole());
  ASSERT_FALSE(exploration.failures.empty());
  EXPECT_THAT(exploration.failures[0].message, HasSubstr("stack overflow"));
}

TEST_P(KernelTest, GivesEachThreadItsStorageHoweverLarge) {
  for (const std::string search : {"exhaustive", "full"}) {
    InterleaveOptions options = Whole();
    options.search = search;
    const Exploration exploration = Explore("large_storage", {"right"}, options);
    EXPECT_TRUE(exploration.complete && exploration.failures.empty()) << search << ": " << FirstMessage(exploration);
  }
  const Exploration exploration = Explore("large_storage", {"wrong"}, Whole());
  EXPECT_NE(FailureOf(exploration, "abort"), nullptr) << FirstMessage(exploration);
}

RACELAB_FOR_EACH_TREE(KernelTest);

// The names that a library exports, according to `nm`.
std::set<std::string> Exported(const std::string& library) {
  std::set<std::string> names;
  FILE* list = popen(("nm -D --defined-only '" + library + "' 2>/dev/null").c_str(), "r");
  char address[64], kind[8], name[4096];
  while (std::fscanf(list, "%63s %7s %4095s", address, kind, name) == 3) {
    const std::string full = name;
    names.insert(full.substr(0, full.find('@')));
  }
  pclose(list);
  return names;
}

// The library that the compiler would link.
std::string LibraryOf(const std::string& compiler, const std::string& name) {
  FILE* answer = popen((compiler + " -print-file-name=" + name + " 2>/dev/null").c_str(), "r");
  char path[4096] = "";
  const bool any = std::fscanf(answer, "%4095s", path) == 1;
  pclose(answer);
  return any && path[0] == '/' ? path : "";
}

// A program that was linked with a compiler's runtime finds every name in this runtime, or in the C and C++ libraries.
TEST(ExportedNamesTest, AreAllThatTheCompilersRuntimesExport) {
  const std::set<std::string> ours = Exported(std::string(RACELAB_BUILD_DIR) + "/lib/interleave/libtsan.so.2");
  ASSERT_FALSE(ours.empty());
  std::set<std::string> elsewhere = {"_edata", "_end", "__bss_start"};  // Defined by the linker.
  for (const char* library : {"libc.so.6", "libm.so.6", "libstdc++.so.6", "libgcc_s.so.1", "ld-linux-x86-64.so.2"}) {
    elsewhere.merge(Exported(LibraryOf("c++", library)));
  }
  bool any = false;
  for (const std::string& theirs : {LibraryOf("g++", "libtsan.so"), LibraryOf("clang++", "libclang_rt.tsan-x86_64.so"),
                                    LibraryOf("clang++-19", "libclang_rt.tsan-x86_64.so")}) {
    if (theirs.empty()) continue;
    std::set<std::string> missing;
    for (const std::string& name : Exported(theirs)) {
      any = true;
      if (!ours.contains(name) && !elsewhere.contains(name)) missing.insert(name);
    }
    EXPECT_THAT(missing, IsEmpty()) << theirs;
  }
  if (!any) GTEST_SKIP() << "no compiler's runtime to compare with";
}

}  // namespace
}  // namespace racelab
