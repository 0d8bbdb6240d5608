// Compilers' messages, as participants see them.

#include "sanitizers/participant/compile_errors.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace racelab {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kOutput[] = R"(workspace/x/y.h:23:21: error: 'this' argument to member function 'lock' is not const
/usr/include/c++/12/bits/std_mutex.h:229:9: error: 'this' argument to member function 'lock' is not const
  229 |       { _M_device.lock(); }
      |         ^~~~~~~~~
workspace/x/y.h:23:21: note: in instantiation of member function requested here
   23 |     std::lock_guard lock(mutex_);
      |                     ^
/usr/include/c++/12/bits/std_mutex.h:98:5: note: 'lock' declared here
   98 |     lock()
workspace/x/y.h:30:3: error: unknown type name 'Unknown'
   30 |   Unknown unknown_;
      |   ^
2 errors generated.
)";

TEST(CompileErrors, AreAboutLinesOfTheProjectsOwn) {
  const std::vector<CompileError> errors = CompileErrors(kOutput);
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors[0].line, 23);
  EXPECT_THAT(errors[0].source.at(0), HasSubstr("lock_guard"));
  EXPECT_EQ(errors[1].line, 30);
  const std::string text = CompileErrorsText(kOutput, 20, 80);
  EXPECT_THAT(text, HasSubstr("is not\n    const"));
  EXPECT_THAT(text, Not(HasSubstr("std_mutex")));
}

TEST(CompileErrors, AreCountedWhereTheyDoNotFit) {
  EXPECT_THAT(CompileErrorsText(kOutput, 6, 80), HasSubstr("and 1 more error\n"));
}

TEST(CompileErrors, OfTheLinkerAreItsWords) {
  EXPECT_THAT(CompileErrorsText("ld: undefined reference to `Elsewhere()'\n", 5, 80), HasSubstr("Elsewhere"));
}

}  // namespace
}  // namespace racelab
