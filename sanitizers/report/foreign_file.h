#ifndef RACELAB_SANITIZERS_REPORT_FOREIGN_FILE_H_
#define RACELAB_SANITIZERS_REPORT_FOREIGN_FILE_H_

#include <string_view>

namespace racelab {

// Whether a source file is not the program's, but that of a library which tests use, or of the compiler.
bool IsForeignFile(std::string_view path);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_FOREIGN_FILE_H_
