#ifndef RACELAB_SANITIZERS_PROCESS_OUTPUT_BUFFER_H_
#define RACELAB_SANITIZERS_PROCESS_OUTPUT_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace racelab {

// Keeps only the beginning and the end of a program's output, at most `half` bytes each.
class OutputBuffer {
 public:
  explicit OutputBuffer(size_t half = size_t{8} << 20) : half_(half) {}

  void Append(std::string_view bytes);

  // The kept output; a line says how many bytes were left out, if any were.
  std::string Text() const;

  // The number of bytes ever appended.
  int64_t total() const { return total_; }

 private:
  size_t half_;
  int64_t total_ = 0;
  std::string head_;
  std::string tail_;
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PROCESS_OUTPUT_BUFFER_H_
