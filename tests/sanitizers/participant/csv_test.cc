// Comma-separated values, as people and spreadsheets write them.

#include "sanitizers/participant/csv.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace racelab {
namespace {

using testing::ElementsAre;

TEST(Csv, ReadsFieldsAndTheLinesOnWhichTheyStand) {
  const std::vector<CsvRow> rows = ParseCsv("a,b\r\n\r\n1, two \n\n\"x,\"\"y\"\"\nz\",3");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_THAT(rows[0].fields, ElementsAre("a", "b"));
  EXPECT_EQ(rows[0].line, 1);
  EXPECT_THAT(rows[1].fields, ElementsAre("1", "two"));
  EXPECT_EQ(rows[1].line, 3);
  EXPECT_THAT(rows[2].fields, ElementsAre("x,\"y\"\nz", "3"));
  EXPECT_EQ(rows[2].line, 6);
}

TEST(Csv, ReadsWhatSpreadsheetsWrite) {
  const std::vector<CsvRow> rows = ParseCsv(
      "\xEF\xBB\xBF"
      "a;b;c\r\n1,5;2;3\r\n");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_THAT(rows[0].fields, ElementsAre("a", "b", "c"));
  EXPECT_THAT(rows[1].fields, ElementsAre("1,5", "2", "3"));
}

TEST(Csv, SkipsRowsWithoutAnything) {
  EXPECT_TRUE(ParseCsv("").empty());
  EXPECT_TRUE(ParseCsv("\n\n,,\n,, \n").empty());
}

// What is read of a field: blanks around a field that is not quoted are not part of it.
std::string AsRead(const std::string& field) {
  if (field.find_first_of(",;\"\r\n") != std::string::npos) return field;
  const size_t first = field.find_first_not_of(' '), last = field.find_last_not_of(' ');
  return first == std::string::npos ? "" : field.substr(first, last - first + 1);
}

RC_GTEST_PROP(CsvProperty, WhatIsWrittenIsRead, ()) {
  const auto field = rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab ,;\"\n\xC3\xA4")));
  const auto written = *rc::gen::container<std::vector<std::vector<std::string>>>(
      rc::gen::container<std::vector<std::string>>(3, field));
  std::string text = CsvText({"one", "two", "three"});
  std::vector<std::vector<std::string>> expected;
  for (const std::vector<std::string>& row : written) {
    text += CsvText(row);
    std::vector<std::string> read;
    for (const std::string& one : row) read.push_back(AsRead(one));
    if (read != std::vector<std::string>(3)) expected.push_back(read);
  }
  std::vector<CsvRow> rows = ParseCsv(text);
  RC_ASSERT(rows.size() == expected.size() + 1);
  for (size_t i = 0; i < expected.size(); ++i) RC_ASSERT(rows[i + 1].fields == expected[i]);
}

}  // namespace
}  // namespace racelab
