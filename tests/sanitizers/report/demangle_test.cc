#include "sanitizers/report/demangle.h"

#include "gtest/gtest.h"

namespace racelab {
namespace {

TEST(DemangleWords, ReplacesMangledNamesAndNothingElse) {
  EXPECT_EQ(DemangleWords("T1 has been in _ZN4Bank8TransferEi for seconds"),
            "T1 has been in Bank::Transfer(int) for seconds");
  EXPECT_EQ(DemangleWords("_Z is no name, _Zzz neither"), "_Z is no name, _Zzz neither");
  EXPECT_EQ(DemangleWords("_Z3Addii_ZN4Bank8TransferEi"), "_Z3Addii_ZN4Bank8TransferEi");
  EXPECT_EQ(DemangleWords(""), "");
}

}  // namespace
}  // namespace racelab
