#include "sanitizers/gate/telltales.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace racelab {
namespace {

struct OthersWords {
  std::string_view words;
  std::string_view tool;
};

constexpr OthersWords kOthersWords[] = {{"WARNING: DATA RACE", "Go's race detector"},
                                        {"Possible data race during ", "Helgrind"},
                                        {"Conflicting load by thread ", "DRD"},
                                        {"Conflicting store by thread ", "DRD"},
                                        {"BUG: KCSAN: ", "KCSAN"}};

constexpr std::string_view kLost[] = {"ERROR: Can't open file: ", "ERROR: Can't create directory: "};

constexpr size_t kLongest = 40;  // length of the phrases, in bytes

// memmem() is several times as fast as string_view::find().
bool Contains(std::string_view text, std::string_view words) {
  return memmem(text.data(), text.size(), words.data(), words.size()) != nullptr;
}

}  // namespace

void Telltales::Search(std::string_view text) {
  for (const OthersWords& others : kOthersWords) {
    if (Contains(text, others.words)) other_tools_.emplace(others.tool);
  }
  for (const std::string_view words : kLost) lost_reports_ = lost_reports_ || Contains(text, words);
}

void Telltales::Feed(std::string_view piece) {
  end_.append(piece.substr(0, kLongest));
  Search(end_);
  Search(piece);
  if (piece.size() > kLongest) end_.assign(piece.substr(piece.size() - kLongest));
  if (end_.size() > kLongest) end_.erase(0, end_.size() - kLongest);
}

// "WARNING: found 1 unrecognized flag(s):", and below it one on each line.
std::vector<std::string> UnknownOptions(std::string_view text) {
  constexpr std::string_view kHeadline = " unrecognized flag(s):\n";
  std::vector<std::string> unknown;
  const size_t at = text.find(kHeadline);
  if (at == std::string_view::npos) return unknown;
  for (std::string_view line : absl::StrSplit(text.substr(at + kHeadline.size()), '\n')) {
    if (!absl::ConsumePrefix(&line, "    ")) break;
    unknown.emplace_back(line);
  }
  return unknown;
}

std::string_view WhyNotText(std::string_view beginning) {
  using namespace std::string_view_literals;
  constexpr std::pair<std::string_view, std::string_view> kMagic[] = {
      {"\x1f\x8b"sv, "it is compressed; give its text to `racelab report -`, as in: zcat FILE | racelab report -"},
      {"\x28\xb5\x2f\xfd"sv, "it is compressed; give its text to `racelab report -`: zstdcat FILE | racelab report -"},
      {"\xfd\x37zXZ"sv, "it is compressed; give its text to `racelab report -`, as in: xzcat FILE | racelab report -"},
      {"BZh"sv, "it is compressed; give its text to `racelab report -`, as in: bzcat FILE | racelab report -"},
      {"PK\x03\x04"sv, "it is an archive; unpack it, and name the files in it"},
      {"\xff\xfe"sv, "it is UTF-16; write it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE | racelab report -"},
      {"\xfe\xff"sv, "it is UTF-16; write it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE | racelab report -"},
      {"\x7f"
       "ELF"sv,
       "it is a program, not a log; `racelab exec -- FILE` runs it"}};
  for (const auto& [magic, why] : kMagic) {
    if (absl::StartsWith(beginning, magic)) return why;
  }
  // SARIF as written by this tool and others.
  if (absl::StartsWith(beginning, "{") && absl::StrContains(beginning.substr(0, 300), "sarif"))
    return "it is SARIF, not a log; name the log, or what --json has written";
  return "";
}

}  // namespace racelab
