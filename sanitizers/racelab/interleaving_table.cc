#include "sanitizers/racelab/interleaving_table.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/racelab/terminal.h"
#include "sanitizers/report/quantity.h"
#include "sanitizers/symbols/value_format.h"
#include "sanitizers/verdict/telling_steps.h"

namespace racelab {
namespace {

constexpr int kTableWidth = 80;
constexpr int kNumber = 5;         // columns for a row's number
constexpr int kNarrowest = 22;     // of a thread's column; if there is less room, all threads share one column
constexpr size_t kMostRows = 120;  // of a long interleaving, only the end is shown
constexpr size_t kMostSourceLines = 24;

std::string BaseName(std::string_view file) { return std::string(file.substr(file.rfind('/') + 1)); }

// Describes unnamed memory that the step reaches through a well-known class of the C++ library; otherwise empty. The
// class is recognised by the internal libstdc++ classes that implement it.
std::string_view LibrarysWordFor(const Stack& stack) {
  static constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"std::_Sp_counted_base<", "count"},          // of a shared_ptr
      {"std::__atomic_futex_unsigned<", "future"},  // whether it is ready
      {"std::__atomic_semaphore", "semaphore"},
      {"std::__platform_semaphore", "semaphore"},
      {"std::__tree_barrier", "barrier"},
      {"std::latch::", "latch"},
      {"std::stop_token::_Stop_state_t", "stop state"},  // of a jthread
  };
  const Frame* site = Site(stack);
  for (const Frame& frame : stack.frames) {
    if (&frame == site) break;
    for (const auto& [part, word] : kWords) {
      if (absl::StrContains(frame.function, part)) return word;
    }
  }
  return "";
}

// Names for the objects whose variable is unknown, in the order in which the steps use them: M1, M2, ... for locks,
// "future #1", ... for parts of the C++ library, and x1, x2, ... for other memory.
class Objects {
 public:
  explicit Objects(const std::vector<InterleavingStep>& steps) {
    for (const InterleavingStep& step : steps) Add(step);
    for (const InterleavingStep& step : steps) {
      for (const std::string& mutex : step.held) names_.try_emplace(mutex, absl::StrCat("M", ++mutexes_));
    }
  }

  std::string Name(const std::string& object) const {
    const auto found = names_.find(object);
    return found == names_.end() ? "" : found->second;
  }

 private:
  void Add(const InterleavingStep& step) {
    if (!step.name.empty() || step.object.empty() || step.object == "0x0" || names_.contains(step.object)) return;
    const std::string_view word = LibrarysWordFor(step.stack);
    if (absl::StrContains(step.operation, "lock")) {
      names_[step.object] = absl::StrCat("M", ++mutexes_);
    } else if (!word.empty()) {
      names_[step.object] = absl::StrCat(word, " #", ++of_library_[word]);
    } else {
      names_[step.object] = absl::StrCat("x", ++memories_);
    }
  }

  std::map<std::string, std::string> names_;
  std::map<std::string_view, int> of_library_;
  int mutexes_ = 0, memories_ = 0;
};

// The value formatted according to its type; without a type, as a number.
std::string ValueOf(std::uint64_t value, const std::string& text) {
  if (!text.empty()) return text;
  return IsAddress(value) ? "an address" : absl::StrCat(value);
}

class Table {
 public:
  Table(const InterleavingFailure& failure, std::string directory, bool with_source, size_t skipped)
      : failure_(failure), directory_(std::move(directory)), with_source_(with_source), objects_(failure.steps) {
    for (const InterleavingStep& step : failure.steps) {
      const bool is_skipped = skipped > 0;
      if (is_skipped) --skipped;
      if (step.operation == "join" || IsGoogleTestsOwn(step.stack)) continue;  // a join follows from the other steps
      if (is_skipped) {
        ++before_;
        continue;
      }
      rows_.push_back(step);
      if (!failure.steps_are_chosen) rows_.back().rank = rows_.size() - 1;
    }
    all_ = failure.steps_are_chosen ? failure.all_steps : rows_.size();
    for (const WaitingThread& waiting : failure.waiting) {  // the step that each thread could not do
      if (waiting.operation == "join") continue;
      InterleavingStep row;
      row.thread = waiting.thread;
      row.operation = waiting.operation;
      row.object = waiting.object;
      row.name = waiting.name;
      row.expected = waiting.expected;
      row.stack = waiting.stack;
      rows_.push_back(std::move(row));
      ++blocked_;
    }
    for (const InterleavingStep& row : rows_) threads_.insert(row.thread);
  }

  std::string Text(size_t lines) {
    if (rows_.empty()) return "";
    const int width = threads_.empty() ? 0 : (kTableWidth - kNumber) / static_cast<int>(threads_.size());
    column_ = width >= kNarrowest ? width : 0;
    for (size_t row = 0; row < rows_.size() && column_ > 0; ++row) {
      const int needed = std::max(Columns(What(row)), 2 + Columns(Place(rows_[row])));
      if (IsShown(row, lines) && Begin(row) + needed >= kTableWidth) column_ = 0;
    }
    return lines == 0 ? Last() : MostTelling(lines);
  }

