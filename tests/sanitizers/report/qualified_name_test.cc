#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "sanitizers/report/report.h"

namespace racelab {
namespace {

struct Spelling {
  std::string_view printed;
  std::string_view name;
};

// As clang 19, clang 14 and g++ 12 print them.
constexpr Spelling kSpellings[] = {
    {"main", "main"},
    {"HitCounter::Record()", "HitCounter::Record"},
    {"HitCounter::Total() const", "HitCounter::Total"},
    {"Plugin::~Plugin()", "Plugin::~Plugin"},
    {"Completion::Completion()", "Completion::Completion"},
    {"Bank::Transfer(Account&, Account&, long)", "Bank::Transfer"},
    {"OnSignal(int, siginfo_t*, void*)", "OnSignal"},
    // templates and return types
    {"app::Box<long>::Set(long)", "app::Box::Set"},
    {"double app::Box<long>::Get<double>(double) const", "app::Box::Get"},
    {"std::vector<int, std::allocator<int>>::push_back(int&&)", "std::vector::push_back"},
    {"int& std::vector<int, std::allocator<int> >::emplace_back<int>(int&&)", "std::vector::emplace_back"},
    {"void Twice<main::$_10>(main::$_10)", "Twice"},
    {"Twice<main()::<lambda()> >", "Twice"},
    {"void std::thread::_Invoker<std::tuple<void (*)()> >::_M_invoke<0ul>(std::_Index_tuple<0ul>)",
     "std::thread::_Invoker::_M_invoke"},
    {"decltype(auto) Pick<int>(int)", "Pick"},
    {"decltype (f(0)) Pick<int>(int)", "Pick"},
    // operators
    {"app::Box<long>::operator()(int)", "app::Box::operator()"},
    {"app::Box<long>::operator+(int)", "app::Box::operator+"},
    {"app::Box<long>::operator<(int) const", "app::Box::operator<"},
    {"app::Box<long>::operator->() const", "app::Box::operator->"},
    {"app::Box<long>::operator[](int)", "app::Box::operator[]"},
    {"app::Box<long>::operator bool() const", "app::Box::operator bool"},
    {"bool operator< <int>(Box<int> const&, int)", "operator<"},
    {"std::ostream& operator<< <char>(std::ostream&, char)", "operator<<"},
    {"operator new(unsigned long)", "operator new"},
    {"operator delete[](void*)", "operator delete[]"},
    {"operatorial::Work()", "operatorial::Work"},
    // lambdas
    {"main::$_0::operator()() const", "main"},
    {"app::Table::Open()::'lambda'(int)::operator()(int) const", "app::Table::Open"},
    {"app::Table::Open()::'lambda0'()::operator()() const", "app::Table::Open"},
    {"app::Table::Open()::{lambda(int)#1}::operator()(int) const", "app::Table::Open"},
    {"app::Table::Close() const::{lambda()#2}::operator()() const", "app::Table::Close"},
    {"auto Table::Each()::'lambda'(auto)::operator()<int>(auto) const", "Table::Each"},
    {"Table::Open()::{lambda()#1}::operator()() const::{lambda()#1}::operator()() const", "Table::Open"},
    {"Table::Open()::{lambda()#1}::_FUN()", "Table::Open"},
    {"Counts_Test::TestBody()::{lambda()#1}::operator()() const", "Counts_Test::TestBody"},
    // local classes, unnamed namespaces, ABI tags, clones
    {"Table::Open()::Guard::~Guard()", "Table::Open::Guard::~Guard"},
    {"(anonymous namespace)::Hidden::Bump()", "Hidden::Bump"},
    {"app::(anonymous namespace)::Hidden::Bump()", "app::Hidden::Bump"},
    {"app::{anonymous}::Hidden::Bump()", "app::Hidden::Bump"},
    {"app::Tagged[abi:v2](long&)", "app::Tagged"},
    {"Box<int>::At[abi:cxx11](int) const", "Box::At"},
    {"Pool::Close() [clone .part.0]", "Pool::Close"},
    {"Pool::Close() (.cold)", "Pool::Close"},
    {"virtual thunk to Codec::Step()", "Codec::Step"},
    // cannot be parsed: unchanged
    {"", ""},
    {"operator()", "operator()"},
    {"()", "()"},
};

TEST(QualifiedName, IsTheSameForEachCompilersSpelling) {
  for (const Spelling& spelling : kSpellings)
    EXPECT_EQ(QualifiedName(spelling.printed), spelling.name) << spelling.printed;
}

TEST(SiteName, OfANamelessLambdaIsThatOfItsFunction) {
  const Stack stack{
      StackRole::kAccess,
      "",
      {{"operator()", "/src/main.cc", 19, "a"},
       {"__invoke_impl<void, app::Tally(int)::<lambda()>&>", "/usr/include/c++/12/bits/invoke.h", 61, "a"}}};
  EXPECT_EQ(SiteName(stack, stack.frames[0]), "app::Tally");
}

TEST(SiteName, OfANamelessLambdaThatItsFunctionCallsIsThatOfItsFunction) {
  const Stack stack{
      StackRole::kAccess, "", {{"operator()", "/src/main.cc", 19, "a"}, {"main", "/src/main.cc", 25, "a"}}};
  EXPECT_EQ(SiteName(stack, stack.frames[0]), "main");
}

TEST(SiteName, OfANamelessLambdaStaysUnknownWithoutACaller) {
  const Stack stack{StackRole::kAccess, "", {{"operator()", "/src/main.cc", 19, "a"}}};
  EXPECT_EQ(SiteName(stack, stack.frames[0]), "operator()");
}

}  // namespace
}  // namespace racelab
