#include "sanitizers/racelab/change.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "sanitizers/racelab/expectation_toml.h"
#include "sanitizers/racelab/toml_reader.h"

namespace racelab {
namespace {

// Reads text whose line breaks only keep the lines of the file short.
std::string ReadWords(const toml::table& table, std::string_view key, TomlReader& reader) {
  return absl::StrReplaceAll(absl::StripAsciiWhitespace(reader.Get<std::string>(table, key)), {{"\n", " "}});
}

void ReadFault(const toml::table& fault, TomlReader& reader, Change& change) {
  reader.AllowOnly(fault,
                   {"class", "promise", "misconception", "functions", "lines", "why", "repair", "tsan", "interleave"});
  change.is_faulty = true;
  change.fault_class = reader.Get<std::string>(fault, "class");
  const auto is_it = [&](const FaultClass& known) { return known.name == change.fault_class; };
  if (std::none_of(std::begin(kFaultClasses), std::end(kFaultClasses), is_it)) {
    std::string known;
    for (const FaultClass& one : kFaultClasses) absl::StrAppend(&known, known.empty() ? "" : ", ", one.name);
    reader.Complain(fault, absl::StrCat("there is no class '", change.fault_class, "'; there are: ", known));
  }
  change.promise = reader.Get<std::string>(fault, "promise");
  change.misconception = ReadWords(fault, "misconception", reader);
  change.functions = reader.GetList(fault, "functions");
  change.lines = reader.GetList(fault, "lines");
  change.why = ReadWords(fault, "why", reader);
  change.repair = reader.Get<std::string>(fault, "repair");
  change.expect = ReadExpectation(&fault, "faulty", fault, reader);
}

void ReadChangeTable(const toml::table& table, TomlReader& reader, Change& change) {
  reader.AllowOnly(table, {"title", "description", "base", "faulty", "sound", "equivalent"});
  change.title = reader.Get<std::string>(table, "title");
  change.description = absl::StripAsciiWhitespace(reader.Get<std::string>(table, "description"));
  change.base = reader.Get<std::string>(table, "base");
  const toml::table* faulty = table["faulty"].as_table();
  const toml::table* sound = table["sound"].as_table();
  if ((faulty == nullptr) == (sound == nullptr))
    return reader.Complain(table, "the truth is missing: one of [faulty] and [sound], not both");
  if (faulty != nullptr) return ReadFault(*faulty, reader, change);
  reader.AllowOnly(*sound, {"why"});
  change.why = ReadWords(*sound, "why", reader);
  change.equivalent = reader.GetStrings(table, "equivalent");
}

}  // namespace

absl::StatusOr<Change> ReadChange(const Project& project, const std::filesystem::path& folder) {
  Change change;
  absl::Status read = ReadToml(project, folder / "change.toml", [&](const toml::table& table, TomlReader& reader) {
    ReadChangeTable(table, reader, change);
  });
  if (!read.ok()) return read;
  return change;
}

std::string_view FaultClassOf(std::string_view name) {
  name = absl::StripAsciiWhitespace(name);
  int number = 0;
  if (absl::SimpleAtoi(name, &number))
    return number >= 1 && number <= std::ssize(kFaultClasses) ? kFaultClasses[number - 1].name : "";
  std::string_view found;
  for (const FaultClass& known : kFaultClasses) {
    if (name.empty() || !absl::StartsWithIgnoreCase(known.name, name)) continue;
    if (!found.empty()) return "";
    found = known.name;
  }
  return found;
}

}  // namespace racelab
