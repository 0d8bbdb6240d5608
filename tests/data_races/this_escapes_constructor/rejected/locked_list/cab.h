#ifndef RACELAB_CAB_H_
#define RACELAB_CAB_H_

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <utility>

#include "labs/data_races/this_escapes_constructor/taxi_radio.h"

// The cabs of a town. A cab on shift hears of each customer over the taxi radio, and takes everybody, but never one of
// its debtors, who have not paid before.
//
//   std::unique_ptr<Cab> cab = StartShift(radio, [&] { return office.FetchDebtors(); });
//   ...
//   cab.reset();  // The shift is over.
//
// A lock guards the list of debtors.
class Cab : public Listener {
 public:
  // Registers the cab, so that no kind of cab can forget it.
  explicit Cab(TaxiRadio& radio) : radio_(radio) { radio_.Register(*this); }
  Cab(const Cab&) = delete;
  Cab& operator=(const Cab&) = delete;

  bool Takes(int /*customer*/) override { return true; }

 protected:
  void Leave() { radio_.Unregister(*this); }

 private:
  TaxiRadio& radio_;
};

// Fetches the list of debtors.
using FetchDebtors = std::function<std::set<int>()>;

// A cab that has had bad experiences.
class WaryCab final : public Cab {
 public:
  WaryCab(TaxiRadio& radio, const FetchDebtors& debtors) : Cab(radio) {
    std::set<int> fetched = debtors();
    std::lock_guard lock(mutex_);
    debtors_ = std::move(fetched);
  }
  ~WaryCab() override { Leave(); }  // First of all, while the cab is still whole.

  bool Takes(int customer) override {
    std::lock_guard lock(mutex_);
    return !debtors_.contains(customer);
  }

 private:
  std::mutex mutex_;
  std::set<int> debtors_;
};

// Begins a shift, which lasts until the cab is destroyed. First calls `debtors`, once, which asks the office for the
// list; that takes a while, and must not throw. Other cabs get their customers meanwhile.
inline std::unique_ptr<Cab> StartShift(TaxiRadio& radio, const FetchDebtors& debtors) {
  return std::make_unique<WaryCab>(radio, debtors);
}

#endif  // RACELAB_CAB_H_
