#ifndef RACELAB_SANITIZERS_RACELAB_RECORD_H_
#define RACELAB_SANITIZERS_RACELAB_RECORD_H_

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"
#include "sanitizers/racelab/project.h"

namespace racelab {

// What the participant has done with one lab. Times are in UTC, as "2026-11-26T09:41:32Z"; empty: not yet.
struct LabRecord {
  std::string started;
  std::string solved;
  int checks = 0;        // verdicts given
  int hints = 0;         // hints shown
  bool gave_up = false;  // whether the solutions were shown before the lab was solved
};

// What a participant has done, by lab name. Labs unknown to this version are kept.
struct Record {
  std::string participant;  // the participant's name in a class's table
  std::string current;      // the lab that was worked on last
  std::map<std::string, LabRecord> labs;
  // Rounds of code review, the newest last, in the format of sanitizers/review/round.cc.
  nlohmann::ordered_json rounds = nlohmann::ordered_json::array();
};

nlohmann::ordered_json ToJson(const Record& record);

// InvalidArgument if the text is no record.
absl::StatusOr<Record> ParseRecord(std::string_view text);

// The file that holds the record. It is in workspace/, so that it moves with the participant's own classes.
std::filesystem::path RecordFile(const Project& project);

// Reads the record; an empty one if there is no file. InvalidArgument if the file is damaged.
absl::StatusOr<Record> LoadRecord(const Project& project);

// The record of the lab named names[0], whose former names are the other elements.
LabRecord RecordOf(const Record& record, const std::vector<std::string>& names);

// Changes the record of the lab with these names (see RecordOf), and makes it the current lab. This is atomic for other
// processes: the file is read, changed and replaced under a lock, and is complete at every moment. A damaged file is
// kept next to the new one. Returns an error if nothing could be written; the file is then unchanged.
absl::Status UpdateRecord(const Project& project, const std::vector<std::string>& names,
                          const std::function<void(LabRecord&)>& change);

// Like UpdateRecord(), but changes the whole record, for changes that concern no lab.
absl::Status UpdateWholeRecord(const Project& project, const std::function<void(Record&)>& change);

// The current time, in the record's format.
std::string Now();

// Replaces a file's content atomically: afterwards it holds either all of `text` or its previous content.
absl::Status ReplaceFile(const std::filesystem::path& path, std::string_view text);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_RECORD_H_
