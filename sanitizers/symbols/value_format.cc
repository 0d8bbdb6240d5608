#include "sanitizers/symbols/value_format.h"

#include <dwarf.h>

#include <bit>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace racelab {
namespace {

constexpr int kDeepestValue = 12;

ValueFormat FormatOfKind(ValueFormat::Kind kind, std::uint64_t size) {
  ValueFormat format;
  format.kind = kind;
  format.size = size;
  return format;
}

std::optional<ValueFormat> FormatOfBaseType(Dwarf_Die type, std::uint64_t size) {
  Dwarf_Attribute attribute;
  Dwarf_Word encoding = 0;
  if (dwarf_attr(&type, DW_AT_encoding, &attribute) == nullptr || dwarf_formudata(&attribute, &encoding) != 0)
    return std::nullopt;
  switch (encoding) {
    case DW_ATE_boolean:
      return FormatOfKind(ValueFormat::Kind::kBool, size);
    case DW_ATE_signed:
    case DW_ATE_signed_char:
      return FormatOfKind(ValueFormat::Kind::kSigned, size);
    case DW_ATE_float:
      return FormatOfKind(ValueFormat::Kind::kFloat, size);
    default:
      return FormatOfKind(ValueFormat::Kind::kUnsigned, size);
  }
}

std::uint64_t Truncate(std::uint64_t value, std::uint64_t size) {
  return size >= sizeof value ? value : value & ((std::uint64_t{1} << (8 * size)) - 1);
}

std::int64_t Signed(std::uint64_t value, std::uint64_t size) {
  const auto shift = static_cast<int>(8 * (sizeof value - size));
  return static_cast<std::int64_t>(value << shift) >> shift;
}

ValueFormat FormatOfEnumeration(Dwarf_Die type, std::uint64_t size) {
  ValueFormat format = FormatOfKind(ValueFormat::Kind::kEnumeration, size);
  ForEachChild(type, [&](Dwarf_Die child) {
    Dwarf_Attribute attribute;
    Dwarf_Sword value = 0;
    if (dwarf_tag(&child) == DW_TAG_enumerator && dwarf_attr(&child, DW_AT_const_value, &attribute) != nullptr &&
        dwarf_formsdata(&attribute, &value) == 0) {
      format.enumerators.emplace_back(Truncate(static_cast<std::uint64_t>(value), size), NameOf(child));
    }
  });
  return format;
}

std::optional<ValueFormat> FormatOf(DebugInfo& info, Dwarf_Die type, std::uint64_t size, int depth) {
  std::optional<Dwarf_Die> resolved = info.Resolve(type);
  if (!resolved.has_value() || depth > kDeepestValue || size == 0 || size > 8 || SizeOf(*resolved) != size)
    return std::nullopt;
  switch (dwarf_tag(&*resolved)) {
    case DW_TAG_base_type:
      return FormatOfBaseType(*resolved, size);
    case DW_TAG_enumeration_type:
      return FormatOfEnumeration(*resolved, size);
    case DW_TAG_pointer_type:
      return FormatOfKind(ValueFormat::Kind::kPointer, size);
    case DW_TAG_structure_type:
    case DW_TAG_class_type: {
      std::optional<ValueFormat> format;
      ForEachChild(*resolved, [&](Dwarf_Die child) {
        const int tag = dwarf_tag(&child);
        if (format.has_value() || (tag != DW_TAG_member && tag != DW_TAG_inheritance)) return;
        if (const std::optional<Dwarf_Die> part = info.TypeOf(child)) format = FormatOf(info, *part, size, depth + 1);
      });
      return format;
    }
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<ValueFormat> FormatOf(DebugInfo& info, Dwarf_Die type, std::uint64_t size) {
  return FormatOf(info, type, size, 0);
}

std::optional<ValueFormat> FormatOf(DebugInfo& info, const std::vector<BitField>& fields, std::uint64_t size) {
  if (size > 8) return std::nullopt;
  ValueFormat format = FormatOfKind(ValueFormat::Kind::kBitFields, size);
  for (const BitField& field : fields) {
    const std::optional<Dwarf_Die> type = info.Resolve(field.type);
    std::optional<ValueFormat> part = type.has_value() ? FormatOf(info, field.type, SizeOf(*type)) : std::nullopt;
    if (!part.has_value() || field.begin + field.size > 8 * size) return std::nullopt;
    part->begin = field.begin;
    part->bits = field.size;
    format.fields.push_back(*std::move(part));
  }
  return format;
}

std::string ValueText(const ValueFormat& format, std::uint64_t value) {
  if (format.bits != 0) {  // moved up to the highest bit, and then down to the lowest
    const bool is_signed = format.kind == ValueFormat::Kind::kSigned;
    value <<= 64 - format.begin - format.bits;
    value = is_signed ? static_cast<std::uint64_t>(static_cast<std::int64_t>(value) >> (64 - format.bits))
                      : value >> (64 - format.bits);
  }
  value = Truncate(value, format.size);
  switch (format.kind) {
    case ValueFormat::Kind::kUnsigned:
      return absl::StrCat(value);
    case ValueFormat::Kind::kSigned:
      return absl::StrCat(Signed(value, format.size));
    case ValueFormat::Kind::kBool:
      return value == 0 ? "false" : value == 1 ? "true" : absl::StrCat(value);
    case ValueFormat::Kind::kFloat:
      if (format.size == sizeof(float)) return absl::StrCat(std::bit_cast<float>(static_cast<std::uint32_t>(value)));
      return format.size == sizeof(double) ? absl::StrCat(std::bit_cast<double>(value)) : absl::StrCat(value);
    case ValueFormat::Kind::kPointer:
      if (value == 0) return "null";
      return IsAddress(value) ? "an address" : absl::StrCat("0x", absl::Hex(value));
    case ValueFormat::Kind::kEnumeration:
      for (const auto& [enumerator, name] : format.enumerators) {
        if (enumerator == value) return name;
      }
      return absl::StrCat(value);
    case ValueFormat::Kind::kBitFields:
      return absl::StrJoin(format.fields, "/", [value](std::string* text, const ValueFormat& field) {
        absl::StrAppend(text, ValueText(field, value));
      });
  }
  return "";
}

bool IsAddress(std::uint64_t value) {
  constexpr int kBitsOfNumbers = 40;
  return value >> kBitsOfNumbers != 0 && value >> 63 == 0;
}

}  // namespace racelab