 private:
  bool IsShown(size_t row, size_t lines) const {
    return lines > 0 ? IsBlocked(row) || rows_[row].rank < lines : row + kMostRows >= rows_.size();
  }

  // The column at which the row's text begins, after the number.
  int Begin(size_t row) const {
    return kNumber + static_cast<int>(std::distance(threads_.begin(), threads_.find(rows_[row].thread))) * column_;
  }

  std::string What(size_t row) const {
    const InterleavingStep& step = rows_[row];
    const std::string name = step.name.empty() ? objects_.Name(step.object) : step.name;
    return absl::StrCat(IsBlocked(row) ? absl::StrCat(CrossMark(), " ") : "", WhatHappens(step, name));
  }

  std::string Last() {
    std::string text = Heading();
    const size_t first = rows_.size() > kMostRows ? rows_.size() - kMostRows : 0;
    if (first > 0) absl::StrAppend(&text, "     ... ", first, " earlier steps\n");
    for (size_t row = first; row < rows_.size(); ++row) absl::StrAppend(&text, Row(row));
    return absl::StrCat(text, SourceLines());
  }

  // As many rows as fit, the most telling ones first. If the threads' columns are so narrow that most rows need two
  // lines, more rows fit into one shared column.
  std::string MostTelling(size_t lines) {
    size_t ranks = RanksThatFit(lines);
    if (ranks < rows_.size() && column_ > 0) {
      const int columns = std::exchange(column_, 0);
      const size_t shared = RanksThatFit(lines);
      if (2 * shared >= 3 * ranks) {
        ranks = shared;
      } else {
        column_ = columns;
      }
    }
    if (ranks == 0) return "";
    const std::string fitting = RowsOfRanks(ranks);
    const std::string with_source = absl::StrCat(fitting, SourceLines());
    return Lines(with_source) > lines ? fitting : with_source;
  }

  // 0 if not even the most telling row fits.
  size_t RanksThatFit(size_t lines) {
    size_t ranks = 0;
    while (ranks < rows_.size() && Lines(RowsOfRanks(ranks + 1)) <= lines) ++ranks;
    return ranks;
  }

  std::string RowsOfRanks(size_t ranks) {
    places_.clear();
    std::string text = Heading();
    std::uint64_t last = 0;
    for (size_t row = 0; row < rows_.size(); ++row) {
      if (!IsBlocked(row)) {
        if (rows_[row].rank >= ranks && !IsAlone(row, ranks, last)) continue;
        absl::StrAppend(&text, Gap(Number(row) - last - 1));
        last = Number(row);
      } else if (last < all_) {
        absl::StrAppend(&text, Gap(all_ - last));
        last = all_;
      }
      absl::StrAppend(&text, Row(row));
    }
    return absl::StrCat(text, Gap(all_ - last));
  }

  // Whether omitting the row would leave a gap of this row only, between `last` and the next row shown. The gap's line
  // would take as much room as the row itself, so the row can be shown.
  bool IsAlone(size_t row, size_t ranks, std::uint64_t last) {
    const bool next_is_shown = row + 1 < rows_.size() && Number(row + 1) == Number(row) + 1 &&
                               (IsBlocked(row + 1) || rows_[row + 1].rank < ranks);
    return Number(row) == last + 1 && next_is_shown && Lines(Row(row)) == 1;
  }

  static std::string Gap(std::uint64_t steps) {
    if (steps == 0) return "";
    const std::string text = absl::StrCat("   ", Ellipsis(), "  ", Quantity(steps), steps == 1 ? " step" : " steps");
    return absl::StrCat(Paint(Colour::kDim, text), "\n");
  }

  static size_t Lines(const std::string& text) {
    return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
  }

  bool IsBlocked(size_t row) const { return row >= rows_.size() - blocked_; }
  std::uint64_t Number(size_t row) const { return failure_.steps_are_chosen ? rows_[row].number : before_ + row + 1; }

  std::string Heading() const {
    if (column_ == 0) return "";
    std::string text(kNumber, ' ');
    for (int thread : threads_) absl::StrAppend(&text, Pad(absl::StrCat("T", thread), column_));
    return absl::StrCat(Paint(Colour::kBold, absl::StripTrailingAsciiWhitespace(text)), "\n");
  }

  std::string Row(size_t row) {
    constexpr int kThread = 4, kWhat = 40;  // if all threads share one column
    const bool blocked = IsBlocked(row);
    std::string what = What(row), where = Where(rows_[row]);
    std::string text = blocked ? std::string(kNumber, ' ') : absl::StrFormat("%4d ", Number(row));
    int room = column_, begin = Begin(row);
    if (column_ == 0) {
      absl::StrAppend(&text, Pad(absl::StrCat("T", rows_[row].thread), kThread));
      begin = kNumber + kThread;
      room = kTableWidth - begin;
      what = Pad(Cut(what, room), std::min(kWhat, room - 2 - Columns(where)));
    } else {
      text.resize(std::max<size_t>(text.size(), static_cast<size_t>(begin)), ' ');
    }
    absl::StrAppend(&text, blocked && column_ > 0 ? Paint(Colour::kRed, what) : what);
    const bool fits = Columns(what) + 2 + Columns(where) <= room - (column_ == 0 ? 0 : 1);
    if (fits) absl::StrAppend(&text, "  ", Paint(Colour::kDim, where));
    if (!fits && !where.empty())
      absl::StrAppend(&text, "\n", std::string(static_cast<size_t>(begin) + 2, ' '), Paint(Colour::kDim, where));
    return absl::StrCat(absl::StripTrailingAsciiWhitespace(text), "\n");
  }

