#include "io/runtime.h"

#include <atomic>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include <doctest/doctest.h>

#include "io/cancel.h"
#include "io/event.h"

namespace patchbay::io {

namespace {

using std::chrono::milliseconds;

milliseconds since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
}

struct Started {
  explicit Started(RuntimeOptions options = {.loops = 1}) : runtime(options) { runtime.start(); }
  void run(std::function<Task<>()> work) { runtime.run(runtime.loop(0), std::move(work)); }
  Runtime runtime;
};

}  // namespace

TEST_CASE("work runs on the thread of its loop") {
  Started started({.loops = 3});
  CHECK(Loop::if_current() == nullptr);
  std::vector<std::thread::id> threads;
  for (std::size_t i = 0; i < 3; ++i) {
    started.runtime.run(started.runtime.loop(i), [&]() -> Task<> {
      CHECK(Loop::current().index() == i);
      threads.push_back(std::this_thread::get_id());
      co_return;
    });
  }
  CHECK(threads[0] != threads[1]);
  CHECK(threads[1] != threads[2]);
  CHECK(threads[0] != std::this_thread::get_id());
}

TEST_CASE("run hands exceptions to its caller") {
  Started started;
  CHECK_THROWS_WITH_AS(started.run([]() -> Task<> {
    co_await sleep(milliseconds(1));
    throw std::runtime_error("no");
  }),
                       "no", std::runtime_error);
}

TEST_CASE("blocking work runs elsewhere and its result comes back to the loop") {
  Started started;
  started.run([&]() -> Task<> {
    auto loop_thread = std::this_thread::get_id();
    auto worker = co_await started.runtime.run_blocking([] { return std::this_thread::get_id(); });
    CHECK(worker != loop_thread);
    CHECK(std::this_thread::get_id() == loop_thread);
    CHECK(Loop::current().index() == 0);

    auto only_moved = std::make_unique<int>(7);
    auto back = co_await started.runtime.run_blocking(
        [only_moved = std::move(only_moved)]() mutable { return std::move(only_moved); });
    CHECK(*back == 7);
    bool ran = false;
    co_await started.runtime.run_blocking([&ran] { ran = true; });
    CHECK(ran);
  });
}

TEST_CASE("an exception in blocking work is thrown where it is awaited") {
  Started started;
  CHECK_THROWS_AS(started.run([&]() -> Task<> {
    co_await started.runtime.run_blocking([]() -> int { throw std::out_of_range("x"); });
  }),
                  std::out_of_range);
}

TEST_CASE("the loop turns while blocking work runs") {
  Started started;
  std::atomic<int> turns = 0;
  started.runtime.spawn(started.runtime.loop(0), [&]() -> Task<> {
    for (int i = 0; i < 5; ++i) {
      co_await sleep(milliseconds(5));
      ++turns;
    }
  });
  started.run([&]() -> Task<> {
    co_await started.runtime.run_blocking([] { std::this_thread::sleep_for(milliseconds(100)); });
    CHECK(turns == 5);
  });
}

TEST_CASE("stopping waits for work within the grace, and for blocking jobs always") {
  Started started;
  std::atomic<bool> finished = false;
  std::atomic<bool> job_done = false;
  started.runtime.spawn(started.runtime.loop(0), [&]() -> Task<> {
    co_await sleep(milliseconds(50));
    finished = true;
  });
  started.runtime.spawn(started.runtime.loop(0), [&]() -> Task<> {
    co_await started.runtime.run_blocking([&] {
      std::this_thread::sleep_for(milliseconds(100));
      job_done = true;
    });
  });
  SUBCASE("with grace") {
    auto begin = std::chrono::steady_clock::now();
    started.runtime.stop(milliseconds(5000));
    CHECK(finished);
    CHECK(since(begin) < milliseconds(2000));
  }
  SUBCASE("without") {
    std::this_thread::sleep_for(milliseconds(10));
    started.runtime.stop();
    CHECK_FALSE(finished);
  }
  CHECK(job_done);
  CHECK_FALSE(started.runtime.running());
  started.runtime.stop();
}

