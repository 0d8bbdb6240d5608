#include "sanitizers/findings/finding.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace racelab {
namespace {

// FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/): the same on every machine, unlike std::hash.
std::uint64_t HashOf(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const unsigned char byte : text) hash = (hash ^ byte) * 0x100000001b3u;
  return hash;
}

std::string LineText(const std::string& root, const Place& place) {
  const SourceLines source = ReadAround(root, place, 0);
  return source.lines.empty() ? "" : std::string(absl::StripAsciiWhitespace(source.lines.front()));
}

}  // namespace

std::string Fingerprint(const Finding& finding, const std::string& root, std::string_view object) {
  std::vector<std::string> places;
  for (const Place& place : finding.places)
    places.push_back(absl::StrCat(place.file, "\n", place.function, "\n", LineText(root, place)));
  std::sort(places.begin(), places.end());  // The order of two accesses differs from run to run.
  std::string all = absl::StrCat(finding.rule->id, "\n", object, "\n", absl::StrJoin(places, "\n"));
  if (places.empty()) absl::StrAppend(&all, "\n", finding.message);
  return absl::StrFormat("%016x", HashOf(all));
}

const Place* PlaceInSources(const Finding& finding) {
  const auto found = std::find_if(finding.places.begin(), finding.places.end(), [](const Place& place) {
    return !place.file.empty() && !absl::StartsWith(place.file, "/");
  });
  return found == finding.places.end() ? nullptr : &*found;
}

std::string RelativeTo(const std::string& root, const std::string& file) {
  std::string path = std::filesystem::path(file).lexically_normal().string();
  if (root.empty() || path.empty()) return path;
  const std::string begin = absl::EndsWith(root, "/") ? root : absl::StrCat(root, "/");
  if (absl::StartsWith(path, begin)) return path.substr(begin.size());
  if (absl::StartsWith(path, "/usr/")) return path;
  // The path may be relative to an unknown build folder, lie in a Bazel sandbox ("/proc/self/cwd/bank.h"), or belong to
  // the machine that wrote the log. So use its longest suffix that names a file here.
  std::error_code ignored;
  const bool is_relative = path.front() != '/';
  if (std::filesystem::exists(is_relative ? absl::StrCat(begin, path) : path, ignored)) return path;
  for (size_t at = 0; at != std::string::npos; at = path.find('/', at)) {
    if (path[at] == '/') ++at;
    const std::string end = path.substr(at);
    if (end.empty()) break;
    if (!absl::StartsWith(end, "..") && std::filesystem::is_regular_file(absl::StrCat(begin, end), ignored)) return end;
  }
  return path;
}

std::string FileAndLine(const Place& place) {
  return place.line > 0 ? absl::StrCat(place.file, ":", place.line) : place.file;
}

SourceLines ReadAround(const std::string& root, const Place& place, int around) {
  SourceLines source;
  if (place.file.empty() || place.line < 1) return source;
  std::ifstream file(place.file.front() == '/' ? place.file : absl::StrCat(root, "/", place.file));
  std::string line;
  for (int number = 1; number <= place.line + around && std::getline(file, line); ++number) {
    if (number < place.line - around) continue;
    if (source.lines.empty()) source.first = number;
    if (absl::EndsWith(line, "\r")) line.pop_back();
    source.lines.push_back(line);
  }
  // A file that ends before this line is another version.
  if (source.first + static_cast<int>(source.lines.size()) <= place.line) return {};
  return source;
}

}  // namespace racelab
