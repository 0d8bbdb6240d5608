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
// No constructor registers a cab. StartShift() makes the whole cab first, and then registers it; the lock of the radio
// makes everything that the constructors have done happen before the first customer. Cabs are made nowhere else, so
// nobody can forget it. The price: the rule that nobody else makes cabs, and a step that is not in the constructor.
class Cab : public Listener {
 public:
  explicit Cab(TaxiRadio& radio) : radio_(radio) {}
  Cab(const Cab&) = delete;
  Cab& operator=(const Cab&) = delete;

  bool Takes(int /*customer*/) override { return true; }

  // Only for a cab that is complete.
  void Join() { radio_.Register(*this); }

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
  WaryCab(TaxiRadio& radio, const FetchDebtors& debtors) : Cab(radio), debtors_(debtors()) {}
  ~WaryCab() override { Leave(); }  // First of all, while the cab is still whole.

  bool Takes(int customer) override { return !debtors_.contains(customer); }

 private:
  const std::set<int> debtors_;
};

// Begins a shift, which lasts until the cab is destroyed. First calls `debtors`, once, which asks the office for the
// list; that takes a while, and must not throw. Other cabs get their customers meanwhile.
inline std::unique_ptr<Cab> StartShift(TaxiRadio& radio, const FetchDebtors& debtors) {
  auto cab = std::make_unique<WaryCab>(radio, debtors);
  cab->Join();
  return cab;
}

#endif  // RACELAB_CAB_H_
