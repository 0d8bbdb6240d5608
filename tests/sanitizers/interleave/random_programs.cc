#include "tests/sanitizers/interleave/random_programs.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace racelab {
namespace {

using Words = std::vector<std::string>;

constexpr std::size_t kMostFailures = 20;  // The runtime keeps no more.

const std::map<std::string, std::string>& Groups() {
  static const auto& groups = *new std::map<std::string, std::string>{
      {"atomics", "load0 load1 store0 store1 add0 add1 exchange0 exchange1 cas0 cas1"},
      {"weak", "weak_cas0 weak_cas1 weak_cas0"},
      {"relaxed",
       "load_relaxed0 load_relaxed1 store_relaxed0 store_relaxed1 add_relaxed0 add_relaxed1 fence_acquire0 "
       "fence_release0"},
      {"plain", "read0 write0 read1 write1 read0 write0 read_if0 write_if0 write_unless0"},
      {"messages",
       "write1 read_if1 write_if1 write1 store0 load0 add0 exchange0 cas0 store_relaxed0 load_relaxed0 add_relaxed0 "
       "fence_acquire0 fence_release0"},
      {"guarded",
       "write1 write_if1 write_unless1 read1 try_lock0 lock0 unlock0 timed_lock0 try_acquire0 post0 timed_wait0 "
       "signal0 "
       "try_read_lock0 try_write_lock0 release0"},
      {"aborts", "abort_if_one0 abort_if_one1 abort_if_stored0 abort_if_stored1"},
      {"mutexes", "lock0 unlock0 lock0 unlock0 lock1 unlock1 try_lock0 try_lock1 timed_lock0 timed_lock1"},
      {"kinds",
       "lock2 lock2 unlock2 unlock2 try_lock2 timed_lock2 lock3 unlock3 try_lock3 timed_lock3 lock_again2 "
       "lock_again3"},
      {"misuse", "unlock_anyway0 lock_again0 unlock_anyway1 lock0 unlock0"},
      {"read_write",
       "read_lock0 read_lock0 try_read_lock0 timed_read_lock0 write_lock0 try_write_lock0 "
       "timed_write_lock0 release0 release0 release0 release0"},
      {"writers_first",
       "read_lock1 read_lock1 try_read_lock1 timed_read_lock1 write_lock1 try_write_lock1 "
       "timed_write_lock1 release1 release1 release1 release1"},
      {"conditions", "wait0 timed_wait0 await0 signal0 signal0 broadcast0 wait1 await1 signal1 lock0 unlock0"},
      {"semaphores", "post0 post0 acquire0 try_acquire0 timed_acquire0 post1 acquire1"},
      {"barriers", "arrive0 arrive0 arrive1"},
      {"once", "once0 once1 throwing_once0 throwing_once0"},
      {"choices", "choose0 choose1 yield0 sleep0"},
      {"ends", "end0 leave0"},
      {"loops", "spin0 spin_yield1 poll0 spin1 store0 store1 write1 read1"},
  };
  return groups;
}

// How a thread is created, and how it ends.
struct Role {
  int creator = 0;
  int fate = 0;  // 0: joined; 1: created detached; 2: detached by its creator; 3: detaches itself
};

// Combines main and the other threads into one program.
RandomProgram Assemble(const std::vector<Words>& texts, const std::vector<Role>& roles, int when) {
  std::vector<Words> program = texts;
  for (Words& words : program) {  // The runtime lets a thread time out early only twice.
    int waits = 0;
    std::erase_if(words,
                  [&waits](const std::string& word) { return absl::StartsWith(word, "timed_wait") && ++waits > 2; });
  }
  for (std::size_t i = texts.size(); i-- > 1;) {
    const Role& role = roles[i - 1];
    // A thread that creates another must itself be joined; otherwise the created thread might not be joined.
    const bool nested = role.creator != 0 && i == texts.size() - 1 && i > 1 && roles[0].fate == 0;
    Words& creator = program[nested ? 1 : 0];
    const std::size_t place =
        nested || when >= 2 ? 0 : std::min<std::size_t>(static_cast<std::size_t>(when), creator.size());
    if (role.fate == 2) creator.insert(creator.begin() + static_cast<std::ptrdiff_t>(place), absl::StrCat("detach", i));
    creator.insert(creator.begin() + static_cast<std::ptrdiff_t>(place),
                   absl::StrCat(role.fate == 1 ? "create_detached" : "create", i));
    if (role.fate == 3) program[i].insert(program[i].begin(), "detach_self0");
  }
  RandomProgram result;
  for (const Words& words : program) result.push_back(absl::StrJoin(words, " "));
  return result;
}

// 0 ... count - 1, regardless of rapidcheck's size.
rc::Gen<int> Below(int count) { return rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, count)); }

