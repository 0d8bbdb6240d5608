// Which of a compiler's messages a participant reads first.

#include <string>

#include "gtest/gtest.h"
#include "sanitizers/racelab/build.h"

namespace racelab {
namespace {

TEST(FirstErrors, BeginsWithTheError) {
  EXPECT_EQ(FirstErrors("[1/2] Building\nworkspace/a.h:3:5: error: unknown type name 'mutex'\n    3 | mutex m;\n", 1),
            "workspace/a.h:3:5: error: unknown type name 'mutex'\n(1 more lines)");
}

TEST(FirstErrors, NamesTheLineThatLedIntoALibrary) {
  const std::string clang =
      "/usr/include/c++/12/bits/stl_vector.h:90:9: error: call to deleted constructor of 'Bid'\n"
      "/usr/include/c++/12/bits/stl_vector.h:70:2: note: in instantiation of member function requested here\n"
      "workspace/book.h:12:7: note: in instantiation of member function requested here\n";
  EXPECT_EQ(FirstErrors(clang, 1), "workspace/book.h:12:7: error: call to deleted constructor of 'Bid'");
  EXPECT_TRUE(
      FirstErrors(clang, 2).starts_with("workspace/book.h:12:7: error: call to deleted constructor of "
                                        "'Bid'\n/usr/include/c++/12/bits/stl_vector.h:90:9: "))
      << FirstErrors(clang, 2);
  const std::string gcc =
      "/usr/include/c++/12/bits/stl_vector.h: In instantiation of 'void push_back()':\n"
      "tests/book_test.cc:8:3:   required from here\n"
      "/usr/include/c++/12/bits/stl_vector.h:90:9: error: use of deleted function 'Bid::Bid(const Bid&)'\n";
  EXPECT_EQ(FirstErrors(gcc, 1), "tests/book_test.cc:8:3: error: use of deleted function 'Bid::Bid(const Bid&)'");
}

TEST(FirstErrors, AFileMayBeCalledError) {
  EXPECT_EQ(FirstErrors("In file included from /usr/include/c++/12/system_error:41:\na.h:1:1: error: no type\n", 1),
            "a.h:1:1: error: no type");
}

TEST(FirstErrors, NothingIsNoError) { EXPECT_EQ(FirstErrors("", 3), ""); }

}  // namespace
}  // namespace racelab
