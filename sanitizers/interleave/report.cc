#include "sanitizers/interleave/report.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <iterator>

#include "sanitizers/interleave/arena.h"
#include "sanitizers/interleave/descriptors.h"
#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/json.h"
#include "sanitizers/interleave/library_calls.h"
#include "sanitizers/interleave/model/thread_memory.h"
#include "sanitizers/interleave/mutation.h"
#include "sanitizers/interleave/options.h"

namespace racelab::interleave {
namespace {

void WritePlace(Json& json, const void* pc) {
  char place[1200];
  Dl_info module;
  if (dladdr(pc, &module) != 0 && module.dli_fname != nullptr) {
    snprintf(place, sizeof place, "%s+0x%llx", module.dli_fname,
             static_cast<unsigned long long>(reinterpret_cast<std::uintptr_t>(pc) -
                                             reinterpret_cast<std::uintptr_t>(module.dli_fbase)));
  } else {
    snprintf(place, sizeof place, "%p", pc);
  }
  json.String(place);
}

void WriteStack(Json& json, const Recording& recording, std::int32_t stack) {
  json.Key("stack");
  json.Open('[');
  for (; stack >= 0 && recording.stacks[stack] != nullptr; ++stack) WritePlace(json, recording.stacks[stack]);
  json.Close(']');
}

// The data from which sanitizers/symbols/object_names.h derives the name of a step's object.
void WriteSurroundings(Json& json, const Recording& recording, std::int32_t index) {
  if (index < 0) return;
  const Surroundings& surroundings = recording.surroundings[index];
  json.Key("surroundings");
  json.Open('{');
  json.Field("address", surroundings.address);
  json.Field("stack_pointer", surroundings.stack_pointer);
  json.Key("frames");
  json.Open('[');
  for (std::int32_t i = 0; i < surroundings.frames; ++i) {
    const RecordedFrame& frame = recording.frames[surroundings.frame + i];
    json.Open('{');
    json.Key("place");
    WritePlace(json, frame.pc);
    json.Field("pc", reinterpret_cast<std::uintptr_t>(frame.pc));
    json.Field("cfa", frame.cfa);
    json.Key("registers");
    json.Open('[');
    for (const std::uintptr_t value : frame.registers) json.Number(value);
    json.Close(']');
    json.Close('}');
  }
  json.Close(']');
  json.Key("words");
  json.Open('[');
  for (std::int32_t i = 0; i < surroundings.words; ++i) {
    json.Number(recording.words[surroundings.word + i].place);
    json.Number(recording.words[surroundings.word + i].value);
  }
  json.Close(']');
  json.Close('}');
}

// Describes an address: a global as its place in a module, or a part of the heap or of a thread's stack.
void WriteMemory(Json& json, std::uintptr_t address) {
  char text[1200];
  Dl_info module;
  snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(address));
  if (const int number = NumberAt(address); number >= 0) {
    snprintf(text, sizeof text, "descriptor %d", number);
  } else if (const int object = ObjectAt(address); object >= 0) {
    snprintf(text, sizeof text, object > 1 ? "file #%d" : object == 1 ? "network" : "files", object - 1);
  } else if (arena.Contains(address)) {
    snprintf(text, sizeof text, "heap+0x%llx", static_cast<unsigned long long>(address - arena.begin));
  } else if (dladdr(reinterpret_cast<void*>(address), &module) != 0 && module.dli_fname != nullptr) {
    snprintf(text, sizeof text, "%s+0x%llx", module.dli_fname,
             static_cast<unsigned long long>(address - reinterpret_cast<std::uintptr_t>(module.dli_fbase)));
  } else {
    for (int t = 0; t < kMaxThreads; ++t) {
      const Fibre& fibre = execution.threads[t].fibre;
      if (!fibre.OnStack(address)) continue;
      snprintf(
          text, sizeof text, "stack of T%d+0x%llx", t,
          static_cast<unsigned long long>(reinterpret_cast<std::uintptr_t>(fibre.stack) + fibre.stack_size - address));
    }
  }
  json.String(text);
}

void WriteSchedule(Json& json, const FoundFailure& found) { json.Field("schedule", FormatSchedule(found).data()); }

// The locks that were held at an access; they follow its stack in the recording.
void WriteLocksAfter(Json& json, const Recording& recording, std::int32_t stack) {
  while (recording.stacks[stack] != nullptr) ++stack;
  json.Key("held");
  json.Open('[');
  while (recording.stacks[++stack] != nullptr)
    WriteMemory(json, reinterpret_cast<std::uintptr_t>(recording.stacks[stack]));
  json.Close(']');
}

void WriteAccess(Json& json, const Recording& recording, const Access& access) {
  json.Open('{');
  json.Field("thread", access.number);
  json.Field("access", Name(access));
  if (access.stack >= 0 && static_cast<std::size_t>(access.stack) < recording.stacks.size()) {
    WriteStack(json, recording, access.stack);
    WriteLocksAfter(json, recording, access.stack);
  } else {
    json.Key("stack");
    json.Open('[');
    WritePlace(json, access.pc);
    json.Close(']');
  }
  json.Close('}');
}

// The C++ name of a memory order; null for the strongest, which is the default.
const char* NameOfOrder(int order) {
  static constexpr const char* kNames[] = {"relaxed", "consume", "acquire", "release", "acquire-release"};
  return order < static_cast<int>(std::size(kNames)) ? kNames[order] : nullptr;
}

void WriteEvent(Json& json, const Recording& recording, const Event& event) {
  const Operation& operation = event.operation;
  json.Open('{');
  json.Field("thread", event.thread);
  json.Field("step", event.is_step);
  char call[256];
  if (IsLibraryCall(operation.kind)) {
    snprintf(call, sizeof call, "%s %s", Name(operation.kind), NameOfCalled(operation));
    json.Field("operation", call);
  } else {
    json.Field("operation", Name(operation.kind));
  }
  if (const char* order = NameOfOrder(operation.order); IsAtomic(operation.kind) && order != nullptr) {
    json.Field("order", order);
  }
  if (event.failed) json.Field("failed", true);
  if (event.older) json.Field("older", true);
  if (operation.compares || operation.kind == Kind::kFutexWait) json.Field("expected", operation.expected);
  if (operation.kind == Kind::kNote) json.Field("note", recording.notes.data() + event.note);
  json.Key("object");
  if (operation.kind == Kind::kJoin) {
    json.String("");
    json.Field("joins", operation.address);
  } else if (IsLibraryCall(operation.kind)) {
    json.String("");
  } else {
    WriteMemory(json, operation.address);
  }
  if (event.has_value && NumberAt(operation.address) < 0) {
    json.Field("size", operation.size);
    json.Field("before", event.before);
    json.Field("after", event.after);
  }
  json.Key("held");
  json.Open('[');
  for (std::int32_t i = event.held; recording.held[i] != 0; ++i) WriteMemory(json, recording.held[i]);
  json.Close(']');
  if (event.stack_of >= 0) {
    json.Field("stack_of", event.stack_of);
  } else {
    WriteStack(json, recording, event.stack);
  }
  WriteSurroundings(json, recording, event.surroundings);
  json.Close('}');
}

void WriteWaiting(Json& json, const FoundFailure& found) {
  json.Key("waiting");
  json.Open('[');
  for (const BlockedThread& blocked : found.recording.blocked) {
    json.Open('{');
    json.Field("thread", blocked.thread);
    json.Field("slot", blocked.slot);
    json.Field("can_go_on", blocked.can_go_on);
    json.Field("operation", Name(blocked.operation.kind));
    json.Key("object");
    WriteMemory(json, blocked.operation.address);
    if (blocked.holder >= 0) {
      json.Field("holder", blocked.holder);
    }
    json.Field("spins", blocked.spins);
    WriteStack(json, found.recording, blocked.stack);
    WriteSurroundings(json, found.recording, blocked.surroundings);
    json.Close('}');
  }
  json.Close(']');
}

void WriteFailure(Json& json, const FoundFailure& found) {
  json.Open('{');
  json.Field("kind", Name(found.failure.kind));
  json.Field("thread", found.failure.thread);
  json.Field("message", found.failure.message);
  json.Field("found_after", found.executions);
  json.Field("occurrences", found.occurrences);
  WriteSchedule(json, found);
  json.Field("threads", found.threads);
  json.Field("preemptions", found.preemptions);
  if (found.failure.kind == FailureKind::kDataRace || found.failure.kind == FailureKind::kUseAfterFree) {
    json.Key("memory");
    WriteMemory(json, found.failure.race.address);
    json.Field("memory_bytes", std::uint64_t{8} * found.failure.race.granules);
    WriteSurroundings(json, found.recording, found.failure.surroundings);
    json.Key("accesses");
    json.Open('[');
    WriteAccess(json, found.recording, found.failure.race.earlier);
    WriteAccess(json, found.recording, found.failure.later);
    json.Close(']');
  }
  WriteWaiting(json, found);
  json.Key("steps");
  json.Open('[');
  for (const Event& event : found.recording.events) WriteEvent(json, found.recording, event);
  json.Close(']');
  json.Close('}');
}

const char* Name(Strategy strategy) {
  switch (strategy) {
    case Strategy::kExhaustive:
      return "exhaustive";
    case Strategy::kFull:
      return "full";
    case Strategy::kBounded:
      return "preemptions";
    case Strategy::kRandom:
      return "random";
    case Strategy::kPct:
      return "pct";
    case Strategy::kPos:
      return "pos";
    case Strategy::kNear:
      return "near";
    case Strategy::kReplay:
    case Strategy::kGuided:
      return "replay";
  }
  return "?";
}

void WriteLeftOut(Json& json, const LeftOut& left_out) {
  json.Field("collapsed_spins", left_out.collapsed_spins);
  json.Field("skipped_timeouts", left_out.skipped_timeouts);
  json.Field("weak_orders", left_out.weak_orders);
  json.Field("older_values", options.older_values);
  json.Field("unvaried_addresses", left_out.unvaried_addresses);
  json.Field("virtual_time", left_out.virtual_time);
  json.Field("aliases", left_out.aliases);
  json.Field("system_changes", left_out.system_changes);
  json.Field("shared_stacks", thread_memory.stacks_are_shared);
  json.Field("no_spurious_wakeups", !options.spurious || left_out.spurious_wakeups);
  json.Field("no_weak_failures", !options.spurious || left_out.weak_failures);
  json.Field("cut_at_steps", left_out.cut_at_steps);
  json.Field("cut_after_end", left_out.cut_after_end);
}

void WriteSites(Json& json) {
  json.Key("sites");
  json.Open('[');
  for (const Site& site : mutations.sites()) {
    json.Open('{');
    json.Field("does", Name(site.kind));
    json.Field("order", std::uint64_t{site.order});
    json.Field("can_be_shared", site.can_be_shared && site.writes);
    json.Field("nested", site.nested);
    json.Field("concurrent", site.concurrent);
    json.Key("locks");
    json.Open('[');
    for (int i = 0; i < site.locks; ++i) json.Number(site.lock[i]);
    json.Close(']');
    json.Key("ids");
    json.Open('[');
    for (int i = 0; i < site.frames; ++i) json.Number(site.id[i]);
    json.Close(']');
    json.Key("stack");
    json.Open('[');
    for (int i = 0; i < site.frames; ++i) WritePlace(json, site.pc[i]);
    json.Close(']');
    json.Close('}');
  }
  json.Close(']');
}

// What a mutant did differently. An execution that shows the difference is written like a failure.
void WriteMutations(Json& json, const Exploration& exploration) {
  if (mutations.collects()) WriteSites(json);
  json.Field("mutated", exploration.mutated);
  json.Key("differences");
  json.Open('[');
  if (exploration.failures.empty() && exploration.difference != nullptr) WriteFailure(json, *exploration.difference);
  json.Close(']');
}

// How to read the addresses and sizes in the failures.
void WriteLayout(Json& json) {
  json.Key("heap");
  json.Open('{');
  json.Field("begin", arena.begin);
  json.Field("bytes", Arena::kReserved);
  json.Close('}');
  json.Key("registers");
  json.Open('[');
  for (const int number : kRecordedRegisters) json.Number(number);
  json.Close(']');
}

}  // namespace

