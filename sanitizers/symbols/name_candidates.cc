#include "sanitizers/symbols/name_candidates.h"

#include <dwarf.h>

#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "sanitizers/symbols/location.h"

namespace racelab {
namespace {

constexpr int kMostHops = 3;

// An expression of the program's language; its kind decides how the names of its members are appended.
struct Expression {
  enum class Kind { kObject, kThis, kPointer };
  Kind kind = Kind::kObject;
  std::string text;
  int detours = 0;
  std::string identity;
};

std::string MemberOf(const Expression& of, std::string_view path) {
  const bool subscript = absl::StartsWith(path, "[");
  switch (of.kind) {
    case Expression::Kind::kObject:
      return absl::StrCat(of.text, path);
    case Expression::Kind::kThis:
      return path.empty() ? "*this" : subscript ? absl::StrCat("(*this)", path) : std::string(path.substr(1));
    case Expression::Kind::kPointer:
      return path.empty() ? absl::StrCat("*", of.text)
             : subscript  ? absl::StrCat("(*", of.text, ")", path)
                          : absl::StrCat(of.text, "->", path.substr(1));
  }
  return "";
}

// Whether the variable is initialised before `pc`. At -O0 a variable has a location throughout the function, but
// arbitrary content until it is initialised. If it is initialised, the code before `pc` stores a register or a constant
// at the variable's offset from rbp.
bool IsStoredBefore(const DebugInfo& info, std::uint64_t begin, std::uint64_t pc, std::int64_t distance) {
  const std::string code = info.Code(begin, pc);
  for (size_t i = 0; i + 3 < code.size(); ++i) {
    const auto byte = [&](size_t k) { return static_cast<unsigned char>(code[i + k]); };
    if ((byte(0) != 0x48 && byte(0) != 0x4C) || (byte(1) != 0x89 && byte(1) != 0xC7)) continue;
    if ((byte(2) & 0xC7) == 0x45 && static_cast<signed char>(byte(3)) == distance) return true;
    if ((byte(2) & 0xC7) != 0x85 || i + 7 > code.size()) continue;
    std::int32_t wide = 0;
    std::memcpy(&wide, code.data() + i + 3, sizeof wide);
    if (wide == distance) return true;
  }
  return false;
}

// The names that one function has for an object.
class Function {
 public:
  Function(DebugInfo& info, const FrameState& state, std::uint64_t address, std::uint64_t size, int frames_away,
           std::vector<ObjectName>& names)
      : info_(info), state_(state), address_(address), size_(size), frames_away_(frames_away), names_(names) {}

  void Search(const std::vector<Dwarf_Die>& scopes) {
    for (size_t i = scopes.size(); i-- > 0;) {
      ForEachChild(scopes[i], [&](Dwarf_Die child) {
        const int tag = dwarf_tag(&child);
        if (tag == DW_TAG_formal_parameter || tag == DW_TAG_variable) Consider(child, scopes[i]);
      });
    }
  }

  void Global(const DebugInfo::Global& global) {
    constexpr int kNextToMembers = 2;
    const std::optional<Dwarf_Die> type = info_.TypeOf(global.die);
    if (!type.has_value()) return;
    Follow(*type, global.begin + state_.bias,
           {Expression::Kind::kObject, global.name, kNextToMembers, Identity(global.die, global.name)}, kMostHops);
  }

 private:
  static std::string Identity(Dwarf_Die variable, std::string_view name) {
    Dwarf_Attribute attribute;
    Dwarf_Die origin;
    if (dwarf_attr(&variable, DW_AT_abstract_origin, &attribute) != nullptr &&
        dwarf_formref_die(&attribute, &origin) != nullptr) {
      variable = origin;
    }
    return absl::StrCat("variable ", name, " ", dwarf_dieoffset(&variable));
  }

