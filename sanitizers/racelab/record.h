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
  int checks = 0;        // verdicts that were given
  int hints = 0;         // hints that were shown
  bool gave_up = false;  // whether the solutions were shown before the lab was solved
};

// What a participant has done, by the names of the labs. Labs that this version does not know are kept.
struct Record {
  std::string participant;  // who it is, in a class's table
  std::string current;      // the lab that was worked on last
  std::map<std::string, LabRecord> labs;
  // Rounds of code review, the newest last: as sanitizers/review/round.cc writes them.
  nlohmann::ordered_json rounds = nlohmann::ordered_json::array();
};

nlohmann::ordered_json ToJson(const Record& record);

// InvalidArgument if the text is no record.
absl::StatusOr<Record> ParseRecord(std::string_view text);

// The file that holds the record: in workspace/, so that it moves along with the participant's own classes.
std::filesystem::path RecordFile(const Project& project);

// Reads the record; an empty one if there is no file. InvalidArgument if the file is damaged.
absl::StatusOr<Record> LoadRecord(const Project& project);

// The record of a lab that is called names[0], and was called the other names before.
LabRecord RecordOf(const Record& record, const std::vector<std::string>& names);

// Changes the record of the lab with these names (see RecordOf) and makes it the current one, in one step for every
// other process: the file is read, changed and replaced under a lock, and is whole at every moment. A damaged file is
// kept beside the new one. Returns the error if nothing could be written; the file is then as it was.
absl::Status UpdateRecord(const Project& project, const std::vector<std::string>& names,
                          const std::function<void(LabRecord&)>& change);

// The same for all that is recorded, for changes that are about no lab.
absl::Status UpdateWholeRecord(const Project& project, const std::function<void(Record&)>& change);

// The present time, as a record has it.
std::string Now();

// Replaces the content of a file in one step: afterwards it holds all of `text`, or what it held before.
absl::Status ReplaceFile(const std::filesystem::path& path, std::string_view text);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_RECORD_H_
