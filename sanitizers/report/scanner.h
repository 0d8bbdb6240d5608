#ifndef RACELAB_SANITIZERS_REPORT_SCANNER_H_
#define RACELAB_SANITIZERS_REPORT_SCANNER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace racelab {

// Reads a line from left to right. Each function returns whether the text is there and, if so, moves past it.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  std::string_view rest() const { return rest_; }
  bool AtEnd() const { return rest_.empty(); }

  bool Take(std::string_view literal) {
    if (rest_.substr(0, literal.size()) != literal) return false;
    rest_.remove_prefix(literal.size());
    return true;
  }

  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Exactly `count` decimal digits.
  bool TakeDigits(size_t count) {
    if (rest_.size() < count) return false;
    for (size_t i = 0; i < count; ++i) {
      if (!IsDigit(rest_[i])) return false;
    }
    rest_.remove_prefix(count);
    return true;
  }

  // A decimal number that fits.
  template <typename Number>
  bool TakeNumber(Number& number) {
    std::uint64_t value = 0;
    size_t digits = 0;
    for (; digits < rest_.size() && IsDigit(rest_[digits]); ++digits) {
      if (digits >= 19) return false;
      value = value * 10 + static_cast<std::uint64_t>(rest_[digits] - '0');
    }
    number = static_cast<Number>(value);
    if (digits == 0 || static_cast<std::uint64_t>(number) != value || number < 0) return false;
    rest_.remove_prefix(digits);
    return true;
  }

  // "0x7b04"
  bool TakeHex(std::uint64_t& number) {
    if (!rest_.starts_with("0x")) return false;
    std::uint64_t value = 0;
    size_t end = 2;
    for (; end < rest_.size() && HexDigit(rest_[end]) >= 0; ++end) {
      if (end >= 18) return false;
      value = value * 16 + static_cast<std::uint64_t>(HexDigit(rest_[end]));
    }
    if (end == 2) return false;
    number = value;
    rest_.remove_prefix(end);
    return true;
  }

  // Moves past the first occurrence of `literal`; if there is none, does not move and returns false.
  bool SkipPast(std::string_view literal) {
    const size_t at = rest_.find(literal);
    if (at == std::string_view::npos) return false;
    rest_.remove_prefix(at + literal.size());
    return true;
  }

  static bool IsDigit(char c) { return c >= '0' && c <= '9'; }
  static int HexDigit(char c) {
    if (IsDigit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  }

 private:
  std::string_view rest_;
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_SCANNER_H_
