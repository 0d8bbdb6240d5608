#include <fcntl.h>
#include <gauge_log.h>
#include <unistd.h>

#include <latch>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/hand_shake.h"
#include "tests/support/interleavings.h"
#include "tests/support/memory_left.h"
#include "tests/support/run_together.h"
#include "tests/support/second_runtime.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

// What other threads write must not be lost, and what they do not write must not be waited for.
void MakePipe(int ends[2]) { ASSERT_EQ(pipe2(ends, O_NONBLOCK), 0); }

// Reads what there is, and at the end "(closed)" if nobody can write any more.
std::string TakeAll(int reading_end) {
  std::string text;
  char buffer[64];
  while (true) {
    const ssize_t size = read(reading_end, buffer, sizeof(buffer));
    if (size == 0) return text + "(closed)";
    if (size < 0) return text;
    text.append(buffer, static_cast<std::size_t>(size));
  }
}

// The files of a log. They are pipes: the test has the end at which their contents come out.
class Files {
 public:
  Files() = default;
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  ~Files() {
    for (int file : reading_ends_) close(file);
  }

  int Open() {
    std::lock_guard lock(mutex_);  // Orders what opens files, and nothing else.
    int ends[2];
    MakePipe(ends);
    reading_ends_.push_back(ends[0]);
    return ends[1];
  }

  // What has got into a file; nothing as long as it has not been opened.
  std::string TakeAll(int number) {
    std::lock_guard lock(mutex_);
    return number < static_cast<int>(reading_ends_.size()) ? racelab::TakeAll(reading_ends_[number]) : "";
  }

 private:
  std::mutex mutex_;
  std::vector<int> reading_ends_;
};

// Waits for somebody whom a right variant does not keep waiting. A wrong one must not hang ThreadSanitizer, which would
// say nothing of it; the second runtime calls it a deadlock.
bool ThatWaitsForNobody(HandShake& done) {
  if (!UnderSecondRuntime()) return done.AwaitBriefly();
  done.Await();
  return true;
}

std::string High() { return "high"; }
std::string Low() { return "low"; }

TEST(GaugeLog, WritesIntoTheCurrentFileAndClosesTheOthersOnOneThread) {
  ForRandomSteps({{"Record", {0, 100}}, {"Rotate"}}, 8, [](Steps& steps) {
    enum { kRecord, kRotate };
    Files files;
    std::vector<std::string> model(1);
    {
      GaugeLog log([&] { return files.Open(); });
      for (const Step& step : steps) {
        if (step.what == kRecord) {
          const std::string reading = std::to_string(step.value);
          steps.Answers(log.Record([&] { return reading; }), true);
          model.back() += reading + "\n";
        } else {
          log.Rotate();
          model.back() += "(closed)";
          model.emplace_back();
        }
      }
      log.Record(High);  // Whatever was to be done before this has been done now.
      model.back() += "high\n";
      std::vector<std::string> contents;
      for (int i = 0; i < static_cast<int>(model.size()); ++i) contents.push_back(files.TakeAll(i));
      steps.Shows("files", contents, model);
    }
    steps.Shows("the last file at the end", files.TakeAll(static_cast<int>(model.size()) - 1), std::string("(closed)"));
  });
}

TEST(GaugeLog, WritesEachLineIntoOneOfItsFilesWhileAnotherThreadRotates) {
  Interleavings([] {
    Files files;
    bool written = false;
    {
      GaugeLog log([&] { return files.Open(); });
      RunTogether([&] { written = log.Record(High); }, [&] { log.Rotate(); });
    }
    EXPECT_TRUE(written);
    const std::string first = files.TakeAll(0), second = files.TakeAll(1);
    EXPECT_TRUE((first == "high\n(closed)" && second == "(closed)") ||
                (first == "(closed)" && second == "high\n(closed)"))
        << first << ", " << second;
  });
}

// The log is rotated, and another part of the program opens something; only then does the gauge answer.
TEST(GaugeLog, WritesNowhereElseWhenItIsRotatedWhileAGaugeIsAsked) {
  Interleavings([] {
    Files files;
    std::latch asked(1);  // Orders what was before the question, and nothing else.
    HandShake rotated;
    bool written = false;
    int others[2];
    {
      GaugeLog log([&] { return files.Open(); });
      RunSimultaneously(
          [&] {
            written = log.Record([&] {
              asked.count_down();
              ThatWaitsForNobody(rotated);
              return High();
            });
          },
          [&] {
            asked.wait();
            log.Rotate();
            MakePipe(others);
            rotated.Signal();
          });
    }
    EXPECT_EQ(TakeAll(others[0]), "");
    EXPECT_TRUE(written);
    const std::string text = files.TakeAll(0) + files.TakeAll(1);
    EXPECT_TRUE(text == "high\n(closed)(closed)" || text == "(closed)high\n(closed)") << text;
    close(others[0]);
    close(others[1]);
  });
}

