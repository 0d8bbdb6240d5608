#include "sanitizers/participant/csv.h"

#include <csv.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/strip.h"

namespace racelab {
namespace {

// Collects libcsv's callbacks, one field or one end of line at a time.
struct CsvReading {
  std::vector<CsvRow> rows;
  std::vector<std::string> fields;
  int line = 1;

  static void OnField(void* text, size_t size, void* reading) {
    auto& self = *static_cast<CsvReading*>(reading);
    self.fields.emplace_back(static_cast<const char*>(text), size);
    self.line += static_cast<int>(std::count(self.fields.back().begin(), self.fields.back().end(), '\n'));
  }

  static void OnEndOfLine(int end, void* reading) {
    auto& self = *static_cast<CsvReading*>(reading);
    const auto is_empty = [](const std::string& field) { return field.empty(); };
    if (!std::all_of(self.fields.begin(), self.fields.end(), is_empty))
      self.rows.push_back({self.line, std::move(self.fields)});
    self.fields.clear();
    if (end == '\n') ++self.line;
  }
};

}  // namespace

std::vector<CsvRow> ParseCsv(std::string_view text) {
  absl::ConsumePrefix(&text, "\xEF\xBB\xBF");
  const std::string_view first = text.substr(0, text.find('\n'));
  csv_parser parser;
  csv_init(&parser, CSV_REPALL_NL);  // report empty lines, too: otherwise the line numbers would be wrong
  if (std::count(first.begin(), first.end(), ';') > std::count(first.begin(), first.end(), ','))
    csv_set_delim(&parser, ';');
  CsvReading reading;
  csv_parse(&parser, text.data(), text.size(), CsvReading::OnField, CsvReading::OnEndOfLine, &reading);
  csv_fini(&parser, CsvReading::OnField, CsvReading::OnEndOfLine, &reading);
  csv_free(&parser);
  return std::move(reading.rows);
}

std::string CsvText(const std::vector<std::string>& fields) {
  std::string text;
  for (const std::string& field : fields) {
    if (&field != &fields.front()) text += ",";
    if (field.find_first_of(",;\"\r\n") == std::string::npos) {
      text += field;
      continue;
    }
    std::string quoted(2 * field.size() + 2, '\0');
    quoted.resize(csv_write(quoted.data(), quoted.size(), field.data(), field.size()));
    text += quoted;
  }
  return text + "\r\n";
}

}  // namespace racelab
