#include "sanitizers/racelab/mutants.h"

#include <algorithm>
#include <initializer_list>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/report/demangle.h"

namespace racelab {
namespace {

// Memory orders, as the compilers number them.
constexpr int kRelaxed = 0, kAcquire = 2, kRelease = 3;

struct Mutator {
  std::string_view name, what;
};
constexpr Mutator kMutators[] = {
    {"skip-lock", "the lock is not taken"},
    {"other-lock", "another lock is taken"},
    {"share-lock", "the lock is taken shared"},
    {"split-section", "unlocked, and locked again, before this access"},
    {"swap-locks", "taken before the lock that is already held"},
    {"skip-wait", "does not wait for the condition"},
    {"wait-once", "waits once, not in a loop"},
    {"skip-notify", "nobody is notified"},
    {"notify-one", "only one is notified"},
    {"order-relaxed", "with memory_order_relaxed"},
    {"order-acquire", "with memory_order_acquire"},
    {"order-release", "with memory_order_release"},
    {"skip-fence", "without the fence"},
    {"split-update", "a load and a store"},
    {"make-plain", "not atomic"},
    {"skip-join", "detached, not joined"},
    {"skip-once", "each time, not once"},
    {"skip-call", "the call is left out"},
    {"capacity-one", "the channel has room for one value"},
    {"unbounded", "the channel has room for any number of values"},
    {"start-early", "the thread is started first"},
};

std::vector<std::string_view> MutatorsOf(const CallSite& site) {
  const bool is_weaker_than_acquire_release = site.order == kAcquire || site.order == kRelease;
  std::vector<std::string_view> names;
  if (site.does == "lock") {
    names = {"skip-lock", "other-lock"};
    if (site.can_be_shared) names.emplace_back("share-lock");
    if (site.nested) names.emplace_back("swap-locks");
  } else if (site.does == "lock shared") {
    names = {"skip-lock"};
    if (site.nested) names.emplace_back("swap-locks");
  } else if (site.does == "access") {
    names = {"split-section"};
  } else if (site.does == "wait") {
    names = {"skip-wait"};
  } else if (site.does == "notify one") {
    names = {"skip-notify"};
  } else if (site.does == "notify all") {
    names = {"skip-notify", "notify-one"};
  } else if (site.does == "load" || site.does == "store") {
    names = {"make-plain"};
    if (site.order != kRelaxed) names.emplace_back("order-relaxed");
  } else if (site.does == "update" || site.does == "compare-exchange") {
    names = {"split-update", "make-plain"};
    if (is_weaker_than_acquire_release) {
      names.emplace_back("order-relaxed");
    } else if (site.order != kRelaxed) {
      names.insert(names.end(), {"order-acquire", "order-release"});
    }
  } else if (site.does == "fence") {
    names = {"skip-fence"};
  } else if (site.does == "join") {
    names = {"skip-join"};
  } else if (site.does == "once") {
    names = {"skip-once"};
  }
  return names;
}

// The frame that the site belongs to.
struct Home {
  size_t index = 0;  // in CallSite::places
  Frame frame;
};

// Regular expressions would be slow here: a program has many sites.
bool ContainsAny(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [text](std::string_view word) { return absl::StrContains(text, word); });
}

// A lock guard's own bookkeeping is not part of the critical section.
bool IsOfGuard(const Frame& frame) {
  return ContainsAny(frame.function, {"lock_guard", "unique_lock", "scoped_lock", "shared_lock", "MutexLock"});
}

// Whether a library function does this for its own purposes, not on request: a future always locks, joins and counts
// references, however it is used.
bool IsOfLibrary(const CallSite& site, const Frame& frame) {
  if (site.does == "access") return IsOfGuard(frame);
  if (site.does == "load" || site.does == "store" || site.does == "update" || site.does == "compare-exchange")
    return !absl::StartsWith(frame.function, "std::atomic") && !absl::StartsWith(frame.function, "std::__atomic");
  return ContainsAny(frame.function,
                     {"future", "promise", "packaged_task", "_Async_state", "shared_ptr", "_Sp_counted"});
}

std::optional<Home> HomeOf(const CallSite& site, const FramesOfPlaces& frames,
                           const std::function<Owner(const std::string& file)>& owner_of) {
  bool is_asked_for = site.does != "once";  // The C++ library also uses pthread_once() for itself.
  for (size_t i = 0; i < site.places.size(); ++i) {
    const auto found = frames.find(site.places[i]);
    if (found == frames.end()) continue;
    for (const Frame& frame : found->second) {
      is_asked_for |= absl::StrContains(frame.function, "call_once");
      switch (owner_of(frame.file)) {
        case Owner::kSubject:
          return is_asked_for ? std::optional<Home>({i, frame}) : std::nullopt;
        case Owner::kTests:
          return std::nullopt;
        case Owner::kLibrary:
          if (IsOfLibrary(site, frame)) return std::nullopt;
          break;
      }
    }
  }
  return std::nullopt;
}

// Whether the function is a constructor or a destructor.
bool MakesOrDestroys(const Frame& frame) {
  const std::vector<std::string> parts = absl::StrSplit(QualifiedName(frame.function), "::");
  const size_t count = parts.size();
  return absl::StartsWith(parts.back(), "~") || (count >= 2 && parts[count - 1] == parts[count - 2]);
}

std::string LineOf(const std::string& file, int line) {
  const absl::StatusOr<std::string> text = ReadFile(file);
  if (!text.ok()) return "";
  const std::vector<std::string_view> lines = absl::StrSplit(*text, '\n');
  if (line < 1 || static_cast<size_t>(line) > lines.size()) return "";
  return CodeOfLine(lines[static_cast<size_t>(line) - 1]);
}

}  // namespace