  void Consider(Dwarf_Die variable, Dwarf_Die scope) {
    std::string name = NameOf(variable);
    const bool is_this = name == "this" || name == "__closure";
    const std::optional<Dwarf_Die> type = info_.TypeOf(variable);
    if (name.empty() || (absl::StartsWith(name, "__") && !is_this) || !type.has_value()) return;
    const std::optional<Location> location = LocationOf(variable, state_);
    std::optional<Dwarf_Die> resolved = info_.Resolve(*type);
    if (!location.has_value() || !resolved.has_value()) return;
    const int tag = dwarf_tag(&*resolved);
    const bool is_reference = tag == DW_TAG_reference_type || tag == DW_TAG_rvalue_reference_type;
    if (tag != DW_TAG_pointer_type && !is_reference) {
      if (!location->in_memory) return;
      const bool initialised = dwarf_tag(&variable) == DW_TAG_formal_parameter || IsDeclaredBefore(variable);
      Follow(*type, location->value, {Expression::Kind::kObject, name, 1, Identity(variable, name)},
             initialised ? 0 : kMostHops);
      return;
    }
    std::uint64_t target = location->value;
    if (location->in_memory) {
      if (!is_reference)  // the step may concern the pointer itself
        Follow(*type, location->value, {Expression::Kind::kObject, name, 1, Identity(variable, name)}, kMostHops);
      const auto word = state_.words->find(location->value);
      if (word == state_.words->end() || !HasValue(variable, scope, *location)) return;
      target = word->second;
    }
    const std::optional<Dwarf_Die> pointee = info_.TypeOf(*resolved);
    if (!pointee.has_value() || target == 0) return;
    const auto kind = is_this        ? Expression::Kind::kThis
                      : is_reference ? Expression::Kind::kObject
                                     : Expression::Kind::kPointer;
    Follow(*pointee, target, {kind, name, is_this ? 0 : is_reference ? 3 : 4, ""}, 1);
  }

  bool HasValue(Dwarf_Die variable, Dwarf_Die scope, const Location& location) {
    if (dwarf_tag(&variable) == DW_TAG_formal_parameter || !location.everywhere) return true;
    Dwarf_Addr begin = 0, end = 0, base = 0;
    if (dwarf_ranges(&scope, 0, &base, &begin, &end) <= 0) return false;
    const std::optional<std::uint64_t> frame_pointer = Register(kFramePointer, state_);
    if (!frame_pointer.has_value()) return false;
    const auto distance = static_cast<std::int64_t>(location.value - *frame_pointer);
    return begin <= state_.pc && IsStoredBefore(info_, begin, state_.pc, distance);
  }

  bool IsDeclaredBefore(Dwarf_Die variable) {
    Dwarf_Attribute attribute;
    Dwarf_Word line = 0;
    return dwarf_attr_integrate(&variable, DW_AT_decl_line, &attribute) != nullptr &&
           dwarf_formudata(&attribute, &line) == 0 && static_cast<int>(line) < info_.LineAt(state_.pc);
  }

  // Looks for the object within the object of `type` at `begin`, which `expression` names, and behind its pointers.
  void Follow(Dwarf_Die type, std::uint64_t begin, const Expression& expression, int hops) {
    const std::optional<Dwarf_Die> resolved = info_.Resolve(type);
    if (!resolved.has_value()) return;
    if (address_ == begin || (address_ > begin && address_ - begin < SizeOf(*resolved))) {
      if (const std::optional<Part> part = PartAt(info_, type, address_ - begin, size_)) Add(*part, begin, expression);
      return;
    }
    if (hops >= kMostHops) return;
    for (const Pointer& pointer : PointersIn(info_, type)) {
      const auto word = state_.words->find(begin + pointer.offset);
      if (word == state_.words->end() || word->second == 0) continue;
      FollowPointer(pointer, begin, word->second, expression, hops);
    }
  }

