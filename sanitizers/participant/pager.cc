#include "sanitizers/participant/pager.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {

bool PrintPaged(const std::string& text) {
  const auto lines = std::count(text.begin(), text.end(), '\n');
  const char* wanted = std::getenv("PAGER");
  const std::string pager = wanted == nullptr ? "less" : wanted;
  const bool is_wanted = !pager.empty() && pager != "cat";
  if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && is_wanted && lines >= SizeOfScreen().lines) {
    std::fflush(stdout);
    const char* options = std::getenv("LESS");
    setenv("LESS", absl::StrCat("-R ", options == nullptr ? "" : options).c_str(), /*overwrite=*/1);  // Shows colours.
    // The pager handles Ctrl-C, and may end before it has read everything.
    const auto on_interrupt = signal(SIGINT, SIG_IGN);
    const auto on_broken_pipe = signal(SIGPIPE, SIG_IGN);
    FILE* pipe = popen(pager.c_str(), "w");
    bool shown = pipe != nullptr;
    if (shown) {
      std::fwrite(text.data(), 1, text.size(), pipe);
      constexpr int kNotFound = 127 << 8;
      shown = pclose(pipe) != kNotFound;
    }
    signal(SIGPIPE, on_broken_pipe);
    signal(SIGINT, on_interrupt);
    if (shown) return true;
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
  return false;
}

}  // namespace racelab
