#ifndef RACELAB_SANITIZERS_RACELAB_TOML_READER_H_
#define RACELAB_SANITIZERS_RACELAB_TOML_READER_H_

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "sanitizers/racelab/project.h"
#include "toml++/toml.h"

namespace racelab {

// Reads the values of one TOML file, and remembers its first error.
class TomlReader {
 public:
  // `file` is the name for error messages, relative to the project.
  explicit TomlReader(std::filesystem::path file) : file_(std::move(file)) {}

  template <typename Value>
  Value Get(const toml::table& table, std::string_view key) {
    if (const toml::node* node = table.get(key)) {
      if (std::optional<Value> value = node->value<Value>()) return *value;
      Complain(*node, absl::StrCat("`", key, "` has the wrong type"));
    } else {
      Complain(table, absl::StrCat("`", key, "` is missing"));
    }
    return {};
  }

  std::vector<std::string> GetList(const toml::table& table, std::string_view key, bool required = true) {
    std::vector<std::string> list;
    const toml::node* node = table.get(key);
    if (node == nullptr) {
      if (required) Complain(table, absl::StrCat("`", key, "` is missing"));
      return list;
    }
    if (!node->is_array()) Complain(*node, absl::StrCat("`", key, "` must be a list of strings"));
    if (const toml::array* array = node->as_array()) {
      for (const toml::node& element : *array) {
        if (!element.is_string()) Complain(element, absl::StrCat("`", key, "` must be a list of strings"));
        list.push_back(element.value_or(std::string()));
      }
    }
    return list;
  }

  std::map<std::string, std::string> GetStrings(const toml::table& table, std::string_view key) {
    std::map<std::string, std::string> strings;
    const toml::table* inner = table[key].as_table();
    if (inner == nullptr) {
      if (table.contains(key)) Complain(table, absl::StrCat("[", key, "] must be a table: name = \"sentence\""));
      return strings;
    }
    for (const auto& [name, value] : *inner) strings[std::string(name.str())] = Get<std::string>(*inner, name.str());
    return strings;
  }

  void AllowOnly(const toml::table& table, std::initializer_list<std::string_view> keys) {
    for (const auto& [key, value] : table) {
      if (std::find(keys.begin(), keys.end(), key.str()) == keys.end()) {
        Complain(value, absl::StrCat("`", key.str(), "` is not a key that ", file_.filename().string(), " knows here"));
      }
    }
  }

  void Complain(const toml::node& node, std::string_view what) { Complain(node.source(), what); }
  void Complain(const toml::source_region& where, std::string_view what) {
    if (!status_.ok()) return;
    status_ = absl::InvalidArgumentError(
        absl::StrCat(file_.string(), ":", static_cast<std::int64_t>(where.begin.line), ": ", what));
  }

  const absl::Status& status() const { return status_; }

 private:
  const std::filesystem::path file_;
  absl::Status status_;
};

// Reads `file` with `read`. Returns the file's first error, if any: InvalidArgument with file and line, or NotFound.
inline absl::Status ReadToml(const Project& project, const std::filesystem::path& file,
                             const std::function<void(const toml::table&, TomlReader&)>& read) {
  absl::StatusOr<std::string> text = ReadFile(file);
  if (!text.ok()) return text.status();
  TomlReader reader(std::filesystem::relative(file, project.root));
  try {
    read(toml::parse(*text, file.string()), reader);
  } catch (const toml::parse_error& error) {
    reader.Complain(error.source(), error.description());
  }
  return reader.status();
}

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_TOML_READER_H_
