#include "sanitizers/report/system_library.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"

namespace racelab {

bool IsSystemLibrary(std::string_view path) {
  constexpr std::string_view kNames[] = {"libc.so",     "libm.so",      "libstdc++.so", "libc++.so",    "libc++abi.so",
                                         "libgcc_s.so", "libdl.so",     "librt.so",     "ld-linux",     "libpthread.so",
                                         "libtsan.so",  "libclang_rt.", "libunwind.so", "libresolv.so", "linux-vdso"};
  const std::string_view base = path.substr(path.rfind('/') + 1);
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [base](std::string_view name) { return absl::StartsWith(base, name); });
}

}  // namespace racelab
