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

// The debug information of a program or library: what the compiler says of its functions, variables and types.
// Addresses are those of the file. Not to be shared among threads.
class DebugInfo {
 public:
  // Null if the file cannot be read or has no debug information.
  static std::unique_ptr<DebugInfo> Open(const std::string& path);
  ~DebugInfo();
  DebugInfo(const DebugInfo&) = delete;
  DebugInfo& operator=(const DebugInfo&) = delete;

  // The address of the file's first byte when it is loaded where it was linked to; 0 for most files.
  std::uint64_t base() const { return base_; }

  // The functions at `pc`, innermost first: more than one where calls are inlined. Of each, the DIEs of the function
  // and of the blocks in it that `pc` lies in, outermost first.
  std::vector<std::vector<Dwarf_Die>> FunctionsAt(std::uint64_t pc);

  // The source line at `pc`; 0 if unknown.
  int LineAt(std::uint64_t pc);

  // The type without typedefs and qualifiers, and its definition if it is just declared. nullopt for void.
  std::optional<Dwarf_Die> Resolve(Dwarf_Die type);
  std::optional<Dwarf_Die> TypeOf(Dwarf_Die entity);

  // "racelab::Bank::Account" of a type, "Bank::total_" of a static member; empty if it has no name.
  std::string QualifiedName(Dwarf_Die die);

  // A variable with static storage that `address` lies in.
  struct Global {
    std::uint64_t begin = 0, size = 0;
    Dwarf_Die die;
    std::string name;  // a class's static member with its class
  };
  const Global* GlobalAt(std::uint64_t address);

  // The machine code from `begin` to `end`; empty if the file does not have it.
  std::string_view Code(std::uint64_t begin, std::uint64_t end) const;

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

std::string NameOf(Dwarf_Die die);
// Its bytes; 0 if that is not known.
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
