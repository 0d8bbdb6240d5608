#include "sanitizers/symbols/symbolised_report.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "sanitizers/report/report.h"
#include "sanitizers/symbols/symbolise.h"
#include "sanitizers/symbols/symbolizer.h"

namespace racelab {
namespace {

// Upper bound on a global's distance from its module's start. The heap and the stacks are farther away.
constexpr std::uint64_t kLargestModule = std::uint64_t{1} << 30;

constexpr std::uint64_t kPage = 4096;  // modules begin at a page of this size or of a multiple of it

enum class Kind {
  kOther,
  kHeadline,  // of a report
  kAccess,    // "  Read of size 8 at 0x7b04 by thread T1:"
  kFrame,
  kUnnamedGlobal,  // "  Location is global '<null>' …": some runtimes print it for every location
  kLocation,
  kAfterLocation,  // lines that may follow the accesses and the location: mutexes and threads
  kSummary,
};

// A line of the output, with the places in it to look up.
struct Line {
  Kind kind = Kind::kOther;
  std::string_view text;
  std::string_view before;    // of a frame: the program's own output before it
  int index = 0;              // of a frame
  std::string module;         // of a frame: a path
  std::uint64_t offset = 0;   // of a frame: its offset in the module
  std::uint64_t address = 0;  // of a frame or an access
};

// The hexadecimal number at the beginning of `text`; 0 if there is none.
std::uint64_t Hex(std::string_view text) {
  std::uint64_t number = 0;
  const size_t end = std::min(text.find_first_not_of("0123456789abcdefx"), text.size());
  return absl::SimpleHexAtoi(text.substr(0, end), &number) ? number : 0;
}

// Reads "    #3 <null> <null> (/path/program+0x1234) 0x5566…" into `line`; false if the text has another form.
bool ReadFrame(std::string_view text, Line& line) {
  constexpr std::string_view kMark = "    #";
  constexpr std::string_view kNoSymbol = " <null> <null> (";
  const size_t no_symbol = text.find(kNoSymbol);
  const size_t mark = text.rfind(kMark, no_symbol);
  const size_t close = text.rfind(") 0x");
  const size_t plus = text.rfind("+0x", close);
  if (no_symbol == std::string_view::npos || mark == std::string_view::npos || close == std::string_view::npos ||
      plus == std::string_view::npos || plus <= no_symbol + kNoSymbol.size()) {
    return false;
  }
  const std::string_view digits = text.substr(mark + kMark.size(), no_symbol - mark - kMark.size());
  if (!absl::SimpleAtoi(digits, &line.index)) return false;
  line.before = text.substr(0, mark);
  line.module = text.substr(no_symbol + kNoSymbol.size(), plus - no_symbol - kNoSymbol.size());
  line.offset = Hex(text.substr(plus + 1));
  line.address = Hex(text.substr(close + 2));
  return true;
}

Line ReadLine(std::string_view text) {
  Line line;
  line.text = text;
  const auto has = [text](std::string_view part) { return absl::StrContains(text, part); };
  if (ReadFrame(text, line)) {
    line.kind = Kind::kFrame;
  } else if (has("WARNING: ThreadSanitizer: ") || has("ERROR: ThreadSanitizer: ")) {
    line.kind = Kind::kHeadline;
  } else if (has("SUMMARY: ThreadSanitizer: ")) {
    line.kind = Kind::kSummary;
  } else if (has("  Location is global '<null>'")) {
    line.kind = Kind::kUnnamedGlobal;
  } else if (has("  Location is ")) {
    line.kind = Kind::kLocation;
  } else if (has("  Thread T") || has("  Mutex M")) {
    line.kind = Kind::kAfterLocation;
  } else if (const size_t at = text.find(" at 0x"); at != std::string_view::npos && has(" of size ") && has(" by ")) {
    line.kind = Kind::kAccess;
    line.address = Hex(text.substr(at + 4));
  }
  return line;
}

// "(module+0xoffset)", where the module has no directory.
std::string Place(const std::string& module, std::uint64_t offset) {
  return absl::StrFormat("(%s+0x%x)", module.substr(module.rfind('/') + 1), offset);
}

std::string FileAndLine(const Frame& frame) {
  if (frame.file.empty()) return "<null>";
  return frame.line > 0 ? absl::StrCat(frame.file, ":", frame.line) : frame.file;
}

// Returns the function's name in the program: the runtime's ___interceptor_pthread_create is pthread_create.
std::string WithoutInterceptor(std::string_view function) {
  if (!absl::ConsumePrefix(&function, "___interceptor_")) absl::ConsumePrefix(&function, "__interceptor_");
  return std::string(function);
}

// The answers about the places in some output.
class Symbols {
 public:
  Symbols(std::string_view text, const std::string& directory) {
    std::set<Question> questions;
    std::set<std::uint64_t> accessed;
    for (std::string_view piece : absl::StrSplit(text, '\n')) {
      const Line line = ReadLine(piece);
      if (line.kind == Kind::kAccess) accessed.insert(line.address);
      if (line.kind != Kind::kFrame) continue;
      questions.insert(Code(line));
      bases_[line.module] = (line.address - line.offset) & ~(kPage - 1);  // the address may be a return address
    }
    for (const std::uint64_t address : accessed) {
      for (const auto& [module, base] : bases_) {
        if (address - base < kLargestModule) questions.insert(Data(module, address - base));
      }
    }
    answers_ = AskSymbolizer(questions, directory);
  }

