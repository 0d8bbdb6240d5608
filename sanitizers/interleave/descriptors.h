#ifndef RACELAB_SANITIZERS_INTERLEAVE_DESCRIPTORS_H_
#define RACELAB_SANITIZERS_INTERLEAVE_DESCRIPTORS_H_

#include <poll.h>

#include <cstdint>

#include "sanitizers/interleave/kernel.h"
#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// The kind of a descriptor's target, by how threads can use it to communicate.
enum class Sort : std::uint8_t {
  kUnknown,
  kOutside,      // standard input and the like: belongs to the outside world
  kIndifferent,  // a file that is only read, /dev/null
  kFile,         // a file that the program writes to
  kStream,       // a pipe, an eventfd, a socket
  kPoller,       // epoll
};

struct Descriptor {
  Sort sort = Sort::kUnknown;
  bool slow = false;  // The kernel delivers data with a delay: a connection over a network interface.
  int object = 0;     // The same for both ends, and for copies by dup().
  int other_end = -1;
};

// Descriptor `number` in the running execution.
Descriptor& FindDescriptor(int number);

// The address that stands for the object in HappensBefore and in operations. The addresses of all objects are
// contiguous, so that one operation of poll() can cover all of them.
std::uintptr_t AddressOf(const Descriptor& descriptor);
constexpr int kMostObjects = 1 << 12;
std::uintptr_t FirstAddress();
int ObjectsInUse();
int ObjectAt(std::uintptr_t address);  // The represented object; 0: all; 1: the network; -1: none.
bool SlowInUse();                      // Whether any descriptor is `slow`.

// descriptor_use.cc: detects races between closing and using a descriptor.
int NumberAt(std::uintptr_t address);  // The descriptor that an address in a data race represents; -1: none.
void UseNumber(long number, const KernelCall& call);
void OpenNumber(long number, const KernelCall& call);
void CloseNumber(long number, const KernelCall& call);

// polling.cc
bool EnterPolling(KernelCall& call, long& result);
bool EnterChanges(KernelCall& call, long& result);  // descriptor_table.cc
bool ReadInput(KernelCall& call, long& result);     // input.cc

// Asks the kernel, like poll() with a time-out of zero.
int Poll(pollfd* descriptors, nfds_t count);

// A step of the running thread on the descriptor; returns when the requested events (POLLIN, POLLOUT) are possible.
// False if the handler of a signal ran in between.
bool StepOn(const Descriptor& descriptor, Kind kind, int number, short events, bool waits, const void* pc);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_DESCRIPTORS_H_