bool AreHighAndLow(const std::string& text) { return text == "high\nlow\n(closed)" || text == "low\nhigh\n(closed)"; }

// Another gauge is being asked all the time, for a line in the next file.
TEST(GaugeLog, ClosesAFileThatNobodyWritesIntoThoughAnotherGaugeIsAsked) {
  Interleavings([] {
    Files files;
    HandShake first_asked, second_asked, first_written;
    std::string contents;
    bool was_meanwhile = false;
    {
      GaugeLog log([&] { return files.Open(); });
      RunSimultaneously(
          [&] {
            log.Record([&] {
              first_asked.Signal();
              was_meanwhile = ThatWaitsForNobody(second_asked);
              return High();
            });
            log.Record(Low);  // Whatever was to be done before this has been done now.
            first_written.Signal();
          },
          [&] {
            first_asked.Await();
            log.Rotate();
            log.Record([&] {
              second_asked.Signal();
              first_written.Await();
              contents = files.TakeAll(0);
              return High();
            });
          });
    }
    if (was_meanwhile) {
      EXPECT_TRUE(contents.ends_with("(closed)")) << contents << " is in the first file, which is not closed";
    }
  });
}

TEST(GaugeLog, RecordsWhileAnotherGaugeIsAsked) {
  Interleavings([] {
    Files files;
    {
      GaugeLog log([&] { return files.Open(); });
      std::latch asked(1);
      HandShake recorded;
      RunSimultaneously(
          [&] {
            log.Record([&] {
              asked.count_down();
              ThatWaitsForNobody(recorded);
              return Low();
            });
          },
          [&] {
            asked.wait();
            log.Record(High);
            recorded.Signal();
          });
    }
    EXPECT_PRED1(AreHighAndLow, files.TakeAll(0));
  });
}

TEST(GaugeLog, WritesTheLinesOfTwoThreadsWhole) {
  Interleavings([] {
    Files files;
    {
      GaugeLog log([&] { return files.Open(); });
      RunTogether([&] { log.Record(High); }, [&] { log.Record(Low); });
    }
    EXPECT_PRED1(AreHighAndLow, files.TakeAll(0));
  });
}

TEST(GaugeLog, ClosesEachFileOnceWhenTwoThreadsRotate) {
  Interleavings([] {
    Files files;
    GaugeLog log([&] { return files.Open(); });
    RunTogether([&] { log.Rotate(); }, [&] { log.Rotate(); });
    EXPECT_TRUE(log.Record(High));
    std::vector<std::string> contents = {files.TakeAll(0), files.TakeAll(1), files.TakeAll(2)};
    EXPECT_EQ(contents[0], "(closed)");
    if (contents[1] == "high\n") std::swap(contents[1], contents[2]);
    EXPECT_EQ(contents[1], "(closed)");
    EXPECT_EQ(contents[2], "high\n");
  });
}

TEST(GaugeLog, SaysWhetherALineIsWritten) {
  Files files;
  bool full = true;
  GaugeLog log([&] { return full ? open("/dev/full", O_WRONLY) : files.Open(); });
  EXPECT_FALSE(log.Record(High)) << "\"returns whether it is written\"";
  full = false;
  log.Rotate();
  EXPECT_TRUE(log.Record(Low)) << "\"returns whether it is written\"";
  EXPECT_EQ(files.TakeAll(0), "low\n");
}

TEST(GaugeLog, ClosesTheFileOfAGaugeThatThrows) {
  Files files;
  GaugeLog log([&] { return files.Open(); });
  EXPECT_THROW(log.Record([]() -> std::string { throw std::runtime_error("frozen"); }), std::runtime_error);
  log.Rotate();
  EXPECT_TRUE(log.Record(High));  // Whatever was to be done before this has been done now.
  EXPECT_EQ(files.TakeAll(0), "(closed)") << "no line is to be written to it any more, and none was";
  EXPECT_EQ(files.TakeAll(1), "high\n");
}

TEST(GaugeLog, GivesItsMemoryBack) {
  EXPECT_EQ(BlocksLeftBy([] {
              Files files;
              GaugeLog log([&] { return files.Open(); });
              log.Record(High);
              log.Rotate();
              log.Record(Low);
            }),
            0);
}

}  // namespace
}  // namespace racelab
