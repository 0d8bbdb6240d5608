#include "sanitizers/participant/attempt.h"

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "sanitizers/process/deadline.h"
#include "sanitizers/process/interrupt.h"
#include "sanitizers/racelab/build.h"
#include "sanitizers/racelab/evasion.h"

namespace racelab {
namespace {

constexpr int kLinesOfErrors = 60;

// Reports each test as it begins. GoogleTest prints a line for it, which may arrive in pieces.
class TestsBegun {
 public:
  TestsBegun(std::string_view doing, const OnAttemptProgress& on_progress) : doing_(doing), on_progress_(on_progress) {}

  void operator()(std::string_view output) {
    for (char c : output) {
      if (c != '\n') {
        line_ += c;
        continue;
      }
      std::string_view test = line_;
      if (absl::ConsumePrefix(&test, "[ RUN      ] ")) on_progress_(absl::StrCat(doing_, " ", test));
      line_.clear();
    }
  }

 private:
  const std::string doing_;
  const OnAttemptProgress& on_progress_;
  std::string line_;
};

// Looks for anything that the participant's variant hides from the detectors, while it is being compiled and run.
class EvasionSearch {
 public:
  EvasionSearch(const Project& project, std::string_view preset, const Attempt& attempt, const std::stop_token& stop)
      : project_(project), preset_(preset), attempt_(attempt), stop_(stop) {
    if (attempt.variant == attempt.lab->own) thread_ = std::thread([this] { found_ = Look(); });
  }
  ~EvasionSearch() {
    if (thread_.joinable()) thread_.join();
  }
  EvasionSearch(const EvasionSearch&) = delete;
  EvasionSearch& operator=(const EvasionSearch&) = delete;

  // Call this after the build. Empty if nothing was found.
  std::string Result() {
    if (!thread_.joinable()) return "";
    thread_.join();
    if (!found_.ok()) found_ = Look();  // The command that compiles it is known only now.
    return found_.value_or(std::nullopt).value_or("");
  }

 private:
  absl::StatusOr<std::optional<std::string>> Look() const { return EvasionOf(project_, preset_, *attempt_.lab, stop_); }

  const Project& project_;
  const std::string preset_;
  const Attempt& attempt_;
  const std::stop_token stop_;
  absl::StatusOr<std::optional<std::string>> found_ = std::nullopt;
  std::thread thread_;
};

// Runs both detectors at once; either may end the other.
class BothDetectors {
 public:
  BothDetectors(const Project& project, const VerificationPlan& plan, const std::stop_token& stop,
                absl::Duration patience, const OnAttemptProgress& on_progress, Attempt& attempt)
      : project_(project),
        plan_(plan),
        patience_(patience),
        on_progress_(on_progress),
        attempt_(attempt),
        pass_on_(stop, Stop{this}) {}

  void Run() {
    std::thread tsan([this] { RunThreadSanitizer(); });
    RunControl control = {.stop = stop_exploration_.get_token(), .on_output = {}, .first_failure_ends = true};
    control.on_output = TestsBegun("exploring", on_progress_);
    VerifyOnce(project_, plan_, control, attempt_.interleave);
    // If a test outside any scenario crashes, only ThreadSanitizer knows the line.
    const bool failed = attempt_.interleave.done && !attempt_.interleave.IsRight() &&
                        attempt_.interleave.judgement.verdict != Verdict::kCrash;
    {
      std::lock_guard lock(mutex_);
      explored_ = true;
    }
    explored_changed_.notify_all();
    if (failed) stop_tsan_.request_stop();
    tsan.join();
  }

 private:
  struct Stop {
    BothDetectors* both;
    void operator()() const {
      both->stop_tsan_.request_stop();
      both->stop_exploration_.request_stop();
    }
  };

