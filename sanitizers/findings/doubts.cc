#include "sanitizers/findings/doubts.h"

#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sanitizers/report/system_library.h"

namespace racelab {
namespace {

bool Mentions(const std::string& path, std::string_view word) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return absl::StrContains(text, word);
}

}  // namespace

std::vector<std::string> Doubts(const Report& report, const std::string& root) {
  std::vector<std::string> doubts;
  std::set<std::string> libraries, files;
  for (const Stack& stack : report.stacks) {
    for (const Frame& frame : stack.frames) {
      const std::string module = frame.module.substr(frame.module.rfind('/') + 1);
      if (frame.file.empty() && absl::StrContains(module, ".so") && !IsSystemLibrary(module)) libraries.insert(module);
    }
    const bool is_access = stack.role == StackRole::kAccess || stack.role == StackRole::kPreviousAccess;
    if (!is_access && stack.role != StackRole::kHere && stack.role != StackRole::kHereBefore) continue;
    if (const Frame* site = Site(stack); site != nullptr && !site->file.empty())
      files.insert(site->file.front() == '/' ? site->file : absl::StrCat(root, "/", site->file));
  }
  for (const std::string& library : libraries) {
    doubts.push_back(absl::StrCat(library,
                                  " is in a stack, without lines: if it was not built with ThreadSanitizer, the "
                                  "orders that it makes are not seen (`racelab canary -- ./program` tells)"));
  }
  for (const std::string& file : files) {
    const std::string name = file.substr(file.rfind('/') + 1);
    if (Mentions(file, "atomic_thread_fence")) {  // https://gcc.gnu.org/bugzilla/show_bug.cgi?id=97868
      doubts.push_back(
          absl::StrCat(name, " uses std::atomic_thread_fence(), which ThreadSanitizer does not take into account"));
    }
    if (Mentions(file, "timed_mutex") || Mentions(file, "_clocklock")) {
      doubts.push_back(
          absl::StrCat(name,
                       " uses a timed mutex: clang before 18, and g++ up to 13, do not see what try_lock_for() locks "
                       "(https://github.com/llvm/llvm-project/issues/62623); of shared_timed_mutex no version does "
                       "(https://github.com/llvm/llvm-project/issues/142370)"));
    }
  }
  if (report.damaged) doubts.emplace_back("a line of the report is missing, or is another report's");
  return doubts;
}

}  // namespace racelab