rc::Gen<RandomProgram> ProgramsOver(const Words& words, bool detach) {
  const auto text = [words](int most) {
    return rc::gen::resize(most, rc::gen::container<Words>(rc::gen::elementOf(words)));
  };
  const auto role = rc::gen::map(rc::gen::pair(Below(4), Below(12)), [detach](std::pair<int, int> dice) {
    return Role{.creator = dice.first == 3 ? 1 : 0, .fate = detach ? std::max(0, dice.second - 8) : 0};
  });
  const auto of = [text, role](int threads, int most) {
    return rc::gen::map(
        rc::gen::tuple(text(3), rc::gen::container<std::vector<Words>>(static_cast<std::size_t>(threads), text(most)),
                       rc::gen::container<std::vector<Role>>(static_cast<std::size_t>(threads), role), Below(8)),
        [](std::tuple<Words, std::vector<Words>, std::vector<Role>, int> parts) {
          auto& [main, others, roles, when] = parts;
          others.insert(others.begin(), main);
          return Assemble(others, roles, when);
        });
  };
  return rc::gen::weightedOneOf<RandomProgram>({{2, of(1, 8)}, {6, of(2, 8)}, {4, of(3, 5)}});
}

std::vector<std::string> Missing(const std::set<std::string>& of, const std::set<std::string>& from,
                                 std::string_view what) {
  std::vector<std::string> missing;
  for (const std::string& one : of) {
    if (!from.contains(one)) missing.push_back(absl::StrCat(what, one));
  }
  return missing;
}

std::set<std::string> Texts(const std::set<int>& numbers, std::string_view what) {
  std::set<std::string> texts;
  for (const int number : numbers) texts.insert(absl::StrCat(what, number));
  return texts;
}

// The failure in the reference's words.
std::string Describe(const InterleavingFailure& failure) {
  if (failure.kind == "deadlock" && absl::StartsWith(failure.message, "no thread can go on; ")) {
    std::string text = absl::StrReplaceAll(failure.message, {{"no thread can go on; ", ""}, {": ", " "}});
    return absl::StrCat("deadlock: ", absl::StrReplaceAll(text, {{"; ", ", "}}));
  }
  if (failure.kind == "no progress") return failure.kind;
  if (failure.kind == "abort") return absl::StrCat("abort: T", failure.thread);
  if (failure.kind == "misuse of a mutex") return absl::StrCat("misuse: T", failure.thread);
  if (failure.kind == "data race") {
    const std::size_t place = failure.memory.rfind("random_program+0x");
    if (place != std::string::npos) {
      const auto offset = std::strtoull(failure.memory.c_str() + failure.memory.rfind("+0x") + 1, nullptr, 16);
      return absl::StrCat("race on ", offset >> 6 & 1);  // See random_program.cc.
    }
  }
  return absl::StrCat(failure.kind, ": ", failure.message, " ", failure.memory);
}

// If threads other than main create threads, the order of the creations decides which thread is T2. But creations are
// independent, so the runtime need not try both orders. In this case, threads are compared without numbers.
bool NumbersDepend(const RandomProgram& program) {
  return std::any_of(program.begin() + 1, program.end(),
                     [](const std::string& text) { return absl::StrContains(text, "create"); });
}

std::string WithoutNumbers(const std::string& failure) {
  const std::size_t colon = failure.find(": T");
  if (colon == std::string::npos) return failure;
  Words threads = absl::StrSplit(failure.substr(colon + 2), ", ");
  for (std::string& thread : threads) {
    if (thread[0] == 'T') thread.erase(1, thread.find_first_not_of("0123456789", 1) - 1);
  }
  std::sort(threads.begin(), threads.end());
  return absl::StrCat(failure.substr(0, colon + 2), absl::StrJoin(threads, ", "));
}

std::set<std::string> WithoutNumbers(const std::set<std::string>& failures) {
  std::set<std::string> plain;
  for (const std::string& failure : failures) plain.insert(WithoutNumbers(failure));
  return plain;
}

}  // namespace

