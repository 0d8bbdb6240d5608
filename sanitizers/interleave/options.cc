#include "sanitizers/interleave/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sanitizers/interleave/fatal.h"

namespace racelab::interleave {
namespace {

const char* After(const char* text, const char* prefix) {
  const std::size_t length = strlen(prefix);
  return strncmp(text, prefix, length) == 0 ? text + length : nullptr;
}

std::uint64_t Number(const char* text, const char* option) {
  char* end = nullptr;
  const std::uint64_t number = strtoull(text, &end, 10);
  if (end == text || *end != '\0') Misuse("RACELAB_INTERLEAVE: '%s' needs a number", option);
  return number;
}

void ReadSearch(const char* value) {
  SearchOptions& search = options.search;
  if (const char* bound = After(value, "preemptions:")) {
    search.strategy = Strategy::kBounded;
    search.preemptions = static_cast<int>(Number(bound, value));
  } else if (const char* schedule = After(value, "replay:")) {
    search.strategy = Strategy::kReplay;
    if (!ParseSchedule(schedule, search)) Misuse("RACELAB_INTERLEAVE: '%s' is not a schedule", schedule);
  } else if (strcmp(value, "exhaustive") == 0) {
    search.strategy = Strategy::kExhaustive;
  } else if (strcmp(value, "full") == 0) {
    search.strategy = Strategy::kFull;
  } else if (strcmp(value, "random") == 0) {
    search.strategy = Strategy::kRandom;
  } else if (strcmp(value, "pct") == 0) {
    search.strategy = Strategy::kPct;
  } else if (strcmp(value, "pos") == 0) {
    search.strategy = Strategy::kPos;
  } else {
    Misuse("RACELAB_INTERLEAVE: there is no search '%s'", value);
  }
}

// Options are separated by commas; a schedule may contain commas before its colon.
const char* EndOfOption(const char* text) {
  if (After(text, "search=replay:") != nullptr) {
    const char* schedule = strchr(text, ':') + 1;
    const char* colon = strchr(schedule, ':');
    if (colon != nullptr && strcspn(schedule, "=") > static_cast<std::size_t>(colon - schedule)) text = colon;
  }
  return strchrnul(text, ',');
}

void ReadOption(const char* option) {
  if (const char* value = After(option, "search=")) {
    ReadSearch(value);
  } else if (const char* value = After(option, "seed=")) {
    options.search.seed = Number(value, option);
  } else if (const char* value = After(option, "shard=")) {
    if (sscanf(value, "%u/%u", &options.search.shard, &options.search.shards) != 2 ||
        options.search.shard >= options.search.shards)
      Misuse("RACELAB_INTERLEAVE: '%s' is not a part I/N of a search", option);
  } else if (const char* value = After(option, "executions=")) {
    options.executions = Number(value, option);
  } else if (const char* value = After(option, "seconds=")) {
    options.seconds = strtod(value, nullptr);
  } else if (const char* value = After(option, "total=")) {
    options.total = strtod(value, nullptr);
  } else if (const char* value = After(option, "deadline=")) {
    options.deadline = strtod(value, nullptr);
  } else if (const char* value = After(option, "spurious=")) {
    options.spurious = Number(value, option) != 0;
  } else if (const char* value = After(option, "addresses=")) {
    options.addresses = Number(value, option) != 0;
  } else if (const char* value = After(option, "steps=")) {
    options.steps = Number(value, option);
  } else if (const char* value = After(option, "all=")) {
    options.all = Number(value, option) != 0;
  } else if (const char* value = After(option, "whole=")) {
    options.whole = Number(value, option) != 0;
  } else if (const char* value = After(option, "show_output=")) {
    options.show_output = Number(value, option) != 0;
  } else if (const char* value = After(option, "trace=")) {
    options.trace = Number(value, option) != 0;
  } else if (const char* value = After(option, "outcomes=")) {
    options.outcomes = Number(value, option) != 0;
  } else if (const char* value = After(option, "minimise=")) {
    options.minimise = Number(value, option) != 0;
  } else if (const char* value = After(option, "first=")) {
    options.first = Number(value, option) != 0;
  } else if (const char* value = After(option, "sites=")) {
    options.sites = Number(value, option) != 0;
  } else if (const char* value = After(option, "mutate=")) {
    if (!ParseMutation(value, options.mutator, options.mutated_sites))
      Misuse("RACELAB_INTERLEAVE: '%s' is no mutation", value);
  } else if (const char* value = After(option, "older_values=")) {
    options.older_values = Number(value, option);
  } else if (const char* value = After(option, "pause=")) {
    options.search.pause = Number(value, option) != 0;
  } else if (const char* value = After(option, "idle=")) {
    options.idle = Number(value, option);
  } else if (const char* value = After(option, "known_race=")) {
    const std::size_t size = strlen(value) + 1;
    options.known_races.push_back(static_cast<char*>(memcpy(AllocateRuntimeMemory(size), value, size)));
  } else {
    Misuse("RACELAB_INTERLEAVE: there is no option '%s'", option);
  }
}

}  // namespace

Options options;

double Options::SecondsAfter(double others) const {
  constexpr double kPartAfterTotal = 0.1;
  return total > 0 && others >= total ? seconds * kPartAfterTotal : seconds;
}

void ReadOptions() {
  if (const char* report = getenv("RACELAB_INTERLEAVE_REPORT"); report != nullptr) {
    if (strlen(report) >= sizeof options.report) Misuse("RACELAB_INTERLEAVE_REPORT: the path is too long");
    snprintf(options.report, sizeof options.report, "%s", report);
  }
  options.constructors = getenv("RACELAB_INTERLEAVE_CONSTRUCTORS") != nullptr;
  const char* text = getenv("RACELAB_INTERLEAVE");
  while (text != nullptr && *text != '\0') {
    const char* end = EndOfOption(text);
    static char option[128 << 10];  // A schedule can have the maximum length of an environment variable in Linux.
    if (static_cast<std::size_t>(end - text) >= sizeof option) Misuse("RACELAB_INTERLEAVE: an option is too long");
    memcpy(option, text, end - text);
    option[end - text] = '\0';
    ReadOption(option);
    text = *end == ',' ? end + 1 : end;
  }
}

bool ParseSchedule(const char* text, SearchOptions& search) {
  search.schedule.clear();
  if (const char* colon = strchr(text, ':')) {
    const std::size_t length = static_cast<std::size_t>(colon - text);
    auto* names = static_cast<char*>(AllocateRuntimeMemory(length + 1));  // Parsed once the heap exists.
    memcpy(names, text, length);
    names[length] = '\0';
    search.promoted = names;
    text = colon + 1;
  }
  for (; *text != '\0'; ++text) {
    const char* digit = strchr(kDigits, *text);
    if (digit == nullptr) return false;
    search.schedule.push_back(static_cast<std::uint8_t>(digit - kDigits));
  }
  return true;
}

}  // namespace racelab::interleave
