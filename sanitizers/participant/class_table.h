#ifndef RACELAB_SANITIZERS_PARTICIPANT_CLASS_TABLE_H_
#define RACELAB_SANITIZERS_PARTICIPANT_CLASS_TABLE_H_

#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/record.h"

namespace racelab {

// The records of a class, lab by lab, in several output formats. Labs that nobody has begun are left out.
class ClassTable {
 public:
  ClassTable(const std::vector<Lab>& labs, std::vector<Record> records);

  // For a terminal of `columns` columns: a row for each lab, a column for each participant if there is room, otherwise
  // only the sums. `shows_names`: also for labs that are not solved, whose names would tell too much.
  std::string Text(int columns, bool shows_names) const;
  // A row for each participant and lab (RFC 4180).
  std::string Csv() const;
  std::string Html() const;
  nlohmann::ordered_json Json() const;

 private:
  std::vector<const Lab*> labs_;
  std::vector<Record> records_;
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_CLASS_TABLE_H_
