// Every write tool before an upstream that answers in every way that one may: what is said of a
// write is what became of it, and the same key makes nothing twice.
#include <algorithm>
#include <optional>
#include <set>

#include "base/text.h"
#include "gateway/test_harness.h"
#include "gateway/test_journal.h"
#include "gateway/test_least_arguments.h"
#include "gateway/test_saboteur.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

constexpr std::string_view kBase = "/v4_6_release/apis/3.0";

// What the upstream does with a write, and what it says of it.
struct Way {
  const char* name;
  bool does_it;
  int status;  // 0: says nothing
  enum class Says : std::uint8_t {
    record,
    nothing,
    page,
    error,
    not_done,     // {"success": false}
    where_it_is,  // Location: the record
    try_there,    // Location: another address that takes the same
    at_another,   // Location: a record, and not the one that was written
    another,      // a record, and not the one that was written
    null_id,      // the code and the message of an error, and an id that is null
    message,      // a message, and no more
    no,           // false
    null,
    braces,     // {}
    as_it_was,  // of a delete: the record, which is still there
    half,       // breaks off within the record
    hang_up,    // closes the connection
  } says;
};

using Says = Way::Says;
constexpr Way kWays[] = {
    {"200", true, 200, Says::record},
    {"201", true, 201, Says::record},
    {"204", true, 204, Says::nothing},
    {"201 empty", true, 201, Says::nothing},
    {"302 to the record", true, 302, Says::where_it_is},
    {"303 to the record", true, 303, Says::where_it_is},
    {"302 elsewhere", true, 302, Says::page},
    {"302 to a sign-in page", false, 302, Says::page},
    {"303 elsewhere", true, 303, Says::page},
    {"307", false, 307, Says::try_there},
    {"308", false, 308, Says::try_there},
    {"400", false, 400, Says::error},
    {"401", false, 401, Says::error},
    {"403", false, 403, Says::error},
    {"404", false, 404, Says::error},
    {"409", false, 409, Says::error},
    {"429", false, 429, Says::error},
    {"500 before", false, 500, Says::error},
    {"500 after", true, 500, Says::error},
    {"502", false, 502, Says::page},
    {"502 after", true, 502, Says::page},
    {"503", false, 503, Says::page},
    {"a page before", false, 200, Says::page},
    {"a page after", true, 200, Says::page},
    {"an error object", false, 200, Says::error},
    {"a no within a success", false, 200, Says::not_done},
    {"an error object with a null id", false, 200, Says::null_id},
    {"a message alone", false, 200, Says::message},
    {"false", false, 200, Says::no},
    {"null before", false, 200, Says::null},
    {"null after", true, 200, Says::null},
    {"{} before", false, 200, Says::braces},
    {"{} after", true, 200, Says::braces},
    {"the record, which is still there", false, 200, Says::as_it_was},
    {"another record", false, 200, Says::another},
    {"302 to another record", false, 302, Says::at_another},
    {"303 to another record", false, 303, Says::at_another},
    {"408 before", false, 408, Says::error},
    {"408 after", true, 408, Says::nothing},
    {"499 after", true, 499, Says::nothing},
    {"empty before", false, 200, Says::nothing},
    {"empty after", true, 200, Says::nothing},
    {"breaks off", true, 200, Says::half},
    {"reset before", false, 0, Says::hang_up},
    {"reset after", true, 0, Says::hang_up},
};

std::string answer(int status, std::string_view body, const std::string& headers = "",
                   bool close = false) {
  return "HTTP/1.1 " + std::to_string(status) +
         " Said\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers +
         (close ? "Connection: close\r\n" : "") + "\r\n" + std::string(body);
}

bool ends_with_number(std::string_view path) {
  return !path.empty() && path.back() >= '0' && path.back() <= '9';
}

constexpr std::string_view kMade = "Made";

// The upstream's books. Used by the saboteur's threads and the test's, one call at a time.
class Books {
 public:
  explicit Books(const catalog::Tool& tool) : tool_(tool) {}

  std::string on(const Saboteur::Request& request) {
    if (request.verb == "GET" || !is_the_write(request)) return read(request);
    const bool tried_there = request.query.contains("there=1");
    if (!way || tried_there) {
      do_it(request);
      return tell({"well", true, 201, Says::record}, request);
    }
    const Way taken = *way;
    if (taken.does_it) do_it(request);
    return tell(taken, request);
  }

