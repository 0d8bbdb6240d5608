#include "sanitizers/racelab/schedule_text.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace racelab {
namespace {

constexpr size_t kLongestGroup = 64;
constexpr size_t kLongestPrinted = 300;
constexpr size_t kLongestSchedule = 100'000'000;

// How often the `period` characters at `begin` are repeated without a gap, counting the first.
size_t Repetitions(std::string_view text, size_t begin, size_t period) {
  size_t end = begin + period;
  while (end < text.size() && text[end] == text[end - period]) ++end;
  return (end - begin) / period;
}

bool IsDigitOfSchedule(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || absl::StrContains("+@", c);
}

// The position after the last colon; 0 if there is none.
size_t BeginOfSteps(std::string_view schedule) { return schedule.rfind(':') + 1; }

absl::Status NoSchedule(std::string_view text) {
  constexpr size_t kShown = 60;
  const std::string shown = absl::StrCat(text.substr(0, kShown), text.size() > kShown ? "..." : "");
  return absl::InvalidArgumentError(
      absl::StrCat("'", shown, "' is no schedule: copy the whole of what stands after --replay"));
}

absl::StatusOr<std::string> FromFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) return absl::InvalidArgumentError(absl::StrCat("cannot read the schedule in ", path));
  return std::string(absl::StripAsciiWhitespace(text));
}

// Writes this schedule to a file and returns the path; empty if no file can be written. A schedule always gets the same
// file name, so that repeated looks at one failure do not fill the folder.
std::string InFile(std::string_view schedule) {
  const char* folder = std::getenv("TMPDIR");
  const std::string path =
      absl::StrFormat("%s/racelab-%d-%016x.schedule", folder == nullptr || *folder == '\0' ? "/tmp" : folder, getuid(),
                      std::hash<std::string_view>()(schedule));
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) {
    const absl::StatusOr<std::string> known = FromFile(path);
    return known.ok() && *known == schedule ? path : "";
  }
  const bool written = write(file, schedule.data(), schedule.size()) == static_cast<ssize_t>(schedule.size());
  close(file);
  if (!written) unlink(path.c_str());
  return written ? path : "";
}

}  // namespace

std::string CompactSchedule(std::string_view schedule) {
  const size_t names = BeginOfSteps(schedule);
  std::string compact(schedule.substr(0, names));
  for (size_t i = names; i < schedule.size();) {
    std::string best;
    size_t covered = 0, saved = 0;
    for (size_t period = 1; period <= std::min(kLongestGroup, schedule.size() - i); ++period) {
      const size_t repetitions = Repetitions(schedule, i, period);
      if (repetitions < 2) continue;
      const std::string group = absl::StrCat("{", repetitions, "x", schedule.substr(i, period), "}");
      if (repetitions * period <= group.size() + saved) continue;
      saved = repetitions * period - group.size();
      covered = repetitions * period;
      best = group;
    }
    compact += best.empty() ? std::string(1, schedule[i]) : best;
    i += best.empty() ? 1 : covered;
  }
  return compact;
}

absl::StatusOr<std::string> ExpandSchedule(std::string_view text) {
  if (absl::StartsWith(text, "@") && absl::StrContains(text, '/')) {
    absl::StatusOr<std::string> read = FromFile(std::string(text.substr(1)));
    if (!read.ok() || absl::StrContains(*read, '/')) return read.ok() ? NoSchedule(*read) : read.status();
    return ExpandSchedule(*read);
  }
  const size_t names = BeginOfSteps(text);
  std::string schedule(text.substr(0, names));
  const bool are_names = std::all_of(schedule.begin(), schedule.end(),
                                     [](char c) { return IsDigitOfSchedule(c) || absl::StrContains("-_.,:", c); });
  if (!are_names) return NoSchedule(text);
  for (size_t i = names; i < text.size();) {
    if (text[i] != '{') {
      if (!IsDigitOfSchedule(text[i])) return NoSchedule(text);
      schedule += text[i++];
      continue;
    }
    const size_t times = text.find('x', i), end = text.find('}', i);
    std::uint64_t count = 0;
    if (end == std::string_view::npos || times > end || !absl::SimpleAtoi(text.substr(i + 1, times - i - 1), &count))
      return NoSchedule(text);
    const std::string_view group = text.substr(times + 1, end - times - 1);
    if (group.empty() || count > kLongestSchedule / group.size() ||
        !std::all_of(group.begin(), group.end(), IsDigitOfSchedule))
      return NoSchedule(text);
    for (std::uint64_t k = 0; k < count; ++k) schedule += group;
    i = end + 1;
  }
  return schedule;
}

std::string ScheduleArgument(std::string_view schedule) {
  std::string compact = CompactSchedule(schedule);
  if (compact.size() <= kLongestPrinted) return compact;
  const std::string path = InFile(schedule);
  return path.empty() ? compact : absl::StrCat("@", path);
}

std::string Quoted(const std::string& word) {
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || absl::StrContains("_-./=:,+@%", c);
  });
  return plain ? word : absl::StrCat("'", absl::StrReplaceAll(word, {{"'", "'\\''"}}), "'");
}

std::string ShellLines(const std::vector<std::string>& words, size_t columns, size_t indent) {
  constexpr std::string_view kOn = " \\\n";
  std::string text(indent, ' ');
  size_t column = indent;
  bool first = true;
  for (std::string_view word : words) {
    const size_t room = columns - 2;  // for the blank and the backslash
    if (!first && column + 1 + word.size() > room) {
      absl::StrAppend(&text, kOn, std::string(indent, ' '));
      column = indent;
    } else if (!first) {
      text += ' ';
      ++column;
    }
    first = false;
    // A quoted word is not split: within quotes, a backslash is an ordinary character.
    while (column + word.size() > room && room > column && !absl::StrContains(word, '\'')) {
      absl::StrAppend(&text, word.substr(0, room - column), "\\\n");
      word.remove_prefix(room - column);
      column = 0;
    }
    text += word;
    column += word.size();
  }
  return text;
}

}  // namespace racelab
