// racelab suppressions FILE --log LOG…: shows which entries of a suppression file matched nothing, which are too broad,
// and what each hides. Exits with 1 if an entry is unused or too broad.

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "sanitizers/findings/from_report.h"
#include "sanitizers/gate/commands.h"
#include "sanitizers/gate/suppression_file.h"
#include "sanitizers/gate/telltales.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/terminal.h"
#include "sanitizers/report/report.h"

namespace racelab {
namespace {

void Judge(const std::string& path, const std::vector<std::string>& logs) {
  const std::vector<Suppression> suppressions = ParseSuppressions(Require(ReadFile(path)));
  std::vector<ParsedReports> parsed;
  bool tells = false;  // a log without matched suppressions and reports tells nothing
  for (const std::string& log : logs) {
    const std::string text = Require(ReadFile(log));
    if (const std::string_view why = WhyNotText(text); !why.empty()) {
      ReportError(absl::InvalidArgumentError(absl::StrCat("cannot read ", log, ": ", why)));
      Exit(kMisuse);
    }
    parsed.push_back(ParseThreadSanitizer(text));
    tells = tells || !parsed.back().suppressions.empty() || !parsed.back().reports.empty();
  }
  const int columns = SizeOfScreen().columns;
  size_t questionable = 0;
  for (const Suppression& suppression : suppressions) {
    const std::string entry = suppression.problem.empty() || !suppression.pattern.empty()
                                  ? absl::StrCat(suppression.type, ":", suppression.pattern)
                                  : suppression.type;
    std::uint64_t hits = 0;
    std::vector<std::string> hidden;
    for (const ParsedReports& log : parsed) {
      for (const MatchedSuppression& matched : log.suppressions)
        if (matched.pattern == entry) hits += matched.hits;
      for (const Report& report : log.reports)
        if (Hides(suppression, report)) hidden.push_back(FindingOf(report, /*root=*/"").message);
    }
    std::vector<std::string> news;
    if (!suppression.problem.empty()) {
      news.push_back(suppression.problem);
    } else {
      if (const std::string why = WhyTooBroad(suppression); !why.empty()) news.push_back("too broad: " + why);
      if (!logs.empty() && hits == 0 && hidden.empty()) news.push_back("it matched nothing in these logs");
    }
    if (!news.empty()) ++questionable;
    std::printf("%s %s:%d: %s\n",
                Paint(news.empty() ? Colour::kGreen : Colour::kRed, news.empty() ? CheckMark() : CrossMark()).c_str(),
                path.c_str(), suppression.line, entry.c_str());
    const auto line = [&](const std::string& text) { std::printf("    %s\n", Wrap(text, columns, 6, 4).c_str()); };
    for (const std::string& text : news) line(text);
    if (hits > 0) line(absl::StrCat("hid ", hits, hits == 1 ? " report" : " reports"));
    for (const std::string& text : hidden) line(absl::StrCat("would hide: ", text));
  }
  if (!logs.empty() && !tells) {
    std::fputs(Wrap("note: these logs have neither reports nor suppressions that matched; run the program with "
                    "TSAN_OPTIONS=print_suppressions=1, or without suppressions",
                    columns, 6)
                   .append("\n")
                   .c_str(),
               stdout);
  }
  std::printf("%zu suppression%s, %zu to look at\n", suppressions.size(), suppressions.size() == 1 ? "" : "s",
              questionable);
  if (questionable > 0) Exit(kWrong);
}

}  // namespace

void AddSuppressions(CLI::App& racelab) {
  struct Options {
    std::string file;
    std::vector<std::string> logs;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = racelab.add_subcommand("suppressions", "Find suppressions that hide nothing, or too much");
  command->add_option("FILE", options->file, "The file that TSAN_OPTIONS=suppressions=FILE names")->required();
  command->add_option("--log", options->logs,
                      "Logs of runs: with print_suppressions=1, or without suppressions to see what would be hidden");
  command->callback([options] { Judge(options->file, options->logs); });
}

}  // namespace racelab
