#ifndef RACELAB_CAB_H_
#define RACELAB_CAB_H_

#include <functional>
#include <memory>
#include <set>

#include "labs/data_races/this_escapes_constructor/taxi_radio.h"

// The cabs of a town. A cab on shift hears of each customer over the taxi radio, and takes everybody, but never one of
// its debtors, who have not paid before.
//
//   std::unique_ptr<Cab> cab = StartShift(radio, [&] { return office.FetchDebtors(); });
//   ...
//   cab.reset();  // The shift is over.
//
// The base class knows nothing of the radio. The class that is made, and from which nobody can derive, registers itself
// in the last line of its constructor, when all its members are there and the object is already of its own class. The
// price: each kind of cab has to do it itself, and in the right line.
class Cab : public Listener {
 public:
  Cab() = default;
  Cab(const Cab&) = delete;
  Cab& operator=(const Cab&) = delete;

  bool Takes(int /*customer*/) override { return true; }
};

// Fetches the list of debtors.
using FetchDebtors = std::function<std::set<int>()>;

// A cab that has had bad experiences.
class WaryCab final : public Cab {
 public:
  WaryCab(TaxiRadio& radio, const FetchDebtors& debtors) : radio_(radio), debtors_(debtors()) {
    radio_.Register(*this);  // Last: the cab is asked at once.
  }
  ~WaryCab() override { radio_.Unregister(*this); }

  bool Takes(int customer) override { return !debtors_.contains(customer); }

 private:
  TaxiRadio& radio_;
  const std::set<int> debtors_;
};

// Begins a shift, which lasts until the cab is destroyed. First calls `debtors`, once, which asks the office for the
// list; that takes a while, and must not throw. Other cabs get their customers meanwhile.
inline std::unique_ptr<Cab> StartShift(TaxiRadio& radio, const FetchDebtors& debtors) {
  return std::make_unique<WaryCab>(radio, debtors);
}

#endif  // RACELAB_CAB_H_
