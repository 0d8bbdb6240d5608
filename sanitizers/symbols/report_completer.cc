#include "sanitizers/symbols/report_completer.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "sanitizers/report/system_library.h"
#include "sanitizers/symbols/instrumentation.h"
#include "sanitizers/symbols/symbolise.h"
#include "sanitizers/symbols/symbolizer.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;

// The kernel's names for memory that is of no file have brackets: "[stack]", "[heap]".
bool MayHaveSymbols(std::string_view module) {
  return !module.empty() && !module.starts_with('[') && !IsSystemLibrary(module);
}

bool LacksSymbols(const Frame& frame) {
  return frame.function.empty() && frame.file.empty() && frame.offset != 0 && MayHaveSymbols(frame.module);
}

bool LacksSymbols(const ReportedLocation& location) {
  return location.kind == LocationKind::kGlobal && (location.name.empty() || location.name == "<null>") &&
         location.offset != 0 && MayHaveSymbols(location.module);
}

// The line about the global lacks the build id, but the frames may have it.
std::string BuildIdOf(const std::string& module, const Report& report) {
  for (const Stack& stack : report.stacks) {
    for (const Frame& frame : stack.frames) {
      if (frame.module == module && !frame.build_id.empty()) return frame.build_id;
    }
  }
  return "";
}

// The programs and libraries of this name below `root`.
std::vector<Module> ModulesCalled(const fs::path& name, const std::string& root) {
  std::vector<Module> modules;
  std::error_code ignored;
  const auto options = fs::directory_options::skip_permission_denied;
  for (auto entry = fs::recursive_directory_iterator(root.empty() ? "." : root, options, ignored);
       entry != fs::recursive_directory_iterator(); entry.increment(ignored)) {
    if (entry->path().filename() == ".git") entry.disable_recursion_pending();
    if (entry->path().filename() != name || !entry->is_regular_file(ignored)) continue;
    if (std::optional<Module> module = ReadModule(entry->path().string())) modules.push_back(*std::move(module));
  }
  return modules;
}

}  // namespace

const ReportCompleter::Program& ReportCompleter::ProgramOf(const std::string& module, const std::string& build_id) {
  const auto [known, is_new] = programs_.try_emplace({module, build_id});
  Program& program = known->second;
  if (!is_new) return program;
  std::vector<Module> modules;
  const fs::path named = module;
  if (std::optional<Module> found = named.has_parent_path() ? ReadModule(named.string()) : std::nullopt)
    modules.push_back(*std::move(found));
  if (modules.empty()) modules = ModulesCalled(named.filename(), root_);
  const bool is_there = !modules.empty();
  if (!build_id.empty()) std::erase_if(modules, [&](const Module& found) { return found.build_id != build_id; });

  const std::string name = named.filename().string();
  if (modules.empty()) {
    program.note = absl::StrCat("places in ", name, " have no names: ",
                                is_there ? "the program here is not the one that reported"
                                         : absl::StrCat("no program called so is below ", root_),
                                "; run it where ThreadSanitizer finds llvm-symbolizer (`racelab canary` tells)");
  } else if (modules.size() > 1 && build_id.empty()) {
    program.note = absl::StrCat("places in ", name, " have no names: ", modules.size(),
                                " programs are called so; name the folder of the right one by --root");
  } else {
    program.path = fs::absolute(modules.front().path).string();
    if (build_id.empty()) {
      program.note = absl::StrCat("places in ", name, " were looked up in ", modules.front().path,
                                  " as it is now: if it has changed since, they are wrong");
    }
  }
  return program;
}

std::optional<Question> ReportCompleter::QuestionOf(const Frame& frame) {
  if (!racelab::LacksSymbols(frame)) return std::nullopt;
  const Program& program = ProgramOf(frame.module, frame.build_id);
  if (program.path.empty()) return std::nullopt;
  return Question{Question::Kind::kCode, program.path, frame.offset};
}

std::optional<Question> ReportCompleter::QuestionOf(const ReportedLocation& location, const Report& report) {
  if (!racelab::LacksSymbols(location)) return std::nullopt;
  const Program& program = ProgramOf(location.module, BuildIdOf(location.module, report));
  if (program.path.empty()) return std::nullopt;
  return Question{Question::Kind::kData, program.path, location.offset};
}

bool ReportCompleter::LacksSymbols(const Report& report) {
  const auto lacks = [](const auto& part) { return racelab::LacksSymbols(part); };
  return std::any_of(report.locations.begin(), report.locations.end(), lacks) ||
         std::any_of(report.stacks.begin(), report.stacks.end(),
                     [&](const Stack& stack) { return std::any_of(stack.frames.begin(), stack.frames.end(), lacks); });
}

void ReportCompleter::Prepare(absl::Span<const Report> reports) {
  std::set<Question> questions;
  const auto add = [&](std::optional<Question> question) {
    if (question) questions.insert(*std::move(question));
  };
  for (const Report& report : reports) {
    for (const ReportedLocation& location : report.locations) add(QuestionOf(location, report));
    for (const Stack& stack : report.stacks) {
      for (const Frame& frame : stack.frames) add(QuestionOf(frame));
    }
  }
  std::erase_if(questions, [&](const Question& question) { return answers_.contains(question); });
  answers_.merge(AskSymbolizer(questions, root_));
}

std::optional<Report> ReportCompleter::Completed(const Report& report) {
  Prepare({&report, 1});
  const auto answer_to = [&](const std::optional<Question>& question) {
    return question ? answers_.find(*question) : answers_.end();
  };
  bool has_added = false;
  Report completed = report;
  for (Stack& stack : completed.stacks) {
    std::vector<Frame> frames;
    for (Frame& frame : stack.frames) {
      const auto answer = answer_to(QuestionOf(frame));
      std::vector<Frame> found;
      if (answer != answers_.end()) found = ReadFrames(answer->first, answer->second);
      std::erase_if(found, [](const Frame& one) { return one.function.empty(); });
      for (Frame& one : found) {
        one.module = frame.module;
        one.offset = frame.offset;
        one.build_id = frame.build_id;
      }
      has_added |= !found.empty();
      if (found.empty()) found.push_back(std::move(frame));
      std::move(found.begin(), found.end(), std::back_inserter(frames));
    }
    stack.frames = std::move(frames);
  }
  for (ReportedLocation& location : completed.locations) {
    const auto answer = answer_to(QuestionOf(location, report));
    if (answer == answers_.end()) continue;
    std::optional<Global> global = ReadGlobal(answer->first, answer->second);
    if (!global) continue;
    location.name = std::move(global->name);
    location.size = global->size;
    has_added = true;
  }
  return has_added ? std::optional<Report>(std::move(completed)) : std::nullopt;
}

std::vector<std::string> ReportCompleter::Notes() const {
  std::vector<std::string> notes;
  for (const auto& [module, program] : programs_) {
    if (!program.note.empty()) notes.push_back(program.note);
  }
  return notes;
}

}  // namespace racelab