TEST_CASE("coroutines that wait when the runtime goes are destroyed") {
  auto alive = std::make_shared<int>();
  std::weak_ptr<int> watched = alive;
  {
    Started started;
    auto event = std::make_shared<Event>();
    started.runtime.spawn(started.runtime.loop(0), [alive, event]() -> Task<> {
      auto mine = alive;  // NOLINT(performance-unnecessary-copy-initialization): held by the frame
      co_await event->wait();
    });
    started.runtime.spawn(started.runtime.loop(0), [alive]() -> Task<> {
      auto mine = alive;  // NOLINT(performance-unnecessary-copy-initialization): held by the frame
      Deadline deadline(Loop::current(), [] {});
      deadline.expires_after(std::chrono::hours(1));
      co_await sleep(std::chrono::hours(1));
    });
    alive.reset();
    started.run([]() -> Task<> { co_return; });
    CHECK_FALSE(watched.expired());
  }
  CHECK(watched.expired());
}

namespace {

// A room that coroutines refer to until their end.
struct Room {
  std::atomic<int> inside = 0;  // of several loops
};
struct Visitor {
  explicit Visitor(Room& visited) : room(visited) { ++room.inside; }
  ~Visitor() { --room.inside; }
  Visitor(const Visitor&) = delete;
  Visitor& operator=(const Visitor&) = delete;
  Room& room;
};

}  // namespace

TEST_CASE("whatever a coroutine waits for, it is gone when the runtime has stopped") {
  Started started({.loops = 2});
  Room room;
  Runtime& runtime = started.runtime;
  auto never = std::make_shared<Event>();
  const auto wait = [&room, never]() -> Task<> {
    const Visitor here(room);
    co_await never->wait();
  };
  SUBCASE("an event") {
    runtime.spawn(runtime.loop(1), wait);
  }
  SUBCASE("a timer") {
    runtime.spawn(runtime.loop(0), [&room]() -> Task<> {
      const Visitor here(room);
      co_await sleep(std::chrono::hours(1));
    });
  }
  SUBCASE("a job that waits for a loop") {
    runtime.spawn(runtime.loop(0), [&]() -> Task<> {
      const Visitor here(room);
      co_await runtime.run_blocking([&] { runtime.run(runtime.loop(1), wait); });
    });
  }
  SUBCASE("a job that has not begun") {
    for (int i = 0; i < 20; ++i) {
      runtime.spawn(runtime.loop(i % 2), [&]() -> Task<> {
        const Visitor here(room);
        co_await runtime.run_blocking([&] { runtime.run(runtime.loop(1), wait); });
      });
    }
  }
  std::this_thread::sleep_for(milliseconds(50));
  runtime.stop();
  CHECK(room.inside == 0);
  // Too late for anything.
  bool posted = false;
  post(runtime.loop(0), [&] { posted = true; });
  CHECK_FALSE(runtime.run(runtime.loop(0), wait));
  CHECK_FALSE(posted);
}

TEST_CASE("a job that waits for a loop is told that it ended") {
  Started started({.loops = 2});
  Runtime& runtime = started.runtime;
  std::optional<bool> ran;
  Event never;
  runtime.spawn(runtime.loop(0), [&]() -> Task<> {
    co_await runtime.run_blocking(
        [&] { ran = runtime.run(runtime.loop(1), [&]() -> Task<> { co_await never.wait(); }); });
  });
  std::this_thread::sleep_for(milliseconds(50));
  runtime.stop();
  CHECK(ran == false);
}

TEST_CASE("an event resumes all that wait, and nobody waits afterwards") {
  Started started;
  std::atomic<int> resumed = 0;
  Event event;
  for (int i = 0; i < 3; ++i) {
    started.runtime.spawn(started.runtime.loop(0), [&]() -> Task<> {
      co_await event.wait();
      ++resumed;
    });
  }
  started.run([&]() -> Task<> {
    co_await sleep(milliseconds(10));
    CHECK(resumed == 0);
    CHECK_FALSE(event.is_set());
    event.set();
    co_await sleep(milliseconds(10));
    CHECK(resumed == 3);
    co_await event.wait();
    CHECK(event.is_set());
  });
}

