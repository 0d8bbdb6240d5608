#ifndef RACELAB_SANITIZERS_REVIEW_BACKGROUND_VERDICT_H_
#define RACELAB_SANITIZERS_REVIEW_BACKGROUND_VERDICT_H_

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "sanitizers/participant/attempt.h"
#include "sanitizers/racelab/project.h"

namespace racelab {

// The verdict of both detectors on a variant, determined while the user reads.
class BackgroundVerdict {
 public:
  BackgroundVerdict(const Project& project, const Lab& lab, const std::string& variant);

  // Waits for the verdict. Until it is known, calls `go_on` repeatedly with the current activity; `go_on` should wait a
  // little. Returns null as soon as `go_on` returns false.
  const absl::StatusOr<Attempt>* Wait(const std::function<bool(const std::string&)>& go_on);

 private:
  std::mutex mutex_;
  std::string doing_ = "compiling";
  std::optional<absl::StatusOr<Attempt>> verdict_;
  std::jthread judge_;  // the last member: it uses the others
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REVIEW_BACKGROUND_VERDICT_H_
