#ifndef RACELAB_SANITIZERS_SYMBOLS_NAME_CANDIDATES_H_
#define RACELAB_SANITIZERS_SYMBOLS_NAME_CANDIDATES_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sanitizers/report/exploration.h"
#include "sanitizers/symbols/debug_info.h"
#include "sanitizers/symbols/object_path.h"
#include "sanitizers/symbols/symbolise.h"
#include "sanitizers/symbols/value_format.h"

namespace racelab {

// A name that the code at a step, or the code that called it, has for the object of the step.
struct ObjectName {
  std::string text;         // "mutex_"
  int frames_away = 0;      // distance from the frame shown as the place of the step
  int detours = 0;          // fewer are better: a member stays in place, but a local pointer may change
  std::uint64_t begin = 0;  // where the object begins
  std::string identity;     // what the object is a part of: "Bank::Account::mutex"; empty if unknown
  bool is_whole = true;     // the access is to the whole object; otherwise it is to a part without a name
  std::optional<ValueFormat> format;
};

// All possible names of an object; object_names.h chooses among them. Reads the debug information of a program and of
// its libraries, each file once.
class NameCandidates {
 public:
  // Relative names of modules are looked for in `directory`.
  NameCandidates(const FramesOfPlaces& frames, std::string directory)
      : frames_(frames), directory_(std::move(directory)) {}

  // Returns all names of the object for which `surroundings` were recorded, given that `size` bytes of it were
  // accessed. `registers` says which registers each frame holds. Empty if no variable certainly leads to the object.
  std::vector<ObjectName> Names(const Surroundings& surroundings, const std::vector<int>& registers,
                                std::uint64_t size);

 private:
  DebugInfo* Module(const std::string& path);

  const FramesOfPlaces& frames_;
  const std::string directory_;
  std::map<std::string, std::unique_ptr<DebugInfo>> modules_;
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_SYMBOLS_NAME_CANDIDATES_H_
