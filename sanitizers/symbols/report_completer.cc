#include "sanitizers/symbols/report_completer.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>
#include <set>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "sanitizers/symbols/instrumentation.h"
#include "sanitizers/symbols/symbolise.h"
#include "sanitizers/symbols/symbolizer.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;

bool LacksSymbols(const Frame& frame) {
  return frame.function.empty() && frame.file.empty() && !frame.module.empty() && frame.offset != 0 &&
         !IsOfTheSystem(frame.module);
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

const ReportCompleter::Program& ReportCompleter::ProgramOf(const Frame& frame) {
  const auto [known, is_new] = programs_.try_emplace({frame.module, frame.build_id});
  Program& program = known->second;
  if (!is_new) return program;
  std::vector<Module> modules;
  const fs::path named = frame.module;
  if (std::optional<Module> module = named.has_parent_path() ? ReadModule(named.string()) : std::nullopt)
    modules.push_back(*std::move(module));
  if (modules.empty()) modules = ModulesCalled(named.filename(), root_);
  const bool is_there = !modules.empty();
  if (!frame.build_id.empty())
    std::erase_if(modules, [&](const Module& module) { return module.build_id != frame.build_id; });

  const std::string name = named.filename().string();
  if (modules.empty()) {
    program.note = absl::StrCat("places in ", name, " have no names: ",
                                is_there ? "the program here is not the one that reported"
                                         : absl::StrCat("no program called so is below ", root_),
                                "; run it where ThreadSanitizer finds llvm-symbolizer (`racelab canary` tells)");
  } else if (modules.size() > 1 && frame.build_id.empty()) {
    program.note = absl::StrCat("places in ", name, " have no names: ", modules.size(),
                                " programs are called so; name the folder of the right one by --root");
  } else {
    program.path = fs::absolute(modules.front().path).string();
    if (frame.build_id.empty()) {
      program.note = absl::StrCat("places in ", name, " were looked up in ", modules.front().path,
                                  " as it is now: if it has changed since, they are wrong");
    }
  }
  return program;
}

std::optional<Report> ReportCompleter::Completed(const Report& report) {
  std::set<Question> questions;
  for (const Stack& stack : report.stacks) {
    for (const Frame& frame : stack.frames) {
      if (!LacksSymbols(frame)) continue;
      if (const Program& program = ProgramOf(frame); !program.path.empty())
        questions.insert({Question::Kind::kCode, program.path, frame.offset});
    }
  }
  if (questions.empty()) return std::nullopt;
  const Answers answers = AskSymbolizer(questions, root_);
  bool has_added = false;
  Report completed = report;
  for (Stack& stack : completed.stacks) {
    std::vector<Frame> frames;
    for (Frame& frame : stack.frames) {
      const auto answer = LacksSymbols(frame)
                              ? answers.find({Question::Kind::kCode, ProgramOf(frame).path, frame.offset})
                              : answers.end();
      std::vector<Frame> found;
      if (answer != answers.end()) found = ReadFrames(answer->first, answer->second);
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
