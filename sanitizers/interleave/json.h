#ifndef RACELAB_SANITIZERS_INTERLEAVE_JSON_H_
#define RACELAB_SANITIZERS_INTERLEAVE_JSON_H_

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <concepts>
#include <cstdint>

#include "sanitizers/interleave/runtime_memory.h"

namespace racelab::interleave {

// Writes JSON values, with commas where they belong.
class Json {
 public:
  void Open(char bracket) {
    Separate();
    text_.push_back(bracket);
    fresh_ = true;
  }
  void Close(char bracket) {
    text_.push_back(bracket);
    fresh_ = false;
  }
  void Key(const char* key) {
    Separate();
    Quote(key);
    text_.push_back(':');
    fresh_ = true;
  }
  void String(const char* value) {
    Separate();
    Quote(value);
    fresh_ = false;
  }
  void Field(const char* key, const char* value) {
    Key(key);
    String(value);
  }
  void Field(const char* key, bool value) {
    Key(key);
    Bare("%s", value ? "true" : "false");
  }
  void Field(const char* key, double value) {
    Key(key);
    Bare("%.6f", value);
  }
  void Number(std::uint64_t value) { Bare("%llu", static_cast<unsigned long long>(value)); }
  template <std::unsigned_integral Number>
  void Field(const char* key, Number value) {
    Key(key);
    Bare("%llu", static_cast<unsigned long long>(value));
  }
  template <std::signed_integral Number>
  void Field(const char* key, Number value) {
    Key(key);
    Bare("%lld", static_cast<long long>(value));
  }
  const Vector<char>& text() {
    text_.push_back('\n');
    return text_;
  }

 private:
  [[gnu::format(printf, 2, 3)]] void Bare(const char* format, ...) {
    Separate();
    char number[64];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(number, sizeof number, format, arguments);
    va_end(arguments);
    Append(number);
    fresh_ = false;
  }
  void Separate() {
    if (!fresh_) text_.push_back(',');
    fresh_ = false;
  }
  void Append(const char* text) { text_.insert(text_.end(), text, text + strlen(text)); }
  void Quote(const char* value) {
    text_.push_back('"');
    for (const char* c = value; *c != '\0'; ++c) {
      if (*c == '"' || *c == '\\') {
        text_.push_back('\\');
        text_.push_back(*c);
      } else if (static_cast<unsigned char>(*c) < 0x20) {
        char escaped[8];
        snprintf(escaped, sizeof escaped, "\\u%04x", *c);
        Append(escaped);
      } else {
        text_.push_back(*c);
      }
    }
    text_.push_back('"');
  }

  Vector<char> text_;
  bool fresh_ = true;
};

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_JSON_H_