std::string CodeOfLine(std::string_view line) {
  return std::string(absl::StripAsciiWhitespace(line.substr(0, line.find("  //"))));
}

std::string Mutant::Name() const {
  const size_t qualified = function.rfind("::");
  const std::string_view last =
      qualified == std::string::npos ? function : std::string_view(function).substr(qualified + 2);
  return absl::StrCat(mutator, " ", last, occurrence == 1 ? "" : absl::StrCat(" (", occurrence, ")"), ": ", source);
}

std::string_view Describe(std::string_view mutator) {
  const auto* found = std::find_if(std::begin(kMutators), std::end(kMutators),
                                   [&](const Mutator& known) { return known.name == mutator; });
  return found == std::end(kMutators) ? "" : found->what;
}

std::string Mutant::Mutation() const {
  const auto in_hexadecimal = [](std::string* text, std::uint64_t id) { absl::StrAppend(text, absl::Hex(id)); };
  return absl::StrCat(mutator, ":", absl::StrJoin(sites, "+", in_hexadecimal));
}

std::set<std::string> TestsThatReach(const std::set<std::uint64_t>& ids, const std::vector<CallSite>& sites) {
  std::set<std::string> tests;
  for (const CallSite& site : sites) {
    if (std::any_of(site.ids.begin(), site.ids.end(), [&](std::uint64_t id) { return ids.contains(id); }))
      tests.insert(site.test);
  }
  return tests;
}

bool DiffersOnlyByDataRaces(std::string_view mutator) {
  return mutator == "order-relaxed" || mutator == "order-acquire" || mutator == "order-release" ||
         mutator == "skip-fence" || mutator == "make-plain";
}

std::vector<Mutant> MutantsOf(const std::vector<CallSite>& sites, const FramesOfPlaces& frames,
                              const std::function<Owner(const std::string& file)>& owner_of) {
  // For each line, the places in each instance of its function: the first place is the first in all instances.
  using Line = std::tuple<std::string, int, std::string>;  // file, line, what is done there
  std::map<Line, std::map<std::string, std::set<std::string>>> places;
  std::map<std::uint64_t, std::set<std::pair<std::string, int>>> takers;  // of each lock: the lines that take it
  std::set<Line> concurrent;  // the lines that were reached while other threads were alive
  std::vector<std::pair<const CallSite*, Home>> homes;
  for (const CallSite& site : sites) {
    if (const std::optional<Home> home = HomeOf(site, frames, owner_of)) {
      homes.emplace_back(&site, *home);
      if (site.concurrent) concurrent.insert({home->frame.file, home->frame.line, site.does});
      for (const std::uint64_t lock : site.locks) takers[lock].insert({home->frame.file, home->frame.line});
      places[{home->frame.file, home->frame.line, site.does}][home->frame.function].insert(site.places[home->index]);
    }
  }
  std::map<std::tuple<std::string, int, std::string, int>, Mutant> mutants;  // by file, line, mutator, occurrence
  for (const auto& [site, home] : homes) {
    const Frame& frame = home.frame;
    // No other thread uses an object during its construction or destruction, except threads of its own.
    if (MakesOrDestroys(frame) && !concurrent.contains({frame.file, frame.line, site->does})) continue;
    const std::set<std::string>& of_function = places[{frame.file, frame.line, site->does}][frame.function];
    const auto place = of_function.find(site->places[home.index]);
    const int occurrence = static_cast<int>(std::distance(of_function.begin(), place)) + 1;
    // If no other line takes the lock, any lock will do.
    const bool is_shared_with_others = std::any_of(site->locks.begin(), site->locks.end(),
                                                   [&takers](std::uint64_t lock) { return takers[lock].size() > 1; });
    for (const std::string_view mutator : MutatorsOf(*site)) {
      if (mutator == "other-lock" && !is_shared_with_others) continue;
      // Only a second thread at the same place could tell, and one thread constructs or destroys an object.
      if (mutator == "share-lock" && MakesOrDestroys(frame)) continue;
      Mutant& mutant = mutants[{frame.file, frame.line, std::string(mutator), occurrence}];
      if (mutant.mutator.empty()) {
        mutant.mutator = mutator;
        mutant.function = QualifiedName(frame.function);
        mutant.file = frame.file;
        mutant.line = frame.line;
        mutant.occurrence = occurrence;
        mutant.source = LineOf(frame.file, frame.line);
      }
      mutant.sites.insert(site->ids[home.index]);
    }
  }
  std::vector<Mutant> result;
  for (auto& [key, mutant] : mutants) {
    mutant.tests = TestsThatReach(mutant.sites, sites);
    result.push_back(std::move(mutant));
  }
  return result;
}

}  // namespace racelab
