#include "sanitizers/racelab/verification.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "sanitizers/verdict/child.h"
#include "sanitizers/verdict/interrupt.h"
#include "sanitizers/verdict/tsan_run.h"

namespace racelab {
namespace {

Judgement NotCompiled(const std::string& output) {
  Judgement judgement;
  judgement.verdict = Verdict::kDoesNotCompile;
  const std::vector<std::string> lines = absl::StrSplit(FirstErrors(output, 1), '\n');
  judgement.reason = absl::StrCat("does not compile: ", lines.front());
  return judgement;
}

// The runs that are still to be made, handed out to workers, and their outcomes, gathered.
class Runs {
 public:
  Runs(const Project& project, const VerificationPlan& plan, std::vector<Verification*> verifications,
       const std::function<void(const Verification&, int)>& on_finished)
      : project_(project), plan_(plan), verifications_(std::move(verifications)), on_finished_(on_finished) {}

  void Work() {
    while (Verification* verification = Next()) {
      ChildSpec spec;
      spec.argv = {
          (project_.Tree(plan_.preset) / "bin" / verification->lab->name / (verification->variant + "_test")).string()};
      spec.directory = project_.root.string();
      spec.limits.time = plan_.limit;
      const ChildResult result = RunUnderThreadSanitizer(spec);
      if (result.end == ChildEnd::kInterrupted) return;
      Note(*verification, JudgeRun(result, verification->IsFix() ? nullptr : &verification->lab->tsan), result.time);
    }
  }

 private:
  Verification* Next() {
    absl::MutexLock lock(&mutex_);
    if (InterruptRequested() || next_ == static_cast<int>(verifications_.size()) * plan_.repeat) return nullptr;
    return verifications_[next_++ / plan_.repeat];
  }

  void Note(Verification& verification, Judgement judgement, absl::Duration time) {
    absl::MutexLock lock(&mutex_);
    const bool right = IsRight(judgement.verdict, verification.IsFix());
    if (!right || verification.wrong == 0) verification.judgement = std::move(judgement);
    verification.wrong += right ? 0 : 1;
    verification.runs += 1;
    verification.total += time;
    verification.slowest = std::max(verification.slowest, time);
    on_finished_(verification, ++finished_);
  }

  const Project& project_;
  const VerificationPlan& plan_;
  absl::Mutex mutex_;
  const std::vector<Verification*> verifications_;
  const std::function<void(const Verification&, int)>& on_finished_;
  int next_ ABSL_GUARDED_BY(mutex_) = 0;
  int finished_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace

std::string TestTarget(const Lab& lab, const std::string& variant) {
  return absl::StrCat(lab.name, ".", variant, ".test");
}

void Verify(const Project& project, const VerificationPlan& plan, const BuildFailures& failures,
            std::vector<Verification>& verifications,
            const std::function<void(const Verification&, int)>& on_finished) {
  std::vector<Verification*> built;
  for (Verification& verification : verifications) {
    const auto failure = failures.find(TestTarget(*verification.lab, verification.variant));
    if (failure == failures.end()) {
      built.push_back(&verification);
    } else {
      verification.judgement = NotCompiled(failure->second);
      verification.wrong = verification.runs = 1;
    }
  }
  Runs runs(project, plan, std::move(built), on_finished);
  std::vector<std::thread> workers;
  for (int i = 0; i < plan.jobs; ++i) workers.emplace_back([&runs] { runs.Work(); });
  for (std::thread& worker : workers) worker.join();
}

}  // namespace racelab
