#include "sanitizers/participant/class_table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "sanitizers/participant/csv.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {
namespace {

enum class State { kNotBegun, kBegun, kGaveUp, kSolved };

State StateOf(const LabRecord& record) {
  if (!record.solved.empty()) return State::kSolved;
  if (record.gave_up) return State::kGaveUp;
  return record.started.empty() ? State::kNotBegun : State::kBegun;
}

std::string_view Name(State state) {
  switch (state) {
    case State::kNotBegun:
      return "not begun";
    case State::kBegun:
      return "begun";
    case State::kGaveUp:
      return "gave up";
    case State::kSolved:
      return "solved";
  }
  return "";
}

std::string Mark(State state) {
  switch (state) {
    case State::kNotBegun:
      return Paint(Colour::kDim, DotMark());
    case State::kBegun:
      return Paint(Colour::kYellow, HereMark());
    case State::kGaveUp:
      return Paint(Colour::kRed, CrossMark());
    case State::kSolved:
      return Paint(Colour::kGreen, CheckMark());
  }
  return "";
}

std::string Escaped(std::string_view text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

std::string FirstColumns(std::string_view text, int columns) {
  std::string first;
  for (char c : text) {
    if ((c & 0xC0) != 0x80 && Columns(first) == columns) break;
    first += c;
  }
  return first;
}

}  // namespace

ClassTable::ClassTable(const std::vector<Lab>& labs, std::vector<Record> records) : records_(std::move(records)) {
  for (const Lab& lab : labs) {
    const auto has_begun = [&lab](const Record& record) {
      return StateOf(RecordOf(record, lab.Names())) != State::kNotBegun;
    };
    if (std::any_of(records_.begin(), records_.end(), has_begun)) labs_.push_back(&lab);
  }
}

std::string ClassTable::Text(int columns, bool shows_names) const {
  const auto name = [&](const Lab* lab) -> const std::string& { return shows_names ? lab->name : lab->ShownName(); };
  if (labs_.empty()) return "Nobody has begun a lab yet.\n";
  int widest = 0;
  for (const Lab* lab : labs_) widest = std::max(widest, Columns(name(lab)));
  constexpr int kColumnsOfSums = 26;
  constexpr int kColumnsOfName = 8;
  const int room = columns - widest - 4 - kColumnsOfSums;
  const bool with_names = static_cast<int>(records_.size()) * (kColumnsOfName + 1) <= room;
  std::string text = absl::StrCat("  ", Pad("", widest));
  if (with_names) {
    for (const Record& record : records_)
      absl::StrAppend(&text, " ", Pad(FirstColumns(record.participant, kColumnsOfName), kColumnsOfName));
  }
  text = Paint(Colour::kBold, absl::StrCat(text, "  solved  begun  hints")) + "\n";
  for (const Lab* lab : labs_) {
    int solved = 0, begun = 0, hints = 0;
    absl::StrAppend(&text, "  ", Pad(name(lab), widest));
    for (const Record& record : records_) {
      const LabRecord of = RecordOf(record, lab->Names());
      const State state = StateOf(of);
      solved += state == State::kSolved ? 1 : 0;
      begun += state != State::kNotBegun ? 1 : 0;
      hints += of.hints;
      if (with_names) absl::StrAppend(&text, " ", Mark(state), Pad("", kColumnsOfName - 1));
    }
    absl::StrAppend(&text, "  ", absl::StrCat(absl::Dec(solved, absl::kSpacePad6)),
                    absl::StrCat(absl::Dec(begun, absl::kSpacePad7)), absl::StrCat(absl::Dec(hints, absl::kSpacePad7)),
                    "\n");
  }
  return text;
}

std::string ClassTable::Csv() const {
  std::string text = CsvText({"participant", "track", "lab", "state", "started", "solved", "checks", "hints"});
  for (const Record& record : records_) {
    for (const Lab* lab : labs_) {
      const LabRecord of = RecordOf(record, lab->Names());
      text += CsvText({record.participant, lab->track, lab->name, std::string(Name(StateOf(of))), of.started, of.solved,
                       absl::StrCat(of.checks), absl::StrCat(of.hints)});
    }
  }
  return text;
}

std::string ClassTable::Html() const {
  std::string text =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Race Lab: the class</title>\n<style>\n"
      "body { font-family: sans-serif } td, th { padding: .2em .6em; text-align: left }\n"
      ".solved { background: #cfc } .begun { background: #ffc } .gave-up { background: #fcc }\n"
      "</style>\n<table>\n<tr><th>lab</th>";
  for (const Record& record : records_) absl::StrAppend(&text, "<th>", Escaped(record.participant), "</th>");
  text += "<th>solved</th></tr>\n";
  for (const Lab* lab : labs_) {
    absl::StrAppend(&text, "<tr><td>", Escaped(lab->name), "</td>");
    size_t solved = 0;
    for (const Record& record : records_) {
      const LabRecord of = RecordOf(record, lab->Names());
      const std::string state(Name(StateOf(of)));
      solved += StateOf(of) == State::kSolved ? 1 : 0;
      absl::StrAppend(&text, "<td class=\"", absl::StrReplaceAll(state, {{" ", "-"}}), "\">", state);
      if (of.hints > 0) absl::StrAppend(&text, ", ", of.hints, of.hints == 1 ? " hint" : " hints");
      text += "</td>";
    }
    absl::StrAppend(&text, "<td>", solved, " of ", records_.size(), "</td></tr>\n");
  }
  return text + "</table>\n</html>\n";
}

nlohmann::ordered_json ClassTable::Json() const {
  nlohmann::ordered_json participants = nlohmann::ordered_json::array();
  for (const Record& record : records_) participants.push_back(ToJson(record));
  return {{"participants", participants}};
}

}  // namespace racelab
