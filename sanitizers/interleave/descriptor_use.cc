// The number of a descriptor is shared memory of a kind: what uses it reads it, what opens or closes it writes to it.
// Whoever closes a descriptor while another thread may use it closes, sooner or later, what a third has just opened.
//
// Only calls that the program makes itself count: what a library's functions do within is ordered by locks of theirs,
// which are not seen here. dup2() replaces a descriptor at once: it uses both.

#include "sanitizers/interleave/descriptors.h"
#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/interceptors/interceptor.h"

namespace racelab::interleave {
namespace {

constexpr long kMostNumbers = 1024;

struct DescriptorNumber {
  std::uint64_t value = 0;  // Eight bytes of its own, to be raced for.
};
DescriptorNumber descriptor_numbers[kMostNumbers];

void AccessNumber(long number, bool write, const KernelCall& call) {
  if (call.pc == nullptr || number < 0 || number >= kMostNumbers || !Visible()) return;
  execution.Plain(Address(&descriptor_numbers[number]), sizeof(DescriptorNumber), write, call.pc);
}

}  // namespace

void UseNumber(long number, const KernelCall& call) { AccessNumber(number, false, call); }

void CloseNumber(long number, const KernelCall& call) { AccessNumber(number, true, call); }

void OpenNumber(long number, const KernelCall& call) {
  if (number < 0 || number >= kMostNumbers) return;
  execution.happens_before.Reuse(Address(&descriptor_numbers[number]), sizeof(DescriptorNumber));
  AccessNumber(number, true, call);
}

}  // namespace racelab::interleave
