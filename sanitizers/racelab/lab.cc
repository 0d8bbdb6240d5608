#include "sanitizers/racelab/lab.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <system_error>
#include <tuple>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "sanitizers/racelab/suggest.h"
#include "toml++/toml.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNothing = "none";  // A detector that is declared to find nothing.

// Reads the values of one lab.toml, and remembers the first thing that is wrong with it.
class Reader {
 public:
  explicit Reader(fs::path file) : file_(std::move(file)) {}

  template <typename Value>
  Value Get(const toml::table& table, std::string_view key) {
    if (const toml::node* node = table.get(key)) {
      if (std::optional<Value> value = node->value<Value>()) return *value;
      Complain(*node, absl::StrCat("`", key, "` has the wrong type"));
    } else {
      Complain(table, absl::StrCat("`", key, "` is missing"));
    }
    return {};
  }

  std::vector<std::string> GetList(const toml::table& table, std::string_view key, bool required = true) {
    std::vector<std::string> list;
    const toml::node* node = table.get(key);
    if (node == nullptr) {
      if (required) Complain(table, absl::StrCat("`", key, "` is missing"));
      return list;
    }
    if (!node->is_array()) Complain(*node, absl::StrCat("`", key, "` must be a list of strings"));
    if (const toml::array* array = node->as_array()) {
      for (const toml::node& element : *array) {
        if (!element.is_string()) Complain(element, absl::StrCat("`", key, "` must be a list of strings"));
        list.push_back(element.value_or(std::string()));
      }
    }
    return list;
  }

  std::map<std::string, std::string> GetStrings(const toml::table& table, std::string_view key) {
    std::map<std::string, std::string> strings;
    const toml::table* inner = table[key].as_table();
    if (inner == nullptr) {
      if (table.contains(key)) Complain(table, absl::StrCat("[", key, "] must be a table: name = \"sentence\""));
      return strings;
    }
    for (const auto& [name, value] : *inner) strings[std::string(name.str())] = Get<std::string>(*inner, name.str());
    return strings;
  }

  ExpectedReport GetReport(const toml::table& table) {
    const std::string name = Get<std::string>(table, "report");
    const std::optional<ReportKind> kind = ReportKindFromName(name);
    if (!name.empty() && !kind) Complain(table, absl::StrCat("ThreadSanitizer has no report called '", name, "'"));
    return {.kind = kind.value_or(ReportKind::kOther), .in = GetList(table, "in")};
  }

  ExpectedFailure GetFailure(const toml::table& table) {
    ExpectedFailure failure{.kind = Get<std::string>(table, "failure"), .in = GetList(table, "in", /*required=*/false)};
    if (!failure.kind.empty() && failure.kind != kNothing && !IsFailureKind(failure.kind)) {
      Complain(table, absl::StrCat("no exploration fails with '", failure.kind, "'"));
    }
    return failure;
  }

  void AllowOnly(const toml::table& table, std::initializer_list<std::string_view> keys) {
    for (const auto& [key, value] : table) {
      if (std::find(keys.begin(), keys.end(), key.str()) == keys.end()) {
        Complain(value, absl::StrCat("`", key.str(), "` is not a key that lab.toml knows here"));
      }
    }
  }

  void Complain(const toml::node& node, std::string_view what) { Complain(node.source(), what); }
  void Complain(const toml::source_region& where, std::string_view what) {
    if (!status_.ok()) return;
    status_ = absl::InvalidArgumentError(
        absl::StrCat(file_.string(), ":", static_cast<std::int64_t>(where.begin.line), ": ", what));
  }

  const absl::Status& status() const { return status_; }

 private:
  const fs::path file_;
  absl::Status status_;
};