TEST_CASE("deadlines fire once, not before their time, and within 200 ms after it") {
  Started started;
  started.run([&]() -> Task<> {
    auto begin = std::chrono::steady_clock::now();
    int fired = 0;
    milliseconds at{0};
    Deadline deadline(Loop::current(), [&] {
      ++fired;
      at = since(begin);
    });
    deadline.expires_after(milliseconds(150));
    CHECK(deadline.armed());
    co_await sleep(milliseconds(500));
    CHECK(fired == 1);
    CHECK_FALSE(deadline.armed());
    CHECK(at >= milliseconds(150));
    CHECK(at <= milliseconds(400));  // generous: the machine may be busy
  });
}

TEST_CASE("deadlines can be moved, cleared and destroyed, also by one another") {
  Started started;
  started.run([&]() -> Task<> {
    Loop& loop = Loop::current();
    int moved = 0;
    int cleared = 0;
    int destroyed = 0;
    std::optional<Deadline> victim;
    std::optional<Deadline> itself;
    Deadline late(loop, [&] { ++moved; });
    Deadline never(loop, [&] { ++cleared; });
    Deadline killer(loop, [&] { victim.reset(); });
    victim.emplace(loop, [&] { ++destroyed; });
    itself.emplace(loop, [&] { itself.reset(); });
    late.expires_after(milliseconds(1));
    late.expires_after(milliseconds(250));
    never.expires_after(milliseconds(1));
    never.clear();
    killer.expires_after(milliseconds(1));
    victim->expires_after(milliseconds(1));
    itself->expires_after(milliseconds(1));
    co_await sleep(milliseconds(220));
    CHECK(moved == 0);
    CHECK_FALSE(victim.has_value());
    CHECK_FALSE(itself.has_value());
    co_await sleep(milliseconds(300));
    CHECK(moved == 1);
    CHECK(cleared == 0);
    CHECK(destroyed == 0);
  });
}

TEST_CASE("a deadline whose callback has no memory is due again, if it is still there") {
  Started started;
  started.run([&]() -> Task<> {
    Loop& loop = Loop::current();
    int hungry = 0;
    int gone = 0;
    int other = 0;
    std::optional<Deadline> victim;
    Deadline again(loop, [&] {
      if (++hungry < 3) throw std::bad_alloc();
    });
    Deadline next(loop, [&] { ++other; });
    victim.emplace(loop, [&] {
      ++gone;
      victim.reset();
      throw std::bad_alloc();
    });
    victim->expires_after(milliseconds(1));
    again.expires_after(milliseconds(1));
    next.expires_after(milliseconds(1));
    for (int i = 0; i < 100 && hungry < 3; ++i) co_await sleep(milliseconds(20));
    co_await sleep(milliseconds(250));
    CHECK(hungry == 3);
    CHECK(gone == 1);
    CHECK(other == 1);
  });
}

TEST_CASE("cancelling runs what is registered, once, and later registrations at once") {
  CancelSource source;
  CancelToken token = source.token();
  std::string order;
  auto first = token.on_cancel([&] { order += "1"; });
  auto second = token.on_cancel([&] { order += "2"; });
  {
    auto dropped = token.on_cancel([&] { order += "x"; });
  }
  auto moved = std::move(first);
  CHECK_FALSE(token.cancelled());
  source.cancel();
  source.cancel();
  CHECK(token.cancelled());
  CHECK(order == "12");
  auto late = token.on_cancel([&] { order += "3"; });
  CHECK(order == "123");
}

TEST_CASE("a callback may drop other registrations, and tokens outlive their source") {
  auto source = std::make_optional<CancelSource>();
  CancelToken token = source->token();
  int ran = 0;
  CancelToken::Registration other;
  auto first = token.on_cancel([&] {
    ++ran;
    other = {};
    source.reset();
  });
  other = token.on_cancel([&] { ++ran; });
  source->cancel();
  CHECK(ran == 1);
  CHECK(token.cancelled());

  CancelToken never;
  CHECK_FALSE(never.cancelled());
  auto nothing = never.on_cancel([&] { ++ran; });
  CHECK(ran == 1);
}

}  // namespace patchbay::io
