#include "sanitizers/process/process_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace racelab {
namespace {

// The entries of a directory of /proc whose names are numbers, in ascending order.
std::vector<pid_t> NumberedEntries(const std::string& directory) {
  std::vector<pid_t> numbers;
  DIR* dir = opendir(directory.c_str());  // opendir() sets O_CLOEXEC
  if (dir == nullptr) return numbers;
  while (const dirent* entry = readdir(dir)) {
    int number = 0;
    if (absl::SimpleAtoi(entry->d_name, &number)) numbers.push_back(number);
  }
  closedir(dir);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

// The children of `process`, from the lists that the kernel keeps for each of its threads; nullopt if the kernel keeps
// none (CONFIG_PROC_CHILDREN).
std::optional<std::vector<pid_t>> ListedChildren(pid_t process) {
  std::vector<pid_t> children;
  for (pid_t thread : Threads(process)) {
    const std::string path = absl::StrCat("/proc/", process, "/task/", thread, "/children");
    const std::optional<std::string> list = ReadSmallFile(path);
    if (!list.has_value()) {
      if (access("/proc/thread-self/children", R_OK) != 0) return std::nullopt;
      continue;
    }
    for (std::string_view word : absl::StrSplit(*list, absl::ByAnyChar(" \n"), absl::SkipEmpty())) {
      int child = 0;
      if (absl::SimpleAtoi(word, &child)) children.push_back(child);
    }
  }
  return children;
}

// The parent of `process`: the second field after the command's name. That name may contain anything, even blanks and
// brackets.
pid_t Parent(pid_t process) {
  const std::optional<std::string> stat = ReadSmallFile(absl::StrCat("/proc/", process, "/stat"));
  if (!stat.has_value()) return 0;
  const size_t bracket = stat->rfind(')');
  if (bracket == std::string::npos) return 0;
  const std::vector<std::string_view> fields =
      absl::StrSplit(std::string_view(*stat).substr(bracket + 1), ' ', absl::SkipEmpty());
  int parent = 0;
  return fields.size() > 1 && absl::SimpleAtoi(fields[1], &parent) ? parent : 0;
}

std::vector<pid_t> DescendantsByParents(pid_t ancestor) {
  std::multimap<pid_t, pid_t> children;
  for (pid_t process : NumberedEntries("/proc")) children.emplace(Parent(process), process);
  std::vector<pid_t> found = {ancestor};
  for (size_t i = 0; i < found.size(); ++i) {
    const auto [begin, end] = children.equal_range(found[i]);
    for (auto child = begin; child != end; ++child) found.push_back(child->second);
  }
  found.erase(found.begin());
  return found;
}

}  // namespace

std::optional<std::string> ReadSmallFile(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  std::string content;
  char buffer[4096];
  ssize_t size;
  while ((size = read(fd, buffer, sizeof buffer)) > 0 || (size < 0 && errno == EINTR)) {
    if (size > 0) content.append(buffer, static_cast<size_t>(size));
  }
  close(fd);
  if (size < 0) return std::nullopt;
  return content;
}

std::vector<pid_t> Threads(pid_t process) { return NumberedEntries(absl::StrCat("/proc/", process, "/task")); }

std::vector<pid_t> Descendants(pid_t ancestor) {
  std::vector<pid_t> found = {ancestor};
  std::unordered_set<pid_t> known = {ancestor};
  for (size_t i = 0; i < found.size(); ++i) {
    const std::optional<std::vector<pid_t>> children = ListedChildren(found[i]);
    if (!children.has_value()) return DescendantsByParents(ancestor);
    for (pid_t child : *children) {
      // A process that is reparented while we look can be listed twice.
      if (known.insert(child).second) found.push_back(child);
    }
  }
  found.erase(found.begin());
  return found;
}

int64_t ResidentBytes(pid_t process) {
  const std::optional<std::string> statm = ReadSmallFile(absl::StrCat("/proc/", process, "/statm"));
  if (!statm.has_value()) return 0;
  const std::vector<std::string_view> fields = absl::StrSplit(*statm, ' ');
  int64_t pages = 0;
  if (fields.size() < 2 || !absl::SimpleAtoi(fields[1], &pages)) return 0;
  return pages * sysconf(_SC_PAGESIZE);
}

}  // namespace racelab
