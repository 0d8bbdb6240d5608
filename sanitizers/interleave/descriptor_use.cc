// A descriptor's number is treated as shared memory: using it is a read, opening or closing it is a write. If one
// thread closes a descriptor while another may use it, the second thread will sooner or later use the descriptor that a
// third has just opened.
//
// Only calls that the program itself makes count: calls within a library are ordered by its locks, which the runtime
// does not see. dup2() replaces a descriptor atomically, so it counts as a use of both.

#include "sanitizers/interleave/descriptors.h"
#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/interceptors/interceptor.h"

namespace racelab::interleave {
namespace {

constexpr long kMostNumbers = 1024;

struct DescriptorNumber {
  std::uint64_t value = 0;  // A granule of its own, for data races.
};
DescriptorNumber descriptor_numbers[kMostNumbers];

void AccessNumber(long number, bool write, const KernelCall& call) {
  if (call.pc == nullptr || number < 0 || number >= kMostNumbers || !Visible()) return;
  execution.Plain(Address(&descriptor_numbers[number]), sizeof(DescriptorNumber), write, call.pc);
}

}  // namespace

int NumberAt(std::uintptr_t address) {
  const std::uintptr_t offset = address - Address(descriptor_numbers);
  return offset < sizeof descriptor_numbers ? static_cast<int>(offset / sizeof(DescriptorNumber)) : -1;
}

void UseNumber(long number, const KernelCall& call) { AccessNumber(number, false, call); }

void CloseNumber(long number, const KernelCall& call) { AccessNumber(number, true, call); }

void OpenNumber(long number, const KernelCall& call) {
  if (number < 0 || number >= kMostNumbers) return;
  execution.happens_before.Reuse(Address(&descriptor_numbers[number]), sizeof(DescriptorNumber));
  AccessNumber(number, true, call);
}

}  // namespace racelab::interleave
