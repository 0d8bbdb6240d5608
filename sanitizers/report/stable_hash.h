#ifndef RACELAB_SANITIZERS_REPORT_STABLE_HASH_H_
#define RACELAB_SANITIZERS_REPORT_STABLE_HASH_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace racelab {

// A hash that is the same in each run, of eight bytes at a time.
class StableHash {
 public:
  void Add(std::uint64_t value) {
    state_ = (state_ ^ value) * 0x9E3779B97F4A7C15u;
    state_ ^= state_ >> 29;
  }

  void Add(std::string_view text) {
    Add(std::uint64_t{text.size()});
    for (; text.size() >= 8; text.remove_prefix(8)) Add(Word(text, 8));
    if (!text.empty()) Add(Word(text, text.size()));
  }

  std::uint64_t value() const { return state_; }

 private:
  static std::uint64_t Word(std::string_view text, size_t size) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), size);
    return word;
  }

  std::uint64_t state_ = 0x243F6A8885A308D3u;
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_STABLE_HASH_H_
