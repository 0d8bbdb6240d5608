#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_DESCRIPTOR_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_DESCRIPTOR_H_

#include <poll.h>

#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// Pipes, sockets, eventfds. The kernel keeps their state, so the runtime asks it: an operation is possible if the
// kernel would not block the thread.

// What a thread waits for; it is on the thread's stack while its operation is pending.
struct DescriptorWait {
  pollfd* descriptors;
  nfds_t count;
  int thread;
  bool waits;  // Otherwise the operation is always possible.
  bool slow;
};

// kDescriptorRead, kDescriptorWrite; kDescriptorPoll, on `size` objects with consecutive addresses.
Operation OnDescriptor(Kind kind, std::uintptr_t address, const DescriptorWait& wait, const void* pc,
                       std::uint32_t size = 1);

bool DescriptorsAllow(const Operation& operation);

// Notes in `operation` whether the operation, if done now, would end a wait at the other end.
void SettleOnDescriptor(Operation& operation);

// The names of these operations in reports; null for any other.
const char* NameOnDescriptor(Kind kind);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_DESCRIPTOR_H_
