#include "sanitizers/racelab/expectation_toml.h"

#include <optional>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace racelab {
namespace {

constexpr std::string_view kNothing = "none";  // for a detector that must find nothing

ReportKind ReadKind(const std::string& name, const toml::table& table, TomlReader& reader) {
  const std::optional<ReportKind> kind = ReportKindFromName(name);
  if (!name.empty() && !kind) reader.Complain(table, absl::StrCat("ThreadSanitizer has no report called '", name, "'"));
  return kind.value_or(ReportKind::kOther);
}

ExpectedReport ReadReport(const toml::table& table, TomlReader& reader) {
  ExpectedReport report{.kind = ReadKind(reader.Get<std::string>(table, "report"), table, reader),
                        .in = reader.GetList(table, "in")};
  if (table.contains("gcc")) report.kind_of_gcc = ReadKind(reader.Get<std::string>(table, "gcc"), table, reader);
  return report;
}

ExpectedFailure ReadFailure(const toml::table& table, TomlReader& reader) {
  ExpectedFailure failure{.kind = reader.Get<std::string>(table, "failure"),
                          .in = reader.GetList(table, "in", /*required=*/false)};
  if (!failure.kind.empty() && failure.kind != kNothing && !IsFailureKind(failure.kind)) {
    reader.Complain(table, absl::StrCat("the second runtime has no failure called '", failure.kind, "'"));
  }
  return failure;
}

}  // namespace

Expectation ReadExpectation(const toml::table* table, const std::string& path, const toml::table& parent,
                            TomlReader& reader) {
  Expectation expect;
  const toml::table* tsan = table == nullptr ? nullptr : (*table)["tsan"].as_table();
  const toml::table* interleave = table == nullptr ? nullptr : (*table)["interleave"].as_table();
  if (tsan == nullptr) {
    reader.Complain(parent, absl::StrCat("[", path, ".tsan] is missing: what must ThreadSanitizer report?"));
    return expect;
  }
  reader.AllowOnly(*tsan, {"report", "gcc", "in", "also", "test"});
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

}  // namespace racelab
