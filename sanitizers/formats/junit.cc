#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "sanitizers/formats/formats.h"
#include "sanitizers/formats/utf8.h"

namespace racelab {
namespace {

// The text of an element. XML 1.0 has no way to write most control characters, so they become '?'.
std::string Xml(std::string_view text) {
  std::string escaped;
  for (const char c : Utf8(text)) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' ? '?' : c;
    }
  }
  return escaped;
}

// The text of an attribute: a parser would turn a line break there into a blank.
std::string Attribute(std::string_view text) { return absl::StrReplaceAll(Xml(text), {{"\n", "&#10;"}}); }

std::string Body(const Finding& finding) {
  std::string body = absl::StrCat(finding.message, "\n\n");
  for (const Place& party : finding.places) {
    absl::StrAppend(&body, FileAndLine(party), ": ", party.text, party.function.empty() ? "" : ", in ", party.function,
                    "\n");
  }
  for (const std::string& sentence : finding.background) absl::StrAppend(&body, sentence, "\n");
  absl::StrAppend(&body, "\nUsual cause: ", finding.rule->cause, "\nWhat removes it: ", finding.rule->repair, "\n\n",
                  finding.details);
  return body;
}

// A single `failure` element, because many servers show only one.
std::string Failure(const std::vector<const Finding*>& found) {
  const Finding& first = *found.front();
  const std::string more = found.size() == 1 ? "" : absl::StrCat(" (and ", found.size() - 1, " more)");
  std::string text;
  for (const Finding* finding : found) absl::StrAppend(&text, text.empty() ? "" : "\n\n", Body(*finding));
  return absl::StrCat("      <failure type=\"", first.rule->id, "\" message=\"", Attribute(first.message + more), "\">",
                      Xml(text), "</failure>\n");
}

// Writes only what the schema of Jenkins' xUnit plugin (junit-10.xsd) allows: the plugin rejects the whole report if it
// contains anything else, such as a test case's file.
class Suite {
 public:
  void Add(const CheckOutcome& check, const std::vector<const Finding*>& found) {
    const std::string begin =
        absl::StrCat("    <testcase classname=\"", Attribute(check.group), "\" name=\"", Attribute(check.name),
                     "\" time=\"", absl::StrFormat("%.3f", check.seconds), "\"");
    seconds_ += check.seconds;
    if (!found.empty()) {
      ++failures_;
      Close(begin, Failure(found));
    } else if (!check.untold.empty()) {
      ++errors_;
      Close(begin, absl::StrCat("      <error type=\"cannot-tell\" message=\"", Attribute(check.untold), "\"/>\n"));
    } else {
      Close(begin, "");
    }
  }

  size_t tests() const { return tests_; }

  std::string Text(std::string_view name) const {
    const std::string counts = absl::StrCat("tests=\"", tests_, "\" failures=\"", failures_, "\" errors=\"", errors_,
                                            "\" time=\"", absl::StrFormat("%.3f", seconds_), "\"");
    return absl::StrCat("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites ", counts, ">\n  <testsuite name=\"",
                        Attribute(name), "\" skipped=\"0\" ", counts, ">\n", cases_, "  </testsuite>\n</testsuites>\n");
  }

 private:
  void Close(std::string_view begin, std::string_view content) {
    ++tests_;
    if (content.empty()) {
      absl::StrAppend(&cases_, begin, "/>\n");
    } else {
      absl::StrAppend(&cases_, begin, ">\n", content, "    </testcase>\n");
    }
  }

  size_t tests_ = 0, failures_ = 0, errors_ = 0;
  double seconds_ = 0;
  std::string cases_;
};

}  // namespace

std::string JUnit(const Findings& findings) {
  Suite suite;
  std::map<std::string_view, const Finding*> left;  // by fingerprint: findings that belong to no check
  for (const Finding& finding : findings.all) left[finding.fingerprint] = &finding;
  const std::map<std::string_view, const Finding*> by_fingerprint = left;
  for (const CheckOutcome& check : findings.checks) {
    std::vector<const Finding*> found;
    for (const std::string& fingerprint : check.findings) {
      const auto at = by_fingerprint.find(fingerprint);
      if (at == by_fingerprint.end()) continue;  // It is in the baseline.
      found.push_back(at->second);
      left.erase(fingerprint);
    }
    suite.Add(check, found);
  }
  for (const Finding& finding : findings.all) {
    if (!left.contains(finding.fingerprint)) continue;
    suite.Add(CheckOutcome(absl::StrCat("racelab.", finding.rule->id),
                           absl::StrCat(finding.message, " [", finding.fingerprint, "]")),
              {&finding});
  }
  if (suite.tests() == 0 && findings.cannot_tell) {
    CheckOutcome check("racelab", "nobody can tell");
    check.untold = absl::StrJoin(findings.notes, "\n");
    suite.Add(check, {});
  }
  if (suite.tests() == 0) suite.Add(CheckOutcome("racelab", "nothing was found"), {});
  return suite.Text(absl::StrCat("racelab: ", findings.command));
}

}  // namespace racelab