rc::Gen<RandomProgram> RandomPrograms(const std::vector<std::string>& groups) {
  std::map<std::string, Words> chosen;
  const bool any = std::all_of(groups.begin(), groups.end(), [](const std::string& name) { return name[0] == '-'; });
  for (const auto& [name, text] : Groups()) {
    const bool chosen_by_name = std::find(groups.begin(), groups.end(), name) != groups.end();
    if (!chosen_by_name && (!any || name == "loops"))
      continue;  // Loops are expensive, and the runtime merges some of their rounds.
    Words words = absl::StrSplit(text, ' ');
    std::erase_if(words, [&groups](const std::string& word) {
      return std::any_of(groups.begin(), groups.end(), [&word](const std::string& group) {
        return group[0] == '-' && absl::StartsWith(word, group.substr(1));
      });
    });
    if (!words.empty()) chosen[name] = words;
  }
  Words names;
  for (const auto& [name, words] : chosen) {
    // Few programs show an order of plain accesses, so more of these are generated.
    names.insert(names.end(), name == "messages" || name == "guarded" ? 3 : 1, name);
  }
  const auto name = rc::gen::elementOf(names);
  const bool detach = std::find(groups.begin(), groups.end(), "-detach") == groups.end();
  return rc::gen::mapcat(rc::gen::tuple(name, name, Below(3)),
                         [chosen, detach](const std::tuple<std::string, std::string, int>& parts) {
                           const auto& [one, other, more] = parts;
                           Words words = chosen.at(one);
                           words.insert(words.end(), chosen.at(other).begin(), chosen.at(other).end());
                           if (more == 0) words.insert(words.end(), {"load0", "add0", "load1", "store1"});
                           if (more == 1) words.insert(words.end(), {"load0", "add0", "store1", "read_if1"});
                           return ProgramsOver(words, detach);
                         });
}

std::string Quoted(const RandomProgram& program) {
  return absl::StrJoin(program, " ",
                       [](std::string* out, const std::string& text) { absl::StrAppend(out, "'", text, "'"); });
}

Comparison CompareWithReference(const RandomProgram& program, const std::string& executable, InterleaveOptions options,
                                const ReferenceOptions& reference_options) {
  Comparison comparison;
  comparison.reference = Interpret(program, reference_options);
  const ReferenceFindings& reference = comparison.reference;
  if (!reference.complete || reference.failures.size() + reference.races.size() > kMostFailures) return comparison;
  options.whole_program = options.all = options.outcomes = true;
  options.resolve = options.minimise = false;
  std::set<int> outcomes;
  std::set<std::string> failures;
  const int shards = options.shards;
  for (options.shard = 0; options.shard < shards; ++options.shard) {
    ChildSpec spec;
    spec.argv = {executable};
    spec.argv.insert(spec.argv.end(), program.begin(), program.end());
    spec.limits.time = absl::Minutes(2);
    const InterleaveResult result = RunUnderInterleave(std::move(spec), options);
    comparison.compared = true;
    if (result.explorations.size() != 1) {
      comparison.differences = {absl::StrCat("broken: ", result.explorations.size(), " explorations; ", result.problem,
                                             result.child.note, result.child.last_words)};
      return comparison;
    }
    const Exploration& exploration = result.explorations.front();
    if (!exploration.complete && exploration.failures.size() < kMostFailures) {
      comparison.compared = false;
      for (const InterleavingFailure& failure : exploration.failures) {
        if (failure.kind != "not deterministic") continue;
        comparison.compared = true;
        comparison.differences = {Describe(failure)};
      }
      return comparison;
    }
    if (exploration.failures.size() == kMostFailures) return {};
    comparison.executions += exploration.executions;
    comparison.collapsed |= exploration.collapsed_spins;
    for (const auto& [code, count] : exploration.outcomes) outcomes.insert(code);
    for (const InterleavingFailure& failure : exploration.failures) failures.insert(Describe(failure));
  }
  std::set<std::string> expected = reference.failures;
  expected.merge(Texts(reference.races, "race on "));
  if (NumbersDepend(program)) {
    expected = WithoutNumbers(expected);
    failures = WithoutNumbers(failures);
  }
  const auto add = [&comparison](std::vector<std::string> differences) {
    std::move(differences.begin(), differences.end(), std::back_inserter(comparison.differences));
  };
  add(Missing(failures, expected, "false "));
  add(Missing(Texts(outcomes, ""), Texts(reference.outcomes, ""), "false outcome "));
  if (comparison.collapsed) return comparison;  // The runtime itself reports that it has left something out.
  add(Missing(expected, failures, "missed "));
  add(Missing(Texts(reference.certain, ""), Texts(outcomes, ""), "missed outcome "));
  return comparison;
}

}  // namespace racelab
