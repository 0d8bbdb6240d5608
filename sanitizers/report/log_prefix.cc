#include "sanitizers/report/log_prefix.h"

#include <cstddef>
#include <string_view>

#include "sanitizers/report/scanner.h"

namespace racelab {
namespace {

constexpr size_t kLongestName = 100;  // of a source

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || Scanner::IsDigit(c) || c == '_' || c == '-' || c == '.' ||
         c == '/' || c == ':' || c == ',' || c == '@';
}

std::string_view TakeName(Scanner& scanner) {
  const std::string_view text = scanner.rest();
  size_t size = 0;
  while (size < text.size() && size < kLongestName && IsNameCharacter(text[size])) ++size;
  scanner.Take(text.substr(0, size));
  return text.substr(0, size);
}

void TakeFraction(Scanner& scanner) {
  int ignored = 0;
  if (!scanner.rest().empty() && (scanner.rest().front() == '.' || scanner.rest().front() == ',')) {
    Scanner fraction(scanner.rest().substr(1));
    if (fraction.TakeNumber(ignored) || fraction.TakeDigits(9)) scanner = fraction;
  }
}

// "12:34:56.789"
bool TakeClock(Scanner& scanner) {
  Scanner ahead = scanner;
  if (!ahead.TakeDigits(2) || !ahead.Take(':') || !ahead.TakeDigits(2) || !ahead.Take(':') || !ahead.TakeDigits(2)) {
    return false;
  }
  TakeFraction(ahead);
  scanner = ahead;
  return true;
}

// "2026-01-02T03:04:05.123Z", "2026-01-02 03:04:05+01:00", or the clock alone.
bool TakeTime(Scanner& scanner) {
  Scanner ahead = scanner;
  if (ahead.TakeDigits(4)) {
    if (!ahead.Take('-') || !ahead.TakeDigits(2) || !ahead.Take('-') || !ahead.TakeDigits(2)) return false;
    if (!ahead.Take('T') && !ahead.Take(' ')) return false;
  }
  if (!TakeClock(ahead)) return false;
  if (!ahead.Take('Z') && (ahead.Take('+') || ahead.Take('-'))) {
    if (!ahead.TakeDigits(2)) return false;
    ahead.Take(':');
    if (!ahead.TakeDigits(2)) return false;
  }
  scanner = ahead;
  return true;
}

// A blank ends a part of the prefix; a log may have lost the blanks at the ends of its lines.
bool TakeBlank(Scanner& scanner) { return scanner.AtEnd() || scanner.Take(' '); }

// "host server[123]: ", behind a time.
bool TakeJournal(Scanner& scanner, std::string_view& source) {
  Scanner ahead = scanner;
  if (TakeName(ahead).empty() || !ahead.Take(' ')) return false;
  const std::string_view begin = ahead.rest();
  if (TakeName(ahead).empty() || !ahead.Take('[')) return false;
  int pid = 0;
  if (!ahead.TakeNumber(pid) || !ahead.Take("]:") || !TakeBlank(ahead)) return false;
  source = begin.substr(0, begin.find(':', static_cast<size_t>(begin.find('['))));
  scanner = ahead;
  return true;
}

// "2026-01-02T03:04:05.123Z ", with what GitLab and journald append to it.
bool TakeTimeOfLine(Scanner& scanner, std::string_view& source) {
  Scanner ahead = scanner;
  const bool in_brackets = ahead.Take('[');
  if (!TakeTime(ahead) || (in_brackets && !ahead.Take(']')) || !TakeBlank(ahead)) return false;
  scanner = ahead;
  if (Scanner stream = scanner; stream.TakeDigits(2) && (stream.Take('O') || stream.Take('E')) &&
                                (stream.AtEnd() || stream.Take(' ') || stream.Take('+'))) {
    scanner = stream;
  }
  TakeJournal(scanner, source);
  return true;
}

// "Jan 02 03:04:05 host server[123]: "
bool TakeJournalLine(Scanner& scanner, std::string_view& source) {
  Scanner ahead = scanner;
  if (TakeName(ahead).size() != 3 || !ahead.Take(' ')) return false;
  if (ahead.Take(' ') ? !ahead.TakeDigits(1) : !ahead.TakeDigits(2)) return false;
  if (!ahead.Take(' ') || !TakeClock(ahead) || !ahead.Take(' ') || !TakeJournal(ahead, source)) return false;
  scanner = ahead;
  return true;
}

// "12: ", "web-1  | ", "[1,0]<stderr>:", "[pod/web/main] "
bool TakeSource(Scanner& scanner, std::string_view& source) {
  Scanner ahead = scanner;
  std::string_view name;
  if (ahead.Take('[')) {
    name = TakeName(ahead);
    if (!ahead.Take(']')) return false;
    if (!ahead.Take("<stderr>:") && !ahead.Take("<stdout>:") && !TakeBlank(ahead)) return false;
  } else if (name = TakeName(ahead); name.ends_with(':')) {
    name.remove_suffix(1);
    if (name.find_first_not_of("0123456789") != std::string_view::npos || !TakeBlank(ahead)) return false;
  } else {
    while (ahead.Take(' ')) {
    }
    if (!ahead.Take('|') || !TakeBlank(ahead)) return false;
  }
  if (name.empty()) return false;
  source = name;
  scanner = ahead;
  return true;
}

// "<job>\t<step>\t", if a time follows.
bool TakeJobAndStep(Scanner& scanner, std::string_view& source) {
  const std::string_view text = scanner.rest().substr(0, 2 * kLongestName);
  const size_t job = text.find('\t');
  const size_t step = job == std::string_view::npos ? job : text.find('\t', job + 1);
  if (step == std::string_view::npos) return false;
  Scanner ahead(scanner.rest().substr(step + 1));
  ahead.Take("\xEF\xBB\xBF");
  Scanner time = ahead;
  if (!TakeTime(time)) return false;
  source = text.substr(0, job);
  scanner = ahead;
  return true;
}

}  // namespace

LogLine SplitLogLine(std::string_view line) {
  LogLine result{line, ""};
  if (line.empty() || line.front() == ' ') return result;
  Scanner scanner(line);
  scanner.Take("\xEF\xBB\xBF");  // a byte-order mark at the beginning of the log
  // A prefix in front of a prefix: the CI service's, then the test runner's.
  for (int parts = 0; parts < 4 && !scanner.AtEnd() && scanner.rest().front() != ' '; ++parts) {
    std::string_view source;
    if (!TakeJobAndStep(scanner, source) && !TakeTimeOfLine(scanner, source) && !TakeJournalLine(scanner, source) &&
        !TakeSource(scanner, source)) {
      break;
    }
    if (!source.empty()) result.source = source;
  }
  result.text = scanner.rest();
  return result;
}

}  // namespace racelab
