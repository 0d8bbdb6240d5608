// The names of mutators and call sites, in options and reports.

#include <stdlib.h>
#include <string.h>

#include <algorithm>
#include <iterator>

#include "sanitizers/interleave/mutation.h"

namespace racelab::interleave {
namespace {

// Indexed by Mutator; the same names as in the option `mutate`.
constexpr const char* kMutators[] = {"none",          "skip-lock",     "other-lock",  "share-lock",   "split-section",
                                     "swap-locks",    "skip-wait",     "skip-notify", "notify-one",   "order-relaxed",
                                     "order-acquire", "order-release", "skip-fence",  "split-update", "make-plain",
                                     "skip-join",     "skip-once"};

}  // namespace

const char* Name(SiteKind kind) {
  constexpr const char* kNames[] = {"lock",       "lock shared", "access", "wait",   "notify one",
                                    "notify all", "load",        "store",  "update", "compare-exchange",
                                    "fence",      "join",        "once",   "sleep",  "spin"};
  return kNames[static_cast<int>(kind)];
}

bool ParseMutation(const char* text, Mutator& mutator, Vector<std::uint64_t>& ids) {
  const char* colon = strchrnul(text, ':');
  const auto length = static_cast<std::size_t>(colon - text);
  const auto* found = std::find_if(std::begin(kMutators), std::end(kMutators), [&](const char* name) {
    return strlen(name) == length && strncmp(name, text, length) == 0;
  });
  if (found == std::end(kMutators) || *colon == '\0') return false;
  mutator = static_cast<Mutator>(found - kMutators);
  const char* id = colon;
  do {
    char* end = nullptr;
    ids.push_back(strtoull(id + 1, &end, 16));
    if (end == id + 1 || (*end != '+' && *end != '\0')) return false;
    id = end;
  } while (*id != '\0');
  return true;
}

}  // namespace racelab::interleave
