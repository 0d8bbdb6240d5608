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

// What the code at a step, or the code that called it, can call the object of the step.
struct ObjectName {
  std::string text;         // "mutex_"
  int frames_away = 0;      // from the one that is shown as the place of the step
  int detours = 0;          // the fewer, the more lasting: a member stays where it is, a local pointer may be moved
  std::uint64_t begin = 0;  // where the object begins
  std::string identity;     // what it is a part of: "Bank::Account::mutex"; empty if that cannot be said
  bool is_whole = true;     // the access is to all of it; else to a part without a name
  std::optional<ValueFormat> format;
};

// All the names that an object may be given, of which object_names.h chooses. Reads the debug information of a program
// and of its libraries, each once.
class NameCandidates {
 public:
  // Relative names of modules are looked for in `directory`.
  NameCandidates(const FramesOfPlaces& frames, std::string directory)
      : frames_(frames), directory_(std::move(directory)) {}

  // All names of the object at which `surroundings` were recorded, with these registers in each frame, and of which
  // `size` bytes were accessed. Empty where no variable leads to it for certain.
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
