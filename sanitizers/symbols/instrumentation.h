#ifndef RACELAB_SANITIZERS_SYMBOLS_INSTRUMENTATION_H_
#define RACELAB_SANITIZERS_SYMBOLS_INSTRUMENTATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace racelab {

// What matters about a program or library for ThreadSanitizer.
struct Module {
  std::string path;
  bool is_instrumented = false;  // calls ThreadSanitizer: at least one of its files is instrumented
  std::uint64_t code_bytes = 0;
  std::string build_id;  // in hexadecimal; empty if it has none
};

// nullopt if the file is no ELF program or library, or cannot be read.
std::optional<Module> ReadModule(const std::string& path);

// Whether the compiler may have left accesses to local objects without instrumentation. clang before version 21 does so
// where a function accesses an element or a member of its own local object, even if other threads use the object
// (https://github.com/llvm/llvm-project/pull/132756); with the options of racelab_sanitize() it does not.
bool LeavesOutLocals(const std::string& program);

// Whether the compiler may have left copies and fills of a fixed size in the program's own files without
// instrumentation: a g++ that optimises replaces calls of memcpy() and its kin by instructions after it has
// instrumented the program. The debug information tells the options; without it, false.
bool LeavesOutCopies(const std::string& program);

// Returns the libraries that the program loads when it starts, except system libraries. Asks the dynamic loader; does
// not run the program.
std::vector<Module> LibrariesOf(const std::string& program);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_SYMBOLS_INSTRUMENTATION_H_