  // The first `columns` columns of `text`, if it has more.
  static std::string Cut(const std::string& text, int columns) {
    if (Columns(text) <= columns) return text;
    std::string cut;
    for (const char c : text) {
      if ((c & 0xC0) != 0x80 && Columns(cut) + 3 >= columns) break;
      cut += c;
    }
    return absl::StrCat(cut, "...");
  }

  // "bank.h:44"; also records the line for the list below the table.
  std::string Where(const InterleavingStep& step) {
    std::string text = Place(step);
    if (text.empty()) return "";
    const Frame* frame = Site(step.stack);
    const std::pair<std::string, int> place = {frame->file, frame->line};
    if (std::find(places_.begin(), places_.end(), place) == places_.end()) places_.push_back(place);
    return text;
  }

  static std::string Place(const InterleavingStep& step) {
    const Frame* frame = Site(step.stack);
    if (frame == nullptr || frame->file.empty() || frame->line == 0) return "";
    return absl::StrCat(BaseName(frame->file), ":", frame->line);
  }

  std::string SourceLines() {
    if (!with_source_) return "";
    std::sort(places_.begin(), places_.end());
    std::string text;
    size_t shown = 0;
    for (const auto& [file, line] : places_) {
      const std::string source = SourceLine(std::filesystem::path(directory_) / file, line);
      if (source.empty() || ++shown > kMostSourceLines) continue;
      const std::string place = absl::StrCat(BaseName(file), ":", line);
      const std::string row = absl::StrCat("     ", Pad(place, 28), " ", source);
      absl::StrAppend(&text, Paint(Colour::kDim, row.substr(0, kTableWidth)), "\n");
    }
    return text.empty() ? "" : absl::StrCat("\n", text);
  }

  const InterleavingFailure& failure_;
  const std::string directory_;
  const bool with_source_;
  const Objects objects_;
  std::vector<InterleavingStep> rows_;
  size_t before_ = 0;      // the number of rows that were skipped
  size_t blocked_ = 0;     // the last rows: steps that threads could not do
  std::uint64_t all_ = 0;  // the number of rows before these, including the rows that were not kept
  std::set<int> threads_;
  int column_ = 0;  // the width of each thread's column; 0: all threads share one
  std::vector<std::pair<std::string, int>> places_;
};

}  // namespace

std::string WhatHappens(const InterleavingStep& step, const std::string& name) {
  if (step.operation == "note") return step.note;
  if (step.operation == "start") return absl::StrCat(CrossMark(), " here");
  const std::string expected = step.expected.has_value() ? ValueOf(*step.expected, step.expected_text) : std::string();
  if (step.operation == "sleep on" && !expected.empty())
    return absl::StrCat("sleeps while ", name.empty() ? "futex" : name, " = ", expected);
  // An object without a name belongs to a library, and so do its memory orders.
  const bool shows_order = !step.order.empty() && !step.name.empty();
  std::string text = absl::StrCat(shows_order ? step.order : "", shows_order ? " " : "", step.operation);
  if (IsDescriptor(step.object)) text = step.operation == "read" ? "use" : "open or close";
  if (!name.empty()) absl::StrAppend(&text, step.failed ? " of " : " ", name);
  if (step.failed) absl::StrAppend(&text, " fails");
  // If only a part of an object is read or written, the value says nothing.
  if (!step.before.has_value() || (!step.is_whole && step.before_text.empty())) return text;
  const std::string before = ValueOf(*step.before, step.before_text);
  if (step.failed)
    return absl::StrCat(text, ": ", before, expected.empty() ? "" : absl::StrCat(", expected ", expected));
  if (step.operation == "read" || step.operation == "load")
    return absl::StrCat(text, Arrow(), before, step.older ? " (older)" : "");
  const bool stores = step.operation == "write" || step.operation == "store";
  const bool changes = stores || step.operation == "update" || step.operation == "compare-exchange";
  if (!changes) return absl::StrCat(text, ": ", before);
  const std::string after = ValueOf(step.after.value_or(*step.before), step.after_text);
  return stores ? absl::StrCat(text, " = ", after) : absl::StrCat(text, ": ", before, Arrow(), after);
}

std::string InterleavingTable(const InterleavingFailure& failure, const std::string& directory, size_t lines,
                              bool with_source, size_t skipped) {
  return Table(failure, directory, with_source, skipped).Text(lines);
}

}  // namespace racelab
