#ifndef RACELAB_SANITIZERS_SYMBOLS_DEBUG_INFO_H_
#define RACELAB_SANITIZERS_SYMBOLS_DEBUG_INFO_H_

#include <elfutils/libdw.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace racelab {

// The debug information of a program or library: what the compiler recorded about its functions, variables and types.
// Addresses are those in the file. Not thread-safe.
class DebugInfo {
 public:
  // Null if the file cannot be read or has no debug information.
  static std::unique_ptr<DebugInfo> Open(const std::string& path);
  ~DebugInfo();
  DebugInfo(const DebugInfo&) = delete;
  DebugInfo& operator=(const DebugInfo&) = delete;

  // The address of the file's first byte when the file is loaded at the address for which it was linked; 0 for most
  // files.
  std::uint64_t base() const { return base_; }

  // The functions at `pc`, innermost first: more than one where calls are inlined. For each function, its DIE and the
  // DIEs of the blocks in it that contain `pc`, outermost first.
  std::vector<std::vector<Dwarf_Die>> FunctionsAt(std::uint64_t pc);

  // The source line at `pc`; 0 if unknown.
  int LineAt(std::uint64_t pc);

  // The type without typedefs and qualifiers, and its definition if `type` is only a declaration. nullopt for void.
  std::optional<Dwarf_Die> Resolve(Dwarf_Die type);
  std::optional<Dwarf_Die> TypeOf(Dwarf_Die entity);

  // "racelab::Bank::Account" for a type, "Bank::total_" for a static member; empty if it has no name.
  std::string QualifiedName(Dwarf_Die die);

  // A variable with static storage.
  struct Global {
    std::uint64_t begin = 0, size = 0;
    Dwarf_Die die;
    std::string name;  // qualified by its class if it is a static member
  };
  const Global* GlobalAt(std::uint64_t address);

  // The machine code from `begin` to `end`; empty if the file does not contain it.
  std::string Code(std::uint64_t begin, std::uint64_t end) const;

 private:
  struct Unit {
    Dwarf_Die die;
    bool read = false;
    std::vector<Dwarf_Die> functions;
  };

  DebugInfo() = default;
  void Read(Unit& unit);
  void ReadChildren(Unit& unit, Dwarf_Die parent, const std::string& scope, bool in_class);
  void ReadAll();
  void AddGlobal(Dwarf_Die die, const std::string& scope, bool in_class);

  int file_ = -1;
  Elf* elf_ = nullptr;
  Dwarf* dwarf_ = nullptr;
  std::uint64_t base_ = 0;
  std::vector<Unit> units_;
  std::map<Dwarf_Off, std::string> names_;
  std::map<std::string, Dwarf_Off> definitions_;
  std::vector<Global> globals_;
};

// Whether a DIE of this tag is a class, struct or union.
bool IsRecord(int tag);
std::string NameOf(Dwarf_Die die);
// The size of the type in bytes; 0 if unknown.
std::uint64_t SizeOf(Dwarf_Die type);

// Calls `visit(child)` for each child of `die`.
template <typename Visit>
void ForEachChild(Dwarf_Die die, const Visit& visit) {
  Dwarf_Die child;
  if (dwarf_child(&die, &child) != 0) return;
  do {
    visit(child);
  } while (dwarf_siblingof(&child, &child) == 0);
}

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_SYMBOLS_DEBUG_INFO_H_
