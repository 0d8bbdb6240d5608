#include "sanitizers/process/signal_name.h"

#include <string.h>

#include "absl/strings/str_cat.h"

namespace racelab {

std::string SignalName(int signal) {
  const char* name = sigabbrev_np(signal);
  return name != nullptr ? absl::StrCat("SIG", name) : absl::StrCat("signal ", signal);
}

}  // namespace racelab
