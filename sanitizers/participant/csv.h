#ifndef RACELAB_SANITIZERS_PARTICIPANT_CSV_H_
#define RACELAB_SANITIZERS_PARTICIPANT_CSV_H_

#include <string>
#include <string_view>
#include <vector>

namespace racelab {

// A row of comma-separated values (RFC 4180).
struct CsvRow {
  int line = 0;  // the line on which it ends, from 1
  std::vector<std::string> fields;
};

// All rows that are not empty. A byte order mark is skipped. The separator is a semicolon if the first line contains
// more semicolons than commas.
std::vector<CsvRow> ParseCsv(std::string_view text);

// One row, including the end of line.
std::string CsvText(const std::vector<std::string>& fields);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_CSV_H_
