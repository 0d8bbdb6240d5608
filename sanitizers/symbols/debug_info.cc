#include "sanitizers/symbols/debug_info.h"

#include <dwarf.h>
#include <fcntl.h>
#include <gelf.h>
#include <unistd.h>

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace racelab {
namespace {

bool Has(Dwarf_Die die, unsigned attribute) { return dwarf_hasattr(&die, attribute) != 0; }

// The address, if the location is only an address.
std::optional<std::uint64_t> StaticAddress(Dwarf_Die die) {
  Dwarf_Attribute location;
  Dwarf_Op* operations = nullptr;
  size_t count = 0;
  if (dwarf_attr(&die, DW_AT_location, &location) == nullptr ||
      dwarf_getlocation(&location, &operations, &count) != 0 || count != 1) {
    return std::nullopt;
  }
  if (operations[0].atom == DW_OP_addr) return operations[0].number;
  Dwarf_Attribute indexed;
  Dwarf_Addr address = 0;
  if (operations[0].atom == DW_OP_addrx && dwarf_getlocation_attr(&location, operations, &indexed) == 0 &&
      dwarf_formaddr(&indexed, &address) == 0) {
    return address;
  }
  return std::nullopt;
}

}  // namespace

bool IsRecord(int tag) { return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type; }

std::string NameOf(Dwarf_Die die) {
  Dwarf_Attribute attribute;
  const char* name = nullptr;
  if (dwarf_attr_integrate(&die, DW_AT_name, &attribute) != nullptr) name = dwarf_formstring(&attribute);
  return name == nullptr ? "" : name;
}

std::uint64_t SizeOf(Dwarf_Die type) {
  Dwarf_Word size = 0;
  return dwarf_aggregate_size(&type, &size) == 0 ? size : 0;
}

std::unique_ptr<DebugInfo> DebugInfo::Open(const std::string& path) {
  std::unique_ptr<DebugInfo> info(new DebugInfo);
  elf_version(EV_CURRENT);
  info->file_ = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (info->file_ < 0) return nullptr;
  info->elf_ = elf_begin(info->file_, ELF_C_READ, nullptr);
  if (info->elf_ == nullptr) return nullptr;
  info->dwarf_ = dwarf_begin_elf(info->elf_, DWARF_C_READ, nullptr);
  if (info->dwarf_ == nullptr) return nullptr;
  size_t segments = 0;
  elf_getphdrnum(info->elf_, &segments);
  for (size_t i = 0; i < segments; ++i) {
    GElf_Phdr segment;
    if (gelf_getphdr(info->elf_, static_cast<int>(i), &segment) == nullptr || segment.p_type != PT_LOAD) continue;
    info->base_ = segment.p_vaddr - segment.p_offset;
    break;
  }
  Dwarf_CU* unit = nullptr;
  Dwarf_Die die;
  Dwarf_Die skeleton;
  std::uint8_t type = 0;
  while (dwarf_get_units(info->dwarf_, unit, &unit, nullptr, &type, &die, &skeleton) == 0) {
    if (type == DW_UT_compile) info->units_.push_back({die, false, {}});
  }
  return info;
}

DebugInfo::~DebugInfo() {
  if (dwarf_ != nullptr) dwarf_end(dwarf_);
  if (elf_ != nullptr) elf_end(elf_);
  if (file_ >= 0) close(file_);
}

void DebugInfo::Read(Unit& unit) {
  if (unit.read) return;
  unit.read = true;
  ReadChildren(unit, unit.die, "", false);
}

void DebugInfo::ReadAll() {
  for (Unit& unit : units_) Read(unit);
}

void DebugInfo::ReadChildren(Unit& unit, Dwarf_Die parent, const std::string& scope, bool in_class) {
  ForEachChild(parent, [&](Dwarf_Die child) {
    const int tag = dwarf_tag(&child);
    if (tag == DW_TAG_namespace || tag == DW_TAG_lexical_block) {
      const std::string name = NameOf(child);
      ReadChildren(unit, child, name.empty() ? scope : absl::StrCat(scope, name, "::"), false);
    } else if (IsRecord(tag) || tag == DW_TAG_enumeration_type) {
      const std::string name = NameOf(child);
      if (!name.empty()) {
        const std::string full = absl::StrCat(scope, name);
        names_[dwarf_dieoffset(&child)] = full;
        if (!Has(child, DW_AT_declaration)) definitions_.try_emplace(full, dwarf_dieoffset(&child));
      }
      if (IsRecord(tag)) ReadChildren(unit, child, absl::StrCat(scope, name.empty() ? "" : name + "::"), true);
    } else if (tag == DW_TAG_subprogram) {
      if (Has(child, DW_AT_low_pc) || Has(child, DW_AT_ranges)) unit.functions.push_back(child);
      ReadChildren(unit, child, absl::StrCat(scope, NameOf(child), "()::"), false);
    } else if (tag == DW_TAG_variable || (tag == DW_TAG_member && in_class)) {
      AddGlobal(child, scope, in_class);
    }
  });
}

void DebugInfo::AddGlobal(Dwarf_Die die, const std::string& scope, bool in_class) {
  if (in_class) names_[dwarf_dieoffset(&die)] = absl::StrCat(scope, NameOf(die));
  const std::optional<std::uint64_t> address = StaticAddress(die);
  const std::optional<Dwarf_Die> type = TypeOf(die);
  if (!address.has_value() || !type.has_value()) return;
  std::string name = NameOf(die);
  Dwarf_Attribute attribute;
  Dwarf_Die declaration;
  if (dwarf_attr(&die, DW_AT_specification, &attribute) != nullptr &&
      dwarf_formref_die(&attribute, &declaration) != nullptr) {
    // The name of a static member has its class, but not its namespaces.
    const auto found = names_.find(dwarf_dieoffset(&declaration));
    if (found != names_.end()) {
      const size_t last = found->second.rfind("::");
      const size_t before = last == std::string::npos || last == 0 ? last : found->second.rfind("::", last - 1);
      name = before == std::string::npos ? found->second : found->second.substr(before + 2);
    }
  }
  if (!name.empty()) globals_.push_back({*address, SizeOf(*type), die, name});
}

std::vector<std::vector<Dwarf_Die>> DebugInfo::FunctionsAt(std::uint64_t pc) {
  std::vector<std::vector<Dwarf_Die>> functions;
  for (Unit& unit : units_) {
    if (dwarf_haspc(&unit.die, pc) != 1) continue;
    Read(unit);
    const auto found = std::find_if(unit.functions.begin(), unit.functions.end(),
                                    [&](Dwarf_Die& function) { return dwarf_haspc(&function, pc) == 1; });
    if (found == unit.functions.end()) continue;
    Dwarf_Die scope = *found;
    functions.push_back({scope});
    for (bool deeper = true; deeper;) {
      deeper = false;
      ForEachChild(scope, [&](Dwarf_Die child) {
        const int tag = dwarf_tag(&child);
        if (deeper || (tag != DW_TAG_lexical_block && tag != DW_TAG_inlined_subroutine) || dwarf_haspc(&child, pc) != 1)
          return;
        if (tag == DW_TAG_inlined_subroutine) functions.emplace_back();
        functions.back().push_back(child);
        scope = child;
        deeper = true;
      });
    }
    break;
  }
  std::reverse(functions.begin(), functions.end());
  return functions;
}

int DebugInfo::LineAt(std::uint64_t pc) {
  for (Unit& unit : units_) {
    if (dwarf_haspc(&unit.die, pc) != 1) continue;
    Dwarf_Line* line = dwarf_getsrc_die(&unit.die, pc);
    int number = 0;
    return line != nullptr && dwarf_lineno(line, &number) == 0 ? number : 0;
  }
  return 0;
}

std::optional<Dwarf_Die> DebugInfo::TypeOf(Dwarf_Die entity) {
  Dwarf_Attribute attribute;
  Dwarf_Die type;
  if (dwarf_attr_integrate(&entity, DW_AT_type, &attribute) == nullptr ||
      dwarf_formref_die(&attribute, &type) == nullptr) {
    return std::nullopt;
  }
  return type;
}

std::optional<Dwarf_Die> DebugInfo::Resolve(Dwarf_Die type) {
  Dwarf_Die peeled;
  if (dwarf_peel_type(&type, &peeled) != 0) return std::nullopt;
  if (!Has(peeled, DW_AT_declaration)) return peeled;
  const std::string name = QualifiedName(peeled);
  if (name.empty()) return peeled;
  if (!definitions_.contains(name)) ReadAll();
  const auto found = definitions_.find(name);
  Dwarf_Die definition;
  if (found == definitions_.end() || dwarf_offdie(dwarf_, found->second, &definition) == nullptr) return peeled;
  return definition;
}

std::string DebugInfo::QualifiedName(Dwarf_Die die) {
  Dwarf_Die unit_die;
  if (dwarf_diecu(&die, &unit_die, nullptr, nullptr) != nullptr) {
    for (Unit& unit : units_) {
      if (dwarf_dieoffset(&unit.die) == dwarf_dieoffset(&unit_die)) Read(unit);
    }
  }
  const auto found = names_.find(dwarf_dieoffset(&die));
  return found == names_.end() ? NameOf(die) : found->second;
}

const DebugInfo::Global* DebugInfo::GlobalAt(std::uint64_t address) {
  ReadAll();
  for (const Global& global : globals_) {
    if (address >= global.begin && address - global.begin < global.size) return &global;
  }
  return nullptr;
}

std::string DebugInfo::Code(std::uint64_t begin, std::uint64_t end) const {
  size_t segments = 0;
  elf_getphdrnum(elf_, &segments);
  for (size_t i = 0; i < segments; ++i) {
    GElf_Phdr segment;
    if (gelf_getphdr(elf_, static_cast<int>(i), &segment) == nullptr || segment.p_type != PT_LOAD) continue;
    if (begin < segment.p_vaddr || end > segment.p_vaddr + segment.p_filesz || begin > end) continue;
    // Avoid elf_rawfile(): after it, elf_end() does not free the sections that have been read.
    std::string code(end - begin, '\0');
    const std::uint64_t offset = begin - segment.p_vaddr + segment.p_offset;
    const ssize_t read = pread(file_, code.data(), code.size(), static_cast<off_t>(offset));
    return read == static_cast<ssize_t>(code.size()) ? code : "";
  }
  return {};
}

}  // namespace racelab
