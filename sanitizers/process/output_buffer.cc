#include "sanitizers/process/output_buffer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace racelab {

void OutputBuffer::Append(std::string_view bytes) {
  total_ += static_cast<int64_t>(bytes.size());
  const size_t to_head = std::min(bytes.size(), half_ - head_.size());
  head_.append(bytes.substr(0, to_head));
  tail_.append(bytes.substr(to_head));
  // Dropped in large pieces, so that the cost for each byte stays constant.
  if (tail_.size() > 2 * half_) tail_.erase(0, tail_.size() - half_);
}

std::string OutputBuffer::Text() const {
  const std::string_view tail = std::string_view(tail_).substr(tail_.size() - std::min(tail_.size(), half_));
  const int64_t left_out = total_ - static_cast<int64_t>(head_.size() + tail.size());
  if (left_out == 0) return absl::StrCat(head_, tail);
  return absl::StrCat(head_, "\n[", left_out, " bytes left out]\n", tail);
}

}  // namespace racelab