  std::optional<Way> way;  // nothing: it is well
  int made() const {
    // The same values set again, the same record gone again, the same child once more, are one
    // deed.
    using integration::MethodKind;
    const auto& method = *tool_.method;
    const bool counts = method.kind == MethodKind::create ||
                        (method.kind == MethodKind::custom && !method.annotations.idempotent);
    return counts ? deeds_ : deeds_ > 0 ? 1 : 0;
  }

 private:
  // A look at records by a body (search) is none.
  bool is_the_write(const Saboteur::Request& request) const {
    return request.verb != "POST" || !request.path.ends_with("/search");
  }
  void do_it(const Saboteur::Request& request) {
    ++deeds_;
    made_at_ = request.path;
    const auto body = json::parse(request.body);
    if (body && body->is_object()) made_name_ = body->string_or("name", kMade);
  }
  // What was made; of what changes a record, that record.
  std::string record(const std::string& path) const {
    const auto id = ends_with_number(path) ? path.substr(path.rfind('/') + 1) : made_id_;
    return R"({"id":)" + id + R"(,"name":)" + json::to_string(json::Value(made_name_)) + '}';
  }

  std::string read(const Saboteur::Request& request) const {
    using integration::MethodKind;
    if (request.path == "/elsewhere") return answer(200, "<html><title>Sign in</title></html>");
    if (request.path.ends_with("/count")) return answer(200, R"({"count":0})");
    if (ends_with_number(request.path)) {
      const auto id = request.path.substr(request.path.rfind('/') + 1);
      const bool is_gone = tool_.method->kind == integration::MethodKind::delete_ && deeds_ > 0 &&
                           request.path == made_at_;
      if (is_gone) return answer(404, R"({"code":"NotFound","message":"gone"})");
      return answer(200, R"({"id":)" + id + R"(,"name":"There"})");
    }
    if (request.path == made_at_) return answer(200, '[' + record("") + ']');
    return answer(200, is_own_list(request.path) && tool_.method->kind != MethodKind::custom
                           ? "[]"
                           : R"([{"id":5012,"name":"There","company":{"id":5012}},)"
                             R"({"id":5013,"name":"There too","company":{"id":5012}}])");
  }

  // Whether the path is the resource's own, whatever stands for its parents' ids.
  bool is_own_list(std::string_view path) const {
    const auto own = split(own_path_, '/');
    const auto asked = split(path, '/');
    return own.size() == asked.size() &&
           std::ranges::equal(own, asked, [](std::string_view wanted, std::string_view has) {
             return wanted.starts_with('{') || wanted == has;
           });
  }

  std::string tell(const Way& taken, const Saboteur::Request& request) const {
    const std::string html =
        "<!DOCTYPE html><html><head><title>Sign in - Corp</title></head></html>";
    const std::string location_of_record =
        "Location: " +
        (ends_with_number(request.path) ? request.path : request.path + '/' + made_id_) + "\r\n";
    switch (taken.says) {
      case Says::record:
        if (tool_.method->kind == integration::MethodKind::delete_) return answer(204, "");
        return answer(taken.status, record(request.path));
      case Says::nothing:
        return answer(taken.status, "");
      case Says::page:
        return answer(taken.status, html,
                      taken.status == 302 || taken.status == 303 ? "Location: /elsewhere\r\n" : "");
      case Says::error:
        return answer(taken.status,
                      R"({"code":"ServerError","message":"Something is not as it should be."})");
      case Says::not_done:
        return answer(taken.status, R"({"success":false,"message":"It is locked."})");
      case Says::where_it_is:
        return answer(taken.status, "", location_of_record);
      case Says::try_there:
        return answer(taken.status, "", "Location: " + request.path + "?there=1\r\n");
      case Says::at_another:
        return answer(taken.status, "",
                      "Location: " + std::string(kBase) + "/elsewhere/records/250\r\n");
      case Says::another:
        // Of what makes one, nobody knows that it is another.
        if (!ends_with_number(request.path)) return answer(500, "");
        return answer(taken.status, R"({"id":777,"name":"Another"})");
      case Says::null_id:
        return answer(taken.status, R"({"id":null,"code":"InvalidObject","message":"It is bad."})");
      case Says::message:
        return answer(taken.status, R"({"Message":"Authorization has been denied."})");
      case Says::no:
        return answer(taken.status, "false");
      case Says::null:
        return answer(taken.status, "null");
      case Says::braces:
        return answer(taken.status, "{}");
      case Says::as_it_was:
        if (tool_.method->kind != integration::MethodKind::delete_) return answer(500, "");
        return answer(taken.status, record(request.path));
      case Says::half:
        return "HTTP/1.1 200 Said\r\nContent-Length: 400\r\nConnection: close\r\n\r\n" +
               record("").substr(0, 12);
      case Says::hang_up:
        return "";
    }
    return "";
  }

