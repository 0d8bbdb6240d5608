#ifndef RACELAB_LABS_DATA_RACES_LAZY_INIT_LOGBOOK_H_
#define RACELAB_LABS_DATA_RACES_LAZY_INIT_LOGBOOK_H_

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

// What happened on a crossing, line by line. Safe to use from any number of threads at once.
class Logbook {
 public:
  explicit Logbook(int crossing) : crossing_(crossing) {}

  int Crossing() const { return crossing_; }

  // Enters a line.
  void Write(const std::string& line) {
    std::string entry = std::to_string(crossing_) + ": " + line;
    std::lock_guard lock(mutex_);
    entries_.push_back(std::move(entry));
  }

  // The entries, in order.
  std::vector<std::string> Entries() const {
    std::lock_guard lock(mutex_);
    return entries_;
  }

 private:
  const int crossing_;
  mutable std::mutex mutex_;
  std::vector<std::string> entries_;
};

// The company's archive, which keeps every logbook for as long as the archive itself lives. Safe to use from any number
// of threads at once.
class Archive {
 public:
  // `register_logbook` tells the harbour office of a new logbook, and waits for the answer. It is called for each, may
  // be called by several threads at once, and does not throw.
  explicit Archive(std::function<void(int crossing)> register_logbook)
      : register_logbook_(std::move(register_logbook)) {}

  // Opens a new logbook for a crossing.
  Logbook& Open(int crossing) {
    register_logbook_(crossing);
    std::lock_guard lock(mutex_);
    return logbooks_.emplace_back(crossing);
  }

  // The logbooks of a crossing, in the order in which they were opened.
  std::vector<const Logbook*> Of(int crossing) const {
    std::lock_guard lock(mutex_);
    std::vector<const Logbook*> found;
    for (const Logbook& logbook : logbooks_) {
      if (logbook.Crossing() == crossing) found.push_back(&logbook);
    }
    return found;
  }

 private:
  const std::function<void(int)> register_logbook_;
  mutable std::mutex mutex_;
  std::deque<Logbook> logbooks_;  // A deque does not move what it holds.
};

#endif  // RACELAB_LABS_DATA_RACES_LAZY_INIT_LOGBOOK_H_
