#include "sanitizers/report/report_reader.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "sanitizers/report/escape_sequences.h"
#include "sanitizers/report/log_prefix.h"

namespace racelab {
namespace {

constexpr std::string_view kWord = "ThreadSanitizer";

// Only the end of a longer line is read.
constexpr size_t kLongestLine = size_t{1} << 20;

constexpr size_t kMostSources = 64;

// Whether ThreadSanitizer, not the program, wrote the first word of `text`, which contains its name.
bool BeginsWithToolsWords(std::string_view text) {
  return absl::StartsWith(text, "WARNING: ThreadSanitizer") || absl::StartsWith(text, "ThreadSanitizer") ||
         absl::StartsWith(text, "FATAL: ") || absl::StartsWith(text, "==");
}

// memmem() is several times as fast as string_view::find().
size_t FindWord(std::string_view text) {
  const void* at = memmem(text.data(), text.size(), kWord.data(), kWord.size());
  return at == nullptr ? std::string_view::npos : static_cast<size_t>(static_cast<const char*>(at) - text.data());
}

size_t CountLines(std::string_view text) { return static_cast<size_t>(std::count(text.begin(), text.end(), '\n')); }

}  // namespace

void ReportReader::Feed(std::string_view piece) {
  if (!partial_.empty()) {
    const size_t end = piece.find('\n');
    partial_.append(piece.substr(0, end));
    if (partial_.size() > kLongestLine) partial_.erase(0, partial_.size() - kLongestLine / 2);
    if (end == std::string_view::npos) return;
    ReadLine(WithoutEscapeSequences(partial_, without_escapes_));
    partial_.clear();
    piece.remove_prefix(end + 1);
  }
  const size_t last = piece.rfind('\n');
  const size_t lines_end = last == std::string_view::npos ? 0 : last + 1;
  ReadLines(WithoutEscapeSequences(piece.substr(0, lines_end), without_escapes_));
  piece.remove_prefix(lines_end);
  partial_.assign(piece.substr(piece.size() - std::min(piece.size(), kLongestLine)));
}

void ReportReader::ReadLines(std::string_view text) {
  while (!text.empty()) {
    if (sources_.empty()) {  // only a line with the tool's name matters
      const size_t at = FindWord(text);
      const std::string_view before = text.substr(0, at == std::string_view::npos ? text.size() : at);
      const size_t begin = at == std::string_view::npos ? text.size() : before.rfind('\n') + 1;
      line_ += CountLines(text.substr(0, begin));
      text.remove_prefix(begin);
      if (text.empty()) return;
    }
    const size_t end = text.find('\n');
    ReadLine(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
}

void ReportReader::ReadLine(std::string_view line) {
  ++line_;
  while (absl::ConsumeSuffix(&line, "\r")) {
  }
  LogLine split = SplitLogLine(line);
  Source* source = FindActive(split.source);
  const bool has_word = absl::StrContains(line, kWord);
  if (source == nullptr && has_word) {
    // Text in front of ThreadSanitizer's words may look like a log's prefix, but be the program's output.
    const std::string_view words = absl::StripLeadingAsciiWhitespace(split.text);
    const bool is_prefix = BeginsWithToolsWords(words);
    if (!is_prefix) split = {line, ""};
    source = &SourceOf(split.source);
    source->indentation = is_prefix ? split.text.size() - words.size() : 0;
  } else if (source == nullptr) {
    source = FindActive("");
    if (source != nullptr) {
      split.text = line;
    } else if (split.source.empty() && sources_.size() == 1 && sources_[0].stream.expects_first_line()) {
      source = &sources_[0];  // the text before the headline was no prefix, because the next line lacks it
      source->name.clear();
      source->indentation = 0;
    } else {
      return;
    }
  }
  for (size_t i = 0; i < source->indentation && absl::ConsumePrefix(&split.text, " "); ++i) {
  }
  source->stream.AddLine(split.text, line_, has_word, EmitOf(*source));
  if (!source->stream.active()) sources_.erase(sources_.begin() + (source - sources_.data()));
}

ReportStream::Emit ReportReader::EmitOf(const Source& source) {
  return [this, &source](ReportEvent event) {
    if (Report* report = std::get_if<Report>(&event)) report->source = source.name;
    on_event_(std::move(event));
  };
}

ReportReader::Source* ReportReader::FindActive(std::string_view name) {
  const auto found = std::find_if(sources_.begin(), sources_.end(), [&](const Source& s) { return s.name == name; });
  return found == sources_.end() ? nullptr : &*found;
}

ReportReader::Source& ReportReader::SourceOf(std::string_view name) {
  if (Source* active = FindActive(name)) return *active;
  if (sources_.size() >= kMostSources) {
    sources_.front().stream.Finish(EmitOf(sources_.front()));
    sources_.erase(sources_.begin());
  }
  return sources_.emplace_back(Source{std::string(name), 0, ReportStream(repeats_.emit ? &repeats_ : nullptr)});
}

void ReportReader::Finish() {
  for (Source& source : sources_) source.stream.Finish(EmitOf(source));
  sources_.clear();
  partial_.clear();
}

}  // namespace racelab
