// What a header declares, the program uses: a name that stands nowhere but in its own declaration and
// definition is left over, and the next reader takes it for something.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scan } from './declarations.mjs';
import { files, isHeader, isProgram, textOf } from './tree.mjs';

// Names that no code of ours spells out, or that tests need to look behind a door; one that is used by
// the program, or is gone, must go from here.
const kExceptions = {
  value_type: 'asked for by std::iterator_traits',
  difference_type: 'asked for by std::iterator_traits',
  routes: 'tests hold the API\'s document against the routes that there are',
  ManualClock: 'the clock that tests own',
  vocabularies: 'tests hold every word of the format against what its effect is seen by',
  is_set: 'tests ask an event without waiting for it',
  is_transparent: 'asked for by std::unordered_map',
};

const kKinds = ['function', 'type', 'constant', 'field'];

// Name → [{file, line, kind}] of what the headers declare; and the names that are used, where a
// function's own body does not count.
function survey(sources) {
  const declared = new Map();
  const used = new Set();
  for (const [file, text] of sources) {
    const found = scan(text);
    for (const { name, within } of found.used) if (name !== within) used.add(name);
    if (!isHeader(file)) continue;
    for (const { name, kind, line } of found.declared) {
      if (kKinds.includes(kind)) declared.set(name, [...declared.get(name) ?? [], { file, line, kind }]);
    }
  }
  return { declared, used };
}

const unused = ({ declared, used }) => [...declared].filter(([name]) => !used.has(name));

const house = survey(files.filter(isProgram).map((file) => [file, textOf(file)]));

test('every function, type, constant and field of a header is used outside of tests', () => {
  assert.ok(house.declared.size > 1000, `only ${house.declared.size} were found: the scanner has lost its way`);
  const left = unused(house).filter(([name]) => !(name in kExceptions)).flatMap(([name, places]) =>
    places.map(({ file, line, kind }) => `src/${file}:${line} ${kind} ${name}`));
  assert.deepEqual(left, []);
});

test('no exception is left over', () => {
  const needless = Object.keys(kExceptions).filter((name) => !house.declared.has(name) || house.used.has(name));
  assert.deepEqual(needless, []);
});

test('the check sees through what C++ looks like', () => {
  const header = `#pragma once
    #include "a/b.h"
    namespace a::b {
    // dead_comment() is not used by being told of.
    inline constexpr int kDead = 3;
    inline constexpr std::string_view kAlive = "kDead";
    class Dead;
    struct Alive final : public Base { int field = 0; void dead_member() const; bool alive_member() { return field > 0; } };
    template <class T> std::vector<std::map<T, int>> dead_template(const T& alive_function, std::function<void()> f = {});
    [[nodiscard]] Result<Alive> alive_function(int kDead);
    class Door : public Alive {
     public:
      Door(Alive alive) : alive_{alive} { kAlive.size(); }
      ~Door();
      using DeadAlias = int;
      int guarded_ A_GUARDED_BY(kAlive) = 0;
      void dead_locked() A_REQUIRES(guarded_);
      static constexpr std::size_t kDeadInside = 10'000;
     private:
      Alive alive_;
    };
    enum class DeadEnum : std::uint8_t { one, two };
    int dead_recursion(int depth);
    int overridden();
    }`;
  const source = `#include "a/b.h"
    namespace a::b { namespace {
    const char kText[] = R"(dead_member() Dead)";
    int local(Door& door) { return door.alive_member() ? 'x' : 1'000; }
    }
    void Alive::dead_member() const { local(); }
    Door::~Door() = default;
    int dead_recursion(int depth) { return dead_recursion(depth - 1); }
    const auto kTable = std::to_array({Row{"x", &overridden}});
    Result<Alive> alive_function(int number) { return Alive{.field = number}; }
    int main() { return alive_function(kTable.size(), Door()); }
    }`;
  const found = unused(survey([['a/b.h', header], ['a/b.cpp', source]])).map(([name]) => name).sort();
  assert.deepEqual(found, ['Dead', 'DeadAlias', 'DeadEnum', 'dead_locked', 'dead_member', 'dead_recursion',
    'dead_template', 'kDead', 'kDeadInside']);
});
