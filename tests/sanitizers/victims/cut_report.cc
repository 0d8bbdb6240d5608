// Prints the beginning of a report, and exits with the status that ThreadSanitizer would exit with: what is left of a
// report when the process dies while it is being written.

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
