#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_DESCRIPTOR_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_DESCRIPTOR_H_

#include <poll.h>

#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// Pipes, sockets, eventfds. Their state is the kernel's, which is asked: an operation is possible when the kernel would
// not make the thread wait.

// What a thread waits for, on its stack, while its operation is pending.
struct DescriptorWait {
  pollfd* descriptors;
  nfds_t count;
  int thread;
  bool waits;  // Else it goes on in any case.
  bool slow;
};

// kDescriptorRead, kDescriptorWrite; kDescriptorPoll, on `size` objects that lie behind one another.
Operation OnDescriptor(Kind kind, std::uintptr_t address, const DescriptorWait& wait, const void* pc,
                       std::uint32_t size = 1);

bool DescriptorsAllow(const Operation& operation);

// Whether the operation, done now, gives the other end what it has had to wait for so far.
void SettleOnDescriptor(Operation& operation);

// The names of these operations in reports; null for any other.
const char* NameOnDescriptor(Kind kind);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_DESCRIPTOR_H_
