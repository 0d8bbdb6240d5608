#ifndef RACELAB_SANITIZERS_REPORT_SYSTEM_LIBRARY_H_
#define RACELAB_SANITIZERS_REPORT_SYSTEM_LIBRARY_H_

#include <string_view>

namespace racelab {

// Whether a library, by its path or its name, is one of the system, whose functions ThreadSanitizer stands in for or
// that do not matter to it: libc, libstdc++ and the like, and ThreadSanitizer's own.
bool IsSystemLibrary(std::string_view path);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_SYSTEM_LIBRARY_H_