  // The frames for the line of a frame, at least one.
  std::vector<Frame> Frames(const Line& line) const {
    const auto found = answers_.find(Code(line));
    return found == answers_.end() || found->second.empty() ? std::vector<Frame>(1)
                                                            : ReadFrames(found->first, found->second);
  }

  // ThreadSanitizer's description of the global at an address; empty if there is none.
  std::string DescribeGlobal(std::uint64_t address) const {
    for (const auto& [module, base] : bases_) {
      const auto found = answers_.find(Data(module, address - base));
      if (found == answers_.end()) continue;
      if (const std::optional<Global> global = ReadGlobal(found->first, found->second)) {
        return absl::StrFormat("global '%s' of size %d at 0x%012x %s", global->name, global->size, base + global->start,
                               Place(module, global->start));
      }
    }
    return "";
  }

 private:
  static Question Code(const Line& frame) { return {Question::Kind::kCode, frame.module, frame.offset}; }
  static Question Data(const std::string& module, std::uint64_t offset) {
    return {Question::Kind::kData, module, offset};
  }

  std::map<std::string, std::uint64_t> bases_;  // the address of each module
  Answers answers_;
};

class Rewriter {
 public:
  explicit Rewriter(const Symbols& symbols) : symbols_(symbols) {}

  // The text to print in place of `line`: lines, each with `end`, or nothing.
  std::string Rewrite(const Line& line, std::string_view end) {
    std::string result;
    switch (line.kind) {
      case Kind::kFrame:
        return RewriteFrame(line, end);
      case Kind::kUnnamedGlobal:
        return "";
      case Kind::kHeadline:
        stacks_ = 0;
        first_stack_ = {};
        access_ = 0;
        break;
      case Kind::kAccess:
        if (access_ == 0) access_ = line.address;
        break;
      case Kind::kLocation:
        access_ = 0;
        break;
      case Kind::kAfterLocation:
        result = GlobalAccessed(end);
        break;
      case Kind::kSummary:
        return absl::StrCat(GlobalAccessed(end), RewriteSummary(line.text), end);
      case Kind::kOther:
        break;
    }
    return absl::StrCat(result, line.text, end);
  }

 private:
  std::string RewriteFrame(const Line& line, std::string_view end) {
    if (line.index == 0) {
      next_index_ = 0;
      below_main_ = false;
      ++stacks_;
    }
    std::string result(line.before);
    if (below_main_) return result;
    for (Frame frame : symbols_.Frames(line)) {
      frame.function = WithoutInterceptor(frame.function);
      below_main_ = frame.function == "main" || frame.function == "__tsan_thread_start_func";
      if (frame.function == "__tsan_thread_start_func") break;
      absl::StrAppend(&result, "    #", next_index_++, " ", frame.function.empty() ? "<null>" : frame.function, " ",
                      FileAndLine(frame), " ", Place(line.module, line.offset), end);
      if (stacks_ == 1) first_stack_.frames.push_back(std::move(frame));
    }
    return result;
  }

  // Returns the line about the accessed global, if any, once for each report.
  std::string GlobalAccessed(std::string_view end) {
    const std::string global = access_ == 0 ? "" : symbols_.DescribeGlobal(access_);
    access_ = 0;
    return global.empty() ? "" : absl::StrCat("  Location is ", global, end, end);
  }

  std::string RewriteSummary(std::string_view text) const {
    const Frame* site = Site(first_stack_);
    const size_t place = text.rfind(" (/");
    if (site == nullptr || place == std::string_view::npos) return std::string(text);
    return absl::StrCat(text.substr(0, place), " ", FileAndLine(*site), " in ", site->function);
  }

  const Symbols& symbols_;
  int next_index_ = 0;  // inlined functions add frames
  bool below_main_ = false;
  int stacks_ = 0;            // of this report, so far
  Stack first_stack_;         // of this report
  std::uint64_t access_ = 0;  // the accessed address in this report, until its location has been printed
};

}  // namespace

std::string SymboliseReports(std::string_view text, const std::string& directory) {
  if (!absl::StrContains(text, "ThreadSanitizer")) return std::string(text);
  // Reads the text twice instead of storing its lines: there may be megabytes of short ones.
  const Symbols symbols(text, directory);
  Rewriter rewriter(symbols);
  std::string result;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    absl::StrAppend(&result, rewriter.Rewrite(ReadLine(text.substr(0, end)), end < text.size() ? "\n" : ""));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

}  // namespace racelab
