#ifndef RACELAB_SANITIZERS_SYMBOLS_SYMBOLISED_REPORT_H_
#define RACELAB_SANITIZERS_SYMBOLS_SYMBOLISED_REPORT_H_

#include <string>
#include <string_view>

namespace racelab {

// The value of the option stack_trace_format in TSAN_OPTIONS, quoted, for reports that SymboliseReports() completes.
inline constexpr std::string_view kFormatOfPlaces = "\"    #%n <null> <null> (%m+%o) %p\"";

// Turns a program's stderr output under ThreadSanitizer with symbolize=0 and kFormatOfPlaces into the output with
// symbolize=1 and " #%n %f %S %M": adds functions, files and lines, and the names of globals. The program itself would
// spend more time on this than on its run, in every run; this function looks up each program only once.
//
// Like ThreadSanitizer, leaves out the frames below main. Unlike ThreadSanitizer, summarises the Site() of the first
// stack. Keeps all other output, wherever it stands. Names that cannot be looked up stay "<null>". Relative names of
// programs are looked up in `directory`.
std::string SymboliseReports(std::string_view text, const std::string& directory);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_SYMBOLS_SYMBOLISED_REPORT_H_
