#include "sanitizers/racelab/record.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;

constexpr int kVersion = 1;

absl::Status CannotWrite(const fs::path& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat(path.string(), " cannot be written"));
}

// Held while the record is being changed; also released when the process ends.
class RecordLock {
 public:
  explicit RecordLock(const fs::path& record) {
    file_ = open((record.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    while (file_ >= 0 && flock(file_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  ~RecordLock() {
    if (file_ >= 0) close(file_);
  }
  RecordLock(const RecordLock&) = delete;
  RecordLock& operator=(const RecordLock&) = delete;

  bool is_held() const { return file_ >= 0; }

 private:
  int file_;
};

// What was done under the former name counts, too.
void Merge(const LabRecord& from, LabRecord& to) {
  const auto earlier = [](const std::string& a, const std::string& b) {
    return a.empty() ? b : b.empty() ? a : std::min(a, b);
  };
  to.started = earlier(from.started, to.started);
  to.solved = earlier(from.solved, to.solved);
  to.checks += from.checks;
  to.hints = std::max(from.hints, to.hints);
  to.gave_up |= from.gave_up;
}

// The account's name, which a class's table shows unless the participant chooses another.
std::string AccountName() {
  const passwd* account = getpwuid(geteuid());
  return account == nullptr ? "" : account->pw_name;
}

// Moves a damaged file out of the way of the new one, to the first free name.
absl::Status SetAside(const fs::path& path) {
  for (int i = 1;; ++i) {
    const fs::path aside = absl::StrCat(path.string(), ".damaged.", i);
    if (fs::exists(aside)) continue;
    if (rename(path.c_str(), aside.c_str()) != 0) return CannotWrite(aside);
    std::fprintf(stderr, "racelab: %s was damaged; it is kept as %s, and a new one begun\n", path.c_str(),
                 aside.c_str());
    return absl::OkStatus();
  }
}

}  // namespace

nlohmann::ordered_json ToJson(const Record& record) {
  nlohmann::ordered_json labs = nlohmann::ordered_json::object();
  for (const auto& [name, lab] : record.labs) {
    labs[name] = nlohmann::ordered_json{{"started", lab.started},
                                        {"solved", lab.solved},
                                        {"checks", lab.checks},
                                        {"hints", lab.hints},
                                        {"gave_up", lab.gave_up}};
  }
  nlohmann::ordered_json json = {
      {"version", kVersion}, {"participant", record.participant}, {"current", record.current}, {"labs", labs}};
  if (!record.rounds.empty()) json["rounds"] = record.rounds;
  return json;
}

absl::StatusOr<Record> ParseRecord(std::string_view text) {
  try {
    const auto json = nlohmann::ordered_json::parse(text);
    if (json.at("version").get<int>() > kVersion)
      return absl::FailedPreconditionError("it is from a newer version of racelab; update this one");
    Record record;
    record.participant = json.value("participant", "");
    record.current = json.value("current", "");
    for (const auto& [name, lab] : json.at("labs").items()) {
      record.labs[name] = {.started = lab.value("started", ""),
                           .solved = lab.value("solved", ""),
                           .checks = std::max(0, lab.value("checks", 0)),
                           .hints = std::max(0, lab.value("hints", 0)),
                           .gave_up = lab.value("gave_up", false)};
    }
    if (const auto rounds = json.find("rounds"); rounds != json.end() && rounds->is_array()) record.rounds = *rounds;
    return record;
  } catch (const nlohmann::ordered_json::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("it is no record of racelab's: ", error.what()));
  }
}

fs::path RecordFile(const Project& project) { return project.Workspace() / ".progress.json"; }

absl::StatusOr<Record> LoadRecord(const Project& project) {
  const fs::path path = RecordFile(project);
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    Record empty;
    empty.participant = AccountName();
    return empty;
  }
  // Reading a pipe would wait for ever.
  if (!fs::is_regular_file(path, ignored)) return absl::NotFoundError(absl::StrCat(path.string(), ": is no file"));
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return text.status();
  absl::StatusOr<Record> record = ParseRecord(*text);
  if (!record.ok())
    return absl::Status(record.status().code(), absl::StrCat(path.string(), ": ", record.status().message()));
  return record;
}

LabRecord RecordOf(const Record& record, const std::vector<std::string>& names) {
  LabRecord all;
  for (const std::string& name : names) {
    if (const auto found = record.labs.find(name); found != record.labs.end()) Merge(found->second, all);
  }
  return all;
}

absl::Status UpdateRecord(const Project& project, const std::vector<std::string>& names,
                          const std::function<void(LabRecord&)>& change) {
  return UpdateWholeRecord(project, [&](Record& record) {
    LabRecord lab = RecordOf(record, names);
    for (const std::string& name : names) record.labs.erase(name);
    change(lab);
    record.labs[names.front()] = lab;
    record.current = names.front();
  });
}

absl::Status UpdateWholeRecord(const Project& project, const std::function<void(Record&)>& change) {
  const fs::path path = RecordFile(project);
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  const RecordLock lock(path);
  if (!lock.is_held()) return CannotWrite(path);
  absl::StatusOr<Record> record = LoadRecord(project);
  if (absl::IsInvalidArgument(record.status())) {
    if (absl::Status kept = SetAside(path); !kept.ok()) return kept;
    record = LoadRecord(project);
  }
  if (!record.ok()) return record.status();
  change(*record);
  return ReplaceFile(path, ToJson(*record).dump(2) + "\n");
}

std::string Now() { return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::Now(), absl::UTCTimeZone()); }

absl::Status ReplaceFile(const fs::path& path, std::string_view text) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  std::string name = absl::StrCat(path.string(), ".XXXXXX");
  // An unnamed file leaves nothing behind if this process is killed, but not every file system supports them.
  int file = open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0644);
  bool has_name = file < 0;
  if (has_name) file = mkostemp(name.data(), O_CLOEXEC);
  if (file < 0) return CannotWrite(path);
  absl::Cleanup remove_unfinished = [&] {
    if (has_name) unlink(name.c_str());
  };
  absl::Cleanup close_file = [file] { close(file); };
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return CannotWrite(path);
    text.remove_prefix(static_cast<size_t>(written));
  }
  // Without fsync, a crash of the machine could leave the new name with no content.
  if (fchmod(file, 0644) != 0 || fsync(file) != 0) return CannotWrite(path);
  if (!has_name) {
    const std::string unnamed = absl::StrCat("/proc/self/fd/", file);
    if (linkat(AT_FDCWD, unnamed.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) == 0) return absl::OkStatus();
    static std::atomic<int> count{0};
    name = absl::StrCat(path.string(), ".", getpid(), ".", ++count);
    if (linkat(AT_FDCWD, unnamed.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0) return CannotWrite(path);
    has_name = true;
  }
  if (rename(name.c_str(), path.c_str()) != 0) return CannotWrite(path);
  std::move(remove_unfinished).Cancel();
  return absl::OkStatus();
}

}  // namespace racelab
