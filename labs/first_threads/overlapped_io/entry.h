#ifndef RACELAB_LABS_FIRST_THREADS_OVERLAPPED_IO_ENTRY_H_
#define RACELAB_LABS_FIRST_THREADS_OVERLAPPED_IO_ENTRY_H_

#include <string_view>

// An index's entry for one page.
struct Entry {
  int page = 0;
  int words = 0;

  friend bool operator==(const Entry&, const Entry&) = default;
};

inline int CountWords(std::string_view text) {
  int words = 0;
  char before = ' ';
  for (const char c : text) {
    if (before == ' ' && c != ' ') ++words;
    before = c;
  }
  return words;
}

#endif  // RACELAB_LABS_FIRST_THREADS_OVERLAPPED_IO_ENTRY_H_
