// Following cursors while others write: what was there throughout comes once, and nothing twice.
#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "base/encoding.h"
#include "base/text.h"
#include "gateway/test_draw.h"
#include "gateway/test_world.h"

namespace patchbay::gateway {
namespace {

// A list that others write to, and how.
struct Busy {
  std::string tool;
  std::string path;
  std::string to_create;   // a body
  std::string text_field;  // that updates change
  std::vector<std::string> orders;
};

const std::vector<Busy> kBusy = {
    {"list_all_connect_wise_psa_tickets",
     "/service/tickets",
     R"({"summary":"@ while paging","company":{"id":250},"board":{"id":1}})",
     "summary",
     {"id desc", "id asc", "summary", "summary desc", "dateEntered desc", "lastUpdated desc",
      "priority/name", "closedFlag, summary desc", "owner/identifier desc", "company/name, id desc",
      "requiredDate", "closedDate desc"}},
    {"list_all_connect_wise_psa_contacts",
     "/company/contacts",
     R"({"firstName":"@","lastName":"Paging","company":{"id":250}})",
     "lastName",
     {"id desc", "id asc", "lastName, firstName", "firstName desc", "company/name", "title desc"}},
};

// Writes past the gateway, on a loop of its own, until told to stop.
class Others {
 public:
  Others(World& world, const Busy& busy, std::set<std::int64_t> initial, Draw& random)
      : world_(world),
        busy_(busy),
        random_("others", random.bits()),
        left_(initial.begin(), initial.end()),
        thread_([this] { run(); }) {}
  ~Others() { stop(); }
  Others(const Others&) = delete;
  Others& operator=(const Others&) = delete;

  void stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
  }

  // After stop.
  int created = 0;
  std::set<std::int64_t> updated;
  std::set<std::int64_t> deleted;  // or tried to
  int gone = 0;

 private:
  void run() {
    http::Client client(world_.runtime, {});
    while (!stopping_) {
      const auto what = random_.below(10);
      if (what < 5) {
        auto body = busy_.to_create;
        body.replace(body.find('@'), 1, std::string(1, static_cast<char>('A' + random_.below(26))));
        created += send(client, http::Method::post, busy_.path, body) == 201;
      } else if (!left_.empty()) {
        const auto at = random_.below(left_.size());
        const auto id = left_[at];
        const auto path = busy_.path + '/' + std::to_string(id);
        if (what < 8) {
          updated.insert(id);
          send(client, http::Method::patch, path,
               R"([{"op":"replace","path":")" + busy_.text_field + R"(","value":"Changed )" +
                   std::to_string(random_.below(1000)) + "\"}]");
        } else {
          left_[at] = left_.back();
          left_.pop_back();
          deleted.insert(id);
          gone += send(client, http::Method::delete_, path, "") < 300;
        }
      }
    }
  }

  int send(http::Client& client, http::Method method, const std::string& path,
           const std::string& body) {
    http::ClientRequest request;
    request.origin = {false, "127.0.0.1", world_.psa.port()};
    request.method = method;
    request.target = "/v4_6_release/apis/3.0" + path;
    request.body = body;
    request.allow_loopback = true;
    request.headers.add("Authorization",
                        "Basic " + to_base64("patchbay+demo-public-key:demo-private-key"));
    request.headers.add("clientId", "00000000-0000-4000-8000-00000000d3a0");
    request.headers.add("Content-Type", "application/json");
    int status = 0;
    world_.runtime.run(world_.runtime.loop(1), [&]() -> io::Task<> {
      const auto answer = co_await client.send(request);
      status = answer ? answer->status : 0;
    });
    return status;
  }

  World& world_;
  const Busy& busy_;
  Draw random_;
  std::vector<std::int64_t> left_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace

TEST_CASE("cursors give each record once while others create, change and delete") {
  World world;
  int created = 0;
  std::size_t updated = 0;
  std::size_t deleted = 0;
  const auto enough = [&] {
    return std::min({static_cast<std::size_t>(created), updated, deleted}) > 10;
  };
  // On a busy machine the others get less done in a round.
  for (std::uint64_t round = 0; round < 6 * property_rounds() || (!enough() && round < 200);
       ++round) {
    const auto& busy = kBusy[round % 3 == 2 ? 1 : 0];
    Draw random(busy.tool, round);
    const auto order = random.pick(busy.orders);
    const auto limit = 20 + random.below(300);
    const auto seed = property_seed();
    CAPTURE(seed);
    CAPTURE(round);
    CAPTURE(order);
    CAPTURE(limit);
    world.harness.context.max_result_bytes = random.chance(30) ? 6000 : 100'000;
    const auto ids = world.direct_ids(busy.path);
    const std::set<std::int64_t> initial(ids.begin(), ids.end());
    Others others(world, busy, initial, random);
    const auto seen = world.follow(
        busy.tool, json::to_string(json::Object{{"orderBy", order},
                                                {"limit", static_cast<std::int64_t>(limit)},
                                                {"fields", json::Array{"id"}}}));
    others.stop();
    created += others.created;
    updated += others.updated.size();
    deleted += static_cast<std::size_t>(others.gone);

    // Who changes what a list is ordered by has a new place in it, before or beyond where it is
    // read.
    const bool moves = order.contains(busy.text_field) || order.contains("lastUpdated");
    std::map<std::int64_t, int> times;
    for (const auto id : seen) ++times[id];
    std::vector<std::int64_t> twice;
    std::vector<std::int64_t> missed;
    for (const auto& [id, count] : times) {
      if (count > 1 && !(moves && others.updated.contains(id))) twice.push_back(id);
    }
    for (const auto id : initial) {
      const bool throughout =
          !others.deleted.contains(id) && !(moves && others.updated.contains(id));
      if (throughout && !times.contains(id)) missed.push_back(id);
    }
    CHECK(twice == std::vector<std::int64_t>());
    CHECK(missed == std::vector<std::int64_t>());
  }
  MESSAGE("meanwhile " << created << " created, " << updated << " changed, " << deleted
                       << " deleted");
  CHECK(enough());
}

}  // namespace patchbay::gateway
