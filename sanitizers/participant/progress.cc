// racelab progress: what the participant has done, lab by lab; with --merge, what a class has done.

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sanitizers/participant/class_table.h"
#include "sanitizers/participant/commands.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {
namespace {

struct ProgressOptions {
  std::vector<std::string> files;
  std::string participant;
  bool json = false, csv = false, html = false;
};

// The records in the files. Each file holds the record of one participant, in the format of --json, or those of
// several.
std::vector<Record> RecordsIn(const std::vector<std::string>& files) {
  std::vector<Record> records;
  for (const std::string& file : files) {
    const std::string text = Require(ReadFile(file));
    const nlohmann::ordered_json json = nlohmann::ordered_json::parse(text, nullptr, /*allow_exceptions=*/false);
    std::vector<std::string> parts = {text};
    if (json.is_object() && json.contains("participants")) {
      parts.clear();
      for (const auto& one : json["participants"]) parts.push_back(one.dump());
    }
    for (const std::string& part : parts) {
      absl::StatusOr<Record> record = ParseRecord(part);
      if (!record.ok())
        Require(
            absl::StatusOr<Record>(absl::InvalidArgumentError(absl::StrCat(file, ": ", record.status().message()))));
      if (record->participant.empty()) record->participant = file;
      records.push_back(*std::move(record));
    }
  }
  return records;
}

void ShowProgress(const ProgressOptions& options) {
  const Everything all;
  std::vector<Record> records = RecordsIn(options.files);
  const bool is_own = records.empty();
  if (is_own) {
    records.push_back(Require(LoadRecord(all.project)));
    if (!options.participant.empty()) records.back().participant = options.participant;
  }
  const ClassTable table(all.labs, records);
  if (options.csv) {
    std::fputs(table.Csv().c_str(), stdout);
  } else if (options.html) {
    std::fputs(table.Html().c_str(), stdout);
  } else if (options.json) {
    std::puts((is_own ? ToJson(records.front()) : table.Json()).dump(2).c_str());
  } else {
    std::fputs(table.Text(SizeOfScreen().columns, /*shows_names=*/!is_own).c_str(), stdout);
  }
}

}  // namespace

void AddProgress(CLI::App& racelab) {
  auto options = std::make_shared<ProgressOptions>();
  CLI::App* command =
      racelab.add_subcommand("progress", "Show what you have solved; or, with --merge, what a class has");
  command->add_option("--merge", options->files, "The table of a class, from files that --json wrote")
      ->type_name("FILE...");
  command->add_option("--participant", options->participant, "Your name in the class's table")->type_name("NAME");
  CLI::Option* json = command->add_flag("--json", options->json, "Print JSON");
  CLI::Option* csv = command->add_flag("--csv", options->csv, "Print CSV")->excludes(json);
  command->add_flag("--html", options->html, "Print HTML")->excludes(json)->excludes(csv);
  command->callback([options] { ShowProgress(*options); });
}

}  // namespace racelab
