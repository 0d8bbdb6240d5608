#ifndef RACELAB_SANITIZERS_SYMBOLS_SYMBOLISED_REPORT_H_
#define RACELAB_SANITIZERS_SYMBOLS_SYMBOLISED_REPORT_H_

#include <string>
#include <string_view>

namespace racelab {

// The TSAN_OPTIONS' stack_trace_format, quoted, for reports that SymboliseReports() is to complete.
inline constexpr std::string_view kFormatOfPlaces = "\"    #%n <null> <null> (%m+%o) %p\"";

// What a program printed to stderr under ThreadSanitizer with symbolize=0 and kFormatOfPlaces, as it is printed with
// symbolize=1 and "    #%n %f %S %M": with functions, files and lines, and the names of globals. The program itself
// takes longer for that than for its run, and again in each run; here it is done once a program.
//
// Like ThreadSanitizer leaves out what is below main. Differs from it in the summary, which is about the Site() of the
// first stack. Other output, wherever it stands, is kept. What cannot be looked up stays "<null>". Relative names of
// programs are looked for in `directory`.
std::string SymboliseReports(std::string_view text, const std::string& directory);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_SYMBOLS_SYMBOLISED_REPORT_H_
