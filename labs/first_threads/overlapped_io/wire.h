#ifndef RACELAB_LABS_FIRST_THREADS_OVERLAPPED_IO_WIRE_H_
#define RACELAB_LABS_FIRST_THREADS_OVERLAPPED_IO_WIRE_H_

#include <string>

// Fetches a site's pages.
class Wire {
 public:
  virtual ~Wire() = default;

  // Waits for the text of a page, and returns it. May be called from several threads at once.
  virtual std::string Fetch(int page) = 0;
};

#endif  // RACELAB_LABS_FIRST_THREADS_OVERLAPPED_IO_WIRE_H_
