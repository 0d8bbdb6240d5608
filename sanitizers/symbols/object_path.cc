#include "sanitizers/symbols/object_path.h"

#include <dwarf.h>

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace racelab {
namespace {

constexpr int kDeepest = 12;          // nesting limit: deeper members are ignored
constexpr size_t kMostPointers = 64;  // of one object

// Whether a type has only a name for the program, and its parts are a library's internals.
bool IsOpaque(DebugInfo& info, Dwarf_Die type) {
  for (Dwarf_Die die = type; dwarf_tag(&die) == DW_TAG_typedef || dwarf_tag(&die) == DW_TAG_const_type ||
                             dwarf_tag(&die) == DW_TAG_volatile_type;) {
    const std::string name = NameOf(die);
    if (dwarf_tag(&die) == DW_TAG_typedef && (absl::StartsWith(name, "pthread_") || name == "sem_t")) return true;
    const std::optional<Dwarf_Die> next = info.TypeOf(die);
    if (!next.has_value()) return false;
    die = *next;
  }
  std::optional<Dwarf_Die> resolved = info.Resolve(type);
  if (!resolved.has_value() || !IsRecord(dwarf_tag(&*resolved))) return false;
  const std::string name = info.QualifiedName(*resolved);
  if (absl::StartsWith(name, "std::array<") || absl::StartsWith(name, "std::pair<")) return false;
  return absl::StartsWith(name, "std::") || absl::StartsWith(name, "absl::") || absl::StartsWith(name, "__gnu_cxx::");
}

// The class of a lambda: clang gives it no name, and g++ gives it a name that no program can use.
bool IsClosure(Dwarf_Die record) {
  const std::string name = NameOf(record);
  return name.empty() || absl::StartsWith(name, "<lambda");
}

struct Member {
  std::string name;  // empty: a base class, an anonymous union
  std::uint64_t offset = 0, size = 0;
  Dwarf_Die type;
};

std::vector<Member> Members(DebugInfo& info, Dwarf_Die record) {
  std::vector<Member> members;
  const bool closure = IsClosure(record);
  ForEachChild(record, [&](Dwarf_Die child) {
    const int tag = dwarf_tag(&child);
    if (tag != DW_TAG_member && tag != DW_TAG_inheritance) return;
    Dwarf_Attribute attribute;
    Dwarf_Word offset = 0;
    const bool is_vptr = absl::StartsWith(NameOf(child), "_vptr");
    if (dwarf_attr(&child, DW_AT_artificial, &attribute) != nullptr && tag == DW_TAG_member && !is_vptr) return;
    if (dwarf_attr(&child, DW_AT_data_bit_offset, &attribute) != nullptr ||
        dwarf_attr(&child, DW_AT_bit_size, &attribute) != nullptr) {
      return;  // see BitFields()
    }
    if (dwarf_attr(&child, DW_AT_data_member_location, &attribute) != nullptr) {
      if (dwarf_formudata(&attribute, &offset) != 0) return;  // a virtual base
    } else if (dwarf_tag(&record) != DW_TAG_union_type) {
      return;  // a static member
    }
    const std::optional<Dwarf_Die> type = info.TypeOf(child);
    if (!type.has_value()) return;
    const std::optional<Dwarf_Die> resolved = info.Resolve(*type);
    std::string name = is_vptr ? "vptr" : tag == DW_TAG_member ? NameOf(child) : "";
    if (closure && absl::StartsWith(name, "__")) name = name.substr(2);  // g++'s name for a captured variable
    members.push_back({std::move(name), offset, resolved.has_value() ? SizeOf(*resolved) : 0, *type});
  });
  // clang omits the definition of a class that it expects in another file (std::condition_variable is the library's).
  // Then the class must end at the latest where the next member begins.
  for (Member& member : members) {
    if (member.size != 0) continue;
    std::uint64_t end = SizeOf(record);
    for (const Member& other : members) {
      if (other.offset > member.offset) end = std::min(end, other.offset);
    }
    if (end > member.offset) member.size = end - member.offset;
  }
  return members;
}

// The bit fields of a record. Groups bit fields by memory location: a bit field starts a new location if it is not
// adjacent to the previous one although it would have fitted there.
std::vector<std::vector<BitField>> BitFields(DebugInfo& info, Dwarf_Die record) {
  std::vector<std::vector<BitField>> locations;
  bool continues = false;
  ForEachChild(record, [&](Dwarf_Die child) {
    if (dwarf_tag(&child) != DW_TAG_member) return;
    Dwarf_Attribute attribute;
    Dwarf_Word begin = 0, size = 0;
    const std::optional<Dwarf_Die> type = info.TypeOf(child);
    const std::optional<Dwarf_Die> resolved = type.has_value() ? info.Resolve(*type) : std::nullopt;
    if (dwarf_attr(&child, DW_AT_data_bit_offset, &attribute) == nullptr || dwarf_formudata(&attribute, &begin) != 0 ||
        dwarf_attr(&child, DW_AT_bit_size, &attribute) == nullptr || dwarf_formudata(&attribute, &size) != 0 ||
        !resolved.has_value() || SizeOf(*resolved) == 0) {
      continues = false;
      return;
    }
    if (continues) {
      const std::uint64_t end = locations.back().back().begin + locations.back().back().size;
      const std::uint64_t unit = 8 * SizeOf(*resolved);
      continues = begin == end || (begin > end && end % unit + size > unit);
    }
    if (!continues) locations.emplace_back();
    locations.back().push_back({NameOf(child), begin, size, *type});
    continues = true;
  });
  return locations;
}

// "open_/locked_"
std::string NameOfAll(const std::vector<BitField>& fields) {
  constexpr size_t kMostNames = 4;
  if (fields.size() > kMostNames) return absl::StrCat(fields.front().name, "/.../", fields.back().name);
  return absl::StrJoin(fields, "/",
                       [](std::string* text, const BitField& field) { absl::StrAppend(text, field.name); });
}

// The number of elements in each dimension, outermost first.
std::vector<std::uint64_t> Dimensions(Dwarf_Die array) {
  std::vector<std::uint64_t> counts;
  ForEachChild(array, [&](Dwarf_Die child) {
    if (dwarf_tag(&child) != DW_TAG_subrange_type) return;
    Dwarf_Attribute attribute;
    Dwarf_Word count = 0;
    if (dwarf_attr(&child, DW_AT_count, &attribute) != nullptr && dwarf_formudata(&attribute, &count) == 0) {
      counts.push_back(count);
    } else if (dwarf_attr(&child, DW_AT_upper_bound, &attribute) != nullptr &&
               dwarf_formudata(&attribute, &count) == 0) {
      counts.push_back(count + 1);
    }
  });
  return counts;
}

std::string Subscripts(std::uint64_t element, const std::vector<std::uint64_t>& dimensions) {
  std::string text;
  for (size_t i = dimensions.size(); i-- > 0;) {
    text = absl::StrCat("[", element % dimensions[i], "]", text);
    element /= dimensions[i];
  }
  return text;
}

class PartFinder {
 public:
  PartFinder(DebugInfo& info, std::uint64_t size) : info_(info), size_(size) {}

  bool Find(Dwarf_Die type, std::uint64_t offset, int depth = 0) {
    part_.type = type;
    std::optional<Dwarf_Die> resolved = info_.Resolve(type);
    if (!resolved.has_value() || depth > kDeepest) return false;
    const std::uint64_t whole = SizeOf(*resolved);
    const bool opaque = IsOpaque(info_, type);
    if (whole == 0 ? !opaque : offset + size_ > whole) return false;
    if (opaque) return true;
    const int tag = dwarf_tag(&*resolved);
    if (tag == DW_TAG_array_type) return FindElement(*resolved, offset, depth);
    if (IsRecord(tag)) return FindMember(*resolved, offset, whole, depth);
    return true;
  }

  Part part_;

 private:
  bool FindElement(Dwarf_Die array, std::uint64_t offset, int depth) {
    const std::optional<Dwarf_Die> element = info_.TypeOf(array);
    if (!element.has_value()) return false;
    const std::optional<Dwarf_Die> resolved = info_.Resolve(*element);
    const std::uint64_t size = resolved.has_value() ? SizeOf(*resolved) : 0;
    const std::vector<std::uint64_t> dimensions = Dimensions(array);
    if (size == 0 || dimensions.empty() || std::count(dimensions.begin(), dimensions.end(), 0u) != 0) return false;
    if (offset % size + size_ > size) return offset == 0;  // several elements: the array
    part_.begin += offset - offset % size;
    absl::StrAppend(&part_.path, Subscripts(offset / size, dimensions));
    return Find(*element, offset % size, depth + 1);
  }

  bool FindMember(Dwarf_Die record, std::uint64_t offset, std::uint64_t whole, int depth) {
    const Member* found = nullptr;
    const std::vector<Member> members = Members(info_, record);
    for (const Member& member : members) {
      if (offset < member.offset || offset + size_ > member.offset + member.size) continue;
      // No address tells which member of a union is meant; an empty base shares its address with a member.
      if (found != nullptr && member.name.empty() && member.size == 1) continue;
      if (found != nullptr && found->name.empty() && found->size == 1) found = nullptr;
      if (found != nullptr) return !part_.path.empty();
      found = &member;
    }
    if (found == nullptr) return FindBitFields(record, offset) || (offset == 0 && size_ == whole);
    part_.begin += found->offset;
    const std::string name = info_.QualifiedName(record);
    if (!found->name.empty() && !absl::StartsWith(name, "std::array<")) {
      absl::StrAppend(&part_.path, ".", found->name);
      if (!IsClosure(record)) part_.identity = absl::StrCat(name, "::", found->name);
    }
    return Find(found->type, offset - found->offset, depth + 1);
  }

  bool FindBitFields(Dwarf_Die record, std::uint64_t offset) {
    if (dwarf_tag(&record) == DW_TAG_union_type) return false;
    for (std::vector<BitField>& fields : BitFields(info_, record)) {
      const std::uint64_t begin = fields.front().begin / 8;
      const std::uint64_t end = (fields.back().begin + fields.back().size + 7) / 8;
      if (offset < begin || offset >= end) continue;
      const std::string name = NameOfAll(fields);
      part_.begin += begin;
      absl::StrAppend(&part_.path, ".", name);
      part_.identity = absl::StrCat(info_.QualifiedName(record), "::", name);
      for (BitField& field : fields) field.begin -= 8 * begin;
      part_.bits = std::move(fields);
      return true;
    }
    return false;
  }

  DebugInfo& info_;
  const std::uint64_t size_;
};

class PointerFinder {
 public:
  explicit PointerFinder(DebugInfo& info) : info_(info) {}

  void Find(Dwarf_Die type, const std::string& path, std::uint64_t offset, const std::string& identity, int depth = 0) {
    std::optional<Dwarf_Die> resolved = info_.Resolve(type);
    if (!resolved.has_value() || depth > kDeepest || pointers_.size() >= kMostPointers) return;
    const int tag = dwarf_tag(&*resolved);
    if (tag == DW_TAG_pointer_type || tag == DW_TAG_reference_type || tag == DW_TAG_rvalue_reference_type) {
      const std::optional<Dwarf_Die> target = info_.TypeOf(*resolved);
      if (!target.has_value()) return;
      const bool captured_this = path == ".this";
      const auto kind = owner_                       ? Pointer::Kind::kOwner
                        : captured_this              ? Pointer::Kind::kThis
                        : tag == DW_TAG_pointer_type ? Pointer::Kind::kPointer
                                                     : Pointer::Kind::kReference;
      pointers_.push_back({kind, path, offset, *target, ""});
    } else if (IsRecord(tag)) {
      FindInRecord(*resolved, path, offset, identity, depth);
    }
  }

  std::vector<Pointer> pointers_;

 private:
  void FindInRecord(Dwarf_Die record, const std::string& path, std::uint64_t offset, const std::string& identity,
                    int depth) {
    const std::string name = info_.QualifiedName(record);
    if (owner_) {  // within a smart pointer, the first pointer is the pointer itself
      for (const Member& member : Members(info_, record)) {
        if (!pointers_.empty() && pointers_.back().path == path) return;
        Find(member.type, path, offset + member.offset, identity, depth + 1);
      }
      return;
    }
    if (absl::StartsWith(name, "std::vector<")) return FindVector(record, path, offset, identity);
    constexpr std::string_view kOwners[] = {"std::unique_ptr<", "std::shared_ptr<", "std::atomic<",
                                            "std::reference_wrapper<"};
    if (std::any_of(std::begin(kOwners), std::end(kOwners),
                    [&](std::string_view owner) { return absl::StartsWith(name, owner); })) {
      owner_ = true;
      FindInRecord(record, path, offset, identity, depth + 1);
      owner_ = false;
      return;
    }
    if (dwarf_tag(&record) == DW_TAG_union_type || IsOpaque(info_, record)) return;
    for (const Member& member : Members(info_, record)) {
      Find(member.type, member.name.empty() ? path : absl::StrCat(path, ".", member.name), offset + member.offset,
           member.name.empty() ? identity : absl::StrCat(name, "::", member.name), depth + 1);
    }
  }

  // For libstdc++'s std::vector: _M_impl contains _M_start, followed by _M_finish.
  void FindVector(Dwarf_Die record, const std::string& path, std::uint64_t offset, const std::string& identity) {
    for (const Member& base : Members(info_, record)) {
      std::optional<Dwarf_Die> layer = info_.Resolve(base.type);
      for (int i = 0; i < kDeepest && layer.has_value(); ++i) {
        std::optional<Dwarf_Die> next;
        for (const Member& member : Members(info_, *layer)) {
          if (member.name == "_M_start") {
            const std::optional<Dwarf_Die> pointer = info_.Resolve(member.type);
            const std::optional<Dwarf_Die> element = pointer.has_value() ? info_.TypeOf(*pointer) : std::nullopt;
            if (element.has_value())
              pointers_.push_back({Pointer::Kind::kVector, path, offset + member.offset, *element,
                                   identity.empty() ? "" : absl::StrCat(identity, "[]")});
            return;
          }
          if (member.name == "_M_impl" || (member.name.empty() && member.size >= 3 * sizeof(void*)))
            next = info_.Resolve(member.type);
        }
        layer = next;
      }
    }
  }

  DebugInfo& info_;
  bool owner_ = false;
};

}  // namespace

std::optional<Part> PartAt(DebugInfo& info, Dwarf_Die type, std::uint64_t offset, std::uint64_t size) {
  PartFinder finder(info, size);
  if (!finder.Find(type, offset)) return std::nullopt;
  return finder.part_;
}

std::vector<Pointer> PointersIn(DebugInfo& info, Dwarf_Die type) {
  PointerFinder finder(info);
  finder.Find(type, "", 0, "");
  return finder.pointers_;
}

}  // namespace racelab