// `table` is [`path`], with the tables tsan and interleave; what is missing is said of `parent`.
Expectation ReadExpectation(const toml::table* table, const std::string& path, const toml::table& parent,
                            Reader& reader) {
  Expectation expect;
  const toml::table* tsan = table == nullptr ? nullptr : (*table)["tsan"].as_table();
  const toml::table* interleave = table == nullptr ? nullptr : (*table)["interleave"].as_table();
  if (tsan == nullptr) {
    reader.Complain(parent, absl::StrCat("[", path, ".tsan] is missing: what must ThreadSanitizer report?"));
    return expect;
  }
  reader.AllowOnly(*tsan, {"report", "in", "also", "test"});
  if ((*tsan)["report"].value<std::string>() != kNothing) {
    expect.tsan.must.push_back(reader.GetReport(*tsan));
  } else if (tsan->contains("test")) {
    expect.tsan.test = reader.Get<std::string>(*tsan, "test");
  }
  if (const toml::array* also = (*tsan)["also"].as_array()) {
    for (const toml::node& element : *also) {
      if (const toml::table* report = element.as_table()) {
        expect.tsan.also.push_back(reader.GetReport(*report));
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
  expect.interleave = reader.GetFailure(*interleave);
  if (expect.tsan.IsSilence() && expect.tsan.test.empty() && expect.interleave.kind == kNothing) {
    reader.Complain(*interleave, "neither detector is to find anything, and no test fails: then what exposes the bug?");
  }
  return expect;
}

void ReadTable(const toml::table& table, Reader& reader, Lab& lab) {
  reader.AllowOnly(
      table, {"title", "order", "level", "minutes", "ids", "hints", "run", "expect", "fixes", "omitted", "rejected"});
  lab.title = reader.Get<std::string>(table, "title");
  lab.order = reader.Get<int>(table, "order");
  lab.level = reader.Get<int>(table, "level");
  lab.minutes = reader.Get<int>(table, "minutes");
  lab.ids = reader.GetList(table, "ids");
  lab.hints = reader.GetList(table, "hints");
  lab.fixes = reader.GetStrings(table, "fixes");
  lab.omitted = reader.GetStrings(table, "omitted");
  if (const toml::table* run = table["run"].as_table()) {
    reader.AllowOnly(*run, {"varies"});
    lab.varies = reader.GetList(*run, "varies", /*required=*/false);
  }
  lab.expect = ReadExpectation(table["expect"].as_table(), "expect", table, reader);
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

std::vector<fs::path> Entries(const fs::path& folder) {
  std::error_code ignored;
  std::vector<fs::path> entries;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

// The header that the fixes replace. What else the lab's folder has is common to all variants.
fs::path FindSubject(const Lab& lab) {
  fs::path subject;
  for (const fs::path& file : Entries(lab.folder)) {
    if (file.extension() != ".h") continue;
    if (subject.empty()) subject = file.filename();
    for (const fs::path& fix : Entries(lab.solutions)) {
      if (fs::exists(fix / file.filename())) return file.filename();
    }
  }
  return subject;
}

void FindVariants(const Project& project, Lab& lab) {
  lab.subject = FindSubject(lab);
  lab.variants = {std::string(kLabVariant)};
  std::set<std::string> others;
  for (const fs::path& fix : Entries(lab.solutions)) {
    if (fs::exists(fix / lab.subject)) others.insert(fix.filename().string());
  }
  for (std::string_view idiom : kIdioms) {
    if (others.erase(std::string(idiom)) > 0) lab.variants.emplace_back(idiom);
  }
  lab.variants.insert(lab.variants.end(), others.begin(), others.end());
  for (const auto& [name, rejected] : lab.rejected) lab.variants.push_back(name);
  if (fs::exists(project.Workspace() / lab.name / lab.subject)) lab.variants.emplace_back(kMineVariant);
}

}  // namespace

const Expectation* Lab::ExpectationOf(const std::string& variant) const {
  if (variant == kLabVariant) return &expect;
  const auto repair = rejected.find(variant);
  return repair == rejected.end() ? nullptr : &repair->second.expect;
}

absl::StatusOr<Lab> LoadLab(const Project& project, std::string_view track, std::string_view name) {
  Lab lab;
  lab.track = track;
  lab.name = name;
  lab.folder = project.Labs() / track / name;
  lab.solutions = project.Solutions() / track / name;
  lab.tests = project.Tests() / track / name;

  const fs::path file = lab.folder / "lab.toml";
  absl::StatusOr<std::string> text = ReadFile(file);
  if (!text.ok()) return text.status();
  Reader reader(fs::relative(file, project.root));
  try {
    const toml::table table = toml::parse(*text, file.string());
    ReadTable(table, reader, lab);
  } catch (const toml::parse_error& error) {
    reader.Complain(error.source(), error.description());
  }
  if (!reader.status().ok()) return reader.status();
  FindVariants(project, lab);
  return lab;
}

absl::StatusOr<std::vector<Lab>> LoadLabs(const Project& project) {
  std::vector<Lab> labs;
  for (const fs::path& track : Entries(project.Labs())) {
    for (const fs::path& folder : Entries(track)) {
      if (!fs::exists(folder / "lab.toml")) continue;
      absl::StatusOr<Lab> lab = LoadLab(project, track.filename().string(), folder.filename().string());
      if (!lab.ok()) return lab.status();
      labs.push_back(*std::move(lab));
    }
  }
  const std::vector<std::string_view> tracks = {"first_threads", "data_races", "atomicity", "liveness",
                                                "detector_limits"};
  const auto place = [&](const Lab& lab) {
    return std::tuple(std::find(tracks.begin(), tracks.end(), lab.track) - tracks.begin(), lab.track, lab.order,
                      lab.name);
  };
  std::sort(labs.begin(), labs.end(), [&](const Lab& a, const Lab& b) { return place(a) < place(b); });
  return labs;
}

absl::StatusOr<Lab> FindLab(const std::vector<Lab>& labs, std::string_view name) {
  std::vector<std::string> names;
  for (const Lab& lab : labs) names.push_back(lab.name);
  absl::StatusOr<std::string> complete = Complete("lab", name, names);
  if (!complete.ok()) return complete.status();
  return *std::find_if(labs.begin(), labs.end(), [&](const Lab& lab) { return lab.name == *complete; });
}

absl::StatusOr<std::string> FindVariant(const Lab& lab, std::string_view name) {
  absl::StatusOr<std::string> variant = Complete(absl::StrCat("fix of ", lab.name), name, lab.variants);
  if (!variant.ok() && name == kMineVariant) {
    return absl::NotFoundError(absl::StrCat("no variant of your own yet; `racelab start ", lab.name, "` makes one"));
  }
  return variant;
}

}  // namespace racelab
