// Replaces the parts of the runtime that the core calls, because no program runs under it.

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "sanitizers/interleave/descriptors.h"
#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/signal_delivery.h"
#include "sanitizers/interleave/snapshot.h"

namespace racelab::interleave {

Execution execution;

void Say(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
}

void Fatal(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  abort();
}

void Misuse(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  abort();
}

bool IsInterrupted(int) { return false; }
bool SignalsAllow(const Operation&) { return false; }

// Each descriptor's other end has the next number.
Descriptor& FindDescriptor(int number) {
  static Descriptor descriptor;
  descriptor.other_end = number + 1;
  return descriptor;
}

int Poll(pollfd* descriptors, nfds_t count) { return poll(descriptors, count, 0); }

bool AnyWrittenPage(bool (*)(std::uintptr_t, std::uintptr_t, void*), void*) { return false; }

}  // namespace racelab::interleave
