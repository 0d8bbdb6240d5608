#include "sanitizers/verdict/symbolise.h"

#include <unistd.h>

#include <cstdlib>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "sanitizers/verdict/child.h"
#include "sanitizers/verdict/tsan_run.h"

namespace racelab {
namespace {

constexpr size_t kPlacesAtOnce = 2000;  // On one command line.

// Both print, for each address: the address, then pairs of a function and file:line, from the innermost outwards.
std::vector<std::string> Command(const std::string& module) {
  std::string llvm = FindSymbolizer();
  if (llvm.empty()) return {"addr2line", "-a", "-f", "-C", "-i", "-e", module};
  return {std::move(llvm), "--output-style=GNU", "-a", "-f", "-C", "-i", "-e", module};
}

Frame ReadFrame(std::string_view function, std::string_view place, std::string_view module) {
  Frame frame;
  if (function != "??") frame.function = function;
  frame.module = module.substr(module.rfind('/') + 1);
  place = place.substr(0, place.find(" (discriminator"));
  const size_t colon = place.rfind(':');
  if (colon == std::string_view::npos || absl::StartsWith(place, "??")) return frame;
  frame.file = place.substr(0, colon);
  if (!absl::SimpleAtoi(place.substr(colon + 1), &frame.line)) frame.line = 0;
  return frame;
}

void AskAbout(const std::string& module, const std::vector<std::pair<std::uint64_t, std::string>>& addresses,
              const std::string& directory, std::map<std::string, std::vector<Frame>>& result) {
  std::map<std::uint64_t, std::string> place_of;
  ChildSpec spec;
  spec.argv = Command(module);
  spec.directory = directory;
  spec.limits.time = absl::Seconds(60);
  for (const auto& [address, place] : addresses) {
    spec.argv.push_back(absl::StrFormat("0x%x", address));
    place_of[address] = place;
  }
  const ChildResult child = RunChild(spec);
  if (child.end != ChildEnd::kExited) return;
  std::vector<Frame>* frames = nullptr;
  std::string_view function;
  for (std::string_view line : absl::StrSplit(child.out, '\n')) {
    std::uint64_t address = 0;
    if (absl::StartsWith(line, "0x") && absl::SimpleHexAtoi(line, &address) && place_of.contains(address)) {
      frames = &result[place_of[address]];
      function = {};
    } else if (frames != nullptr && function.empty()) {
      function = line;
    } else if (frames != nullptr) {
      frames->push_back(ReadFrame(function, line, module));
      function = {};
    }
  }
}

}  // namespace

std::map<std::string, std::vector<Frame>> Symbolise(const std::vector<std::string>& places,
                                                    const std::string& directory) {
  std::map<std::string, std::vector<std::pair<std::uint64_t, std::string>>> by_module;
  for (const std::string& place : places) {
    const size_t plus = place.rfind("+0x");
    std::uint64_t offset = 0;
    if (plus == std::string::npos || !absl::SimpleHexAtoi(place.substr(plus + 1), &offset) || offset == 0) continue;
    by_module[place.substr(0, plus)].emplace_back(offset - 1, place);  // Within the call, not after it.
  }
  std::map<std::string, std::vector<Frame>> result;
  for (const auto& [module, addresses] : by_module) {
    for (size_t from = 0; from < addresses.size(); from += kPlacesAtOnce) {
      const size_t to = std::min(addresses.size(), from + kPlacesAtOnce);
      AskAbout(module, {addresses.begin() + from, addresses.begin() + to}, directory, result);
    }
  }
  return result;
}

}  // namespace racelab
