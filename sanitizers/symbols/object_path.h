#ifndef RACELAB_SANITIZERS_SYMBOLS_OBJECT_PATH_H_
#define RACELAB_SANITIZERS_SYMBOLS_OBJECT_PATH_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sanitizers/symbols/debug_info.h"

namespace racelab {

// A bit field, relative to the bytes that it shares with others.
struct BitField {
  std::string name;
  std::uint64_t begin = 0, size = 0;  // in bits
  Dwarf_Die type;
};

// A part of an object: the smallest part that has a name in the program itself. Objects of the standard library, of
// Abseil and of the C library have no parts. Bit fields side by side are one part, ".open_/locked_": they are one
// memory location, and an access to one of them reads or writes the bytes of all.
struct Part {
  std::string path;         // ".accounts_[3].mutex"; empty for the object itself
  std::uint64_t begin = 0;  // within the object
  Dwarf_Die type;
  std::string identity;        // "Bank::accounts_": the same for every path to the part; empty for the object itself
  std::vector<BitField> bits;  // if the part consists of bit fields; it has no `type` then; counted from `begin`
};

// The part of an object of `type` that contains the `size` bytes at `offset`. nullopt if it has no name.
std::optional<Part> PartAt(DebugInfo& info, Dwarf_Die type, std::uint64_t offset, std::uint64_t size);

// A pointer from one object to another.
struct Pointer {
  enum class Kind {
    kPointer,
    kReference,
    kThis,    // a `this` that a lambda has captured
    kOwner,   // a smart pointer
    kVector,  // to the first of several elements; the pointer to the end follows it
  };
  Kind kind = Kind::kPointer;
  std::string path;          // as in Part
  std::uint64_t offset = 0;  // of the word that holds the pointer
  Dwarf_Die target;          // the type of its target
  std::string identity;      // of the elements of a vector
};

// The pointers in an object of `type`, which may itself be a pointer.
std::vector<Pointer> PointersIn(DebugInfo& info, Dwarf_Die type);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_SYMBOLS_OBJECT_PATH_H_