  void RunThreadSanitizer() {
    VerifyOnce(project_, plan_, {.stop = stop_tsan_.get_token(), .on_output = {}, .first_failure_ends = true},
               attempt_.tsan);
    if (!attempt_.tsan.done || attempt_.tsan.IsRight()) return;
    on_progress_(absl::StrCat(attempt_.tsan.judgement.evidence, "; looking for an interleaving that shows it"));
    std::unique_lock lock(mutex_);
    if (!explored_changed_.wait_for(lock, absl::ToChronoMilliseconds(patience_), [this] { return explored_; }))
      stop_exploration_.request_stop();
  }

  const Project& project_;
  const VerificationPlan& plan_;
  const absl::Duration patience_;
  const OnAttemptProgress& on_progress_;
  Attempt& attempt_;
  std::stop_source stop_tsan_, stop_exploration_;
  std::mutex mutex_;
  std::condition_variable explored_changed_;
  bool explored_ = false;
  std::stop_callback<Stop> pass_on_;  // the last member: it uses the others
};

}  // namespace

Attempt::Attempt(const Lab& judged, std::string of)
    : lab(std::make_shared<const Lab>(judged)),
      variant(std::move(of)),
      tsan(lab.get(), variant, Tool::kThreadSanitizer),
      interleave(lab.get(), variant, Tool::kInterleave) {
  tsan.as_repair = interleave.as_repair = true;
}

void NoteAttempt(const Project& project, const Attempt& attempt) {
  Note(project, *attempt.lab, [&attempt](LabRecord& record) {
    ++record.checks;
    if (record.started.empty()) record.started = Now();
    if (attempt.IsSolved() && record.solved.empty()) record.solved = Now();
  });
}

// https://gcc.gnu.org/bugzilla/show_bug.cgi?id=97868: ThreadSanitizer ignores fences.
bool Attempt::IsFalseAlarm() const {
  const std::vector<Report>& reports = tsan.judgement.reports;
  const auto is_race = [](const Report& report) {
    return report.kind == ReportKind::kDataRace || report.kind == ReportKind::kVptrRace;
  };
  const std::vector<Exploration>& explorations = interleave.explorations;
  return !reports.empty() && std::all_of(reports.begin(), reports.end(), is_race) && interleave.IsRight() &&
         !explorations.empty() && std::all_of(explorations.begin(), explorations.end(), IsAll) &&
         std::any_of(explorations.begin(), explorations.end(), std::mem_fn(&Exploration::fences));
}

bool Attempt::CannotTell() const {
  if (IsSolved() || !compile_errors.empty() || !evasion.empty()) return false;
  const auto refutes = [](const Verification& verification) {
    return verification.done && !verification.IsRight() && verification.judgement.verdict != Verdict::kCouldNotStart &&
           verification.judgement.verdict != Verdict::kUnreadableReport;
  };
  return !refutes(tsan) && !refutes(interleave);
}

absl::StatusOr<Attempt> Judge(const Project& project, const Lab& lab, const std::string& variant,
                              const std::stop_token& stop, absl::Duration patience,
                              const OnAttemptProgress& on_progress) {
  const double begin = Deadline::Now();
  std::mutex telling;
  const OnAttemptProgress tell = [&](const std::string& what) {
    std::lock_guard lock(telling);
    on_progress(what);
  };
  Attempt attempt(lab, variant);
  const VerificationPlan plan{.preset = ThreadSanitizerPreset("")};
  Progress progress([&tell](std::string_view line) { tell(std::string(line)); });
  tell("compiling");
  EvasionSearch evasion(project, plan.preset, attempt, stop);
  const absl::StatusOr<BuildFailures> failures =
      Build(project, plan.preset, {TestTarget(lab, variant)}, progress, stop);
  if (!failures.ok()) return failures.status();
  if (!failures->empty()) {
    attempt.compile_errors = absl::StrReplaceAll(FirstErrors(failures->begin()->second, kLinesOfErrors),
                                                 {{project.root.string() + "/", ""}});
  } else {
    BothDetectors(project, plan, stop, patience, tell, attempt).Run();
    attempt.evasion = evasion.Result();
  }
  if (stop.stop_requested() || InterruptRequested()) return absl::CancelledError("interrupted");
  attempt.seconds = Deadline::Now() - begin;
  return attempt;
}

}  // namespace racelab
