#include "sanitizers/racelab/lab_toml.h"

#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "sanitizers/racelab/toml_reader.h"

namespace racelab {
namespace {

constexpr std::string_view kNothing = "none";  // for a detector that must find nothing

ExpectedReport ReadReport(const toml::table& table, TomlReader& reader) {
  const std::string name = reader.Get<std::string>(table, "report");
  const std::optional<ReportKind> kind = ReportKindFromName(name);
  if (!name.empty() && !kind) reader.Complain(table, absl::StrCat("ThreadSanitizer has no report called '", name, "'"));
  return {.kind = kind.value_or(ReportKind::kOther), .in = reader.GetList(table, "in")};
}

ExpectedFailure ReadFailure(const toml::table& table, TomlReader& reader) {
  ExpectedFailure failure{.kind = reader.Get<std::string>(table, "failure"),
                          .in = reader.GetList(table, "in", /*required=*/false)};
  if (!failure.kind.empty() && failure.kind != kNothing && !IsFailureKind(failure.kind)) {
    reader.Complain(table, absl::StrCat("the second runtime has no failure called '", failure.kind, "'"));
  }
  return failure;
}

// `table` is [`path`], with the tables tsan and interleave. Errors about missing tables are reported at `parent`.
Expectation ReadExpectation(const toml::table* table, const std::string& path, const toml::table& parent,
                            TomlReader& reader) {
  Expectation expect;
  const toml::table* tsan = table == nullptr ? nullptr : (*table)["tsan"].as_table();
  const toml::table* interleave = table == nullptr ? nullptr : (*table)["interleave"].as_table();
  if (tsan == nullptr) {
    reader.Complain(parent, absl::StrCat("[", path, ".tsan] is missing: what must ThreadSanitizer report?"));
    return expect;
  }
  reader.AllowOnly(*tsan, {"report", "in", "also", "test"});
  if ((*tsan)["report"].value<std::string>() != kNothing) {
    expect.tsan.must.push_back(ReadReport(*tsan, reader));
  } else if (tsan->contains("test")) {
    expect.tsan.test = reader.Get<std::string>(*tsan, "test");
  }
  if (const toml::array* also = (*tsan)["also"].as_array()) {
    for (const toml::node& element : *also) {
      if (const toml::table* report = element.as_table()) {
        expect.tsan.also.push_back(ReadReport(*report, reader));
      } else {
        reader.Complain(*tsan, "each of `also` must be a table: {report = \"...\", in = [\"...\"]}");
      }
    }
  }
  if (interleave == nullptr) {
    reader.Complain(parent,
                    absl::StrCat("[", path, ".interleave] is missing: what fails when every interleaving is run?"));
    return expect;
  }
  reader.AllowOnly(*interleave, {"failure", "in"});
  expect.interleave = ReadFailure(*interleave, reader);
  if (expect.tsan.IsSilence() && expect.tsan.test.empty() && expect.interleave.kind == kNothing) {
    reader.Complain(*interleave, "no detector reports anything, and no test fails: nothing exposes the bug");
  }
  return expect;
}

void ReadTable(const toml::table& table, TomlReader& reader, Lab& lab) {
  reader.AllowOnly(table, {"title", "alias", "order", "level", "minutes", "ids", "hints", "run", "expect", "fixes",
                           "omitted", "rejected", "equivalent", "waits", "formerly"});
  lab.title = reader.Get<std::string>(table, "title");
  lab.alias = table["alias"].value_or(std::string());  // `racelab audit` misses it.
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
