#include "sanitizers/gate/temporary_folder.h"

#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>

#include "sanitizers/racelab/require.h"

namespace racelab {

TemporaryFolder::TemporaryFolder() {
  std::error_code error;
  path_ = (std::filesystem::temp_directory_path(error) / "racelab.XXXXXX").string();
  if (!error && mkdtemp(path_.data()) != nullptr) return;
  std::fprintf(stderr, "racelab: cannot make a folder such as %s: is $TMPDIR writable?\n", path_.c_str());
  Exit(kMisuse);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace racelab
