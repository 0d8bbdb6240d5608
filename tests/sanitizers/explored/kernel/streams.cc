// Streams of the C library (FILE). Every function takes a stream's lock, except those that say "unlocked".

#undef NDEBUG
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cassert>
#include <string>

#include "tests/sanitizers/explored/kernel/kernel.h"

namespace racelab {
namespace {

// What two threads write to a stream in memory.
template <typename Write>
std::string WrittenByTwo(Write write) {
  char* text = nullptr;
  std::size_t size = 0;
  FILE* stream = open_memstream(&text, &size);
  AllOf([&] { write(stream, 'a'); }, [&] { write(stream, 'b'); });
  fclose(stream);
  const std::string written(text, size);
  free(text);
  return written;
}

// One call is one step: only the order is open.
void Print(bool right) {
  const std::string written =
      WrittenByTwo([](FILE* stream, char letter) { fprintf(stream, "%s%c;", "line ", letter); });
  assert(written == "line a;line b;" || (right && written == "line b;line a;"));
}

void TwoCalls(bool right) {
  const std::string written = WrittenByTwo([right](FILE* stream, char letter) {
    if (right) flockfile(stream);
    fputc(letter, stream);
    fputs(";", stream);
    if (right) funlockfile(stream);
  });
  assert(written == "a;b;" || written == "b;a;");
}

void Unlocked(bool right) {
  WrittenByTwo([right](FILE* stream, char letter) {
    if (right) flockfile(stream);
    putc_unlocked(letter, stream);
    fwrite_unlocked(&letter, 1, 1, stream);
    if (right) funlockfile(stream);
  });
}

// Each thread takes one line, but which one is unspecified.
void Read(bool right) {
  char lines[] = "1\n2\n";
  FILE* stream = fmemopen(lines, sizeof lines - 1, "r");
  int first = 0, second = 0;
  AllOf([&] { assert(fscanf(stream, "%d", &first) == 1); }, [&] { assert(fscanf(stream, "%d", &second) == 1); });
  fclose(stream);
  assert(first == 1 || (right && first + second == 3));
}

void Close(bool right) {
  FILE* stream = fopen("/dev/null", "w");
  std::thread writer([stream] { fputs("text", stream); });
  if (right) writer.join();
  fclose(stream);
  if (!right) writer.join();
}

// The order of prints to the standard streams does not distinguish interleavings: there would be too many.
void StandardOutput(bool right) {
  int shared = 0;
  const auto print = [&] {
    for (int i = 0; i < 20; ++i) printf("%d\n", i);
    if (!right) ++shared;
  };
  AllOf(print, print);
}

}  // namespace

RightOrWrongPrograms Streams() {
  static constexpr RightOrWrongProgram programs[] = {
      {"stream_closed", Close},       {"stream_print", Print},
      {"stream_read", Read},          {"stream_standard", StandardOutput},
      {"stream_two_calls", TwoCalls}, {"stream_unlocked", Unlocked},
  };
  return programs;
}

}  // namespace racelab
