#include "sanitizers/review/background_verdict.h"

#include <utility>

#include "absl/time/time.h"

namespace racelab {
namespace {

// The time for finding an interleaving after ThreadSanitizer's report.
constexpr absl::Duration kPatienceOfReader = absl::Seconds(10);

}  // namespace

BackgroundVerdict::BackgroundVerdict(const Project& project, const Lab& lab, const std::string& variant)
    : judge_([this, project, lab, variant](const std::stop_token& stop) {
        absl::StatusOr<Attempt> verdict =
            Judge(project, lab, variant, stop, kPatienceOfReader, [this](const std::string& what) {
              const std::lock_guard lock(mutex_);
              doing_ = what;
            });
        const std::lock_guard lock(mutex_);
        verdict_ = std::move(verdict);
      }) {}

const absl::StatusOr<Attempt>* BackgroundVerdict::Wait(const std::function<bool(const std::string&)>& go_on) {
  for (;;) {
    std::string doing;
    {
      const std::lock_guard lock(mutex_);
      if (verdict_) return &*verdict_;
      doing = doing_;
    }
    if (!go_on(doing)) return nullptr;
  }
}

}  // namespace racelab
