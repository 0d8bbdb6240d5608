#ifndef RACELAB_SANITIZERS_INTERLEAVE_FATAL_H_
#define RACELAB_SANITIZERS_INTERLEAVE_FATAL_H_

namespace racelab::interleave {

// Ends the process with exit code 70 (EX_SOFTWARE), after one line to standard error; the last line of the report says
// the same. For errors that invalidate all further results; an error in the program under test is a Failure instead.
[[noreturn, gnu::format(printf, 1, 2)]] void Fatal(const char* format, ...);

// Like Fatal(), with exit code 64 (EX_USAGE): the user requested something that does not exist.
[[noreturn, gnu::format(printf, 1, 2)]] void Misuse(const char* format, ...);

// Like Fatal(), with exit code 71: the tests hang, outside of the explored scenarios.
[[noreturn, gnu::format(printf, 1, 2)]] void TestsHung(const char* format, ...);

// One line to standard error, even while the program's own output is held back.
[[gnu::format(printf, 1, 2)]] void Say(const char* format, ...);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_FATAL_H_