  const catalog::Tool& tool_;
  const std::string own_path_ = std::string(kBase) + tool_.resource->path.text();
  // No two tries make the same: what one call was told is its own is no other's.
  static int next_id() {
    static int last = 9000;
    return ++last;
  }
  const std::string made_id_ = std::to_string(next_id());
  int deeds_ = 0;
  std::string made_at_ = "/nowhere";
  std::string made_name_{kMade};
};

bool is_write_with_a_body_or_path(const catalog::Tool& tool) {
  return tool.method->writes() && !tool.method->composite &&
         tool.method->encoding == integration::Encoding::json;
}

// One upstream for all tools: the books change, the port does not.
struct Stage {
  io::Runtime runtime{{.loops = 1}};
  Journals journals;
  std::unique_ptr<Books> books;
  Saboteur saboteur{[this](const Saboteur::Request& request) { return books->on(request); }};
  std::optional<Harness> harness;

  Stage() {
    runtime.start();
    GatewayOptions options;
    options.journal = journals.journal;
    harness.emplace(runtime, saboteur.port(), options);
  }
  ~Stage() { runtime.stop(); }
};

void check_honest(const Answered& outcome, int made, bool one_is_due) {
  if (!outcome.result.is_error) {
    CHECK_MESSAGE(made == 1, "said to be done, and was done ", made,
                  " times: ", outcome.result.text);
  } else if (outcome.was_applied() == "no") {
    CHECK_MESSAGE(made == 0, "said not to be done, and was done: ", outcome.result.text);
  } else {
    CHECK_MESSAGE(outcome.was_applied() == "unknown", outcome.result.text);
    CHECK_MESSAGE(!outcome.error().empty(), outcome.result.text);
  }
  if (one_is_due) CHECK_MESSAGE(made <= 1, "done ", made, " times");
}

}  // namespace

TEST_CASE(
    "every write in every way that an upstream may answer: what is said of it is what became of "
    "it") {
  Stage stage;
  int tools = 0;
  std::set<std::string> cannot_look;
  for (const auto& each : stage.harness->tools->tools()) {
    const auto& tool = *each;
    if (!is_write_with_a_body_or_path(tool)) continue;
    ++tools;
    const bool takes_key =
        std::ranges::find(tool.method->arguments, "idempotency_key",
                          &integration::Argument::name) != tool.method->arguments.end();
    for (const auto& way : kWays) {
      for (const bool keyed : {false, true}) {
        if (keyed && !takes_key) continue;
        CAPTURE(tool.name);
        CAPTURE(std::string(way.name));
        CAPTURE(keyed);
        auto arguments = least_arguments(tool);
        if (keyed) arguments.append("idempotency_key", tool.name + way.name);
        stage.books = std::make_unique<Books>(tool);
        stage.books->way = way;
        stage.harness->move_to("Europe/Berlin");  // a throttle without the last way's pause
        const auto first = stage.harness->call_value(tool.name, arguments);
        check_honest(first, stage.books->made(), true);
        if (!keyed) continue;
        // Well again, and no call is under way any more.
        stage.books->way.reset();
        stage.journals.clock.by += std::chrono::minutes(10);
        stage.harness->move_to("Europe/Berlin");
        const auto again = stage.harness->call_value(tool.name, arguments);
        check_honest(again, stage.books->made(), true);
        // A create is looked for, and told with what is there that may be it; else it is sent.
        // Where no list and no filter can tell, that is said.
        if (tool.method->kind != integration::MethodKind::create || !again.result.is_error)
          continue;
        const auto said = again.error();
        if (said.contains("No filter finds") || said.contains("No list shows")) {
          cannot_look.insert(tool.name);
        } else {
          CHECK_MESSAGE(stage.books->made() == 1, again.result.text);
        }
      }
    }
  }
  CHECK(tools > 100);
  for (const auto& name : cannot_look) MESSAGE("cannot be looked for: ", name);
  CHECK(cannot_look.size() <= 3);
}

}  // namespace patchbay::gateway
