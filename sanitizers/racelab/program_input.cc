#include "sanitizers/racelab/program_input.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include "absl/strings/str_cat.h"

namespace racelab {
namespace {

constexpr int kMostMilliseconds = 1000;  // the time to wait for the first byte: our parent may never write one

}  // namespace

std::string CopyOfInput() {
  struct stat status;
  if (fstat(STDIN_FILENO, &status) != 0 || S_ISCHR(status.st_mode) || S_ISDIR(status.st_mode)) return "";
  pollfd input = {STDIN_FILENO, POLLIN, 0};
  if (poll(&input, 1, kMostMilliseconds) == 0) {
    std::fputs("racelab: nothing comes from standard input; the program gets an empty one\n", stderr);
    return "";
  }
  const int copy = memfd_create("racelab input", MFD_CLOEXEC);
  if (copy < 0) return "";
  char buffer[1 << 16];
  for (ssize_t got; (got = read(STDIN_FILENO, buffer, sizeof buffer)) > 0;) {
    for (ssize_t done = 0; done < got;) {
      const ssize_t written = write(copy, buffer + done, static_cast<std::size_t>(got - done));
      if (written <= 0) return "";
      done += written;
    }
  }
  return absl::StrCat("/proc/", getpid(), "/fd/", copy);
}

}  // namespace racelab
