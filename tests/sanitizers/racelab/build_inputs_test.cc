#include "sanitizers/racelab/build_inputs.h"

#include <chrono>
#include <filesystem>
#include <string>

#include "gtest/gtest.h"
#include "sanitizers/racelab/project.h"
#include "tests/sanitizers/racelab/scratch_project.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;

constexpr char kFile[] = "workspace/forgetful_counter/hit_counter.h";
constexpr char kOther[] = "workspace/forgetful_counter/other.h";

class BuildInputs : public testing::Test {
 protected:
  BuildInputs() {
    fs::create_directories(tree_);
    scratch_.Write(kFile, "the first");
    scratch_.Write(kOther, "another");
    for (const char* file : {kFile, kOther}) MakeOlder(scratch_ / file);
    Note();
  }

  void Note() const { EXPECT_TRUE(NoteInputs(scratch_.project(), tree_).ok()); }
  static void MakeOlder(const fs::path& file) { fs::last_write_time(file, kLongAgo); }
  bool IsNew(const char* file) const { return fs::last_write_time(scratch_ / file) != kLongAgo; }

  static inline const auto kLongAgo = fs::file_time_type::clock::now() - std::chrono::hours(1);
  const ScratchProject scratch_;
  const fs::path tree_ = scratch_ / "build/tsan";
};

TEST_F(BuildInputs, WhatIsAsItWasKeepsItsTime) {
  Note();
  EXPECT_FALSE(IsNew(kFile));
  const std::string copy = (scratch_ / kFile).string() + ".copy";
  fs::copy_file(scratch_ / kFile, copy);
  MakeOlder(copy);
  fs::rename(copy, scratch_ / kFile);  // Another file with the same content.
  Note();
  EXPECT_FALSE(IsNew(kFile));
}

TEST_F(BuildInputs, AnOlderFileThatIsMovedThereIsNew) {
  fs::rename(scratch_ / kOther, scratch_ / kFile);
  Note();
  EXPECT_TRUE(IsNew(kFile));
}

TEST_F(BuildInputs, SoIsOneThatALinkLeadsTo) {
  fs::remove(scratch_ / kFile);
  fs::create_symlink(scratch_ / kOther, scratch_ / kFile);
  Note();
  EXPECT_TRUE(IsNew(kFile));
}

TEST_F(BuildInputs, SoIsOneWhoseFolderIsMovedThere) {
  scratch_.Write("workspace/saved/hit_counter.h", "as it was yesterday");
  MakeOlder(scratch_ / "workspace/saved/hit_counter.h");
  fs::rename(scratch_ / "workspace/forgetful_counter", scratch_ / "workspace/aside");
  fs::rename(scratch_ / "workspace/saved", scratch_ / "workspace/forgetful_counter");
  Note();
  EXPECT_TRUE(IsNew(kFile));
}

TEST_F(BuildInputs, SoIsOneThatWasRestoredInPlaceWithItsTime) {
  scratch_.Write(kFile, "as it was yesterday");
  MakeOlder(scratch_ / kFile);
  Note();
  EXPECT_TRUE(IsNew(kFile));
}

}  // namespace
}  // namespace racelab
