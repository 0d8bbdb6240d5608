#ifndef RACELAB_SANITIZERS_REPORT_DEMANGLE_H_
#define RACELAB_SANITIZERS_REPORT_DEMANGLE_H_

#include <string>
#include <string_view>

namespace racelab {

// `text` with each mangled C++ name ("_ZN4Bank8TransferEi") replaced by its demangled form ("Bank::Transfer(int)").
std::string DemangleWords(std::string_view text);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_DEMANGLE_H_
