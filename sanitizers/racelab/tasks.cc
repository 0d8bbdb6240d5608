#include "sanitizers/racelab/tasks.h"

#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace racelab {
namespace {

constexpr std::string_view kFence = "```";
constexpr std::string_view kPrompt = "$ ";

// A part of the text: a fenced block with its language, or the text between two blocks.
struct Part {
  bool fenced = false;
  std::string language;
  std::vector<std::string> lines;  // of a block, without the indentation of its fence
};

std::vector<Part> Parts(std::string_view readme) {
  std::vector<Part> parts(1);
  std::size_t indentation = 0;
  for (std::string_view line : absl::StrSplit(readme, '\n')) {
    std::string_view text = absl::StripLeadingAsciiWhitespace(line);
    if (absl::StartsWith(text, kFence)) {
      Part next;
      next.fenced = !parts.back().fenced;
      if (next.fenced) next.language = std::string(text.substr(kFence.size()));
      indentation = line.size() - text.size();
      parts.push_back(std::move(next));
      continue;
    }
    if (parts.back().fenced) {
      for (std::size_t i = 0; i < indentation; ++i) absl::ConsumePrefix(&line, " ");
    }
    parts.back().lines.emplace_back(line);
  }
  return parts;
}

std::vector<std::string> Words(std::string_view command) {
  std::vector<std::string> words = absl::StrSplit(command, absl::ByAnyChar(" \n"), absl::SkipEmpty());
  for (std::string& word : words) {
    if (word.size() >= 2 && (word.front() == '\'' || word.front() == '"') && word.back() == word.front())
      word = word.substr(1, word.size() - 2);
  }
  return words;
}

bool IsOurs(const std::vector<std::string>& words) { return words.size() > 1 && words.front() == "racelab"; }

// The commands of a console block, each with the lines below it. A backslash at the end continues a line.
std::vector<ShownCommand> InConsole(const Part& block) {
  std::vector<ShownCommand> commands;
  bool goes_on = false;
  for (std::string_view line : block.lines) {
    const bool begins = absl::ConsumePrefix(&line, kPrompt);
    if (begins) commands.emplace_back();
    if (commands.empty()) continue;
    if (!begins && !goes_on) {
      absl::StrAppend(&commands.back().output, line, "\n");
      continue;
    }
    goes_on = absl::ConsumeSuffix(&line, "\\");
    for (std::string& word : Words(line.substr(0, line.find(" #")))) commands.back().words.push_back(std::move(word));
  }
  std::erase_if(commands, [](const ShownCommand& command) { return !IsOurs(command.words); });
  return commands;
}

// The commands between backquotes in running text; they may continue on the next line.
std::vector<ShownCommand> Inline(const Part& text) {
  std::vector<ShownCommand> commands;
  std::string all;
  for (const std::string& line : text.lines) absl::StrAppend(&all, line, "\n");
  const std::vector<std::string> pieces = absl::StrSplit(all, '`');
  for (std::size_t i = 1; i < pieces.size(); i += 2) {
    if (std::vector<std::string> words = Words(pieces[i]); IsOurs(words)) commands.push_back({std::move(words), ""});
  }
  return commands;
}

TaskEdit ReadEdit(const Part& block) {
  TaskEdit edit;
  edit.hunks.emplace_back();
  for (std::string_view line : block.lines) {
    if (absl::ConsumePrefix(&line, "--- ")) {
      edit.file = std::string(line);
    } else if (absl::StartsWith(line, "@@")) {
      edit.hunks.emplace_back();
    } else {
      const char mark = line.empty() ? ' ' : line.front();
      const std::string rest = absl::StrCat(line.empty() ? "" : line.substr(1), "\n");
      if (mark != '+') edit.hunks.back().before += rest;
      if (mark != '-') edit.hunks.back().after += rest;
    }
  }
  return edit;
}

bool Is(const Part& part, std::string_view language) { return part.fenced && part.language == language; }

}  // namespace

std::vector<ShownCommand> CommandsIn(std::string_view readme) {
  std::vector<ShownCommand> commands;
  for (const Part& part : Parts(readme)) {
    std::vector<ShownCommand> more;
    if (Is(part, "console")) more = InConsole(part);
    if (!part.fenced) more = Inline(part);
    commands.insert(commands.end(), more.begin(), more.end());
  }
  return commands;
}

std::vector<TaskEdit> EditsIn(std::string_view readme) {
  std::vector<TaskEdit> edits;
  bool open = false;  // the next console block belongs to the last edit
  for (const Part& part : Parts(readme)) {
    if (Is(part, "diff")) {
      edits.push_back(ReadEdit(part));
      open = true;
    } else if (Is(part, "console") && open) {
      edits.back().shown = InConsole(part);
      open = false;
    }
  }
  return edits;
}

std::vector<ShownCommand> ShownIn(std::string_view readme) {
  std::vector<ShownCommand> shown;
  bool after_edit = false;
  for (const Part& part : Parts(readme)) {
    if (Is(part, "diff")) after_edit = true;
    if (!Is(part, "console")) continue;
    if (!std::exchange(after_edit, false)) {
      const std::vector<ShownCommand> more = InConsole(part);
      shown.insert(shown.end(), more.begin(), more.end());
    }
  }
  return shown;
}

absl::StatusOr<std::string> Apply(const TaskEdit& edit, std::string text) {
  for (const Hunk& hunk : edit.hunks) {
    const std::size_t place = hunk.before.empty() ? std::string::npos : text.find(hunk.before);
    if (place == std::string::npos || text.find(hunk.before, place + 1) != std::string::npos)
      return absl::NotFoundError(absl::StrCat(place == std::string::npos ? "there is no" : "there is more than one",
                                              " '", absl::StripAsciiWhitespace(hunk.before), "' to replace"));
    text.replace(place, hunk.before.size(), hunk.after);
  }
  return text;
}

}  // namespace racelab
