#include <cstddef>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "sanitizers/formats/formats.h"

namespace racelab {
namespace {

// The text of an element. XML 1.0 has no way to write most control characters, so they become '?'.
std::string Xml(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
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

// The text of an attribute: there, a line's end would be read as a blank.
std::string Attribute(std::string_view text) { return absl::StrReplaceAll(Xml(text), {{"\n", "&#10;"}}); }

std::string TestCase(const Finding& finding) {
  const Place* place = finding.places.empty() ? nullptr : &finding.places.front();
  const std::string where = place == nullptr || place->file.empty()
                                ? ""
                                : absl::StrCat(" file=\"", Attribute(place->file), "\" line=\"", place->line, "\"");
  std::string body = absl::StrCat(finding.message, "\n\n");
  for (const Place& party : finding.places) {
    absl::StrAppend(&body, FileAndLine(party), ": ", party.text, party.function.empty() ? "" : ", in ", party.function,
                    "\n");
  }
  absl::StrAppend(&body, "\nUsual cause: ", finding.rule->cause, "\nWhat removes it: ", finding.rule->repair, "\n\n",
                  finding.details);
  return absl::StrCat("    <testcase classname=\"racelab.", finding.rule->id, "\" name=\"",
                      Attribute(absl::StrCat(finding.message, " [", finding.fingerprint, "]")), "\"", where, ">\n",
                      "      <failure type=\"", finding.rule->id, "\" message=\"", Attribute(finding.message), "\">",
                      Xml(body), "</failure>\n    </testcase>\n");
}

}  // namespace

std::string JUnit(const Findings& findings) {
  const size_t count = findings.all.size();
  std::string cases;
  for (const Finding& finding : findings.all) cases += TestCase(finding);
  if (count == 0) cases = "    <testcase classname=\"racelab\" name=\"nothing was found\"/>\n";
  const std::string counts =
      absl::StrCat("tests=\"", count == 0 ? 1 : count, "\" failures=\"", count, "\" errors=\"0\"");
  return absl::StrCat("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites ", counts,
                      ">\n  <testsuite name=\"racelab: ", Attribute(findings.command), "\" ", counts, ">\n", cases,
                      "  </testsuite>\n</testsuites>\n");
}

}  // namespace racelab
