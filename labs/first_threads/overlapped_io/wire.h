#ifndef RACELAB_LABS_FIRST_THREADS_OVERLAPPED_IO_WIRE_H_
#define RACELAB_LABS_FIRST_THREADS_OVERLAPPED_IO_WIRE_H_

#include <string>

// The way to a site's pages.
class Wire {
 public:
  virtual ~Wire() = default;

  // The text of a page; waits for it. May be called from several threads at once.
  virtual std::string Fetch(int page) = 0;
};

#endif  // RACELAB_LABS_FIRST_THREADS_OVERLAPPED_IO_WIRE_H_
