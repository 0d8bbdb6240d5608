#ifndef RACELAB_SANITIZERS_INTERLEAVE_DESCRIPTORS_H_
#define RACELAB_SANITIZERS_INTERLEAVE_DESCRIPTORS_H_

#include <poll.h>

#include <cstdint>

#include "sanitizers/interleave/kernel.h"
#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// What a descriptor leads to, as far as threads can tell each other something by it.
enum class Sort : std::uint8_t {
  kUnknown,
  kOutside,      // standard input and the like: the world's
  kIndifferent,  // a file that is only read, /dev/null
  kFile,         // a file that the program writes to
  kStream,       // a pipe, an eventfd, a socket
  kPoller,       // epoll
};

struct Descriptor {
  Sort sort = Sort::kUnknown;
  bool slow = false;  // It takes the kernel a moment: a connection over the network interface.
  int object = 0;     // Its two ends have the same one, and what is dup()ed from it.
  int other_end = -1;
};

// Descriptor `number` of the running execution.
Descriptor& FindDescriptor(int number);

// For the object, as HappensBefore and operations know it. Those of all objects lie behind one another: who polls asks
// for all.
std::uintptr_t AddressOf(const Descriptor& descriptor);
constexpr int kMostObjects = 1 << 12;
std::uintptr_t FirstAddress();
int ObjectsInUse();
bool SlowInUse();  // Any descriptor is `slow`.

// descriptor_use.cc: for the race between threads of which one closes what another uses.
void UseNumber(long number, const KernelCall& call);
void OpenNumber(long number, const KernelCall& call);
void CloseNumber(long number, const KernelCall& call);

// polling.cc
bool EnterPolling(KernelCall& call, long& result);
bool EnterChanges(KernelCall& call, long& result);  // descriptor_table.cc
bool ReadInput(KernelCall& call, long& result);     // input.cc

// Of the kernel, now: as poll() with no time.
int Poll(pollfd* descriptors, nfds_t count);

// A step of the running thread on the descriptor; it returns when what is asked for (POLLIN, POLLOUT) is possible.
// False if a signal's handler ran meanwhile.
bool StepOn(const Descriptor& descriptor, Kind kind, int number, short events, bool waits, const void* pc);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_DESCRIPTORS_H_
