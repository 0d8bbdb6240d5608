#include "sanitizers/symbols/location.h"

#include <dwarf.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace racelab {
namespace {

std::optional<Location> Evaluate(Dwarf_Attribute attribute, const FrameState& state, bool is_frame_base);

std::optional<std::uint64_t> FrameBase(const FrameState& state) {
  Dwarf_Die function = state.function;
  Dwarf_Attribute attribute;
  if (dwarf_attr_integrate(&function, DW_AT_frame_base, &attribute) == nullptr) return std::nullopt;
  const std::optional<Location> base = Evaluate(attribute, state, true);
  return base.has_value() ? std::optional(base->value) : std::nullopt;
}

// Applies one operation of an expression. False if the result of the operation cannot be known.
bool Apply(Dwarf_Attribute& attribute, const Dwarf_Op& operation, const FrameState& state,
           std::vector<std::uint64_t>& stack) {
  const auto push = [&](std::optional<std::uint64_t> value, std::uint64_t add = 0) {
    if (value.has_value()) stack.push_back(*value + add);
    return value.has_value();
  };
  if (operation.atom >= DW_OP_breg0 && operation.atom <= DW_OP_breg31)
    return push(Register(operation.atom - DW_OP_breg0, state), operation.number);
  if (operation.atom >= DW_OP_lit0 && operation.atom <= DW_OP_lit31) return push(operation.atom - DW_OP_lit0);
  switch (operation.atom) {
    case DW_OP_fbreg:
      return push(FrameBase(state), operation.number);
    case DW_OP_call_frame_cfa:
      return push(state.frame->cfa);
    case DW_OP_addr:
      return push(operation.number, state.bias);
    case DW_OP_addrx: {
      Dwarf_Attribute indexed;
      Dwarf_Addr address = 0;
      return dwarf_getlocation_attr(&attribute, &operation, &indexed) == 0 && dwarf_formaddr(&indexed, &address) == 0 &&
             push(address, state.bias);
    }
    case DW_OP_plus_uconst:
      if (stack.empty()) return false;
      stack.back() += operation.number;
      return true;
    case DW_OP_deref: {
      if (stack.empty()) return false;
      const auto word = state.words->find(stack.back());
      if (word == state.words->end()) return false;
      stack.back() = word->second;
      return true;
    }
    default:
      return false;
  }
}

std::optional<Location> Evaluate(Dwarf_Attribute attribute, const FrameState& state, bool is_frame_base) {
  Dwarf_Op* operations = nullptr;
  size_t count = 0;
  if (dwarf_getlocation_addr(&attribute, state.pc, &operations, &count, 1) != 1 || count == 0) return std::nullopt;
  Location location;
  location.everywhere = dwarf_whatform(&attribute) == DW_FORM_exprloc;
  if (count == 1 && operations[0].atom >= DW_OP_reg0 && operations[0].atom <= DW_OP_reg31) {
    const std::optional<std::uint64_t> value = Register(operations[0].atom - DW_OP_reg0, state);
    if (!value.has_value()) return std::nullopt;
    location.in_memory = false;
    location.value = *value;
    return location;
  }
  std::vector<std::uint64_t> stack;
  for (size_t i = 0; i < count; ++i) {
    if (is_frame_base && operations[i].atom == DW_OP_fbreg) return std::nullopt;
    if (operations[i].atom == DW_OP_stack_value && i + 1 == count) {
      location.in_memory = false;
    } else if (!Apply(attribute, operations[i], state, stack)) {
      return std::nullopt;
    }
  }
  if (stack.empty()) return std::nullopt;
  location.value = stack.back();
  return location;
}

}  // namespace

std::optional<std::uint64_t> Register(std::uint64_t number, const FrameState& state) {
  if (number == kStackPointer) return state.stack_pointer;
  const auto found = std::find(state.registers->begin(), state.registers->end(), static_cast<int>(number));
  if (found == state.registers->end()) return std::nullopt;
  return state.frame->registers[static_cast<size_t>(found - state.registers->begin())];
}

std::optional<Location> LocationOf(Dwarf_Die variable, const FrameState& state) {
  Dwarf_Attribute attribute;
  if (dwarf_attr(&variable, DW_AT_location, &attribute) == nullptr) return std::nullopt;
  return Evaluate(attribute, state, false);
}

}  // namespace racelab
