#ifndef RACELAB_SANITIZERS_REPORT_DEMANGLE_H_
#define RACELAB_SANITIZERS_REPORT_DEMANGLE_H_

#include <string>
#include <string_view>

namespace racelab {

// `text` with each word that is a mangled C++ name ("_ZN4Bank8TransferEi") as its readers know it
// ("Bank::Transfer(int)").
std::string DemangleWords(std::string_view text);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_DEMANGLE_H_
