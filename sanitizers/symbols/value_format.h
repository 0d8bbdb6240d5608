#ifndef RACELAB_SANITIZERS_SYMBOLS_VALUE_FORMAT_H_
#define RACELAB_SANITIZERS_SYMBOLS_VALUE_FORMAT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sanitizers/symbols/debug_info.h"
#include "sanitizers/symbols/object_path.h"

namespace racelab {

// How to read the value of a scalar.
struct ValueFormat {
  enum class Kind { kUnsigned, kSigned, kBool, kFloat, kPointer, kEnumeration, kBitFields };
  Kind kind = Kind::kUnsigned;
  std::uint64_t size = 0;
  std::vector<std::pair<std::uint64_t, std::string>> enumerators;
  std::uint64_t begin = 0, bits = 0;  // of a bit field: where it is in the value
  std::vector<ValueFormat> fields;    // of bit fields
};

// The format of an object of `type` that is a scalar of `size` bytes, or wraps one (a std::atomic). nullopt if there is
// no such scalar.
std::optional<ValueFormat> FormatOf(DebugInfo& info, Dwarf_Die type, std::uint64_t size);

// The format of `size` bytes that contain all of these bit fields.
std::optional<ValueFormat> FormatOf(DebugInfo& info, const std::vector<BitField>& fields, std::uint64_t size);

// "true", "-1", "null", "kOpen"; "true/false" for two bit fields; "an address" for a pointer that differs from run to
// run.
std::string ValueText(const ValueFormat& format, std::uint64_t value);

// Whether a number of 64 bits, signed or not, is so large that it must be an address of code, a stack or a global,
// which differs from run to run and is not informative.
bool IsAddress(std::uint64_t value);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_SYMBOLS_VALUE_FORMAT_H_
