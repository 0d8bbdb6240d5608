#include "sanitizers/racelab/lab_toml.h"

#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "sanitizers/racelab/expectation_toml.h"
#include "sanitizers/racelab/toml_reader.h"

namespace racelab {
namespace {

void ReadTable(const toml::table& table, TomlReader& reader, Lab& lab) {
  reader.AllowOnly(table, {"title", "alias", "order", "level", "minutes", "ids", "hints", "run", "expect", "fixes",
                           "omitted", "rejected", "equivalent", "waits", "formerly"});
  lab.title = reader.Get<std::string>(table, "title");
  lab.alias = table["alias"].value_or(std::string());  // `racelab audit` reports a missing alias.
  lab.order = reader.Get<int>(table, "order");
  lab.level = reader.Get<int>(table, "level");
  lab.minutes = reader.Get<int>(table, "minutes");
  lab.ids = reader.GetList(table, "ids");
  lab.hints = reader.GetList(table, "hints");
  lab.fixes = reader.GetStrings(table, "fixes");
  lab.omitted = reader.GetStrings(table, "omitted");
  lab.formerly = reader.GetList(table, "formerly", /*required=*/false);
  lab.waits = table["waits"].value_or(false);
  if (const toml::table* run = table["run"].as_table()) {
    reader.AllowOnly(*run, {"varies"});
    lab.varies = reader.GetList(*run, "varies", /*required=*/false);
  }
  lab.expect = ReadExpectation(table["expect"].as_table(), "expect", table, reader);
  if (const toml::table* equivalent = table["equivalent"].as_table()) {
    for (const auto& [variant, reasons] : *equivalent) {
      if (!reasons.is_table())
        return reader.Complain(reasons, absl::StrCat("[equivalent.", variant.str(), "] must be a table"));
      lab.equivalent[std::string(variant.str())] = reader.GetStrings(*equivalent, variant.str());
    }
  }
  if (const toml::table* rejected = table["rejected"].as_table()) {
    for (const auto& [name, value] : *rejected) {
      const toml::table* repair = value.as_table();
      const std::string path = absl::StrCat("rejected.", name.str());
      if (repair == nullptr) return reader.Complain(value, absl::StrCat("[", path, "] must be a table"));
      reader.AllowOnly(*repair, {"what", "tsan", "interleave"});
      lab.rejected[std::string(name.str())] = {reader.Get<std::string>(*repair, "what"),
                                               ReadExpectation(repair, path, *repair, reader)};
    }
  }
}

}  // namespace

absl::Status ReadLabToml(const Project& project, Lab& lab) {
  return ReadToml(project, lab.folder / "lab.toml",
                  [&](const toml::table& table, TomlReader& reader) { ReadTable(table, reader, lab); });
}

}  // namespace racelab