  void FollowPointer(const Pointer& pointer, std::uint64_t begin, std::uint64_t target, const Expression& expression,
                     int hops) {
    const std::string text = MemberOf(expression, pointer.path);
    switch (pointer.kind) {
      case Pointer::Kind::kPointer:
        return Follow(pointer.target, target, {Expression::Kind::kPointer, text, expression.detours + 4, ""}, hops + 1);
      case Pointer::Kind::kOwner:
        return Follow(pointer.target, target, {Expression::Kind::kPointer, text, expression.detours + 1, ""}, hops + 1);
      case Pointer::Kind::kReference:
        return Follow(pointer.target, target, {Expression::Kind::kObject, text, expression.detours + 1, ""}, hops + 1);
      case Pointer::Kind::kThis:
        return Follow(pointer.target, target, {Expression::Kind::kThis, "", expression.detours, ""}, hops + 1);
      case Pointer::Kind::kVector:
        break;
    }
    const auto end = state_.words->find(begin + pointer.offset + sizeof target);
    const std::optional<Dwarf_Die> element = info_.Resolve(pointer.target);
    const std::uint64_t size = element.has_value() ? SizeOf(*element) : 0;
    if (size == 0 || end == state_.words->end() || address_ < target || address_ >= end->second) return;
    const std::uint64_t index = (address_ - target) / size;
    Follow(pointer.target, target + index * size,
           {Expression::Kind::kObject, absl::StrCat(text, "[", index, "]"), expression.detours + 1, pointer.identity},
           kMostHops);
  }

  void Add(const Part& part, std::uint64_t begin, const Expression& expression) {
    ObjectName name;
    name.text = MemberOf(expression, part.path);
    name.frames_away = frames_away_;
    name.detours = expression.detours;
    name.begin = begin + part.begin;
    name.identity = part.identity.empty() ? expression.identity : part.identity;
    if (part.bits.empty()) {
      name.format = FormatOf(info_, part.type, size_);
      const std::optional<Dwarf_Die> type = info_.Resolve(part.type);
      name.is_whole = type.has_value() && SizeOf(*type) == size_;
    } else {
      if (name.begin == address_) name.format = FormatOf(info_, part.bits, size_);
      name.is_whole = name.format.has_value();
    }
    names_.push_back(std::move(name));
  }

  DebugInfo& info_;
  const FrameState& state_;
  const std::uint64_t address_, size_;
  const int frames_away_;
  std::vector<ObjectName>& names_;
};

bool IsOfTheProgram(const Frame& frame) {
  return !frame.file.empty() && Site({StackRole::kAccess, "", {frame}}) != nullptr;
}

}  // namespace

DebugInfo* NameCandidates::Module(const std::string& path) {
  const auto [module, is_new] = modules_.try_emplace(path);
  if (is_new) module->second = DebugInfo::Open((std::filesystem::path(directory_) / path).string());
  return module->second.get();
}

std::vector<ObjectName> NameCandidates::Names(const Surroundings& surroundings, const std::vector<int>& registers,
                                              std::uint64_t size) {
  std::vector<ObjectName> names;
  int frames_away = 0;
  std::uint64_t stack_pointer = surroundings.stack_pointer;
  for (const StepFrame& frame : surroundings.frames) {
    const std::uint64_t its_stack_pointer = std::exchange(stack_pointer, frame.cfa);
    const auto symbols = frames_.find(frame.place);
    const size_t plus = frame.place.rfind("+0x");
    std::uint64_t offset = 0;
    if (symbols == frames_.end() || plus == std::string::npos || plus == 0 ||
        !absl::SimpleHexAtoi(frame.place.substr(plus + 1), &offset) || offset == 0) {
      continue;
    }
    bool any = false;
    for (const Frame& symbol : symbols->second) any |= IsOfTheProgram(symbol);
    DebugInfo* info = any ? Module(frame.place.substr(0, plus)) : nullptr;
    if (info == nullptr) continue;
    const std::uint64_t pc = info->base() + offset - 1;  // within the call, not after it
    const std::vector<std::vector<Dwarf_Die>> functions = info->FunctionsAt(pc);
    if (functions.empty() || functions.size() != symbols->second.size()) continue;
    FrameState state = {
        &frame, &registers, its_stack_pointer, frame.pc - 1 - pc, &surroundings.words, pc, functions.back().front()};
    for (size_t i = 0; i < functions.size(); ++i) {
      if (!IsOfTheProgram(symbols->second[i])) continue;
      Function function(*info, state, surroundings.address, size, frames_away, names);
      function.Search(functions[i]);
      if (frames_away++ > 0) continue;
      if (const DebugInfo::Global* global = info->GlobalAt(surroundings.address - state.bias)) function.Global(*global);
    }
  }
  return names;
}

}  // namespace racelab
