// Prints the beginning of a report, and exits with ThreadSanitizer's exit status, like a process that dies while it
// writes a report.

#include <cstdio>
#include <cstdlib>
#include <cstring>

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "--nothing") == 0) return 66;
  std::fputs(
      "==================\nWARNING: ThreadSanitizer: data race (pid=1)\n  Write of size 8 at 0x7b0400000000 by thread "
      "T1:\n",
      stderr);
  return 66;
}
