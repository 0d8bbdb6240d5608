#include "sanitizers/racelab/interleaving_table.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {
namespace {

constexpr int kWidth = 80;
constexpr int kNumber = 5;         // Columns for a row's number.
constexpr int kNarrowest = 22;     // A thread's column; with less, all threads share one.
constexpr size_t kMostRows = 120;  // Of a long interleaving, the end.
constexpr size_t kMostSourceLines = 24;

std::string BaseName(std::string_view file) { return std::string(file.substr(file.rfind('/') + 1)); }

// What objects are called whose variable is not known: locks are M1, M2, ...; memory is x1, x2, ...; in the order in
// which the steps come to them.
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
    const bool lock = absl::StrContains(step.operation, "lock");
    names_[step.object] = lock ? absl::StrCat("M", ++mutexes_) : absl::StrCat("x", ++memories_);
  }

  std::map<std::string, std::string> names_;
  int mutexes_ = 0, memories_ = 0;
};

bool Changes(const InterleavingStep& step) {
  return step.operation == "write" || step.operation == "store" || step.operation == "update" ||
         step.operation == "compare-exchange";
}

bool Reads(const InterleavingStep& step) { return step.operation == "read" || step.operation == "load"; }

// "read ready_ → false", "write total_ = 1", "update hits_: 0 → 1", "lock mutex_"
std::string What(const InterleavingStep& step, const Objects& objects) {
  if (step.operation == "note") return step.note;
  if (step.operation == "start") return absl::StrCat(CrossMark(), " here");
  std::string text = step.operation;
  if (const std::string name = step.name.empty() ? objects.Name(step.object) : step.name; !name.empty())
    absl::StrAppend(&text, " ", name);
  // Of an object of which only a part is read or written, the value says nothing.
  if (!step.before.has_value() || (!step.is_whole && step.before_text.empty())) return text;
  // Without its type, a value is the bits that it is.
  const std::string before = step.before_text.empty() ? absl::StrCat(*step.before) : step.before_text;
  if (Reads(step)) return absl::StrCat(text, Arrow(), before);
  if (!Changes(step)) return absl::StrCat(text, ": ", before);
  const std::string after = step.before_text.empty() ? absl::StrCat(*step.after) : step.after_text;
  if (step.operation == "write" || step.operation == "store") return absl::StrCat(text, " = ", after);
  return absl::StrCat(text, ": ", before, Arrow(), after);
}

// What GoogleTest does to say that an expectation failed is not part of what went wrong.
bool IsGoogleTestsOwn(const InterleavingStep& step) {
  const Frame* site = Site(step.stack);
  for (const Frame& frame : step.stack.frames) {
    if (&frame == site) return false;
    if (absl::StartsWith(frame.function, "testing::")) return true;
  }
  return false;
}

class Table {
 public:
  Table(const InterleavingFailure& failure, std::string directory)
      : failure_(failure), directory_(std::move(directory)), objects_(failure.steps) {
    for (const InterleavingStep& step : failure.steps) {
      if (step.operation == "join" || IsGoogleTestsOwn(step)) continue;  // A join follows of itself.
      rows_.push_back(step);
    }
    for (const WaitingThread& waiting : failure.waiting) {  // What each could not do any more.
      if (waiting.operation == "join") continue;
      InterleavingStep row;
      row.thread = waiting.thread;
      row.operation = waiting.operation;
      row.object = waiting.object;
      row.name = waiting.name;
      row.stack = waiting.stack;
      rows_.push_back(std::move(row));
    }
    for (const InterleavingStep& row : rows_) threads_.insert(row.thread);
  }

  std::string Text() {
    if (rows_.empty()) return "";
    const int width = threads_.empty() ? 0 : (kWidth - kNumber) / static_cast<int>(threads_.size());
    column_ = width >= kNarrowest ? width : 0;
    std::string text = Heading();
    const size_t rows = rows_.size();
    const size_t first = rows > kMostRows ? rows - kMostRows : 0;
    if (first > 0) absl::StrAppend(&text, "     ... ", first, " earlier steps\n");
    for (size_t row = first; row < rows; ++row) absl::StrAppend(&text, Row(row));
    return absl::StrCat(text, SourceLines());
  }