void Summarise(const Exploration& exploration, char* line, std::size_t size) {
  const auto count = static_cast<unsigned long long>(exploration.executions);
  if (!exploration.failures.empty()) {
    const FoundFailure& found = *exploration.failures[0];
    snprintf(line, size, "%s: %s (schedule %.256s; interleaving %llu)", Name(found.failure.kind), found.failure.message,
             FormatSchedule(found).data(), static_cast<unsigned long long>(found.executions));
    return;
  }
  char bound[64] = "";
  if (options.search.strategy == Strategy::kBounded) {
    snprintf(bound, sizeof bound, " with at most %d preemptions", options.search.preemptions);
  }
  const bool all = exploration.complete && exploration.left_out.cut_at_steps == 0;
  snprintf(line, size, "%s%llu interleaving%s%s hold%s", all ? "all " : "", count, count == 1 ? "" : "s", bound,
           all ? "" : "; there are more");
}

void WriteReport(const Exploration& exploration) {
  Json json;
  json.Open('{');
  json.Field("scenario", exploration.name);
  json.Field("search", Name(options.search.strategy));
  json.Field("preemptions", options.search.preemptions);
  json.Field("seed", options.search.seed);
  json.Field("executions", exploration.executions);
  json.Field("sleep_set_blocked", exploration.sleep_set_blocked);
  json.Field("failing", exploration.failing);
  json.Field("steps", exploration.steps);
  json.Field("threads", exploration.most_threads);
  json.Field("complete", exploration.complete);
  json.Field("preemptions_covered", exploration.preemptions_covered);
  WriteLeftOut(json, exploration.left_out);
  json.Key("compare_exchanges");
  json.Open('[');
  for (const void* pc : exploration.compare_exchanges) WritePlace(json, pc);
  json.Close(']');
  json.Field("fences", exploration.fences);
  json.Key("unseen_libraries");
  json.Open('[');
  for (const char* library : UnseenLibraries()) json.String(library);
  json.Close(']');
  json.Field("seconds", exploration.seconds);
  WriteLayout(json);
  json.Key("searches");
  json.Open('[');
  for (const SearchDone& done : exploration.searches) {
    if (done.executions == 0) continue;
    json.Open('{');
    json.Field("search", Name(done.strategy));
    json.Field("executions", done.executions);
    json.Field("preemptions", done.preemptions);
    json.Field("seed", done.seed);
    json.Close('}');
  }
  json.Close(']');
  json.Key("outcomes");
  json.Open('[');
  for (const Outcome& outcome : exploration.outcomes) {
    json.Open('{');
    json.Field("exit_code", outcome.exit_code);
    json.Field("executions", outcome.executions);
    json.Close('}');
  }
  json.Close(']');
  json.Key("failures");
  json.Open('[');
  for (const FoundFailure* found : exploration.failures) WriteFailure(json, *found);
  json.Close(']');
  if (mutations.active) WriteMutations(json, exploration);
  json.Close('}');

  const Vector<char>& text = json.text();
  const int file = open(options.report, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0) Fatal("cannot write the report to %s", options.report);
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t written = write(file, text.data() + done, text.size() - done);
    if (written <= 0) Fatal("cannot write all of the report to %s", options.report);
    done += written;
  }
  close(file);
}

}  // namespace racelab::interleave
