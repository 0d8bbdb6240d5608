#include "sanitizers/report/demangle.h"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace racelab {

std::string DemangleWords(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const size_t begin = text.find("_Z");
    if (begin == std::string_view::npos) break;
    size_t end = begin;
    while (end < text.size() && (absl::ascii_isalnum(text[end]) || text[end] == '_')) ++end;
    const std::string name(text.substr(begin, end - begin));
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> plain(abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status),
                                                       std::free);
    absl::StrAppend(&result, text.substr(0, begin), status == 0 ? plain.get() : name.c_str());
    text.remove_prefix(end);
  }
  return absl::StrCat(result, text);
}

}  // namespace racelab