 private:
  std::string Heading() const {
    if (column_ == 0) return "";
    std::string text(kNumber, ' ');
    for (int thread : threads_) absl::StrAppend(&text, Pad(absl::StrCat("T", thread), column_));
    return absl::StrCat(Paint(Colour::kBold, absl::StripTrailingAsciiWhitespace(text)), "\n");
  }

  std::string Row(size_t number) {
    const InterleavingStep& step = rows_[number];
    const size_t waiting =
        static_cast<size_t>(std::count_if(failure_.waiting.begin(), failure_.waiting.end(),
                                          [](const WaitingThread& w) { return w.operation != "join"; }));
    const bool blocked = number >= rows_.size() - waiting;
    const std::string what = blocked ? absl::StrCat(CrossMark(), " ", What(step, objects_)) : What(step, objects_);
    const std::string where = Where(step);
    std::string text = blocked ? std::string(kNumber, ' ') : absl::StrFormat("%4d ", number + 1);
    if (column_ == 0) {
      absl::StrAppend(&text, Pad(absl::StrCat("T", step.thread), 4), Pad(what, 40), Paint(Colour::kDim, where));
    } else {
      const auto place = std::distance(threads_.begin(), threads_.find(step.thread));
      absl::StrAppend(&text, std::string(static_cast<size_t>(place * column_), ' '));
      const bool fits = Columns(what) + 2 + Columns(where) < column_;
      absl::StrAppend(&text, blocked ? Paint(Colour::kRed, what) : what);
      if (fits) absl::StrAppend(&text, "  ", Paint(Colour::kDim, where));
      if (!fits && !where.empty()) {
        absl::StrAppend(&text, "\n", std::string(kNumber + place * column_ + 2, ' '), Paint(Colour::kDim, where));
      }
    }
    return absl::StrCat(absl::StripTrailingAsciiWhitespace(text), "\n");
  }

  // "bank.h:44", and notes the line for the list below the table.
  std::string Where(const InterleavingStep& step) {
    const Frame* frame = Site(step.stack);
    if (frame == nullptr || frame->file.empty() || frame->line == 0) return "";
    const std::pair<std::string, int> place = {frame->file, frame->line};
    if (std::find(places_.begin(), places_.end(), place) == places_.end()) places_.push_back(place);
    return absl::StrCat(BaseName(frame->file), ":", frame->line);
  }

  std::string SourceLines() {
    std::sort(places_.begin(), places_.end());
    std::string text;
    size_t shown = 0;
    for (const auto& [file, line] : places_) {
      const std::string source = SourceLine(file, line);
      if (source.empty() || ++shown > kMostSourceLines) continue;
      const std::string place = absl::StrCat(BaseName(file), ":", line);
      const std::string row = absl::StrCat("     ", Pad(place, 28), " ", source);
      absl::StrAppend(&text, Paint(Colour::kDim, row.substr(0, kWidth)), "\n");
    }
    return text.empty() ? "" : absl::StrCat("\n", text);
  }

  std::string SourceLine(const std::string& file, int line) const {
    std::ifstream source(file.front() == '/' ? file : absl::StrCat(directory_, "/", file));
    std::string text;
    for (int i = 0; i < line; ++i) {
      if (!std::getline(source, text)) return "";
    }
    return std::string(absl::StripAsciiWhitespace(text));
  }

  const InterleavingFailure& failure_;
  const std::string directory_;
  const Objects objects_;
  std::vector<InterleavingStep> rows_;
  std::set<int> threads_;
  int column_ = 0;  // Columns of each thread; 0: all share one.
  std::vector<std::pair<std::string, int>> places_;
};

}  // namespace

std::string InterleavingTable(const InterleavingFailure& failure, const std::string& directory) {
  return Table(failure, directory).Text();
}

}  // namespace racelab
