#ifndef RACELAB_SANITIZERS_REPORT_SYSTEM_LIBRARY_H_
#define RACELAB_SANITIZERS_REPORT_SYSTEM_LIBRARY_H_

#include <string_view>

namespace racelab {

// Whether a library, given by path or name, is a system library, which ThreadSanitizer intercepts or need not see:
// libc, libstdc++ and the like, and ThreadSanitizer's runtime.
bool IsSystemLibrary(std::string_view path);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_SYSTEM_LIBRARY_H_
