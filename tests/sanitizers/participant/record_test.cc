// The record of what a participant has done: whole at every moment, whoever writes it.

#include "sanitizers/racelab/record.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::SizeIs;

class RecordTest : public testing::Test {
 protected:
  RecordTest() { fs::create_directories(project_.Workspace()); }
  ~RecordTest() override { fs::remove_all(project_.root); }

  void Write(std::string_view text) const { std::ofstream(RecordFile(project_)) << text; }
  Record Load() const { return LoadRecord(project_).value(); }

  const Project project_{.root = fs::temp_directory_path() / ("racelab_record_" + std::to_string(getpid()))};
};

TEST_F(RecordTest, IsEmptyWithoutAFile) {
  EXPECT_THAT(Load().labs, SizeIs(0));
  EXPECT_EQ(Load().current, "");
}

TEST_F(RecordTest, RemembersWhatWasNoted) {
  ASSERT_TRUE(UpdateRecord(project_, {"aba"}, [](LabRecord& lab) { lab.started = "2026-01-01T00:00:00Z"; }).ok());
  ASSERT_TRUE(UpdateRecord(project_, {"lock_order"}, [](LabRecord& lab) { ++lab.hints; }).ok());
  EXPECT_EQ(Load().labs.at("aba").started, "2026-01-01T00:00:00Z");
  EXPECT_EQ(Load().labs.at("lock_order").hints, 1);
  EXPECT_EQ(Load().current, "lock_order");
}

TEST_F(RecordTest, KeepsLabsThatItDoesNotKnow) {
  Write(R"({"version": 1, "labs": {"from_the_future": {"solved": "2026-01-01T00:00:00Z", "checks": 4}}})");
  ASSERT_TRUE(UpdateRecord(project_, {"aba"}, [](LabRecord&) {}).ok());
  EXPECT_EQ(Load().labs.at("from_the_future").checks, 4);
}

TEST_F(RecordTest, FindsALabUnderItsFormerName) {
  Write(R"({"version": 1, "labs": {"old": {"started": "2026-01-02T00:00:00Z", "checks": 2, "hints": 3},
                                   "new": {"started": "2026-01-03T00:00:00Z", "checks": 1, "hints": 1}}})");
  const LabRecord both = RecordOf(Load(), {"new", "old"});
  EXPECT_EQ(both.started, "2026-01-02T00:00:00Z");
  EXPECT_EQ(both.checks, 3);
  EXPECT_EQ(both.hints, 3);
  ASSERT_TRUE(UpdateRecord(project_, {"new", "old"}, [](LabRecord& lab) { ++lab.checks; }).ok());
  EXPECT_THAT(Load().labs, SizeIs(1));
  EXPECT_EQ(Load().labs.at("new").checks, 4);
}

TEST_F(RecordTest, SetsADamagedFileAside) {
  Write("{\"version\": 1, \"la");
  EXPECT_THAT(LoadRecord(project_).status().message(), HasSubstr(".progress.json: it is no record"));
  ASSERT_TRUE(UpdateRecord(project_, {"aba"}, [](LabRecord& lab) { ++lab.checks; }).ok());
  EXPECT_EQ(Load().labs.at("aba").checks, 1);
  std::ifstream aside(RecordFile(project_).string() + ".damaged.1");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(aside), {}), "{\"version\": 1, \"la");
}

TEST_F(RecordTest, RefusesAFileOfANewerVersion) {
  const absl::Status newer = ParseRecord(R"({"version": 2, "labs": {}})").status();
  EXPECT_THAT(newer.message(), HasSubstr("newer version"));
  EXPECT_FALSE(absl::IsInvalidArgument(newer)) << "it would be set aside as damaged";
}

TEST_F(RecordTest, LosesNothingOfSeveralWriters) {
  constexpr int kWriters = 8, kUpdates = 25;
  std::vector<std::thread> writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([this] {
      for (int update = 0; update < kUpdates; ++update)
        ASSERT_TRUE(UpdateRecord(project_, {"aba"}, [](LabRecord& lab) { ++lab.checks; }).ok());
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(Load().labs.at("aba").checks, kWriters * kUpdates);
}

// However it is killed, the file is whole, and holds every update that had returned.
TEST_F(RecordTest, IsWholeAfterAKill) {
  for (int round = 0; round < 20; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t writer = fork();
    if (writer == 0) {
      for (;;) {
        if (!UpdateRecord(project_, {"aba"}, [](LabRecord& lab) { ++lab.checks; }).ok()) _exit(1);
        if (write(ends[1], "u", 1) != 1) _exit(1);
      }
    }
    char update = 0;
    for (int i = 0; i <= round; ++i) ASSERT_EQ(read(ends[0], &update, 1), 1);
    const int at_least = Load().labs.at("aba").checks;
    kill(writer, SIGKILL);
    waitpid(writer, nullptr, 0);
    close(ends[0]);
    close(ends[1]);
    const absl::StatusOr<Record> after = LoadRecord(project_);
    ASSERT_TRUE(after.ok()) << after.status();
    EXPECT_GE(after->labs.at("aba").checks, at_least);
  }
}

TEST_F(RecordTest, SaysWhatCannotBeWritten) {
  const Project nowhere{.root = "/proc/nowhere"};
  EXPECT_THAT(UpdateRecord(nowhere, {"aba"}, [](LabRecord&) {}).message(), HasSubstr("/proc/nowhere"));
}

RC_GTEST_PROP(RecordProperty, SurvivesBeingWrittenAndRead, ()) {
  Record record;
  record.participant = *rc::gen::string<std::string>();
  for (char& c : record.participant) c = static_cast<char>(c & 0x7f);
  record.current = "aba";
  const int labs = *rc::gen::inRange(0, 5);
  for (int i = 0; i < labs; ++i) {
    LabRecord& lab = record.labs["lab" + std::to_string(i)];
    lab.started = *rc::gen::element<std::string>("", "2026-01-01T00:00:00Z");
    lab.checks = *rc::gen::inRange(0, 1000);
    lab.hints = *rc::gen::inRange(0, 4);
    lab.gave_up = *rc::gen::arbitrary<bool>();
  }
  const nlohmann::ordered_json json = ToJson(record);
  RC_ASSERT(ToJson(ParseRecord(json.dump()).value()) == json);
}

RC_GTEST_PROP(RecordProperty, ReadsNoGarbage, ()) {
  const std::string garbage = *rc::gen::string<std::string>();
  const absl::StatusOr<Record> record = ParseRecord(garbage);
  RC_ASSERT(record.ok() || absl::IsInvalidArgument(record.status()));
}

}  // namespace
}  // namespace racelab
