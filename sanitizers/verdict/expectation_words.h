#ifndef RACELAB_SANITIZERS_VERDICT_EXPECTATION_WORDS_H_
#define RACELAB_SANITIZERS_VERDICT_EXPECTATION_WORDS_H_

#include <string>
#include <string_view>

namespace racelab {

// GoogleTest's message in one line of words: "x_test.cc:12: account.Balance() is -10, not 0" for
//
//   /src/x_test.cc:12: Expected equality of these values:
//     account.Balance()
//       Which is: -10
//     0
std::string ExpectationInWords(std::string_view message);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_EXPECTATION_WORDS_H_
