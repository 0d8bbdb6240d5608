#ifndef RACELAB_SANITIZERS_SYMBOLS_INSTRUMENTATION_H_
#define RACELAB_SANITIZERS_SYMBOLS_INSTRUMENTATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace racelab {

// A program or library, as far as ThreadSanitizer is concerned.
struct Module {
  std::string path;
  bool is_instrumented = false;  // it calls ThreadSanitizer's functions: at least one of its files was compiled so
  std::uint64_t code_bytes = 0;
  std::string build_id;  // in hexadecimal; empty if it has none
};

// nullopt if the file is no ELF program or library, or cannot be read.
std::optional<Module> ReadModule(const std::string& path);

// The libraries that the program would load when it starts, without those of the system. The dynamic loader itself is
// asked; the program does not run.
std::vector<Module> LibrariesOf(const std::string& program);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_SYMBOLS_INSTRUMENTATION_H_
