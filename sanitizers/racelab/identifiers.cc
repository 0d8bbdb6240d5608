#include "sanitizers/racelab/identifiers.h"

#include "absl/strings/str_cat.h"
#include "sanitizers/racelab/toml_reader.h"

namespace racelab {

std::string NameOf(const Project& project, const std::string& id) {
  std::string title;
  const absl::Status read =
      ReadToml(project, project.Labs() / "identifiers.toml",
               [&](const toml::table& table, TomlReader&) { title = table[id]["title"].value_or(std::string()); });
  return !read.ok() || title.empty() ? id : absl::StrCat(id, ": ", title);
}

}  // namespace racelab
