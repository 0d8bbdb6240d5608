#include "sanitizers/racelab/evasion.h"

#include <regex>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sanitizers/process/child.h"
#include "sanitizers/racelab/build.h"
#include "sanitizers/racelab/verification.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;

struct Pattern {
  std::regex regex;
  std::string_view what;
};

const std::vector<Pattern>& Patterns() {
  static const auto& patterns = *new std::vector<Pattern>{
      {std::regex("no_sanitize|disable_sanitizer_instrumentation"),
       "keeps ThreadSanitizer out of a function, so that its silence proves nothing"},
      {std::regex(R"(\b(asm|__asm|__asm__)\b)"), "is inline assembly, in which no detector sees what is accessed"},
      {std::regex(R"(\b(__tsan_|__sanitizer_|Annotate[A-Z]|racelab_))"),
       "tells the detectors what to see, so that their silence proves nothing"},
  };
  return patterns;
}

// Whether the file is another repair of a lab, as opposed to a class that all solutions share.
bool IsRepair(const std::string& file, const Project& project) {
  return (IsBelow(file, project.Solutions()) && !IsBelow(file, project.Solutions() / "support")) ||
         (IsBelow(file, project.Tests()) && absl::StrContains(file, "/rejected/")) ||
         (IsBelow(file, project.Labs()) && absl::StrContains(file, "/reviews/"));
}

}  // namespace

std::optional<std::string> FindEvasion(std::string_view preprocessed, const fs::path& own, const Project& project) {
  static const std::regex marker(R"re(^# ([0-9]+) "([^"]*)")re");
  std::string file;
  int line = 0;
  for (std::string_view text : absl::StrSplit(preprocessed, '\n')) {
    std::cmatch match;
    if (absl::StartsWith(text, "# ") && std::regex_search(text.data(), text.data() + text.size(), match, marker)) {
      file = fs::path(match[2].str()).lexically_normal().string();
      if (!absl::SimpleAtoi(match[1].str(), &line)) line = 0;
      if (IsRepair(file, project))
        return absl::StrCat("includes ", fs::path(file).lexically_relative(project.root).string(),
                            ": what counts is a repair of your own");
      continue;
    }
    if (IsBelow(file, own)) {
      for (const Pattern& pattern : Patterns()) {
        if (std::regex_search(text.data(), text.data() + text.size(), match, pattern.regex))
          return absl::StrCat(fs::path(file).filename().string(), ":", line, ": `", match[0].str(), "` ", pattern.what,
                              "; take it out");
      }
    }
    ++line;
  }
  return std::nullopt;
}

// Limit for the compiler's output with -E; for a test with all of its headers, this is about 5 MiB.
static constexpr std::int64_t kMostPreprocessed = std::int64_t{64} << 20;

absl::StatusOr<std::optional<std::string>> EvasionOf(const Project& project, std::string_view preset, const Lab& lab,
                                                     const std::stop_token& stop) {
  const absl::StatusOr<std::vector<std::string>> commands = CommandsOf(project, preset, TestTarget(lab, lab.own));
  if (!commands.ok()) return commands.status();
  static const std::regex dependencies(R"( -MD -MT \S+ -MF \S+)"), output(R"( -o \S+)"), compile(" -c ");
  for (const std::string& command : *commands) {
    if (!std::regex_search(command, compile)) continue;
    ChildSpec spec;
    std::string preprocess = std::regex_replace(command, dependencies, "");
    preprocess = std::regex_replace(std::regex_replace(preprocess, output, ""), compile, " -E ");
    spec.argv = {"sh", "-c", preprocess};
    spec.directory = project.Tree(preset).string();
    spec.limits.output_bytes = kMostPreprocessed;
    spec.stop = stop;
    const ChildResult result = RunChild(spec);
    // The missing part could hide something.
    if (result.end == ChildEnd::kOutputLimit || result.end == ChildEnd::kTimeLimit)
      return absl::StrCat("the preprocessed test ", result.note, "; so much cannot be looked through");
    if (std::optional<std::string> found = FindEvasion(result.out, lab.mine, project)) return found;
  }
  return std::nullopt;
}

std::optional<std::string> PollingIn(const std::vector<CallSite>& sites, const FramesOfPlaces& frames,
                                     const fs::path& own) {
  // The library itself also yields and spins before it sleeps: in std::atomic::wait(), std::latch,
  // std::counting_semaphore.
  static const std::regex asked_for(
      "std::this_thread::|^__gthread_|_(for|until)(_impl)?[<(]|absl::.*SleepFor|^std::(__)?atomic.*::(load|test|"
      "operator|exchange)|"
      "compare_exchange|fetch_|mutex::try_lock");
  for (const CallSite& site : sites) {
    if (site.does != "sleep" && site.does != "spin") continue;
    bool is_asked_for = true;
    for (const std::string& place : site.places) {
      const auto found = frames.find(place);
      if (found == frames.end()) continue;
      for (const Frame& frame : found->second) {
        if (IsBelow(frame.file, own) && is_asked_for)
          return absl::StrCat(fs::path(frame.file).filename().string(), ":", frame.line, ": ",
                              QualifiedName(frame.function),
                              site.does == "sleep" ? " sleeps, yields or times out, and looks again" : " spins",
                              "; the contract says that a waiting thread sleeps until it is woken");
        is_asked_for = is_asked_for && std::regex_search(frame.function, asked_for);
      }
    }
  }
  return std::nullopt;
}

}  // namespace racelab
